"""Weekly schedules: when they come round, through every change of clocks (SL3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from ordercore.errors import InvalidValueError
from ordercore.shopping_lists.schedule import (
    Weekly,
    first_after,
    occurrence,
    preview,
    shifted,
)
from tests.unit.shopping_lists.almanac import utc, weekly

SUNDAY = 6
CHANGES = [
    # the hour that London's clocks skip, and the one that they show twice
    ("Europe/London", "01:30", "2026-03-22", ["03-22T01:30", "03-29T01:00", "04-05T00:30"]),
    ("Europe/London", "01:30", "2026-10-18", ["10-18T00:30", "10-25T00:30", "11-01T01:30"]),
    ("America/New_York", "02:30", "2026-03-01", ["03-01T07:30", "03-08T07:00", "03-15T06:30"]),
    ("America/New_York", "01:30", "2026-10-25", ["10-25T05:30", "11-01T05:30", "11-08T06:30"]),
    # half an hour only
    ("Australia/Lord_Howe", "02:15", "2026-09-27", ["09-26T15:45", "10-03T15:30", "10-10T15:15"]),
    ("Australia/Lord_Howe", "01:45", "2026-03-29", ["03-28T14:45", "04-04T14:45", "04-11T15:15"]),
    # back for Ramadan, forward after it
    ("Africa/Casablanca", "02:30", "2026-02-08", ["02-08T01:30", "02-15T01:30", "02-22T02:30"]),
    ("Africa/Casablanca", "02:30", "2026-03-15", ["03-15T02:30", "03-22T02:00", "03-29T01:30"]),
]


class TestClockChanges:
    """The wall time stays; the instant moves with the clocks."""

    @pytest.mark.parametrize(("zone", "at", "on", "expected"), CHANGES)
    def test_the_hour_skipped_or_shown_twice(
        self, zone: str, at: str, on: str, expected: list[str]
    ) -> None:
        """SL3: a skipped time is the first instant after it, a doubled one the first of two."""
        schedule = weekly(zone, at, on, SUNDAY)
        found = [occurrence(schedule, number).at for number in range(3)]
        assert found == [utc(f"2026-{each}") for each in expected]

    def test_a_quiet_hour_keeps_its_wall_time(self) -> None:
        """SL3: 07:00 in London is 07:00 UTC in winter and 06:00 UTC in summer."""
        schedule = weekly("Europe/London", "07:00", "2026-03-23", 0)
        hours = [occurrence(schedule, number).at.hour for number in (0, 1, 30, 31)]
        assert hours == [7, 6, 6, 7]

    def test_the_reason_of_a_shift_is_told(self) -> None:
        """SL3: an occurrence that is not at its wall time says why, the others say nothing."""
        schedule = weekly("Europe/London", "01:30", "2026-03-22", SUNDAY)
        reasons = [
            shifted(schedule, each) for each in preview(schedule, 3, after=utc("2026-03-20"))
        ]
        assert reasons == [None, "the clocks skip 01:30 on that day", None]

    def test_the_second_of_two_is_no_shift(self) -> None:
        """A time shown twice is shown, so nothing is to be said of it."""
        schedule = weekly("Europe/London", "01:30", "2026-10-25", SUNDAY)
        assert shifted(schedule, occurrence(schedule, 0)) is None

    def test_nothing_drifts(self) -> None:
        """Fifty years of clock changes later it is the same weekday and wall time."""
        schedule = weekly("America/New_York", "02:30", "2026-03-02", 0, every=2)
        late = occurrence(schedule, 26 * 50)
        assert late.local == datetime(2026, 3, 2, 2, 30) + timedelta(weeks=2 * 26 * 50)
        assert late.at.astimezone(UTC) == utc(f"{late.local.date()}T07:30")


class TestNumbers:
    """Occurrences are numbered from the anchor, and weeks counted from its Monday."""

    def test_the_anchor_itself_counts(self) -> None:
        """An anchor on one of the weekdays is occurrence 0."""
        assert occurrence(weekly("UTC", "07:00", "2026-03-06", 4), 0).at == utc("2026-03-06T07:00")

    def test_days_of_the_week_before_the_anchor_do_not(self) -> None:
        """Monday of the anchor's week is over; Thursday comes, then Monday of the next."""
        schedule = weekly("UTC", "07:00", "2026-03-04", 0, 3)
        found = [occurrence(schedule, number).local.day for number in range(3)]
        assert found == [5, 9, 12]

    def test_every_other_week_is_counted_from_the_anchors(self) -> None:
        """An anchor after the last weekday of its week waits for the next that counts."""
        schedule = weekly("UTC", "07:00", "2026-03-06", 0, 3, every=2)
        found = [occurrence(schedule, number).local.day for number in range(3)]
        assert found == [16, 19, 30]

    def test_first_after_is_later_than_the_instant(self) -> None:
        """At the very instant of an occurrence the next one is found."""
        schedule = weekly("UTC", "07:00", "2026-03-06", 4)
        just_before = utc("2026-03-13T07:00") - timedelta.resolution
        assert first_after(schedule, just_before).number == 1
        assert first_after(schedule, utc("2026-03-13T07:00")).number == 2

    def test_nothing_comes_before_the_anchor(self) -> None:
        """Asked long before the anchor, the first occurrence is number 0."""
        schedule = weekly("Asia/Tokyo", "07:00", "2026-03-06", 4)
        assert first_after(schedule, utc("1999-01-01")).number == 0

    def test_in_the_hour_shown_twice_it_does_not_come_twice(self) -> None:
        """When 01:30 is shown for the second time, the next one is a week later."""
        schedule = weekly("Europe/London", "01:30", "2026-10-25", SUNDAY)
        for again in ("2026-10-25T00:45", "2026-10-25T01:15", "2026-10-25T01:30"):
            assert first_after(schedule, utc(again)).at == utc("2026-11-01T01:30")

    def test_preview_begins_after_the_instant(self) -> None:
        """SL3: `count` occurrences in a row, none of them over."""
        schedule = weekly("UTC", "07:00", "2026-03-06", 4)
        found = preview(schedule, 3, after=utc("2026-03-13T07:00"))
        assert [each.number for each in found] == [2, 3, 4]

    def test_past_the_end_of_the_calendar(self) -> None:
        """What no date can say is refused, whatever the zone."""
        schedule = weekly("Pacific/Niue", "23:00", "9999-12-31", 4)
        for number in (0, 1, 10**30):
            with pytest.raises(InvalidValueError) as refused:
                occurrence(schedule, number)
            assert refused.value.code == "time.range"

    @pytest.mark.parametrize(
        ("zone", "instant"),
        [
            ("UTC", datetime.max.replace(tzinfo=UTC)),
            ("Pacific/Kiritimati", datetime.max.replace(tzinfo=UTC)),
            ("America/New_York", datetime.min.replace(tzinfo=UTC)),
        ],
    )
    def test_asked_at_either_end_of_the_calendar(self, zone: str, instant: datetime) -> None:
        """Where clocks show no date, or no later one comes, the refusal is our own error."""
        with pytest.raises(InvalidValueError) as refused:
            first_after(weekly(zone, "07:00", "2026-03-06", 4), instant)
        assert refused.value.code == "time.range"

    def test_an_instant_needs_a_zone(self) -> None:
        """A wall time is not an instant; it is never read as this machine's own time."""
        with pytest.raises(InvalidValueError) as refused:
            first_after(weekly("UTC", "07:00", "2026-03-06", 4), datetime(2026, 3, 7))
        assert refused.value.code == "time.naive"

    def test_there_is_none_below_zero(self) -> None:
        """What would lie before the anchor is not an occurrence."""
        with pytest.raises(InvalidValueError) as refused:
            occurrence(weekly("UTC", "07:00", "2026-03-06", 4), -1)
        assert refused.value.code == "number.range"

    def test_a_day_that_the_calendar_leaves_out(self) -> None:
        """SL3: Samoa had no 30 December 2011; both fall on the next midnight, and both are over."""
        schedule = weekly("Pacific/Apia", "00:00", "2011-12-30", 4, 5)
        gone, there = occurrence(schedule, 0), occurrence(schedule, 1)
        assert gone.at == there.at == utc("2011-12-30T10:00")
        assert shifted(schedule, gone) is not None
        assert shifted(schedule, there) is None
        assert first_after(schedule, gone.at).number == 2


