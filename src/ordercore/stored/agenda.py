"""The agenda: when to look at a subject again. An index, never a fact."""

from __future__ import annotations

from typing import Annotated, NamedTuple
from uuid import UUID

from ordercore.stored.table import PLAIN, Code, Id, Instant, Number, table
from ordercore.values.times import NEVER


class WakeRow(NamedTuple):
    """One alarm: derived from its subject and saved with it."""

    subject_id: Id
    kind: Code
    due_at: Instant
    claim: Annotated[UUID | None, PLAIN] = None
    lease_until: Instant = NEVER
    attempts: Number = 0


WAKES = table(
    WakeRow,
    "wake",
    key="subject_id kind",
    indexes=("due_at",),
    volatile="claim lease_until attempts",
)
