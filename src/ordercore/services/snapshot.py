"""The whole logical state as canonical JSON: equal on every store, byte for byte."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ordercore.services.command import STAFF, authorise
from ordercore.services.wiring import Wiring
from ordercore.stored.codec import canonical
from ordercore.stored.schema import TABLES
from ordercore.stored.table import Table


def snapshot(wiring: Wiring) -> str:
    """Return every row of every table, by key; columns of work in progress left out."""
    authorise(wiring.actor, "shop.snapshot", STAFF)
    with wiring.store.reading() as rows:
        state = {table.name: [_row(table, row) for row in rows.stream(table)] for table in TABLES}
    return canonical(state)


def _row(table: Table[Any], row: Any) -> dict[str, Any]:
    return {
        name: _plain(row[place]) for name, place in table.at.items() if name not in table.volatile
    }


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value
