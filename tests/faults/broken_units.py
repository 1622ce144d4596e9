"""Twins whose transactions, views, locks or claims do not hold."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from ordercore.errors import ConflictError
from ordercore.stored.table import Key, Table
from ordercore.testing.contract import ClaimsContract, TransactionContract
from ordercore_adapters.memory import MemoryStore
from ordercore_adapters.memory.rows import MemoryRows
from ordercore_adapters.memory.state import TableState
from ordercore_adapters.memory.store import MemoryTransaction
from tests.faults.twins import Passing, TwinStore, TwinUnit, twin

A_WHILE = 0.001
"""How long a wire takes: without it, threads of one process hardly ever meet."""


@twin(TransactionContract.test_two_open_transactions_lose_nothing)
class CopiesThenSwaps(MemoryStore):
    """Puts its own copy of everything in the place of what others have committed meanwhile."""

    def commit(self, unit: MemoryRows) -> None:
        """Lose what is not in the copy."""
        with self._lock:
            state = dict(unit._state)
            for table, writes in unit.writes().items():
                state[table] = (state.get(table) or TableState(table)).changed(writes)
            self.state = state


@twin(
    TransactionContract.test_of_two_saves_as_read_one_wins,
    TransactionContract.test_many_saves_lose_nothing,
    TransactionContract.test_nothing_is_oversold,
    TransactionContract.test_a_unique_value_goes_to_one,
)
class LastWriterWins(MemoryStore):
    """Writes its rows over whatever is there by now."""

    def begin(self) -> MemoryTransaction:
        """Begin, and take a while."""
        unit = super().begin()
        time.sleep(A_WHILE)
        return unit

    def commit(self, unit: MemoryRows) -> None:
        """Check nothing."""
        time.sleep(A_WHILE)
        with self._lock:
            state = dict(self.state)
            for table, writes in unit.writes().items():
                state[table] = self.current(table).changed(writes)
            self.state = state


@twin(
    TransactionContract.test_a_rollback_keeps_nothing,
    TransactionContract.test_an_error_keeps_nothing,
)
class RollbackKeeps(TwinUnit):
    """Commits when it should not."""

    def rollback(self) -> None:
        """Keep."""
        self.sound.rows.failed = False
        if not self.sound._ended:
            self.sound.commit()


@twin(TransactionContract.test_a_commit_is_seen_by_all_that_begins_later)
class CommitForgets(TwinUnit):
    """Keeps nothing at all."""

    def commit(self) -> None:
        """Roll back."""
        self.sound.rollback()


@twin(TransactionContract.test_a_conflict_cannot_be_passed_over)
class PassesOverConflicts(TwinUnit):
    """Commits what is left after a conflict, as SQLite does."""

    def commit(self) -> None:
        """Forget the conflict."""
        self.sound.rows.failed = False
        self.sound.commit()


@twin(TransactionContract.test_a_transaction_that_has_ended_is_closed)
class StaysOpen(TwinUnit):
    """Serves rows after its end: on a pooled connection, somebody else's."""

    def commit(self) -> None:
        """Commit, and go on."""
        if not self.sound._ended:
            self.sound.commit()
            self.sound.rows._closed = False


@twin(
    TransactionContract.test_nothing_is_seen_before_the_commit,
    TransactionContract.test_a_rollback_keeps_nothing,
)
class CommitsEachWrite(Passing):
    """Is in autocommit: each write is a transaction of its own."""

    def insert(self, table: Table[Any], rows: Sequence[Any]) -> None:
        """Write at once."""
        self.sound.insert(table, rows)
        self.publish()

    def update(self, table: Table[Any], row: Any, **how: Any) -> None:
        """Write at once."""
        self.sound.update(table, row, **how)
        self.publish()

    def publish(self) -> None:
        """Show everybody what has been written so far."""
        store = self.sound._current.__self__
        store.commit(self.sound)
        self.sound._overlay.clear()
        self.sound._state = store.state


@twin(TransactionContract.test_a_view_sees_one_state)
class ViewOfTheMoment(TwinStore):
    """Opens a view anew for each question."""

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """Open no view at all."""
        yield _EachTime(self.sound)


class _EachTime:
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        def ask(*args: Any, **how: Any) -> Any:
            with self._store.reading() as rows:
                found = getattr(rows, name)(*args, **how)
                return iter(list(found)) if name == "stream" else found

        return ask


