"""A list for every day at seven, and ways to look at what became of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from ordercore import Shop
from ordercore.shopping_lists.lists import ShoppingList
from ordercore.shopping_lists.schedule import Weekly
from ordercore.stored.agenda import WAKES, WakeRow
from tests.unit.services.deeds import register
from tests.unit.services.world import LIST

DAILY = Weekly(
    weekdays=tuple(range(7)), at=time(7), zone="Europe/London", anchor_on=date(2026, 3, 1)
)
DAY = timedelta(days=1)


def started(shop: Shop, name: str = "Ada") -> ShoppingList:
    """Begin a daily list of a new customer."""
    customer = register(shop, name)
    return shop.shopping_lists.start(
        customer.id, LIST, name="Daily tea", currency="GBP", schedule=DAILY
    )


def outcomes(shop: Shop, shopping_list: ShoppingList) -> list[tuple[int, str, str]]:
    """Return number, outcome and reason of each occurrence."""
    history = shop.shopping_lists.history(shopping_list.id, limit=500).items
    return [(each.number, each.outcome, each.reason) for each in history]


def seven(day: int) -> datetime:
    """Return when the daily list comes round on a day of that March."""
    return datetime(2026, 3, day, 7, tzinfo=UTC)


def ring(shop: Shop, alarm: WakeRow) -> None:
    """Put an alarm back that its subject has taken away."""
    transaction = shop.store.begin()
    transaction.rows.insert(WAKES, [alarm])
    transaction.commit()
