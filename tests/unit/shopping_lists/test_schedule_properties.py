"""Weekly schedules in every zone whose clocks change, against a calendar turned by hand (SL3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from ordercore.shopping_lists.schedule import (
    Weekly,
    first_after,
    occurrence,
    preview,
    shifted,
)
from tests.unit.shopping_lists.almanac import (
    locals_of,
    near_a_change,
    schedules,
    seconds,
    shown,
    weekly,
)
from tests.unit.values.test_times import SECOND, transitions

COUNT = 25
MICROSECOND = timedelta.resolution


@given(schedules() | near_a_change().map(lambda drawn: drawn[0]))
@example(weekly("Australia/Lord_Howe", "02:15", "2026-09-27", 6))
def test_occurrences_are_where_the_calendar_says(schedule: Weekly) -> None:
    """SL3: for any weekdays and any every, numbers follow the days of the calendar."""
    found = [occurrence(schedule, number) for number in range(COUNT)]
    assert [each.number for each in found] == list(range(COUNT))
    assert [each.local for each in found] == list(islice(locals_of(schedule), COUNT))
    assert all(each.local.weekday() in schedule.weekdays for each in found)


@given(schedules() | near_a_change().map(lambda drawn: drawn[0]))
def test_instants_rise_strictly(schedule: Weekly) -> None:
    """SL3: no two occurrences fall together, whatever the clocks do between them."""
    found = [occurrence(schedule, number).at for number in range(COUNT)]
    assert all(one < two for one, two in pairwise(found))
    assert all(at.tzinfo is UTC for at in found)


@given(near_a_change())
def test_clocks_show_the_wall_time_or_have_just_skipped_it(drawn: tuple[Weekly, datetime]) -> None:
    """SL3: the weekday is right where the customer is, and a shift is a gap's whole doing."""
    schedule, _ = drawn
    for number in range(COUNT):
        found = occurrence(schedule, number)
        there = shown(found.at, schedule.zone)
        if there == found.local:
            assert shifted(schedule, found) is None
            assert found.at <= _other_reading(found.local, schedule.zone)
        else:
            assert shown(found.at - SECOND, schedule.zone) < found.local < there
            assert shifted(schedule, found) is not None


def _other_reading(local: datetime, zone_name: str) -> datetime:
    """Return the later instant at which clocks show a wall time, if they show it twice."""
    changes = [each for each in transitions() if each[0].key == zone_name and each[3] < each[2]]
    readings = [(local - after).replace(tzinfo=UTC) for *_, after in changes]
    return max(
        (at for at in readings if shown(at, zone_name) == local),
        default=datetime.max.replace(tzinfo=UTC),
    )


@given(near_a_change(), st.data())
def test_first_after_agrees_with_looking_at_each(
    drawn: tuple[Weekly, datetime], data: st.DataObject
) -> None:
    """SL3: around a change of clocks, the first later one is the one that counting finds."""
    schedule, at = drawn
    near = data.draw(seconds(-2 * 86400, 2 * 86400) | st.timedeltas(-3 * SECOND, 3 * SECOND))
    instant = at + near
    number = 0
    while occurrence(schedule, number).at <= instant:
        number += 1
    assert first_after(schedule, instant).number == number


@given(schedules(), st.integers(0, 20_000))
def test_first_after_is_the_inverse(schedule: Weekly, number: int) -> None:
    """SL3: after occurrence n comes n + 1, and just before n comes n; any n, any zone."""
    found = occurrence(schedule, number)
    assert first_after(schedule, found.at) == occurrence(schedule, number + 1)
    assert first_after(schedule, found.at - MICROSECOND) == found


@given(near_a_change())
def test_first_after_is_the_inverse_at_a_change(drawn: tuple[Weekly, datetime]) -> None:
    """SL3: the same at the occurrences that the clocks shift."""
    schedule, at = drawn
    nearest = first_after(schedule, at - timedelta(days=1)).number
    for number in range(nearest, nearest + 3):
        found = occurrence(schedule, number)
        assert first_after(schedule, found.at).number == number + 1
        assert first_after(schedule, found.at - MICROSECOND).number == number


@given(schedules(), st.integers(0, 5000))
def test_an_occurrence_depends_on_its_number_alone(schedule: Weekly, number: int) -> None:
    """SL3: a round of all weekdays later everything is the same, `every` weeks on."""
    round_later = occurrence(schedule, number + len(schedule.weekdays))
    assert round_later.local - occurrence(schedule, number).local == timedelta(weeks=schedule.every)


@given(near_a_change(), st.integers(1, 12))
def test_preview_is_the_run_of_occurrences(drawn: tuple[Weekly, datetime], count: int) -> None:
    """SL3: what is shown ahead is what will come, and all of it later."""
    schedule, at = drawn
    found = preview(schedule, count, after=at)
    first = found[0].number
    assert found == [occurrence(schedule, first + step) for step in range(count)]
    assert found[0].at > at
    assert first == 0 or occurrence(schedule, first - 1).at <= at


def test_there_are_changes_to_draw_from() -> None:
    """Whole hours and Lord Howe's half, Ramadan's too: every way in which clocks change."""
    shifts = {after - before for _, _, before, after in transitions()}
    assert {timedelta(minutes=sign * size) for sign in (1, -1) for size in (30, 60)} <= shifts
    assert date(2026, 2, 15) in {at.date() for _, at, *_ in transitions()}
