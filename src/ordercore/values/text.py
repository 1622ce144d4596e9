"""Text that every store gives back as it was."""

from __future__ import annotations

import re

from ordercore.errors import InvalidValueError

LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What a single line may not hold: the controls (Unicode category Cc) and Unicode's line ends."""
LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""What text of several lines may not hold: every control but the line feed."""
SURROGATE = re.compile(r"[\ud800-\udfff]")


def check_text(
    value: object, *, field: str, limit: int, multiline: bool = False, empty: bool = True
) -> str:
    """Return `value` when any database keeps it unchanged.

    Nothing is trimmed or replaced: what cannot be kept is refused.

    Args:
        value: What the caller gave.
        field: The name that an error says.
        limit: The most characters (code points) kept.
        multiline: Whether a line feed is welcome; a carriage return never is.
        empty: Whether the empty string is welcome.

    Raises:
        InvalidValueError: `text.type`, `text.empty`, `text.too_long`,
            `text.control` or `text.surrogate`.
    """
    if type(value) is not str:
        if not isinstance(value, str):
            raise InvalidValueError("text.type", field=field, got=type(value).__name__)
        value = str.__str__(value)
    if not value and not empty:
        raise InvalidValueError("text.empty", field=field)
    if len(value) > limit:
        raise InvalidValueError("text.too_long", field=field, length=len(value), limit=limit)
    if value.isascii() and value.isprintable():
        return value
    if found := (LINES if multiline else LINE).search(value):
        raise InvalidValueError(
            "text.control", field=field, char=f"U+{ord(found[0]):04X}", position=found.start()
        )
    if found := SURROGATE.search(value):
        raise InvalidValueError("text.surrogate", field=field, position=found.start())
    return value


def masked(value: object) -> str:
    """Return what a log may show of a personal value: that it is there, and its size."""
    return repr(value) if value is None or value == "" else f"‹{len(str(value))} characters›"


def excerpt(value: object, limit: int = 20) -> str:
    """Return what an error says of a refused code: the beginning of text, else its type."""
    return str.__str__(value)[:limit] if isinstance(value, str) else type(value).__name__
