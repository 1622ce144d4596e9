"""What `Rows` promises to whoever writes."""

from __future__ import annotations

import pytest

from ordercore.errors import DuplicateError, StaleError
from ordercore.ports.rows import Rows, Store
from ordercore.stored.commands import COUNTERS
from ordercore.stored.customers import CUSTOMERS
from ordercore.stored.merging import MOVED
from ordercore.stored.orders import LINES, ORDERS
from ordercore.stored.table import INTEGER_LIMIT, Value
from ordercore.testing.contract.samples import changed, sample, samples
from ordercore.testing.contract.units import (
    Work,
    all_of,
    fill,
    inserting,
    kept,
    refused,
    row_of,
    updating,
)

SIMILAR = ["key", "Key", "key ", " key", "kéy", "ke\u0301y", "k%y", "k_y", "ke\\y", ""]
"""Texts that some engine or collation takes for the same."""


class WritesContract:
    """insert, update, adjust and delete, in one transaction at a time."""

    def test_nothing_can_be_written(self, store: Store) -> None:
        """Writing no rows is allowed and changes nothing."""
        kept(store, lambda rows: rows.insert(ORDERS, []))
        assert kept(store, lambda rows: rows.delete(ORDERS, [])) == 0
        assert all_of(store, ORDERS) == []

    # ── unique constraints ──

    def test_a_second_row_of_the_same_key_is_a_duplicate(self, store: Store) -> None:
        """The key is named `<table>.key`, whether the twin is old or in the same call."""
        fill(store, LINES, [sample(LINES, 1)])
        twin = sample(LINES, 1, sku="another")
        _expect_duplicate(store, "order_line.key", lambda rows: rows.insert(LINES, [twin]))
        pair = [sample(LINES, 2), sample(LINES, 2)]
        _expect_duplicate(store, "order_line.key", lambda rows: rows.insert(LINES, pair))
        assert all_of(store, LINES) == [sample(LINES, 1)]

    def test_a_unique_value_is_a_duplicate_under_its_declared_name(self, store: Store) -> None:
        """`DuplicateError.constraint` is the name of the declaration, on every engine."""
        fill(store, ORDERS, [sample(ORDERS, 1, external_source="a", external_ref="b")])
        same_number = sample(ORDERS, 2, number="00000001")
        same_ref = sample(ORDERS, 3, external_source="a", external_ref="b")
        for name, row in (("uq_order_number", same_number), ("uq_order_external_ref", same_ref)):
            _expect_duplicate(store, name, inserting(ORDERS, row))
            fresh = sample(ORDERS, 9)
            _expect_duplicate(store, name, inserting(ORDERS, fresh, row))
        assert len(all_of(store, ORDERS)) == 1

    def test_an_update_may_be_a_duplicate_too(self, store: Store) -> None:
        """A row cannot be given the unique value of another; its own it may keep."""
        held = fill(store, ORDERS, samples(ORDERS, 2))
        taken = changed(held[1], number=held[0].number)
        _expect_duplicate(
            store, "uq_order_number", lambda rows: rows.update(ORDERS, taken, expect={})
        )
        kept(store, lambda rows: rows.update(ORDERS, changed(held[1], state="y"), expect={}))
        assert all_of(store, ORDERS) == [held[0], changed(held[1], state="y")]

    def test_null_is_never_a_duplicate(self, store: Store) -> None:
        """Rows with a NULL in a unique constraint may be alike in its other columns."""
        alike = samples(ORDERS, 3, external_source="a", external_ref=None)
        fill(store, ORDERS, alike)
        assert all_of(store, ORDERS) == alike

    def test_similar_texts_are_not_duplicates(self, store: Store) -> None:
        """Case, accents, spaces at the end and wildcards tell keys and unique values apart."""
        keys = [sample(COUNTERS, n, name=text) for n, text in enumerate(SIMILAR)]
        fill(store, COUNTERS, keys)
        logins = [sample(CUSTOMERS, n, login_key=text) for n, text in enumerate(SIMILAR)]
        fill(store, CUSTOMERS, logins)
        assert sorted(row.name for row in all_of(store, COUNTERS)) == sorted(SIMILAR)
        assert [row.login_key for row in all_of(store, CUSTOMERS)] == SIMILAR

    def test_a_unique_value_is_free_again_once_it_is_given_up(self, store: Store) -> None:
        """What a transaction deleted or changed, it may use again in another row."""
        held = fill(store, ORDERS, samples(ORDERS, 2))

        def swap(rows: Rows) -> None:
            rows.update(ORDERS, changed(held[0], number="given up"), expect={})
            rows.delete(ORDERS, [(held[1].id,)])
            rows.insert(ORDERS, [sample(ORDERS, 5, number=held[0].number)])
            rows.insert(ORDERS, [sample(ORDERS, 1)])

        kept(store, swap)
        numbers = [row.number for row in all_of(store, ORDERS)]
        assert numbers == ["given up", held[1].number, held[0].number]

    # ── update ──

    def test_an_update_replaces_the_row_of_its_key_alone(self, store: Store) -> None:
        """All columns are written, and no other row is."""
        held = fill(store, LINES, samples(LINES, 3))
        other = sample(LINES, 7, order_id=held[1].order_id, position=held[1].position, sku="new")
        kept(store, lambda rows: rows.update(LINES, other, expect={}))
        assert all_of(store, LINES) == [held[0], other, held[2]]

    def test_an_update_to_the_same_values_is_not_stale(self, store: Store) -> None:
        """That nothing differs does not make the row another's; all-key rows included."""
        orders = fill(store, ORDERS, samples(ORDERS, 2))
        moved = fill(store, MOVED, samples(MOVED, 2))
        kept(store, lambda rows: rows.update(ORDERS, orders[0], expect={"version": 0}))
        kept(store, lambda rows: rows.update(MOVED, moved[0], expect={}))
        assert (all_of(store, ORDERS), all_of(store, MOVED)) == (orders, moved)

    def test_an_update_of_an_unknown_key_is_stale(self, store: Store) -> None:
        """A row that is not there, or not any more, cannot be replaced."""
        held = fill(store, ORDERS, samples(ORDERS, 1))
        stranger = sample(ORDERS, 4)
        assert _is_stale(store, lambda rows: rows.update(ORDERS, stranger, expect={}))

        def delete_first(rows: Rows) -> None:
            rows.delete(ORDERS, [(held[0].id,)])
            rows.update(ORDERS, held[0], expect={})

        assert _is_stale(store, delete_first)
        assert all_of(store, ORDERS) == held

    def test_an_update_needs_every_expectation(self, store: Store) -> None:
        """One column that is other than expected refuses the update; NULL is a value too."""
        (held,) = fill(store, ORDERS, [sample(ORDERS, 1, state="paid", version=4)])
        after = changed(held, state="packed", version=5)
        others: list[dict[str, Value]] = [
            {"version": 3},
            {"version": 4, "state": "packed"},
            {"state": "Paid"},
            {"state": "paid "},
            {"state": None},
            {"customer_id": held.id},
        ]
        for expect in others:
            assert _is_stale(store, updating(ORDERS, after, **expect))
        assert all_of(store, ORDERS) == [held]
        kept(store, updating(ORDERS, after, version=4, state="paid", customer_id=None))
        assert all_of(store, ORDERS) == [after]

    # ── adjust ──

    def test_adjust_adds_down_to_the_floor(self, store: Store) -> None:
        """The floor itself is reached; one below it is refused and changes nothing."""
        (held,) = fill(store, COUNTERS, [sample(COUNTERS, 1, value=10)])
        key = (held.name,)

        def spend(by: int, floor: int) -> bool:
            return kept(store, lambda rows: rows.adjust(COUNTERS, key, "value", by, floor=floor))

        assert spend(-11, 0) is False
        assert spend(-10, 0) is True
        assert row_of(store, COUNTERS, key) == changed(held, value=0)
        assert spend(5, 6) is False
        assert spend(0, 0) is True
        assert spend(-3, -3) is True
        assert spend(4, 1) is True
        assert row_of(store, COUNTERS, key) == changed(held, value=1)

    def test_adjust_of_an_unknown_key_is_not_done(self, store: Store) -> None:
        """Where there is no row there is nothing to spend."""
        done = kept(store, lambda rows: rows.adjust(COUNTERS, ("none",), "value", 1, floor=0))
        assert done is False
        assert all_of(store, COUNTERS) == []

    def test_adjust_adds_up_within_a_transaction(self, store: Store) -> None:
        """Each adjustment builds on those before it, and only its own row and column change."""
        held = fill(store, ORDERS, samples(ORDERS, 2, tax_minor=7))
        key = (held[0].id,)

        def thrice(rows: Rows) -> list[bool]:
            return [rows.adjust(ORDERS, key, "tax_minor", -3, floor=0) for _ in range(3)]

        assert kept(store, thrice) == [True, True, False]
        assert all_of(store, ORDERS) == [changed(held[0], tax_minor=1), held[1]]

    def test_adjust_never_leaves_64_bits(self, store: Store) -> None:
        """What no row could hold is not done, on whichever side."""
        held = fill(store, COUNTERS, [sample(COUNTERS, 0, value=INTEGER_LIMIT)])
        key, floor = (held[0].name,), -INTEGER_LIMIT

        def add(by: int) -> bool:
            return kept(store, lambda rows: rows.adjust(COUNTERS, key, "value", by, floor=floor))

        assert add(1) is False
        assert add(INTEGER_LIMIT) is False
        assert row_of(store, COUNTERS, key) == held[0]
        assert (add(-INTEGER_LIMIT), add(-INTEGER_LIMIT), add(-1)) == (True, True, False)
        assert row_of(store, COUNTERS, key) == changed(held[0], value=-INTEGER_LIMIT)

    # ── delete ──

    def test_delete_counts_the_rows_that_were_there(self, store: Store) -> None:
        """Unknown keys and a key said twice count for nothing; other rows stay."""
        held = fill(store, LINES, samples(LINES, 4))
        keys = [LINES.key_of(row) for row in (held[0], held[2], held[0], sample(LINES, 9))]
        assert kept(store, lambda rows: rows.delete(LINES, keys)) == 2
        assert all_of(store, LINES) == [held[1], held[3]]
        assert kept(store, lambda rows: rows.delete(LINES, keys)) == 0

    def test_a_deleted_key_can_be_used_again(self, store: Store) -> None:
        """In the same transaction and in a later one."""
        (held,) = fill(store, COUNTERS, samples(COUNTERS, 1))

        def renew(rows: Rows) -> None:
            rows.delete(COUNTERS, [(held.name,)])
            rows.insert(COUNTERS, [changed(held, value=5)])

        kept(store, renew)
        assert all_of(store, COUNTERS) == [changed(held, value=5)]
        kept(store, lambda rows: rows.delete(COUNTERS, [(held.name,)]))
        fill(store, COUNTERS, [held])
        assert all_of(store, COUNTERS) == [held]


def _expect_duplicate(store: Store, constraint: str, work: Work) -> None:
    conflict = refused(store, work)
    assert isinstance(conflict, DuplicateError)
    assert conflict.params["constraint"] == constraint


def _is_stale(store: Store, work: Work) -> bool:
    conflict = refused(store, work)
    if not isinstance(conflict, StaleError):
        pytest.fail(f"expected StaleError, not {type(conflict).__name__}")
    return True
