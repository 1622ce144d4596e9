"""One table's rows as an immutable state with the indexes that lookups asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ordercore.stored.table import Key, Table, Value
from ordercore.values.criteria import Comparable

Columns = tuple[str, ...]
Index = dict[Key, frozenset[Key]]


class TableState:
    """The committed rows of a table. Never changed once another thread can see it."""

    __slots__ = ("_indexes", "rows", "table")

    def __init__(
        self,
        table: Table[Any],
        rows: dict[Key, Any] | None = None,
        indexes: dict[Columns, Index] | None = None,
    ) -> None:
        self.table: Table[Any] = table
        self.rows: dict[Key, Any] = rows if rows is not None else {}
        self._indexes: dict[Columns, Index] = indexes if indexes is not None else {}

    def changed(self, writes: Mapping[Key, Any]) -> TableState:
        """Return the state after `writes` (None: deleted), with its indexes brought along."""
        rows = self.rows.copy()
        for key, row in writes.items():
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = row
        indexes = {
            columns: self._moved(columns, index.copy(), writes)
            for columns, index in list(self._indexes.items())
        }
        return TableState(self.table, rows, indexes)

    def keys_with(self, columns: Columns, values: Key) -> frozenset[Key]:
        """Return the keys of the rows whose `columns` hold `values`."""
        index = self._indexes.get(columns)
        if index is None:
            index = self._built(columns)
            self._indexes[columns] = index
        return index.get(values, frozenset())

    def _built(self, columns: Columns) -> Index:
        gathered: dict[Key, set[Key]] = {}
        places = [self.table.at[name] for name in columns]
        for key, row in self.rows.items():
            gathered.setdefault(tuple(row[place] for place in places), set()).add(key)
        return {values: frozenset(keys) for values, keys in gathered.items()}

    def _moved(self, columns: Columns, index: Index, writes: Mapping[Key, Any]) -> Index:
        places = [self.table.at[name] for name in columns]
        for key, row in writes.items():
            before = self.rows.get(key)
            if before is not None:
                values = tuple(before[place] for place in places)
                index[values] = index.get(values, frozenset()) - {key}
            if row is not None:
                values = tuple(row[place] for place in places)
                index[values] = index.get(values, frozenset()) | {key}
        return index


def is_indexed(table: Table[Any], columns: Columns) -> bool:
    """Tell whether the table declares an index that begins with these columns."""
    wanted = set(columns)
    declared: Iterable[Columns] = (table.key, *table.uniques.values(), *table.indexes)
    return any(set(each[: len(wanted)]) == wanted for each in declared)


class _Descending:
    """Sorts the other way round."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: _Descending) -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and bool(self.value == other.value)

    __hash__ = None  # type: ignore[assignment]


class Ordering:
    """The order of a list: named columns, then the key; NULL comes first."""

    def __init__(self, table: Table[Any], order: Sequence[str]) -> None:
        named = [(name.lstrip("-"), name.startswith("-")) for name in order]
        seen = {name for name, _ in named}
        named += [(name, False) for name in table.key if name not in seen]
        self._steps = [(table.at[name], descending) for name, descending in named]

    def of_row(self, row: Any) -> tuple[Any, ...]:
        """Return what to sort a row by."""
        return self.of_values(tuple(row[place] for place, _ in self._steps))

    def of_values(self, values: Sequence[Value] | Sequence[Comparable]) -> tuple[Any, ...]:
        """Return what to sort by, given the values of the sort columns."""
        return tuple(
            _Descending((value is not None, value)) if descending else (value is not None, value)
            for (_, descending), value in zip(self._steps, values, strict=True)
        )
