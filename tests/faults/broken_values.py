"""Twins that keep something other than they were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ordercore.stored.table import Table, Value
from ordercore.testing.contract import ValuesContract
from tests.faults.twins import Passing, twin

Columns = Mapping[str, Value]


class _Keeping(Passing):
    """Stores something other than it was given."""

    def insert(self, table: Table[Any], rows: Sequence[Any]) -> None:
        """Write rows as `kept` makes them."""
        self.sound.insert(table, [self._row(table, row) for row in rows])

    def update(self, table: Table[Any], row: Any, *, expect: Columns) -> None:
        """Write a row as `kept` makes it."""
        self.sound.update(table, self._row(table, row), expect=expect)

    def _row(self, table: Table[Any], row: Any) -> Any:
        pairs = zip(table.columns, row, strict=True)
        inert = {*table.key, *(name for names in table.uniques.values() for name in names)}
        return row._make(
            value if value is None or column.name in inert else self.kept(column.limit, value)
            for column, value in pairs
        )

    def kept(self, limit: int | None, value: Any) -> Any:
        """Return what is stored."""
        raise NotImplementedError


@twin(ValuesContract.test_edges_of_every_column_come_back)
class CutsTextAtItsBytes(_Keeping):
    """Counts bytes where characters are meant, and cuts."""

    def kept(self, limit: int | None, value: Any) -> Any:
        """Cut."""
        if limit is None or not isinstance(value, str):
            return value
        return value.encode()[:limit].decode(errors="ignore")


@twin(ValuesContract.test_edges_of_every_column_come_back)
class CutsLargeDocuments(_Keeping):
    """Ends at 64 KiB, as MariaDB's TEXT does."""

    def kept(self, limit: int | None, value: Any) -> Any:
        """Cut."""
        return value[: 2**14] if isinstance(value, str) else value


@twin(ValuesContract.test_edges_of_every_column_come_back)
class TrimsText(_Keeping):
    """Drops spaces at the end."""

    def kept(self, limit: int | None, value: Any) -> Any:
        """Trim."""
        return value.rstrip(" ") if isinstance(value, str) else value


@twin(
    ValuesContract.test_edges_of_every_column_come_back,
    ValuesContract.test_a_value_is_kept_or_refused_beforehand,
)
class DropsMicroseconds(_Keeping):
    """Keeps whole seconds, as MariaDB's DATETIME does."""

    def kept(self, limit: int | None, value: Any) -> Any:
        """Cut."""
        return value.replace(microsecond=0) if isinstance(value, datetime) else value


@twin(ValuesContract.test_edges_of_every_column_come_back)
class DropsTheZone(_Keeping):
    """Gives naive date-times back."""

    def kept(self, limit: int | None, value: Any) -> Any:
        """Forget UTC."""
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value


@twin(ValuesContract.test_edges_of_every_column_come_back)
class KeepsNumbersAsFloats(_Keeping):
    """Rounds beyond 53 bits."""

    def kept(self, limit: int | None, value: Any) -> Any:
        """Round."""
        return int(float(value)) if type(value) is int else value


@twin(
    ValuesContract.test_edges_of_every_column_come_back,
    ValuesContract.test_any_row_of_any_table_comes_back_equal,
)
class GivesTruthBackAsANumber(_Keeping):
    """Equal to Python, and not the same to JSON."""

    def kept(self, limit: int | None, value: Any) -> Any:
        """Make a number of it."""
        return int(value) if isinstance(value, bool) else value


@twin(
    ValuesContract.test_edges_of_every_column_come_back,
    ValuesContract.test_any_row_can_replace_another,
)
class EmptyTextIsNull(_Keeping):
    """Does as Oracle does."""

    def kept(self, limit: int | None, value: Any) -> Any:
        """Lose the empty text."""
        return None if value == "" else value
