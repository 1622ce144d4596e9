"""The outbox: errands that need a wire, written with the change that caused them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from ordercore.stored.table import (
    ERASE,
    PLAIN,
    Code,
    Document,
    Id,
    Instant,
    Number,
    OnMerge,
    Owner,
    Text,
    table,
)
from ordercore.values.times import NEVER

QUEUED, SENT, DEAD = "queued", "sent", "dead"
STATES = (QUEUED, SENT, DEAD)
"""Queued errands have a `due_at` and are emptied by the claim; the other two are ends."""


class ErrandRow(NamedTuple):
    """One message to one recipient. Its id is the Message-ID."""

    id: Id
    command_id: Id
    customer_id: Annotated[UUID | None, PLAIN, Owner(OnMerge.MOVE)]
    channel: Code
    kind: Code
    audience: Code
    purpose: Code
    language: Annotated[str, Text(35), PLAIN]
    recipient: Annotated[str, Text(254), ERASE]
    recipient_name: Annotated[str, Text(200), ERASE]
    subject: Annotated[str, Text(500), ERASE]
    text: Annotated[str, Document(), ERASE]
    html: Annotated[str | None, Document(), ERASE]
    proof_id: Annotated[UUID | None, PLAIN]
    created_at: Instant
    state: Code
    due_at: Annotated[datetime | None, PLAIN]
    settled_at: Annotated[datetime | None, PLAIN] = None
    fault: Annotated[str | None, Text(300), PLAIN] = None
    claim: Annotated[UUID | None, PLAIN] = None
    lease_until: Instant = NEVER
    attempts: Number = 0


ERRANDS = table(
    ErrandRow,
    "errand",
    key="id",
    uniques={"uq_errand_once": "command_id kind channel recipient"},
    indexes=("due_at", "customer_id created_at id", "state settled_at"),
    volatile="claim lease_until attempts",
)
