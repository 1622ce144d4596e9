"""Reminders from delivery to the letter, through the desk and the agenda (LC1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ordercore import Shop
from ordercore.customers.customer import Customer
from ordercore.lifecycle.events import LifespanDeclared, ReminderDecided, ReminderPlanned
from ordercore.lifecycle.reminder import Lifespan, Reminder
from ordercore.services.placing import Wanted
from tests.unit.services.deeds import (
    code,
    delivered,
    mails,
    outbox,
    place,
    recorded,
    register,
)
from tests.unit.services.world import World


@pytest.fixture
def ada(shop: Shop) -> Customer:
    """An account far from Greenwich, in a shop where tea lasts ten days."""
    shop.lifecycle.declare("tea", days=10, notice_days=3, replacement_sku="tea tin/2")
    return register(shop, zone="Pacific/Auckland")


def planned(shop: Shop, customer: Customer) -> list[Reminder]:
    """Return a customer's reminders."""
    return list(shop.lifecycle.reminders(customer.id).items)


class TestPlanned:
    """When goods arrive, what runs out is known."""

    def test_one_for_each_product_that_runs_out(self, world: World, ada: Customer) -> None:
        """LC1: two teas last twenty days; the pot lasts for ever."""
        order = delivered(world.shop, place(world.shop, ada))
        (reminder,) = planned(world.shop, ada)
        assert (reminder.sku, reminder.quantity, reminder.order_id) == ("tea", 2, order.id)
        assert reminder.remind_at == world.clock.now() + timedelta(days=17)
        event = ReminderPlanned(reminder_id=reminder.id, customer_id=ada.id, sku="tea")
        assert event in recorded(world.shop)[-1].events

    def test_lines_of_one_product_are_added_up(self, world: World, ada: Customer) -> None:
        """LC1: three teas on two lines are three teas."""
        order = world.shop.orders.place(
            ada.id, [Wanted(sku="tea", quantity=2), Wanted(sku="tea")], currency="GBP"
        )
        delivered(world.shop, order)
        (reminder,) = planned(world.shop, ada)
        assert reminder.quantity == 3

    def test_what_was_declared_later_does_not_count(self, world: World, ada: Customer) -> None:
        """LC1: what is planned stays planned; the next delivery goes by the new word."""
        delivered(world.shop, place(world.shop, ada))
        world.shop.lifecycle.declare("tea", days=100, notice_days=0)
        delivered(world.shop, place(world.shop, ada))
        first, second = planned(world.shop, ada)
        assert first.runs_out_at - first.started_at == timedelta(days=20)
        assert second.runs_out_at - second.started_at == timedelta(days=200)


