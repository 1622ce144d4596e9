"""What a shop where a customer acts keeps to itself (I11, CU7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ordercore import ExternalRef, Money, Shop, Wanted
from ordercore.errors import ForbiddenError, InvalidValueError, MergeBlockedError
from ordercore.stored.outbox import ERRANDS

WHOLE: dict[str, Callable[[Shop], object]] = {
    "snapshot": Shop.snapshot,
    "events": Shop.events,
    "verify": Shop.verify,
    "check": Shop.check,
    "run_due": Shop.run_due,
    "deliver": Shop.deliver,
}
LINE = (Wanted(sku="tea", title="Tea", unit=Money(250, "GBP")),)


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_shop_is_not_a_customers(name: str) -> None:
    """Neither customers nor staff acting as one look at, or work on, everybody's rows."""
    shop = Shop.in_memory()
    ada = shop.customers.register(email="ada@example.org")
    for acting in (shop.as_customer(ada.id), shop.as_staff("eve").as_customer(ada.id)):
        with pytest.raises(ForbiddenError):
            WHOLE[name](acting)
    with shop.store.reading() as rows:
        assert [errand.attempts for errand in rows.stream(ERRANDS)] == [0]


def test_references_and_private_attributes_are_the_shops() -> None:
    """A customer with another's reference would be given another's orders (I11)."""
    shop = Shop.in_memory()
    ada = shop.customers.register(private_attributes={"note": "vip"})
    acting = shop.as_customer(ada.id)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: acting.customers.edit(ada.id, external_ref=ExternalRef("import", "1")),
        lambda: acting.customers.edit(ada.id, private_attributes={"note": ""}),
        lambda: acting.customers.register(external_ref=ExternalRef("import", "1")),
    )
    for attempt in attempts:
        with pytest.raises(ForbiddenError):
            attempt()
    assert dict(acting.customers.get(ada.id).private_attributes) == {}
    assert dict(shop.customers.get(ada.id).private_attributes) == {"note": "vip"}
    order = shop.orders.place(ada.id, LINE, currency="GBP", private_attributes={"fraud": 7})
    assert dict(acting.orders.cancel(order.id).private_attributes) == {}
    assert dict(shop.orders.get(order.id).private_attributes) == {"fraud": 7}


def test_impersonation_is_never_nested_nor_shed() -> None:
    """CU7: who acts as one customer cannot go on as another and be forgotten."""
    shop = Shop.in_memory()
    ada, bob = shop.customers.register(), shop.customers.register()
    with pytest.raises(InvalidValueError):
        shop.as_staff("eve").as_customer(ada.id).as_customer(bob.id)


def test_undo_says_that_the_survivor_uses_the_mailbox() -> None:
    """ME3: what now prevents undoing is named, not tried again and again."""
    shop = Shop.in_memory()
    ada = shop.customers.register(name="Ada", email="ada@example.org")
    double = shop.customers.register(name="A.", email="countess@example.org")
    merge = shop.merging.apply(shop.merging.plan(ada.id, double.id))
    shop.customers.edit(ada.id, email="countess@example.org")
    with pytest.raises(MergeBlockedError) as refused:
        shop.merging.undo(merge.id)
    assert refused.value.params["blockers"] == ["email_taken"]


@pytest.mark.parametrize("wrong", ["abc", "\ud800\0", 7, None])
def test_an_id_is_a_uuid_on_every_store(wrong: Any) -> None:
    """What a web framework passes as text is refused alike, before a driver sees it."""
    shop = Shop.in_memory()
    asks: tuple[Callable[[Any], object], ...] = (
        shop.orders.get,
        shop.customers.get,
        shop.messages.get,
    )
    for ask in asks:
        with pytest.raises(InvalidValueError):
            ask(wrong)
