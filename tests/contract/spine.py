"""Verbs made for tests of the spine, and a shop with an order to try them on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import attrs

from ordercore import Shop
from ordercore.errors import InvalidValueError
from ordercore.orders.order import Order, line_of
from ordercore.ports.rows import Store
from ordercore.services.command import Desk, command, query
from ordercore.services.placing import Wanted
from ordercore.services.unit import Unit
from ordercore.services.view import View
from ordercore.stored.commands import COUNTERS, CounterRow
from ordercore.stored.orders import ORDERS
from ordercore.stored.table import Table
from ordercore.values.attributes import Attributes
from ordercore.values.ids import CustomerId, OrderId
from ordercore.values.money import Money

MARK = "mark"
WANTED = (
    Wanted(sku="tea", quantity=2, title="", unit=Money(350, "GBP")),
    Wanted(sku="jam", quantity=1, title="", unit=Money(420, "GBP")),
)


class TryingDesk(Desk):
    """Small verbs, each for one promise of the spine."""

    @command("test.begin")
    def begin(self, unit: Unit, name: str, *, idempotency_key: str | None = None) -> None:
        """Make a counter at nothing."""
        unit.rows.insert(COUNTERS, [CounterRow(name, 0)])

    @command("test.count")
    def count(self, unit: Unit, name: str, *, idempotency_key: str | None = None) -> None:
        """Add one to a counter, which is what every customer of the shop does at once."""
        unit.rows.adjust(COUNTERS, (name,), "value", 1, floor=0)

    @command("test.rewrite")
    def rewrite(
        self,
        unit: Unit,
        order_id: OrderId,
        mark: str,
        *,
        seen: tuple[Callable[[Order], None], ...] = (),
        idempotency_key: str | None = None,
    ) -> Order:
        """Write a mark on the root of an order and on each of its lines."""
        was = unit.orders.get(order_id)
        for look in seen:
            look(was)
        lines = (line_of(line.sku, mark, line.quantity, line.unit) for line in was.lines)
        marks = Attributes({**was.private_attributes, MARK: mark, f"by_{mark}": True})
        after = attrs.evolve(was, lines=tuple(lines), private_attributes=marks)
        return unit.orders.save(after, was=was)

    @command("test.fail")
    def fail(self, unit: Unit, name: str, *, idempotency_key: str | None = None) -> None:
        """Write something, then refuse."""
        unit.rows.insert(COUNTERS, [CounterRow(name, 0)])
        raise InvalidValueError("ref.empty")

    @command("test.late_wire")
    def late_wire(self, unit: Unit, name: str, *, idempotency_key: str | None = None) -> None:
        """Ask a port with a wire although the transaction is open."""
        unit.rows.insert(COUNTERS, [CounterRow(name, 0)])
        unit.outside.pricing.price((), currency="GBP")

    @query("test.look")
    def look(self, view: View, order_id: OrderId, between: Callable[[], object]) -> Order:
        """Read the root of an order, let something happen, and read its lines."""
        root = view.rows.get(ORDERS, (order_id,))
        between()
        return view.orders.load([root])[0]


def whole(order: Order) -> bool:
    """Tell whether root and lines are of one version: they bear the same mark."""
    return {line.title for line in order.lines} == {order.private_attributes[MARK]}


def trying(shop: Shop) -> TryingDesk:
    """Return the desk of a shop."""
    return TryingDesk(shop._wiring)


def customer_of(shop: Shop) -> CustomerId:
    """Return a customer who has just registered."""
    return shop.customers.register(name="Ada", email="ada@example.org").id


def order_of(shop: Shop) -> Order:
    """Return an order that has just been placed, marked `begun`."""
    placed = shop.orders.place(customer_of(shop), WANTED, currency="GBP")
    return trying(shop).rewrite(placed.id, "begun")


def count_of(store: Store, table: Table[Any]) -> int:
    """Return how many rows a table has."""
    with store.reading() as rows:
        return rows.count(table, {})


class Once:
    """A fault hook that does something the first time its own thread comes to a point."""

    def __init__(self, point: str, act: Callable[[], object]) -> None:
        self._point = point
        self._act = act
        self._thread = threading.get_ident()
        self.done = False

    def __call__(self, point: str) -> None:
        """Act, if this is the point, the thread and the first time."""
        if not self.done and point == self._point and threading.get_ident() == self._thread:
            self.done = True
            self._act()