@twin(TransactionContract.test_a_view_keeps_nothing)
class ViewsAreTransactions(TwinStore):
    """Commits a view when it is closed."""

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """Open a transaction."""
        unit = self.sound.begin()
        yield unit.rows
        unit.commit()


@twin(
    TransactionContract.test_a_locked_row_waits_or_wins,
    TransactionContract.test_two_that_lock_the_same_row_take_turns,
)
class LocksNothing(Passing):
    """Reads a row that it should lock."""

    def get(self, table: Table[Any], key: Key, *, lock: bool = False) -> Any:
        """Read."""
        return self.sound.get(table, key)


@twin(TransactionContract.test_a_lock_reads_what_is_newest)
class LocksWhatItRemembers(Passing):
    """Locks, and returns the row as it was when the transaction began."""

    def get(self, table: Table[Any], key: Key, *, lock: bool = False) -> Any:
        """Hold the row of the beginning, whatever it is by now."""
        row = self.sound.get(table, key)
        if lock and row is not None:
            self.sound._held.setdefault(table, {})[key] = row
        return row


class Sqlstate40001(Exception):  # noqa: N818
    """What a driver says of a conflict, in words of its own."""


@twin(TransactionContract.test_crossed_writers_end_whole)
class LetsDriverErrorsOut(TwinUnit):
    """Lets out what the driver says of a conflict."""

    def commit(self) -> None:
        """Raise another error."""
        try:
            self.sound.commit()
        except ConflictError:
            raise Sqlstate40001 from None


# ── claims ──


@twin(ClaimsContract.test_workers_at_once_take_each_row_once)
class ClaimsWithoutAskingAgain(Passing):
    """Looks for free rows, and takes them a moment later without saying `free` again."""

    def claim(
        self, table: Table[Any], *, token: UUID, now: datetime, until: datetime, limit: int
    ) -> Any:
        """Read, wait, write."""
        store = self.sound._store
        free = [
            row
            for row in store.current(table).rows.values()
            if row.due_at and row.due_at <= now and row.lease_until < now
        ]
        free.sort(key=lambda row: (row.due_at, table.key_of(row)))
        time.sleep(A_WHILE)
        taken = [
            row._replace(claim=token, lease_until=until, attempts=row.attempts + 1)
            for row in free[:limit]
        ]
        with store.exclusive() as state:
            state[table] = store.current(table).changed({table.key_of(row): row for row in taken})
        return taken


@twin(
    ClaimsContract.test_what_is_claimed_is_left_until_the_lease_ends,
    ClaimsContract.test_workers_at_once_take_each_row_once,
)
class ClaimsWithoutALease(Passing):
    """Hands out what somebody else has."""

    def claim(self, table: Table[Any], *, until: datetime, now: datetime, **how: Any) -> Any:
        """Forget to take the row out of circulation."""
        return self.sound.claim(table, now=now, until=now.replace(year=2000), **how)


@twin(ClaimsContract.test_what_is_not_due_is_left)
class ClaimsWhatIsNotDue(Passing):
    """Takes tomorrow's work today."""

    def claim(self, table: Table[Any], *, now: datetime, **how: Any) -> Any:
        """Look a year ahead."""
        rows: list[Any] = self.sound.claim(table, now=now.replace(year=now.year + 1), **how)
        return rows


@twin(ClaimsContract.test_a_claimed_row_says_so)
class ClaimsWithoutCounting(Passing):
    """Returns the row as it was before the claim."""

    def claim(self, table: Table[Any], **how: Any) -> Any:
        """Return old rows."""
        taken = self.sound.claim(table, **how)
        return [row._replace(attempts=row.attempts - 1) for row in taken]


@twin(ClaimsContract.test_a_claim_takes_what_is_due_soonest_first)
class ClaimsInAnyOrder(Passing):
    """Takes the newest first."""

    def claim(self, table: Table[Any], **how: Any) -> Any:
        """Turn the rows round."""
        return list(reversed(self.sound.claim(table, **how)))


@twin(ClaimsContract.test_a_claim_that_was_lost_cannot_be_renewed)
class RenewsForAnybody(Passing):
    """Does not look whose claim it is."""

    def renew(self, table: Table[Any], key: Key, *, token: UUID, until: datetime) -> bool:
        """Renew for whoever has it."""
        row = self.sound._store.current(table).rows.get(key)
        holder = row.claim if row is not None and row.claim is not None else token
        return bool(self.sound.renew(table, key, token=holder, until=until))
