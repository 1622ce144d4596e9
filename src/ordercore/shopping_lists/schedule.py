"""When a list is due: typed recurrences in the wall time of a zone (SL3).

Each occurrence is computed from the anchor by its number, never from the one
before, so that nothing drifts. A wall time that the clocks skip goes to the
first valid instant after it; one that they show twice is the first of the two.
Only where a zone leaves out a whole day, as Samoa did in 2011, may two fall together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import attrs

from ordercore.errors import InvalidValueError
from ordercore.values.text import excerpt
from ordercore.values.times import day, wall_to_instant, zone
from ordercore.values.times import instant as utc

MOST_WEEKS = 52


def _rising(weekdays: Iterable[int]) -> tuple[int, ...]:
    try:
        return tuple(sorted(set(weekdays)))
    except TypeError:
        raise InvalidValueError("schedule.weekday", weekday=excerpt(weekdays)) from None


@attrs.frozen(kw_only=True)
class Weekly:
    """On some weekdays of every n-th week, at a wall time in a zone.

    Attributes:
        weekdays: 0 (Monday) to 6 (Sunday), rising, each once.
        every: 1 for each week; weeks are counted from the anchor's, from Monday.
        at: The wall time, in whole seconds, without a zone.
        zone: A zone of the tz database.
        anchor_on: The day from which the first occurrence is looked for.
    """

    weekdays: tuple[int, ...] = attrs.field(converter=_rising)
    every: int = 1
    at: time
    zone: str
    anchor_on: date

    def __attrs_post_init__(self) -> None:
        """Refuse what never happens or means nothing."""
        if not self.weekdays:
            raise InvalidValueError("schedule.no_weekday")
        for weekday in self.weekdays:
            if type(weekday) is not int or not 0 <= weekday <= 6:
                raise InvalidValueError("schedule.weekday", weekday=str(weekday)[:20])
        if type(self.every) is not int or not 1 <= self.every <= MOST_WEEKS:
            raise InvalidValueError("schedule.every", every=str(self.every)[:20])
        _check_wall_time(self.at)
        zone(self.zone)
        day(self.anchor_on, field="anchor_on")


def _check_wall_time(value: object) -> None:
    if not isinstance(value, time) or value.tzinfo is not None or value.microsecond:
        got = value.isoformat() if isinstance(value, time) else type(value).__name__
        raise InvalidValueError(
            "time.type", field="at", expected="wall time in whole seconds", got=got
        )


Schedule = Weekly
"""Every kind of recurrence there is."""


@attrs.frozen(kw_only=True)
class Occurrence:
    """One time that a schedule comes round.

    Attributes:
        number: From 0, counted from the schedule's anchor.
        local: The wall time asked for, without a zone.
        at: The instant.
    """

    number: int
    local: datetime
    at: datetime


def occurrence(schedule: Schedule, number: int) -> Occurrence:
    """Return the occurrence with this number, from the anchor alone.

    Raises:
        InvalidValueError: `number.range`, below 0; `time.range`, past the end of the
            calendar.
    """
    if number < 0:
        raise InvalidValueError("number.range", field="occurrence", reason="counted from 0")
    weeks, place = divmod(number + _before_anchor(schedule), len(schedule.weekdays))
    days = 7 * schedule.every * weeks + schedule.weekdays[place]
    try:
        there = _monday(schedule) + timedelta(days=days)
    except OverflowError:
        raise InvalidValueError("time.range", field="occurrence") from None
    local = datetime.combine(there, schedule.at)
    return Occurrence(number=number, local=local, at=wall_to_instant(local, schedule.zone))


def first_after(schedule: Schedule, instant: datetime) -> Occurrence:
    """Return the first occurrence later than `instant`, in constant time.

    What the wall clock at `instant` has passed is over. What it has not may be
    over too, in the hour that it shows twice.

    Raises:
        InvalidValueError: `time.naive`, `time.type`, or `time.range` at either end of
            the calendar.
    """
    instant = utc(instant, field="instant")
    try:
        local = instant.astimezone(zone(schedule.zone))
    except OverflowError:
        raise InvalidValueError("time.range", field="instant") from None
    weekdays = schedule.weekdays
    weeks, rest = divmod(local.toordinal() - _monday(schedule).toordinal(), 7 * schedule.every)
    passed = (bisect_right if schedule.at <= local.time() else bisect_left)(weekdays, rest)
    number = max(weeks * len(weekdays) + passed - _before_anchor(schedule), 0)
    found = occurrence(schedule, number)
    while found.at <= instant:
        found = occurrence(schedule, found.number + 1)
    return found


def preview(schedule: Schedule, count: int, *, after: datetime) -> list[Occurrence]:
    """Return the next `count` occurrences later than `after`."""
    first = first_after(schedule, after).number
    return [occurrence(schedule, first + step) for step in range(count)]


def shifted(schedule: Schedule, found: Occurrence) -> str | None:
    """Return why an occurrence is not at the wall time asked for, or None when it is."""
    there = found.at.astimezone(zone(schedule.zone)).replace(tzinfo=None)
    return None if there == found.local else f"the clocks skip {found.local:%H:%M} on that day"


def _monday(schedule: Schedule) -> date:
    return schedule.anchor_on - timedelta(days=schedule.anchor_on.weekday())


def _before_anchor(schedule: Schedule) -> int:
    """Return how many weekdays of the anchor's week lie before the anchor."""
    return bisect_left(schedule.weekdays, schedule.anchor_on.weekday())
