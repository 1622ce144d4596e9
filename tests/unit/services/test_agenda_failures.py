"""Due work that fails: tried again less and less often, stopping nobody else (SL2, EM7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from ordercore import Shop
from ordercore.errors import NotFoundError, PortError, SetupError
from ordercore.ports.shop import Offer
from ordercore.stored.agenda import WAKES
from ordercore.testing import FrozenClock, MemoryCatalog, ScriptedCatalog
from ordercore_adapters.memory import MemoryStore
from tests.unit.services.daily import DAY, outcomes, ring, seven, started
from tests.unit.services.deeds import rows_of
from tests.unit.services.world import LIST, POT, TEA, World

MINUTE = timedelta(minutes=1)
OFFERS = {offer.sku: offer for offer in (TEA, POT)}


class Breaking:
    """A catalogue that fails with an error of its own for one product."""

    def __init__(self, at: str) -> None:
        self.at = at

    def offers(self, skus: Sequence[str], *, currency: str, language: str) -> Mapping[str, Offer]:
        """Fail at one product."""
        if self.at in skus:
            raise ZeroDivisionError
        return OFFERS


class TestFailures:
    """What cannot be done now is done later, and stops nobody else."""

    def test_it_is_tried_again_less_and_less_often(self) -> None:
        """SL2, EM7: a minute later, two, four, at most four hours; then it is done, once."""
        down = PortError("port.failed", port="catalog", reason="timeout")
        catalog, clock = ScriptedCatalog(*[down] * 10, OFFERS), FrozenClock()
        shop = Shop.in_memory(clock=clock, catalog=catalog)
        daily = started(shop)
        clock.move_to(seven(3))
        attempts, lease = [], timedelta.resolution
        for minute in range(24 * 60):
            clock.move_to(seven(3) + minute * (MINUTE + lease))
            report = shop.run_due()
            if report.failed or report.done:
                attempts.append(minute)
                assert all(each.error is down for each in report.failed)
                assert all(each.subject_id == daily.id for each in report.failed)
        waits = [after - before for before, after in pairwise(attempts)]
        assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]
        assert outcomes(shop, daily) == [(0, "ordered", "")]

    def test_without_a_catalogue(self) -> None:
        """SL2: the developer hears of it; nothing is parked or skipped for it."""
        clock, store = FrozenClock(), MemoryStore()
        bare = Shop(store=store, clock=clock)
        daily = started(bare)
        clock.advance(DAY)
        (failure,) = bare.run_due().failed
        assert isinstance(failure.error, SetupError)
        assert bare.check().oldest_due_at == seven(3)
        clock.advance(minutes=2)
        assert Shop(store=store, clock=clock, catalog=MemoryCatalog(OFFERS)).run_due().done == 1
        assert outcomes(bare, daily) == [(0, "ordered", "")]

    def test_an_unexpected_error_stops_nobody(self) -> None:
        """EM7: one list breaks the catalogue; the lists behind it are ordered all the same."""
        clock = FrozenClock()
        shop = Shop.in_memory(clock=clock, catalog=Breaking(at="pot"))
        broken = started(shop)
        sound = started(shop, "Bob")
        shop.shopping_lists.edit(sound.id, lines=LIST[:1])
        clock.advance(DAY)
        report = shop.run_due()
        (failure,) = report.failed
        assert (report.done, failure.subject_id) == (1, broken.id)
        assert (failure.error.code, failure.error.params["reason"]) == (
            "port.failed",
            "ZeroDivisionError",
        )
        assert isinstance(failure.error.__cause__, ZeroDivisionError)

    def test_an_alarm_of_a_later_release(self, world: World) -> None:
        """EM7: old workers leave what they do not know, and do what they do."""
        daily = started(world.shop)
        (alarm,) = rows_of(world.shop, WAKES)
        ring(world.shop, alarm._replace(kind="list.rethought"))
        world.clock.advance(DAY)
        report = world.shop.run_due()
        assert (report.done, [each.kind for each in report.failed]) == (1, ["list.rethought"])
        assert outcomes(world.shop, daily) == [(0, "ordered", "")]

    def test_a_subject_that_is_gone(self, world: World) -> None:
        """EM7: an alarm without a subject is a failure with a name."""
        started(world.shop)
        (alarm,) = rows_of(world.shop, WAKES)
        ring(world.shop, alarm._replace(subject_id=UUID(int=1)))
        world.clock.advance(DAY)
        (failure,) = world.shop.run_due().failed
        assert isinstance(failure.error, NotFoundError)
