"""Every declared table, in the order in which rows may be written."""

from __future__ import annotations

from typing import Any

from ordercore.stored.agenda import WAKES
from ordercore.stored.commands import COMMANDS, COUNTERS
from ordercore.stored.customers import ADDRESSES, CUSTOMERS
from ordercore.stored.lifecycle import LIFESPANS, REMINDERS
from ordercore.stored.merging import MERGES, MOVED
from ordercore.stored.orders import LINES, ORDERS, PARCELS, PAYMENTS
from ordercore.stored.outbox import ERRANDS
from ordercore.stored.proofs import PROOF_TOKENS, PROOFS
from ordercore.stored.shopping_lists import LIST_LINES, LISTS, OCCURRENCES
from ordercore.stored.table import Column, Table

TABLES: tuple[Table[Any], ...] = (
    COMMANDS,
    COUNTERS,
    CUSTOMERS,
    ADDRESSES,
    ORDERS,
    LINES,
    PAYMENTS,
    PARCELS,
    LISTS,
    LIST_LINES,
    OCCURRENCES,
    LIFESPANS,
    REMINDERS,
    MERGES,
    MOVED,
    WAKES,
    ERRANDS,
    PROOFS,
    PROOF_TOKENS,
)


def columns(prefix: str = "") -> list[tuple[str, Column]]:
    """Return each column with the name of its table: its owner, merge and privacy class."""
    return [(prefix + table.name, column) for table in TABLES for column in table.columns]
