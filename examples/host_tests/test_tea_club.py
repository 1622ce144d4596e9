"""A host's test suite: no database, no waiting, no mail server.

The clock stands on Monday, 2 March 2026, 09:30 UTC until a test moves it.
"""

from __future__ import annotations

from examples.host_tests.tea_club import CLUB_TIN, join
from ordercore import Shop
from ordercore.testing import FrozenClock, MemoryCatalog, RecordingNotifier


def test_a_member_gets_a_tin_on_friday(shop: Shop, clock: FrozenClock) -> None:
    """Nothing is ordered on Thursday, one tin on Friday, and only one however often we look."""
    ada, tins = join(shop, name="Ada Byron", email="ada@byron.example")
    clock.advance(days=3)
    assert shop.run_due().done == 0
    clock.advance(days=1)
    assert [shop.run_due().done for _ in range(3)] == [1, 0, 0]
    (order,) = shop.orders.of_customer(ada.id).items
    assert [(line.sku, line.quantity) for line in order.lines] == [(CLUB_TIN, 1)]
    (record,) = shop.shopping_lists.history(tins.id).items
    assert (record.outcome, record.order_id) == ("ordered", order.id)


def test_a_tin_that_is_sold_out_is_told(
    shop: Shop, clock: FrozenClock, catalog: MemoryCatalog
) -> None:
    """No order is made up: the Friday is on record with the reason, and the next one is tried."""
    ada, tins = join(shop, name="Ada Byron", email="ada@byron.example")
    catalog.remove(CLUB_TIN)
    clock.advance(days=4)
    shop.run_due()
    assert shop.orders.of_customer(ada.id).items == []
    (record,) = shop.shopping_lists.history(tins.id).items
    assert (record.outcome, record.reason) == ("parked", "catalog.not_found")


def test_a_mail_that_was_refused_goes_out_later(
    shop: Shop, clock: FrozenClock, notifier: RecordingNotifier
) -> None:
    """The mail server has a bad minute; the member gets the welcome all the same, once."""
    join(shop, name="Ada Byron", email="ada@byron.example")
    notifier.fail()
    assert shop.deliver().postponed == 1
    clock.advance(minutes=1)
    assert shop.deliver().sent == 1
    (mail,) = notifier.sent
    assert mail.recipient == "ada@byron.example"
    assert shop.verify() == []
