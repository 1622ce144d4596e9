"""Language tags and the order in which to fall back."""

from __future__ import annotations

import re

from ordercore.errors import InvalidValueError
from ordercore.values.text import excerpt

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")


def language_tag(value: object) -> str:
    """Return the canonical spelling of a language tag: `fr`, `fr-CA`, `zh-Hant-TW`.

    Of RFC 5646 §2.1 it takes language, script and region; variants and
    extensions, for which nobody writes templates, are refused.

    Raises:
        InvalidValueError: `language.syntax`.
    """
    found = _TAG.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise InvalidValueError("language.syntax", tag=excerpt(value))
    language, script, region = found.groups()
    parts = [language.lower()]
    if script:
        parts.append(script.capitalize())
    if region:
        parts.append(region.upper())
    return "-".join(parts)


def fallbacks(tag: str, default: str) -> list[str]:
    """Return the canonical tags to try in turn: `fr-CA`, `fr`, then the default's own."""
    chain = [*_shorter(tag), *_shorter(default)]
    return list(dict.fromkeys(chain))


def _shorter(tag: str) -> list[str]:
    parts = tag.split("-")
    return ["-".join(parts[:size]) for size in range(len(parts), 0, -1)]
