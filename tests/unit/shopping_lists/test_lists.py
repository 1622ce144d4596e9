"""The shopping list and what becomes of its occurrences: examples (SL1, SL2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from ordercore.errors import InvalidValueError, TransitionError
from ordercore.shopping_lists.events import ListEdited
from ordercore.shopping_lists.lists import (
    ENDED,
    ORDERED,
    PARKED,
    ListLine,
    ShoppingList,
    decide,
    edit,
    end,
    follow,
    outcome_of,
    pause,
    resume,
    skip_next,
)
from ordercore.values.ids import OrderId
from tests.unit.shopping_lists.almanac import utc, weekly
from tests.unit.shopping_lists.ledger import START, Ledger, a_list

FRIDAYS = weekly("Europe/London", "07:00", "2026-03-01", 4)
DAILY = weekly("UTC", "07:00", "2026-03-01", *range(7))


def refusal(work: Callable[[], object]) -> str:
    """Return the code of the error that `work` raises."""
    with pytest.raises((InvalidValueError, TransitionError)) as refused:
        work()
    return refused.value.code


class TestFollow:
    """A list follows one schedule at a time, from the moment it is told to."""

    def test_it_begins_with_the_next_one(self) -> None:
        """SL1: what the schedule had before the list began is not the list's."""
        began = a_list(weekly("UTC", "07:00", "2020-01-01", 4))
        assert began.next_number == 0
        assert began.due_at == utc("2026-03-06T07:00")

    def test_without_a_schedule_nothing_is_due(self) -> None:
        """SL1: a list may wait for its customer."""
        waiting = a_list(None)
        assert (waiting.next, waiting.due_at) == (None, None)
        assert skip_next(waiting, now=START) == (waiting, ())
        assert decide(waiting, now=START).after == waiting

    def test_numbers_go_on_through_schedules(self) -> None:
        """SL2: the next number goes to the new schedule's first occurrence."""
        ledger = Ledger(FRIDAYS)
        ledger.wait(timedelta(days=12))
        ledger.work()
        ledger.follow(DAILY)
        ledger.wait(timedelta(days=2))
        ledger.work()
        ledger.check()
        found = [(each.number, str(each.local.date())) for each in ledger.records]
        assert found == [(0, "2026-03-06"), (1, "2026-03-13"), (2, "2026-03-15"), (3, "2026-03-16")]

    def test_what_was_skipped_ahead_stays_skipped(self) -> None:
        """SL3: a schedule that would come round sooner waits until what was decided is past."""
        ledger = Ledger(FRIDAYS)
        ledger.keep(*skip_next(ledger.list, now=ledger.now))
        ledger.follow(DAILY)
        assert ledger.list.due_at == utc("2026-03-07T07:00")

    def test_the_same_schedule_goes_on(self) -> None:
        """SL2: a form that sends the schedule back unchanged loses nothing that is due."""
        ledger = Ledger(FRIDAYS)
        ledger.wait(timedelta(days=4))
        assert ledger.list.due_at is not None
        assert ledger.list.due_at <= ledger.now
        before = ledger.list
        ledger.follow(weekly("Europe/London", "07:00", "2026-03-01", 4))
        assert ledger.list == before
        assert [each.outcome for each in ledger.work()] == [ORDERED]

    def test_a_day_does_not_come_twice_by_moving_west(self) -> None:
        """SL2: Friday was ordered in Auckland; in Los Angeles it is still to come, and is over."""
        ledger = Ledger(weekly("Pacific/Auckland", "09:00", "2026-03-01", 4))
        ledger.wait(timedelta(days=4))
        assert [each.local for each in ledger.work()] == [datetime(2026, 3, 6, 9)]
        ledger.follow(weekly("America/Los_Angeles", "09:00", "2026-03-01", 4))
        assert ledger.list.next is not None
        assert ledger.list.next.local == datetime(2026, 3, 13, 9)
        ledger.follow(weekly("America/New_York", "09:00", "2026-03-01", 4))
        assert ledger.list.next.local == datetime(2026, 3, 13, 9)

    def test_nor_by_way_of_clocks_that_are_set_back(self) -> None:
        """SL2: Lagos, Troll while its two hours come twice, Cape Verde: Sunday is still over."""
        ledger = Ledger(
            weekly("Africa/Lagos", "02:10", "2026-10-25", 6), now=utc("2026-10-25T01:00")
        )
        ledger.wait(timedelta(minutes=10))
        assert [each.local for each in ledger.work()] == [datetime(2026, 10, 25, 2, 10)]
        ledger.follow(weekly("Antarctica/Troll", "02:10", "2026-10-25", 6))
        ledger.follow(weekly("Atlantic/Cape_Verde", "02:10", "2026-10-25", 6))
        ledger.check_next()

    def test_nor_after_a_time_without_a_schedule(self) -> None:
        """SL2: the list no longer knows where Friday was, and takes no chances."""
        ledger = Ledger(weekly("Pacific/Auckland", "09:00", "2026-03-01", 4))
        ledger.wait(timedelta(days=4))
        ledger.work()
        ledger.list = follow(ledger.list, None, now=ledger.now)
        ledger.follow(weekly("America/Los_Angeles", "09:00", "2026-03-01", 4))
        assert ledger.list.next is not None
        assert ledger.list.next.local == datetime(2026, 3, 13, 9)

    def test_nor_after_several_were_decided_at_once(self) -> None:
        """SL2: the last of them is what moving west must not repeat."""
        ledger = Ledger(weekly("Pacific/Auckland", "09:00", "2026-03-01", *range(7)))
        ledger.wait(timedelta(days=3, hours=12))
        assert len(ledger.work()) == 4
        ledger.follow(weekly("America/Los_Angeles", "09:00", "2026-03-01", *range(7)))
        ledger.check_next()

    def test_the_next_day_comes_when_moving_on_a_little(self) -> None:
        """SL3: from London to Paris nothing is lost: the evening of the same day still comes."""
        ledger = Ledger(FRIDAYS)
        ledger.wait(timedelta(days=4))
        ledger.work()
        ledger.follow(weekly("Europe/Paris", "18:00", "2026-03-01", 4))
        assert ledger.list.due_at == utc("2026-03-06T17:00")


