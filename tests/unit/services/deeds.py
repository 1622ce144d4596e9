"""Things that tests do again and again, and ways to look behind a desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ordercore import Shop
from ordercore.customers.customer import Customer
from ordercore.errors import OrderCoreError
from ordercore.orders.order import Order
from ordercore.services.feed import Recorded
from ordercore.stored.outbox import ERRANDS, ErrandRow
from ordercore.stored.table import R, Table
from ordercore.values.outgoing import Outgoing
from tests.unit.services.world import BASKET, World


def refusal(work: Callable[..., object], *args: Any, **kwargs: Any) -> OrderCoreError:
    """Return the error that `work` raises."""
    with pytest.raises(OrderCoreError) as refused:
        work(*args, **kwargs)
    return refused.value


def code(work: Callable[..., object], *args: Any, **kwargs: Any) -> str:
    """Return the code of the error that `work` raises."""
    return refusal(work, *args, **kwargs).code


def register(shop: Shop, name: str = "Ada Lovelace", **more: Any) -> Customer:
    """Register an account; its mailbox is called after the first name."""
    email = f"{name.partition(' ')[0].lower()}@example.org"
    return shop.customers.register(name=name, **{"email": email, **more})


def place(shop: Shop, customer: Customer, **more: Any) -> Order:
    """Place an order for tea and a pot: 17.50 pounds."""
    return shop.orders.place(customer.id, BASKET, **{"currency": "GBP", **more})


def paid(shop: Shop, order: Order) -> Order:
    """Pay an order in full."""
    return shop.orders.pay(order.id, order.total, method="card")


def delivered(shop: Shop, order: Order) -> Order:
    """Take an order to its end."""
    paid(shop, order)
    shop.orders.pack(order.id)
    shop.orders.ship(order.id, parcel_number="JD0001", carrier="Royal Mail")
    return shop.orders.deliver(order.id)


def rows_of(shop: Shop, table: Table[R]) -> list[R]:
    """Return every row of a table."""
    with shop.store.reading() as rows:
        return list(rows.stream(table))


def outbox(shop: Shop, kind: str) -> list[ErrandRow]:
    """Return the errands of one kind of message, oldest first."""
    return [row for row in rows_of(shop, ERRANDS) if row.kind == kind]


def mails(world: World, to: str) -> list[Outgoing]:
    """Deliver everything and return what came to one mailbox."""
    world.shop.deliver(limit=500)
    return [each for each in world.notifier.sent if each.recipient == to]


def recorded(shop: Shop) -> list[Recorded]:
    """Return the whole feed."""
    return list(shop.events(limit=500).items)
