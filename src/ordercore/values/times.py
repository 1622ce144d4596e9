"""Instants, days and zones: aware UTC inside, wall time only beside a zone's name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from ordercore.errors import InvalidValueError
from ordercore.values.text import excerpt

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The lease of a row that nobody claims: always past."""


def instant(value: object, *, field: str = "at") -> datetime:
    """Return an aware date-time in UTC.

    Raises:
        InvalidValueError: `time.type`, `time.naive` or `time.range`.
    """
    if not isinstance(value, datetime):
        raise InvalidValueError(
            "time.type", field=field, expected="date-time", got=type(value).__name__
        )
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise InvalidValueError("time.naive", field=field)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise InvalidValueError("time.range", field=field) from None


def day(value: object, *, field: str = "on") -> date:
    """Return a calendar day; a date-time is not one."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidValueError("time.type", field=field, expected="day", got=type(value).__name__)
    return value


@cache
def _zone_names() -> frozenset[str]:
    """Read the names of the tz database: the same ones on every machine, and no paths."""
    from importlib.resources import files  # costs more than all else in this module

    listed = files("tzdata").joinpath("zones").read_text("ascii")
    return frozenset(listed.split()) - {"Factory"}


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone(name: object) -> ZoneInfo:
    """Return the zone of the tz database called `name`, such as `Europe/Paris`.

    Raises:
        InvalidValueError: `zone.unknown`.
    """
    if not isinstance(name, str) or name not in _zone_names():
        raise InvalidValueError("zone.unknown", zone=excerpt(name, 64))
    return _zone(name)


def wall_to_instant(wall: datetime, zone_name: str) -> datetime:
    """Return the first instant at which clocks in a zone show `wall`.

    A time that the clocks skip goes to the first instant after the gap; a time
    that they show twice is the first of the two.

    Args:
        wall: A naive date-time.
        zone_name: A zone of the tz database.

    Raises:
        InvalidValueError: `zone.unknown`, `time.type` or `time.range`.
    """
    there = zone(zone_name)
    naive = _wall(wall)
    early, late = (instant(naive.replace(tzinfo=there, fold=fold), field="wall") for fold in (0, 1))
    # Twice: fold 0 is the earlier one. Skipped: fold 0 reckons with the offset before
    # the gap and so lands after it, fold 1 the other way round (PEP 495).
    return early if early <= late else _first_after_gap(late, early, there)


def _wall(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    got = "date-time with a zone" if isinstance(value, datetime) else type(value).__name__
    raise InvalidValueError("time.type", field="wall", expected="wall time", got=got)


def _first_after_gap(before: datetime, after: datetime, there: ZoneInfo) -> datetime:
    """Find the one transition in (before, after]; the tz database knows whole seconds."""
    low, high = before.replace(microsecond=0), after.replace(microsecond=0)
    old = low.astimezone(there).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(there).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high
