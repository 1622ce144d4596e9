"""Delivery: each message handed over once, tried again for a day, never lost (MS2)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from ordercore import Shop
from ordercore.errors import SetupError
from ordercore.messaging.events import MessageDead, MessageSent
from ordercore.services.delivery import DeliveryReport
from ordercore.stored.outbox import DEAD, QUEUED, SENT, ErrandRow
from ordercore.testing import FrozenClock, RecordingNotifier
from ordercore.values.ids import ErrandId
from ordercore.values.outgoing import Outgoing
from ordercore_adapters.memory import MemoryStore
from tests.unit.services.deeds import outbox, recorded, register
from tests.unit.services.world import World

MINUTE = timedelta(minutes=1)
MOMENT = timedelta.resolution


def waiting(world: World) -> ErrandRow:
    """Return the one welcome in the outbox."""
    (errand,) = outbox(world.shop, "account_created")
    return errand


class Careless:
    """A carrier that breaks its promise: it fails with an error of its own at one address."""

    channel = "email"

    def __init__(self, at: str) -> None:
        self.at = at
        self.sent: list[Outgoing] = []

    def send(self, message: Outgoing) -> None:
        """Fail at one address."""
        if message.recipient == self.at:
            raise KeyError(message.recipient)
        self.sent.append(message)

    def close(self) -> None:
        """Do nothing."""


class TestSent:
    """A message that the carrier took."""

    def test_once(self, world: World) -> None:
        """MS2: handed over, settled, and not again however often workers run."""
        register(world.shop)
        assert world.shop.deliver() == DeliveryReport(sent=1)
        assert world.shop.deliver() == DeliveryReport()
        (message,) = world.notifier.sent
        done = waiting(world)
        assert (message.id, message.recipient) == (done.id, "ada@example.org")
        assert (done.state, done.due_at, done.settled_at) == (SENT, None, world.clock.now())
        event = MessageSent(errand_id=ErrandId(done.id), kind="account_created", channel="email")
        assert recorded(world.shop)[-1].events == (event,)

    def test_as_many_as_asked_for(self, world: World) -> None:
        """MS2: the oldest first."""
        for name in ("Ada", "Bob", "Eve"):
            register(world.shop, name)
            world.clock.advance(seconds=1)
        assert world.shop.deliver(limit=2) == DeliveryReport(sent=2)
        assert [m.recipient for m in world.notifier.sent] == ["ada@example.org", "bob@example.org"]
        assert world.shop.deliver(limit=2) == DeliveryReport(sent=1)

    def test_the_history_shows_it(self, world: World) -> None:
        """MS3: what was said stands in the customer's history, first queued, then sent."""
        ada = register(world.shop)
        (queued,) = world.shop.messages.of_customer(ada.id).items
        assert (queued.state, queued.settled_at) == (QUEUED, None)
        world.shop.deliver()
        sent = world.shop.messages.get(queued.id)
        assert (sent.state, sent.text) == (SENT, queued.text)
        assert "Ada Lovelace" in sent.text


class TestPostponed:
    """A message that the carrier did not take now."""

    def test_waits_double(self, world: World) -> None:
        """MS2: a minute, two, four, at most four hours: twelve attempts in about a day."""
        register(world.shop)
        world.notifier.fail(times=12)
        began, waits = world.clock.now(), []
        for _ in range(11):
            assert world.shop.deliver() == DeliveryReport(postponed=1)
            due = waiting(world).due_at
            assert due is not None
            waits.append((due - world.clock.now()) // MINUTE)
            world.clock.move_to(due - MOMENT)
            assert world.shop.deliver() == DeliveryReport()
            world.clock.move_to(due)
        assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]
        assert timedelta(hours=12) < world.clock.now() - began < timedelta(hours=30)
        assert world.shop.deliver() == DeliveryReport(dead=1)

    def test_then_it_is_dead_and_somebody_can_know(self, world: World) -> None:
        """MS2: after the twelfth attempt it is given up, with an event and in `check`."""
        register(world.shop)
        world.notifier.fail(times=12)
        for _ in range(12):
            world.shop.deliver()
            world.clock.advance(hours=4)
        dead = waiting(world)
        assert (dead.state, dead.due_at, dead.attempts) == (DEAD, None, 12)
        assert dead.fault == "not delivered, try later: as the test asked"
        assert recorded(world.shop)[-1].events == (
            MessageDead(
                errand_id=ErrandId(dead.id),
                kind="account_created",
                channel="email",
                fault=dead.fault,
            ),
        )
        assert world.shop.check().dead_errands == 1
        assert (world.shop.deliver(), world.shop.verify()) == (DeliveryReport(), [])

    def test_the_same_message_again(self, world: World) -> None:
        """MS2: a later attempt carries the same id, so that a repeat can be told."""
        register(world.shop)
        world.notifier.fail()
        world.shop.deliver()
        world.clock.advance(minutes=1)
        assert world.shop.deliver() == DeliveryReport(sent=1)
        assert world.notifier.sent[0].id == waiting(world).id
        assert waiting(world).fault is None