GOOD: dict[str, Any] = {
    "weekdays": (0,),
    "every": 1,
    "at": time(7),
    "zone": "Europe/London",
    "anchor_on": date(2026, 3, 2),
}


class TestWeekly:
    """A schedule that means nothing is refused when it is made."""

    def test_weekdays_rise_each_once(self) -> None:
        """Order and repeats do not matter, so equal schedules are equal."""
        spoken = attrs_of(weekdays=[4, 0, 4])
        assert Weekly(**spoken) == Weekly(**attrs_of(weekdays=(0, 4)))
        assert Weekly(**spoken).weekdays == (0, 4)

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"weekdays": ()}, "schedule.no_weekday"),
            ({"weekdays": (7,)}, "schedule.weekday"),
            ({"weekdays": (-1,)}, "schedule.weekday"),
            ({"weekdays": (True,)}, "schedule.weekday"),
            ({"weekdays": (1.0,)}, "schedule.weekday"),
            ({"weekdays": ("monday", 1)}, "schedule.weekday"),
            ({"weekdays": "04"}, "schedule.weekday"),
            ({"weekdays": None}, "schedule.weekday"),
            ({"weekdays": 4}, "schedule.weekday"),
            ({"every": 0}, "schedule.every"),
            ({"every": -1}, "schedule.every"),
            ({"every": 53}, "schedule.every"),
            ({"every": True}, "schedule.every"),
            ({"every": 1.5}, "schedule.every"),
            ({"at": time(7, tzinfo=UTC)}, "time.type"),
            ({"at": time(7, 0, 0, 1)}, "time.type"),
            ({"at": "07:00"}, "time.type"),
            ({"zone": "London"}, "zone.unknown"),
            ({"zone": "../UTC"}, "zone.unknown"),
            ({"anchor_on": datetime(2026, 3, 2, tzinfo=UTC)}, "time.type"),
            ({"anchor_on": "2026-03-02"}, "time.type"),
        ],
    )
    def test_refused(self, wrong: dict[str, Any], code: str) -> None:
        """Each field that no calendar could follow, with its code."""
        with pytest.raises(InvalidValueError) as refused:
            Weekly(**attrs_of(**wrong))
        assert refused.value.code == code

    def test_the_most_weeks(self) -> None:
        """Once a year or so is still a weekly schedule."""
        schedule = Weekly(**attrs_of(every=52))
        assert occurrence(schedule, 1).local - occurrence(schedule, 0).local == timedelta(weeks=52)


def attrs_of(**changes: Any) -> dict[str, Any]:
    """Return the fields of a good schedule, some of them changed."""
    return GOOD | changes
