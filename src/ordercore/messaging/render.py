"""A letter put into words: subject, text and HTML in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs

from ordercore.errors import TemplateError
from ordercore.messaging import sources
from ordercore.messaging.formats import PLAIN, Formats
from ordercore.messaging.letter import Letter, LetterLine
from ordercore.messaging.links import is_link, is_proof_link, without_marker
from ordercore.values.language import fallbacks, language_tag
from ordercore.values.outgoing import SUBJECT_LIMIT, Outgoing, ShopProfile
from ordercore.values.text import masked

if TYPE_CHECKING:
    from jinja2 import Environment

_UNWELCOME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no value may bring along: controls, line ends, reversed writing, half characters."""
_LINK_LIKE = re.compile(r"[/@]|www\.|\w\.\w{2,}", re.IGNORECASE)


@attrs.frozen
class Rendered:
    """A letter in words. `language` is the one that it is written in."""

    subject: str = attrs.field(repr=masked)
    text: str = attrs.field(repr=masked)
    html: str = attrs.field(repr=masked)
    language: str


def render(
    letter: Letter,
    *,
    language: str,
    shop: ShopProfile,
    default_language: str = "en",
    formats: Formats = PLAIN,
) -> Rendered:
    """Put a letter into words.

    The language falls back from `fr-CA` to `fr`, then to the default, then to
    English. Values never become markup, more lines or a token. A customer whose
    name looks like a link is greeted without it: a sign-up form must not post
    strangers' advertising.

    Raises:
        TemplateError: `template.unknown` or `template.render`.
        InvalidValueError: `language.syntax`.
    """
    asked = language_tag(language)
    written = _written(letter.kind, asked, language_tag(default_language))
    spoken = asked if written in fallbacks(asked, asked) else written
    values = {**_values(letter), **_frame(shop), "language": spoken, "formats": formats}
    try:
        return _parts(letter, written, spoken, values)
    except Exception as error:  # noqa: BLE001  (a template may fail in any way)
        reason = _reason(error)
    raise TemplateError("template.render", kind=letter.kind, language=written, reason=reason)


def addressed(rendered: Rendered, *, id: UUID, to: str, shop: ShopProfile) -> Outgoing:
    """Return the message that a carrier gets.

    Args:
        rendered: The words.
        id: Stable through every attempt; the Message-ID is made of it.
        to: One bare e-mail address.
        shop: Who sends it, and where answers go.
    """
    automatic = ("Auto-Submitted", "auto-generated")
    reply = (("Reply-To", shop.reply_to),) if shop.reply_to else ()
    return Outgoing(
        id=id,
        sender_name=shop.sender_name or shop.name,
        sender_address=shop.sender_address,
        recipient=to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        language=rendered.language,
        headers=(automatic, *reply),
    )


def _written(kind: str, asked: str, default: str) -> str:
    for tag in [*fallbacks(asked, default), "en"]:
        if sources.is_written(kind, tag):
            return tag
    raise TemplateError("template.unknown", kind=kind)


def _parts(letter: Letter, written: str, spoken: str, values: Mapping[str, Any]) -> Rendered:
    from markupsafe import Markup

    def part(name: str, **more: object) -> str:
        return _environment().get_template(name).render(values, **more)

    own = f"{written}/{letter.kind}"
    frame = {
        "subject": _one_line(part(f"{own}.subject")),
        "preview": part(f"{own}.preview"),
        "footer": part(f"{written}/footer.{letter.audience}"),
    }
    text = part("shared/layout.text", **frame, body=part(f"{own}.text").strip("\n"))
    body = Markup(part(f"{own}.html"))  # noqa: S704  (rendered with escaping)
    html = part("shared/layout.html", **frame, body=body)
    return Rendered(frame["subject"], _spaced(text), html.strip("\n") + "\n", spoken)


@cache
def _environment() -> Environment:
    """Make the environment when the first letter is rendered: jinja2 costs an import."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

    from ordercore.messaging.filters import FILTERS

    made = Environment(
        loader=FunctionLoader(sources.load),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(FILTERS)
    return made


def _frame(shop: ShopProfile) -> dict[str, object]:
    return {"shop_name": _plain(shop.name), "shop_url": shop.base_url}


def _values(letter: Letter) -> dict[str, object]:
    links = (is_link, is_proof_link)
    values = {
        field.name: getattr(letter, field.name)
        if field.validator in links
        else _clean(getattr(letter, field.name))
        for field in attrs.fields(type(letter))
    }
    if letter.audience == "customer" and _LINK_LIKE.search(str(values.get("name", ""))):
        values["name"] = ""
    return values


def _plain(text: str) -> str:
    return without_marker(_UNWELCOME.sub(" ", text))


def _clean(value: object) -> object:
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, LetterLine):
        return attrs.evolve(value, title=_plain(value.title), sku=_plain(value.sku))
    if isinstance(value, tuple):
        return tuple(_clean(item) for item in value)
    return value


def _one_line(subject: str) -> str:
    line = " ".join(subject.split()).replace("=?", "= ?")
    return line if len(line) <= SUBJECT_LIMIT else line[: SUBJECT_LIMIT - 1] + "…"


def _spaced(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _reason(error: Exception) -> str:
    """Say what went wrong without the values, which are personal."""
    from jinja2 import TemplateSyntaxError, UndefinedError

    if isinstance(error, TemplateSyntaxError | UndefinedError):
        return str(error.message)[:200]
    return type(error).__name__
