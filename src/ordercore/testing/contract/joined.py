"""What `Joinable.using` promises to a host that owns the transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

import pytest

from ordercore.errors import ConflictError, DuplicateError, SetupError
from ordercore.ports.rows import Rows, Store
from ordercore.stored.commands import COUNTERS
from ordercore.stored.orders import ORDERS
from ordercore.testing.contract.samples import sample, samples
from ordercore.testing.contract.units import all_of, attempt, kept, row_of

T = TypeVar("T")


class Host(Protocol):
    """A host with a connection and a transaction of its own, not yet begun."""

    def run(self, work: Callable[[Store], T]) -> T:
        """Call `work` with a store joined to the host's transaction."""
        ...

    def note(self, text: str) -> None:
        """Write to a table of the host's own, in the same transaction."""
        ...

    def notes(self) -> list[str]:
        """Return what another connection sees in that table, in order."""
        ...

    def commit(self) -> None:
        """Commit the host's transaction; the next call of `run` or `note` begins another."""
        ...

    def rollback(self) -> None:
        """Roll the host's transaction back; likewise."""
        ...


class JoinedContract:
    """Commands inside a host's transaction. Needs `host`, and `store`: what others see."""

    def test_a_savepoint_that_comes_first_goes_with_the_host(
        self, store: Store, host: Host
    ) -> None:
        """The host's rollback undoes a command that was the first thing on its connection."""
        host.run(lambda ours: kept(ours, _counting(1)))
        host.rollback()
        assert all_of(store, COUNTERS) == []

    def test_the_hosts_rollback_takes_ours_with_it(self, store: Store, host: Host) -> None:
        """Between two writes of the host's own: all or nothing."""
        host.note("before")
        host.run(lambda ours: kept(ours, _counting(1)))
        host.note("after")
        host.rollback()
        assert (host.notes(), all_of(store, COUNTERS)) == ([], [])

    def test_the_hosts_commit_keeps_ours(self, store: Store, host: Host) -> None:
        """Savepoint first, then the host's own work, then another command."""
        host.run(lambda ours: kept(ours, _counting(0)))
        host.note("between")
        host.run(lambda ours: kept(ours, _counting(1)))
        host.commit()
        assert host.notes() == ["between"]
        assert all_of(store, COUNTERS) == samples(COUNTERS, 2)

    def test_our_commit_is_not_the_hosts(self, store: Store, host: Host) -> None:
        """Until the host commits, nobody else sees anything; nor is the connection closed."""
        host.note("first")
        host.run(lambda ours: kept(ours, _counting(0)))
        assert (host.notes(), all_of(store, COUNTERS)) == ([], [])
        host.note("second")
        host.commit()
        assert host.notes() == ["first", "second"]
        assert all_of(store, COUNTERS) == samples(COUNTERS, 1)

    def test_a_command_that_fails_leaves_the_hosts_work(self, store: Store, host: Host) -> None:
        """Only the savepoint is undone; the host goes on and commits the rest."""
        host.note("before")
        host.run(lambda ours: kept(ours, _counting(0)))
        conflict = host.run(lambda ours: attempt(ours, _counting(1, 0)))
        assert isinstance(conflict, DuplicateError)
        assert conflict.params["constraint"] == "counter.key"
        host.note("after")
        host.run(lambda ours: kept(ours, _counting(2)))
        host.commit()
        assert host.notes() == ["before", "after"]
        assert all_of(store, COUNTERS) == [sample(COUNTERS, 0), sample(COUNTERS, 2)]

    def test_the_first_command_may_fail(self, store: Store, host: Host) -> None:
        """A savepoint that comes first and is undone leaves an open transaction behind."""
        conflict = host.run(lambda ours: attempt(ours, _counting(0, 0)))
        assert isinstance(conflict, DuplicateError)
        host.note("after")
        assert host.notes() == []
        host.rollback()
        assert (host.notes(), all_of(store, COUNTERS)) == ([], [])

    def test_a_conflict_cannot_be_passed_over(self, store: Store, host: Host) -> None:
        """Who swallows a conflict and commits the command is told again; the host goes on."""

        def swallow(ours: Store) -> None:
            unit = ours.begin()
            unit.rows.insert(COUNTERS, [sample(COUNTERS, 7)])
            with pytest.raises(ConflictError):
                unit.rows.update(COUNTERS, sample(COUNTERS, 4), expect={})
            with pytest.raises(ConflictError):
                unit.commit()
            unit.rollback()

        host.note("before")
        host.run(swallow)
        host.commit()
        assert (host.notes(), all_of(store, COUNTERS)) == (["before"], [])

    def test_two_commands_are_one_transaction(self, store: Store, host: Host) -> None:
        """The second sees what the first did; undone, it takes nothing of the first along."""
        host.run(lambda ours: kept(ours, _counting(0)))

        def again(ours: Store) -> None:
            unit = ours.begin()
            assert unit.rows.get(COUNTERS, ("00000000",)) == sample(COUNTERS, 0)
            unit.rows.adjust(COUNTERS, ("00000000",), "value", 70, floor=0)
            unit.rows.insert(COUNTERS, [sample(COUNTERS, 1)])
            unit.rollback()
            unit.rollback()

        host.run(again)
        host.commit()
        assert all_of(store, COUNTERS) == samples(COUNTERS, 1)

    def test_a_rollback_after_our_commit_undoes_nothing(self, store: Store, host: Host) -> None:
        """A command that has ended has ended."""

        def end_twice(ours: Store) -> None:
            unit = ours.begin()
            unit.rows.insert(COUNTERS, samples(COUNTERS, 1))
            unit.commit()
            unit.rollback()

        host.run(end_twice)
        host.commit()
        assert all_of(store, COUNTERS) == samples(COUNTERS, 1)

    def test_a_query_sees_the_hosts_transaction(self, host: Host) -> None:
        """What a command did is seen by a query on the same connection before any commit."""
        host.run(lambda ours: kept(ours, _counting(0)))
        assert host.run(lambda ours: row_of(ours, COUNTERS, ("00000000",))) is not None
        host.rollback()
        assert host.run(lambda ours: all_of(ours, COUNTERS)) == []
        host.rollback()

    def test_nothing_is_tried_again(self, store: Store, host: Host) -> None:
        """Only the host can begin its transaction again, and only it owns one."""
        assert host.run(lambda ours: (ours.retries, ours.owns_transactions)) == (0, False)
        assert store.owns_transactions

    def test_claims_are_refused(self, host: Host) -> None:
        """A claim is a transaction of its own, which a host's cannot hold."""
        with pytest.raises(SetupError) as refusal:
            host.run(lambda ours: ours.claims)
        assert refusal.value.code == "setup.joined"

    def test_what_is_no_connection_is_refused(self, store: Store) -> None:
        """A wrong object is the developer's mistake, said at once."""
        for wrong in (None, "sqlite://", object()):
            with pytest.raises(SetupError) as refusal:
                store.using(wrong)  # type: ignore[attr-defined]
            assert refusal.value.code == "setup.connection"

    def test_the_outer_store_is_unchanged(self, store: Store, host: Host) -> None:
        """A store that was joined still begins and commits by itself elsewhere."""
        host.run(lambda ours: kept(ours, _counting(0)))
        host.rollback()
        kept(store, lambda rows: rows.insert(ORDERS, [sample(ORDERS, 1)]))
        assert len(all_of(store, ORDERS)) == 1


def _counting(*numbers: int) -> Callable[[Rows], None]:
    """Return the work of inserting these counters."""
    return lambda rows: rows.insert(COUNTERS, [sample(COUNTERS, number) for number in numbers])
