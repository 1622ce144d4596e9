"""Hosts with a connection and a transaction of their own, synchronous and not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from ordercore.ports.rows import Store
from ordercore_adapters.sqlalchemy import SqlAlchemyStore

T = TypeVar("T")
ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg_async"}


@contextmanager
def note_table(store: SqlAlchemyStore) -> Iterator[sa.Table]:
    """Create a table that is the host's own, empty, and drop it in the end."""
    table = sa.Table(
        f"{store.prefix}hostnote",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("text", sa.String(40)),
        mysql_engine="InnoDB",
    )
    table.drop(store.engine, checkfirst=True)
    table.create(store.engine)
    try:
        yield table
    finally:
        table.drop(store.engine)


class _Noting:
    """What hosts have in common: a store, their own table, and a look from outside."""

    def __init__(self, store: SqlAlchemyStore, table: sa.Table) -> None:
        self.store = store
        self._table = table

    def notes(self) -> list[str]:
        """Return what another connection sees in the host's table."""
        with self.store.engine.connect() as other:
            found = other.execute(sa.select(self._table.c.text).order_by(self._table.c.id))
            return list(found.scalars())

    def _insert(self, text: str) -> sa.Insert:
        return self._table.insert().values(text=text)


class SyncHost(_Noting):
    """A host that opened a connection on a stock engine, as hosts do."""

    def __init__(self, store: SqlAlchemyStore, table: sa.Table, engine: sa.Engine) -> None:
        super().__init__(store, table)
        self.connection = engine.connect()

    def run(self, work: Callable[[Store], T]) -> T:
        """Call `work` with a store joined to the open transaction."""
        return work(self.store.using(self.connection))

    def note(self, text: str) -> None:
        """Write to the host's own table."""
        self.connection.execute(self._insert(text))

    def commit(self) -> None:
        """Commit."""
        self.connection.commit()

    def rollback(self) -> None:
        """Roll back."""
        self.connection.rollback()

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()


class AsyncHost(_Noting):
    """A host with an asynchronous ORM session; the core runs inside `run_sync`."""

    def __init__(self, store: SqlAlchemyStore, table: sa.Table, engine: AsyncEngine) -> None:
        super().__init__(store, table)
        self._loop = asyncio.new_event_loop()
        self._engine = engine
        self._session = AsyncSession(engine)

    def run(self, work: Callable[[Store], T]) -> T:
        """Call `work` inside `run_sync` with a store joined to the session's connection."""
        return self.inside(lambda: work(self.joined()))

    def inside(self, work: Callable[[], T]) -> T:
        """Call anything where synchronous code may use the session."""
        return self._loop.run_until_complete(self._session.run_sync(lambda _: work()))

    def joined(self) -> Store:
        """Return the store over the session's connection; only `inside`."""
        return self.store.using(self._session.sync_session.connection())

    def note(self, text: str) -> None:
        """Write to the host's own table."""
        self._loop.run_until_complete(self._session.execute(self._insert(text)))

    def commit(self) -> None:
        """Commit the session."""
        self._loop.run_until_complete(self._session.commit())

    def rollback(self) -> None:
        """Roll the session back."""
        self._loop.run_until_complete(self._session.rollback())

    def close(self) -> None:
        """Close session, engine and loop."""
        self._loop.run_until_complete(self._session.close())
        self._loop.run_until_complete(self._engine.dispose())
        self._loop.close()


@contextmanager
def sync_host(store: SqlAlchemyStore) -> Iterator[SyncHost]:
    """Open a synchronous host on the database of `store`, with a stock engine."""
    engine = sa.create_engine(store.engine.url)
    with note_table(store) as table:
        host = SyncHost(store, table, engine)
        try:
            yield host
        finally:
            host.close()
            engine.dispose()


@contextmanager
def async_host(store: SqlAlchemyStore) -> Iterator[AsyncHost]:
    """Open an asynchronous host on the database of `store`, with a stock engine."""
    driver = ASYNC_DRIVERS[store.engine.dialect.name]
    engine = create_async_engine(store.engine.url.set(drivername=driver))
    with note_table(store) as table:
        host = AsyncHost(store, table, engine)
        try:
            yield host
        finally:
            host.close()
