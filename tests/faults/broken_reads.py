"""Twins whose rows are read, ordered or found wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ordercore.stored.table import Key, Table, Value
from ordercore.testing.contract import (
    CriteriaContract,
    OrderingContract,
    RowsContract,
    ValuesContract,
)
from ordercore.values.criteria import Compare, Criteria, Every, Not, Some, matches
from tests.faults.twins import Passing, folded, twin

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
        given = {name: folded(value) for name, value in equal.items()}
        rows = self.sound.where(table, {}, **how)
        at = table.at
        return [row for row in rows if all(folded(row[at[n]]) == v for n, v in given.items())]


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
        return sorted(found, key=lambda row: [str(folded(row[table.at[n]])) for n in order])


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
