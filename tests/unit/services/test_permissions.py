"""Who may do what: customers what is theirs, staff what is the shop's (CU7, OR1, I11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from ordercore import Shop
from ordercore.customers.customer import Customer
from ordercore.orders.order import Order
from ordercore.services.placing import Wanted
from ordercore.services.repository import Repository
from ordercore.shopping_lists.lists import ShoppingList
from ordercore.stored.commands import COMMANDS
from ordercore.stored.orders import ORDER_FORM
from ordercore.values.money import Money
from tests.unit.services.deeds import code, paid, place, recorded, refusal, register, rows_of
from tests.unit.services.world import BASKET, LIST, World, newest_token


@attrs.frozen
class Scene:
    """Two customers, and what belongs to the first."""

    shop: Shop
    ada: Customer
    bob: Customer
    order: Order
    tea: ShoppingList

    @property
    def as_ada(self) -> Shop:
        """The shop with the owner acting."""
        return self.shop.as_customer(self.ada.id)

    @property
    def as_bob(self) -> Shop:
        """The shop with the other one acting."""
        return self.shop.as_customer(self.bob.id)


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """Ada has an order and a list; Bob has nothing."""
    ada, bob = register(shop), register(shop, "Bob")
    tea = shop.shopping_lists.start(ada.id, LIST, name="Tea", currency="GBP")
    return Scene(shop, ada, bob, place(shop, ada), tea)


Deed = Callable[[Shop, Scene], object]

OWNERS: dict[str, Deed] = {
    "customers.get": lambda shop, s: shop.customers.get(s.ada.id),
    "customers.edit": lambda shop, s: shop.customers.edit(s.ada.id, name="Ada King"),
    "customers.request_email_proof": lambda shop, s: shop.customers.request_email_proof(s.ada.id),
    "orders.place": lambda shop, s: shop.orders.place(s.ada.id, BASKET, currency="GBP"),
    "orders.view": lambda shop, s: shop.orders.view(s.order.id),
    "orders.views": lambda shop, s: shop.orders.views(s.ada.id),
    "orders.cancel": lambda shop, s: shop.orders.cancel(s.order.id),
    "lists.start": lambda shop, s: shop.shopping_lists.start(
        s.ada.id, LIST, name="More", currency="GBP"
    ),
    "lists.get": lambda shop, s: shop.shopping_lists.get(s.tea.id),
    "lists.of_customer": lambda shop, s: shop.shopping_lists.of_customer(s.ada.id),
    "lists.preview": lambda shop, s: shop.shopping_lists.preview(s.tea.id),
    "lists.history": lambda shop, s: shop.shopping_lists.history(s.tea.id),
    "lists.edit": lambda shop, s: shop.shopping_lists.edit(s.tea.id, name="Coffee"),
    "lists.pause": lambda shop, s: shop.shopping_lists.pause(s.tea.id),
    "lists.resume": lambda shop, s: shop.shopping_lists.resume(s.tea.id),
    "lists.skip_next": lambda shop, s: shop.shopping_lists.skip_next(s.tea.id),
    "lists.end": lambda shop, s: shop.shopping_lists.end(s.tea.id),
}
"""What a customer may do with what is theirs, and nobody else's."""

STAFFS: dict[str, Deed] = {
    "customers.find": lambda shop, s: shop.customers.find("a"),
    "customers.by_email": lambda shop, s: shop.customers.by_email("ada@example.org"),
    "orders.pay": lambda shop, s: shop.orders.pay(s.order.id, s.order.total, method="card"),
    "orders.pack": lambda shop, s: shop.orders.pack(s.order.id),
    "orders.ship": lambda shop, s: shop.orders.ship(s.order.id, parcel_number="1"),
    "orders.deliver": lambda shop, s: shop.orders.deliver(s.order.id),
    "orders.move": lambda shop, s: shop.orders.move(s.order.id, "pay"),
    "orders.edit": lambda shop, s: shop.orders.edit(s.order.id),
    "orders.get": lambda shop, s: shop.orders.get(s.order.id),
    "orders.of_customer": lambda shop, s: shop.orders.of_customer(s.ada.id),
    "orders.by_number": lambda shop, s: shop.orders.by_number(s.order.number),
    "orders.why_not": lambda shop, s: shop.orders.why_not(s.order.id),
    "orders.allowed": lambda shop, s: shop.orders.allowed(s.order.id),
    "merging.plan": lambda shop, s: shop.merging.plan(s.ada.id, s.bob.id),
    "merging.apply": lambda shop, s: shop.merging.apply(s.shop.merging.plan(s.ada.id, s.bob.id)),
    "merging.history": lambda shop, s: shop.merging.history(s.ada.id),
    "lifecycle.declare": lambda shop, s: shop.lifecycle.declare("tea", days=2, notice_days=1),
    "messages.of_customer": lambda shop, s: shop.messages.of_customer(s.ada.id),
}
"""What only staff and programs may do."""


@pytest.mark.parametrize("name", OWNERS)
def test_the_owner_may(scene: Scene, name: str) -> None:
    """I11: a customer does what is theirs to do, and so do staff and programs."""
    for shop in (scene.as_ada, scene.shop.as_staff("anna"), scene.shop):
        tea = scene.shop.shopping_lists.start(scene.ada.id, LIST, name="New", currency="GBP")
        fresh = attrs.evolve(scene, order=place(scene.shop, scene.ada), tea=tea)
        OWNERS[name](shop, fresh)


@pytest.mark.parametrize("name", OWNERS)
def test_a_stranger_may_not(scene: Scene, name: str) -> None:
    """I11: another customer is refused, nothing is written, and the error names no person."""
    before = scene.shop.snapshot()
    refused = refusal(OWNERS[name], scene.as_bob, scene)
    assert refused.code == "actor.not_owner"
    assert refused.params["actor"] == f"customer:{scene.bob.id}"
    assert scene.shop.snapshot() == before


