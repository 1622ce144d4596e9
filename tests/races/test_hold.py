"""A merge and orders placed at once: with `hold` none stays behind, without it some do."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
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
from ordercore.stored.merging import MOVED
from ordercore.stored.orders import ORDERS
from ordercore.values.ids import CustomerId
from tests.property.grounds import LONG, Ground, SqlGround
from tests.races.crowd import at_once

THREADS = 4
EACH = 50
BEFORE = 20
"""How many orders are there before the merge begins."""
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


class Pace:
    """How fast orders come in: slower each time that one slipped in between plan and merge."""

    def __init__(self) -> None:
        self.placed = 0
        self.rest = 0.0

    def note(self) -> None:
        """Rest a while after an order."""
        self.placed += 1
        time.sleep(self.rest * random.random())

    def slow_down(self) -> None:
        """Leave more room between two orders."""
        self.rest = min(0.25, self.rest * 1.5 + 0.002)


def _merge(shop: Shop, survivor: Customer, loser: Customer, pace: Pace) -> Merge:
    """Merge once orders come in; one may come in between plan and merge, so plan again."""
    while pace.placed < BEFORE:
        time.sleep(0.001)
    while True:
        try:
            return shop.merging.apply(shop.merging.plan(survivor.id, loser.id))
        except MergeBlockedError as error:
            if error.code != "merge.stale_plan":
                raise
            pace.slow_down()


@attrs.frozen
class Race:
    """How many orders the survivor has, how many of them the merge moved, and how many it left."""

    won: int
    moved: int
    left: int

    @property
    def in_the_middle(self) -> bool:
        """Whether orders came in before the merge and after it."""
        return 0 < self.moved < self.won + self.left


def _race(store: Store, place: Callable[[Shop, CustomerId], object], each: int) -> Race:
    """Place orders in several threads, and merge their customer away meanwhile."""
    shop, pace = Shop(store=store), Pace()
    survivor, loser = _two(shop)

    def work() -> None:
        for _ in range(each):
            place(Shop(store=store), loser.id)
            pace.note()

    merging = partial(_merge, shop, survivor, loser, pace)
    ends: list[Any] = at_once([*([work] * THREADS), merging])
    assert [end for end in ends if isinstance(end, Exception)] == []
    with store.reading() as rows:
        return Race(
            won=rows.count(ORDERS, {"customer_id": survivor.id}),
            moved=rows.count(MOVED, {"merge_id": ends[-1].id}),
            left=rows.count(ORDERS, {"customer_id": loser.id}),
        )


def _place(shop: Shop, loser: CustomerId) -> Order:
    return shop.orders.place(loser, WANTED, currency="GBP")


def test_no_order_stays_with_the_loser(ground: Ground) -> None:
    """ME1: of 200 orders placed while the customer is merged away, 0 are left behind."""
    store = ground.open()
    for _ in range(ROUNDS_TO_FAIL):
        race = _race(store, _place, EACH)
        assert (race.won, race.left) == (THREADS * EACH, 0)
        assert Shop(store=store).verify() == []
        if race.in_the_middle:
            return
    pytest.fail("the merge never came in the middle of the orders: the race proves nothing")


def test_without_hold_orders_are_left_behind(server: SqlGround) -> None:
    """The twin that must fail: on a server it does, and verify names it (I9)."""
    store = server.open()
    for _ in range(ROUNDS_TO_FAIL * (5 if LONG else 1)):
        race = _race(store, lambda shop, loser: NaiveDesk(shop._wiring).place(loser), EACH)
        if race.left:
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
