"""Instants, days, zones, and what a wall clock shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.times import day, instant, wall_to_instant, zone

ZONES = sorted(set(files("tzdata").joinpath("zones").read_text("ascii").split()) - {"Factory"})
SECOND = timedelta(seconds=1)
OFFSETS = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)


class NoOffset(tzinfo):
    """A zone that does not know its offset."""

    def utcoffset(self, dt: datetime | None, /) -> None:
        """Return nothing, which makes the date-time naive."""

    dst = tzname = utcoffset


class TestInstant:
    """Inside, every instant is in UTC."""

    @given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)), OFFSETS)
    def test_the_same_instant_in_utc(self, wall: datetime, offset: timezone) -> None:
        """The point in time stays, the zone becomes UTC, to the microsecond."""
        given_at = wall.replace(tzinfo=offset)
        at = instant(given_at)
        assert at == given_at
        assert at.tzinfo is UTC

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (datetime(2026, 1, 1), "time.naive"),
            (datetime(2026, 1, 1, tzinfo=NoOffset()), "time.naive"),
            (date(2026, 1, 1), "time.type"),
            ("2026-01-01T00:00:00Z", "time.type"),
            (1767225600, "time.type"),
            (None, "time.type"),
            (datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), "time.range"),
            (datetime.min.replace(tzinfo=timezone(timedelta(hours=1))), "time.range"),
        ],
    )
    def test_no_instant(self, value: object, code: str) -> None:
        """Naive times, days, text, numbers and instants outside the calendar."""
        with pytest.raises(InvalidValueError, match=r"^paid_at: ") as refused:
            instant(value, field="paid_at")
        assert refused.value.code == code


class TestDay:
    """A calendar day is no instant."""

    def test_a_day(self) -> None:
        """A date passes."""
        assert day(date(2026, 2, 28)) == date(2026, 2, 28)

    @pytest.mark.parametrize("value", [datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01", None])
    def test_no_day(self, value: object) -> None:
        """A date-time, though a subclass of date, is refused."""
        with pytest.raises(InvalidValueError, match="expected a day") as refused:
            day(value)
        assert refused.value.code == "time.type"


class TestZone:
    """Names of the tz database, the same on every machine."""

    def test_every_zone(self) -> None:
        """All of the database's names are known."""
        assert [name for name in ZONES if zone(name).key != name] == []
        assert len(ZONES) > 500

    @pytest.mark.parametrize(
        "name",
        [
            "",
            ".",
            "..",
            "../etc/passwd",
            "/etc/localtime",
            "Europe/../UTC",
            "Europe",
            "Europe/",
            "europe/paris",
            "localtime",
            "posixrules",
            "Factory",
            "posix/UTC",
            "right/UTC",
            "zone.tab",
            "UTC\n",
            "UTC\x00",
            "UTC+1",
            "CET-1CEST",
            "Mars/Olympus",
            "x" * 5000,
            None,
            5,
            b"UTC",
            UTC,
            ZoneInfo("UTC"),
        ],
    )
    def test_no_zone(self, name: object) -> None:
        """Paths, files of the machine, rules and near misses are refused."""
        with pytest.raises(InvalidValueError) as refused:
            zone(name)
        assert refused.value.code == "zone.unknown"
        assert len(str(refused.value)) < 400

    @given(st.text(max_size=20))
    def test_any_text_is_known_or_refused(self, name: str) -> None:
        """No text opens a file or fails otherwise."""
        try:
            assert zone(name).key == name
        except InvalidValueError:
            assert name not in ZONES


@cache
def transitions() -> list[tuple[ZoneInfo, datetime, timedelta, timedelta]]:
    """Return each change of clocks of 2024 to 2027: zone, instant, offset before and after."""
    seen: dict[tuple[datetime, timedelta, timedelta], ZoneInfo] = {}
    for name in ZONES:
        there = ZoneInfo(name)
        for at in changes(there):
            before, after = offset(at - SECOND, there), offset(at, there)
            seen.setdefault((at, before, after), there)
    return [(there, *change) for change, there in seen.items()]


