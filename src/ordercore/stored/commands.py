"""The command row: audit, events and idempotency in one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NamedTuple

from ordercore.stored.table import (
    ERASE,
    PLAIN,
    Code,
    CustomerStays,
    Document,
    Id,
    Instant,
    Number,
    Text,
    table,
)


class CommandRow(NamedTuple):
    """One command that was carried out.

    `feed_no` is 0 until the feed has been read so far. At `forget_at` the
    idempotency key and the stored result are dropped; the rest stays.
    """

    id: Id
    verb: Code
    actor: Annotated[str, Text(200), PLAIN]
    reason: Annotated[str | None, Text(500), ERASE]
    at: Instant
    customer_id: CustomerStays
    idempotency_key: Annotated[str | None, Text(120), PLAIN]
    fingerprint: Annotated[str | None, Text(64), PLAIN]
    events: Annotated[str, Document(), PLAIN]
    errands: Number
    result: Annotated[str | None, Document(), ERASE]
    forget_at: Annotated[datetime | None, PLAIN]
    feed_no: Number = 0


COMMANDS = table(
    CommandRow,
    "command",
    key="id",
    uniques={"uq_command_key": "actor idempotency_key"},
    indexes=("customer_id at", "feed_no id", "forget_at"),
    volatile="feed_no",
)


class CounterRow(NamedTuple):
    """A number that only rises."""

    name: Code
    value: Number


COUNTERS = table(CounterRow, "counter", key="name", volatile="value")
