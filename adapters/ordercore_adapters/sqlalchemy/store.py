"""The SQLAlchemy store: SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ordercore.errors import CommitUnknownError, SetupError
from ordercore.ports.rows import FaultHook, Rows
from ordercore.stored.table import Column, Table
from ordercore_adapters.sqlalchemy.claims import SqlClaims
from ordercore_adapters.sqlalchemy.engines import begin_read, begin_savepoint, begin_write, engine_from
from ordercore_adapters.sqlalchemy.faults import translated
from ordercore_adapters.sqlalchemy.migrate import check_revision, migrate
from ordercore_adapters.sqlalchemy.rows import SqlRows
from ordercore_adapters.sqlalchemy.schema import build
from ordercore_adapters.sqlalchemy.statements import Statements

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
        self.fault_hook: FaultHook | None = None
        self.engine = engine
        self.metadata = metadata if metadata is not None else sa.MetaData()
        self.prefix = prefix
        self.schema = schema
        self._tables = build(self.metadata, prefix=prefix, schema=schema)
        self._statements = Statements(engine.dialect, self._tables)
        self._reading = _reading_engine(engine)
        self._checked = False

    @classmethod
    def from_url(
        cls, url: str | sa.URL, *, prefix: str = "oc_", schema: str | None = None
    ) -> Self:
        """Open a database, such as `sqlite:///shop.db`, and bring its tables up to date.

        Hosts that run migrations themselves make the engine and use the constructor.

        Raises:
            SetupError: `schema.newer`, when a later release has written to it.
        """
        store = cls(engine_from(url), prefix=prefix, schema=schema)
        try:
            store.migrate()
        except BaseException:
            store.engine.dispose()
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
        return SqlClaims(self.engine, self._statements)

    def begin(self) -> SqlTransaction:
        """Begin a transaction at READ COMMITTED (SQLite: with the write lock)."""
        self._check_once()
        connection = self.engine.connect()
        try:
            begin_write(connection)
        except sa.exc.DBAPIError as error:
            connection.close()
            raise translated(error, self._statements) from None
        return SqlTransaction(connection, self._statements)

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """Open one consistent view: REPEATABLE READ, read only."""
        self._check_once()
        try:
            with self._reading.connect() as connection:
                begin_read(connection)
                yield SqlRows(connection, self._statements)
        except sa.exc.DBAPIError as error:
            raise translated(error, self._statements) from None

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
        return JoinedStore(connection, self._statements, self.fault_hook)

    def migrate(self) -> None:
        """Create the tables or bring them up to date, in one transaction of its own."""
        migrate(self.engine, prefix=self.prefix, schema=self.schema)
        self._checked = True

    def check(self) -> list[str]:
        """Return what is wrong with the schema, in words; empty when all is well."""
        try:
            check_revision(self.engine, prefix=self.prefix, schema=self.schema)
        except SetupError as error:
            return [str(error)]
        return []

    def tables(self) -> list[tuple[str, Column]]:
        """Return each column with the name of its table: owner, merge and privacy class."""
        return [
            (str(here.fullname), column)
            for table, here in self._tables.items()
            for column in table.columns
        ]

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
            check_revision(self.engine, prefix=self.prefix, schema=self.schema)
            self._checked = True


def _reading_engine(engine: sa.Engine) -> sa.Engine:
    if engine.dialect.name == "sqlite":
        return engine
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"}
    if engine.dialect.name == "postgresql":
        options["postgresql_readonly"] = True
    return engine.execution_options(**options)


class SqlTransaction:
    """A transaction on a connection of the store's own."""

    def __init__(self, connection: sa.Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements
        self._rows = SqlRows(connection, statements)

    @property
    def rows(self) -> SqlRows:
        """The rows as this transaction sees them."""
        return self._rows

    def commit(self) -> None:
        """Keep everything and give the connection back."""
        try:
            self._connection.commit()
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated:
                raise CommitUnknownError("store.commit_unknown") from None
            raise translated(error, self._statements) from None
        finally:
            self._connection.close()

    def rollback(self) -> None:
        """Keep nothing and give the connection back."""
        self._connection.close()


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
        except sa.exc.DBAPIError as error:
            raise translated(error, self._statements) from None
        return JoinedTransaction(self._connection, savepoint, self._statements)

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """Read what the host's transaction sees, at its isolation level."""
        yield SqlRows(self._connection, self._statements)

    def check(self) -> list[str]:
        """Return nothing: the shop that was joined has been checked."""
        return []


class JoinedTransaction:
    """A savepoint in the host's transaction."""

    def __init__(
        self,
        connection: sa.Connection,
        savepoint: sa.NestedTransaction,
        statements: Statements,
    ) -> None:
        self._savepoint = savepoint
        self._statements = statements
        self._rows = SqlRows(connection, statements)

    @property
    def rows(self) -> SqlRows:
        """The rows as the host's transaction sees them."""
        return self._rows

    def commit(self) -> None:
        """Release the savepoint; the host decides whether anything is kept."""
        try:
            self._savepoint.commit()
        except sa.exc.DBAPIError as error:
            raise translated(error, self._statements) from None

    def rollback(self) -> None:
        """Return to the savepoint; what the host did before it stands."""
        if self._savepoint.is_active:
            self._savepoint.rollback()
