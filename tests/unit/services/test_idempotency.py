"""The same key, the same result: commands that are sent twice are done once (OR1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from ordercore import Shop
from ordercore.customers.customer import AddressEntry
from ordercore.services.placing import Wanted
from ordercore.stored.commands import COMMANDS
from ordercore.values.attributes import ExternalRef
from ordercore.values.money import Money
from tests.unit.services.deeds import code, paid, place, refusal, register, rows_of
from tests.unit.services.world import BASKET, ELY, LIST, World, newest_token


class TestReplay:
    """A repeated command is answered, not done."""

    def test_the_first_result_again(self, shop: Shop) -> None:
        """OR1: to the last field, with addresses, references and attributes."""
        book = [AddressEntry(address=ELY, label="home", default_billing=True)]
        first, second = (
            register(
                shop,
                phone="+442079460000",
                addresses=book,
                external_ref=ExternalRef("erp", "c1"),
                public_attributes={"tier": "gold", "since": 1833, "vip": True, "x": None},
                idempotency_key="r1",
            )
            for _ in range(2)
        )
        assert first == second
        assert len(rows_of(shop, COMMANDS)) == 1

    def test_as_it_was_then(self, shop: Shop) -> None:
        """OR1: what changed since does not change the answer."""
        ada = register(shop)
        order = place(shop, ada, idempotency_key="o1")
        paid(shop, order)
        again = place(shop, ada, idempotency_key="o1")
        assert again == order
        assert again.state == "awaiting_payment"
        assert shop.orders.get(order.id).state == "paid"

    def test_nothing_is_asked_or_sent_again(self, world: World) -> None:
        """OR1, MS2: neither the catalogue nor the post hears of a replay."""
        ada = register(world.shop)
        for _ in range(3):
            place(world.shop, ada, idempotency_key="o1")
            world.catalog.remove("tea")
        assert len(world.catalog.asked) == 1
        world.shop.deliver()
        assert len(world.notifier.sent) == 3

    def test_each_kind_of_result(self, world: World) -> None:
        """OR1: orders, lists, merges, lifespans and nothing at all come back the same."""
        shop, ada, bob = world.shop, register(world.shop), register(world.shop, "Bob")
        plan = shop.merging.plan(ada.id, bob.id)

        def everything() -> list[object]:
            merge = shop.merging.apply(plan, reason="same", idempotency_key="m")
            return [
                merge,
                shop.merging.undo(merge.id, idempotency_key="u"),
                shop.shopping_lists.start(
                    ada.id, LIST, name="Tea", currency="GBP", idempotency_key="l"
                ),
                shop.lifecycle.declare("tea", days=2, notice_days=1, idempotency_key="d"),
                shop.customers.request_email_proof(ada.id, idempotency_key="p"),
            ]

        assert everything() == everything()
        assert shop.verify() == []

    def test_a_token_is_answered_again(self, world: World) -> None:
        """CU7: a used link with its key is the same success; without, it is used up."""
        ada = register(world.shop)
        world.shop.customers.request_email_proof(ada.id)
        world.shop.deliver()
        token = newest_token(world)
        confirm = world.shop.customers.confirm_email
        assert confirm(token, idempotency_key="c") == confirm(token, idempotency_key="c")
        assert code(confirm, token) == "proof.invalid"

    def test_a_refused_command_may_be_repeated(self, world: World) -> None:
        """OR1: only what was done is remembered."""
        ada = register(world.shop)
        world.catalog.remove("pot")
        assert code(place, world.shop, ada, idempotency_key="o1") == "catalog.not_found"
        world.catalog.put("pot", Money(1250, "GBP"))
        assert place(world.shop, ada, idempotency_key="o1").total == Money(1750, "GBP")


class TestKeys:
    """A key belongs to one actor, one verb and one set of arguments."""

    def test_other_arguments(self, shop: Shop) -> None:
        """OR1: a key that is used again for something else is a mistake, and says so."""
        ada = register(shop, idempotency_key="k")
        refused = refusal(register, shop, "Bob", idempotency_key="k")
        assert (refused.code, refused.params) == (
            "idempotency.key_reused",
            {"verb": "customer.register"},
        )
        assert code(place, shop, ada, idempotency_key="k") == "idempotency.key_reused"

    def test_defaults_are_arguments_too(self, shop: Shop) -> None:
        """OR1: saying what would be so anyway is the same command."""
        ada = register(shop)
        first = place(shop, ada, idempotency_key="k")
        assert place(shop, ada, channel="web", ship_to=None, idempotency_key="k") == first
        assert code(place, shop, ada, channel="rep", idempotency_key="k") == (
            "idempotency.key_reused"
        )

    def test_a_list_or_a_tuple(self, shop: Shop) -> None:
        """OR1: how the lines are held does not matter; what they say does."""
        ada = register(shop)
        orders = shop.orders
        first = orders.place(ada.id, list(BASKET), currency="GBP", idempotency_key="k")
        assert orders.place(ada.id, BASKET, currency="GBP", idempotency_key="k") == first
        turned = BASKET[::-1]
        assert code(orders.place, ada.id, turned, currency="GBP", idempotency_key="k") == (
            "idempotency.key_reused"
        )

    def test_another_actor(self, shop: Shop) -> None:
        """OR1: the same word in another mouth is another key."""
        ada = register(shop)
        actors = (shop, shop.as_staff("anna"), shop.as_staff("ben"), shop.as_customer(ada.id))
        orders = [place(each, ada, idempotency_key="k") for each in actors]
        assert len({order.id for order in orders}) == 4

    @pytest.mark.parametrize("key", ["", "x" * 121, "a\nb"])
    def test_no_key(self, shop: Shop, key: str) -> None:
        """OR1: one to a hundred and twenty characters on a line."""
        assert code(register, shop, idempotency_key=key).startswith("text.")

    def test_it_is_forgotten_after_a_week(self, world: World) -> None:
        """OR1: then the same key is a new command."""
        ada = register(world.shop)
        first = place(world.shop, ada, idempotency_key="k")
        world.clock.advance(timedelta(days=7) - timedelta.resolution)
        world.shop.run_due()
        assert place(world.shop, ada, idempotency_key="k") == first
        world.clock.advance(timedelta.resolution)
        assert world.shop.run_due().forgotten == 1
        assert place(world.shop, ada, idempotency_key="k") != first


class TestArguments:
    """What could be read only once is refused, key or no key."""

    @pytest.mark.parametrize("key", [None, "k"])
    def test_iterators(self, shop: Shop, key: str | None) -> None:
        """OR1: a second attempt would find them empty."""
        ada = register(shop)

        def lines() -> Iterator[Wanted]:
            yield from BASKET

        for once in (lines(), iter(BASKET), map(str, ())):
            refused = refusal(
                shop.orders.place,
                ada.id,
                once,
                currency="GBP",
                idempotency_key=key,
            )
            assert refused.code == "command.argument"
        assert shop.orders.of_customer(ada.id).items == []
