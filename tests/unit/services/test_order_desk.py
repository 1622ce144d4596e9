"""The order desk: from basket to doorstep, and what the customer sees of it (OR1, OR2, OR9)."""

from __future__ import annotations

from typing import Any

import pytest

from ordercore import Shop
from ordercore.customers.customer import AddressEntry, Customer
from ordercore.orders.events import OrderEdited
from ordercore.orders.order import OrderLine, Priced
from ordercore.services.placing import Wanted
from ordercore.values.attributes import ExternalRef
from ordercore.values.money import Money
from tests.unit.services.deeds import (
    code,
    delivered,
    mails,
    outbox,
    paid,
    place,
    recorded,
    refusal,
    register,
)
from tests.unit.services.world import BASKET, ELY, PARIS, World, a_world


@pytest.fixture
def ada(shop: Shop) -> Customer:
    """An account with an address."""
    return register(shop, addresses=[AddressEntry(address=ELY)])


class TestPlace:
    """From what is wanted to an order."""

    def test_prices_and_titles_of_the_catalogue(self, shop: Shop, ada: Customer) -> None:
        """OR1: looked up once, kept as sold."""
        order = place(shop, ada)
        assert [(line.title, line.quantity, line.amount.minor) for line in order.lines] == [
            ("Tea", 2, 500),
            ("Pot", 1, 1250),
        ]
        assert (order.total, order.party.shipping) == (Money(1750, "GBP"), ELY)
        assert shop.orders.get(order.id) == order
        assert shop.orders.by_number(order.number.lower().replace("-", " ")) == order

    def test_somewhere_else(self, shop: Shop, ada: Customer) -> None:
        """OR1: bills go where they went; goods go where they are told."""
        order = place(shop, ada, ship_to=PARIS)
        assert (order.party.billing, order.party.shipping) == (ELY, PARIS)

    def test_customer_and_merchant_hear_of_it(self, world: World, ada: Customer) -> None:
        """OR8, MS2: one letter each, about the same order."""
        order = place(world.shop, ada)
        (theirs,) = mails(world, "merchant@example.org")
        ours = mails(world, "ada@example.org")[-1]
        assert order.number in theirs.text
        assert order.number in ours.text
        assert "1 High Street" in theirs.text

    @pytest.mark.parametrize(
        ("wanted", "more", "expected"),
        [
            ([], {}, "order.no_lines"),
            ([Wanted(sku="tea", quantity=0)], {}, "order.quantity"),
            ([Wanted(sku="tea", quantity=10**7)], {}, "order.quantity"),
            ([Wanted(sku="gold")], {}, "catalog.not_found"),
            (BASKET, {"currency": "EUR"}, "catalog.not_found"),
            (BASKET, {"currency": "pounds"}, "money.currency"),
            (BASKET, {"channel": ""}, "text.empty"),
            ([Wanted(sku="x", unit=Money(1, "EUR"))], {}, "money.mixed"),
            ([Wanted(sku="", unit=Money(1, "GBP"))], {}, "text.empty"),
            (BASKET, {"public_attributes": {"a": 1.5}}, "attributes.value"),
        ],
    )
    def test_refused(
        self, shop: Shop, ada: Customer, wanted: Any, more: dict[str, Any], expected: str
    ) -> None:
        """OR1: nothing is written, and nobody is told."""
        before = shop.snapshot()
        terms = {"currency": "GBP"} | more
        assert code(shop.orders.place, ada.id, wanted, **terms) == expected
        assert shop.snapshot() == before

    def test_a_reference_is_one_order(self, shop: Shop, ada: Customer) -> None:
        """OR1: per source; it leads back to the order."""
        ref = ExternalRef("erp", "42")
        order = place(shop, ada, external_ref=ref)
        assert shop.orders.by_ref(ref) == order
        assert code(place, shop, ada, external_ref=ref) == "external_ref.taken"
        assert code(shop.orders.by_ref, ExternalRef("crm", "42")) == "not_found"

    def test_without_a_catalogue(self) -> None:
        """EM1: lines with prices need none; others say which port is missing."""
        shop = Shop.in_memory()
        ada = register(shop)
        wanted = [Wanted(sku="tea", quantity=3, title="Tea", unit=Money(250, "GBP"))]
        assert shop.orders.place(ada.id, wanted, currency="GBP").total == Money(750, "GBP")
        refused = refusal(shop.orders.place, ada.id, BASKET, currency="GBP")
        assert (refused.code, refused.params["port"]) == ("setup.port", "catalog")

    def test_the_pricing_port_has_the_last_word(self) -> None:
        """OR1: lines, tax, delivery and discount as it says."""

        class Dear:
            def price(self, lines: tuple[OrderLine, ...], *, currency: str) -> Priced:
                return Priced(
                    lines=lines,
                    tax=Money(350, currency),
                    delivery=Money(395, currency),
                    discount=Money(100, currency),
                )

        shop = a_world(pricing=Dear()).shop
        order = place(shop, register(shop))
        assert (order.goods.minor, order.total.minor) == (1750, 2395)


