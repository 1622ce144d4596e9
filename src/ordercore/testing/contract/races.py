"""What `Store` and `Transaction` promise when several transactions write at once.

The second of two writers may wait for the first (SQLite lets it wait at the begin,
PostgreSQL at the row) or go on and lose at commit: each test holds for all.
"""

from __future__ import annotations

from ordercore.errors import ConflictError, DuplicateError
from ordercore.ports.rows import Rows, Store, Transaction
from ordercore.stored.commands import COUNTERS
from ordercore.stored.orders import ORDERS
from ordercore.testing.contract.samples import changed, sample, samples, uuid_of
from ordercore.testing.contract.units import (
    Rendezvous,
    Rival,
    all_of,
    attempt,
    fill,
    persist,
    row_of,
    together,
    updating,
)

KEY = ("00000000",)


class RacesContract:
    """Two writers at once: the second loses or waits, and nothing is lost."""

    def test_of_two_saves_as_read_one_wins(self, store: Store) -> None:
        """Both have seen version 1: one writes version 2, the other is told of a conflict."""
        (held,) = fill(store, ORDERS, [sample(ORDERS, 1, version=1)])
        point = Rendezvous()

        def save(state: str) -> ConflictError | None:
            def work(rows: Rows) -> None:
                point.meet()
                after = changed(held, state=state, version=2)
                rows.update(ORDERS, after, expect={"version": 1})

            return attempt(store, work)

        outcomes = dict(zip("ab", together([lambda: save("a"), lambda: save("b")]), strict=True))
        won = [state for state, conflict in outcomes.items() if conflict is None]
        assert len(won) == 1
        assert row_of(store, ORDERS, (held.id,)) == changed(held, state=won[0], version=2)

    def test_two_open_transactions_lose_nothing(self, store: Store) -> None:
        """Other rows, of the same table and of others, that a rival commits meanwhile stay."""
        unit = store.begin()
        unit.rows.insert(COUNTERS, [sample(COUNTERS, 1)])

        def rewrite(rows: Rows) -> None:
            rows.insert(COUNTERS, [sample(COUNTERS, 2)])
            rows.insert(ORDERS, [sample(ORDERS, 3)])

        rival = Rival(lambda: attempt(store, rewrite))
        rival.is_done()
        unit.rows.insert(ORDERS, [sample(ORDERS, 4)])
        mine = _commits(unit)
        theirs = rival.outcome() is None
        assert mine or theirs
        assert all_of(store, COUNTERS) == samples(COUNTERS, 3)[2 - mine : 2 + theirs]
        wanted = [sample(ORDERS, 3)] * theirs + [sample(ORDERS, 4)] * mine
        assert all_of(store, ORDERS) == wanted

    def test_a_unique_value_goes_to_one(self, store: Store) -> None:
        """Of two transactions that insert the same unique value one gets it."""
        point = Rendezvous()

        def insert(number: int) -> ConflictError | None:
            def work(rows: Rows) -> None:
                point.meet()
                rows.insert(ORDERS, [sample(ORDERS, number, number="the same")])
                point.meet()

            return attempt(store, work)

        outcomes = together([lambda: insert(1), lambda: insert(2)])
        conflicts = [outcome for outcome in outcomes if outcome is not None]
        assert len(conflicts) == 1
        assert len(all_of(store, ORDERS)) == 1
        if isinstance(conflicts[0], DuplicateError):
            assert conflicts[0].params["constraint"] == "uq_order_number"

    def test_crossed_writers_end_whole(self, store: Store) -> None:
        """Two that write the same two rows in opposite order: one result, never a mixture."""
        held = fill(store, COUNTERS, samples(COUNTERS, 2))
        point = Rendezvous()

        def write(value: int, order: list[int]) -> ConflictError | None:
            def work(rows: Rows) -> None:
                for at in order:
                    rows.update(COUNTERS, changed(held[at], value=value), expect={})
                    point.meet()

            return attempt(store, work)

        outcomes = together([lambda: write(70, [0, 1]), lambda: write(80, [1, 0])])
        assert None in outcomes
        values = [row.value for row in all_of(store, COUNTERS)]
        assert values in ([70, 70], [80, 80])

    def test_nothing_is_oversold(self, store: Store) -> None:
        """Ten at once want one of the last four: four get one."""
        fill(store, COUNTERS, [sample(COUNTERS, 0, value=4)])
        got: list[bool] = []

        def take() -> None:
            result: list[bool] = []

            def work(rows: Rows) -> None:
                result[:] = [rows.adjust(COUNTERS, KEY, "value", -1, floor=0)]

            persist(store, work)
            got.extend(result)

        together([take] * 10)
        assert sorted(got) == [False] * 6 + [True] * 4
        assert row_of(store, COUNTERS, KEY) == sample(COUNTERS, 0, value=0)

    def test_many_adjustments_add_up(self, store: Store) -> None:
        """Four writers, each adding one ten times, make forty."""
        fill(store, COUNTERS, [sample(COUNTERS, 0, value=0)])

        def work(rows: Rows) -> None:
            rows.adjust(COUNTERS, KEY, "value", 1, floor=0)

        together([lambda: [persist(store, work) for _ in range(10)]] * 4)
        assert row_of(store, COUNTERS, KEY) == sample(COUNTERS, 0, value=40)

    def test_many_saves_lose_nothing(self, store: Store) -> None:
        """Four writers, each reading and saving ten times under the version, make forty."""
        fill(store, ORDERS, [sample(ORDERS, 1, version=0, tax_minor=0)])

        def work(rows: Rows) -> None:
            was = rows.get(ORDERS, (uuid_of(1),))
            assert was is not None
            after = changed(was, tax_minor=was.tax_minor + 1, version=was.version + 1)
            rows.update(ORDERS, after, expect={"version": was.version})

        together([lambda: [persist(store, work) for _ in range(10)]] * 4)
        assert row_of(store, ORDERS, (uuid_of(1),)) == sample(ORDERS, 1, version=40, tax_minor=40)