@pytest.mark.parametrize("name", STAFFS)
def test_customers_may_not_do_what_is_the_shops(scene: Scene, name: str) -> None:
    """OR1, ME5: not even with what is their own."""
    before = scene.shop.snapshot()
    for shop in (scene.as_ada, scene.shop.as_staff("anna").as_customer(scene.ada.id)):
        assert code(STAFFS[name], shop, scene) == "actor.may_not"
    assert scene.shop.snapshot() == before


class TestPrices:
    """Prices are the catalogue's, or staff's."""

    @pytest.mark.parametrize("unit", [Money(1, "GBP"), Money(0, "GBP"), Money(-500, "GBP")])
    def test_customers_name_none(self, scene: Scene, unit: Money) -> None:
        """OR1: neither in person nor with staff at the keyboard as them."""
        wanted = [Wanted(sku="tea"), Wanted(sku="pot", unit=unit)]
        for shop in (scene.as_ada, scene.shop.as_staff("anna").as_customer(scene.ada.id)):
            refused = refusal(shop.orders.place, scene.ada.id, wanted, currency="GBP")
            assert (refused.code, refused.params["verb"]) == (
                "actor.may_not",
                "name a price or title",
            )

    def test_staff_do(self, scene: Scene) -> None:
        """OR12: products that are not in the catalogue, at a price of their own."""
        wanted = [Wanted(sku="engraving", title="Engraving", unit=Money(900, "GBP"))]
        order = scene.shop.as_staff("anna").orders.place(scene.ada.id, wanted, currency="GBP")
        assert (order.total, order.lines[0].title) == (Money(900, "GBP"), "Engraving")

    def test_the_catalogues_price_at_the_time(self, world: World, scene: Scene) -> None:
        """OR1: a customer pays what the catalogue says now."""
        world.catalog.put("tea", Money(300, "GBP"))
        assert scene.as_ada.orders.place(
            scene.ada.id, [Wanted(sku="tea")], currency="GBP"
        ).total == Money(300, "GBP")


class TestImpersonation:
    """Staff acting as a customer are named beside them, and may not do what proves a person."""

    def test_the_audit_names_both(self, scene: Scene) -> None:
        """CU7: who sat at the keyboard, for whom, and why."""
        anna = scene.shop.as_staff("anna", reason="on the telephone")
        anna.as_customer(scene.ada.id).orders.cancel(scene.order.id)
        last = recorded(scene.shop)[-1]
        assert str(last.actor) == f"staff:anna as customer:{scene.ada.id}"
        assert last.reason == "on the telephone"

    def test_only_what_is_the_customers(self, scene: Scene) -> None:
        """CU7, I11: acting as Bob, staff see what Bob sees."""
        as_bob = scene.shop.as_staff("anna").as_customer(scene.bob.id)
        assert code(as_bob.orders.view, scene.order.id) == "actor.not_owner"

    def test_proofs_are_the_customers_own(self, world: World, scene: Scene) -> None:
        """CU7: the link may be sent, and not used, by staff as the customer."""
        anna = scene.shop.as_staff("anna").as_customer(scene.ada.id)
        anna.customers.request_email_proof(scene.ada.id)
        scene.shop.deliver()
        token = newest_token(world)
        assert code(anna.customers.confirm_email, token) == "actor.impersonating"
        assert scene.as_ada.customers.confirm_email(token).email_verified_at is not None

    def test_a_key_of_ones_own(self, scene: Scene) -> None:
        """CU7: what staff did as a customer is not the customer's own command."""
        anna = scene.shop.as_staff("anna").as_customer(scene.ada.id)
        for shop in (anna, scene.as_ada):
            shop.orders.place(scene.ada.id, BASKET, currency="GBP", idempotency_key="k")
        assert len(scene.shop.orders.of_customer(scene.ada.id).items) == 3


class TestMerged:
    """A customer who was merged goes on acting, as the survivor."""

    def test_with_the_old_id(self, scene: Scene) -> None:
        """ME3: a session that began before the merge sees what is theirs, and no more."""
        scene.shop.merging.apply(scene.shop.merging.plan(scene.bob.id, scene.ada.id))
        assert scene.as_ada.orders.view(scene.order.id).number == scene.order.number
        assert scene.as_bob.orders.view(scene.order.id).number == scene.order.number
        assert scene.as_ada.customers.get(scene.ada.id).id == scene.bob.id
        eve = register(scene.shop, "Eve")
        assert code(scene.as_ada.customers.get, eve.id) == "actor.not_owner"


def test_an_order_of_nobody(scene: Scene) -> None:
    """I11: what belongs to no customer is no customer's to see."""
    nobodys = attrs.evolve(scene.order, customer_id=None)
    transaction = scene.shop.store.begin()
    orders: Repository[Any] = Repository(lambda: transaction.rows, ORDER_FORM)
    orders.save(nobodys, was=scene.order)
    transaction.commit()
    assert code(scene.as_ada.orders.view, scene.order.id) == "actor.not_owner"
    assert scene.shop.orders.view(scene.order.id).number == scene.order.number


def test_every_command_names_its_actor(scene: Scene) -> None:
    """I10: the system, staff, a customer: one row each."""
    paid(scene.shop.as_staff("anna"), scene.order)
    scene.as_bob.customers.edit(scene.bob.id, name="Robert")
    actors = [row.actor for row in rows_of(scene.shop, COMMANDS)]
    assert set(actors) == {"system", "staff:anna", f"customer:{scene.bob.id}"}
    assert scene.shop.verify() == []