class TestDecide:
    """What is due becomes an order; what was missed is skipped."""

    def test_on_time(self) -> None:
        """SL2: one is due, one is ordered, the next is a week off."""
        ledger = Ledger(FRIDAYS)
        ledger.now = utc("2026-03-06T07:00")
        (only,) = ledger.work()
        assert (only.number, only.outcome, only.decided_at) == (0, ORDERED, only.due_at)
        assert ledger.list.due_at == utc("2026-03-13T07:00")

    def test_a_moment_too_soon(self) -> None:
        """SL2: nothing is decided before its time."""
        ledger = Ledger(FRIDAYS)
        decision = decide(ledger.list, now=utc("2026-03-06T07:00") - timedelta.resolution)
        assert (decision.after, decision.records, decision.to_order) == (ledger.list, (), None)

    def test_after_an_outage(self) -> None:
        """SL2: of three that were missed, the latest is ordered and two are skipped."""
        ledger = Ledger(FRIDAYS)
        ledger.wait(timedelta(days=21))
        found = [(each.outcome, each.reason) for each in ledger.work()]
        assert found == [("skipped", "catch_up"), ("skipped", "catch_up"), ("ordered", "")]

    @pytest.mark.parametrize(("days", "turns"), [(499, 1), (500, 1), (501, 2), (1200, 3)])
    def test_a_long_outage_takes_several_turns(self, days: int, turns: int) -> None:
        """SL2: at most 500 are skipped in a turn, and only the very last one is ordered."""
        ledger = Ledger(DAILY)
        ledger.wait(timedelta(days=days))
        taken = 0
        while (ledger.list.due_at or ledger.now) <= ledger.now:
            decision = decide(ledger.list, now=ledger.now)
            ordered = decision.to_order
            record = [outcome_of(ledger.list, ordered, now=ledger.now)] if ordered else []
            ledger.keep(decision.after, (*decision.records, *record))
            taken += 1
            assert (ordered is None) == (taken < turns)
        ledger.check()
        assert (len(ledger.records), taken) == (days, turns)

    def test_a_paused_or_ended_list_decides_nothing(self) -> None:
        """SL3: a late alarm finds a list that does not want to be woken."""
        late = START + timedelta(days=30)
        for idle in (pause(a_list(FRIDAYS)), end(a_list(FRIDAYS))):
            assert idle.due_at is None
            assert decide(idle, now=late).after == idle

    def test_an_empty_list_is_parked(self) -> None:
        """SL2, SL4: there is nothing to order, and somebody should know."""
        empty = a_list(FRIDAYS, lines=())
        decision = decide(empty, now=START + timedelta(days=14))
        assert decision.to_order is None
        found = [(each.outcome, each.reason) for each in decision.records]
        assert found == [("skipped", "catch_up"), (PARKED, "empty")]
        assert decision.after.next_number == 2

    def test_the_outcome_of_what_could_not_be_ordered(self) -> None:
        """SL4: without an order the occurrence is parked, with the reason."""
        due = a_list(FRIDAYS)
        found = decide(due, now=START + timedelta(days=5)).to_order
        assert found is not None
        parked = outcome_of(due, found, now=START, reason="catalog.not_found")
        assert (parked.outcome, parked.reason) == (PARKED, "catalog.not_found")
        ordered = outcome_of(due, found, now=START, order_id=OrderId(UUID(int=9)))
        assert (ordered.outcome, ordered.order_id) == (ORDERED, UUID(int=9))