class TestSteps:
    """Paying, packing, shipping, delivering, cancelling."""

    def test_the_whole_way(self, world: World, ada: Customer) -> None:
        """OR2, OR9, MS2: a letter at each step, with the parcel number in the right one."""
        order = delivered(world.shop, place(world.shop, ada))
        assert (order.state, len(order.parcels), order.paid) == ("delivered", 1, order.total)
        about = [m for m in mails(world, "ada@example.org") if order.number in m.text]
        assert len(about) == 5
        assert ["JD0001" in message.text for message in about] == [False, False, False, True, False]
        assert world.shop.verify() == []

    def test_paid_in_parts(self, world: World, ada: Customer) -> None:
        """OR1, OR2: a part leaves it where it is and tells nobody; the rest moves it on."""
        order = place(world.shop, ada)
        part = world.shop.orders.pay(order.id, Money(1000, "GBP"), method="card", reference="1")
        assert (part.state, outbox(world.shop, "order_paid")) == ("awaiting_payment", [])
        whole = world.shop.orders.pay(order.id, Money(750, "GBP"), method="cash")
        assert (whole.state, len(outbox(world.shop, "order_paid"))) == ("paid", 1)
        assert [each.reference for each in whole.payments] == ["1", ""]

    def test_money_that_comes_too_late(self, shop: Shop, ada: Customer) -> None:
        """OR2: a cancelled order takes none; the refusal says where payments lead."""
        order = place(shop, ada)
        shop.orders.cancel(order.id)
        refused = refusal(shop.orders.pay, order.id, order.total, method="card")
        assert (refused.code, refused.params["state"]) == ("order.no_transition", "cancelled")

    def test_a_payment_reported_twice(self, shop: Shop, ada: Customer) -> None:
        """OR5: the provider's reference tells."""
        order = place(shop, ada)
        pay = shop.orders.pay
        pay(order.id, Money(100, "GBP"), method="card", reference="pi_1")
        again = refusal(pay, order.id, Money(100, "GBP"), method="card", reference="pi_1")
        assert (again.code, shop.orders.get(order.id).paid) == (
            "unique.taken",
            Money(100, "GBP"),
        )

    def test_cancelled_with_a_reason(self, world: World, ada: Customer) -> None:
        """OR2, OR7: the customer reads why, once."""
        order = place(world.shop, ada)
        world.shop.orders.cancel(order.id, reason="The pot is cracked.")
        assert "The pot is cracked." in mails(world, "ada@example.org")[-1].text
        assert code(world.shop.orders.cancel, order.id) == "order.no_transition"

    def test_by_any_verb_of_the_flow(self, shop: Shop, ada: Customer) -> None:
        """OR2: `move` knows no verbs of its own."""
        order = place(shop, ada)
        assert code(shop.orders.move, order.id, "pay") == "order.guarded"
        assert code(shop.orders.move, order.id, "teleport") == "order.no_transition"
        assert shop.orders.move(order.id, "cancel").state == "cancelled"

    @pytest.mark.parametrize(
        ("verb", "more"),
        [
            ("pay", {"amount": Money(1, "GBP"), "method": "card"}),
            ("move", {"verb": "cancel"}),
            ("pack", {}),
            ("ship", {"parcel_number": "1"}),
            ("deliver", {}),
            ("cancel", {}),
            ("edit", {}),
        ],
    )
    def test_a_version_that_is_not_there_any_more(
        self, shop: Shop, ada: Customer, verb: str, more: dict[str, Any]
    ) -> None:
        """OR4: whoever saw version 1 does not act on version 2."""
        order = paid(shop, place(shop, ada))
        stale = refusal(getattr(shop.orders, verb), order.id, expected_version=1, **more)
        assert stale.params == {"kind": "order", "actual": 2, "expected": 1}

    def test_edit(self, shop: Shop, ada: Customer) -> None:
        """OR1: what the host hangs on it; None leaves, an empty mapping empties."""
        order = place(shop, ada, public_attributes={"gift": True}, private_attributes={"a": 1})
        ref = ExternalRef("erp", "7")
        after = shop.orders.edit(order.id, private_attributes={}, external_ref=ref)
        assert after.public_attributes == {"gift": True}
        assert after.private_attributes == {}
        assert (after.external_ref, after.state) == (ref, order.state)
        assert recorded(shop)[-1].events == (OrderEdited(order_id=order.id),)
