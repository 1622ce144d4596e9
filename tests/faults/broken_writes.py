"""Twins whose rows are written or moved wrongly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from ordercore.errors import DuplicateError, StaleError
from ordercore.stored.merging import MOVED
from ordercore.stored.table import Key, Table, Value
from ordercore.testing.contract import RowsContract
from tests.faults.twins import Passing, folded, twin

Columns = Mapping[str, Value]

# ── writing ──


@twin(RowsContract.test_an_update_needs_every_expectation)
class UpdatesWithoutAVersion(Passing):
    """Writes whatever was expected."""

    def update(self, table: Table[Any], row: Any, *, expect: Columns) -> None:
        """Check nothing."""
        self.sound.update(table, row, expect={})


@twin(RowsContract.test_an_update_of_an_unknown_key_is_stale)
class UpdatesWhatIsNotThere(Passing):
    """Writes a row, there or not, as an upsert does."""

    def update(self, table: Table[Any], row: Any, *, expect: Columns) -> None:
        """Insert what cannot be updated."""
        if self.sound.get(table, table.key_of(row)) is None:
            self.sound.insert(table, [row])
        else:
            self.sound.update(table, row, expect=expect)


@twin(RowsContract.test_an_update_to_the_same_values_is_not_stale)
class CountsChangedRows(Passing):
    """Reads the number of rows that changed, as MariaDB gives it unless told otherwise."""

    def update(self, table: Table[Any], row: Any, *, expect: Columns) -> None:
        """Take an unchanged row for one that is gone."""
        if self.sound.get(table, table.key_of(row)) == row:
            raise StaleError("store.stale", table=table.name)
        self.sound.update(table, row, expect=expect)


@twin(RowsContract.test_adjust_adds_down_to_the_floor)
class AdjustsBelowTheFloor(Passing):
    """Forgets the floor."""

    def adjust(self, table: Table[Any], key: Key, column: str, by: int, *, floor: int) -> bool:
        """Spend what is not there."""
        return bool(self.sound.adjust(table, key, column, by, floor=floor - 1))


@twin(RowsContract.test_delete_counts_the_rows_that_were_there)
class DeletesWhatWasAsked(Passing):
    """Counts keys, not rows."""

    def delete(self, table: Table[Any], keys: Sequence[Key]) -> int:
        """Return how many keys were given."""
        self.sound.delete(table, keys)
        return len(keys)


@twin(RowsContract.test_a_unique_value_is_a_duplicate_under_its_declared_name)
class NamesTheEnginesConstraint(Passing):
    """Lets the engine's own name out."""

    def insert(self, table: Table[Any], rows: Sequence[Any]) -> None:
        """Rename the constraint."""
        try:
            self.sound.insert(table, rows)
        except DuplicateError as error:
            name = f"oc_{error.params['constraint']}"
            raise DuplicateError("store.duplicate", constraint=name) from None


@twin(RowsContract.test_null_is_never_a_duplicate)
class NullIsADuplicate(Passing):
    """Takes two NULLs for equal in a unique constraint."""

    def insert(self, table: Table[Any], rows: Sequence[Any]) -> None:
        """Refuse the second NULL."""
        for row in rows:
            for name, columns in table.uniques.items():
                same = {column: row[table.at[column]] for column in columns}
                if self.sound.count(table, same):
                    raise DuplicateError("store.duplicate", constraint=name)
            self.sound.insert(table, [row])


@twin(RowsContract.test_similar_texts_are_not_duplicates)
class FoldsUniqueValues(Passing):
    """Takes `Key` and `key ` for duplicates."""

    def insert(self, table: Table[Any], rows: Sequence[Any]) -> None:
        """Refuse look-alikes."""
        seen = set()
        for row in rows:
            key = tuple(folded(part) for part in table.key_of(row))
            if key in seen:
                raise DuplicateError("store.duplicate", constraint=f"{table.name}.key")
            seen.add(key)
        self.sound.insert(table, rows)


# ── merging ──


@twin(
    RowsContract.test_repoint_keeps_a_journal,
    RowsContract.test_repoint_back_undoes_it,
)
class RepointsWithoutAJournal(Passing):
    """Moves rows and does not write down which."""

    def repoint(self, table: Table[Any], column: str, old: UUID, new: UUID, *, merge: UUID) -> int:
        """Forget the journal."""
        moved = self.sound.repoint(table, column, old, new, merge=merge)
        notes = self.sound.where(MOVED, {"merge_id": merge, "table_name": table.name})
        self.sound.delete(MOVED, [MOVED.key_of(note) for note in notes])
        return int(moved)


@twin(RowsContract.test_repoint_gives_every_row_of_one_to_the_other)
class RepointsWithoutAVersion(Passing):
    """Moves rows under the noses of those who hold them."""

    def repoint(self, table: Table[Any], column: str, old: UUID, new: UUID, *, merge: UUID) -> int:
        """Leave versions as they were."""
        before = self.sound.where(table, {column: old})
        moved = self.sound.repoint(table, column, old, new, merge=merge)
        for row in before if table.versioned else ():
            self.sound.update(table, row._replace(**{column: new}), expect={})
        return int(moved)


@twin(RowsContract.test_repoint_back_leaves_what_came_later)
class GivesEverythingBack(Passing):
    """Undoes a merge by moving all that the survivor has."""

    def repoint_back(
        self, table: Table[Any], column: str, old: UUID, new: UUID, *, merge: UUID
    ) -> int:
        """Take the survivor's own rows too."""
        rows = self.sound.where(table, {column: new})
        for row in rows:
            self.sound.update(table, row._replace(**{column: old}), expect={})
        return len(rows)
