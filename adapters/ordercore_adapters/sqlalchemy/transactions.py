"""Transactions: on a connection of the store's own, or a savepoint in the host's."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import exc

from ordercore.errors import CommitUnknownError, ConflictError, SetupError
from ordercore_adapters.sqlalchemy.driver import Driver
from ordercore_adapters.sqlalchemy.faults import translated, unreachable
from ordercore_adapters.sqlalchemy.rows import SqlRows
from ordercore_adapters.sqlalchemy.statements import Statements

FAILED = "a statement of this transaction met an error"
"""PostgreSQL would answer such a commit with a rollback, and say nothing."""


def connected(engine: sa.Engine, statements: Statements) -> sa.Connection:
    """Return a connection of the pool.

    Raises:
        StoreUnavailableError: the server does not answer, or no connection became free.
    """
    try:
        return engine.connect()
    except exc.TimeoutError:
        raise unreachable(statements) from None
    except exc.DBAPIError as error:
        raise translated(error, statements) from None


def end_read(connection: sa.Connection, statements: Statements) -> None:
    """End a transaction that only read.

    On PostgreSQL by commit: it is declared read only, and psycopg forgets prepared
    statements at a rollback. Elsewhere the pool rolls back, so that nothing is kept.
    """
    if connection.dialect.name != "postgresql":
        return
    try:
        connection.commit()
    except exc.DBAPIError as error:
        raise translated(error, statements) from None


class SqlTransaction:
    """A transaction on a connection of the store's own."""

    def __init__(self, connection: sa.Connection, driver: Driver, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements
        self._rows = SqlRows(driver, statements)

    @property
    def rows(self) -> SqlRows:
        """The rows as this transaction sees them."""
        return self._rows

    def commit(self) -> None:
        """Keep everything and give the connection back."""
        if self._connection.closed:
            raise SetupError("setup.closed")
        if self._rows.failed:
            self.rollback()
            raise ConflictError("store.conflict", reason=FAILED)
        self._rows.close()
        try:
            self._connection.commit()
        except exc.DBAPIError as error:
            if error.connection_invalidated:
                raise CommitUnknownError("store.commit_unknown") from None
            raise translated(error, self._statements) from None
        finally:
            self._connection.close()

    def rollback(self) -> None:
        """Keep nothing and give the connection back."""
        self._rows.close()
        self._connection.close()


class JoinedTransaction:
    """A savepoint in the host's transaction."""

    def __init__(
        self,
        connection: sa.Connection,
        savepoint: sa.NestedTransaction,
        statements: Statements,
    ) -> None:
        self._connection = connection
        self._savepoint = savepoint
        self._statements = statements
        self._rows = SqlRows(Driver(connection), statements)
        self._ended = False

    @property
    def rows(self) -> SqlRows:
        """The rows as the host's transaction sees them."""
        return self._rows

    def commit(self) -> None:
        """Release the savepoint; the host decides whether anything is kept."""
        if self._ended:
            raise SetupError("setup.closed")
        if self._rows.failed:
            self.rollback()
            raise ConflictError("store.conflict", reason=FAILED)
        self._end()
        try:
            self._savepoint.commit()
        except exc.DBAPIError as error:
            raise translated(error, self._statements) from None

    def rollback(self) -> None:
        """Return to the savepoint; what the host did before it stands.

        MariaDB answers a deadlock by rolling back the whole transaction, the
        host's work with it. Then the connection is marked broken: the host cannot
        commit the rest as if nothing were missing, and must roll back first.
        """
        self._end()
        if not self._savepoint.is_active:
            return
        try:
            self._savepoint.rollback()
        except exc.DBAPIError as error:
            if not error.connection_invalidated:
                self._connection.invalidate()

    def _end(self) -> None:
        self._ended = True
        self._rows.close()
