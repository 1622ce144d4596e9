"""Rows to test with: valid ones of any declared table, told apart by a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings

from ordercore.stored.table import Column, R, Table, Text, Value
from ordercore.testing.clocks import START

EXAMPLES = settings(
    max_examples=max(20, settings().max_examples // 4),
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,  # each example is rolled back
        HealthCheck.differing_executors,  # each store's class inherits the test
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
"""How a property is tried on a store: a quarter of the examples that the profile asks for."""


def uuid_of(number: int) -> UUID:
    """Return an identifier; those of higher numbers are higher."""
    return UUID(int=0x018F << 112 | 7 << 76 | 2 << 62 | number)


def sample(table: Table[R], number: int, /, **given: Value) -> R:
    """Return a valid row of any declared table.

    Rows of different numbers differ in key and in every unique constraint; keys
    rise with the number. What may be NULL is, unless given.
    """
    values = [
        given[column.name] if column.name in given else _value(table, column, number)
        for column in table.columns
    ]
    make: Callable[[Sequence[Value]], R] = table.row._make  # type: ignore[attr-defined]
    row = make(values)
    table.check(row)
    return row


def samples(table: Table[R], count: int, /, **given: Value) -> list[R]:
    """Return rows numbered from 0, in the order of their keys."""
    return [sample(table, number, **given) for number in range(count)]


def changed(row: R, /, **values: Value) -> R:
    """Return the row with other values in some columns."""
    replace: Callable[..., R] = row._replace  # type: ignore[attr-defined]
    return replace(**values)


_KINDS: Mapping[type, Callable[[int], Any]] = {
    int: lambda number: number,
    bool: lambda _: False,
    UUID: uuid_of,
    bytes: lambda number: b"%d" % number,
    datetime: lambda number: START + timedelta(minutes=number),
}


def _value(table: Table[Any], column: Column, number: int) -> Value:
    if column.nullable and column.name not in table.key:
        return None
    if column.kind is str:
        told_apart = column.name in {*table.key, *(c for cs in table.uniques.values() for c in cs)}
        text = f"{number:08d}" if told_apart else "x"
        return text[: column.text.limit] if isinstance(column.text, Text) else text
    if column.kind in _KINDS:
        return _KINDS[column.kind](number)  # type: ignore[no-any-return]
    return (START + timedelta(days=number)).date()
