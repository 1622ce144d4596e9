"""Two databases that begin equal: one for the shop, one for its twin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs

from ordercore import Shop
from ordercore.customers.customer import AddressEntry
from ordercore.ports.world import Clock, Ids
from ordercore.services.placing import Wanted
from ordercore.stored.schema import TABLES
from ordercore.values.address import Party, PostalAddress
from ordercore.values.email import EmailAddress
from ordercore.values.ids import CustomerId, OrderId
from ordercore.values.money import Money
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from ordercore_adapters.system import SystemClock, Uuid7Ids
from tests.bench.engines import Engine
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
Dump = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
"""The column names and the rows of each table."""


class CountedIds:
    """Ids one after the other, so that two shops make the same."""

    def __init__(self, first: int) -> None:
        self._last = first

    def new(self) -> UUID:
        """Return the next."""
        self._last += 1
        return UUID(int=0x01A2018300007000 << 64 | 0b10 << 62 | self._last)


class SteppingClock:
    """A clock that moves on by a second each time it is looked at."""

    def __init__(self, begin: datetime) -> None:
        self._now = begin

    def now(self) -> datetime:
        """Return the instant."""
        self._now += timedelta(seconds=1)
        return self._now

    def sleep(self, seconds: float) -> None:
        """Fail: nobody competes here."""
        raise AssertionError(seconds)


class OneMerchant:
    """The merchant, who wants to know of new orders."""

    def merchant(self) -> Party:
        """Return who is told."""
        return Party(name=MERCHANT[1], email=EmailAddress(MERCHANT[0]))


@attrs.frozen(eq=False, kw_only=True)
class Stage:
    """A shop and its twin on one engine, and what both may work with.

    Attributes:
        customers: Everyone, each with orders of their own.
        paid: Orders that can be packed.
        words: The letters that both store.
    """

    engine: Engine
    shop: Shop
    twin: Twin
    customers: tuple[CustomerId, ...]
    paid: tuple[OrderId, ...]
    words: Words

    def dumps(self) -> tuple[Dump, Dump]:
        """Return what now stands in the shop's tables, and in its twin's."""
        ours, twins = (_dump(self.engine.connect(url)) for url in self.engine.urls)
        return ours, twins

    def check_same_rows(self) -> None:
        """Fail when the twin did less than the shop, or more: the figures would be lies."""
        ours, twins = self.dumps()
        for table, (columns, rows) in ours.items():
            assert (columns, len(rows)) == (twins[table][0], len(twins[table][1])), table
        assert self.words.asked, "the shop rendered its letters by itself"


def _dump(connection: Any) -> Dump:
    cursor, found = connection.cursor(), {}
    for table in TABLES:
        cursor.execute(f"SELECT * FROM oc_{table.name}")  # noqa: S608  (our own names)
        columns = [str(column[0]) for column in cursor.description]
        found[table.name] = columns, sorted(cursor.fetchall(), key=repr)
    connection.close()
    return found


@contextmanager
def stage(
    engine: Engine, *, customers: int, orders_each: int, counted: bool = False
) -> Iterator[Stage]:
    """Fill both databases alike.

    Args:
        engine: Where.
        customers: How many there are.
        orders_each: How many paid orders each of them has.
        counted: Whether both sides go on with the same ids and the same time, so that
            even these must be equal in the end.
    """
    words = Words()
    with words.instead():
        ours, twins = (_seeded(url, customers, orders_each) for url in engine.urls)
    assert ours == twins, "the two databases do not begin equal"
    sides = [(CountedIds(10**6), SteppingClock(_LATER)) for _ in engine.urls]
    (ids, clock), (twin_ids, twin_clock) = (
        sides if counted else [(Uuid7Ids(), SystemClock()) for _ in engine.urls]
    )
    connection = engine.connect(engine.urls[1])
    shop, store = _shop(engine.urls[0], ids, clock)
    yield Stage(
        engine=engine,
        shop=shop,
        twin=Twin(connection, engine, ids=twin_ids.new, clock=twin_clock.now, words=words),
        customers=tuple(ours),
        paid=tuple(order for orders in ours.values() for order in orders),
        words=words,
    )
    store.engine.dispose()
    connection.close()


_BEGIN, _LATER = datetime(2025, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 1, 9, tzinfo=UTC)


def _shop(url: str, ids: Ids, clock: Clock) -> tuple[Shop, SqlAlchemyStore]:
    store = SqlAlchemyStore.from_url(url)
    return Shop(store=store, directory=OneMerchant(), ids=ids, clock=clock), store


def _seeded(url: str, customers: int, orders_each: int) -> dict[CustomerId, list[OrderId]]:
    """Fill a database with paid orders, the same each time."""
    shop, store = _shop(url, CountedIds(0), SteppingClock(_BEGIN))
    seeded: dict[CustomerId, list[OrderId]] = {_customer(shop, at): [] for at in range(customers)}
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
