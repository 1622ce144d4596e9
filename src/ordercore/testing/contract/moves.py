"""What `Rows` promises to a merge: rows change hands, and come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from ordercore.ports.rows import Rows, Store
from ordercore.stored.merging import MOVED, MovedRow
from ordercore.stored.orders import ORDERS
from ordercore.stored.outbox import ERRANDS
from ordercore.stored.table import Table
from ordercore.testing.contract.samples import changed, sample, uuid_of
from ordercore.testing.contract.units import all_of, fill, kept

LOSER, SURVIVOR, THIRD = uuid_of(901), uuid_of(902), uuid_of(903)
MERGE, OTHER_MERGE = uuid_of(951), uuid_of(952)
MOVING: tuple[Table[Any], ...] = (ORDERS, ERRANDS)
"""A table with versions and one without."""
OWNERS: list[UUID | None] = [LOSER, SURVIVOR, None, LOSER, THIRD]


class MovesContract:
    """repoint and repoint_back."""

    def test_repoint_gives_every_row_of_one_to_the_other(self, store: Store) -> None:
        """All rows of the one, no other, change owner; versions rise by one where there are any."""
        for table in MOVING:
            held = fill(store, table, _owned(table))
            moved = kept(store, _moving(table))
            assert moved == 2
            assert all_of(store, table) == [_moved(table, row) for row in held]

    def test_repoint_keeps_a_journal(self, store: Store) -> None:
        """The key of each row is in `moved`, under the merge and the table's declared name."""
        for table in MOVING:
            fill(store, table, _owned(table))
            kept(store, _moving(table))
        wanted = [MovedRow(MERGE, table.name, uuid_of(n)) for table in MOVING for n in (0, 3)]
        assert all_of(store, MOVED) == sorted(wanted)

    def test_nothing_to_repoint_is_nothing(self, store: Store) -> None:
        """Without rows the count is 0 and the journal stays empty."""
        fill(store, ORDERS, [sample(ORDERS, 1, customer_id=THIRD)])
        assert kept(store, _moving(ORDERS)) == 0
        assert all_of(store, MOVED) == []

    def test_repoint_back_undoes_it(self, store: Store) -> None:
        """The same rows go back to their owner, and nothing else does."""
        for table in MOVING:
            held = fill(store, table, _owned(table))
            kept(store, _moving(table))
            back = kept(store, _moving_back(table))
            assert back == 2
            owners = [row.customer_id for row in all_of(store, table)]
            assert owners == [row.customer_id for row in held]

    def test_repoint_back_raises_versions(self, store: Store) -> None:
        """Undoing is a change: the rows that went and came back are two versions on."""
        held = fill(store, ORDERS, _owned(ORDERS))
        kept(store, _moving(ORDERS))
        kept(store, _moving_back(ORDERS))
        on = [row.version + (2 if row.customer_id == LOSER else 0) for row in held]
        assert [row.version for row in all_of(store, ORDERS)] == on

    def test_repoint_back_leaves_what_came_later(self, store: Store) -> None:
        """Rows that are new, that moved on, or that another merge moved stay where they are."""
        fill(store, ORDERS, [sample(ORDERS, n, customer_id=LOSER) for n in range(3)])
        fill(store, ORDERS, [sample(ORDERS, 5, customer_id=THIRD)])
        kept(store, _moving(ORDERS))
        other = kept(
            store,
            lambda rows: rows.repoint(ORDERS, "customer_id", THIRD, SURVIVOR, merge=OTHER_MERGE),
        )
        assert other == 1
        fill(store, ORDERS, [sample(ORDERS, 7, customer_id=SURVIVOR)])
        gone = changed(all_of(store, ORDERS)[1], customer_id=THIRD)
        kept(store, lambda rows: rows.update(ORDERS, gone, expect={}))
        assert kept(store, _moving_back(ORDERS)) == 2
        owners = [row.customer_id for row in all_of(store, ORDERS)]
        assert owners == [LOSER, THIRD, LOSER, SURVIVOR, SURVIVOR]

    def test_repoint_sees_the_rows_of_its_own_transaction(self, store: Store) -> None:
        """A row written before the move, in the same transaction, moves along."""

        def write_and_move(rows: Rows) -> int:
            rows.insert(ORDERS, [sample(ORDERS, 1, customer_id=LOSER)])
            return _moving(ORDERS)(rows)

        assert kept(store, write_and_move) == 1
        assert [row.customer_id for row in all_of(store, ORDERS)] == [SURVIVOR]

    def test_many_rows_move_at_once(self, store: Store) -> None:
        """More rows than a page holds move, are journalled and come back."""
        fill(store, ORDERS, [sample(ORDERS, n, customer_id=LOSER) for n in range(1_203)])
        assert kept(store, _moving(ORDERS)) == 1_203
        assert len(all_of(store, MOVED)) == 1_203
        assert kept(store, _moving_back(ORDERS)) == 1_203


def _owned(table: Table[Any]) -> list[Any]:
    return [sample(table, n, customer_id=owner) for n, owner in enumerate(OWNERS)]


def _moved(table: Table[Any], row: Any) -> Any:
    if row.customer_id != LOSER:
        return row
    after = changed(row, customer_id=SURVIVOR)
    return changed(after, version=row.version + 1) if table.versioned else after


def _moving(table: Table[Any]) -> Callable[[Rows], int]:
    return lambda rows: rows.repoint(table, "customer_id", LOSER, SURVIVOR, merge=MERGE)


def _moving_back(table: Table[Any]) -> Callable[[Rows], int]:
    return lambda rows: rows.repoint_back(table, "customer_id", LOSER, SURVIVOR, merge=MERGE)