class TestCommands:
    """Pause, resume, skip, edit and end."""

    def test_a_pause_of_any_length_orders_nothing(self) -> None:
        """SL3: after three years, more than one turn of work, all was skipped for the pause."""
        paused = pause(a_list(DAILY))
        now = START + timedelta(days=1100)
        resumed, records = resume(paused, now=now)
        assert len(records) == 1100
        assert {(each.outcome, each.reason) for each in records} == {("skipped", "paused")}
        assert resumed.due_at == utc("2029-03-07T07:00")

    def test_resume_of_a_list_that_runs(self) -> None:
        """SL3: nothing is skipped that is due now."""
        running = a_list(FRIDAYS)
        assert resume(running, now=START + timedelta(days=5)) == (running, ())

    def test_skip_next_ahead_and_again(self) -> None:
        """SL3: two weeks away are two skips, decided when asked and not when due."""
        once, (first,) = skip_next(a_list(FRIDAYS), now=START)
        twice, (second,) = skip_next(once, now=START)
        assert [first.local.day, second.local.day] == [6, 13]
        assert {(each.outcome, each.reason) for each in (first, second)} == {("skipped", "asked")}
        assert first.decided_at == START < first.due_at
        assert twice.due_at == utc("2026-03-20T07:00")

    def test_edit_keeps_what_is_not_named(self) -> None:
        """SL1: other lines, and the schedule goes on as it was."""
        before = a_list(FRIDAYS)
        after, event = edit(before, now=START + timedelta(days=9), lines=(ListLine(sku="pot"),))
        assert (after.next, after.name) == (before.next, before.name)
        assert after.lines == (ListLine(sku="pot"),)
        assert event == ListEdited(list_id=before.id, fields=("lines",))

    @pytest.mark.parametrize(
        "change",
        [
            lambda ended: edit(ended, now=START, name="Again"),
            pause,
            lambda ended: resume(ended, now=START),
            lambda ended: skip_next(ended, now=START),
            end,
        ],
    )
    def test_the_end_is_the_end(self, change: Callable[[ShoppingList], object]) -> None:
        """SL1: an ended list takes no command, a second end included."""
        ended = end(a_list(FRIDAYS))
        assert ended.status == ENDED
        assert refusal(lambda: change(ended)) == "list.ended"
