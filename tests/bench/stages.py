"""Two databases that begin equal: one for the shop, one for its twin."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import sqlalchemy as sa

from ordercore import Shop
from ordercore.customers.customer import AddressEntry
from ordercore.services.placing import Wanted
from ordercore.stored.schema import TABLES
from ordercore.values.address import Party, PostalAddress
from ordercore.values.email import EmailAddress
from ordercore.values.ids import CustomerId, OrderId
from ordercore.values.money import Money
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from ordercore_adapters.system import SystemClock, Uuid7Ids
from tests.bench.twins import MERCHANT, Line, Twin
from tests.bench.words import Words

BASKET: tuple[Line, ...] = (
    ("TEA-250", "Loose red tea, 250 g", 2, 1050),
    ("FILTER-ALTO", "Filter cartridge for the Alto coffee maker", 1, 129900),
)
WANTED = [
    Wanted(sku=sku, title=title, quantity=quantity, unit=Money(unit, "GBP"))
    for sku, title, quantity, unit in BASKET
]
NAMES = tuple(f"oc_{table.name}" for table in TABLES)
Dump = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


class CountedIds:
    """Ids one after the other, so that two shops make the same."""

    def __init__(self, first: int) -> None:
        self._next = first

    def new(self) -> UUID:
        """Return the next."""
        self._next += 1
        return UUID(int=0x01A2018300007000 << 64 | 0b10 << 62 | self._next)


class SteppingClock:
    """A clock that moves on by a second each time it is looked at."""

    def __init__(self) -> None:
        self._now = datetime(2025, 3, 1, 9, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the instant."""
        self._now += timedelta(seconds=1)
        return self._now

    def sleep(self, seconds: float) -> None:
        """Never: nobody competes here."""
        raise AssertionError(seconds)


class ShopDirectory:
    """The merchant wants to know of new orders."""

    def merchant(self) -> Party:
        """Return who is told."""
        return Party(name=MERCHANT[1], email=EmailAddress(MERCHANT[0]))


@attrs.frozen(eq=False)
class Stage:
    """A shop and its twin on one engine, and what both may work with.

    Attributes:
        engine: `sqlite` or `postgresql`.
        customers: Everyone, each with orders of their own.
        paid: Orders that can be packed.
        words: The letters that both store.
        version: What the database calls itself.
    """

    engine: str
    shop: Shop
    twin: Twin
    customers: tuple[CustomerId, ...]
    paid: tuple[OrderId, ...]
    words: Words
    version: str
    _ours: Any

    def dumps(self) -> tuple[Dump, Dump]:
        """Return what now stands in the shop's tables, and in its twin's."""
        return _dump(self._ours.cursor()), _dump(self.twin.connection.cursor())


def _dump(cursor: Any) -> Dump:
    found: Dump = {}
    for name in NAMES:
        cursor.execute(f"SELECT * FROM {name}")  # noqa: S608  (our own names)
        columns = [str(column[0]) for column in cursor.description]
        found[name] = columns, sorted(cursor.fetchall(), key=repr)
    return found


@contextmanager
def sqlite_stage(
    folder: Path, *, customers: int, orders_each: int, counted: bool = False
) -> Iterator[Stage]:
    """Make both databases as SQLite files: WAL, synchronous=FULL."""
    words = Words()
    urls = [f"sqlite:///{folder / name}.db" for name in ("ours", "twin")]
    paid = [_seed(url, words, customers, orders_each) for url in urls]
    connections = [_sqlite_connection(folder / f"{name}.db") for name in ("ours", "twin")]
    twin = Twin(
        connections[1],
        begin="BEGIN IMMEDIATE",
        begin_read="BEGIN",
        lock="",
        mark="?",
        id_of=str,
        at_of=_instant_text,
        words=words,
        **_time_and_ids(counted=counted),
    )
    with _closing(connections):
        yield _staged(
            "sqlite", urls[0], twin, paid, words, counted, sqlite3.sqlite_version, connections[0]
        )


