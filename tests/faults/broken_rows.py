"""Twins whose rows are read, ordered, found or written wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ordercore.errors import DuplicateError, StaleError
from ordercore.stored.merging import MOVED
from ordercore.stored.table import Key, Table, Value
from ordercore.testing.contract import (
    CriteriaContract,
    OrderingContract,
    RowsContract,
    ValuesContract,
)
from ordercore.values.criteria import Compare, Criteria, Every, Not, Some, matches
from tests.faults.twins import Passing, twin

Columns = Mapping[str, Value]

# ── reading ──


@twin(RowsContract.test_none_asks_for_null)
class WhereIgnoresNull(Passing):
    """Leaves a column out of the question when it is asked for NULL."""

    def where(self, table: Table[Any], equal: Columns, **how: Any) -> Any:
        """Return too many rows."""
        given = {name: value for name, value in equal.items() if value is not None}
        return self.sound.where(table, given, **how)


@twin(RowsContract.test_where_asks_for_every_column)
class WhereAsksForOne(Passing):
    """Looks at the first column only."""

    def where(self, table: Table[Any], equal: Columns, **how: Any) -> Any:
        """Return too many rows."""
        return self.sound.where(table, dict(list(equal.items())[:1]), **how)


@twin(ValuesContract.test_values_equal_in_a_question_only_when_they_are)
class WhereFoldsCase(Passing):
    """Compares as MariaDB does by default."""

    def where(self, table: Table[Any], equal: Columns, **how: Any) -> Any:
        """Return look-alikes too."""
        folded = {name: _folded(value) for name, value in equal.items()}
        rows = self.sound.where(table, {}, **how)
        at = table.at
        return [row for row in rows if all(_folded(row[at[n]]) == v for n, v in folded.items())]


def _folded(value: object) -> object:
    return value.casefold().rstrip(" ") if isinstance(value, str) else value


@twin(RowsContract.test_limit_cuts_the_list)
class LimitIsOneMore(Passing):
    """Returns one row more than asked for."""

    def where(self, table: Table[Any], equal: Columns, limit: int | None = None, **how: Any) -> Any:
        """Return too many rows."""
        return self.sound.where(table, equal, limit=limit and limit + 1, **how)


@twin(RowsContract.test_among_orders_by_key_and_repeats_nothing)
class AmongAsAsked(Passing):
    """Returns rows value by value, again for a value that is said again."""

    def among(self, table: Table[Any], column: str, values: Sequence[Value]) -> Any:
        """Return rows in the wrong order."""
        return [row for value in values for row in self.sound.where(table, {column: value})]


@twin(RowsContract.test_stream_yields_every_row_once, RowsContract.test_many_rows_move_at_once)
class StreamsOnePage(Passing):
    """Forgets to turn the page."""

    def stream(self, table: Table[Any]) -> Iterator[Any]:
        """Yield the beginning."""
        yield from self.sound.where(table, {}, limit=500)


@twin(RowsContract.test_a_transaction_sees_what_it_wrote)
class CountsWhatWasThere(Passing):
    """Counts without the transaction's own writes."""

    def __init__(self, sound: Any) -> None:
        super().__init__(sound)
        self._new: dict[str, int] = {}

    def insert(self, table: Table[Any], rows: Sequence[Any]) -> None:
        """Remember what not to count."""
        self.sound.insert(table, rows)
        self._new[table.name] = self._new.get(table.name, 0) + len(rows)

    def count(self, table: Table[Any], equal: Columns) -> int:
        """Return an old number."""
        return max(0, int(self.sound.count(table, equal)) - self._new.get(table.name, 0))


# ── order ──


@twin(OrderingContract.test_null_comes_first, OrderingContract.test_pages_join_to_what_python_sorts)
class NullLast(Passing):
    """Sorts NULL above every value, as PostgreSQL does by default."""

    def where(
        self, table: Table[Any], equal: Columns, order: Sequence[str] = (), **how: Any
    ) -> Any:
        """Return rows in another order."""
        found = self.sound.where(table, equal, order=order, **how)
        for name in reversed(order):
            at, down = table.at[name.lstrip("-")], name.startswith("-")
            found.sort(key=lambda row, at=at, down=down: (row[at] is None) != down)
        return found


