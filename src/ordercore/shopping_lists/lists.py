"""The shopping list, and what becomes of each of its occurrences (SL1, SL2).

Occurrences are numbered 0, 1, 2 … for the life of the list, whatever schedules
it has in turn. Every number below `next_number` has exactly one outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count, islice

import attrs

from ordercore.errors import InvalidValueError, TransitionError
from ordercore.shopping_lists.events import ListEdited
from ordercore.shopping_lists.schedule import Occurrence, Schedule, first_after, occurrence
from ordercore.values.attributes import NO_ATTRIBUTES, Attributes, ExternalRef
from ordercore.values.ids import CustomerId, ListId, OrderId
from ordercore.values.text import check_text, masked
from ordercore.values.times import wall_to_instant, zone

ACTIVE, PAUSED, ENDED = "active", "paused", "ended"
ORDERED, SKIPPED, PARKED = "ordered", "skipped", "parked"
OUTCOMES = (ORDERED, SKIPPED, PARKED)
MOST_LINES = 500
MOST_DECIDED = 500
"""The most occurrences decided at once; a longer outage takes several turns."""
AHEAD_OF_ALL = "Etc/GMT-14"
"""The zone whose clocks are ahead of all others."""


@attrs.frozen(kw_only=True)
class ListLine:
    """What is wanted, each time."""

    sku: str
    quantity: int = 1


@attrs.frozen(kw_only=True)
class ShoppingList:
    """A customer's list and its schedule.

    Attributes:
        next_number: The number of the first occurrence without an outcome.
        first_number: The list's number of the present schedule's occurrence 0;
            below zero where the schedule began before the list followed it.
        decided_until: Nothing up to here is decided again: the instant of the last
            occurrence with an outcome, or later, where the zone was changed since.
    """

    id: ListId
    customer_id: CustomerId
    name: str = attrs.field(repr=masked)
    currency: str
    status: str = ACTIVE
    lines: tuple[ListLine, ...] = ()
    schedule: Schedule | None = None
    next_number: int = 0
    first_number: int = 0
    decided_until: datetime | None = None
    created_at: datetime
    external_ref: ExternalRef | None = attrs.field(default=None, repr=masked)
    public_attributes: Attributes = NO_ATTRIBUTES
    private_attributes: Attributes = NO_ATTRIBUTES
    version: int = 0

    @property
    def next(self) -> Occurrence | None:
        """The first occurrence without an outcome, if there is a schedule."""
        if self.schedule is None:
            return None
        return occurrence(self.schedule, self.next_number - self.first_number)

    @property
    def due_at(self) -> datetime | None:
        """When the list is to be looked at again; None when it waits for nobody."""
        upcoming = self.next
        return upcoming.at if upcoming is not None and self.status == ACTIVE else None


@attrs.frozen(kw_only=True)
class OccurrenceRecord:
    """The one outcome of one occurrence, and why."""

    number: int
    local: datetime
    due_at: datetime
    outcome: str
    reason: str
    order_id: OrderId | None = None
    decided_at: datetime


@attrs.frozen(kw_only=True)
class Decision:
    """What is to become of the occurrences that are due.

    Attributes:
        after: The list, moved past them.
        records: The outcomes; the one `to_order` stands for is not among them.
        to_order: The occurrence that is to become an order, if one is.
    """

    after: ShoppingList
    records: tuple[OccurrenceRecord, ...]
    to_order: Occurrence | None


def checked(shopping_list: ShoppingList) -> ShoppingList:
    """Return the list when it can be kept.

    Raises:
        InvalidValueError: for the first field that cannot.
    """
    check_text(shopping_list.name, field="name", limit=100, empty=False)
    if len(shopping_list.lines) > MOST_LINES:
        raise InvalidValueError(
            "number.range", field="lines", reason=f"at most {MOST_LINES} are kept"
        )
    for line in shopping_list.lines:
        check_text(line.sku, field="sku", limit=120, empty=False)
        if type(line.quantity) is not int or not 1 <= line.quantity <= 1_000_000:
            raise InvalidValueError("order.quantity", quantity=str(line.quantity)[:20])
    return shopping_list


def follow(
    shopping_list: ShoppingList, schedule: Schedule | None, *, now: datetime
) -> ShoppingList:
    """Follow another schedule from now on; what was decided stays decided.

    The next number goes to the new schedule's first occurrence that lies after
    now and after whatever was decided ahead of time, by the calendar on the wall
    too: a Friday that was decided in Auckland does not come again in New York. So
    no local date-time of this list is decided twice. The schedule that it has
    already goes on as it was.
    """
    if schedule is None or schedule == shopping_list.schedule:
        return attrs.evolve(shopping_list, schedule=schedule)
    seen = _decided_until(shopping_list, schedule)
    first = first_after(schedule, max(now, seen) if seen else now)
    return attrs.evolve(
        shopping_list,
        schedule=schedule,
        first_number=shopping_list.next_number - first.number,
        decided_until=seen,
    )


def _decided_until(shopping_list: ShoppingList, schedule: Schedule) -> datetime | None:
    """Return the instant up to which nothing of `schedule` is to be decided.

    In another zone the clocks show later what they have shown here already.
    """
    seen, old = shopping_list.decided_until, shopping_list.schedule
    if seen is None or (old is not None and old.zone == schedule.zone):
        return seen
    there = seen.astimezone(zone(old.zone if old else AHEAD_OF_ALL)).replace(fold=0)
    shown = seen.replace(tzinfo=None) + (there.utcoffset() or timedelta(0))
    return max(seen, wall_to_instant(shown, schedule.zone))


def edit(
    shopping_list: ShoppingList, *, now: datetime, **changes: object
) -> tuple[ShoppingList, ListEdited]:
    """Change name, lines, attributes, and, where given, the schedule (SL1).

    Raises:
        TransitionError: `list.ended`.
    """
    _refuse_ended(shopping_list)
    plain = {name: value for name, value in changes.items() if name != "schedule"}
    after = attrs.evolve(shopping_list, **plain)  # type: ignore[arg-type]
    if "schedule" in changes:
        after = follow(after, changes["schedule"], now=now)  # type: ignore[arg-type]
    event = ListEdited(list_id=shopping_list.id, fields=tuple(sorted(changes)))
    return checked(after), event


def pause(shopping_list: ShoppingList) -> ShoppingList:
    """Stop looking at the schedule until `resume`."""
    _refuse_ended(shopping_list)
    return attrs.evolve(shopping_list, status=PAUSED)


def resume(
    shopping_list: ShoppingList, *, now: datetime
) -> tuple[ShoppingList, tuple[OccurrenceRecord, ...]]:
    """Look at the schedule again; what came round meanwhile was skipped for the pause."""
    _refuse_ended(shopping_list)
    if shopping_list.status != PAUSED:
        return shopping_list, ()
    after, records = settle(shopping_list, now=now, reason="paused")
    return attrs.evolve(after, status=ACTIVE), records


def settle(
    shopping_list: ShoppingList, *, now: datetime, reason: str
) -> tuple[ShoppingList, tuple[OccurrenceRecord, ...]]:
    """Skip whatever is due and undecided, so that the schedule can be left (I2).

    What came round during a pause was skipped for the pause, whatever the reason now.
    """
    _refuse_ended(shopping_list)
    missed = list(_all_due(shopping_list, now))
    why = "paused" if shopping_list.status == PAUSED else reason
    records = [_record(shopping_list, each, SKIPPED, why, now) for each in missed]
    return _past(shopping_list, missed), tuple(records)


def end(shopping_list: ShoppingList) -> ShoppingList:
    """End the list for good; its history stays."""
    _refuse_ended(shopping_list)
    return attrs.evolve(shopping_list, status=ENDED)


def skip_next(
    shopping_list: ShoppingList, *, now: datetime
) -> tuple[ShoppingList, tuple[OccurrenceRecord, ...]]:
    """Skip the next that would be ordered, whether it is due or still to come.

    After an outage that is the latest one due; those before it were missed anyway.
    """
    _refuse_ended(shopping_list)
    if shopping_list.next is None:
        return shopping_list, ()
    *missed, latest = list(_all_due(shopping_list, now)) or [shopping_list.next]
    why = "paused" if shopping_list.status == PAUSED else "catch_up"
    records = [_record(shopping_list, each, SKIPPED, why, now) for each in missed]
    records.append(_record(shopping_list, latest, SKIPPED, "asked", now))
    return _past(shopping_list, [*missed, latest]), tuple(records)


def decide(shopping_list: ShoppingList, *, now: datetime) -> Decision:
    """Decide all that is due: the latest is ordered, what was missed before it is skipped (SL2).

    An empty list is parked, for somebody to look at. After an outage of more than
    `MOST_DECIDED` occurrences only a later turn sees the latest one.
    """
    coming = _all_due(shopping_list, now) if shopping_list.status == ACTIVE else ()
    due = list(islice(coming, MOST_DECIDED + 1))
    if not due:
        return Decision(after=shopping_list, records=(), to_order=None)
    *missed, latest = due
    records = [_record(shopping_list, each, SKIPPED, "catch_up", now) for each in missed]
    if len(missed) == MOST_DECIDED:
        after = _past(shopping_list, missed)
        return Decision(after=after, records=tuple(records), to_order=None)
    if not shopping_list.lines:
        records.append(_record(shopping_list, latest, PARKED, "empty", now))
    return Decision(
        after=_past(shopping_list, due),
        records=tuple(records),
        to_order=latest if shopping_list.lines else None,
    )


def outcome_of(
    shopping_list: ShoppingList,
    found: Occurrence,
    *,
    now: datetime,
    order_id: OrderId | None = None,
    reason: str = "",
) -> OccurrenceRecord:
    """Return the outcome of the occurrence to order: ordered, or parked with the reason."""
    outcome = PARKED if order_id is None else ORDERED
    return attrs.evolve(_record(shopping_list, found, outcome, reason, now), order_id=order_id)


def _all_due(shopping_list: ShoppingList, now: datetime) -> Iterator[Occurrence]:
    if shopping_list.schedule is None:
        return
    for number in count(shopping_list.next_number - shopping_list.first_number):
        found = occurrence(shopping_list.schedule, number)
        if found.at > now:
            return
        yield found


def _past(shopping_list: ShoppingList, decided: Sequence[Occurrence]) -> ShoppingList:
    if not decided:
        return shopping_list
    return attrs.evolve(
        shopping_list,
        next_number=shopping_list.next_number + len(decided),
        decided_until=decided[-1].at,
    )


def _record(
    shopping_list: ShoppingList, found: Occurrence, outcome: str, reason: str, now: datetime
) -> OccurrenceRecord:
    return OccurrenceRecord(
        number=found.number + shopping_list.first_number,
        local=found.local,
        due_at=found.at,
        outcome=outcome,
        reason=reason,
        decided_at=now,
    )


def _refuse_ended(shopping_list: ShoppingList) -> None:
    if shopping_list.status == ENDED:
        raise TransitionError("list.ended")
