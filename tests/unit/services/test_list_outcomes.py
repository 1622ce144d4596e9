"""While an order is overdue, no command makes an occurrence vanish from the history (I2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from ordercore import ListLine, Money, Offer, Shop, Weekly
from ordercore.services.shopping_lists import ShoppingListDesk
from ordercore.testing import FrozenClock, MemoryCatalog
from ordercore.values.ids import ListId

MORNINGS = Weekly(weekdays=range(7), at=time(9), zone="UTC", anchor_on=date(2026, 3, 2))
EVENINGS = Weekly(weekdays=range(7), at=time(18), zone="UTC", anchor_on=date(2026, 3, 2))
Act = Callable[[ShoppingListDesk, ListId], object]


def after_an_outage(act: Act) -> tuple[list[tuple[int, str]], int]:
    """Miss four mornings, act, let the worker run: the outcomes by day, and how many orders."""
    clock = FrozenClock(datetime(2026, 3, 2, 6, tzinfo=UTC))
    tea = Offer("TEA", "Assam", Money(640, "GBP"))
    shop = Shop.in_memory(clock=clock, catalog=MemoryCatalog({"TEA": tea}))
    ada = shop.customers.register(name="Ada Byron", email="ada@byron.example")
    lines = [ListLine(sku="TEA")]
    begun = shop.shopping_lists.start(ada.id, lines, name="Tea", currency="GBP", schedule=MORNINGS)
    clock.move_to(datetime(2026, 3, 5, 12, tzinfo=UTC))
    act(shop.shopping_lists, begun.id)
    shop.run_due()
    found = shop.shopping_lists.history(begun.id).items
    assert shop.verify() == []
    told = [(each.local.day, each.reason or each.outcome) for each in found]
    return told, len(shop.orders.of_customer(ada.id).items)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda desk, the: desk.edit(the, schedule=EVENINGS), ["rescheduled"] * 4),
        (lambda desk, the: desk.end(the), ["ended"] * 4),
        (
            lambda desk, the: (
                desk.pause(the),
                desk.edit(the, schedule=EVENINGS),
                desk.resume(the),
            ),
            ["paused"] * 4,
        ),
        (lambda desk, the: (desk.pause(the), desk.end(the)), ["paused"] * 4),
        (lambda desk, the: desk.skip_next(the), ["catch_up"] * 3 + ["asked"]),
    ],
    ids=["edit", "end", "pause-edit-resume", "pause-end", "skip_next"],
)
def test_no_past_occurrence_is_forgotten(act: Act, expected: list[str]) -> None:
    """I2, SL2: the overdue mornings are all in the history, and nothing is ordered."""
    assert after_an_outage(act) == (list(zip(range(2, 6), expected, strict=True)), 0)


def test_the_same_schedule_forgets_nothing_either() -> None:
    """SL2: sending the schedule back unchanged leaves the overdue order to the worker."""
    told, orders = after_an_outage(lambda desk, the: desk.edit(the, schedule=MORNINGS))
    assert told == [(2, "catch_up"), (3, "catch_up"), (4, "catch_up"), (5, "ordered")]
    assert orders == 1