@twin(OrderingContract.test_text_is_ordered_by_code_point)
class SortsLikeADictionary(Passing):
    """Sorts without regard to case, as a database with a locale does."""

    def where(
        self, table: Table[Any], equal: Columns, order: Sequence[str] = (), **how: Any
    ) -> Any:
        """Return rows in another order."""
        found = self.sound.where(table, equal, order=order, **how)
        return sorted(found, key=lambda row: [str(_folded(row[table.at[n]])) for n in order])


@twin(OrderingContract.test_a_page_begins_after_any_sort_key)
class PageRepeatsTheEdge(Passing):
    """Begins a page with the last row of the one before."""

    def where(self, table: Table[Any], equal: Columns, after: Key | None = None, **how: Any) -> Any:
        """Return one row too early."""
        found = self.sound.where(table, equal, after=after, **how)
        if after is None:
            return found
        all_rows = self.sound.where(table, equal, **(how | {"limit": None}))
        start = all_rows.index(found[0]) - 1 if found else len(all_rows) - 1
        return all_rows[max(start, 0) :][: how.get("limit")]


@twin(OrderingContract.test_pages_join_to_what_python_sorts)
class PageSkipsATie(Passing):
    """Compares the first sort column only, and so passes over rows that tie."""

    def where(
        self,
        table: Table[Any],
        equal: Columns,
        order: Sequence[str] = (),
        after: Any = None,
        **how: Any,
    ) -> Any:
        """Return one row too few."""
        found = self.sound.where(table, equal, order=order, after=after, **how)
        if after is None or not order:
            return found
        at = table.at[order[0].lstrip("-")]
        return [row for row in found if row[at] != after[0]]


# ── criteria ──


class _Matching(Passing):
    """Finds with criteria of its own."""

    def find(self, table: Table[Any], criteria: Criteria, **how: Any) -> Any:
        """Return what `fits` lets through."""
        rows = self.sound.find(table, Every(), **how)
        return [row for row in rows if self.fits(criteria, row)]

    def fits(self, node: Criteria, row: Any) -> bool:
        """Tell whether a row fits, more or less."""
        match node:
            case Not(inner):
                return not self.fits(inner, row)
            case Every(nodes):
                return all(self.fits(each, row) for each in nodes)
            case Some(nodes):
                return any(self.fits(each, row) for each in nodes)
        return matches(node, lambda name: getattr(row, name))


@twin(
    CriteriaContract.test_a_comparison_with_null_is_false,
    CriteriaContract.test_any_tree_finds_what_matches,
)
class NotIsThreeValued(_Matching):
    """Finds neither a comparison with NULL nor its opposite, as SQL does."""

    def fits(self, node: Criteria, row: Any) -> bool:
        """Take NULL for false on both sides."""
        if isinstance(node, Not) and isinstance(node.node, Compare):
            return getattr(row, node.node.column) is not None and super().fits(node, row)
        return super().fits(node, row)


@twin(CriteriaContract.test_text_is_taken_literally)
class ContainsKnowsWildcards(_Matching):
    """Builds LIKE patterns and forgets to escape."""

    def fits(self, node: Criteria, row: Any) -> bool:
        """Let an underscore stand for anything."""
        if isinstance(node, Compare) and node.op == "contains" and node.value == "_":
            return bool(getattr(row, node.column))
        return super().fits(node, row)


@twin(CriteriaContract.test_text_is_taken_literally)
class PrefixFoldsCase(_Matching):
    """Finds `ab` by `A`."""

    def fits(self, node: Criteria, row: Any) -> bool:
        """Compare without case."""
        if isinstance(node, Compare) and node.op == "prefix":
            have = getattr(row, node.column)
            return have is not None and have.lower().startswith(str(node.value).lower())
        return super().fits(node, row)


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
            key = tuple(_folded(part) for part in table.key_of(row))
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


# ── values ──


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
