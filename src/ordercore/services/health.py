"""Whether the shop is wired well and its workers keep up: data for a health route."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs

from ordercore.services.command import STAFF, authorise
from ordercore.services.wiring import Wiring
from ordercore.stored.agenda import WAKES
from ordercore.stored.outbox import DEAD, ERRANDS
from ordercore.stored.table import Table
from ordercore.values.criteria import Compare
from ordercore.values.times import NEVER


@attrs.frozen(kw_only=True)
class Health:
    """What a health route shows.

    Attributes:
        problems: What is wired wrongly, in words; empty when all is well.
        oldest_due_at: When the oldest alarm not yet answered was due; None without one.
        oldest_errand_at: The same for messages that wait to be delivered.
        dead_errands: How many messages were given up.
    """

    problems: tuple[str, ...]
    oldest_due_at: datetime | None
    oldest_errand_at: datetime | None
    dead_errands: int


def check(wiring: Wiring) -> Health:
    """Look at the wiring, the schema and the two queues."""
    authorise(wiring.actor, "shop.check", STAFF)
    schema = wiring.store.check()
    if schema:
        return Health(
            problems=tuple(schema), oldest_due_at=None, oldest_errand_at=None, dead_errands=0
        )
    now = wiring.clock.now()
    with wiring.store.reading() as rows:
        return Health(
            problems=tuple(_wired_wrongly(wiring)),
            oldest_due_at=_oldest(rows, WAKES, now),
            oldest_errand_at=_oldest(rows, ERRANDS, now),
            dead_errands=rows.count(ERRANDS, {"state": DEAD}),
        )


def _oldest(rows: Any, table: Table[Any], now: datetime) -> datetime | None:
    due = rows.find(table, Compare("due_at", "le", now), order=("due_at",), limit=1)
    return due[0].due_at if due and due[0].due_at > NEVER else None


def _wired_wrongly(wiring: Wiring) -> Iterator[str]:
    channels = [notifier.channel for notifier in wiring.notifiers]
    for channel in sorted(set(channels)):
        if channels.count(channel) > 1:
            yield f"{channels.count(channel)} notifiers carry {channel}; one is asked"
    if not channels:
        yield "no notifier is wired: messages wait"
    if wiring.catalog is None:
        yield "no catalogue is wired: lines need prices of their own"
