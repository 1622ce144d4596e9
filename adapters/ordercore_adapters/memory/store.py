"""The in-memory store: one immutable state, swapped at commit if nobody was faster."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from ordercore.errors import ConflictError, DuplicateError, SetupError, StaleError
from ordercore.ports.rows import FaultHook, Rows
from ordercore.stored.schema import columns
from ordercore.stored.table import Column, Key, R, Table
from ordercore_adapters.memory.rows import MemoryRows, State
from ordercore_adapters.memory.state import TableState


class MemoryStore:
    """Keeps everything in memory and passes the same contract suite as a database.

    Units do not wait for one another: whoever commits second and has written or
    locked the same row begins again.
    """

    def __init__(self, *, retries: int = 500) -> None:
        self.fault_hook: FaultHook | None = None
        self._retries = retries
        self.state: State = {}
        """The committed rows: replaced as a whole, never changed."""
        self._lock = threading.Lock()

    @property
    def retries(self) -> int:
        """How often a command is tried again after a conflict."""
        return self._retries

    @property
    def owns_transactions(self) -> bool:
        """Always: there is no host's transaction to join."""
        return True

    @property
    def claims(self) -> MemoryClaims:
        """The claims on due rows."""
        return MemoryClaims(self)

    def begin(self) -> MemoryTransaction:
        """Begin a unit on the present state."""
        return MemoryTransaction(self)

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """Open a view of the present state, which later commits do not change."""
        rows = MemoryRows(self.state, self.current)
        try:
            yield rows
        finally:
            rows.close()

    def check(self) -> list[str]:
        """Return nothing: there is no schema that could be wrong."""
        return []

    def tables(self) -> list[tuple[str, Column]]:
        """Return each column with the name of its table: owner, merge and privacy class."""
        return columns()

    def current(self, table: Table[Any]) -> TableState:
        """Return the newest committed state of one table."""
        return self.state.get(table) or TableState(table)

    def commit(self, unit: MemoryRows) -> None:
        """Keep what a unit wrote, if every row it wrote or locked is as it began."""
        with self._lock:
            state = dict(self.state)
            for table, writes in unit.writes().items():
                now = self.current(table)
                for key in writes:
                    if now.rows.get(key) is not unit.begun(table, key):
                        raise StaleError("store.stale", table=table.name)
                state[table] = _unique(now.changed(writes), writes)
            self.state = state

    @contextmanager
    def exclusive(self) -> Iterator[State]:
        """Hold the lock and change a copy of the state in place: for claims."""
        with self._lock:
            state = dict(self.state)
            yield state
            self.state = state


def _unique(after: TableState, writes: dict[Key, Any]) -> TableState:
    """Return the state if no written row has a unique twin."""
    table = after.table
    for name, unique in table.uniques.items():
        for row in writes.values():
            if row is None:
                continue
            values = tuple(row[table.at[column]] for column in unique)
            if None not in values and len(after.keys_with(unique, values)) > 1:
                raise DuplicateError("store.duplicate", constraint=name)
    return after


class MemoryTransaction:
    """One unit: the state it began with and an overlay of its writes."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._rows = MemoryRows(store.state, store.current)
        self._ended = False

    @property
    def rows(self) -> MemoryRows:
        """The rows as this unit sees them."""
        return self._rows

    def commit(self) -> None:
        """Swap the state, or fail with `ConflictError` and keep nothing."""
        if self._ended:
            raise SetupError("setup.closed")
        self._end()
        if self._rows.failed:
            raise ConflictError("store.conflict", reason="a write of this unit met a conflict")
        self._store.commit(self._rows)

    def rollback(self) -> None:
        """Keep nothing: the overlay is not looked at again."""
        self._end()

    def _end(self) -> None:
        self._ended = True
        self._rows.close()


class MemoryClaims:
    """Claims under the store's lock."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def claim(
        self, table: Table[R], *, token: UUID, now: datetime, until: datetime, limit: int
    ) -> list[R]:
        """Take up to `limit` rows that are due and free, soonest first."""
        due_at, lease = table.at["due_at"], table.at["lease_until"]
        with self._store.exclusive() as state:
            found = state.get(table) or TableState(table)
            free = [
                row
                for row in found.rows.values()
                if row[due_at] is not None and row[due_at] <= now and row[lease] < now
            ]
            free.sort(key=lambda row: (row[due_at], table.key_of(row)))
            taken = [
                row._replace(claim=token, lease_until=until, attempts=row.attempts + 1)
                for row in free[:limit]
            ]
            state[table] = found.changed({table.key_of(row): row for row in taken})
        return taken

    def renew(self, table: Table[Any], key: Key, *, token: UUID, until: datetime) -> bool:
        """Prolong one claim; False when it was lost."""
        with self._store.exclusive() as state:
            found = state.get(table) or TableState(table)
            row = found.rows.get(key)
            if row is None or row.claim != token:
                return False
            state[table] = found.changed({key: row._replace(lease_until=until)})
        return True
