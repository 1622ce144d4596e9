"""A driver's errors stay inside, and tell the host the truth."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from ordercore.errors import (
    CommitUnknownError,
    ConflictError,
    StoreUnavailableError,
)
from ordercore.stored.commands import COUNTERS
from ordercore.stored.customers import CUSTOMERS
from ordercore.stored.outbox import ERRANDS
from ordercore.testing.contract import sample
from ordercore.testing.contract.samples import samples, uuid_of
from ordercore.testing.contract.units import (
    PATIENCE,
    all_of,
    attempt,
    fill,
    inserting,
    kept,
    refused,
    updating,
)
from ordercore.testing.contract.values import INSTANTS
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from tests.contract.hosts import sync_host
from tests.stores import SERVERS, SQL_KINDS, Databases, params

KEY = ("00000000",)


@pytest.fixture(params=params(*SQL_KINDS))
def store(request: pytest.FixtureRequest, databases: Databases) -> SqlAlchemyStore:
    """An empty store in each kind of database."""
    return databases.emptied(request.param)


@pytest.fixture(params=params(*SERVERS))
def server(request: pytest.FixtureRequest, databases: Databases) -> SqlAlchemyStore:
    """An empty store on each server."""
    return databases.emptied(request.param)


def calls(store: SqlAlchemyStore) -> Iterator[Callable[[], object]]:
    """Yield everything that needs a connection."""
    yield store.migrate
    yield store.check
    yield store.begin
    yield lambda: store.reading().__enter__()
    yield lambda: store.claims.renew(ERRANDS, (uuid_of(1),), token=uuid_of(1), until=INSTANTS[0])


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all/shop.db",
        "postgresql+psycopg://secret:secret@127.0.0.1:1/nowhere?connect_timeout=2",
        "mysql+pymysql://secret:secret@127.0.0.1:1/nowhere?connect_timeout=2",
    ],
)
def test_a_database_that_is_not_there_is_unavailable(url: str) -> None:
    """Whatever is asked, the answer is a `StoreUnavailableError` without address or driver."""
    store = SqlAlchemyStore(sa.create_engine(url))
    store._checked = True
    for call in calls(store):
        with pytest.raises(StoreUnavailableError) as failure:
            call()
        told = "".join(traceback.format_exception(failure.value, chain=True))
        assert failure.value.__cause__ is None
        assert "secret" not in str(failure.value) + repr(failure.value)
        assert "The above exception" not in told
        assert "During handling" not in told
    store.engine.dispose()


def test_no_row_is_quoted_in_an_error(store: SqlAlchemyStore) -> None:
    """A duplicate says which constraint, not which value, in the whole traceback."""
    fill(store, CUSTOMERS, [sample(CUSTOMERS, 1, login_key="ada@example.org")])
    twin = sample(CUSTOMERS, 2, login_key="ada@example.org", name="Ada King")
    for rows in ([twin], [sample(CUSTOMERS, 3), twin]):
        conflict = refused(store, inserting(CUSTOMERS, *rows))
        told = "".join(traceback.format_exception(conflict))
        assert conflict.params == {"constraint": "uq_customer_login"}
        assert "example.org" not in told
        assert "Ada" not in told


def kill(store: SqlAlchemyStore, connection: sa.Connection) -> None:
    """Make the server end a connection."""
    postgres = store.engine.dialect.name == "postgresql"
    ask, end = (
        ("SELECT pg_backend_pid()", "SELECT pg_terminate_backend({}, 5000)")
        if postgres
        else ("SELECT connection_id()", "KILL {}")
    )
    number = connection.exec_driver_sql(ask).scalar_one()
    with store.engine.connect() as other:
        other.exec_driver_sql(end.format(number))


def test_a_connection_that_breaks_before_the_commit_is_unavailable(server: SqlAlchemyStore) -> None:
    """Nothing was kept, and the next transaction finds a connection that works."""
    unit = server.begin()
    unit.rows.insert(COUNTERS, samples(COUNTERS, 1))
    kill(server, unit._connection)
    with pytest.raises(StoreUnavailableError):
        unit.rows.insert(COUNTERS, [sample(COUNTERS, 1)])
    unit.rollback()
    assert all_of(server, COUNTERS) == []


def test_a_connection_that_breaks_at_the_commit_leaves_it_unknown(server: SqlAlchemyStore) -> None:
    """Nobody can know, so it is not called a conflict, which would be tried again."""
    unit = server.begin()
    unit.rows.insert(COUNTERS, samples(COUNTERS, 1))
    kill(server, unit._connection)
    with pytest.raises(CommitUnknownError):
        unit.commit()
    unit.rollback()


def test_what_a_deadlock_took_from_the_host_is_not_hidden(databases: Databases) -> None:
    """MariaDB rolls the host's work back too: the host cannot commit the rest of it."""
    store = databases.emptied("mariadb")
    held = fill(store, COUNTERS, samples(COUNTERS, 40))
    with sync_host(store) as host, store.engine.connect() as rival:
        here = store.table(COUNTERS)
        # The heavier transaction survives: the host is to be the victim.
        rival.execute(here.update().where(here.c.value > 0).values(value=7))
        host.note("lost")
        host.run(lambda ours: kept(ours, lambda rows: rows.get(COUNTERS, KEY, lock=True)))
        waiting = threading.Thread(
            target=lambda: rival.execute(here.update().where(here.c.name == KEY[0]).values(value=7))
        )
        waiting.start()
        time.sleep(PATIENCE)
        conflict = host.run(lambda ours: attempt(ours, updating(COUNTERS, held[1])))
        waiting.join(20)
        rival.rollback()
        assert isinstance(conflict, ConflictError)
        with pytest.raises(sa.exc.PendingRollbackError):
            host.note("after")
        with pytest.raises(sa.exc.PendingRollbackError):
            host.commit()
        host.rollback()
        host.note("again")
        host.commit()
        assert host.notes() == ["again"]
