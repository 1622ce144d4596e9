"""A shop in memory whose clock, dice, carrier and catalogue a test holds."""

from __future__ import annotations

from typing import Any

import attrs

from ordercore import Shop
from ordercore.ports.rows import Store
from ordercore.ports.shop import Offer
from ordercore.services.placing import Wanted
from ordercore.shopping_lists.lists import ListLine
from ordercore.testing import (
    FrozenClock,
    MemoryCatalog,
    RecordingNotifier,
    SequenceIds,
    SequenceTokens,
    StaticDirectory,
)
from ordercore.values.address import Party, PostalAddress
from ordercore.values.email import EmailAddress
from ordercore.values.money import Money
from ordercore.values.outgoing import Outgoing
from ordercore_adapters.memory import MemoryStore

TEA = Offer("tea", "Tea", Money(250, "GBP"))
POT = Offer("pot", "Pot", Money(1250, "GBP"))
BASKET = (Wanted(sku="tea", quantity=2), Wanted(sku="pot"))
"""17.50 pounds."""
LIST = (ListLine(sku="tea"), ListLine(sku="pot", quantity=2))
"""27.50 pounds."""
ELY = PostalAddress(street="1 High Street", city="Ely", postal_code="CB7 4LS", country="GB")
PARIS = PostalAddress(street="2 rue Haute", city="Paris", postal_code="75001", country="FR")
MERCHANT = Party(name="Merchant", email=EmailAddress("merchant@example.org"))


@attrs.frozen(kw_only=True)
class World:
    """A shop and what it is wired from."""

    shop: Shop
    clock: FrozenClock
    notifier: RecordingNotifier
    catalog: MemoryCatalog


def a_world(*, store: Store | None = None, **ports: Any) -> World:
    """Wire a shop; a Monday in March 2026, 9:30 in the morning."""
    clock, notifier = FrozenClock(), RecordingNotifier()
    catalog = MemoryCatalog({offer.sku: offer for offer in (TEA, POT)})
    wired: dict[str, Any] = {
        "store": store or MemoryStore(),
        "clock": clock,
        "ids": SequenceIds(),
        "tokens": SequenceTokens(),
        "notifiers": [notifier],
        "catalog": catalog,
        "directory": StaticDirectory(MERCHANT),
    }
    return World(shop=Shop(**wired | ports), clock=clock, notifier=notifier, catalog=catalog)


def token_of(message: Outgoing) -> str:
    """Return the single-use token in a message."""
    return message.text.partition("token=")[2].split()[0]


def newest_token(world: World) -> str:
    """Return the token of the newest message that holds one."""
    return token_of([each for each in world.notifier.sent if "token=" in each.text][-1])
