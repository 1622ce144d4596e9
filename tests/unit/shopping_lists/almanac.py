"""Schedules drawn at random, and their occurrences found by turning the pages of a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ordercore.shopping_lists.schedule import Weekly
from tests.unit.values.test_times import ZONES, transitions

WEEKDAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda some: tuple(sorted(some)))
EVERY = st.integers(1, 8)


def locals_of(schedule: Weekly) -> Iterator[datetime]:
    """Yield the wall times of a schedule, found by looking at every single day."""
    first_monday = schedule.anchor_on - timedelta(days=schedule.anchor_on.weekday())
    on = schedule.anchor_on
    while True:
        week = (on - first_monday).days // 7
        if on.weekday() in schedule.weekdays and week % schedule.every == 0:
            yield datetime.combine(on, schedule.at)
        on += timedelta(days=1)


def seconds(low: int, high: int) -> SearchStrategy[timedelta]:
    """Spans of whole seconds."""
    return st.integers(low, high).map(lambda count: timedelta(seconds=count))


@st.composite
def schedules(draw: st.DrawFn) -> Weekly:
    """Any schedule in any zone, of some years."""
    return Weekly(
        weekdays=draw(WEEKDAYS),
        every=draw(EVERY),
        at=draw(st.times()).replace(microsecond=0),
        zone=draw(st.sampled_from(ZONES)),
        anchor_on=draw(st.dates(date(2024, 1, 1), date(2027, 12, 31))),
    )


@st.composite
def near_a_change(draw: st.DrawFn) -> tuple[Weekly, datetime]:
    """A schedule that comes round while clocks change, and the instant at which they do.

    Every zone with a change in 2024 to 2027 is drawn from, and every change.
    """
    there, at, before, _ = draw(st.sampled_from(transitions()))
    wall = at.replace(tzinfo=None) + before + draw(seconds(-2 * 3600, 2 * 3600))
    every = draw(EVERY)
    weeks = draw(st.integers(0, 6)) * every
    schedule = Weekly(
        weekdays=(*draw(WEEKDAYS), wall.weekday()),
        every=every,
        at=wall.time(),
        zone=there.key,
        anchor_on=wall.date() - timedelta(days=wall.weekday(), weeks=weeks),
    )
    return schedule, at


def shown(at: datetime, zone_name: str) -> datetime:
    """Return what clocks in a zone show at an instant."""
    return at.astimezone(ZoneInfo(zone_name)).replace(tzinfo=None)


def weekly(zone_name: str, at: str, on: str, *weekdays: int, every: int = 1) -> Weekly:
    """Return a schedule from text: `weekly("Europe/London", "07:00", "2026-03-02", 0)`."""
    return Weekly(
        weekdays=weekdays,
        every=every,
        at=time.fromisoformat(at),
        zone=zone_name,
        anchor_on=date.fromisoformat(on),
    )


def utc(text: str) -> datetime:
    """Return an instant from text without a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
