"""Whatever is done to a list, in whatever order, each occurrence has one outcome (SL2)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordercore.shopping_lists import lists
from ordercore.shopping_lists.lists import PAUSED, SKIPPED, edit, end, pause, resume, skip_next
from ordercore.shopping_lists.schedule import Weekly
from tests.unit.shopping_lists.almanac import EVERY, WEEKDAYS, near_a_change, utc
from tests.unit.shopping_lists.ledger import Ledger, caught_up

FAR_APART = (
    "Pacific/Kiritimati",
    "Pacific/Auckland",
    "Australia/Lord_Howe",
    "Asia/Tokyo",
    "Africa/Casablanca",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "Pacific/Niue",
)
HOURS = st.integers(0, 23).map(lambda hour: f"{hour:02}:30")
COMMANDS = ("follow", "follow", "rest", "pause", "resume", "skip_next", "work", "work", "wait")
STEPS = st.lists(st.sampled_from(COMMANDS), min_size=1, max_size=25)
SPANS = st.integers(0, 40 * 24).map(lambda hours: timedelta(hours=hours))


@st.composite
def near(draw: st.DrawFn, now: datetime) -> Weekly:
    """A schedule somewhere on earth that began within a few weeks of now."""
    return Weekly(
        weekdays=draw(WEEKDAYS),
        every=draw(EVERY),
        at=datetime.strptime(draw(HOURS), "%H:%M").time(),
        zone=draw(st.sampled_from(FAR_APART)),
        anchor_on=now.date() + timedelta(days=draw(st.integers(-60, 20))),
    )


def do(ledger: Ledger, command: str, data: st.DataObject) -> None:
    """Do one thing to the list and check what only that thing promises."""
    if command == "follow":
        ledger.follow(data.draw(near(ledger.now)))
    elif command == "rest":
        ledger.list, _ = edit(ledger.list, now=ledger.now, schedule=None)
    elif command == "pause":
        ledger.list = pause(ledger.list)
    elif command == "resume":
        paused = ledger.list.status == PAUSED
        after, records = resume(ledger.list, now=ledger.now)
        assert paused or not records
        assert {(each.outcome, each.reason) for each in records} <= {(SKIPPED, "paused")}
        ledger.keep(after, records)
        assert not paused or (after.due_at or ledger.now + timedelta(1)) > ledger.now
    elif command == "skip_next":
        ledger.keep(*skip_next(ledger.list, now=ledger.now))
    elif command == "wait":
        ledger.wait(data.draw(SPANS))
    else:
        decided = ledger.work()
        assert not decided or caught_up(decided)
        assert ledger.list.due_at is None or ledger.list.due_at > ledger.now


@settings(max_examples=200)
@given(STEPS, st.sampled_from([2, 500]), st.data())
def test_any_history(steps: list[str], most: int, data: st.DataObject) -> None:
    """SL1, SL2, SL3: numbers without gap, no wall time twice, the latest ordered, the rest skipped.

    Where few are decided at once, an outage takes several turns and ends the same.
    """
    start = utc("2026-03-02T09:30") + data.draw(SPANS)
    ledger = Ledger(data.draw(near(start)), now=start)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lists, "MOST_DECIDED", most)
        for command in steps:
            do(ledger, command, data)
            ledger.check()
            ledger.check_next()
    ledger.list = end(ledger.list)
    ledger.check_next()


@given(near_a_change(), st.lists(st.integers(1, 20), min_size=1, max_size=10))
def test_a_list_through_a_change_of_clocks(drawn: tuple[Weekly, datetime], days: list[int]) -> None:
    """SL2, SL3: with a worker now and then, nothing is ordered twice or forgotten."""
    schedule, at = drawn
    ledger = Ledger(schedule, now=at - timedelta(days=15))
    for span in days:
        ledger.wait(timedelta(days=span))
        decided = ledger.work()
        assert not decided or caught_up(decided)
        ledger.check()
        ledger.check_next()
