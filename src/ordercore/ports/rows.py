"""What the core asks of a database: rows of declared tables, in a transaction.

A store is complete with `Store`, `Transaction`, `Rows` and `Claims`. The contract
suite in `ordercore.testing` says each promise again, as tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from ordercore.stored.table import Key, R, Table, Value
from ordercore.values.criteria import Criteria


class Rows(Protocol):
    """The rows that one transaction sees: its own writes, and what was committed.

    Every method takes the declared table first. Rows are checked by the core
    before they are written, so a store never meets a value it cannot keep. A
    list is ordered by `order` (column names, `-` before a descending one), then
    by key; NULL is below every value, text compares by code point.

    A write that met a conflict ends the transaction: a later commit is refused.
    After the end every call, and a `stream` still being read, is refused with
    `SetupError`: `setup.closed`.
    """

    def get(self, table: Table[R], key: Key, *, lock: bool = False) -> R | None:
        """Return the row with this key.

        With `lock` nobody else changes the row until this transaction has ended,
        or this transaction fails with `ConflictError`; what is returned is the
        newest committed row.
        """
        ...

    def where(
        self,
        table: Table[R],
        equal: Mapping[str, Value],
        *,
        order: Sequence[str] = (),
        after: Key | None = None,
        limit: int | None = None,
    ) -> list[R]:
        """Return the rows whose columns equal these values.

        `after` is the sort key (the columns of `order`, then the table's key) of
        the last row already seen.
        """
        ...

    def among(self, table: Table[R], column: str, values: Sequence[Value]) -> list[R]:
        """Return the rows whose `column` is one of `values` (None: NULL), ordered by key."""
        ...

    def find(
        self,
        table: Table[R],
        criteria: Criteria,
        *,
        order: Sequence[str] = (),
        after: Key | None = None,
        limit: int | None = None,
    ) -> list[R]:
        """Return the rows that match the criteria; paged as `where` is."""
        ...

    def count(self, table: Table[Any], equal: Mapping[str, Value]) -> int:
        """Return how many rows have columns that equal these values."""
        ...

    def stream(self, table: Table[R]) -> Iterator[R]:
        """Yield every row, ordered by key, holding few in memory at a time."""
        ...

    def insert(self, table: Table[R], rows: Sequence[R]) -> None:
        """Add rows.

        Raises:
            DuplicateError: with the declared name of the constraint (`<table>.key`
                for the primary key), now or at commit.
        """
        ...

    def update(self, table: Table[R], row: R, *, expect: Mapping[str, Value]) -> None:
        """Replace the row of the same key, if its columns still are as expected.

        Raises:
            StaleError: when no such row is there, now or at commit.
            DuplicateError: as `insert`.
        """
        ...

    def adjust(self, table: Table[Any], key: Key, column: str, by: int, *, floor: int) -> bool:
        """Add `by` to a whole number, unless it would fall below `floor` or leave 64 bits.

        One conditional update whose row count is read: this is what prevents
        double spending. Returns whether it was done.
        """
        ...

    def delete(self, table: Table[Any], keys: Sequence[Key]) -> int:
        """Remove rows by key and return how many there were."""
        ...

    def repoint(self, table: Table[Any], column: str, old: UUID, new: UUID, *, merge: UUID) -> int:
        """Give the rows of one customer to another and return how many there were.

        The key of each is written to the `moved` table under `merge`; versions
        rise by one. Set-based: a hundred thousand rows are two statements.
        """
        ...

    def repoint_back(
        self, table: Table[Any], column: str, old: UUID, new: UUID, *, merge: UUID
    ) -> int:
        """Undo `repoint` for the rows noted under `merge` that still are with `new`."""
        ...


class Transaction(Protocol):
    """A transaction that has begun."""

    @property
    def rows(self) -> Rows:
        """The rows as this transaction sees them."""
        ...

    def commit(self) -> None:
        """Keep everything.

        Raises:
            ConflictError: nothing was kept; the unit may be tried again.
            CommitUnknownError: the connection broke; nobody knows.
        """
        ...

    def rollback(self) -> None:
        """Keep nothing. Harmless when the transaction has ended."""
        ...


class Claims(Protocol):
    """Due rows handed out to workers, each to one at a time.

    For tables with the columns `due_at` (NULL: nothing is due), `claim`,
    `lease_until` and `attempts`. Each call is a short transaction of its own.
    """

    def claim(
        self, table: Table[R], *, token: UUID, now: datetime, until: datetime, limit: int
    ) -> list[R]:
        """Take up to `limit` rows that are due and free, soonest first.

        `token` must be new: it is how the claimed rows are found again.
        """
        ...

    def renew(self, table: Table[Any], key: Key, *, token: UUID, until: datetime) -> bool:
        """Prolong one claim; False when it was lost to another worker."""
        ...


FaultHook = Callable[[str], None]


class Store(Protocol):
    """A database, as far as the core is concerned."""

    fault_hook: FaultHook | None
    """Called with the name of the point before and after each port call and commit."""

    @property
    def retries(self) -> int:
        """How often a command is tried again after a conflict; 0 in a host's transaction."""
        ...

    @property
    def owns_transactions(self) -> bool:
        """Whether the store begins and commits by itself; False under `using()`."""
        ...

    @property
    def claims(self) -> Claims:
        """The claims on due rows."""
        ...

    def begin(self) -> Transaction:
        """Begin a transaction for a command (READ COMMITTED or stronger)."""
        ...

    def reading(self) -> AbstractContextManager[Rows]:
        """Open one consistent, read-only view for a query."""
        ...

    def check(self) -> list[str]:
        """Return what is wrong with the schema, in words; empty when all is well."""
        ...


class Joinable(Protocol):
    """A store that can work inside a transaction of its host."""

    def using(self, connection: object) -> Store:
        """Return a store over the host's connection: a savepoint per command, never a commit."""
        ...
