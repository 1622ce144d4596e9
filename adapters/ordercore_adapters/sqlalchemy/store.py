"""The SQLAlchemy store: SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.orm import Session

from ordercore.errors import SetupError
from ordercore.ports.rows import FaultHook, Rows
from ordercore.stored.schema import columns
from ordercore.stored.table import Column, Table
from ordercore_adapters.sqlalchemy.claims import SqlClaims
from ordercore_adapters.sqlalchemy.driver import Driver
from ordercore_adapters.sqlalchemy.engines import (
    begin_read,
    begin_savepoint,
    begin_write,
    check_dialect,
    engine_from,
    reading_engine,
    writing_engine,
)
from ordercore_adapters.sqlalchemy.faults import translated
from ordercore_adapters.sqlalchemy.migrate import check_revision, migrate, upgrade
from ordercore_adapters.sqlalchemy.rows import SqlRows
from ordercore_adapters.sqlalchemy.schema import build
from ordercore_adapters.sqlalchemy.statements import Statements
from ordercore_adapters.sqlalchemy.transactions import (
    JoinedTransaction,
    SqlTransaction,
    connected,
    end_read,
)

RETRIES = 20


class SqlAlchemyStore:
    """Keeps a shop in a database of the host.

    Args:
        engine: The host's engine; the store never disposes of it.
        metadata: Where the tables are added; the host's own, or a fresh one.
        prefix: What the names of tables begin with. One shop per prefix and schema.
        schema: The database schema (PostgreSQL) or database (MariaDB); None for the default.
    """

    def __init__(
        self,
        engine: sa.Engine,
        *,
        metadata: sa.MetaData | None = None,
        prefix: str = "oc_",
        schema: str | None = None,
    ) -> None:
        check_dialect(engine.dialect)
        self.fault_hook: FaultHook | None = None
        self.engine: sa.Engine = engine
        self.metadata: sa.MetaData = metadata if metadata is not None else sa.MetaData()
        self.prefix: str = prefix
        self.schema: str | None = schema
        self._tables = build(self.metadata, prefix=prefix, schema=schema)
        self._statements = Statements(engine.dialect, self._tables)
        self._writing = writing_engine(engine)
        self._reading = reading_engine(engine)
        self._checked = False
        self._owns_engine = False

    @classmethod
    def from_url(cls, url: str | sa.URL, *, prefix: str = "oc_", schema: str | None = None) -> Self:
        """Open a database, such as `sqlite:///shop.db`, and bring its tables up to date.

        Hosts that run migrations themselves make the engine and use the constructor.

        Raises:
            SetupError: `schema.newer`, when a later release has written to it.
        """
        store = cls(engine_from(url), prefix=prefix, schema=schema)
        store._owns_engine = True
        try:
            store.migrate()
        except BaseException:
            store.close()
            raise
        return store

    @property
    def retries(self) -> int:
        """How often a command is tried again after a conflict."""
        return RETRIES

    @property
    def owns_transactions(self) -> bool:
        """The store begins and commits by itself."""
        return True

    @property
    def claims(self) -> SqlClaims:
        """The claims on due rows."""
        return SqlClaims(self._writing, self._statements)

    def begin(self) -> SqlTransaction:
        """Begin a transaction at READ COMMITTED (SQLite: with the write lock)."""
        self._check_once()
        connection = connected(self._writing, self._statements)
        try:
            driver = begin_write(connection)
        except exc.DBAPIError as error:
            connection.close()
            raise translated(error, self._statements) from None
        return SqlTransaction(connection, driver, self._statements)

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """Open one consistent view: REPEATABLE READ, read only."""
        self._check_once()
        with connected(self._reading, self._statements) as connection:
            try:
                driver = begin_read(connection)
            except exc.DBAPIError as error:
                raise translated(error, self._statements) from None
            rows = SqlRows(driver, self._statements)
            try:
                yield rows
            finally:
                rows.close()
            end_read(connection, self._statements)

    def using(self, connection: object) -> JoinedStore:
        """Return a store inside the host's transaction: it never commits or closes it.

        Args:
            connection: A `sqlalchemy.Connection`, or an ORM session, whose connection is used.
        """
        if isinstance(connection, Session):
            connection = connection.connection()
        if not isinstance(connection, sa.Connection):
            raise SetupError(
                "setup.connection",
                expected="a sqlalchemy Connection or Session",
                got=type(connection).__name__,
            )
        check_dialect(connection.dialect, self.engine.dialect)
        return JoinedStore(connection, self._statements, self.fault_hook)

    def migrate(self) -> None:
        """Create the tables or bring them up to date, in one transaction of its own."""
        try:
            migrate(self.engine, prefix=self.prefix, schema=self.schema)
        except exc.DBAPIError as error:
            raise translated(error, self._statements) from None
        self._checked = True

    def upgrade(self, connection: sa.Connection) -> None:
        """Create the tables or bring them up to date inside the host's transaction.

        Never commits: the host does, with whatever else it migrates.
        """
        upgrade(connection, prefix=self.prefix, schema=self.schema)

    def close(self) -> None:
        """Close the connections of a store made by `from_url`; a host closes its own engine."""
        if self._owns_engine:
            self.engine.dispose()

    def check(self) -> list[str]:
        """Return what is wrong with the schema, in words; empty when all is well."""
        try:
            self._check_revision()
        except SetupError as error:
            return [str(error)]
        return []

    def tables(self) -> list[tuple[str, Column]]:
        """Return each column with the name of its table: owner, merge and privacy class."""
        return columns(f"{self.schema}.{self.prefix}" if self.schema else self.prefix)

    def include_object(
        self, item: object, name: str | None, kind: str, reflected: bool, compared: object
    ) -> bool:
        """Keep a host's Alembic autogenerate off our tables: its `include_object`."""
        table: Any = getattr(item, "table", item)
        ours = str(getattr(table, "name", name) or "").startswith(self.prefix)
        return not (ours and getattr(table, "schema", None) == self.schema)

    def table(self, declared: Table[Any]) -> sa.Table:
        """Return the SQLAlchemy table of a declaration, for the host's own queries."""
        return self._tables[declared]

    def _check_once(self) -> None:
        if not self._checked:
            self._check_revision()
            self._checked = True

    def _check_revision(self) -> None:
        try:
            check_revision(self.engine, prefix=self.prefix, schema=self.schema)
        except exc.DBAPIError as error:
            raise translated(error, self._statements) from None


class JoinedStore:
    """The store inside a transaction of the host: a savepoint per command, no retry."""

    def __init__(
        self, connection: sa.Connection, statements: Statements, fault_hook: FaultHook | None
    ) -> None:
        self.fault_hook = fault_hook
        self._connection = connection
        self._statements = statements

    @property
    def retries(self) -> int:
        """Never: only the host can begin its transaction again."""
        return 0

    @property
    def owns_transactions(self) -> bool:
        """The host does."""
        return False

    @property
    def claims(self) -> SqlClaims:
        """Refused: a claim is a transaction of its own."""
        raise SetupError("setup.joined", what="claiming due work")

    def begin(self) -> JoinedTransaction:
        """Begin a savepoint."""
        try:
            savepoint = begin_savepoint(self._connection)
        except exc.DBAPIError as error:
            raise translated(error, self._statements) from None
        return JoinedTransaction(self._connection, savepoint, self._statements)

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """Read what the host's transaction sees, at its isolation level."""
        rows = SqlRows(Driver(self._connection), self._statements)
        try:
            yield rows
        finally:
            rows.close()

    def check(self) -> list[str]:
        """Return nothing: the shop that was joined has been checked."""
        return []
