"""Where a shop stands in a test: one of the four stores, emptied, opened anew or put back.

Everything goes through the ports and the declared tables, so a new table needs no
line here. Tables have a prefix of this process alone: two test runs share a server.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from ordercore.ports.rows import Store
from ordercore.stored.schema import TABLES
from ordercore.stored.table import Table
from ordercore_adapters.memory import MemoryStore
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from ordercore_adapters.sqlalchemy.engines import engine_from
from ordercore_adapters.sqlalchemy.migrate import version_table
from tests.stores import server_url

LONG = os.environ.get("ORDERCORE_LONG") == "1"
"""Whether there is time for the big numbers."""

Kept = Mapping[Table[Any], Sequence[Any]]
"""Every row there is."""

_counted = count()


class Ground(Protocol):
    """A store and what a test does to it from outside."""

    name: str

    def open(self) -> Store:
        """Return the store as after a restart of the host: nothing is left in memory."""
        ...

    def standing(self) -> Store:
        """Return a store that has been at work for a while."""
        ...

    def kept(self) -> Kept:
        """Return every row."""
        ...

    def put_back(self, kept: Kept) -> None:
        """Make these the only rows."""
        ...

    def empty(self) -> None:
        """Remove every row."""
        ...

    def close(self) -> None:
        """Leave nothing behind."""
        ...


class MemoryGround:
    """The memory store. What was committed outlives a crash of the unit, not of the process."""

    name = "memory"

    def __init__(self) -> None:
        self._store = MemoryStore()

    def open(self) -> MemoryStore:
        """Return the store, with nobody watching."""
        self._store.fault_hook = None
        return self._store

    def standing(self) -> MemoryStore:
        """Return the store, with nobody watching."""
        return self.open()

    def kept(self) -> Kept:
        """Return every row."""
        return {table: list(state.rows.values()) for table, state in self._store.state.items()}

    def put_back(self, kept: Kept) -> None:
        """Make these the only rows."""
        self.empty()
        insert_all(self._store, kept)

    def empty(self) -> None:
        """Begin with a new store."""
        self._store = MemoryStore()

    def close(self) -> None:
        """Leave nothing behind."""


class SqlGround:
    """A database. Opening it anew closes every connection first."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.url = url
        self.prefix = f"t{os.getpid()}_{next(_counted)}_"
        self._engine = engine_from(url)
        self._tables = SqlAlchemyStore(self._engine, prefix=self.prefix)
        self._tables.migrate()

    @property
    def engine(self) -> sa.Engine:
        """The engine, for raw SQL."""
        return self._engine

    def open(self) -> SqlAlchemyStore:
        """Return a new store on new connections."""
        self._engine.dispose()
        return self.beside()

    def standing(self) -> SqlAlchemyStore:
        """Return the first store, whose statements are compiled already."""
        self._tables.fault_hook = None
        return self._tables

    def beside(self) -> SqlAlchemyStore:
        """Return one more store on the same engine."""
        return SqlAlchemyStore(self._engine, prefix=self.prefix)

    def kept(self) -> Kept:
        """Return every row."""
        with self._tables.reading() as rows:
            return {table: list(rows.stream(table)) for table in TABLES}

    def put_back(self, kept: Kept) -> None:
        """Make these the only rows."""
        self.empty()
        insert_all(self._tables, kept)

    def empty(self) -> None:
        """Remove every row."""
        with self._engine.begin() as connection:
            for table in reversed(TABLES):
                connection.execute(self._tables.table(table).delete())

    def close(self) -> None:
        """Drop the tables."""
        with self._engine.begin() as connection:
            self._tables.metadata.drop_all(connection)
            connection.execute(sa.text(f"DROP TABLE {version_table(self.prefix)}"))
        self._engine.dispose()


def insert_all(store: Store, kept: Kept) -> None:
    """Write rows as they are, past the desks."""
    transaction = store.begin()
    try:
        for table in TABLES:
            if kept.get(table):
                transaction.rows.insert(table, kept[table])
        transaction.commit()
    finally:
        transaction.rollback()


def ground_of(kind: str, folder: Path) -> Ground:
    """Return a new ground; a kind without its server skips the test, or fails where required."""
    if kind == "memory":
        return MemoryGround()
    url = f"sqlite:///{folder / 'shop.db'}" if kind == "sqlite" else server_url(kind)
    return SqlGround(kind, url)
