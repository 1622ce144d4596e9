"""What can be done with an order, and what its customer sees of it (OR2, OR3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import attrs
import pytest

from ordercore import Shop
from ordercore.customers.customer import Customer
from ordercore.errors import TransitionError
from ordercore.orders.flow import Flow, State, Transition, explain
from ordercore.services.order_view import OrderView
from ordercore.values.money import Money
from tests.unit.services.deeds import code, delivered, mails, paid, place, refusal, register
from tests.unit.services.world import World, a_world

HIDDEN_FLOW = Flow(
    name="watched",
    version=1,
    initial="new",
    languages=("en",),
    states=(
        State(name="new", labels={"en": "Received"}),
        State(name="accepted", labels={"en": "Accepted"}),
        State(name="fraud check", hidden=True),
        State(name="done", labels={"en": "Done"}, final=True),
    ),
    transitions=(
        Transition(verb="accept", sources=("new",), target="accepted"),
        Transition(verb="suspect", sources=("accepted",), target="fraud check"),
        Transition(verb="finish", sources=("accepted", "fraud check"), target="done"),
    ),
)


@pytest.fixture
def ada(shop: Shop) -> Customer:
    """An account."""
    return register(shop)


class TestWhyNot:
    """What can be done now, and why the rest cannot."""

    def test_closed_with_a_reason(self, shop: Shop, ada: Customer) -> None:
        """OR2: each verb is open or says why, fit for a customer, in the customer's language."""
        order = place(shop, ada)
        closed = shop.orders.why_not(order.id)
        assert shop.orders.allowed(order.id) == ("cancel",)
        assert closed.keys() == {"pay", "pack", "ship", "deliver"}
        assert closed["pay"].guards == ("paid_in_full",)
        assert explain(closed["pay"], "fr") == "La commande n’est pas entièrement payée."

    def test_open_is_what_can_be_done(self, shop: Shop, ada: Customer) -> None:
        """OR2: at every step of the way, `move` and `allowed` are of one mind."""
        order = place(shop, ada)
        steps: list[Callable[[], object]] = [
            lambda: paid(shop, order),
            lambda: shop.orders.pack(order.id),
            lambda: shop.orders.ship(order.id, parcel_number="1"),
            lambda: shop.orders.deliver(order.id),
        ]
        for step in steps:
            for verb in shop.orders.why_not(order.id):
                with pytest.raises(TransitionError):
                    shop.orders.move(order.id, verb)
            step()
        assert shop.orders.allowed(order.id) == ()


class TestView:
    """What the customer sees, and cannot see."""

    def test_in_the_language_asked_for(self, shop: Shop, ada: Customer) -> None:
        """OR2: the public label; by default in the order's own language."""
        order = delivered(shop, place(shop, ada))
        assert shop.orders.view(order.id).status == "Delivered"
        assert shop.orders.view(order.id, language="fr").status == "Livrée"
        assert shop.orders.view(order.id, language="fr-CA").status == "Livrée"
        assert shop.orders.view(order.id, language="xx").status == "Delivered"

    def test_nothing_private(self, shop: Shop, ada: Customer) -> None:
        """OR3, I11: the shape has no place for it, so no mistake can put it there."""
        order = place(shop, ada, private_attributes={"note": "s3cret"}, public_attributes={"g": 1})
        shown = shop.as_customer(ada.id).orders.view(order.id)
        fields = {field.name for field in attrs.fields(OrderView)}
        assert not fields & {"private_attributes", "state", "shown_state", "external_ref", "party"}
        assert shown.attributes == {"g": 1}
        assert (shown.total, shown.paid, shown.lines) == (
            order.total,
            Money(0, "GBP"),
            order.lines,
        )

    def test_no_hidden_state(self) -> None:
        """OR3: in the view, the list of views and the feed's letters, it was never there."""
        world = a_world(flows=[HIDDEN_FLOW])
        ada = register(world.shop)
        order = place(world.shop, ada)
        world.shop.orders.move(order.id, "accept")
        assert world.shop.orders.move(order.id, "suspect").state == "fraud check"
        as_ada = world.shop.as_customer(ada.id).orders
        assert as_ada.view(order.id).status == "Accepted"
        assert [each.status for each in as_ada.views(ada.id).items] == ["Accepted"]
        assert not [m for m in mails(world, "ada@example.org") if "fraud" in m.text]
        world.shop.orders.move(order.id, "finish")
        assert as_ada.view(order.id).status == "Done"


def test_orders_by_pages(world: World) -> None:
    """CU3: newest first, each once, the loser's with the survivor's after a merge."""
    ada, bob = register(world.shop), register(world.shop, "Bob")
    placed = []
    for customer in (ada, bob, ada, ada, bob):
        placed.append(place(world.shop, customer).id)
        world.clock.advance(timedelta(minutes=1))
    assert [each.id for each in world.shop.orders.of_customer(bob.id).items] == [
        placed[4],
        placed[1],
    ]
    world.shop.merging.apply(world.shop.merging.plan(bob.id, ada.id))
    found: list[OrderView] = []
    page = world.shop.orders.views(bob.id, limit=2)
    while page.next is not None:
        found += page.items
        page = world.shop.orders.views(bob.id, after=page.next, limit=2)
    assert [each.id for each in (*found, *page.items)] == placed[::-1]


@pytest.mark.parametrize("number", ["", "7F3K-92QX", "\x00", "\ud800", "Ada Lovelace", "%"])
def test_a_number_that_nobody_has(shop: Shop, number: str) -> None:
    """OR1: whatever was typed is not found, and not repeated in the error."""
    missing = refusal(shop.orders.by_number, number)
    assert missing.code == "not_found"
    assert not number or number not in str(missing)


def test_a_flow_that_is_gone(world: World) -> None:
    """OR2: an order whose flow was taken away is shown to nobody in a wrong state."""
    watched = a_world(store=world.shop.store, flows=[HIDDEN_FLOW]).shop
    order = place(watched, register(watched, "Eve"))
    assert code(world.shop.orders.view, order.id) == "order.flow_unknown"
    assert code(world.shop.orders.move, order.id, "finish") == "order.flow_unknown"
    assert "no state new in its flow" in " ".join(map(str, world.shop.verify()))
