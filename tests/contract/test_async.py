"""The contract inside an asynchronous host: `AsyncSession.run_sync` over aiosqlite and psycopg."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ordercore.ports.rows import Store
from ordercore.testing.contract import (
    CriteriaContract,
    JoinedContract,
    OrderingContract,
    RowsContract,
    ValuesContract,
)
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from tests.contract.hosts import ASYNC_DRIVERS, AsyncHost, async_host
from tests.stores import Databases, params


@pytest.fixture(params=params(*ASYNC_DRIVERS))
def outer(request: pytest.FixtureRequest, databases: Databases) -> SqlAlchemyStore:
    """An empty store, as everybody but the host sees it."""
    return databases.emptied(request.param)


@pytest.fixture
def host(outer: SqlAlchemyStore) -> Iterator[AsyncHost]:
    """A host that has not begun its transaction."""
    with async_host(outer) as opened:
        yield opened


class _Inside:
    """Runs each test inside `run_sync`, with the store joined to the session's connection."""

    @pytest.fixture
    def run_inside(self, host: AsyncHost) -> Iterator[Callable[[Callable[[], None]], None]]:
        """How the test is called; see conftest.py."""
        yield host.inside
        host.rollback()

    @pytest.fixture
    def store(self, host: AsyncHost, run_inside: object) -> Store:
        """The store inside the host's transaction."""
        return host.inside(host.joined)


class TestRows(_Inside, RowsContract):
    """Every method of `Rows`, under an event loop."""


class TestValues(_Inside, ValuesContract):
    """Every column of every table, under an event loop."""


class TestOrdering(_Inside, OrderingContract):
    """Lists and pages, under an event loop."""


class TestCriteria(_Inside, CriteriaContract):
    """Criteria, under an event loop."""


class TestJoined(JoinedContract):
    """The host's transaction is the host's, and each command one `run_sync`."""

    @pytest.fixture
    def store(self, outer: SqlAlchemyStore) -> Store:
        """The store as others see it."""
        return outer
