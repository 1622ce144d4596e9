"""Engines, connections and schemas that hosts bring along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from ordercore.errors import (
    DuplicateError,
    SetupError,
)
from ordercore.ports.rows import Rows, Store
from ordercore.stored.commands import COUNTERS
from ordercore.stored.customers import CUSTOMERS
from ordercore.stored.orders import ORDERS
from ordercore.testing.contract import RowsContract, sample
from ordercore.testing.contract.samples import changed, samples, uuid_of
from ordercore.testing.contract.units import (
    all_of,
    attempt,
    fill,
    inserting,
    kept,
    refused,
    together,
    updating,
)
from ordercore.testing.contract.values import INSTANTS
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from tests.contract.hosts import sync_host
from tests.stores import SERVERS, SQL_KINDS, Databases, params, server_url

KEY = ("00000000",)


@pytest.fixture(params=params(*SQL_KINDS))
def store(request: pytest.FixtureRequest, databases: Databases) -> SqlAlchemyStore:
    """An empty store in each kind of database."""
    return databases.emptied(request.param)


@pytest.fixture(params=params(*SERVERS))
def server(request: pytest.FixtureRequest, databases: Databases) -> SqlAlchemyStore:
    """An empty store on each server."""
    return databases.emptied(request.param)


# ── engines and connections of the host ──


def test_a_stock_engine_is_read_committed_for_commands(server: SqlAlchemyStore) -> None:
    """Whatever the host has set: a command sees what is committed while it is open."""
    for level in ("REPEATABLE READ", "SERIALIZABLE", "AUTOCOMMIT"):
        engine = sa.create_engine(server.engine.url, isolation_level=level)
        store = SqlAlchemyStore(engine, prefix=server.prefix)
        held = fill(store, COUNTERS, [sample(COUNTERS, 0, name=level)])
        unit = store.begin()
        assert unit.rows.get(COUNTERS, (level,)) == held[0]
        after = changed(held[0], value=7)
        kept(server, updating(COUNTERS, after))
        assert unit.rows.get(COUNTERS, (level,)) == after
        unit.rows.delete(COUNTERS, [(level,)])
        unit.rollback()
        with store.reading() as rows:
            assert rows.get(COUNTERS, (level,)) == after
        engine.dispose()


def test_the_hosts_time_zone_does_not_matter(server: SqlAlchemyStore) -> None:
    """On a connection at +13:00 instants come back as they were, the last one included."""
    postgres = server.engine.dialect.name == "postgresql"
    ask = "SET TIME ZONE 'Pacific/Auckland'" if postgres else "SET time_zone = '+13:00'"
    held = [
        sample(CUSTOMERS, n, created_at=at, email_verified_at=at) for n, at in enumerate(INSTANTS)
    ]
    with sync_host(server) as host:
        host.connection.exec_driver_sql(ask)
        host.run(lambda ours: fill(ours, CUSTOMERS, held))
        assert host.run(lambda ours: all_of(ours, CUSTOMERS)) == held
        host.commit()
    assert all_of(server, CUSTOMERS) == held


def test_a_connection_to_another_kind_of_database_is_refused(server: SqlAlchemyStore) -> None:
    """The statements are written for one engine."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(SetupError) as refusal:
        server.using(connection)
    assert refusal.value.code == "setup.connection"
    engine.dispose()


# ── names ──


def test_a_constraint_keeps_its_declared_name_in_a_schema(server: SqlAlchemyStore) -> None:
    """In a schema (MariaDB: a database) of its own, under another prefix."""
    schema = f"oc_{uuid4().hex[:8]}"
    with server.engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
    store = SqlAlchemyStore(server.engine, prefix="my_", schema=schema)
    try:
        store.migrate()
        fill(store, ORDERS, samples(ORDERS, 2))
        for row, name in (
            (sample(ORDERS, 0), "order.key"),
            (changed(sample(ORDERS, 5), number="00000001"), "uq_order_number"),
        ):
            conflict = refused(store, inserting(ORDERS, row))
            assert conflict.params == {"constraint": name}
    finally:
        with server.engine.begin() as connection:
            connection.execute(sa.schema.DropSchema(schema, cascade=_cascades(server)))


def _cascades(store: SqlAlchemyStore) -> bool:
    return store.engine.dialect.name == "postgresql"


def test_the_journal_names_its_own_key(store: SqlAlchemyStore) -> None:
    """A row that moves twice under one merge breaks the key of `moved`, not of its own table."""
    fill(store, ORDERS, [sample(ORDERS, 1, customer_id=uuid_of(7))])

    def there_and_back(rows: Rows) -> None:
        for old, new in ((7, 8), (8, 7)):
            rows.repoint(ORDERS, "customer_id", uuid_of(old), uuid_of(new), merge=uuid_of(9))

    conflict = refused(store, there_and_back)
    assert isinstance(conflict, DuplicateError)
    assert conflict.params == {"constraint": "moved.key"}


# ── one connection, or one that is listened to ──


def test_sqlite_in_memory_is_shared_by_threads() -> None:
    """Its one connection holds one transaction at a time: nothing is lost or mixed."""
    store = SqlAlchemyStore.from_url("sqlite://")
    fill(store, COUNTERS, [sample(COUNTERS, 0, value=0)])

    def add(name: str) -> None:
        for _ in range(20):
            kept(store, lambda rows: rows.adjust(COUNTERS, KEY, "value", 1, floor=0))
            wrong = attempt(store, lambda rows: rows.insert(COUNTERS, [sample(COUNTERS, 0)]))
            assert isinstance(wrong, DuplicateError), name

    together([lambda: add("a"), lambda: add("b"), lambda: add("c")])
    assert all_of(store, COUNTERS) == [sample(COUNTERS, 0, value=60)]
    store.engine.dispose()


class TestObserved(RowsContract):
    """Every method of `Rows` where the host listens to each statement."""

    @pytest.fixture(params=params(*SQL_KINDS))
    def store(self, request: pytest.FixtureRequest, databases: Databases) -> Iterator[Store]:
        """An empty store on an engine with a listener, which hears every table's name."""
        kind: str = request.param
        prefix = databases.emptied(kind).prefix
        engine = sa.create_engine(databases.url(kind))
        heard: list[str] = []
        sa.event.listen(engine, "before_cursor_execute", lambda *args: heard.append(args[2]))
        yield SqlAlchemyStore(engine, prefix=prefix)
        assert any(prefix in statement for statement in heard)
        engine.dispose()


def test_a_file_can_be_opened_by_two_stores(tmp_path: Path) -> None:
    """What one process commits, another sees; both may have brought the tables up to date."""
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    one, other = SqlAlchemyStore.from_url(url), SqlAlchemyStore.from_url(url)
    fill(one, COUNTERS, samples(COUNTERS, 2))
    assert all_of(other, COUNTERS) == samples(COUNTERS, 2)
    for store in (one, other):
        store.engine.dispose()


def test_servers_are_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a URL a test skips loudly, and fails where servers are required."""
    monkeypatch.delenv(SERVERS["postgresql"], raising=False)
    monkeypatch.delenv("ORDERCORE_REQUIRE_SERVICES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="ORDERCORE_TEST_POSTGRES"):
        server_url("postgresql")
    monkeypatch.setenv("ORDERCORE_REQUIRE_SERVICES", "1")
    with pytest.raises(pytest.fail.Exception, match="ORDERCORE_TEST_POSTGRES"):
        server_url("postgresql")
