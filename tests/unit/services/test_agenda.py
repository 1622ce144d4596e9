"""Due work: each list becomes an order in its turn, and once (SL2, EM7)."""

from __future__ import annotations

import pytest

from ordercore.messaging.order_letters import ListOrderedLetter
from ordercore.services.agenda import DueReport
from ordercore.stored.agenda import WAKES
from ordercore.values.money import Money
from tests.unit.services.daily import DAY, outcomes, ring, seven, started
from tests.unit.services.deeds import mails, outbox, recorded, register, rows_of
from tests.unit.services.world import LIST, POT, World


class TestLists:
    """A list that is due becomes an order."""

    def test_once_however_often_workers_look(self, world: World) -> None:
        """SL2: one order per occurrence, with the outcome that points to it."""
        daily = started(world.shop)
        assert world.shop.run_due() == DueReport()
        world.clock.advance(DAY)
        assert world.shop.run_due() == DueReport(done=1)
        assert world.shop.run_due() == DueReport()
        (order,) = world.shop.orders.of_customer(daily.customer_id).items
        (record,) = world.shop.shopping_lists.history(daily.id).items
        assert (record.outcome, record.order_id) == ("ordered", order.id)
        assert (order.total, order.channel) == (Money(250 + 2 * 1250, "GBP"), "list")
        assert world.shop.verify() == []

    def test_the_customer_hears_of_it(self, world: World) -> None:
        """SL2, MS2: which list, and when it is next; the merchant hears, too."""
        started(world.shop)
        world.clock.advance(DAY)
        world.shop.run_due()
        letter = mails(world, "ada@example.org")[-1]
        assert "Daily tea" in letter.text
        assert "4 March 2026" in letter.text
        assert outbox(world.shop, ListOrderedLetter.kind)[0].language == "en"
        assert len(mails(world, "merchant@example.org")) == 1

    def test_an_outage(self, world: World) -> None:
        """SL2: after three days one order, two skipped, and the next on time."""
        daily = started(world.shop)
        world.clock.advance(3 * DAY)
        world.shop.run_due()
        assert outcomes(world.shop, daily) == [
            (0, "skipped", "catch_up"),
            (1, "skipped", "catch_up"),
            (2, "ordered", ""),
        ]
        assert world.shop.shopping_lists.get(daily.id).due_at == seven(6)

    def test_an_outage_of_years(self, world: World) -> None:
        """SL2: several turns, and still one order."""
        daily = started(world.shop)
        world.clock.advance(1100 * DAY)
        assert [world.shop.run_due().done for _ in range(4)] == [1, 1, 1, 0]
        found = outcomes(world.shop, daily)
        assert [number for number, *_ in found] == list(range(500))
        assert len(world.shop.orders.of_customer(daily.customer_id).items) == 1
        assert world.shop.verify() == []

    def test_what_the_catalogue_has_not_is_parked(self, world: World) -> None:
        """SL4: nothing is ordered, the reason is kept, the next time it is tried anew."""
        daily = started(world.shop)
        world.catalog.remove("pot")
        world.clock.advance(DAY)
        assert world.shop.run_due() == DueReport(done=1)
        assert outcomes(world.shop, daily) == [(0, "parked", "catalog.not_found")]
        assert world.shop.orders.of_customer(daily.customer_id).items == []
        world.catalog.put("pot", POT)
        world.clock.advance(DAY)
        world.shop.run_due()
        assert outcomes(world.shop, daily)[1:] == [(1, "ordered", "")]

    def test_an_empty_list_is_parked(self, world: World) -> None:
        """SL4: without asking the catalogue."""
        daily = started(world.shop)
        world.shop.shopping_lists.edit(daily.id, lines=())
        world.clock.advance(DAY)
        assert world.shop.run_due() == DueReport(done=1)
        assert outcomes(world.shop, daily) == [(0, "parked", "empty")]
        assert world.catalog.asked == []

    @pytest.mark.parametrize("verb", ["pause", "end"])
    def test_a_list_that_rests_is_not_woken(self, world: World, verb: str) -> None:
        """SL1, SL3: paused or ended, it has no alarm, and nothing comes of a late one."""
        daily = started(world.shop)
        (alarm,) = rows_of(world.shop, WAKES)
        getattr(world.shop.shopping_lists, verb)(daily.id)
        assert rows_of(world.shop, WAKES) == []
        world.clock.advance(DAY)
        ring(world.shop, alarm)
        assert world.shop.run_due() == DueReport(done=1)
        assert outcomes(world.shop, daily) == []
        assert world.catalog.asked == []

    def test_an_edit_while_prices_are_asked_for(self, world: World) -> None:
        """SL2: what is ordered is what stands on the list when it is ordered."""
        daily = started(world.shop)
        world.clock.advance(DAY)

        def meanwhile(point: str) -> None:
            if point == "after offers":
                world.shop.store.fault_hook = None
                world.shop.shopping_lists.edit(daily.id, lines=LIST[:1])

        world.shop.store.fault_hook = meanwhile
        assert world.shop.run_due() == DueReport(done=1)
        (order,) = world.shop.orders.of_customer(daily.customer_id).items
        assert [line.sku for line in order.lines] == ["tea"]

    def test_after_a_merge_the_survivor_orders(self, world: World) -> None:
        """ME1: the list goes on, for the survivor and in its name."""
        daily = started(world.shop)
        bob = register(world.shop, "Bob")
        world.shop.merging.apply(world.shop.merging.plan(bob.id, daily.customer_id))
        world.clock.advance(DAY)
        world.shop.run_due()
        (order,) = world.shop.orders.of_customer(bob.id).items
        assert (order.customer_id, order.party.name) == (bob.id, "Bob")


class TestClaims:
    """Each alarm is one worker's at a time, and done once even so."""

    def test_a_claim_lost_meanwhile(self, world: World) -> None:
        """SL2: a worker that was asleep for too long leaves the list to the other one."""
        daily = started(world.shop)
        world.clock.advance(DAY)

        def asleep(point: str) -> None:
            if point == "before renew wake":
                world.shop.store.fault_hook = None
                world.clock.advance(minutes=3)
                assert world.shop.run_due() == DueReport(done=1)

        world.shop.store.fault_hook = asleep
        assert world.shop.run_due() == DueReport(lost=1)
        assert outcomes(world.shop, daily) == [(0, "ordered", "")]

    def test_another_worker_was_faster(self, world: World) -> None:
        """SL2: both looked at the list; the version lets one through, the other finds it done."""
        daily = started(world.shop)
        world.clock.advance(DAY)

        def faster(point: str) -> None:
            if point == "before offers":
                world.shop.store.fault_hook = None
                world.clock.advance(minutes=3)
                assert world.shop.run_due() == DueReport(done=1)

        world.shop.store.fault_hook = faster
        assert world.shop.run_due() == DueReport(done=1)
        assert outcomes(world.shop, daily) == [(0, "ordered", "")]
        assert len(world.shop.orders.of_customer(daily.customer_id).items) == 1

    def test_as_many_as_asked_for(self, world: World) -> None:
        """EM7: the longest due first."""
        for name in ("Ada", "Bob", "Eve"):
            started(world.shop, name)
        world.clock.advance(DAY)
        assert [world.shop.run_due(limit=2).done for _ in range(3)] == [2, 1, 0]
        verbs = [each.verb for each in recorded(world.shop)]
        assert verbs.count("list.order_due") == 3
