"""What `Store` and `Transaction` promise: how a transaction ends, and what a view sees."""

from __future__ import annotations

from contextlib import suppress

import pytest

from ordercore.errors import ConflictError, OrderCoreError, SetupError
from ordercore.ports.rows import Rows, Store
from ordercore.stored.commands import COUNTERS
from ordercore.stored.orders import ORDERS
from ordercore.testing.contract.races import LocksContract, RacesContract
from ordercore.testing.contract.samples import changed, sample, samples
from ordercore.testing.contract.units import (
    Rival,
    Work,
    all_of,
    attempt,
    fill,
    inserting,
    undone,
    updating,
)

KEY = ("00000000",)


class EndsContract:
    """Commit keeps everything, rollback and errors keep nothing."""

    def test_a_commit_is_seen_by_all_that_begins_later(self, store: Store) -> None:
        """What was committed is there for the next transaction and the next view."""
        held = fill(store, COUNTERS, samples(COUNTERS, 2))
        assert all_of(store, COUNTERS) == held
        with undone(store) as rows:
            assert list(rows.stream(COUNTERS)) == held

    def test_nothing_is_seen_before_the_commit(self, store: Store) -> None:
        """An open transaction's writes are its own."""
        (held,) = fill(store, COUNTERS, samples(COUNTERS, 1))
        with undone(store) as rows:
            rows.update(COUNTERS, changed(held, value=5), expect={})
            rows.insert(COUNTERS, [sample(COUNTERS, 1)])
            assert all_of(store, COUNTERS) == [held]

    def test_a_rollback_keeps_nothing(self, store: Store) -> None:
        """Inserts, updates, adjustments and deletions are all undone; twice is harmless."""
        held = fill(store, COUNTERS, samples(COUNTERS, 3))
        unit = store.begin()
        unit.rows.insert(COUNTERS, [sample(COUNTERS, 7)])
        unit.rows.update(COUNTERS, changed(held[0], value=5), expect={})
        unit.rows.adjust(COUNTERS, (held[1].name,), "value", 5, floor=0)
        unit.rows.delete(COUNTERS, [(held[2].name,)])
        unit.rollback()
        unit.rollback()
        assert all_of(store, COUNTERS) == held

    def test_a_rollback_after_the_commit_undoes_nothing(self, store: Store) -> None:
        """A transaction that has ended has ended."""
        unit = store.begin()
        unit.rows.insert(COUNTERS, [sample(COUNTERS, 1)])
        unit.commit()
        unit.rollback()
        assert all_of(store, COUNTERS) == [sample(COUNTERS, 1)]

    def test_a_transaction_that_has_ended_is_closed(self, store: Store) -> None:
        """Its rows, and a list still being read, are refused as the developer's mistake."""
        fill(store, COUNTERS, samples(COUNTERS, 2))
        for end in ("commit", "rollback"):
            unit = store.begin()
            rows, later = unit.rows, unit.rows.stream(COUNTERS)
            getattr(unit, end)()
            for late in (
                lambda rows=rows: rows.get(COUNTERS, KEY),
                lambda rows=rows: rows.insert(COUNTERS, [sample(COUNTERS, 9)]),
                lambda later=later: next(later),
                unit.commit,
            ):
                with pytest.raises(SetupError) as refusal:
                    late()
                assert refusal.value.code == "setup.closed"
        assert all_of(store, COUNTERS) == samples(COUNTERS, 2)

    def test_an_error_keeps_nothing(self, store: Store) -> None:
        """After a conflict in the middle nothing stays of what was written before it."""
        held = fill(store, ORDERS, samples(ORDERS, 2))
        for spoil in (
            inserting(ORDERS, sample(ORDERS, 7), held[0]),
            inserting(ORDERS, sample(ORDERS, 8, number=held[0].number)),
            updating(ORDERS, held[0], version=99),
        ):

            def work(rows: Rows, spoil: Work = spoil) -> None:
                rows.insert(ORDERS, [sample(ORDERS, 5)])
                rows.delete(ORDERS, [(held[1].id,)])
                spoil(rows)

            assert attempt(store, work) is not None
            assert all_of(store, ORDERS) == held

    def test_a_conflict_cannot_be_passed_over(self, store: Store) -> None:
        """Who swallows a conflict and commits is told again, and nothing is kept."""
        held = fill(store, COUNTERS, samples(COUNTERS, 1))
        for spoil in (inserting(COUNTERS, *held), updating(COUNTERS, sample(COUNTERS, 4))):
            unit = store.begin()
            unit.rows.insert(COUNTERS, [sample(COUNTERS, 7)])
            try:
                with pytest.raises(ConflictError):
                    spoil(unit.rows)
                    unit.commit()
                with pytest.raises(OrderCoreError):
                    unit.commit()
            finally:
                unit.rollback()
            assert all_of(store, COUNTERS) == held


class ViewsContract:
    """A view for queries is consistent and keeps nothing."""

    def test_a_view_sees_one_state(self, store: Store) -> None:
        """What is committed while a view is open is not seen by it, nor half of it."""
        held = fill(store, COUNTERS, samples(COUNTERS, 2))

        def rewrite(rows: Rows) -> None:
            rows.update(COUNTERS, changed(held[0], value=70), expect={})
            rows.delete(COUNTERS, [(held[1].name,)])
            rows.insert(COUNTERS, [sample(COUNTERS, 5)])

        with store.reading() as view:
            assert view.get(COUNTERS, KEY) == held[0]
            rival = Rival(lambda: attempt(store, rewrite))
            rival.is_done()
            assert view.get(COUNTERS, KEY) == held[0]
            assert view.where(COUNTERS, {"value": 1}) == [held[1]]
            assert list(view.stream(COUNTERS)) == held
            assert view.count(COUNTERS, {}) == 2
        if rival.outcome() is None:
            assert all_of(store, COUNTERS) == [changed(held[0], value=70), sample(COUNTERS, 5)]

    def test_a_view_keeps_nothing(self, store: Store) -> None:
        """A write through a view is refused, or gone when the view is closed."""
        with store.reading() as view, suppress(OrderCoreError):
            view.insert(COUNTERS, samples(COUNTERS, 1))
        assert all_of(store, COUNTERS) == []

    def test_a_view_that_is_closed_is_closed(self, store: Store) -> None:
        """A list that is read after the view was left is refused."""
        fill(store, COUNTERS, samples(COUNTERS, 2))
        with store.reading() as view:
            later = view.stream(COUNTERS)
        with pytest.raises(SetupError) as refusal:
            next(later)
        assert refusal.value.code == "setup.closed"


class TransactionContract(EndsContract, ViewsContract, RacesContract, LocksContract):
    """Transactions that the store begins and commits by itself."""
