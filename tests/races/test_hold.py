"""A merge and orders placed at once: with `hold` none stays behind, without it some do."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from ordercore import Money, Shop, Wanted
from ordercore.customers.customer import Customer
from ordercore.errors import MergeBlockedError
from ordercore.orders.order import Order, Priced, line_of
from ordercore.ports.rows import Store
from ordercore.services.command import Desk, command
from ordercore.services.merging import Merge
from ordercore.services.placing import Basket, Terms, place_order
from ordercore.services.unit import Unit
from ordercore.values.ids import CustomerId
from tests.property.grounds import LONG, Ground, SqlGround
from tests.races.crowd import at_once

THREADS = 4
EACH = 50
ROUNDS_TO_FAIL = 12
PRICE = Money(250, "GBP")
WANTED = (Wanted(sku="tea", title="Tea", unit=PRICE),)


class NaiveDesk(Desk):
    """The twin: places an order for the customer it has read, and holds nobody."""

    @command("test.place")
    def place(
        self, unit: Unit, customer_id: CustomerId, *, idempotency_key: str | None = None
    ) -> Order:
        """Look at the customer, then place the order."""
        customer = unit.customer(customer_id)
        line = line_of("tea", "Tea", 1, PRICE)
        nothing = Money.zero("GBP")
        priced = Priced(lines=(line,), tax=nothing, delivery=nothing, discount=nothing)
        basket = Basket(priced=priced, merchant=None)
        return place_order(unit, customer, basket, Terms(currency="GBP"))


def _two(shop: Shop) -> tuple[Customer, Customer]:
    return shop.customers.register(name="Survivor"), shop.customers.register(name="Loser")


def _merge(shop: Shop, survivor: Customer, loser: Customer) -> Merge:
    """Merge; orders may come in between planning and doing, so plan again until it holds."""
    while True:
        try:
            return shop.merging.apply(shop.merging.plan(survivor.id, loser.id))
        except MergeBlockedError as error:
            if error.code != "merge.stale_plan":
                raise


def _race(store: Store, place: Any, each: int) -> tuple[int, int]:
    """Return how many orders the survivor has, and how many stayed with the loser."""
    shop = Shop(store=store)
    survivor, loser = _two(shop)
    works: list[Any] = [
        lambda: [place(Shop(store=store), loser.id) for _ in range(each)] for _ in range(THREADS)
    ]
    works.insert(2, lambda: _merge(shop, survivor, loser))
    ends = at_once(works)
    assert [end for end in ends if isinstance(end, Exception)] == []
    with store.reading() as rows:
        from ordercore.stored.orders import ORDERS

        won = rows.count(ORDERS, {"customer_id": survivor.id})
        left = rows.count(ORDERS, {"customer_id": loser.id})
    return won, left


def test_no_order_stays_with_the_loser(ground: Ground) -> None:
    """ME1: of 200 orders placed while the customer is merged away, 0 are left behind."""
    store = ground.open()
    won, left = _race(
        store, lambda shop, loser: shop.orders.place(loser, WANTED, currency="GBP"), EACH
    )
    assert (won, left) == (THREADS * EACH, 0)
    assert Shop(store=store).verify() == []


def test_without_hold_orders_are_left_behind(server: SqlGround) -> None:
    """The twin that must fail: on a server it does, and verify names it (I9)."""
    store = server.open()
    for _ in range(ROUNDS_TO_FAIL * (5 if LONG else 1)):
        _, left = _race(store, lambda shop, loser: NaiveDesk(shop._wiring).place(loser), EACH)
        if left:
            found = Shop(store=store).verify()
            assert {violation.invariant for violation in found} == {"I9"}
            return
    pytest.fail("the naive twin never left an order behind: the race proves nothing")


def test_two_merges_that_cross(server: SqlGround) -> None:
    """ME1: A into B and B into A at once: one is done, the other refused, and no deadlock shows."""
    store = server.open()
    for _ in range(40 if LONG else 10):
        shop = Shop(store=store)
        one, other = _two(shop)
        plans = [shop.merging.plan(one.id, other.id), shop.merging.plan(other.id, one.id)]
        ends = at_once([partial(Shop(store=store).merging.apply, plan) for plan in plans])
        assert sum(isinstance(end, Merge) for end in ends) == 1
        (refused,) = [end for end in ends if not isinstance(end, Merge)]
        assert isinstance(refused, MergeBlockedError)
    assert Shop(store=store).verify() == []