class TestDecided:
    """Some days before, a letter; or silence, for a reason."""

    def test_the_letter(self, world: World, ada: Customer) -> None:
        """LC1: what runs out, on which day where the customer lives, and where to buy it."""
        world.clock.move_to(datetime(2026, 3, 2, 16, 45, tzinfo=UTC))
        delivered(world.shop, place(world.shop, ada))
        world.clock.advance(days=17)
        assert world.shop.run_due().done == 1
        (letter,) = outbox(world.shop, "reminder")
        assert letter.purpose == "marketing"
        text = mails(world, "ada@example.org")[-1].text
        assert "23 March 2026" in text
        assert "https://shop.invalid/p/tea%20tin%2F2" in text
        (reminder,) = planned(world.shop, ada)
        (decided,) = [each for each in recorded(world.shop) if each.verb == "reminder.decide"]
        event = ReminderDecided(reminder_id=reminder.id, status="sent", reason="")
        assert decided.events == (event,)

    def test_never_twice(self, world: World, ada: Customer) -> None:
        """LC1: however often workers look, however late."""
        delivered(world.shop, place(world.shop, ada))
        assert world.shop.run_due().done == 0
        world.clock.advance(days=17)
        for _ in range(3):
            world.shop.run_due()
            world.clock.advance(days=1)
        assert len(outbox(world.shop, "reminder")) == 1

    @pytest.mark.parametrize("sku", ["tea", "tea tin/2"])
    def test_silent_when_bought_again(self, world: World, ada: Customer, sku: str) -> None:
        """LC1: the same or its replacement, paid or not, delivered or not."""
        delivered(world.shop, place(world.shop, ada))
        world.clock.advance(days=5)
        again = Wanted(sku=sku, unit=world.shop.orders.of_customer(ada.id).items[0].lines[0].unit)
        world.shop.orders.place(ada.id, [again], currency="GBP")
        world.clock.advance(days=12)
        world.shop.run_due()
        (reminder,) = planned(world.shop, ada)
        assert (reminder.status, reminder.reason) == ("silenced", "bought_again")
        assert outbox(world.shop, "reminder") == []

    def test_a_cancelled_order_is_none(self, world: World, ada: Customer) -> None:
        """LC1: who ordered again and thought better of it is reminded."""
        delivered(world.shop, place(world.shop, ada))
        world.clock.advance(days=5)
        world.shop.orders.cancel(place(world.shop, ada).id)
        world.clock.advance(days=12)
        world.shop.run_due()
        assert [each.status for each in planned(world.shop, ada)] == ["sent"]

    def test_nobody_to_write_to(self, world: World, ada: Customer) -> None:
        """LC1: without an address nothing is sent, and the history does not say that it was."""
        delivered(world.shop, place(world.shop, ada))
        world.shop.customers.edit(ada.id, email="")
        world.clock.advance(days=17)
        world.shop.run_due()
        (reminder,) = planned(world.shop, ada)
        assert (reminder.status, reminder.reason) == ("silenced", "no_address")

    def test_the_survivor_is_reminded(self, world: World, ada: Customer) -> None:
        """ME1: after a merge the letter goes to the survivor, who may have bought it again."""
        delivered(world.shop, place(world.shop, ada))
        bob = register(world.shop, "Bob")
        world.shop.merging.apply(world.shop.merging.plan(bob.id, ada.id))
        world.clock.advance(days=17)
        world.shop.run_due()
        assert [each.recipient for each in outbox(world.shop, "reminder")] == ["bob@example.org"]


class TestDesk:
    """Declaring lifespans and looking at reminders."""

    def test_declared_and_declared_anew(self, shop: Shop, ada: Customer) -> None:
        """LC1: one lifespan per product; the last word counts."""
        shop.lifecycle.declare("filter", days=60, notice_days=7)
        shop.lifecycle.declare("tea", days=20, notice_days=2)
        assert shop.lifecycle.lifespans() == [
            Lifespan(sku="filter", days=60, notice_days=7),
            Lifespan(sku="tea", days=20, notice_days=2),
        ]
        assert recorded(shop)[-1].events == (LifespanDeclared(sku="tea", days=20),)
        assert code(shop.lifecycle.declare, "tea", days=2, notice_days=2) == "lifespan.days"

    def test_reminders_by_pages(self, world: World, ada: Customer) -> None:
        """LC1: the first planned first, each once."""
        for _ in range(3):
            delivered(world.shop, place(world.shop, ada))
            world.clock.advance(days=1)
        page = world.shop.lifecycle.reminders(ada.id, limit=2)
        rest = world.shop.lifecycle.reminders(ada.id, after=page.next, limit=2)
        started = [each.started_at.day for each in (*page.items, *rest.items)]
        assert (started, rest.next) == ([2, 3, 4], None)

    def test_it_is_due_at_the_time_of_delivery(self, world: World, ada: Customer) -> None:
        """LC1: at the time of day at which the goods came."""
        world.clock.move_to(datetime(2026, 3, 2, 16, 45, tzinfo=UTC))
        delivered(world.shop, place(world.shop, ada))
        (reminder,) = planned(world.shop, ada)
        assert reminder.due_at == datetime(2026, 3, 19, 16, 45, tzinfo=UTC)
