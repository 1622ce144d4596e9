"""The shopping list desk: the same commands for customers and staff (SL1, SL3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from ordercore import Shop
from ordercore.customers.customer import Customer
from ordercore.shopping_lists.events import ListDecided, ListEdited, ListStarted
from ordercore.shopping_lists.lists import ListLine, ShoppingList
from ordercore.shopping_lists.schedule import Weekly
from ordercore.stored.agenda import WAKES
from ordercore.values.ids import ListId
from tests.unit.services.deeds import code, recorded, refusal, register, rows_of
from tests.unit.services.world import LIST, World

FRIDAYS = Weekly(weekdays=(4,), at=time(7), zone="Europe/London", anchor_on=date(2026, 3, 1))
MONDAYS = Weekly(weekdays=(0,), at=time(7), zone="Europe/London", anchor_on=date(2026, 3, 1))


@pytest.fixture
def ada(shop: Shop) -> Customer:
    """An account."""
    return register(shop)


@pytest.fixture
def weekly(shop: Shop, ada: Customer) -> ShoppingList:
    """A list for Fridays, begun on a Monday."""
    return shop.shopping_lists.start(
        ada.id, LIST, name="Weekly tea", currency="GBP", schedule=FRIDAYS
    )


def days(shop: Shop, shopping_list: ShoppingList) -> list[str]:
    """Return the days of the next three occurrences."""
    found = shop.shopping_lists.preview(shopping_list.id, count=3)
    return [str(each.local.date()) for each in found]


class TestStart:
    """Beginning a list."""

    def test_with_a_schedule(self, shop: Shop, ada: Customer, weekly: ShoppingList) -> None:
        """SL1: its lines, its name, and an alarm for the next Friday."""
        assert shop.shopping_lists.get(weekly.id) == weekly
        assert (weekly.customer_id, weekly.name, weekly.lines) == (ada.id, "Weekly tea", LIST)
        (alarm,) = rows_of(shop, WAKES)
        assert alarm.due_at == datetime(2026, 3, 6, 7, tzinfo=UTC) == weekly.due_at
        event = ListStarted(list_id=weekly.id, customer_id=ada.id)
        assert recorded(shop)[-1].events == (event,)

    def test_many_with_names(self, shop: Shop, ada: Customer, weekly: ShoppingList) -> None:
        """SL1: as many as the customer likes, two of one name too, oldest first."""
        more = [
            shop.shopping_lists.start(ada.id, (), name=name, currency="EUR")
            for name in ("Weekly tea", "Party")
        ]
        assert shop.shopping_lists.of_customer(ada.id) == [weekly, *more]
        assert rows_of(shop, WAKES)[1:] == []

    @pytest.mark.parametrize(
        ("wrong", "expected"),
        [
            ({"name": ""}, "text.empty"),
            ({"currency": "POUND"}, "money.currency"),
            ({"lines": [ListLine(sku="tea", quantity=0)]}, "order.quantity"),
            ({"public_attributes": {"x y": 1}}, "attributes.name"),
        ],
    )
    def test_refused(
        self, shop: Shop, ada: Customer, wrong: dict[str, object], expected: str
    ) -> None:
        """SL1: what no order could be made of."""
        good = {"lines": LIST, "name": "Weekly", "currency": "GBP"}
        assert code(shop.shopping_lists.start, ada.id, **good | wrong) == expected


class TestChanging:
    """Edit, pause, resume, skip, end."""

    def test_edit(self, shop: Shop, weekly: ShoppingList) -> None:
        """SL1: what is not named stays; the audit says what was."""
        after = shop.shopping_lists.edit(weekly.id, name="Tea", lines=LIST[:1])
        assert (after.name, after.lines, after.schedule) == ("Tea", LIST[:1], FRIDAYS)
        event = ListEdited(list_id=weekly.id, fields=("lines", "name"))
        assert recorded(shop)[-1].events == (event,)

    def test_another_schedule(self, shop: Shop, weekly: ShoppingList) -> None:
        """SL3: from now on; the alarm moves with it."""
        assert shop.shopping_lists.edit(weekly.id, schedule=MONDAYS).due_at == datetime(
            2026, 3, 9, 7, tzinfo=UTC
        )
        (alarm,) = rows_of(shop, WAKES)
        assert alarm.due_at == datetime(2026, 3, 9, 7, tzinfo=UTC)

    def test_an_edit_of_what_is_due_loses_nothing(self, world: World, weekly: ShoppingList) -> None:
        """SL2: at two past seven, before a worker came, the customer saves the form unchanged."""
        world.clock.move_to(datetime(2026, 3, 6, 7, 2, tzinfo=UTC))
        again = world.shop.shopping_lists.edit(weekly.id, lines=LIST, schedule=FRIDAYS)
        assert again == weekly
        world.shop.run_due()
        assert len(world.shop.orders.of_customer(weekly.customer_id).items) == 1

    def test_skip_pause_and_resume(self, world: World, weekly: ShoppingList) -> None:
        """SL3: each skip has its reason, and the events say so."""
        lists = world.shop.shopping_lists
        lists.skip_next(weekly.id)
        assert recorded(world.shop)[-1].events == (
            ListDecided(
                list_id=weekly.id, number=0, outcome="skipped", reason="asked", order_id=None
            ),
        )
        lists.pause(weekly.id)
        world.clock.advance(days=20)
        assert world.shop.run_due().done == 0
        resumed = lists.resume(weekly.id)
        history = lists.history(weekly.id).items
        assert [(each.number, each.reason) for each in history] == [
            (0, "asked"),
            (1, "paused"),
            (2, "paused"),
        ]
        assert resumed.due_at == datetime(2026, 3, 27, 7, tzinfo=UTC)
        assert world.shop.verify() == []

    def test_the_end(self, shop: Shop, weekly: ShoppingList) -> None:
        """SL1: no alarm, no preview, no further command; it can still be looked at."""
        shop.shopping_lists.end(weekly.id)
        assert (rows_of(shop, WAKES), days(shop, weekly)) == ([], [])
        assert shop.shopping_lists.get(weekly.id).status == "ended"
        for verb in ("pause", "resume", "skip_next", "end", "edit"):
            assert code(getattr(shop.shopping_lists, verb), weekly.id) == "list.ended"

    @pytest.mark.parametrize("verb", ["edit", "pause", "resume", "skip_next", "end"])
    def test_a_version_that_is_not_there_any_more(
        self, shop: Shop, weekly: ShoppingList, verb: str
    ) -> None:
        """OR4: each command minds the version that was seen."""
        shop.shopping_lists.edit(weekly.id, name="Tea")
        stale = refusal(getattr(shop.shopping_lists, verb), weekly.id, expected_version=1)
        assert stale.params == {"kind": "list", "actual": 2, "expected": 1}

    def test_customers_and_staff(self, shop: Shop, ada: Customer) -> None:
        """SL1: the same commands, with the actor on record."""
        hers = shop.as_customer(ada.id).shopping_lists.start(
            ada.id, LIST, name="Tea", currency="GBP", schedule=FRIDAYS
        )
        shop.as_staff("anna").shopping_lists.skip_next(hers.id)
        shop.as_customer(ada.id).shopping_lists.pause(hers.id)
        actors = [str(each.actor) for each in recorded(shop)[1:]]
        assert actors == [f"customer:{ada.id}", "staff:anna", f"customer:{ada.id}"]


class TestLooking:
    """Preview and history."""

    def test_preview(self, shop: Shop, weekly: ShoppingList) -> None:
        """SL3: what is to come, as it stands now."""
        assert days(shop, weekly) == ["2026-03-06", "2026-03-13", "2026-03-20"]
        shop.shopping_lists.skip_next(weekly.id)
        assert days(shop, weekly) == ["2026-03-13", "2026-03-20", "2026-03-27"]
        assert code(shop.shopping_lists.preview, weekly.id, count=0) == "page.limit"

    def test_a_list_without_a_schedule(self, shop: Shop, ada: Customer) -> None:
        """SL1: nothing is to come."""
        waiting = shop.shopping_lists.start(ada.id, LIST, name="Some day", currency="GBP")
        assert days(shop, waiting) == []
        assert shop.shopping_lists.skip_next(waiting.id) == waiting

    def test_history_by_pages(self, world: World, weekly: ShoppingList) -> None:
        """SL1: the first first, each once."""
        for _ in range(5):
            world.shop.shopping_lists.skip_next(weekly.id)
        page = world.shop.shopping_lists.history(weekly.id, limit=2)
        numbers = [each.number for each in page.items]
        while page.next is not None:
            page = world.shop.shopping_lists.history(weekly.id, after=page.next, limit=2)
            numbers += [each.number for each in page.items]
        assert numbers == [0, 1, 2, 3, 4]

    def test_nobodys(self, shop: Shop) -> None:
        """SL1: an id that leads nowhere."""
        nowhere = ListId(register(shop).id)
        for verb in ("get", "preview", "history", "pause"):
            assert code(getattr(shop.shopping_lists, verb), nowhere) == "not_found"

    def test_the_wall_time_in_summer(self, world: World, weekly: ShoppingList) -> None:
        """SL3: the Friday after the clocks went forward is at seven, six by UTC."""
        found = world.shop.shopping_lists.preview(weekly.id, count=5)
        assert [each.at.hour for each in found] == [7, 7, 7, 7, 6]
        assert {each.local.time() for each in found} == {time(7)}
        assert found[1].local - found[0].local == timedelta(days=7)
