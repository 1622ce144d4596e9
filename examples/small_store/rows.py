"""The rows of one transaction: plain dictionaries, copied before they are written to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cmp_to_key
from typing import Any, NoReturn
from uuid import UUID

from ordercore.errors import ConflictError, DuplicateError, SetupError, StaleError
from ordercore.stored.merging import MOVED, MovedRow
from ordercore.stored.table import INTEGER_LIMIT, Key, R, Table, Value
from ordercore.values.criteria import Compare, Criteria, Every, Missing, Some, matches

Changed = Mapping[str, Mapping[Key, Any]]
"""The rows that were written, by the name of their table and by key; None where deleted."""
State = Mapping[str, dict[Key, Any]]
"""The rows of each table by key. A committed state is replaced, never changed."""


class JournalRows:
    """The rows of one transaction: copies of the tables that it has written to."""

    def __init__(self, state: State) -> None:
        self._state: dict[str, dict[Key, Any]] = dict(state)
        self.changed: dict[str, dict[Key, Any]] = {}
        self.conflict: ConflictError | None = None
        self.closed = False

    # ── reading ──

    def get(self, table: Table[R], key: Key, *, lock: bool = False) -> R | None:  # noqa: ARG002
        """Return the row with this key; the whole store is locked already."""
        return self._of(table).get(key)

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
        return self.find(table, _equal(equal), order=order, after=after, limit=limit)

    def among(self, table: Table[R], column: str, values: Sequence[Value]) -> list[R]:
        """Return the rows whose `column` is one of `values`, ordered by key."""
        return self.find(table, Some(*(_equal({column: value}) for value in values)))

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
        ordering = Ordering(table, order)
        found = [row for row in self._of(table).values() if _fits(table, criteria, row)]
        found.sort(key=cmp_to_key(lambda a, b: ordering.compare(ordering.key(a), ordering.key(b))))
        if after is not None:
            found = [row for row in found if ordering.compare(ordering.key(row), after) > 0]
        return found[:limit]

    def count(self, table: Table[Any], equal: Mapping[str, Value]) -> int:
        """Return how many rows have columns that equal these values."""
        return len(self.where(table, equal))

    def stream(self, table: Table[R]) -> Iterator[R]:
        """Yield every row, ordered by key."""
        for key in sorted(self._of(table)):
            yield self._of(table)[key]

    # ── writing ──

    def insert(self, table: Table[R], rows: Sequence[R]) -> None:
        """Add rows."""
        for row in rows:
            if table.key_of(row) in self._of(table):
                self._refuse(DuplicateError("store.duplicate", constraint=f"{table.name}.key"))
            self._put(table, row)

    def update(self, table: Table[R], row: R, *, expect: Mapping[str, Value]) -> None:
        """Replace the row of the same key, if its columns still are as expected."""
        have = self.get(table, table.key_of(row))
        if have is None or any(have[table.at[name]] != want for name, want in expect.items()):
            self._refuse(StaleError("store.stale", table=table.name))
        self._put(table, row)

    def adjust(self, table: Table[Any], key: Key, column: str, by: int, *, floor: int) -> bool:
        """Add `by` to a whole number, unless it would fall below `floor`."""
        row = self.get(table, key)
        if row is None or not floor <= row[table.at[column]] + by <= INTEGER_LIMIT:
            return False
        self._put(table, row._replace(**{column: row[table.at[column]] + by}))
        return True

    def delete(self, table: Table[Any], keys: Sequence[Key]) -> int:
        """Remove rows by key and return how many there were."""
        there = {key for key in keys if key in self._of(table)}
        for key in there:
            self._write(table, key, None)
        return len(there)

    def repoint(self, table: Table[Any], column: str, old: UUID, new: UUID, *, merge: UUID) -> int:
        """Give the rows of one customer to another, noting each under `merge`."""
        rows = self.where(table, {column: old})
        self.insert(MOVED, [MovedRow(merge, table.name, row.id) for row in rows])
        return self._give(table, column, rows, new)

    def repoint_back(
        self, table: Table[Any], column: str, old: UUID, new: UUID, *, merge: UUID
    ) -> int:
        """Undo `repoint` for the rows noted under `merge` that still are with `new`."""
        noted = self.where(MOVED, {"merge_id": merge, "table_name": table.name})
        moved = {note.row_id for note in noted}
        rows = [row for row in self.where(table, {column: new}) if row.id in moved]
        return self._give(table, column, rows, old)

    def _give(self, table: Table[Any], column: str, rows: list[Any], owner: UUID) -> int:
        for row in rows:
            newer = {"version": row.version + 1} if table.versioned else {}
            self._put(table, row._replace(**{column: owner}, **newer))
        return len(rows)

    # ── inside ──

    def _of(self, table: Table[Any]) -> dict[Key, Any]:
        if self.closed:
            raise SetupError("setup.closed")
        return self._state.get(table.name, {})

    def _put(self, table: Table[Any], row: Any) -> None:
        for name, columns in table.uniques.items():
            values = {column: row[table.at[column]] for column in columns}
            twins = [] if None in values.values() else self.where(table, values)
            if any(table.key_of(twin) != table.key_of(row) for twin in twins):
                self._refuse(DuplicateError("store.duplicate", constraint=name))
        self._write(table, table.key_of(row), row)

    def _write(self, table: Table[Any], key: Key, row: Any) -> None:
        if table.name not in self.changed:
            self._state[table.name] = dict(self._of(table))
        self.changed.setdefault(table.name, {})[key] = row
        put(self._of(table), key, row)

    def _refuse(self, conflict: ConflictError) -> NoReturn:
        self.conflict = conflict
        raise conflict


class Ordering:
    """The order of a list: named columns, then the key; NULL comes first."""

    def __init__(self, table: Table[Any], order: Sequence[str]) -> None:
        named = [name.lstrip("-") for name in order]
        signs = [-1 if name.startswith("-") else 1 for name in order]
        rest = [name for name in table.key if name not in named]
        self._at = [table.at[name] for name in (*named, *rest)]
        self._signs = [*signs, *(1 for _ in rest)]

    def key(self, row: Any) -> Key:
        """Return the values that a row is sorted by."""
        return tuple(row[at] for at in self._at)

    def compare(self, left: Key, right: Key) -> int:
        """Return which of two sort keys comes later: 1, -1, or 0 for neither."""
        for sign, a, b in zip(self._signs, left, right, strict=True):
            one: tuple[bool, Any] = (a is not None, a)
            other: tuple[bool, Any] = (b is not None, b)
            if one != other:
                return sign if one > other else -sign
        return 0


def put(rows: dict[Key, Any], key: Key, row: Any) -> None:
    """Set a row, or remove it where it is None."""
    if row is None:
        rows.pop(key, None)
    else:
        rows[key] = row


def changed_state(state: State, changed: Changed) -> State:
    """Return the state after a transaction; the one before stays as it is."""
    after = dict(state)
    for name, rows in changed.items():
        after[name] = dict(after.get(name, {}))
        for key, row in rows.items():
            put(after[name], key, row)
    return after


def _equal(equal: Mapping[str, Value]) -> Criteria:
    return Every(
        *(
            Missing(name) if value is None else Compare(name, "eq", value)  # type: ignore[arg-type]
            for name, value in equal.items()
        )
    )


def _fits(table: Table[Any], criteria: Criteria, row: Any) -> bool:
    return matches(criteria, lambda name: row[table.at[name]])
