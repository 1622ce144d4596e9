"""A list and everything decided on it, kept as the desk keeps them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from ordercore.shopping_lists import lists
from ordercore.shopping_lists.lists import (
    ACTIVE,
    ORDERED,
    SKIPPED,
    ListLine,
    OccurrenceRecord,
    ShoppingList,
    decide,
    edit,
    follow,
    outcome_of,
    settle,
)
from ordercore.shopping_lists.schedule import Schedule
from ordercore.values.ids import CustomerId, ListId, OrderId
from tests.unit.shopping_lists.almanac import utc

TEA = (ListLine(sku="tea", quantity=2),)
START = utc("2026-03-02T09:30")


def a_list(
    schedule: Schedule | None = None,
    *,
    now: datetime = START,
    lines: tuple[ListLine, ...] = TEA,
) -> ShoppingList:
    """Return a list that began at `now`."""
    fresh = ShoppingList(
        id=ListId(UUID(int=1)),
        customer_id=CustomerId(UUID(int=2)),
        name="Weekly tea",
        currency="GBP",
        lines=lines,
        created_at=now,
    )
    return follow(fresh, schedule, now=now)


class Ledger:
    """A list, the time, and the outcomes so far, with what must hold of them."""

    def __init__(self, schedule: Schedule | None, *, now: datetime = START) -> None:
        self.now = now
        self.list = a_list(schedule, now=now)
        self.records: list[OccurrenceRecord] = []

    def keep(self, after: ShoppingList, records: tuple[OccurrenceRecord, ...]) -> None:
        """Note what a command returned."""
        self.list = after
        self.records += records

    def follow(self, schedule: Schedule) -> None:
        """Edit the schedule."""
        if schedule != self.list.schedule:
            self.keep(*settle(self.list, now=self.now, reason="rescheduled"))
        self.list, _ = edit(self.list, now=self.now, schedule=schedule)

    def wait(self, span: timedelta) -> None:
        """Let time pass without a worker."""
        self.now += span

    def work(self) -> list[OccurrenceRecord]:
        """Decide, turn by turn, as workers do, and return what was decided."""
        seen = len(self.records)
        while self.list.due_at is not None and self.list.due_at <= self.now:
            decision = decide(self.list, now=self.now)
            assert len(decision.records) <= lists.MOST_DECIDED
            assert decision.after.next_number > self.list.next_number, "a turn got nowhere"
            records = list(decision.records)
            if decision.to_order is not None:
                order = OrderId(UUID(int=1000 + decision.to_order.number))
                records.append(
                    outcome_of(self.list, decision.to_order, now=self.now, order_id=order)
                )
            self.keep(decision.after, tuple(records))
        return self.records[seen:]

    def check(self) -> None:
        """SL2: each number one outcome, no wall time twice, nothing decided too soon."""
        assert [each.number for each in self.records] == list(range(self.list.next_number))
        walls = [each.local for each in self.records]
        assert len(set(walls)) == len(walls)
        assert all(one.due_at < two.due_at for one, two in pairwise(self.records))
        for each in self.records:
            assert each.reason == "asked" or each.due_at <= each.decided_at
            assert (each.order_id is not None) == (each.outcome == ORDERED)

    def check_next(self) -> None:
        """What comes next is later than all that was decided, here and on the wall."""
        upcoming = self.list.next
        if upcoming is not None and self.records:
            assert upcoming.at > self.records[-1].due_at
            assert upcoming.local > max(each.local for each in self.records)
        asleep = self.list.status != ACTIVE or self.list.schedule is None
        assert (self.list.due_at is None) == asleep


def caught_up(decided: list[OccurrenceRecord]) -> bool:
    """Tell whether the latest was ordered and all before it skipped."""
    *missed, latest = decided
    passed = all((each.outcome, each.reason) == (SKIPPED, "catch_up") for each in missed)
    return passed and latest.outcome == ORDERED
