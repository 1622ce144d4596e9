"""Engines as this store wants them, and how a transaction begins on each."""

from __future__ import annotations

from time import monotonic  # noqa: TID251  (how long a connection lay idle is not the shop's time)
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc

from ordercore.errors import SetupError
from ordercore_adapters.sqlalchemy.driver import Driver

LOCK_WAIT_SECONDS = 30
IDLE_SECONDS = 1
_OURS = "ordercore"
"""Marks an engine whose connections are at READ COMMITTED already."""


def engine_from(url: str | sa.URL) -> sa.Engine:
    """Return an engine for a URL: READ COMMITTED, no row in an error message.

    SQLite files are opened in WAL mode with full durability and wait up to 30
    seconds for a lock.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    options: dict[str, Any] = {
        "isolation_level": "READ COMMITTED",
        "pool_size": 20,
        "execution_options": {_OURS: True},
    }
    if parsed.get_backend_name() in ("mysql", "mariadb"):
        parsed = parsed.update_query_dict({"charset": "utf8mb4"})
    engine = sa.create_engine(parsed, hide_parameters=True, **options)
    _ask_idle_connections(engine)
    return engine


def _ask_idle_connections(engine: sa.Engine) -> None:
    """Have the pool replace a connection that died while it lay idle.

    `pool_pre_ping` would ask each time, a round trip for every command and query.
    A connection that worked a moment ago is not asked.
    """

    def noted(_driver: Any, record: sa.pool.ConnectionPoolEntry) -> None:
        record.info["idle_since"] = monotonic()

    def asked(driver: Any, record: sa.pool.ConnectionPoolEntry, _proxy: object) -> None:
        now = monotonic()
        if now - record.info.get("idle_since", now) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(driver)
        except engine.dialect.loaded_dbapi.Error as error:
            if engine.dialect.is_disconnect(error, driver, None):
                raise exc.InvalidatePoolError from None
            raise

    event.listen(engine, "checkin", noted)
    event.listen(engine, "checkout", asked)


def _sqlite(url: sa.URL) -> sa.Engine:
    memory = url.database in (None, "", ":memory:")
    extra: dict[str, Any] = _ONE_AT_A_TIME if memory else {"pool_size": 20}
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        connect_args={
            "timeout": LOCK_WAIT_SECONDS,
            "check_same_thread": False,
            "cached_statements": 512,  # about twelve a table; the driver keeps 128 by itself
        },
        **extra,
    )

    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    event.listen(engine, "connect", prepare)
    return engine


_ONE_AT_A_TIME: dict[str, Any] = {
    "poolclass": sa.QueuePool,
    "pool_size": 1,
    "max_overflow": 0,
    "pool_timeout": LOCK_WAIT_SECONDS,
}
"""A database in memory is one connection, and a connection one transaction: others wait."""


def writing_engine(engine: sa.Engine) -> sa.Engine:
    """Return the engine at READ COMMITTED, whatever its host has set."""
    if engine.dialect.name == "sqlite" or engine.get_execution_options().get(_OURS):
        return engine
    return engine.execution_options(isolation_level="READ COMMITTED")


def reading_engine(engine: sa.Engine) -> sa.Engine:
    """Return the engine at REPEATABLE READ, and read only where it knows that."""
    if engine.dialect.name == "sqlite":
        return engine
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"}
    if engine.dialect.name == "postgresql":
        options["postgresql_readonly"] = True
    return engine.execution_options(**options)


def check_dialect(dialect: sa.Dialect, ours: sa.Dialect | None = None) -> None:
    """Refuse an engine that the statements are not for.

    Raises:
        SetupError: `setup.connection`.
    """
    spoken = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MariaDB"}
    family, numbered = _family(dialect), dialect.paramstyle.startswith("numeric")
    wanted = {_family(ours)} if ours is not None else spoken.keys()
    if family not in wanted or numbered:
        raise SetupError(
            "setup.connection",
            expected=" or ".join(spoken[each] for each in spoken if each in wanted),
            got=f"{dialect.name}+{dialect.driver}",
        )


def _family(dialect: sa.Dialect) -> str:
    return "mysql" if dialect.name == "mariadb" else dialect.name


def begin_write(connection: sa.Connection) -> Driver:
    """Begin a transaction that may write; on SQLite it takes the write lock at once.

    Python's driver for SQLite begins a transaction only before the first change,
    so one that reads first could lose the race for the lock, and a savepoint that
    comes first would commit when it is released.
    """
    driver = Driver(connection)
    if not connection.in_transaction():
        connection.begin()
    if connection.dialect.name == "sqlite" and not _driver_in_transaction(connection):
        driver.execute("BEGIN IMMEDIATE")
    return driver


def begin_savepoint(connection: sa.Connection) -> sa.NestedTransaction:
    """Begin a savepoint inside the host's transaction, opening that one for real if need be."""
    if connection.dialect.name == "sqlite" and not _driver_in_transaction(connection):
        if not connection.in_transaction():
            connection.begin()
        connection.exec_driver_sql("BEGIN")
    return connection.begin_nested()


def begin_read(connection: sa.Connection) -> Driver:
    """Begin a transaction that sees one state of the database throughout."""
    driver = Driver(connection)
    if connection.dialect.name == "sqlite":
        if not connection.in_transaction():
            connection.begin()
        if not _driver_in_transaction(connection):
            driver.execute("BEGIN")
    return driver


def _driver_in_transaction(connection: sa.Connection) -> bool:
    driver = connection.connection.driver_connection
    return bool(getattr(driver, "in_transaction", False))