class TestRefused:
    """A message that will never be taken."""

    def test_dead_at_once(self, world: World) -> None:
        """MS2: what the carrier refuses for good is not tried again; the others go out."""
        register(world.shop)
        world.clock.advance(seconds=1)
        register(world.shop, "Bob")
        world.notifier.fail(permanent=True)
        assert world.shop.deliver() == DeliveryReport(sent=1, dead=1)
        assert [m.recipient for m in world.notifier.sent] == ["bob@example.org"]
        dead = waiting_for(world, "ada@example.org")
        assert (dead.state, dead.fault) == (DEAD, "refused for good: as the test asked")
        world.clock.advance(days=2)
        assert world.shop.deliver() == DeliveryReport()

    def test_a_careless_carrier_does_not_stop_the_others(self) -> None:
        """MS2: an error that is not a `DeliveryError` counts as temporary, and tells nothing."""
        carrier, clock = Careless(at="ada@example.org"), FrozenClock()
        shop = Shop.in_memory(clock=clock, notifiers=[carrier])
        for name in ("Ada", "Bob"):
            register(shop, name)
            clock.advance(seconds=1)
        assert shop.deliver() == DeliveryReport(sent=1, postponed=1)
        (failed,) = [e for e in outbox(shop, "account_created") if e.state == QUEUED]
        assert failed.recipient == "ada@example.org"
        assert failed.fault == "not delivered, try later: KeyError"


def waiting_for(world: World, address: str) -> ErrandRow:
    """Return the welcome to one address."""
    (found,) = [e for e in outbox(world.shop, "account_created") if e.recipient == address]
    return found


class TestWaiting:
    """Messages that nobody carries."""

    def test_without_a_carrier_they_wait(self) -> None:
        """MS2: for ever; nothing is tried, nothing dies, and `check` says why."""
        clock, store = FrozenClock(), MemoryStore()
        bare = Shop(store=store, clock=clock)
        register(bare)
        for _ in range(15):
            assert bare.deliver() == DeliveryReport()
            clock.advance(days=1)
        assert "no notifier is wired: messages wait" in bare.check().problems
        carrier = RecordingNotifier()
        assert Shop(store=store, clock=clock, notifiers=[carrier]).deliver().sent == 1

    def test_with_a_carrier_of_something_else(self) -> None:
        """MS2: a carrier is asked for its own channel only."""
        pigeons = RecordingNotifier("pigeon")
        shop = Shop.in_memory(clock=FrozenClock(), notifiers=[pigeons])
        register(shop)
        assert shop.deliver() == DeliveryReport(postponed=1)
        assert pigeons.sent == []


def test_inside_the_hosts_transaction(world: World) -> None:
    """EM2: delivery owns its transactions."""

    class Joined(MemoryStore):
        owns_transactions = False

    with pytest.raises(SetupError) as refused:
        Shop(store=Joined()).deliver()
    assert refused.value.code == "setup.joined"


def test_a_message_that_nobody_sent(world: World) -> None:
    """MS3: an id that leads nowhere."""
    with pytest.raises(LookupError):
        world.shop.messages.get(ErrandId(UUID(int=1)))


def test_history_by_pages(world: World) -> None:
    """MS3: newest first, each once, the loser's with the survivor's after a merge."""
    ada = register(world.shop)
    for _ in range(4):
        world.clock.advance(minutes=1)
        world.shop.customers.request_email_proof(ada.id)
    first = world.shop.messages.of_customer(ada.id, limit=3)
    second = world.shop.messages.of_customer(ada.id, after=first.next, limit=3)
    kinds = [each.kind for page in (first, second) for each in page.items]
    assert kinds == ["email_proof"] * 4 + ["account_created"]
    assert second.next is None
    assert len({each.id for page in (first, second) for each in page.items}) == 5
    bob = register(world.shop, "Bob")
    world.shop.merging.apply(world.shop.merging.plan(bob.id, ada.id))
    assert len(world.shop.messages.of_customer(bob.id).items) == 5 + 1 + 2
    assert world.shop.messages.of_customer(ada.id) == world.shop.messages.of_customer(bob.id)
