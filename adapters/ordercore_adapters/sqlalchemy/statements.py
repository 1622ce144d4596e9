"""SQL text, compiled once per table, shape and dialect.

SQLAlchemy Core writes the SQL; what is executed is the finished text with
positional parameters. That is where two thirds of the cost of Core goes away.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs
import sqlalchemy as sa

from ordercore.stored.merging import MOVED
from ordercore.stored.table import Table
from ordercore_adapters.sqlalchemy.values import Travel

Params = tuple[Any, ...]
Edge = tuple[bool, ...] | None
"""Of a sort key to begin after, which values are NULL; None at the beginning."""
MOST = 2_000
"""Statements kept at a time: criteria come in any shape."""


@attrs.frozen
class Prepared:
    """SQL text, the names of its parameters in order, and those that never change."""

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]

    def params(self, values: Mapping[str, Any]) -> Params:
        """Return the values in the order of the text."""
        constants = self.constants
        if not constants:
            return tuple([values[name] for name in self.names])
        return tuple(constants[name] if name in constants else values[name] for name in self.names)


class Statements:
    """Everything that one set of tables says on one dialect."""

    def __init__(self, dialect: sa.Dialect, tables: Mapping[Table[Any], sa.Table]) -> None:
        self.tables: Mapping[Table[Any], sa.Table] = tables
        self.dialect_name: str = dialect.name
        style = "qmark" if dialect.name == "sqlite" else "format"
        kind: Any = type(dialect)
        self._dialect: sa.Dialect = kind(paramstyle=style)
        self._dialect.server_version_info = getattr(dialect, "server_version_info", None)
        self._cache: dict[Hashable, Prepared] = {}
        self._travel: dict[Table[Any], Travel] = {}

    def travel(self, table: Table[Any]) -> Travel:
        """Return how the values of a table travel."""
        found = self._travel.get(table)
        if found is None:
            found = self._travel[table] = Travel.of(table, self.dialect_name)
        return found

    def prepared(self, key: Hashable, build: Callable[[], sa.sql.ClauseElement]) -> Prepared:
        """Return the statement kept under `key`, compiled when it is first asked for."""
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= MOST:
                self._cache = {}
            compiled: Any = build().compile(dialect=self._dialect)
            names = tuple(compiled.positiontup or ())
            constants = {
                name: value for name, value in compiled.params.items() if value is not None
            }
            found = self._cache[key] = Prepared(str(compiled), names, constants)
        return found

    def read(self, table: Table[Any]) -> list[sa.ColumnElement[Any]]:
        """Return the columns of a row as they are read.

        PostgreSQL's instants are asked for in UTC: in the session's time zone the
        last hours of the year 9999 may be another year, which no driver can read.
        """
        here, zoned = self.tables[table], self.dialect_name == "postgresql"
        utc: sa.ColumnElement[str] = sa.literal_column("'UTC'", sa.String)
        return [
            sa.func.timezone(utc, here.c[column.name])
            if zoned and column.kind is datetime
            else here.c[column.name]
            for column in table.columns
        ]

    # ── one table, by key ──

    def insert(self, table: Table[Any], count: int = 1) -> Prepared:
        """INSERT of whole rows, parameters in the order of the columns, row after row."""

        def build() -> sa.Insert:
            here = self.tables[table]
            return (
                here.insert()
                .inline()
                .values(
                    [
                        {c.name: sa.bindparam(f"{c.name}_{at}", type_=c.type) for c in here.columns}
                        for at in range(count)
                    ]
                )
            )

        return self.prepared((table, "insert", count), build)

    def get(self, table: Table[Any], *, lock: bool) -> Prepared:
        """SELECT by key, FOR UPDATE on request (SQLite locks the file instead)."""

        def build() -> sa.Select[Any]:
            here = self.tables[table]
            found = sa.select(*self.read(table)).where(*self._equal(here, table.key))
            return found.with_for_update() if lock else found

        return self.prepared((table, "get", lock), build)

    def update(self, table: Table[Any], expect: tuple[str, ...]) -> Prepared:
        """UPDATE of every column but the key, if `expect` (`name` or `name?` for NULL) holds."""

        def build() -> sa.Update:
            here = self.tables[table]
            new: dict[str, Any] = {
                c.name: sa.bindparam(c.name) for c in here.columns if c.name not in table.key
            }
            new = new or {table.key[0]: here.c[table.key[0]]}
            where = self._equal(here, table.key, "")
            where += self._equal(here, expect, "was_")
            return here.update().where(*where).values(new)

        return self.prepared((table, "update", expect), build)

    def adjust(self, table: Table[Any], column: str) -> Prepared:
        """Conditional UPDATE of a number that lies between `low` and `high`."""

        def build() -> sa.Update:
            here = self.tables[table]
            by, low, high = (
                sa.bindparam(name, type_=sa.BigInteger) for name in ("by", "low", "high")
            )
            return (
                here.update()
                .where(*self._equal(here, table.key), here.c[column].between(low, high))
                .values({column: here.c[column] + by})
            )

        return self.prepared((table, "adjust", column), build)

    def delete(self, table: Table[Any]) -> Prepared:
        """DELETE by key."""

        def build() -> sa.Delete:
            here = self.tables[table]
            return here.delete().where(*self._equal(here, table.key))

        return self.prepared((table, "delete"), build)

    # ── many rows ──

    def among(
        self, table: Table[Any], column: str, values: Sequence[Any]
    ) -> tuple[Prepared, Params]:
        """SELECT where a column is one of these values; and the parameters.

        PostgreSQL takes several as an array. Elsewhere the last one is repeated up to
        the next power of two, so that few texts are ever prepared.
        """
        arrays = self.dialect_name == "postgresql" and len(values) > 1
        count = 0 if arrays else 1 << (len(values) - 1).bit_length()

        def build() -> sa.Select[Any]:
            here = self.tables[table]
            kind = here.c[column].type
            one_of = (
                here.c[column] == sa.any_(sa.bindparam("values", type_=sa.ARRAY(kind)))
                if arrays
                else here.c[column].in_([sa.bindparam(f"v{at}", type_=kind) for at in range(count)])
            )
            return sa.select(*self.read(table)).where(one_of).order_by(*self.ordering(table, ()))

        said = self.prepared((table, "among", column, count), build)
        if arrays:
            return said, (list(values),)
        return said, (*values, *[values[-1]] * (count - len(values)))

    def count(self, table: Table[Any], equal: tuple[str, ...]) -> Prepared:
        """SELECT the number of rows with equal columns."""

        def build() -> sa.Select[Any]:
            here = self.tables[table]
            return sa.select(sa.func.count()).select_from(here).where(*self._equal(here, equal))

        return self.prepared((table, "count", equal), build)

    def page(
        self,
        table: Table[Any],
        shape: Hashable,
        where: Callable[[sa.Table], Sequence[sa.ColumnElement[bool]]],
        *,
        order: tuple[str, ...],
        after: Edge,
        limit: bool,
    ) -> Prepared:
        """SELECT in order, from after a sort key, at most `limit` rows."""

        def build() -> sa.Select[Any]:
            here = self.tables[table]
            found = (
                sa.select(*self.read(table))
                .where(*where(here))
                .order_by(*self.ordering(table, order))
            )
            if after is not None:
                found = found.where(self._beyond(table, order, after))
            return found.limit(sa.bindparam("limit", type_=sa.Integer)) if limit else found

        return self.prepared((table, "page", shape, order, after, limit), build)

    def where(
        self,
        table: Table[Any],
        equal: tuple[str, ...],
        order: tuple[str, ...],
        after: Edge,
        limit: bool,
    ) -> Prepared:
        """SELECT by equal columns; names ending in `?` are NULL."""
        return self.page(
            table,
            equal,
            lambda here: self._equal(here, equal),
            order=order,
            after=after,
            limit=limit,
        )

    # ── merging ──

    def note_moved(self, table: Table[Any], column: str) -> Prepared:
        """INSERT INTO moved … SELECT the keys of a customer's rows."""

        def build() -> sa.Insert:
            here, moved = self.tables[table], self.tables[MOVED]
            merge = sa.bindparam("merge", type_=moved.c.merge_id.type)
            keys = sa.select(merge, sa.literal_column(f"'{table.name}'"), here.c.id).where(
                here.c[column] == sa.bindparam("old")
            )
            return moved.insert().from_select(["merge_id", "table_name", "row_id"], keys)

        return self.prepared((table, "note", column), build)

    def own(self, table: Table[Any], column: str, *, back: bool) -> Prepared:
        """UPDATE the owner of a customer's rows; `back` only of those noted under a merge."""

        def build() -> sa.Update:
            here, moved = self.tables[table], self.tables[MOVED]
            new: dict[str, Any] = {column: sa.bindparam("new")}
            if table.versioned:
                new["version"] = here.c.version + sa.text("1")
            found = here.update().where(here.c[column] == sa.bindparam("old")).values(new)
            if back:
                noted = sa.select(moved.c.row_id).where(
                    moved.c.merge_id == sa.bindparam("merge"),
                    moved.c.table_name == sa.literal_column(f"'{table.name}'"),
                )
                found = found.where(here.c.id.in_(noted))
            return found

        return self.prepared((table, "own", column, back), build)

    # ── pieces ──

    @staticmethod
    def _equal(
        here: sa.Table, names: Sequence[str], prefix: str = ""
    ) -> list[sa.ColumnElement[bool]]:
        return [
            here.c[name[:-1]].is_(None)
            if name.endswith("?")
            else here.c[name] == sa.bindparam(prefix + name)
            for name in names
        ]

    def ordering(self, table: Table[Any], order: Sequence[str]) -> list[sa.ColumnElement[Any]]:
        """Return the ORDER BY: the named columns, then the key; NULL comes first."""
        here = self.tables[table]
        clauses: list[sa.ColumnElement[Any]] = []
        for name, descending in steps(table, order):
            column = here.c[name]
            clause = column.desc() if descending else column.asc()
            if column.nullable and self.dialect_name == "postgresql":
                clause = clause.nulls_last() if descending else clause.nulls_first()
            clauses.append(clause)
        return clauses

    def _beyond(
        self, table: Table[Any], order: Sequence[str], nulls: tuple[bool, ...]
    ) -> sa.ColumnElement[bool]:
        """Say `comes after the sort key in a0, a1, …`, in a way that an index can be used."""
        here = self.tables[table]
        beyond: sa.ColumnElement[bool] | None = None
        first: sa.ColumnElement[bool] | None = None
        sorted_by = zip(steps(table, order), nulls, strict=True)
        for at, ((name, descending), null) in reversed(list(enumerate(sorted_by))):
            column, edge = here.c[name], sa.bindparam(f"a{at}", type_=here.c[name].type)
            further = _further(column, None if null else edge, descending)
            same = column.is_(None) if null else column == edge
            beyond = further if beyond is None else sa.or_(further, sa.and_(same, beyond))
            first = column <= edge if descending else column >= edge
            first = sa.true() if column.nullable else first
        assert beyond is not None and first is not None  # noqa: PT018, S101
        return sa.and_(first, beyond)


def _further(
    column: sa.Column[Any], edge: sa.BindParameter[Any] | None, descending: bool
) -> sa.ColumnElement[bool]:
    """Say that a column alone comes after an edge; NULL is below every value."""
    if edge is None:
        return sa.false() if descending else column.is_not(None)
    if not descending:
        return column > edge
    return sa.or_(column < edge, column.is_(None)) if column.nullable else column < edge


def steps(table: Table[Any], order: Sequence[str]) -> list[tuple[str, bool]]:
    """Return the sort columns with whether each descends: the named ones, then the key."""
    named = [(name.lstrip("-"), name.startswith("-")) for name in order]
    seen = {name for name, _ in named}
    return named + [(name, False) for name in table.key if name not in seen]
