"""Whoever reads it is written to in their own language, as far as the shop speaks it (MS2)."""

from __future__ import annotations

from datetime import date, time

import pytest

from ordercore import Shop
from ordercore.shopping_lists.schedule import Weekly
from ordercore.testing import StaticDirectory
from ordercore.values.address import Party
from ordercore.values.email import EmailAddress
from ordercore.values.outgoing import Outgoing, ShopProfile
from tests.unit.services.deeds import delivered, mails, outbox, place, register
from tests.unit.services.world import LIST, World, a_world

DAILY = Weekly(weekdays=tuple(range(7)), at=time(7), zone="UTC", anchor_on=date(2026, 3, 1))
PROFILE = ShopProfile(
    name="Le magasin",
    sender_address="shop@example.org",
    base_url="https://shop.example",
    language="fr",
)


def is_french(message: Outgoing) -> bool:
    """Tell whether a message is in French: by its words, not by its label."""
    return "é" in message.text + message.subject or "Votre" in message.text


@pytest.mark.parametrize(
    ("language", "label", "french"),
    [
        ("fr", "fr", True),
        ("fr-CA", "fr-CA", True),
        ("FR_be", "fr-BE", True),
        ("en-AU", "en-AU", False),
        ("de", "en", False),
    ],
)
def test_every_letter_of_an_order(world: World, language: str, label: str, french: bool) -> None:
    """MS2: from the welcome to the delivery; fr-CA falls back to fr, German to the shop's own."""
    ada = register(world.shop, language=language)
    delivered(world.shop, place(world.shop, ada))
    messages = mails(world, "ada@example.org")
    assert len(messages) == 6
    assert {message.language for message in messages} == {label}
    assert {is_french(message) for message in messages} == {french}


def test_the_states_in_letters(world: World) -> None:
    """OR2, MS2: the state is called as the customer calls it."""
    ada = register(world.shop, language="fr-CA")
    delivered(world.shop, place(world.shop, ada))
    assert "En cours de livraison" in mails(world, "ada@example.org")[-2].text


def test_an_order_keeps_its_language(world: World) -> None:
    """OR1, MS2: who changes the language later gets the rest of the order in the first one."""
    ada = register(world.shop, language="fr")
    order = place(world.shop, ada)
    world.shop.customers.edit(ada.id, language="en")
    world.shop.orders.cancel(order.id)
    assert outbox(world.shop, "order_cancelled")[0].language == "fr"
    assert place(world.shop, ada).language == "en"


def test_the_merchant_reads_the_merchants_own(world: World) -> None:
    """OR8, MS2: a French customer's order is told in English where the merchant is English."""
    place(world.shop, register(world.shop, language="fr"))
    (told,) = mails(world, "merchant@example.org")
    assert (told.language, "Awaiting payment" in told.text) == ("en", True)
    patron = Party(name="Patron", email=EmailAddress("patron@example.org"), language="fr-BE")
    abroad = a_world(directory=StaticDirectory(patron))
    place(abroad.shop, register(abroad.shop))
    (read,) = mails(abroad, "patron@example.org")
    assert (read.language, "En attente de paiement" in read.text) == ("fr-BE", True)


def test_a_list_and_a_proof(world: World) -> None:
    """MS2, SL2, CU7: letters that no order step sends follow the customer, too."""
    ada = register(world.shop, language="fr")
    world.shop.shopping_lists.start(ada.id, LIST, name="Thé", currency="GBP", schedule=DAILY)
    world.shop.customers.request_email_proof(ada.id)
    world.clock.advance(days=1)
    world.shop.run_due()
    kinds = ("account_created", "email_proof", "list_ordered")
    assert [outbox(world.shop, kind)[0].language for kind in kinds] == ["fr"] * 3


def test_the_shops_language_is_the_customers_by_default() -> None:
    """MS2: who says nothing, or speaks what the shop does not, is spoken to as it speaks."""
    world = a_world(profile=PROFILE)
    ada = register(world.shop)
    german = register(world.shop, "Bob", language="de")
    assert (ada.language, german.language) == ("fr", "de")
    for address in ("ada@example.org", "bob@example.org"):
        (welcome,) = mails(world, address)
        assert (welcome.language, is_french(welcome)) == ("fr", True)
        assert welcome.sender_name == "Le magasin"


def test_a_shop_that_speaks_nothing_we_know() -> None:
    """MS2: English is the last resort, for every letter."""
    profile = ShopProfile(
        name="Laden", sender_address="a@example.org", base_url="https://l.example", language="de"
    )
    shop: Shop = a_world(profile=profile).shop
    register(shop, language="it")
    assert outbox(shop, "account_created")[0].language == "en"
