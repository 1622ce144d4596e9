"""Merges and their journal: what is needed to undo one exactly."""

from __future__ import annotations

from typing import Annotated, NamedTuple
from uuid import UUID

from ordercore.stored.table import (
    ERASE,
    PLAIN,
    Code,
    Document,
    Id,
    Instant,
    OnMerge,
    Owner,
    Text,
    Version,
    table,
)


class MergeRow(NamedTuple):
    """One merge: the loser became part of the survivor."""

    id: Id
    survivor_id: Annotated[UUID, PLAIN, Owner(OnMerge.STAY)]
    loser_id: Annotated[UUID, PLAIN, Owner(OnMerge.STAY)]
    status: Code
    applied_at: Instant
    applied_by: Annotated[str, Text(200), PLAIN]
    reason: Annotated[str, Text(500), ERASE]
    journal: Annotated[str, Document(), ERASE]
    version: Version


MERGES = table(MergeRow, "merge", key="id", indexes=("survivor_id", "loser_id"), versioned=True)


class MovedRow(NamedTuple):
    """One row that a merge gave to the survivor."""

    merge_id: Id
    table_name: Code
    row_id: Id


MOVED = table(MovedRow, "moved", key="merge_id table_name row_id", part_of=MERGES)
