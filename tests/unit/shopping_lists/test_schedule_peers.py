"""Weekly schedules against dateutil's reading of RFC 5545, and its published vectors (SL3)."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from itertools import islice

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from ordercore.shopping_lists.schedule import Weekly, first_after, occurrence, preview
from tests.shared_data import shared
from tests.unit.shopping_lists.almanac import schedules, utc

VECTORS = "data/recurrence/dateutil_rrule_vectors.jsonl"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SPOKEN = {"FREQ", "INTERVAL", "COUNT", "BYDAY", "WKST"}


def rule_of(schedule: Weekly) -> rrule.rrule:
    """Return the schedule as RFC 5545 writes it, in wall time without a zone."""
    return rrule.rrule(
        rrule.WEEKLY,
        dtstart=datetime.combine(schedule.anchor_on, schedule.at),
        interval=schedule.every,
        byweekday=schedule.weekdays,
        wkst=rrule.MO,
    )


@given(schedules())
def test_the_same_wall_times_as_dateutil(schedule: Weekly) -> None:
    """SL3: weekdays, every and anchor mean what BYDAY, INTERVAL and DTSTART mean."""
    ours = [occurrence(schedule, number).local for number in range(40)]
    assert ours == list(islice(rule_of(schedule), 40))


@given(schedules(), st.integers(-50, 1500), st.integers(0, 86399))
def test_the_same_next_one_as_dateutil(schedule: Weekly, days: int, second: int) -> None:
    """SL3: where clocks never change, `first_after` is dateutil's `after`."""
    fixed = Weekly(
        weekdays=schedule.weekdays,
        every=schedule.every,
        at=schedule.at,
        zone="UTC",
        anchor_on=schedule.anchor_on,
    )
    midnight = datetime.combine(fixed.anchor_on + timedelta(days=days), datetime.min.time())
    wall = midnight + timedelta(seconds=second)
    assert first_after(fixed, utc(wall.isoformat())).local == rule_of(fixed).after(wall)


# ── the vectors that dateutil publishes ──


def weekly_from(dtstart: str, rule: str) -> Weekly | None:
    """Return the schedule that a rule spells, or None when it is not a weekly one."""
    parts = dict(part.split("=") for part in rule.split(";"))
    start = datetime.fromisoformat(dtstart)
    frequency, interval = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    weeks, rest = divmod(interval, 7 if frequency == "DAILY" else 1)
    each_day = frequency == "DAILY" and interval == 1
    if frequency not in ("DAILY", "WEEKLY") or parts.keys() - SPOKEN or (rest and not each_day):
        return None
    if parts.get("WKST", "MO") != "MO" or (weeks and frequency == "DAILY" and "BYDAY" in parts):
        return None
    days = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    plain = range(7) if each_day else [start.weekday()]
    return Weekly(
        weekdays=tuple(DAYS.index(day) for day in days) or tuple(plain),
        every=1 if each_day else weeks,
        at=start.time(),
        zone="UTC",
        anchor_on=start.date(),
    )


@pytest.mark.data
def test_published_vectors() -> None:
    """SL3: every daily or weekly vector that a weekly schedule can spell comes out the same."""
    spelt = 0
    for line in shared(VECTORS).read_text("utf-8").splitlines():
        vector = json.loads(line)
        schedule = weekly_from(vector["dtstart"], vector["rrule"])
        if schedule is None:
            continue
        expected = [datetime.fromisoformat(each) for each in vector["expected"]]
        before = utc(vector["dtstart"]) - timedelta(days=400)
        found = [each.local for each in preview(schedule, len(expected), after=before)]
        assert found == expected, vector["id"]
        spelt += 1
    assert spelt >= 10, "the vectors are no longer read"


def test_how_a_rule_is_spelt() -> None:
    """Each day is seven weekdays; every seventh a week; what else there is, no schedule says."""
    start = "19970902T090000"
    assert weekly_from(start, "FREQ=DAILY;COUNT=3") == Weekly(
        weekdays=range(7), at=datetime(1997, 9, 2, 9).time(), zone="UTC", anchor_on=date(1997, 9, 2)
    )
    every_other = weekly_from(start, "FREQ=DAILY;INTERVAL=14;COUNT=3")
    assert every_other is not None
    assert (every_other.weekdays, every_other.every) == ((1,), 2)
    for rule in ("FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY;BYMONTH=1", "FREQ=WEEKLY;WKST=SU"):
        assert weekly_from(start, rule) is None
