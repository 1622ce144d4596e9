"""A third party's store: everything in memory, each commit one line of a file.

It holds one lock from the beginning of a transaction to its end, so that writers
take turns; readers look at the newest committed state, which never changes under
them. That is slow where many write at once and right everywhere: `test_small_store.py`
beside it runs the contract that ordercore ships.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from examples.small_store.journal import Journal
from examples.small_store.rows import Changed, JournalRows, State, changed_state
from ordercore.errors import ConflictError, SetupError
from ordercore.ports.rows import FaultHook, Rows
from ordercore.stored.table import Key, R, Table
from ordercore.values.criteria import Compare, Every

LOCK_SECONDS = 30


class JournalTransaction:
    """A transaction that holds the store's lock."""

    def __init__(self, store: JournalStore) -> None:
        self._store = store
        self._rows = JournalRows(store.state)

    @property
    def rows(self) -> JournalRows:
        """The rows as this transaction sees them."""
        return self._rows

    def commit(self) -> None:
        """Keep everything."""
        if self._rows.closed:
            raise SetupError("setup.closed")
        if self._rows.conflict is not None:
            raise self._rows.conflict
        self._store.keep(self._rows.changed)
        self.rollback()

    def rollback(self) -> None:
        """Give the lock back; what was not kept is gone."""
        if not self._rows.closed:
            self._rows.closed = True
            self._store.lock.release()


class JournalStore:
    """A store in one file, for one process.

    Args:
        path: The journal: read when the store is opened, appended to at each commit.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.fault_hook: FaultHook | None = None
        self.lock = threading.Lock()
        self.state: State = {}
        self._journal = Journal(path)
        for changed in self._journal:
            self.state = changed_state(self.state, changed)

    @property
    def retries(self) -> int:
        """How often a command is tried again: two may have asked for the same unique value."""
        return 20

    @property
    def owns_transactions(self) -> bool:
        """Always."""
        return True

    @property
    def claims(self) -> JournalClaims:
        """The claims on due rows."""
        return JournalClaims(self)

    def begin(self) -> JournalTransaction:
        """Begin a transaction when it is our turn."""
        if not self.lock.acquire(timeout=LOCK_SECONDS):
            raise ConflictError("store.conflict", reason="the lock was not free in time")
        return JournalTransaction(self)

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """Open a view of the newest committed state."""
        rows = JournalRows(self.state)
        try:
            yield rows
        finally:
            rows.closed = True

    def check(self) -> list[str]:
        """Return nothing: there is no schema that could be wrong."""
        return []

    def keep(self, changed: Changed) -> None:
        """Write what a transaction changed to the journal, then show it to everybody."""
        if changed:
            self._journal.append(changed)
            self.state = changed_state(self.state, changed)


class JournalClaims:
    """Due rows, one worker each: under the lock nobody else is looking."""

    def __init__(self, store: JournalStore) -> None:
        self._store = store

    def claim(
        self, table: Table[R], *, token: UUID, now: datetime, until: datetime, limit: int
    ) -> list[R]:
        """Take up to `limit` rows that are due and free, soonest first."""
        due = Every(Compare("due_at", "le", now), Compare("lease_until", "lt", now))
        with self._alone() as rows:
            taken: list[Any] = []
            for row in rows.find(table, due, order=("due_at",), limit=limit):
                free: Any = row
                more = free.attempts + 1
                taken.append(free._replace(claim=token, lease_until=until, attempts=more))
                rows.update(table, taken[-1], expect={})
        return taken

    def renew(self, table: Table[Any], key: Key, *, token: UUID, until: datetime) -> bool:
        """Prolong one claim; False when it was lost to another worker."""
        with self._alone() as rows:
            row = rows.get(table, key)
            if row is None or row.claim != token:
                return False
            rows.update(table, row._replace(lease_until=until), expect={})
        return True

    @contextmanager
    def _alone(self) -> Iterator[JournalRows]:
        unit = self._store.begin()
        try:
            yield unit.rows
            unit.commit()
        finally:
            unit.rollback()