def _sqlite_connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _instant_text(instant: datetime) -> str:
    return instant.isoformat(" ", "microseconds")[:26]


@contextmanager
def postgres_stage(
    url: str, *, customers: int, orders_each: int, counted: bool = False
) -> Iterator[Stage]:
    """Make both databases as schemas of a PostgreSQL database, and drop them in the end."""
    import psycopg

    schemas = [f"ordercore_bench_{name}_{os.getpid()}" for name in ("ours", "twin")]
    urls = [
        sa.make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
        for schema in schemas
    ]
    with _schemas(url, schemas):
        texts = [each.render_as_string(hide_password=False) for each in urls]
        words = Words()
        paid = [_seed(text, words, customers, orders_each) for text in texts]
        connections = [
            psycopg.connect(
                each.set(drivername="postgresql").render_as_string(hide_password=False),
                autocommit=True,
            )
            for each in urls
        ]
        twin = Twin(
            connections[1],
            begin="BEGIN ISOLATION LEVEL READ COMMITTED",
            begin_read="BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            lock=" FOR UPDATE",
            mark="%s",
            id_of=lambda key: key,
            at_of=lambda instant: instant,
            words=words,
            **_time_and_ids(counted=counted),
        )
        version = str(connections[1].info.parameter_status("server_version"))
        with _closing(connections):
            yield _staged(
                "postgresql", texts[0], twin, paid, words, counted, version, connections[0]
            )


@contextmanager
def _schemas(url: str, names: list[str]) -> Iterator[None]:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for name in names:
                connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        yield
    finally:
        with engine.connect() as connection:
            for name in names:
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        engine.dispose()


@contextmanager
def _closing(connections: list[Any]) -> Iterator[None]:
    try:
        yield
    finally:
        for connection in connections:
            connection.close()


def _time_and_ids(*, counted: bool) -> Mapping[str, Any]:
    if counted:
        return {"ids": CountedIds(10_000_000).new, "clock": SteppingClock().now}
    return {"ids": Uuid7Ids().new, "clock": SystemClock().now}


def _staged(
    engine: str,
    url: str,
    twin: Twin,
    paid: list[dict[CustomerId, list[OrderId]]],
    words: Words,
    counted: bool,
    version: str,
    ours: Any,
) -> Stage:
    assert paid[0] == paid[1], "the two databases do not begin equal"
    shop = Shop(
        store=SqlAlchemyStore.from_url(url),
        directory=ShopDirectory(),
        ids=CountedIds(10_000_000) if counted else None,
        clock=SteppingClock() if counted else None,
    )
    orders = tuple(order for orders in paid[0].values() for order in orders)
    return Stage(engine, shop, twin, tuple(paid[0]), orders, words, version, ours)


def _seed(
    url: str, words: Words, customers: int, orders_each: int
) -> dict[CustomerId, list[OrderId]]:
    """Fill a database with paid orders, the same each time."""
    store = SqlAlchemyStore.from_url(url)
    shop = Shop(
        store=store, directory=ShopDirectory(), ids=CountedIds(0), clock=SteppingClock()
    )
    with words.instead():
        seeded = {_customer(shop, at): [] for at in range(customers)}  # type: dict[CustomerId, list[OrderId]]
        for _ in range(orders_each):
            for customer_id, orders in seeded.items():
                order = shop.orders.place(customer_id, WANTED, currency="GBP")
                shop.orders.pay(order.id, order.total, method="card", reference=order.number)
                orders.append(order.id)
    store.engine.dispose()
    return seeded


def _customer(shop: Shop, at: int) -> CustomerId:
    home = PostalAddress(
        street="12 St James's Square", city="London", postal_code="SW1Y 4LB", country="GB"
    )
    customer = shop.customers.register(
        name=f"Customer {at}",
        email=f"customer-{at}@shop.example",
        phone="+442079460000",
        addresses=[AddressEntry(address=home, default_billing=True)],
    )
    return customer.id
