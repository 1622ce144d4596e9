"""`check`: is the shop wired well, and do its workers keep up (EM1, EM7)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from ordercore import Shop
from ordercore.ports.rows import Rows
from ordercore.services.health import Health
from ordercore.shopping_lists.schedule import Weekly
from ordercore.testing import FrozenClock, MemoryCatalog, RecordingNotifier
from ordercore_adapters.memory import MemoryStore
from tests.unit.services.deeds import register
from tests.unit.services.world import LIST, World, a_world

DAILY = Weekly(weekdays=tuple(range(7)), at=time(7), zone="UTC", anchor_on=date(2026, 3, 1))


class TestWiring:
    """What is missing is said in words; what is fine says nothing."""

    def test_all_is_well(self, shop: Shop) -> None:
        """EM1: a wired shop that has nothing to do."""
        assert shop.check() == Health(
            problems=(), oldest_due_at=None, oldest_errand_at=None, dead_errands=0
        )

    def test_nothing_is_wired(self) -> None:
        """EM1: it works, and says what it goes without."""
        assert Shop.in_memory().check().problems == (
            "no notifier is wired: messages wait",
            "no catalogue is wired: lines need prices of their own",
        )

    def test_two_carriers_of_one_channel(self) -> None:
        """EM1: one of them would never be asked."""
        twice = [RecordingNotifier(), RecordingNotifier(), RecordingNotifier("sms")]
        shop = Shop.in_memory(notifiers=twice, catalog=MemoryCatalog())
        assert shop.check().problems == ("2 notifiers carry email; one is asked",)

    def test_a_store_that_is_not_ready(self) -> None:
        """EM3: what the schema lacks, without looking at rows that are not there."""

        class Unmigrated(MemoryStore):
            looked = False

            def check(self) -> list[str]:
                return ["the database has no ordercore tables; run migrate"]

            @contextmanager
            def reading(self) -> Iterator[Rows]:
                self.looked = True
                with super().reading() as rows:
                    yield rows

        store = Unmigrated()
        assert a_world(store=store).shop.check().problems == tuple(store.check())
        assert not store.looked


class TestQueues:
    """How long the oldest work has waited."""

    def test_alarms(self, world: World) -> None:
        """EM7: the oldest that is due; what is still to come does not count."""
        for name in ("Ada", "Bob"):
            customer = register(world.shop, name)
            world.shop.shopping_lists.start(
                customer.id, LIST, name="Tea", currency="GBP", schedule=DAILY
            )
            world.clock.advance(days=1)
        world.clock.move_to(datetime(2026, 3, 3, 6, tzinfo=UTC))
        assert world.shop.check().oldest_due_at is None
        world.clock.advance(days=2)
        oldest = world.shop.check().oldest_due_at
        assert oldest == datetime(2026, 3, 3, 7, tzinfo=UTC)
        world.shop.run_due()
        assert world.shop.check().oldest_due_at is None

    def test_messages(self, world: World) -> None:
        """EM7: the oldest that should have left; one that is to be tried later is not late."""
        register(world.shop)
        written = world.clock.now()
        world.clock.advance(hours=1)
        register(world.shop, "Bob")
        assert world.shop.check().oldest_errand_at == written
        world.notifier.fail(times=2)
        world.shop.deliver()
        assert world.shop.check().oldest_errand_at is None
        world.clock.advance(minutes=1)
        assert world.shop.check().oldest_errand_at == world.clock.now()
        world.shop.deliver()
        assert world.shop.check().oldest_errand_at is None

    def test_the_dead(self, world: World) -> None:
        """MS2: each message that was given up is counted, until somebody looks."""
        for name in ("Ada", "Bob"):
            register(world.shop, name)
        world.notifier.fail(times=2, permanent=True)
        world.shop.deliver()
        assert world.shop.check().dead_errands == 2


def test_time_does_not_pass_by_itself() -> None:
    """EM1: the shop has no clock of its own: what is due is due by the one it was given."""
    clock = FrozenClock()
    world = a_world(clock=clock)
    customer = register(world.shop)
    assert customer.created_at == clock.now()
    clock.advance(timedelta(days=400))
    assert register(world.shop, "Bob").created_at == clock.now()
