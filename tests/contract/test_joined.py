"""The contract inside a host's transaction, on the host's own stock engine."""

from __future__ import annotations

from collections.abc import Iterator

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
from tests.contract.hosts import SyncHost, sync_host
from tests.stores import SQL_KINDS, Databases, params


@pytest.fixture(params=params(*SQL_KINDS))
def outer(request: pytest.FixtureRequest, databases: Databases) -> SqlAlchemyStore:
    """An empty store, as everybody but the host sees it."""
    return databases.emptied(request.param)


@pytest.fixture
def host(outer: SqlAlchemyStore) -> Iterator[SyncHost]:
    """A host that has not begun its transaction."""
    with sync_host(outer) as opened:
        yield opened


@pytest.fixture
def store(host: SyncHost) -> Iterator[Store]:
    """The store inside the host's transaction, which is rolled back in the end."""
    yield host.store.using(host.connection)
    host.rollback()


class TestRows(RowsContract):
    """Every method of `Rows`, in a savepoint."""


class TestValues(ValuesContract):
    """Every column of every table, in a savepoint."""


class TestOrdering(OrderingContract):
    """Lists and pages, in a savepoint."""


class TestCriteria(CriteriaContract):
    """Criteria, in a savepoint."""


class TestJoined(JoinedContract):
    """The host's transaction is the host's."""

    @pytest.fixture
    def store(self, outer: SqlAlchemyStore) -> Store:
        """The store as others see it."""
        return outer
