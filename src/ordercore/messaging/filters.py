"""What a template may do with a value: write an amount, a day, or the lines of an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from ordercore.messaging.letter import LetterLine
from ordercore.values.money import Money


@pass_context
def money(context: Context, amount: Money) -> str:
    """Write an amount in the letter's language."""
    return str(context["formats"].money(amount, context["language"]))


@pass_context
def day(context: Context, on: date) -> str:
    """Write a day in the letter's language."""
    return str(context["formats"].day(on, context["language"]))


@pass_context
def table(context: Context, lines: Sequence[LetterLine], total: Money, label: str) -> str:
    """Write the lines of an order and, under them, their total with its label.

    A table in HTML and a line each in text, as the template asks that uses it.
    """
    wants_html = context.eval_ctx.autoescape
    name = "shared/lines.html" if wants_html else "shared/lines.text"
    source = context.environment.get_template(name)
    written = source.render({**context, "lines": lines, "total": total, "label": label})
    return Markup(written) if wants_html else written  # noqa: S704  (lines.html escapes)


FILTERS: Mapping[str, Callable[..., Any]] = {"money": money, "day": day, "table": table}
