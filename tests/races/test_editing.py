"""Eight who change one customer at once, and eight who give one reference away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest

from ordercore import AddressEntry, ExternalRef, Money, PostalAddress, Shop, Wanted
from ordercore.customers.customer import Customer
from ordercore.errors import TakenError
from ordercore.services.command import Desk, command
from ordercore.services.unit import Unit
from ordercore.stored.customers import CUSTOMERS
from ordercore.values.ids import CustomerId
from tests.property.grounds import LONG, Ground, SqlGround
from tests.races.crowd import at_once

ROUNDS = 20 if LONG else 3
ROUNDS_TO_FAIL = 200 if LONG else 40
CROWD = 8
WANTED = (Wanted(sku="tea", title="Tea", unit=Money(250, "GBP")),)


def _edits(turn: int) -> Sequence[dict[str, Any]]:
    """Return eight edits of eight fields."""
    place = PostalAddress(street=f"{turn} High Street", country="GB")
    return (
        {"name": f"Ada {turn}"},
        {"company": f"Engines {turn}"},
        {"email": f"ada{turn}@example.org"},
        {"phone": f"+44207946{turn:04}"},
        {"language": "fr" if turn % 2 else "de"},
        {"addresses": (AddressEntry(address=place),)},
        {"public_attributes": {"turn": turn}},
        {"private_attributes": {"turn": turn}},
    )


def _shown(customer: Customer) -> dict[str, Any]:
    """Return a customer's fields as edits name them."""
    return {
        "name": customer.name,
        "company": customer.company,
        "email": customer.email and customer.email.text,
        "phone": customer.phone and customer.phone.text,
        "language": customer.language,
        "addresses": customer.addresses,
        "public_attributes": customer.public_attributes,
        "private_attributes": customer.private_attributes,
    }


def _edited_at_once(edit: Callable[..., Any], customer_id: CustomerId, turn: int) -> dict[str, Any]:
    """Do the eight edits at once and return what all of them together ask for."""
    works = [partial(edit, customer_id, **each) for each in _edits(turn)]
    assert [end for end in at_once(works) if isinstance(end, Exception)] == []
    return {field: value for each in _edits(turn) for field, value in each.items()}


def test_eight_editors_lose_nothing(ground: Ground) -> None:
    """CU1: eight change a field each, none saying which version they saw: all eight are kept."""
    shop = Shop(store=ground.open())
    ada = shop.customers.register(name="Ada")
    for turn in range(1, ROUNDS + 1):
        asked = _edited_at_once(shop.customers.edit, ada.id, turn)
        found = shop.customers.get(ada.id)
        assert _shown(found) == asked
        assert found.version == ada.version + CROWD * turn
    assert shop.verify() == []


class NaiveDesk(Desk):
    """The twin: writes the whole row as it was read, save for its own field."""

    @command("test.edit")
    def edit(
        self,
        unit: Unit,
        customer_id: CustomerId,
        *,
        name: str | None = None,
        company: str | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Read, change, write, whatever the version is by then."""
        was = unit.rows.get(CUSTOMERS, (customer_id,))
        assert was is not None
        after = was._replace(name=name or was.name, company=company or was.company)
        unit.rows.update(CUSTOMERS, after, expect={})


def test_writing_whole_rows_loses_edits(server: SqlGround) -> None:
    """The twin that must fail: without the version one of two edits is lost."""
    shop = Shop(store=server.open())
    ada = shop.customers.register(name="Ada")
    desk = NaiveDesk(shop._wiring)
    for turn in range(ROUNDS_TO_FAIL):
        texts = {"name": f"Ada {turn}", "company": f"Engines {turn}"}
        at_once([partial(desk.edit, ada.id, **{field: text}) for field, text in texts.items()])
        found = shop.customers.get(ada.id)
        if (found.name, found.company) != tuple(texts.values()):
            return
    pytest.fail("the naive twin never lost an edit: the race proves nothing")


def _placing(shop: Shop, ada: CustomerId, ref: ExternalRef) -> Any:
    return shop.orders.place(ada, WANTED, currency="GBP", external_ref=ref)


def _starting(shop: Shop, ada: CustomerId, ref: ExternalRef) -> Any:
    return shop.shopping_lists.start(ada, (), name="Tea", currency="GBP", external_ref=ref)


@pytest.mark.parametrize("make", [_placing, _starting])
def test_one_thing_per_reference(ground: Ground, make: Callable[..., Any]) -> None:
    """OR1, SL1: another system's reference is given to one of eight; the others hear why not."""
    shop = Shop(store=ground.open())
    ada = shop.customers.register(name="Ada")
    for turn in range(ROUNDS):
        works = [partial(make, shop, ada.id, ExternalRef("erp", str(turn)))] * CROWD
        refused = [end for end in at_once(works) if isinstance(end, Exception)]
        assert len(refused) == CROWD - 1
        assert {type(end) for end in refused} == {TakenError}
    assert shop.verify() == []


def test_one_order_has_a_reference(ground: Ground) -> None:
    """OR4: eight orders are given one reference at once: one has it."""
    shop = Shop(store=ground.open())
    ada = shop.customers.register(name="Ada")
    orders = [shop.orders.place(ada.id, WANTED, currency="GBP") for _ in range(CROWD)]
    ref = ExternalRef("erp", "1")
    ends = at_once([partial(shop.orders.edit, order.id, external_ref=ref) for order in orders])
    refused = [end for end in ends if isinstance(end, Exception)]
    assert {type(end) for end in refused} == {TakenError}
    assert len(refused) == CROWD - 1
