"""A shop whose clock, dice and ports a test holds, and a day with a bit of everything."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import attrs

from ordercore import Shop
from ordercore.customers.customer import AddressEntry, Customer
from ordercore.merging.plan import MergePlan
from ordercore.orders.order import Order
from ordercore.ports.rows import Store
from ordercore.ports.shop import Offer
from ordercore.services.merging import Merge
from ordercore.services.placing import Wanted
from ordercore.shopping_lists.lists import ListLine, ShoppingList
from ordercore.shopping_lists.schedule import Weekly
from ordercore.testing import (
    FrozenClock,
    MemoryCatalog,
    RecordingNotifier,
    SequenceIds,
    SequenceTokens,
    StaticDirectory,
)
from ordercore.values.address import Party, PostalAddress
from ordercore.values.attributes import ExternalRef
from ordercore.values.email import EmailAddress
from ordercore.values.money import Money

TEA = Offer("tea", "Tea", Money(250, "GBP"))
POT = Offer("pot", "Pot", Money(1250, "GBP"))
MILK = Offer("milk", "Milk", Money(120, "GBP"))
MERCHANT = Party(name="Merchant", email=EmailAddress("merchant@example.org"))
BASKET = (Wanted(sku="tea", quantity=2), Wanted(sku="pot"))
ELY = PostalAddress(street="1 High Street", city="Ely", postal_code="CB7 4LS", country="GB")
LIST = (ListLine(sku="tea"), ListLine(sku="milk", quantity=2))
MONDAYS = Weekly(weekdays=(0,), at=time(9, 0), zone="Europe/London", anchor_on=date(2026, 3, 2))
PARIS = PostalAddress(street="2 rue Haute", city="Paris", postal_code="75001", country="FR")


@attrs.frozen(kw_only=True)
class World:
    """A shop, what it is wired from, and how far a reader has read its feed."""

    shop: Shop
    clock: FrozenClock
    notifier: RecordingNotifier
    catalog: MemoryCatalog
    read: list[int] = attrs.field(factory=lambda: [0])


def world_on(store: Store, *, seed: int | str = 0, clock: FrozenClock | None = None) -> World:
    """Wire a shop over a store; equal seeds give equal ids, numbers and tokens."""
    clock = clock or FrozenClock()
    notifier = RecordingNotifier()
    catalog = MemoryCatalog({offer.sku: offer for offer in (TEA, POT, MILK)})
    shop = Shop(
        store=store,
        clock=clock,
        ids=SequenceIds(seed),
        tokens=SequenceTokens(seed),
        notifiers=[notifier],
        catalog=catalog,
        directory=StaticDirectory(MERCHANT),
    )
    return World(shop=shop, clock=clock, notifier=notifier, catalog=catalog)


def token_in(notifier: RecordingNotifier) -> str:
    """Return the single-use token of the newest message that holds one."""
    (text,) = [each.text for each in notifier.sent if "token=" in each.text][-1:]
    return text.partition("token=")[2].split()[0]


@attrs.frozen(kw_only=True)
class Day:
    """What came of the day.

    Attributes:
        ada: An account with orders in every state; survived a merge with `double`.
        double: The tombstone of an account.
        bob: An account with one unpaid order, whose loser `split` was split off again.
        split: An account that was merged into `bob`, which was undone.
        guest: A guest with the e-mail address of `ada`.
        done: An order delivered to `ada`.
        shipped: An order on its way to `ada`.
        paid: An order of `ada` that waits to be packed.
        packed: An order of `ada`, paid and packed, with a reference of another system.
        open: The order of `bob`, which nobody has paid.
        cancelled: Another one, whose customer has not heard of it yet.
        merge: The merge that stands.
        weekly: A list of `ada` that has become an order once.
        paused: A list of `bob` that waits.
        plan: How `bob` would become part of `ada`.
        token: What was sent to `bob` to prove the mailbox, and has not been used.
    """

    ada: Customer
    double: Customer
    bob: Customer
    split: Customer
    guest: Customer
    done: Order
    shipped: Order
    paid: Order
    packed: Order
    open: Order
    cancelled: Order
    merge: Merge
    weekly: ShoppingList
    paused: ShoppingList
    plan: MergePlan
    token: str


def a_day(world: World) -> Day:
    """Let a bit of everything happen, so that every table has rows."""
    shop = world.shop
    people = _people(shop)
    ada, bob = people["ada"], people["bob"]
    shop.lifecycle.declare("tea", days=30, notice_days=7, replacement_sku="tea-tin")
    shop.lifecycle.declare("pot", days=30, notice_days=7)
    orders = _orders(world, people)
    weekly = shop.shopping_lists.start(
        ada.id, LIST, name="Weekly tea", currency="GBP", schedule=MONDAYS
    )
    paused = shop.shopping_lists.start(bob.id, LIST, name="Later", currency="GBP", schedule=MONDAYS)
    shop.shopping_lists.pause(paused.id)
    shop.customers.request_email_proof(ada.id, idempotency_key="proof")
    shop.deliver()
    shop.customers.confirm_email(token_in(world.notifier))
    merge = _merged(shop, ada, people["double"])
    shop.merging.undo(_merged(shop, bob, people["split"]).id)
    world.clock.advance(days=8)
    shop.customers.request_email_proof(bob.id)
    shop.deliver()
    shop.run_due()
    shop.customers.request_email_proof(ada.id)
    shop.customers.edit(bob.id, phone="+44 20 7946 0999")
    shop.orders.cancel(orders["cancelled"].id, reason="out of stock")
    shop.events()
    found: dict[str, Any] = {**people, **orders, "weekly": weekly, "paused": paused}
    plan = shop.merging.plan(ada.id, bob.id)
    return Day(**found, merge=merge, plan=plan, token=token_in(world.notifier))


def _orders(world: World, people: dict[str, Customer]) -> dict[str, Order]:
    orders, ada, bob = world.shop.orders, people["ada"], people["bob"]
    ref = ExternalRef("erp", "42")
    made = {
        "done": orders.place(people["double"].id, BASKET, currency="GBP"),
        "shipped": orders.place(ada.id, BASKET, currency="GBP"),
        "packed": orders.place(ada.id, BASKET, currency="GBP", external_ref=ref),
        "paid": orders.place(ada.id, BASKET, currency="GBP"),
        "open": orders.place(bob.id, BASKET, currency="GBP", private_attributes={"shelf": "A3"}),
        "cancelled": orders.place(bob.id, BASKET, currency="GBP"),
    }
    for name in ("done", "shipped", "packed", "paid"):
        order = made[name]
        orders.pay(order.id, order.total, method="card", reference=f"pi_{order.number}")
    for name in ("done", "shipped", "packed"):
        orders.pack(made[name].id)
    for name in ("done", "shipped"):
        orders.ship(made[name].id, parcel_number="JD0002", carrier="Royal Mail")
    orders.deliver(made["done"].id)
    return made


def _people(shop: Shop) -> dict[str, Customer]:
    home, away = AddressEntry(address=ELY, label="home"), AddressEntry(address=PARIS)
    register = shop.customers.register
    return {
        "ada": register(
            name="Ada Lovelace",
            company="Engines",
            email="ada@example.org",
            phone="+44 20 7946 0000",
            addresses=[home],
            external_ref=ExternalRef("erp", "c1"),
            public_attributes={"tier": "gold"},
            private_attributes={"note": "pays late"},
            idempotency_key="ada",
        ),
        "double": register(name="A. Lovelace", email="ada2@example.org", addresses=[away, home]),
        "bob": register(name="Bob", email="bob@example.org", language="fr"),
        "split": register(name="Robert", phone="+33 1 99 00 00 00"),
        "guest": register(name="Ada", email="ada@example.org", guest=True),
    }


def _merged(shop: Shop, survivor: Customer, loser: Customer) -> Merge:
    return shop.merging.apply(shop.merging.plan(survivor.id, loser.id), reason="the same person")