def changes(there: ZoneInfo) -> Iterator[datetime]:
    """Yield the instants at which a zone's offset changes, found by halving fortnights."""
    step = timedelta(days=14)
    at, end = datetime(2024, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    while at < end:
        low, high = at, at + step
        old = offset(low, there)
        if offset(high, there) != old:
            while high - low > SECOND:
                middle = low + timedelta(seconds=(high - low) // (2 * SECOND))
                low, high = (middle, high) if offset(middle, there) == old else (low, middle)
            yield high
        at += step


def offset(at: datetime, there: ZoneInfo) -> timedelta:
    """Return how far clocks in a zone are ahead of UTC."""
    found = at.astimezone(there).utcoffset()
    assert found is not None
    return found


def wall_of(at: datetime, ahead: timedelta) -> datetime:
    """Return what a clock shows that is so far ahead of UTC."""
    return at.replace(tzinfo=None) + ahead


class TestWallTime:
    """A wall time is the first instant at which clocks show it."""

    def test_there_is_something_to_test(self) -> None:
        """The database has gaps and folds in these years, Lord Howe's half hour too."""
        shifts = {after - before for _, _, before, after in transitions()}
        assert {timedelta(hours=1), timedelta(hours=-1), timedelta(minutes=30)} <= shifts

    @given(st.data())
    def test_skipped_times_go_to_the_end_of_the_gap(self, data: st.DataObject) -> None:
        """Every time in a gap, to the microsecond, is the instant of the change."""
        gaps = [change for change in transitions() if change[3] > change[2]]
        there, at, before, after = data.draw(st.sampled_from(gaps))
        into = data.draw(st.timedeltas(timedelta(0), after - before - timedelta.resolution))
        assert wall_to_instant(wall_of(at, before) + into, there.key) == at

    @given(st.data())
    def test_times_shown_twice_are_the_first(self, data: st.DataObject) -> None:
        """Every time in a fold is reckoned with the offset before the change."""
        folds = [change for change in transitions() if change[3] < change[2]]
        there, at, before, after = data.draw(st.sampled_from(folds))
        wall = wall_of(at, after) + data.draw(
            st.timedeltas(timedelta(0), before - after - timedelta.resolution)
        )
        found = wall_to_instant(wall, there.key)
        assert found == (wall - before).replace(tzinfo=UTC)
        assert found < at

    @given(st.sampled_from(ZONES), st.datetimes(datetime(1850, 1, 1), datetime(2200, 1, 1)))
    def test_the_clock_shows_it_or_skips_it(self, name: str, wall: datetime) -> None:
        """The found instant reads back, or it is the first one with a later reading."""
        at = wall_to_instant(wall, name)
        there = ZoneInfo(name)
        assert at.tzinfo is UTC
        if at.astimezone(there).replace(tzinfo=None) != wall:
            assert wall_of(at, offset(at - SECOND, there)) <= wall < wall_of(at, offset(at, there))

    @given(st.sampled_from(ZONES), st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)))
    def test_later_on_the_wall_is_not_earlier_in_time(self, name: str, wall: datetime) -> None:
        """Schedules keep their order through every change."""
        assert wall_to_instant(wall, name) <= wall_to_instant(wall + timedelta(minutes=20), name)

    @pytest.mark.parametrize(
        ("wall", "name", "expected"),
        [
            ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:00"),
            ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30"),
            ("2026-03-29T01:00:00.000001", "Europe/London", "2026-03-29T01:00"),
            ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:30"),
            ("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45"),
            ("2011-12-30T00:00", "Pacific/Apia", "2011-12-30T10:00"),
            ("2011-12-30T23:59:59.999999", "Pacific/Apia", "2011-12-30T10:00"),
            ("2011-12-31T00:00", "Pacific/Apia", "2011-12-30T10:00"),
            ("1994-12-31T12:00", "Pacific/Kiritimati", "1994-12-31T10:00"),
        ],
    )
    def test_examples(self, wall: str, name: str, expected: str) -> None:
        """An hour, half an hour or a whole day skipped; an hour or half an hour twice."""
        found = wall_to_instant(datetime.fromisoformat(wall), name)
        assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)

    def test_the_fold_of_the_argument_is_not_asked(self) -> None:
        """The first of two is found, whichever one the caller's date-time points to."""
        wall = datetime(2026, 10, 25, 2, 30, fold=1)
        assert wall_to_instant(wall, "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("wall", "code"),
        [
            (datetime(2026, 1, 1, tzinfo=UTC), "time.type"),
            (date(2026, 1, 1), "time.type"),
            (datetime.max, "time.range"),
        ],
    )
    def test_no_wall_time(self, wall: datetime, code: str) -> None:
        """An instant, a day and the end of the calendar are refused."""
        with pytest.raises(InvalidValueError, match=r"^wall: ") as refused:
            wall_to_instant(wall, "America/New_York")
        assert refused.value.code == code
