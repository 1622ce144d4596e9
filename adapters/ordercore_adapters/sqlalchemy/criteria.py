"""Criteria as SQL, with the answers that `ordercore.values.criteria.matches` gives."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import Grouping

from ordercore.stored.table import Value
from ordercore.values.criteria import Compare, Criteria, Every, Missing, Not, Some


def shape_of(node: Criteria, values: list[tuple[str, Value]]) -> Hashable:
    """Return the criteria without their values, which are appended to `values`."""
    match node:
        case Compare(column, op, value):
            values.append((column, value))
            if op == "prefix":
                after = next_prefix(str(value))
                values.append((column, after))
                return (op, column, after is None)
            return (op, column)
        case Missing(column):
            return ("missing", column)
        case Not(inner):
            return ("not", shape_of(inner, values))
        case Every(nodes):
            return ("every", tuple(shape_of(each, values) for each in nodes))
        case Some(nodes):
            return ("some", tuple(shape_of(each, values) for each in nodes))


def next_prefix(text: str) -> str | None:
    """Return the least text above every text with this prefix; None where there is none."""
    for at in range(len(text) - 1, -1, -1):
        code = ord(text[at])
        if code < 0x10FFFF:
            step = 0xE000 if code == 0xD7FF else code + 1
            return text[:at] + chr(step)
    return None


def criteria_sql(
    node: Criteria, here: sa.Table, dialect: str, counter: list[int]
) -> sa.ColumnElement[bool]:
    """Return criteria as SQL with parameters `c0`, `c1`, … in the order of `shape_of`.

    Every comparison says `is not null`, so that NOT stays two-valued.
    """
    match node:
        case Compare(column, op, value):
            return _compared(here.c[column], op, value, dialect, counter)
        case Missing(column):
            return here.c[column].is_(None)
        case Not(inner):
            return sa.not_(criteria_sql(inner, here, dialect, counter).self_group())
        case Every(nodes):
            return sa.and_(
                sa.true(), *(_Apart(criteria_sql(each, here, dialect, counter)) for each in nodes)
            )
        case Some(nodes):
            return sa.or_(
                sa.false(), *(_Apart(criteria_sql(each, here, dialect, counter)) for each in nodes)
            )


class _Apart(Grouping[bool]):
    """Keeps its parentheses: SQLAlchemy would write `(a AND b) AND c` as one chain.

    SQLite refuses a chain of more than a thousand links, and a comparison has three.
    """

    inherit_cache = True
    operator = None


_OPERATORS: Mapping[str, Callable[[Any, Any], sa.ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "lt": lambda column, value: column < value,
    "le": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "ge": lambda column, value: column >= value,
}


def _compared(
    column: sa.Column[Any], op: str, value: object, dialect: str, counter: list[int]
) -> sa.ColumnElement[bool]:
    def bind() -> sa.BindParameter[Any]:
        counter[0] += 1
        return sa.bindparam(f"c{counter[0] - 1}", type_=column.type)

    present = column.is_not(None)
    if op == "contains":
        find = sa.func.strpos if dialect == "postgresql" else sa.func.instr
        return sa.and_(present, find(column, bind()) > sa.text("0"))
    if op == "prefix":
        low, high = column >= bind(), column < bind()
        bounded = low if next_prefix(str(value)) is None else sa.and_(low, high)
        return sa.and_(present, bounded)
    return sa.and_(present, _OPERATORS[op](column, bind()))
