"""Plays a history of commands on one store, and says of each step what came of it.

Steps speak of customers, orders, lists and merges by their place in the order in
which they came into being, so that one history can be played anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs

from ordercore import Shop
from ordercore.customers.customer import AddressEntry
from ordercore.errors import RuleError
from ordercore.merging.plan import MergePlan
from ordercore.orders.order import line_of
from ordercore.ports.shop import Offer
from ordercore.services.agenda import DueReport
from ordercore.services.importing import ForeignOrder
from ordercore.services.placing import Wanted
from ordercore.values.attributes import ExternalRef
from ordercore.values.ids import CustomerId, ListId, MergeId, OrderId
from ordercore.values.money import Money
from tests.property.grounds import Ground
from tests.property.worlds import BASKET, ELY, LIST, MONDAYS, world_on

UNKNOWN = UUID("00000000-0000-7000-8000-00000000dead")


@attrs.frozen
class Step:
    """One command or question, with what it is given."""

    verb: str
    given: Mapping[str, Any]


@attrs.frozen
class Came:
    """What came of a step: a value, or an error by class, code and parameters."""

    value: Any = None
    error: tuple[str, str, str] | None = None


class Player:
    """A shop on one store, and the ids of what has come into being there."""

    def __init__(self, ground: Ground) -> None:
        self.name = ground.name
        self.world = world_on(ground.open(), seed="history")
        self.customers: list[UUID] = []
        self.orders: list[UUID] = []
        self.lists: list[UUID] = []
        self.merges: list[UUID] = []
        self.plans: list[MergePlan] = []

    def play(self, step: Step) -> Came:
        """Take a step. Only the domain may refuse: a port's error has no cause here."""
        try:
            return Came(value=getattr(self, step.verb)(**step.given))
        except RuleError as error:
            return Came(error=(type(error).__name__, error.code, repr(error.params)))

    @property
    def shop(self) -> Shop:
        """The shop."""
        return self.world.shop

    def acting(self, actor: int | None) -> Shop:
        """Return the shop with nobody, a member of staff (-1) or a customer acting."""
        if actor is None:
            return self.shop
        if actor == -1:
            return self.shop.as_staff("anna", reason="asked by telephone")
        return self.shop.as_customer(CustomerId(self.at(self.customers, actor)))

    @staticmethod
    def at(known: Sequence[UUID], place: int) -> UUID:
        """Return one of the ids known, counting on past the end; an unknown one below zero."""
        return known[place % len(known)] if known and place >= 0 else UNKNOWN

    def keep(self, known: list[UUID], made: Any) -> Any:
        """Note what came into being; a repeated command makes nothing new."""
        if made.id not in known:
            known.append(made.id)
        return made

    # ── customers ──

    def register(self, *, actor: int | None, **given: Any) -> Any:
        """Register a customer."""
        return self.keep(self.customers, self.acting(actor).customers.register(**given))

    def edit_customer(self, *, actor: int | None, who: int, **given: Any) -> Any:
        """Edit a customer."""
        customer_id = CustomerId(self.at(self.customers, who))
        return self.acting(actor).customers.edit(customer_id, **given)

    def request_proof(self, *, actor: int | None, who: int, **given: Any) -> Any:
        """Ask for a link to prove a mailbox."""
        customer_id = CustomerId(self.at(self.customers, who))
        return self.acting(actor).customers.request_email_proof(customer_id, **given)

    def confirm(self, *, newest: bool, **given: Any) -> Any:
        """Bring the token of the newest or the oldest link that was sent."""
        sent = [each.text for each in self.world.notifier.sent if "token=" in each.text]
        text = (sent[-1] if newest else sent[0]) if sent else "token=none"
        token = text.partition("token=")[2].split()[0]
        return self.shop.customers.confirm_email(token, **given)

    def find_customers(self, *, text: str, limit: int) -> Any:
        """Search, two pages."""
        page = self.shop.customers.find(text, limit=limit)
        if page.next is None:
            return page
        return page, self.shop.customers.find(text, limit=limit, after=page.next)

    def look_at_customer(self, *, actor: int | None, who: int, email: str) -> Any:
        """Ask for a customer by id and by e-mail address."""
        customer_id = CustomerId(self.at(self.customers, who))
        found = self.acting(actor).customers.get(customer_id)
        return found, self.shop.customers.by_email(email)

    def customer_by_ref(self, *, ref: ExternalRef) -> Any:
        """Ask for a customer by another system's reference."""
        return self.shop.customers.by_ref(ref)

    def prove(self, *, who: int) -> Any:
        """Ask for a link, receive it and use it."""
        self.request_proof(actor=None, who=who)
        self.shop.deliver(limit=500)
        return self.confirm(newest=True)

    # ── merging ──

    def plan(self, *, who: int, other: int) -> Any:
        """Plan a merge, and keep the plan for later."""
        survivor, loser = self.at(self.customers, who), self.at(self.customers, other)
        plan = self.shop.merging.plan(CustomerId(survivor), CustomerId(loser))
        self.plans.append(plan)
        return plan

    def apply(self, *, which: int, **given: Any) -> Any:
        """Apply one of the plans made so far, fresh or stale."""
        if not self.plans:
            return None
        plan = self.plans[which % len(self.plans)]
        return self.keep(self.merges, self.shop.merging.apply(plan, **given))

    def merge_now(self, *, who: int, other: int, **given: Any) -> Any:
        """Plan and apply."""
        self.plan(who=who, other=other)
        return self.apply(which=-1, **given)

    def undo(self, *, which: int, **given: Any) -> Any:
        """Undo a merge."""
        return self.shop.merging.undo(MergeId(self.at(self.merges, which)), **given)

    def look_at_merges(self, *, who: int) -> Any:
        """Ask for the merges of a customer."""
        return self.shop.merging.history(CustomerId(self.at(self.customers, who)))

    # ── orders ──

    def place(self, *, actor: int | None, who: int, wanted: Sequence[Wanted], **given: Any) -> Any:
        """Place an order."""
        customer_id = CustomerId(self.at(self.customers, who))
        desk = self.acting(actor).orders
        return self.keep(self.orders, desk.place(customer_id, wanted, **given))

    def order_verb(self, *, _verb: str, actor: int | None, which: int, **given: Any) -> Any:
        """Take a step of an order, or edit it."""
        order_id = OrderId(self.at(self.orders, which))
        return getattr(self.acting(actor).orders, _verb)(order_id, **given)

    def fulfil(self, *, which: int) -> Any:
        """Take an order all the way to its customer."""
        desk, order_id = self.shop.orders, OrderId(self.at(self.orders, which))
        desk.pay(order_id, desk.get(order_id).total, method="card")
        desk.pack(order_id)
        desk.ship(order_id, parcel_number="JD0002", carrier="Royal Mail")
        return desk.deliver(order_id)

    def order_by_ref(self, *, ref: ExternalRef) -> Any:
        """Ask for an order by another system's reference."""
        return self.shop.orders.by_ref(ref)

    def look_at_orders(self, *, actor: int | None, which: int, who: int, limit: int) -> Any:
        """Ask every question about an order and about a customer's orders."""
        desk, order_id = self.shop.orders, OrderId(self.at(self.orders, which))
        found = desk.get(order_id)
        page = desk.of_customer(CustomerId(self.at(self.customers, who)), limit=limit)
        rest = (
            desk.of_customer(CustomerId(self.at(self.customers, who)), limit=limit, after=page.next)
            if page.next
            else None
        )
        seen = self.acting(actor).orders.view(order_id, language="fr")
        by_number = desk.by_number(found.number.lower().replace("-", " "))
        return found, page, rest, seen, by_number, desk.allowed(order_id), desk.why_not(order_id)

    def take_over(self, *, refs: Sequence[str], customers: Sequence[str | None], lines: int) -> Any:
        """Take over orders of another system."""
        made = [
            ForeignOrder(
                ref=ref,
                placed_at=self.world.clock.now() - timedelta(days=at),
                customer_ref=customers[at % len(customers)],
                lines=(line_of("tea", "Tea", 1, Money(250, "GBP")),) * lines,
            )
            for at, ref in enumerate(refs)
        ]
        sifted = self.shop.orders.sift(made, source="erp")
        return sifted, self.shop.orders.take_over(made, source="erp")

    # ── lists and reminders ──

    def start_list(self, *, actor: int | None, who: int, **given: Any) -> Any:
        """Start a list."""
        customer_id = CustomerId(self.at(self.customers, who))
        desk = self.acting(actor).shopping_lists
        return self.keep(self.lists, desk.start(customer_id, **given))

    def list_verb(self, *, _verb: str, actor: int | None, which: int, **given: Any) -> Any:
        """Edit, pause, resume, skip or end a list."""
        list_id = ListId(self.at(self.lists, which))
        return getattr(self.acting(actor).shopping_lists, _verb)(list_id, **given)

    def look_at_lists(self, *, actor: int | None, which: int, who: int, limit: int) -> Any:
        """Ask every question about a list and about what belongs to a customer."""
        customer_id = CustomerId(self.at(self.customers, who))
        desk, list_id = self.acting(actor).shopping_lists, ListId(self.at(self.lists, which))
        history = desk.history(list_id, limit=limit)
        rest = desk.history(list_id, limit=limit, after=history.next) if history.next else None
        return (
            desk.get(list_id),
            desk.preview(list_id, count=limit),
            history,
            rest,
            self.shop.shopping_lists.of_customer(customer_id),
            self.shop.lifecycle.reminders(customer_id, limit=limit),
            self.shop.lifecycle.lifespans(),
            self.shop.messages.of_customer(customer_id, limit=limit),
        )

    def declare(self, **given: Any) -> Any:
        """Declare a lifespan."""
        return self.shop.lifecycle.declare(**given)

    # ── the world ──

    def wait(self, *, by: timedelta) -> Any:
        """Let time pass."""
        return self.world.clock.advance(by)

    def sell(self, *, price: int | None) -> Any:
        """Sell tea at a price, or no more."""
        if price is None:
            self.world.catalog.remove("tea")
        else:
            self.world.catalog.put("tea", Offer("tea", "Tea", Money(price, "GBP")))

    def deliver(self, *, faults: int, permanent: bool) -> Any:
        """Deliver, the first messages being refused."""
        self.world.notifier.fail(faults, permanent=permanent)
        report = self.shop.deliver(limit=5)
        return report, [(each.id, each.subject, each.text) for each in self.world.notifier.sent]

    def run_due(self, *, limit: int) -> Any:
        """Do what is due."""
        report: DueReport = self.shop.run_due(limit=limit)
        failed = [(each.kind, each.subject_id, each.error.code) for each in report.failed]
        return report.done, report.lost, failed

    def look_at_all(self, *, after: int, limit: int) -> Any:
        """Read the feed and the state of health."""
        health = self.shop.check()
        return self.shop.events(after=after, limit=limit), health


def furnish(player: Player) -> None:
    """Begin with some customers, an order in each of four states, a list and a proof."""
    home = [AddressEntry(address=ELY)]
    nobody: dict[str, Any] = {"actor": None}
    ref = ExternalRef("erp", "1")
    player.register(name="Ada", email="ada@example.org", addresses=home, **nobody)
    player.register(name="Áda Byron", email="byron@example.org", external_ref=ref, **nobody)
    player.register(name="Guest", email="ada@example.org", guest=True, **nobody)
    player.declare(sku="tea", days=3, notice_days=1)
    for who, other in ((0, None), (1, ref), (1, None), (0, None), (0, None)):
        player.place(who=who, wanted=BASKET, currency="GBP", external_ref=other, **nobody)
    player.fulfil(which=3)
    desk = player.shop.orders
    for paid in (2, 4):
        order = desk.get(OrderId(player.orders[paid]))
        desk.pay(order.id, order.total, method="card")
    desk.pack(OrderId(player.orders[2]))
    player.start_list(who=0, lines=LIST, name="Tea", currency="GBP", schedule=MONDAYS, **nobody)
    player.request_proof(actor=None, who=1)
    player.world.shop.deliver(limit=500)
