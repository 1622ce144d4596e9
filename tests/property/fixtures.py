"""Fixtures over the four stores: `ground` is each in turn, `grounds` are all that are there."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.property.grounds import Ground, SqlGround, ground_of
from tests.stores import KINDS, SERVERS, SQL_KINDS, params


class Opened:
    """The stores that tests of this session have asked for, each opened once."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._found: dict[str, Ground] = {}

    def empty(self, kind: str) -> Ground:
        """Return a store without a row; skip where it has no server, or fail where it must."""
        if kind not in self._found:
            self._found[kind] = ground_of(kind, self._folders.mktemp(kind))
        self._found[kind].empty()
        return self._found[kind]

    def empty_sql(self, kind: str) -> SqlGround:
        """Return a database without a row."""
        found = self.empty(kind)
        assert isinstance(found, SqlGround)
        return found

    def all(self) -> list[Ground]:
        """Return every store there is, without a row; where servers are required, all four."""
        required = os.environ.get("ORDERCORE_REQUIRE_SERVICES") == "1"
        here = [k for k in KINDS if required or os.environ.get(SERVERS.get(k, "PATH"))]
        return [self.empty(kind) for kind in here]

    def close(self) -> None:
        """Leave nothing behind."""
        for ground in self._found.values():
            ground.close()


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """The stores of this session."""
    found = Opened(tmp_path_factory)
    yield found
    found.close()


@pytest.fixture(params=params(*KINDS))
def ground(request: pytest.FixtureRequest, opened: Opened) -> Ground:
    """Each store in turn, empty."""
    return opened.empty(request.param)


@pytest.fixture(params=params(*SQL_KINDS))
def database(request: pytest.FixtureRequest, opened: Opened) -> SqlGround:
    """Each database in turn, empty."""
    return opened.empty_sql(request.param)


@pytest.fixture(params=params("postgresql", "mariadb"))
def server(request: pytest.FixtureRequest, opened: Opened) -> SqlGround:
    """Each server in turn, empty: SQLite shows no fault of concurrency."""
    return opened.empty_sql(request.param)


@pytest.fixture
def grounds(opened: Opened) -> list[Ground]:
    """Every store there is, empty."""
    return opened.all()
