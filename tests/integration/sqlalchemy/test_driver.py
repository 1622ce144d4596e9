"""The driver's own cursor: nothing of SQLAlchemy's is missed by going past its results."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from ordercore.errors import StoreUnavailableError
from ordercore.stored.commands import COUNTERS, CounterRow
from ordercore_adapters.sqlalchemy import SqlAlchemyStore, engines
from ordercore_adapters.sqlalchemy.driver import Driver
from tests.stores import SQL_KINDS, Databases, params

SEVEN = CounterRow("seven", 7)


@pytest.fixture(params=params(*SQL_KINDS))
def store(request: pytest.FixtureRequest, databases: Databases) -> SqlAlchemyStore:
    """An empty store on each engine."""
    return databases.emptied(request.param)


@pytest.fixture
def postgres(databases: Databases) -> SqlAlchemyStore:
    """An empty store on PostgreSQL."""
    return databases.emptied("postgresql")


def _written_and_read(store: SqlAlchemyStore) -> list[CounterRow]:
    begun = store.begin()
    begun.rows.insert(COUNTERS, [SEVEN])
    begun.commit()
    with store.reading() as rows:
        return rows.where(COUNTERS, {"name": "seven"})


@contextmanager
def _heard(engine: sa.Engine, name: str) -> Iterator[list[str]]:
    statements: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement.partition(" ")[0])

    sa.event.listen(engine, name, hear)
    yield statements
    sa.event.remove(engine, name, hear)


@pytest.mark.parametrize("name", ["before_cursor_execute", "after_cursor_execute"])
def test_a_listener_hears_every_statement(store: SqlAlchemyStore, name: str) -> None:
    """A host that listens to its engine hears what is written and what is read."""
    with _heard(store.engine, name) as statements:
        assert _written_and_read(store) == [SEVEN]
    assert [word for word in statements if word != "BEGIN"] == ["INSERT", "SELECT"]


def test_a_log_shows_every_statement(
    store: SqlAlchemyStore, caplog: pytest.LogCaptureFixture
) -> None:
    """A host that turns the log of SQLAlchemy up reads the statements there."""
    with caplog.at_level(logging.INFO, logger="sqlalchemy.engine"):
        _written_and_read(store)
    said = [record.getMessage().split()[0] for record in caplog.records]
    assert {"INSERT", "SELECT"} <= set(said)


def test_a_connection_that_breaks_is_replaced(postgres: SqlAlchemyStore) -> None:
    """A backend that dies in a transaction is one error, of ours; the next unit works."""
    begun = postgres.begin()
    (pid,) = begun.rows._driver.execute("SELECT pg_backend_pid()").fetchall()[0]
    _terminate(postgres, pid)
    with pytest.raises(StoreUnavailableError):
        begun.rows.get(COUNTERS, ("seven",))
    begun.rollback()
    assert _written_and_read(postgres) == [SEVEN]


def test_a_connection_that_died_while_idle_is_not_noticed(
    postgres: SqlAlchemyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that has lain idle is asked before it is used, and replaced if it is dead."""
    monkeypatch.setattr(engines, "IDLE_SECONDS", 0)
    with postgres.engine.connect() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    _terminate(postgres, pid)
    assert _written_and_read(postgres) == [SEVEN]


def _terminate(store: SqlAlchemyStore, pid: int) -> None:
    other = sa.create_engine(store.engine.url, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
        alive = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}"  # noqa: S608
        while connection.exec_driver_sql(alive).scalar_one():
            time.sleep(0.01)
    other.dispose()


def test_an_interrupted_statement_costs_its_connection(store: SqlAlchemyStore) -> None:
    """Nobody knows what the driver was at when the program was told to stop."""

    class Interrupted:
        def execute(self, *_: object) -> None:
            raise KeyboardInterrupt

    with store.engine.connect() as connection:
        connection.begin()
        driver = Driver(connection)
        driver._cursor = Interrupted()
        with pytest.raises(KeyboardInterrupt):
            driver.execute("SELECT 1")
        assert connection.invalidated


def test_what_is_not_the_drivers_error_stays_as_it_is(store: SqlAlchemyStore) -> None:
    """A mistake of ours is not dressed up as the database's."""

    class Mistaken:
        def execute(self, *_: object) -> None:
            raise TypeError("ours")

    with store.engine.connect() as connection:
        connection.begin()
        driver = Driver(connection)
        driver._cursor = Mistaken()
        with pytest.raises(TypeError, match="ours"):
            driver.execute("SELECT 1")
        assert not connection.invalidated


@pytest.mark.parametrize("count", [1, 2, 8, 9, 40])
def test_any_number_of_rows_is_inserted(store: SqlAlchemyStore, count: int) -> None:
    """A few rows and many come back alike."""
    rows = [CounterRow(f"{at:03}", at) for at in range(count)]
    begun = store.begin()
    begun.rows.insert(COUNTERS, rows)
    begun.commit()
    with store.reading() as seen:
        assert seen.where(COUNTERS, {}) == rows
