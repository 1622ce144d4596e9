"""The files that hold the words: complete, in step with the letters, and without dead ends."""

from __future__ import annotations

import re

import attrs
import pytest
from jinja2 import Environment, meta

from ordercore.messaging import sources
from ordercore.messaging.filters import FILTERS
from ordercore.messaging.kinds import KINDS

SECTIONS = ("subject", "preview", "text", "html")
EVERYWHERE = {"shop_name", "shop_url", "language"}


def variables(source: str) -> set[str]:
    """Return what a template asks for."""
    environment = Environment(autoescape=True)
    environment.filters.update(FILTERS)
    return meta.find_undeclared_variables(environment.parse(source))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_section_uses_declared_fields_and_the_body_uses_all(kind: str, language: str) -> None:
    """No template asks for what a letter does not say, none forgets a field."""
    fields = {field.name for field in attrs.fields(KINDS[kind])}
    used = {name: sources.load(f"{language}/{kind}.{name}") for name in SECTIONS}
    for name, source in used.items():
        assert source is not None, name
        assert variables(source) <= fields | EVERYWHERE, name
    assert variables(str(used["text"])) >= fields
    assert variables(str(used["html"])) >= fields


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_tag_of_a_body_wears_a_style(kind: str, language: str) -> None:
    """Mail programs drop style sheets, so no tag counts on one."""
    html = str(sources.load(f"{language}/{kind}.html"))
    tags = re.findall(r"<(?:p|h1|h2|th|td|a|table)\b[^>]*>", html)
    assert tags
    assert [tag for tag in tags if ' style="' not in tag] == []


def test_what_is_not_written_is_none() -> None:
    """Neither a language, nor a kind, nor a section is made up."""
    assert sources.load("xx/reminder.text") is None
    assert sources.load("en/nothing.text") is None
    assert sources.load("en/reminder.sms") is None
    assert not sources.is_written("reminder", "xx")
