"""What must hold of every declared table; each rule returns what is wrong, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from ordercore.stored.customers import CUSTOMERS
from ordercore.stored.table import PLAIN, Column, OnMerge, Privacy, Table

Rule = Callable[[Table[Any]], Iterator[str]]
CLAIMED = {"due_at", "claim", "lease_until", "attempts"}
"""What `Claims` needs of a table that it hands out rows of."""


def personal(column: Column) -> bool:
    """Tell whether a column is personal: to be erased, or retained by law."""
    return column.privacy is not None and column.privacy.word in ("erase", "retain")


def unclassified(table: Table[Any]) -> Iterator[str]:
    """Each column says whether it is personal; what is retained says why."""
    for column in table.columns:
        if not isinstance(column.privacy, Privacy):
            yield f"{table.name}.{column.name} has no privacy class"
        elif column.privacy.word == "retain" and not column.privacy.why:
            yield f"{table.name}.{column.name} is retained for no reason"
        elif column.privacy.word not in ("plain", "erase", "retain"):
            yield f"{table.name}.{column.name} has an unknown privacy class"


def unowned(table: Table[Any]) -> Iterator[str]:
    """Erasure finds personal columns through the owner of the row, or of the root it is part of."""
    root = table
    while root.part_of is not None and not root.owners:
        root = root.part_of
    owned = bool(root.owners) or root is CUSTOMERS
    if not owned and any(personal(column) for column in table.columns):
        yield f"{table.name} is personal, and neither it nor its root names an owner"


def unmarked_owner(table: Table[Any]) -> Iterator[str]:
    """A column that names a customer is an owner, and every owner says what a merge does."""
    for column in table.columns:
        if column.name.endswith("customer_id") and column.owner is None:
            yield f"{table.name}.{column.name} names a customer and is no owner"
        rule: object = column.owner.on_merge if column.owner is not None else OnMerge.STAY
        if not isinstance(rule, OnMerge):
            yield f"{table.name}.{column.name} has no merge rule"
        if column.owner is not None and column.kind is not UUID:
            yield f"{table.name}.{column.name} owns and is no id"


def immovable(table: Table[Any]) -> Iterator[str]:
    """A merge notes each row that it moves by one id, and so can find it again."""
    moves = any(c.owner and c.owner.on_merge is OnMerge.MOVE for c in table.columns)
    kinds = [table.kinds.get(name) for name in table.key]
    if moves and (table.key != ("id",) or kinds != [UUID]):
        yield f"{table.name} moves when customers merge, and its key is not one UUID `id`"


def unbounded_text(table: Table[Any]) -> Iterator[str]:
    """A text says how long it may be, or that it is a document."""
    for column in table.columns:
        if column.kind is str and column.text is None:
            yield f"{table.name}.{column.name} is neither a Text nor a Document"
        if column.kind is not str and column.text is not None:
            yield f"{table.name}.{column.name} is no text"


def incoherent(table: Table[Any]) -> Iterator[str]:
    """Keys, constraints and indexes speak of columns that are there; claims have what they need."""
    names = set(table.at)
    for columns in (table.key, *table.uniques.values(), *table.indexes, tuple(table.volatile)):
        if unknown := set(columns) - names:
            yield f"{table.name} has no {', '.join(sorted(unknown))}"
    for name in table.uniques:
        if not name.startswith("uq_"):
            yield f"{table.name}: {name} does not begin with uq_"
    if any(column.nullable and column.name in table.key for column in table.columns):
        yield f"{table.name}: a part of the key may be missing"
    if table.versioned != ("version" in names):
        yield f"{table.name} has a version that nobody reads, or none to be read"
    if "claim" in names and not names >= CLAIMED:
        yield f"{table.name} cannot be claimed"
    if table.part_of is not None and table.kinds.get(table.key[0]) is not UUID:
        yield f"{table.name}: the key of a part begins with the id of its root"


RULES: Sequence[Rule] = (
    unclassified,
    unowned,
    unmarked_owner,
    immovable,
    unbounded_text,
    incoherent,
)


def faults(tables: Iterable[Table[Any]]) -> list[str]:
    """Return everything that is wrong with these tables."""
    return [fault for table in tables for rule in RULES for fault in rule(table)]


def by_room(tables: Iterable[Table[Any]]) -> set[str]:
    """Return the owner columns for which a room decides in explicit code."""
    return {
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.owners
        if column.owner and column.owner.on_merge is OnMerge.BY_ROOM
    }


def is_plain(column: Column) -> bool:
    """Tell whether a column may stand in a log."""
    return column.privacy == PLAIN
