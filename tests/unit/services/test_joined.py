"""The shop inside a host's transaction, and in asynchronous hosts (EM2, EM6)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ordercore import AsyncShop, Shop
from ordercore.customers.customer import Customer
from ordercore.errors import DuplicateError, SetupError, StoreUnavailableError
from ordercore.stored.customers import CUSTOMERS
from ordercore_adapters.memory import MemoryStore
from tests.unit.services.deeds import register, rows_of
from tests.unit.services.world import World, a_world


class Hosted(MemoryStore):
    """A store that can be joined: it notes each connection, and never owns a transaction then."""

    def __init__(self) -> None:
        super().__init__()
        self.joined: list[object] = []

    def using(self, connection: object) -> Inside:
        """Join a transaction of the host."""
        self.joined.append(connection)
        return Inside(self)


class Inside(MemoryStore):
    """What a host's transaction sees."""

    def __init__(self, host: Hosted) -> None:
        super().__init__(retries=0)
        self.state = host.state
        self.host = host

    @property
    def owns_transactions(self) -> bool:
        """Not here: the host commits."""
        return False


class FakeSession:
    """What SQLAlchemy's `AsyncSession` does with `run_sync`: the work runs with the sync one."""

    def __init__(self) -> None:
        self.connection = object()

    async def run_sync(self, work: Callable[[Any], Any], /) -> Any:
        """Run the work with the connection inside."""
        await asyncio.sleep(0)
        return work(self.connection)


class TestUsing:
    """Joining takes a store that can be joined."""

    def test_memory_cannot(self, world: World) -> None:
        """EM2: the memory store has no connection to join, and says what it was given."""
        with pytest.raises(SetupError) as refused:
            world.shop.using(object())
        assert refused.value.code == "setup.connection"
        assert refused.value.params["got"] == "object"

    @pytest.mark.parametrize("work", ["run_due", "deliver"])
    def test_workers_own_their_transactions(self, work: str) -> None:
        """EM2: neither runs inside a host's."""
        inside = a_world(store=Hosted()).shop.using(object())
        with pytest.raises(SetupError) as refused:
            getattr(inside, work)()
        assert (refused.value.code, refused.value.params) == (
            "setup.joined",
            {"what": f"{work}()"},
        )

    def test_the_feed_numbers_nothing(self) -> None:
        """OR13, EM2: inside a host's transaction the feed shows what has a number."""
        store = Hosted()
        shop = a_world(store=store).shop
        register(shop)
        assert shop.using(object()).events().items == []
        assert len(shop.events().items) == 1
        assert len(shop.using(object()).events().items) == 1

    def test_the_actor_stays(self) -> None:
        """EM2: who acts does not change by joining, nor the other way round."""
        shop = a_world(store=Hosted()).shop
        ada = register(shop)
        assert str(shop.as_staff("anna").using(object()).actor) == "staff:anna"
        assert str(shop.using(object()).as_customer(ada.id).actor) == f"customer:{ada.id}"
        assert str(shop.actor) == "system"

    def test_nothing_is_tried_again(self) -> None:
        """EM2: a conflict inside the host's transaction is the host's to answer."""
        store = Hosted()
        shop = a_world(store=store).shop
        inside = shop.using(object())
        tries: list[str] = []

        def conflict(point: str) -> None:
            if point == "before commit":
                tries.append(point)
                raise DuplicateError("store.duplicate", constraint="as the test asked")

        inside.store.fault_hook = conflict
        with pytest.raises(DuplicateError):
            register(inside)
        assert len(tries) == 1


class TestAsyncShop:
    """The same desks, inside an asynchronous session."""

    def test_work_runs_inside_the_session(self) -> None:
        """EM6: with the synchronous connection, and its result comes back."""
        store, session = Hosted(), FakeSession()
        shop = a_world(store=store).shop
        seen: list[Shop] = []

        def work(inside: Shop) -> Customer:
            seen.append(inside)
            return register(inside)

        found: Customer = asyncio.run(AsyncShop(shop).run(session, work))
        assert found.name == "Ada Lovelace"
        assert store.joined == [session.connection]
        assert not seen[0].store.owns_transactions
        assert rows_of(seen[0], CUSTOMERS)[0].id == found.id

    def test_errors_come_through(self) -> None:
        """EM6: a refusal is the same in an asynchronous host."""
        session = FakeSession()
        shop = AsyncShop(a_world(store=Hosted()).shop)

        def broken(_: Shop) -> None:
            raise StoreUnavailableError("store.unavailable", reason="as the test asked")

        with pytest.raises(StoreUnavailableError):
            asyncio.run(shop.run(session, broken))
