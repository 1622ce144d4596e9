"""The command feed: what happened, for hosts to read page by page, in an order that holds still.

Ids rise by the clock, but a slow transaction commits late and would slip in
behind a reader. So rows are numbered when they are first read, one reader at a
time: whatever has a number was committed, and nothing is ever numbered before it.
"""

from __future__ import annotations

import json
from datetime import datetime
from importlib import import_module
from typing import Any
from uuid import UUID

import attrs

from ordercore.errors import ConflictError
from ordercore.services.command import STAFF, authorise
from ordercore.services.wiring import Wiring
from ordercore.stored.codec import converter
from ordercore.stored.commands import COMMANDS, COUNTERS, CommandRow, CounterRow
from ordercore.values.actor import Actor
from ordercore.values.criteria import Compare
from ordercore.values.events import Event
from ordercore.values.ids import CommandId
from ordercore.values.pages import Page, check_limit

FEED = "feed"
ROOMS = {
    "customer": "ordercore.customers.events",
    "order": "ordercore.orders.events",
    "merge": "ordercore.merging.events",
    "message": "ordercore.messaging.events",
    "list": "ordercore.shopping_lists.events",
    "lifecycle": "ordercore.lifecycle.events",
}
"""Where the events live whose tag begins so; a room is imported when one is read."""


@attrs.frozen(kw_only=True)
class Unreadable:
    """An event written by a release that this one cannot read; `data` is what it wrote."""

    tag: str
    version: int
    data: dict[str, Any]


@attrs.frozen(kw_only=True)
class Recorded:
    """One command that was carried out: who, when, on whom, and what happened.

    Attributes:
        number: Its place in the feed; the `after` of the next page.
        reason: Why, where the actor said so.
    """

    number: int
    id: CommandId
    verb: str
    actor: Actor
    reason: str | None = attrs.field(repr=False)
    at: datetime
    customer_id: UUID | None
    events: tuple[Event | Unreadable, ...]


def read_feed(wiring: Wiring, *, after: int, limit: int) -> Page[Recorded]:
    """Return the commands numbered after `after`, in order, numbering new ones first."""
    authorise(wiring.actor, "shop.events", STAFF)
    check_limit(limit)
    if wiring.store.owns_transactions:
        _number_new(wiring, limit)
    with wiring.store.reading() as rows:
        found = rows.find(
            COMMANDS, Compare("feed_no", "gt", after), order=("feed_no",), limit=limit
        )
    recorded = [_recorded(row) for row in found]
    return Page(recorded, str(recorded[-1].number) if recorded else None)


def _number_new(wiring: Wiring, limit: int) -> None:
    """Give the next numbers to commands that have none, while no other reader does."""
    transaction = wiring.store.begin()
    try:
        rows = transaction.rows
        counter = rows.get(COUNTERS, (FEED,), lock=True)
        if counter is None:
            counter = CounterRow(FEED, 0)
            rows.insert(COUNTERS, [counter])
        fresh = rows.where(COMMANDS, {"feed_no": 0}, order=("id",), limit=limit)
        for number, row in enumerate(fresh, start=counter.value + 1):
            rows.update(COMMANDS, row._replace(feed_no=number), expect={"feed_no": 0})
        if fresh:
            rows.adjust(COUNTERS, (FEED,), "value", len(fresh), floor=0)
        transaction.commit()
    except ConflictError:
        transaction.rollback()  # another reader is at it; what it numbers is read next time
    except BaseException:
        transaction.rollback()
        raise


def _recorded(row: CommandRow) -> Recorded:
    return Recorded(
        number=row.feed_no,
        id=CommandId(row.id),
        verb=row.verb,
        actor=Actor.parse(row.actor),
        reason=row.reason,
        at=row.at,
        customer_id=row.customer_id,
        events=tuple(_event(each) for each in json.loads(row.events)),
    )


def _event(stored: dict[str, Any]) -> Event | Unreadable:
    kind = event_classes(stored["tag"].partition(".")[0]).get((stored["tag"], stored["v"]))
    if kind is None:
        return Unreadable(tag=stored["tag"], version=stored["v"], data=stored["data"])
    event: Event = converter().structure(stored["data"], kind)
    return event


def event_classes(room: str) -> dict[tuple[str, int], type[Any]]:
    """Return the events of a room by tag and version."""
    if room not in ROOMS:
        return {}
    found = vars(import_module(ROOMS[room])).values()
    classes: list[Any] = [each for each in found if isinstance(getattr(each, "tag", None), str)]
    return {(each.tag, each.version): each for each in classes}
