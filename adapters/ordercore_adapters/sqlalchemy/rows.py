"""The rows of one transaction on a connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import exc

from ordercore.errors import StaleError
from ordercore.stored.merging import MOVED
from ordercore.stored.table import INTEGER_LIMIT, Key, R, Table, Value
from ordercore.values.criteria import Criteria
from ordercore_adapters.sqlalchemy.criteria import criteria_sql, shape_of
from ordercore_adapters.sqlalchemy.driver import Answer, Driver, Params
from ordercore_adapters.sqlalchemy.faults import translated
from ordercore_adapters.sqlalchemy.statements import Statements, steps

BATCH = 500
"""Rows held at a time while streaming, and the most values of one IN."""
FEW = 8
"""The most rows that one INSERT spells out."""


class SqlRows:
    """Speaks finished SQL to one connection; knows no table by name.

    Attributes:
        failed: Whether a statement met an error: nothing of its transaction may be kept.
    """

    def __init__(self, driver: Driver, statements: Statements) -> None:
        self.failed: bool = False
        self._driver = driver
        self._say = statements

    def close(self) -> None:
        """Read and write no more."""
        self._driver.close()

    # ── reading ──

    def get(self, table: Table[R], key: Key, *, lock: bool = False) -> R | None:
        """Return the row with this key, locked until the transaction ends on request."""
        said = self._say.get(table, lock=lock)
        named = dict(zip(table.key, key, strict=True))
        found = self._rows(table, said.sql, said.params(self._bound(table, named)))
        return found[0] if found else None

    def where(
        self,
        table: Table[R],
        equal: Mapping[str, Value],
        *,
        order: Sequence[str] = (),
        after: Key | None = None,
        limit: int | None = None,
    ) -> list[R]:
        """Return the rows whose columns equal these values."""
        said = self._say.where(table, _shape(equal), tuple(order), _edge(after), limit is not None)
        values = self._bound(table, equal)
        if limit is not None or after is not None:
            values.update(self._paging(table, order, after, limit))
        return self._rows(table, said.sql, said.params(values))

    def among(self, table: Table[R], column: str, values: Sequence[Value]) -> list[R]:
        """Return the rows whose `column` is one of `values`, ordered by key."""
        travel = self._say.travel(table)
        wanted = [
            travel.value(column, value) for value in dict.fromkeys(values) if value is not None
        ]
        found: list[R] = self.where(table, {column: None}) if None in values else []
        for start in range(0, len(wanted), BATCH):
            said, params = self._say.among(table, column, wanted[start : start + BATCH])
            found += self._rows(table, said.sql, params)
        return found if len(values) == len(wanted) <= BATCH else sorted(found, key=table.key_of)

    def find(
        self,
        table: Table[R],
        criteria: Criteria,
        *,
        order: Sequence[str] = (),
        after: Key | None = None,
        limit: int | None = None,
    ) -> list[R]:
        """Return the rows that match the criteria."""
        compared: list[tuple[str, Value]] = []
        shape = shape_of(criteria, compared)
        said = self._say.page(
            table,
            ("find", shape),
            lambda here: [criteria_sql(criteria, here, self._say.dialect_name, [0])],
            order=tuple(order),
            after=_edge(after),
            limit=limit is not None,
        )
        travel = self._say.travel(table)
        values = {f"c{at}": travel.value(*pair) for at, pair in enumerate(compared)}
        values.update(self._paging(table, order, after, limit))
        return self._rows(table, said.sql, said.params(values))

    def count(self, table: Table[Any], equal: Mapping[str, Value]) -> int:
        """Return how many rows have columns that equal these values."""
        said = self._say.count(table, _shape(equal))
        found = self._execute(said.sql, said.params(self._bound(table, equal)))
        return int(found.fetchall()[0][0])

    def stream(self, table: Table[R]) -> Iterator[R]:
        """Yield every row, ordered by key, page by page."""
        after: Key | None = None
        while True:
            page = self.where(table, {}, after=after, limit=BATCH)
            yield from page
            if len(page) < BATCH:
                return
            after = table.key_of(page[-1])

    # ── writing ──

    def insert(self, table: Table[R], rows: Sequence[R]) -> None:
        """Add rows, in one call of the driver: a few as one statement, many as a batch."""
        if not rows:
            return
        bind = self._say.travel(table).bind
        if len(rows) <= FEW:
            said = self._say.insert(table, len(rows))
            self._execute(said.sql, tuple(chain.from_iterable(map(bind, rows))))
            return
        try:
            self._driver.execute_many(self._say.insert(table).sql, [bind(row) for row in rows])
        except exc.DBAPIError as error:
            self.failed = True
            raise translated(error, self._say) from None

    def update(self, table: Table[R], row: R, *, expect: Mapping[str, Value]) -> None:
        """Replace the row of the same key, if its columns still are as expected."""
        said = self._say.update(table, _shape(expect))
        travel = self._say.travel(table)
        values = dict(zip(table.at, travel.bind(row), strict=True))
        values.update({f"was_{name}": travel.value(name, want) for name, want in expect.items()})
        if self._execute(said.sql, said.params(values)).rowcount != 1:
            self._refuse_stale(table)

    def adjust(self, table: Table[Any], key: Key, column: str, by: int, *, floor: int) -> bool:
        """Add `by` to a whole number, unless it would fall below `floor` or leave 64 bits."""
        low, high = max(floor - by, -INTEGER_LIMIT), min(INTEGER_LIMIT - by, INTEGER_LIMIT)
        if low > high:
            return False
        said = self._say.adjust(table, column)
        values = self._bound(table, dict(zip(table.key, key, strict=True)))
        values.update(by=by, low=low, high=high)
        return self._execute(said.sql, said.params(values)).rowcount == 1

    def delete(self, table: Table[Any], keys: Sequence[Key]) -> int:
        """Remove rows by key and return how many there were."""
        said = self._say.delete(table)
        count = 0
        for key in keys:
            values = self._bound(table, dict(zip(table.key, key, strict=True)))
            count += self._execute(said.sql, said.params(values)).rowcount
        return count

    def repoint(self, table: Table[Any], column: str, old: UUID, new: UUID, *, merge: UUID) -> int:
        """Give the rows of one customer to another: one INSERT … SELECT, one UPDATE."""
        values = self._merging(column, old, new, merge, table)
        note = self._say.note_moved(table, column)
        own = self._say.own(table, column, back=False)
        noted = self._execute(note.sql, note.params(values)).rowcount
        moved = self._execute(own.sql, own.params(values)).rowcount
        if noted != moved:
            self._refuse_stale(table)
        return moved

    def repoint_back(
        self, table: Table[Any], column: str, old: UUID, new: UUID, *, merge: UUID
    ) -> int:
        """Undo `repoint` for the rows noted under `merge` that still are with `new`."""
        own = self._say.own(table, column, back=True)
        values = self._merging(column, new, old, merge, table)
        return self._execute(own.sql, own.params(values)).rowcount

    # ── inside ──

    def _execute(self, sql: str, params: Params) -> Answer:
        try:
            return self._driver.execute(sql, params)
        except exc.DBAPIError as error:
            self.failed = True
            raise translated(error, self._say) from None

    def _refuse_stale(self, table: Table[Any]) -> NoReturn:
        self.failed = True
        raise StaleError("store.stale", table=table.name)

    def _rows(self, table: Table[R], sql: str, params: Params) -> list[R]:
        return self._say.travel(table).rows(self._execute(sql, params).fetchall())

    def _bound(self, table: Table[Any], named: Mapping[str, Value]) -> dict[str, Any]:
        travel = self._say.travel(table)
        return {name: travel.value(name, value) for name, value in named.items()}

    def _paging(
        self, table: Table[Any], order: Sequence[str], after: Key | None, limit: int | None
    ) -> dict[str, Any]:
        travel = self._say.travel(table)
        names = [name for name, _ in steps(table, order)]
        pairs = zip(names, after, strict=True) if after is not None else ()
        return {"limit": limit} | {
            f"a{at}": travel.value(name, value) for at, (name, value) in enumerate(pairs)
        }

    def _merging(
        self, column: str, old: UUID, new: UUID, merge: UUID, table: Table[Any]
    ) -> dict[str, Any]:
        travel, moved = self._say.travel(table), self._say.travel(MOVED)
        return {
            "old": travel.value(column, old),
            "new": travel.value(column, new),
            "merge": moved.value("merge_id", merge),
        }


def _edge(after: Key | None) -> tuple[bool, ...] | None:
    """Return which values of a sort key are NULL: they are said in other words."""
    return None if after is None else tuple(value is None for value in after)


def _shape(equal: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the names of the columns, NULL marked with `?`."""
    return tuple([f"{name}?" if value is None else name for name, value in equal.items()])
