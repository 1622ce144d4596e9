"""Criteria: five kinds of node, with the same answer in memory and in SQL.

A comparison with a column that is NULL is false, so NOT is two-valued. Text
compares by code point. There is no pattern language: `prefix` and `contains`
take their text literally.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

import attrs

from ordercore.errors import InvalidValueError
from ordercore.values.text import check_text, excerpt, masked
from ordercore.values.times import instant

Comparable = str | int | bool | datetime | date | UUID
DEEPEST: Final = 40
"""How deep criteria nest."""
MOST: Final = 500
"""The most nodes in all: SQLite's expression trees end at 1000."""
LONGEST: Final = 4000
"""The most characters of a text to compare with."""
OPS: Final = ("eq", "lt", "le", "gt", "ge", "prefix", "contains")


def _known_op(_: object, __: object, op: str) -> None:
    if op not in OPS:
        raise InvalidValueError("criteria.op", op=excerpt(op), known=list(OPS))


def _shown(value: Comparable) -> str:
    return masked(value) if isinstance(value, str) else repr(value)


@attrs.frozen
class Compare:
    """A column against a value: `eq`, `lt`, `le`, `gt`, `ge`, `prefix` or `contains`.

    What is searched for may be personal: text prints masked.
    """

    column: str
    op: str = attrs.field(validator=_known_op)
    value: Comparable = attrs.field(repr=_shown)


@attrs.frozen
class Missing:
    """The column holds nothing (NULL)."""

    column: str


@attrs.frozen
class Not:
    """The opposite."""

    node: Criteria


@attrs.frozen(init=False)
class Every:
    """All hold; true when there are none."""

    nodes: tuple[Criteria, ...]

    def __init__(self, *nodes: Criteria) -> None:
        object.__setattr__(self, "nodes", nodes)  # the class is frozen


@attrs.frozen(init=False)
class Some:
    """At least one holds; false when there are none."""

    nodes: tuple[Criteria, ...]

    def __init__(self, *nodes: Criteria) -> None:
        object.__setattr__(self, "nodes", nodes)  # the class is frozen


Criteria = Compare | Missing | Not | Every | Some

_OPS: Mapping[str, Callable[[object, object], bool]] = {
    "eq": lambda have, want: have == want,
    "lt": lambda have, want: have < want,  # type: ignore[operator]
    "le": lambda have, want: have <= want,  # type: ignore[operator]
    "gt": lambda have, want: have > want,  # type: ignore[operator]
    "ge": lambda have, want: have >= want,  # type: ignore[operator]
    "prefix": lambda have, want: str(have).startswith(str(want)),
    "contains": lambda have, want: str(want) in str(have),
}


def matches(node: Criteria, read: Callable[[str], object]) -> bool:
    """Tell whether a row fits.

    Args:
        node: The criteria.
        read: Returns the row's value of a column.
    """
    match node:
        case Compare(column, op, value):
            have = read(column)
            return have is not None and _OPS[op](have, value)
        case Missing(column):
            return read(column) is None
        case Not(inner):
            return not matches(inner, read)
        case Every(nodes):
            return all(matches(each, read) for each in nodes)
        case Some(nodes):
            return any(matches(each, read) for each in nodes)


def check_criteria(
    node: Criteria, *, table: str, kinds: Mapping[str, type], depth: int = 0
) -> None:
    """Refuse an unknown column, a value that no row could hold, and trees without end.

    Args:
        node: The criteria.
        table: The name that an error says.
        kinds: The Python type of each column.
        depth: How deep `node` stands.

    Raises:
        InvalidValueError: `criteria.column`, `criteria.value`, `criteria.too_deep`,
            `criteria.too_many`, or what is wrong with the value itself.
    """
    todo: list[tuple[object, int]] = [(node, depth)]
    seen = 0
    while todo:
        each, level = todo.pop()
        seen += 1
        if level > DEEPEST:
            raise InvalidValueError("criteria.too_deep", limit=DEEPEST)
        if seen > MOST:
            raise InvalidValueError("criteria.too_many", limit=MOST)
        match each:
            case Compare(column, op, value):
                _check_value(column, op, value, _kind(column, table, kinds))
            case Missing(column):
                _kind(column, table, kinds)
            case Not(inner):
                todo.append((inner, level + 1))
            case Every(nodes) | Some(nodes):
                todo.extend((inner, level + 1) for inner in nodes)
            case _:
                got = type(each).__name__
                raise InvalidValueError(
                    "value.type", field="criteria", expected="a criterion", got=got
                )


def _kind(column: str, table: str, kinds: Mapping[str, type]) -> type:
    if column not in kinds:
        raise InvalidValueError("criteria.column", table=table, column=excerpt(column, 60))
    return kinds[column]


def _check_value(column: str, op: str, value: Comparable, kind: type) -> None:
    textual = op not in ("prefix", "contains") or kind is str
    if type(value) is not kind or not textual:
        got = f"{op} {type(value).__name__}"
        raise InvalidValueError("criteria.value", column=column, got=got)
    if isinstance(value, str):
        check_text(value, field=column, limit=LONGEST, multiline=True)
    elif isinstance(value, datetime):
        instant(value, field=column)
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise InvalidValueError("number.range", field=column, reason="does not fit 64 bits")
