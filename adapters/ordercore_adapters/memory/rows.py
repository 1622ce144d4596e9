"""The rows of one unit in memory: a begun state under an overlay of writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn
from uuid import UUID

from ordercore.errors import DuplicateError, SetupError, StaleError
from ordercore.stored.merging import MOVED, MovedRow
from ordercore.stored.table import INTEGER_LIMIT, Key, R, Table, Value
from ordercore.values.criteria import Criteria, matches
from ordercore_adapters.memory.state import Ordering, TableState, is_indexed

State = dict[Table[Any], TableState]


class MemoryRows:
    """Reads look at the overlay first, then at the state the unit began with.

    Attributes:
        failed: Whether a write met a conflict: nothing of the unit may be kept.
    """

    def __init__(self, state: State, current: Callable[[Table[Any]], TableState]) -> None:
        self.failed: bool = False
        self._closed = False
        self._state = state
        self._current = current
        self._overlay: dict[Table[Any], dict[Key, Any]] = {}
        self._held: dict[Table[Any], dict[Key, Any]] = {}

    # ── reading ──

    def get(self, table: Table[R], key: Key, *, lock: bool = False) -> R | None:
        """Return the row with this key; a locked one must still be the one begun with."""
        self._refuse_late()
        writes = self._overlay.get(table)
        if writes is not None and key in writes:
            found: R | None = writes[key]
            return found
        row: R | None = self.begun(table, key)
        if lock:
            if self._current(table).rows.get(key) is not row:
                self._refuse_stale(table)
            if row is not None:
                self._held.setdefault(table, {})[key] = row
        return row

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
        return _page(table, self._equal(table, equal), order, after, limit)

    def among(self, table: Table[R], column: str, values: Sequence[Value]) -> list[R]:
        """Return the rows whose `column` is one of `values`, ordered by key."""
        if is_indexed(table, (column,)):
            found = [row for value in set(values) for row in self._equal(table, {column: value})]
        else:
            self._refuse_late()
            wanted, place = set(values), table.at[column]
            found = [row for row in self._all(table) if row[place] in wanted]
        return _page(table, found, (), None, None)

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
        self._refuse_late()
        at = table.at
        found = [row for row in self._all(table) if matches(criteria, lambda name: row[at[name]])]  # noqa: B023
        return _page(table, found, order, after, limit)

    def count(self, table: Table[Any], equal: Mapping[str, Value]) -> int:
        """Return how many rows have columns that equal these values."""
        return sum(1 for _ in self._equal(table, equal))

    def stream(self, table: Table[R]) -> Iterator[R]:
        """Yield every row, ordered by key."""
        self._refuse_late()
        for row in _page(table, self._all(table), (), None, None):
            yield row
            self._refuse_late()

    # ── writing ──

    def insert(self, table: Table[R], rows: Sequence[R]) -> None:
        """Add rows; a key that is there already is refused at once, a unique value at commit."""
        for row in rows:
            key = table.key_of(row)
            if self.get(table, key) is not None:
                self._refuse_duplicate(f"{table.name}.key")
            self._refuse_twin(table, key, row)
            self._write(table, key, row)

    def update(self, table: Table[R], row: R, *, expect: Mapping[str, Value]) -> None:
        """Replace the row of the same key, if its columns still are as expected."""
        key = table.key_of(row)
        have = self.get(table, key)
        if have is None or any(have[table.at[name]] != want for name, want in expect.items()):
            self._refuse_stale(table)
        self._refuse_twin(table, key, row)
        self._write(table, key, row)

    def adjust(self, table: Table[Any], key: Key, column: str, by: int, *, floor: int) -> bool:
        """Add `by` to a whole number, unless it would fall below `floor` or leave 64 bits."""
        row = self.get(table, key, lock=True)
        if (
            row is None
            or not max(floor, -INTEGER_LIMIT) <= row[table.at[column]] + by <= INTEGER_LIMIT
        ):
            return False
        self._write(table, key, row._replace(**{column: row[table.at[column]] + by}))
        return True

    def delete(self, table: Table[Any], keys: Sequence[Key]) -> int:
        """Remove rows by key and return how many there were."""
        present = [key for key in dict.fromkeys(keys) if self.get(table, key) is not None]
        for key in present:
            self._write(table, key, None)
        return len(present)

    def repoint(self, table: Table[Any], column: str, old: UUID, new: UUID, *, merge: UUID) -> int:
        """Give the rows of one customer to another, noting each under `merge`."""
        rows = list(self._equal(table, {column: old}))
        self.insert(MOVED, [MovedRow(merge, table.name, row.id) for row in rows])
        self._own(table, column, rows, new)
        return len(rows)

    def repoint_back(
        self, table: Table[Any], column: str, old: UUID, new: UUID, *, merge: UUID
    ) -> int:
        """Undo `repoint` for the rows noted under `merge` that still are with `new`."""
        noted = self._equal(MOVED, {"merge_id": merge, "table_name": table.name})
        found = [self.get(table, (note.row_id,)) for note in list(noted)]
        rows = [row for row in found if row is not None and row[table.at[column]] == new]
        self._own(table, column, rows, old)
        return len(rows)

    # ── for the store ──

    def close(self) -> None:
        """Read and write no more."""
        self._closed = True

    def begun(self, table: Table[Any], key: Key) -> Any:
        """Return the row as it was when the unit began."""
        state = self._state.get(table)
        return state.rows.get(key) if state else None

    def writes(self) -> dict[Table[Any], dict[Key, Any]]:
        """Return what to keep. A locked row is written again as a copy, so that it has moved on."""
        found = {table: dict(writes) for table, writes in self._overlay.items()}
        for table, held in self._held.items():
            for key, row in held.items():
                found.setdefault(table, {}).setdefault(key, type(row)._make(row))
        return found

    # ── inside ──

    def _refuse_late(self) -> None:
        if self._closed:
            raise SetupError("setup.closed")

    def _refuse_stale(self, table: Table[Any]) -> NoReturn:
        self.failed = True
        raise StaleError("store.stale", table=table.name)

    def _refuse_duplicate(self, constraint: str) -> NoReturn:
        self.failed = True
        raise DuplicateError("store.duplicate", constraint=constraint)

    def _write(self, table: Table[Any], key: Key, row: Any) -> None:
        self._overlay.setdefault(table, {})[key] = row

    def _own(self, table: Table[Any], column: str, rows: list[Any], customer: UUID) -> None:
        for row in rows:
            changed = row._replace(**{column: customer})
            if table.versioned:
                changed = changed._replace(version=row.version + 1)
            self._write(table, table.key_of(row), changed)

    def _refuse_twin(self, table: Table[R], key: Key, row: R) -> None:
        for name, columns in table.uniques.items():
            values = {column: row[table.at[column]] for column in columns}
            if None in values.values():
                continue
            if any(table.key_of(other) != key for other in self._equal(table, values)):
                self._refuse_duplicate(name)

    def _all(self, table: Table[R]) -> Iterable[R]:
        state = self._state.get(table)
        writes = self._overlay.get(table, {})
        for key, row in (state.rows if state else {}).items():
            if key not in writes:
                yield row
        yield from (row for row in writes.values() if row is not None)

    def _equal(self, table: Table[R], equal: Mapping[str, Value]) -> Iterable[R]:
        self._refuse_late()
        columns = tuple(sorted(equal))
        wanted = tuple(equal[name] for name in columns)
        places = [table.at[name] for name in columns]
        if columns and is_indexed(table, columns):
            rows = self._indexed(table, columns, wanted)
        else:
            rows = self._all(table)
        return [row for row in rows if tuple(row[place] for place in places) == wanted]

    def _indexed(self, table: Table[R], columns: tuple[str, ...], wanted: Key) -> Iterable[R]:
        state = self._state.get(table)
        writes = self._overlay.get(table, {})
        if state is not None:
            for key in state.keys_with(columns, wanted):
                if key not in writes:
                    yield state.rows[key]
        yield from (row for row in writes.values() if row is not None)


def _page(
    table: Table[R], rows: Iterable[R], order: Sequence[str], after: Key | None, limit: int | None
) -> list[R]:
    ordering = Ordering(table, order)
    found = sorted(rows, key=ordering.of_row)
    if after is not None:
        edge = ordering.of_values(after)
        found = [row for row in found if edge < ordering.of_row(row)]
    return found[:limit]
