"""How the bare drivers are spoken to, and where each side keeps its rows."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import sqlalchemy as sa

SIDES = ("ours", "twin")


@attrs.frozen(kw_only=True)
class Engine:
    """An engine, with an empty database for the shop and one for its twin.

    Attributes:
        name: `sqlite` or `postgresql`.
        version: What the server or library calls itself.
        urls: The shop's database and the twin's, as SQLAlchemy URLs.
        connect: Opens one of them with the bare driver, in its autocommit mode.
        begin: How a transaction that writes begins.
        begin_read: How one that sees a single state begins.
        lock: What follows a SELECT whose row is to be held.
        mark: How the driver spells a parameter.
        id_of: How an id travels.
        at_of: How an instant travels.
    """

    name: str
    version: str
    urls: tuple[str, ...]
    connect: Callable[[str], Any]
    begin: str
    begin_read: str
    lock: str
    mark: str
    id_of: Callable[[UUID], Any]
    at_of: Callable[[datetime], Any]


def sqlite_engine(folder: Path) -> Engine:
    """Keep both databases as files: WAL, and `synchronous=FULL` as the store has it."""
    return Engine(
        name="sqlite",
        version=sqlite3.sqlite_version,
        urls=tuple(f"sqlite:///{folder / side}.db" for side in SIDES),
        connect=_sqlite_connection,
        begin="BEGIN IMMEDIATE",
        begin_read="BEGIN",
        lock="",
        mark="?",
        id_of=str,
        at_of=lambda instant: instant.isoformat(" ", "microseconds")[:26],
    )


def _sqlite_connection(url: str) -> sqlite3.Connection:
    connection = sqlite3.connect(str(sa.make_url(url).database), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


@contextmanager
def postgres_engine(url: str) -> Iterator[Engine]:
    """Keep both databases as schemas of one, and drop them in the end."""
    names = [f"ordercore_bench_{side}_{os.getpid()}" for side in SIDES]
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            version = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
            for name in names:
                connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        yield Engine(
            name="postgresql",
            version=version.partition(" ")[0],
            urls=tuple(_in_schema(url, name) for name in names),
            connect=_postgres_connection,
            begin="BEGIN ISOLATION LEVEL READ COMMITTED",
            begin_read="BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            lock=" FOR UPDATE",
            mark="%s",
            id_of=lambda key: key,
            at_of=lambda instant: instant,
        )
    finally:
        with engine.connect() as connection:
            for name in names:
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        engine.dispose()


def _in_schema(url: str, name: str) -> str:
    options = {"options": f"-csearch_path={name}"}
    return sa.make_url(url).update_query_dict(options).render_as_string(hide_password=False)


def _postgres_connection(url: str) -> Any:
    import psycopg

    bare = sa.make_url(url).set(drivername="postgresql")
    return psycopg.connect(bare.render_as_string(hide_password=False), autocommit=True)
