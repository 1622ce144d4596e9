"""What `Rows` promises to whoever reads."""

from __future__ import annotations

from ordercore.ports.rows import Rows, Store
from ordercore.stored.commands import COUNTERS
from ordercore.stored.merging import MOVED
from ordercore.stored.orders import LINES, ORDERS
from ordercore.testing.contract.samples import changed, sample, samples, uuid_of
from ordercore.testing.contract.units import fill, kept, undone
from ordercore.values.criteria import Compare, Every, Missing

MANY = 1_203
"""More than any store may hold at a time, and no multiple of a round number."""


class ReadsContract:
    """get, where, among, find, count and stream, in one transaction at a time."""

    def test_get_returns_the_row_of_a_key_or_none(self, store: Store) -> None:
        """A row is found by its key, also one of several columns; an unknown key is None."""
        lines = samples(LINES, 3)
        fill(store, LINES, lines)
        with undone(store) as rows:
            assert [rows.get(LINES, LINES.key_of(line)) for line in lines] == lines
            assert rows.get(LINES, (lines[0].order_id, lines[1].position)) is None

    def test_rows_come_back_as_the_declared_class(self, store: Store) -> None:
        """A row is an instance of the table's own row class, however it is read."""
        fill(store, COUNTERS, samples(COUNTERS, 1))
        with undone(store) as rows:
            found = [rows.get(COUNTERS, ("00000000",)), *rows.where(COUNTERS, {})]
            found += [*rows.find(COUNTERS, Every()), *rows.stream(COUNTERS)]
            found += rows.among(COUNTERS, "name", ["00000000"])
        assert {type(row) for row in found} == {COUNTERS.row}
        assert len(found) == 5

    def test_a_lock_does_not_change_what_is_read(self, store: Store) -> None:
        """`get` with `lock` returns the same row, and None where there is none."""
        (row, _) = fill(store, COUNTERS, samples(COUNTERS, 2))
        with undone(store) as rows:
            assert rows.get(COUNTERS, (row.name,), lock=True) == row
            assert rows.get(COUNTERS, ("nobody",), lock=True) is None

    def test_a_transaction_sees_what_it_wrote(self, store: Store) -> None:
        """Inserted, changed and deleted rows are seen so by every way of reading."""
        fill(store, COUNTERS, samples(COUNTERS, 3))
        with undone(store) as rows:
            first = sample(COUNTERS, 0)
            rows.update(COUNTERS, changed(first, value=70), expect={})
            rows.delete(COUNTERS, [("00000001",)])
            rows.insert(COUNTERS, [sample(COUNTERS, 3, value=70)])
            rows.adjust(COUNTERS, ("00000002",), "value", 68, floor=0)
            _expect_names(rows, ["00000000", "00000002", "00000003"])

    def test_what_was_undone_is_not_seen(self, store: Store) -> None:
        """After a rollback every way of reading finds what was committed before."""
        before = fill(store, COUNTERS, samples(COUNTERS, 2, value=70))
        with undone(store) as rows:
            rows.delete(COUNTERS, [("00000000",)])
            rows.insert(COUNTERS, [sample(COUNTERS, 5, value=70)])
        with undone(store) as rows:
            assert list(rows.stream(COUNTERS)) == before
            _expect_names(rows, ["00000000", "00000001"])

    def test_where_asks_for_every_column(self, store: Store) -> None:
        """`where` returns the rows whose columns all equal, ordered by key."""
        lines = [sample(LINES, n, sku="ab"[n % 2], title="cd"[n // 2]) for n in range(4)]
        fill(store, LINES, list(reversed(lines)))
        with undone(store) as rows:
            assert rows.where(LINES, {"sku": "b"}) == [lines[1], lines[3]]
            assert rows.where(LINES, {"sku": "b", "title": "d"}) == [lines[3]]
            assert rows.where(LINES, {"sku": "b", "title": "x"}) == []
            assert rows.where(LINES, {}) == lines

    def test_none_asks_for_null(self, store: Store) -> None:
        """None in `where`, `count` and `among` finds NULL; a value never does."""
        held = [sample(ORDERS, n, customer_id=uuid_of(7) if n else None) for n in range(3)]
        fill(store, ORDERS, held)
        with undone(store) as rows:
            assert rows.where(ORDERS, {"customer_id": None}) == held[:1]
            assert rows.where(ORDERS, {"customer_id": None, "version": 7}) == []
            assert rows.where(ORDERS, {"customer_id": uuid_of(7)}) == held[1:]
            assert rows.count(ORDERS, {"customer_id": None}) == 1
            assert rows.among(ORDERS, "customer_id", [None]) == held[:1]
            assert rows.among(ORDERS, "customer_id", [uuid_of(7), None]) == held

    def test_limit_cuts_the_list(self, store: Store) -> None:
        """No more than `limit` rows are returned, the first ones in order."""
        fill(store, COUNTERS, samples(COUNTERS, 5, value=1))
        with undone(store) as rows:
            for limit in (1, 4, 5, 6):
                wanted = samples(COUNTERS, min(limit, 5), value=1)
                assert rows.where(COUNTERS, {"value": 1}, limit=limit) == wanted
                assert rows.find(COUNTERS, Every(), limit=limit) == wanted

    def test_among_orders_by_key_and_repeats_nothing(self, store: Store) -> None:
        """`among` finds each row once, whatever the order and number of values."""
        lines = [sample(LINES, n, sku=f"sku {n % 5}") for n in range(20)]
        fill(store, LINES, lines)
        with undone(store) as rows:
            found = rows.among(LINES, "sku", ["sku 3", "sku 1", "nothing", "sku 3"])
            assert found == [line for line in lines if line.sku in ("sku 1", "sku 3")]
            assert rows.among(LINES, "sku", []) == []

    def test_among_takes_any_number_of_values(self, store: Store) -> None:
        """More values than a statement has parameters are still one question."""
        fill(store, MOVED, samples(MOVED, MANY))
        with undone(store) as rows:
            wanted = [uuid_of(n) for n in range(MANY + 10) if n % 7]
            found = rows.among(MOVED, "row_id", list(reversed(wanted)))
        assert found == [row for n, row in enumerate(samples(MOVED, MANY)) if n % 7]

    def test_find_returns_what_matches(self, store: Store) -> None:
        """`find` evaluates criteria, orders by key and pages as `where` does."""
        held = [sample(ORDERS, n, state="ab"[n % 2], version=n) for n in range(6)]
        fill(store, ORDERS, held)
        tree = Every(Compare("state", "eq", "b"), Missing("customer_id"))
        with undone(store) as rows:
            assert rows.find(ORDERS, tree) == held[1::2]
            assert rows.find(ORDERS, tree, after=(held[1].id,), limit=1) == [held[3]]
            assert rows.find(ORDERS, tree, order=("-version",)) == held[5::-2]

    def test_count_counts_what_where_finds(self, store: Store) -> None:
        """`count` is the number of rows with these values; without columns, of all."""
        fill(store, LINES, [sample(LINES, n, sku=f"sku {n % 2}") for n in range(5)])
        with undone(store) as rows:
            assert rows.count(LINES, {"sku": "sku 0"}) == 3
            assert rows.count(LINES, {"sku": "sku 2"}) == 0
            assert rows.count(LINES, {}) == 5
            assert rows.count(COUNTERS, {}) == 0

    def test_stream_yields_every_row_once(self, store: Store) -> None:
        """A long table comes whole and ordered by key, of one column or several."""
        fill(store, COUNTERS, list(reversed(samples(COUNTERS, MANY))))
        by_position = [sample(LINES, 0, position=n) for n in range(MANY)]
        fill(store, LINES, by_position)
        with undone(store) as rows:
            assert list(rows.stream(COUNTERS)) == samples(COUNTERS, MANY)
            assert list(rows.stream(LINES)) == by_position

    def test_tables_do_not_mix(self, store: Store) -> None:
        """A row of one table is found in no other, even under the same key."""
        kept(store, lambda rows: rows.insert(ORDERS, [sample(ORDERS, 1)]))
        with undone(store) as rows:
            assert rows.where(LINES, {"order_id": uuid_of(1)}) == []
            rows.insert(LINES, [sample(LINES, 1)])
            assert rows.count(ORDERS, {}) == rows.count(LINES, {}) == 1


def _expect_names(rows: Rows, names: list[str]) -> None:
    """Expect these counters, all of them at 70, from every way of reading."""
    at_70 = Compare("value", "eq", 70)
    assert [row.name for row in rows.stream(COUNTERS)] == names
    assert [row.name for row in rows.where(COUNTERS, {"value": 70})] == names
    assert [row.name for row in rows.find(COUNTERS, at_70)] == names
    assert [row.name for row in rows.among(COUNTERS, "value", [70])] == names
    assert rows.count(COUNTERS, {"value": 70}) == len(names)
    values = [rows.get(COUNTERS, (name,)) for name in names]
    assert [row and row.value for row in values] == [70] * len(names)