class LocksContract:
    """A locked row is the newest, and stays so until the transaction has ended."""

    def test_a_locked_row_waits_or_wins(self, store: Store) -> None:
        """Nobody changes it under us: a rival waits, or one of the two meets a conflict."""
        (held,) = fill(store, COUNTERS, [sample(COUNTERS, 0)])
        unit = store.begin()
        assert unit.rows.get(COUNTERS, KEY, lock=True) == held
        unit.rows.insert(COUNTERS, [sample(COUNTERS, 5)])
        rival = Rival(lambda: attempt(store, updating(COUNTERS, changed(held, value=70))))
        was_first = rival.is_done() and rival.outcome() is None
        assert unit.rows.get(COUNTERS, KEY) == held
        assert not (_commits(unit) and was_first)
        rival.outcome()

    def test_a_lock_reads_what_is_newest(self, store: Store) -> None:
        """What a rival committed since we began is seen by the lock, or the lock is refused."""
        (held,) = fill(store, COUNTERS, [sample(COUNTERS, 0)])
        after = changed(held, value=70)
        unit = store.begin()
        assert unit.rows.get(COUNTERS, KEY) == held
        rival = Rival(lambda: attempt(store, updating(COUNTERS, after)))
        allowed = [after] if rival.is_done() and rival.outcome() is None else [held, after]
        try:
            assert unit.rows.get(COUNTERS, KEY, lock=True) in allowed
        except ConflictError:
            pass  # refused: whoever asks again sees the newest
        finally:
            unit.rollback()
            rival.outcome()

    def test_two_that_lock_the_same_row_take_turns(self, store: Store) -> None:
        """Both decide on the locked row and write another: no decision rests on an old one."""
        fill(store, COUNTERS, [sample(COUNTERS, 0, value=0)])
        point = Rendezvous()

        def decide(rows: Rows, me: int) -> None:
            assert rows.get(COUNTERS, KEY, lock=True) is not None
            taken = rows.count(ORDERS, {})
            point.meet()
            if taken == 0:
                rows.insert(ORDERS, [sample(ORDERS, me)])

        def decided(me: int) -> int:
            return persist(store, lambda rows: decide(rows, me))

        together([lambda: decided(1), lambda: decided(2)])
        assert len(all_of(store, ORDERS)) == 1


def _commits(unit: Transaction) -> bool:
    """Commit and tell whether that was granted."""
    try:
        unit.commit()
    except ConflictError:
        unit.rollback()
        return False
    return True
