"""Writes the page of stored tables: `python -m tests.docs.tables > docs/reference/tables.md`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ordercore.stored.schema import TABLES
from ordercore.stored.table import Column, Table, Text

INTRODUCTION = """\
# Stored tables

Every table that ordercore keeps, without the prefix (`oc_` unless the host chose another).
Names of tables and columns are promises; a migration may add some, never rename them. The page
is written from the declarations in `ordercore.stored`, from which the SQL tables, the memory
store, the length checks, merging, `snapshot` and `verify` are made as well.

**Privacy** is the class of a column: *plain* is not personal, *erase* is personal and emptied
when a customer is erased, *retain* is personal and kept because a law says so. No value of the
latter two is ever printed: rows mask them in their `repr`.

**On merge** says what becomes of the rows of a customer who is merged into another: *move*, they
become the survivor's and the journal notes each; *stay*, they are history and keep the id, which
leads to the survivor.

A table that is *part of* another is written and read together with its root. *Volatile* columns
come and go with work in progress and are no part of a snapshot.
"""

KINDS = {
    int: "whole number, 64 bits",
    bool: "truth value",
    UUID: "UUID",
    datetime: "instant, UTC, microseconds",
    date: "day",
    bytes: "bytes",
}


def page() -> str:
    """Return the page as it ought to be."""
    lines = [INTRODUCTION]
    for table in TABLES:
        lines += _table(table)
    return "\n".join(lines).rstrip() + "\n"


def _table(table: Table[Any]) -> Iterator[str]:
    yield from (f"## `{table.name}`", "", str(inspect.getdoc(table.row)), "")
    yield from (f"- {word}: {said}" for word, said in _facts(table))
    yield from ("", "| column | holds | privacy | on merge |", "|---|---|---|---|")
    yield from (_column(column) for column in table.columns)
    yield ""


def _facts(table: Table[Any]) -> Iterator[tuple[str, str]]:
    yield "key", _names(table.key)
    for name, columns in table.uniques.items():
        yield f"unique `{name}`", _names(columns)
    if table.indexes:
        yield "indexes", "; ".join(map(_names, table.indexes))
    if table.part_of is not None:
        yield "part of", f"`{table.part_of.name}`"
    if table.versioned:
        yield "versioned", "an update names the version that it replaces"
    if table.volatile:
        yield "volatile", _names(tuple(sorted(table.volatile)))


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


def _column(column: Column) -> str:
    holds = _holds(column) + (", or nothing" if column.nullable else "")
    privacy = "" if column.privacy is None else column.privacy.word
    if column.privacy is not None and column.privacy.why:
        privacy += f" ({column.privacy.why})"
    merge = "" if column.owner is None else column.owner.on_merge.value.replace("_", " ")
    return f"| `{column.name}` | {holds} | {privacy} | {merge} |"


def _holds(column: Column) -> str:
    if column.kind is not str:
        return KINDS[column.kind]
    if not isinstance(column.text, Text):
        return "text of any length"
    lines = ", several lines" if column.text.multiline else ""
    return f"text, at most {column.text.limit}{lines}"


if __name__ == "__main__":
    print(page(), end="")
