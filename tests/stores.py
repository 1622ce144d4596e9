"""The stores that tests run on: memory, SQLite, PostgreSQL and MariaDB.

A folder that wants its tests run on all four says in its `conftest.py`:

    from tests.stores import databases, store  # noqa: F401

Servers are named by ORDERCORE_TEST_POSTGRES and ORDERCORE_TEST_MARIADB. Each process
has tables of its own there, which are dropped at the end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from ordercore.ports.rows import Store
from ordercore_adapters.memory import MemoryStore
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from ordercore_adapters.sqlalchemy.migrate import version_table

SERVERS = {"postgresql": "ORDERCORE_TEST_POSTGRES", "mariadb": "ORDERCORE_TEST_MARIADB"}
MARKS = {"postgresql": pytest.mark.postgres, "mariadb": pytest.mark.mariadb}
KINDS = ("memory", "sqlite", "postgresql", "mariadb")
SQL_KINDS = KINDS[1:]


def params(*kinds: str) -> list[object]:
    """Return the kinds of store as parameters of a fixture, with their marks."""
    return [pytest.param(kind, marks=MARKS.get(kind, ()), id=kind) for kind in kinds]


def server_url(kind: str) -> str:
    """Return where a server answers; without one the test is skipped, or fails if required."""
    name = SERVERS[kind]
    url = os.environ.get(name)
    if url:
        return url
    if os.environ.get("ORDERCORE_REQUIRE_SERVICES") == "1":
        pytest.fail(f"no server: {name} is not set, and ORDERCORE_REQUIRE_SERVICES=1")
    pytest.skip(f"no server: {name} is not set")


class Databases:
    """SQL stores with tables of this process's own, each opened when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._prefix = f"oc_{uuid4().hex[:8]}_"
        self._open: dict[str, SqlAlchemyStore] = {}

    def url(self, kind: str) -> str:
        """Return the URL of a kind of database."""
        return f"sqlite:///{self._folder / 'shop.db'}" if kind == "sqlite" else server_url(kind)

    def store(self, kind: str) -> SqlAlchemyStore:
        """Return the store over a kind of database, with whatever its tables hold."""
        if kind not in self._open:
            self._open[kind] = SqlAlchemyStore.from_url(self.url(kind), prefix=self._prefix)
        return self._open[kind]

    def emptied(self, kind: str) -> SqlAlchemyStore:
        """Return the store with empty tables."""
        store = self.store(kind)
        store.fault_hook = None
        with store.engine.begin() as connection:
            for table in store.metadata.sorted_tables:
                if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
                    connection.execute(table.delete())
        return store

    def close(self) -> None:
        """Drop the tables."""
        for store in self._open.values():
            with store.engine.begin() as connection:
                store.metadata.drop_all(connection)
                version = sa.Table(version_table(store.prefix), sa.MetaData())
                version.drop(connection, checkfirst=True)
            store.engine.dispose()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The SQL stores of this process."""
    opened = Databases(tmp_path_factory.mktemp("databases"))
    yield opened
    opened.close()


def fresh_store(kind: str, databases: Databases) -> Store:
    """Return an empty store of a kind."""
    return MemoryStore() if kind == "memory" else databases.emptied(kind)


@pytest.fixture(params=params(*KINDS))
def store(request: pytest.FixtureRequest, databases: Databases) -> Store:
    """An empty store, on each of the four."""
    return fresh_store(request.param, databases)
