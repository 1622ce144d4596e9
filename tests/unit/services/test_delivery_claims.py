"""Workers that sleep, die or meet: each message is one worker's at a time (MS2)."""

from __future__ import annotations

import pytest

from ordercore.errors import StoreUnavailableError
from ordercore.services.delivery import DeliveryReport
from tests.unit.services.deeds import outbox, recorded, register
from tests.unit.services.world import World


class TestClaims:
    """Each message is one worker's at a time."""

    def test_a_claim_lost_before_sending(self, world: World) -> None:
        """MS2: a worker that was asleep for too long leaves the message to the other one."""
        register(world.shop)

        def asleep(point: str) -> None:
            if point == "before renew errand":
                world.shop.store.fault_hook = None
                world.clock.advance(minutes=3)
                assert world.shop.deliver() == DeliveryReport(sent=1)

        world.shop.store.fault_hook = asleep
        assert world.shop.deliver() == DeliveryReport(lost=1)
        assert len(world.notifier.sent) == 1

    def test_a_claim_lost_while_sending(self, world: World) -> None:
        """MS2: both sent it, with one id; only the one whose claim holds writes it down."""
        register(world.shop)

        def asleep(point: str) -> None:
            if point == "after send":
                world.shop.store.fault_hook = None
                world.clock.advance(minutes=3)
                assert world.shop.deliver() == DeliveryReport(sent=1)

        world.shop.store.fault_hook = asleep
        assert world.shop.deliver() == DeliveryReport(lost=1)
        assert len({m.id for m in world.notifier.sent}) == 1
        sent = [each for each in recorded(world.shop) if each.verb == "message.settle"]
        assert [len(each.events) for each in sent] == [1, 0]

    def test_a_worker_that_died_while_sending(self, world: World) -> None:
        """MS2: its claim runs out, then another sends the message again, under the same id."""
        register(world.shop)

        class Killed(BaseException):
            pass

        def killed(point: str) -> None:
            if point == "after send":
                raise Killed

        world.shop.store.fault_hook = killed
        with pytest.raises(Killed):
            world.shop.deliver()
        world.shop.store.fault_hook = None
        assert world.shop.deliver() == DeliveryReport()
        world.clock.advance(minutes=2, seconds=1)
        assert world.shop.deliver() == DeliveryReport(sent=1)
        assert len({m.id for m in world.notifier.sent}) == 1

    def test_a_store_that_fails_while_the_token_is_made(self, world: World) -> None:
        """MS2, CU7: the trouble is the store's and passes; the message is not given up."""
        ada = register(world.shop)
        world.shop.deliver()
        world.shop.customers.request_email_proof(ada.id)

        def broken(point: str) -> None:
            if point == "before insert proof_token":
                world.shop.store.fault_hook = None
                raise StoreUnavailableError("store.unavailable", reason="as the test asked")

        world.shop.store.fault_hook = broken
        assert world.shop.deliver() == DeliveryReport(postponed=1)
        assert outbox(world.shop, "email_proof")[0].fault == (
            "not delivered, try later: store.unavailable"
        )
        world.clock.advance(minutes=1)
        assert world.shop.deliver() == DeliveryReport(sent=1)
