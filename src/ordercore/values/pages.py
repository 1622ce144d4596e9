"""Pages by keyset: where a page ends is said by the last row, never by a count."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeGuard, TypeVar
from uuid import UUID

import attrs

from ordercore.errors import InvalidValueError
from ordercore.values.ids import parse_id
from ordercore.values.text import SURROGATE, excerpt
from ordercore.values.times import instant

T_co = TypeVar("T_co", covariant=True)
MOST = 500
"""The most rows of a page."""
LONGEST = 8000
"""The most characters of a cursor: room for a sort key of 400 characters in any script."""


@attrs.frozen
class Page(Generic[T_co]):
    """Some items in order, and the cursor of the next page: None at the end."""

    items: Sequence[T_co]
    next: str | None = None


def check_limit(limit: object) -> int:
    """Return `limit` when a page may hold so many rows (1 to 500)."""
    if type(limit) is not int or not 1 <= limit <= MOST:
        raise InvalidValueError("page.limit", limit=MOST, got=_shown(limit))
    return limit


def _shown(limit: object) -> str:
    small = type(limit) is int and abs(limit) < 10**18
    return str(limit) if small else excerpt(limit)


def write_cursor(*key: str | int) -> str:
    """Return an opaque cursor for the row with this sort key; opaque, but not secret."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def read_cursor(cursor: str, kinds: Sequence[type]) -> list[str | int]:
    """Return the sort key inside a cursor.

    Args:
        cursor: What `write_cursor` returned.
        kinds: The type of each part of the key.

    Raises:
        InvalidValueError: `page.cursor`, for anything else.
    """
    found = _decoded(cursor)
    key = [part for part in found if _keepable(part)]
    if [type(part) for part in found] != list(kinds) or write_cursor(*key) != cursor:
        raise InvalidValueError("page.cursor")
    return key


def _decoded(cursor: object) -> list[object]:
    """Return what a stranger put into the cursor, nothing when it is no list."""
    if not isinstance(cursor, str) or len(cursor) > LONGEST:
        return []
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def _keepable(part: object) -> TypeGuard[str | int]:
    """Tell whether every engine takes the part as a parameter."""
    if isinstance(part, str):
        return "\x00" not in part and not SURROGATE.search(part)
    return isinstance(part, int) and -(2**63) <= part < 2**63


def instant_cursor(at: datetime, key: UUID) -> str:
    """Return a cursor for a list ordered by an instant, then by id."""
    return write_cursor(instant(at).isoformat(), str(key))


def after_instant(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the instant and id inside such a cursor; None for the first page.

    Raises:
        InvalidValueError: `page.cursor`.
    """
    if cursor is None:
        return None
    at, key = read_cursor(cursor, (str, str))
    try:
        return instant(datetime.fromisoformat(str(at))), parse_id(key)
    except ValueError:
        raise InvalidValueError("page.cursor") from None
