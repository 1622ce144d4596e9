"""Fixtures over the four stores: `ground` is each in turn, `grounds` are all that are there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NoReturn

import pytest

from tests.property.grounds import NAMES, SERVERS, Ground, SqlGround, ground_named

MARKS = {"postgres": [pytest.mark.postgres], "mariadb": [pytest.mark.mariadb]}


def stores(*names: str) -> list[object]:
    """Return parameters for these stores, each with its mark."""
    return [pytest.param(name, marks=MARKS.get(name, [])) for name in names]


class Opened:
    """The stores that tests of this session have asked for, each opened once."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._found: dict[str, Ground] = {}

    def empty(self, name: str) -> Ground:
        """Return a store without a row; skip where it has no server, or fail where it must."""
        if name not in self._found:
            found = ground_named(name, self._folders.mktemp(name))
            self._found[name] = found or _missing(name)
        self._found[name].empty()
        return self._found[name]

    def all(self) -> list[Ground]:
        """Return every store there is, without a row."""
        required = os.environ.get("ORDERCORE_REQUIRE_SERVICES") == "1"
        there = [name for name in NAMES if required or os.environ.get(SERVERS.get(name, "PATH"))]
        return [self.empty(name) for name in there]

    def close(self) -> None:
        """Leave nothing behind."""
        for ground in self._found.values():
            ground.close()


def _missing(name: str) -> NoReturn:
    reason = f"no server: {SERVERS[name]} is not set"
    if os.environ.get("ORDERCORE_REQUIRE_SERVICES") == "1":
        pytest.fail(f"{reason}, and ORDERCORE_REQUIRE_SERVICES=1")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """The stores of this session."""
    found = Opened(tmp_path_factory)
    yield found
    found.close()


@pytest.fixture(params=stores(*NAMES))
def ground(request: pytest.FixtureRequest, opened: Opened) -> Ground:
    """Each store in turn, empty."""
    return opened.empty(str(request.param))


@pytest.fixture(params=stores("sqlite", "postgres", "mariadb"))
def database(request: pytest.FixtureRequest, opened: Opened) -> SqlGround:
    """Each database in turn, empty."""
    found = opened.empty(str(request.param))
    assert isinstance(found, SqlGround)
    return found


@pytest.fixture(params=stores("postgres", "mariadb"))
def server(request: pytest.FixtureRequest, opened: Opened) -> SqlGround:
    """Each server in turn, empty: SQLite shows no fault of concurrency."""
    found = opened.empty(str(request.param))
    assert isinstance(found, SqlGround)
    return found


@pytest.fixture
def grounds(opened: Opened) -> list[Ground]:
    """Every store there is, empty: memory and SQLite at least; both servers where required."""
    return opened.all()
