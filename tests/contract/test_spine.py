"""What the spine promises through a shop, on all four stores."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from ordercore import Shop
from ordercore.errors import IdempotencyError, InvalidValueError, SetupError
from ordercore.orders.order import Order
from ordercore.ports.rows import Store
from ordercore.services.placing import Wanted
from ordercore.shop import AsyncShop
from ordercore.stored.commands import COMMANDS, COUNTERS
from ordercore.stored.orders import LINES, ORDERS
from ordercore.stored.outbox import ERRANDS
from ordercore.testing.contract.units import Rendezvous, Rival, row_of, together
from ordercore.values.money import Money
from tests.contract.hosts import ASYNC_DRIVERS, sync_host
from tests.contract.spine import (
    WANTED,
    Once,
    count_of,
    customer_of,
    order_of,
    trying,
    whole,
)
from tests.stores import SQL_KINDS, Databases, params

PENNY = Money(1, "GBP")


@pytest.fixture
def shop(store: Store) -> Shop:
    """A shop on one of the four stores."""
    return Shop(store=store)


class TestSaving:
    """Aggregates are saved whole or not at all, and no save is lost."""

    def test_of_two_saves_as_read_one_is_tried_again(self, shop: Shop) -> None:
        """Both have read the same version: each mark is kept, one after the other."""
        order = order_of(shop)
        point, read = Rendezvous(), list[Order]()

        def look(seen: Order) -> None:
            read.append(seen)
            point.meet()

        def rewrite(mark: str) -> Order:
            return trying(shop).rewrite(order.id, mark, seen=(look,))

        results = together([lambda: rewrite("a"), lambda: rewrite("b")])
        saved = shop.orders.get(order.id)
        assert sorted(result.version for result in results) == [3, 4]
        assert saved == max(results, key=lambda result: result.version)
        assert {"by_a", "by_b"} <= saved.private_attributes.keys()
        assert whole(saved)
        waited = [seen.version for seen in read] == [2, 3]
        assert waited or [seen.version for seen in read] == [2, 2, 3]

    def test_eight_writers_of_one_order_lose_nothing(self, shop: Shop) -> None:
        """Each pays a penny four times: thirty-two payments, none of them given up."""
        order = order_of(shop)

        def pay() -> None:
            for _ in range(4):
                shop.orders.pay(order.id, PENNY, method="till")

        together([pay] * 8)
        saved = shop.orders.get(order.id)
        assert (saved.paid, len(saved.payments)) == (PENNY * 32, 32)
        assert saved.version == order.version + 32

    def test_eight_writers_of_a_hot_counter_never_give_up(self, shop: Shop) -> None:
        """Forty commands each on one row: the sum is right, and each left its command row."""
        trying(shop).begin("hot")
        before = count_of(shop.store, COMMANDS)

        def count() -> None:
            for _ in range(40):
                trying(shop).count("hot")

        together([count] * 8)
        counter = row_of(shop.store, COUNTERS, ("hot",))
        assert counter is not None
        assert counter.value == 320
        assert count_of(shop.store, COMMANDS) == before + 320

    def test_a_command_that_fails_keeps_nothing(self, shop: Shop) -> None:
        """Neither its rows nor a command row; the next one finds the place free."""
        with pytest.raises(InvalidValueError):
            trying(shop).fail("x")
        assert count_of(shop.store, COUNTERS) == count_of(shop.store, COMMANDS) == 0
        trying(shop).begin("x")
        assert count_of(shop.store, COUNTERS) == 1


class TestLoading:
    """What is loaded in two statements is of one version where it matters."""

    def test_a_save_proves_that_the_load_was_whole(self, shop: Shop) -> None:
        """A rival rewrites root and lines between our two reads: our save is not the torn one."""
        order, read = order_of(shop), list[Order]()
        rivals: list[Rival[Order]] = []

        def interfere() -> None:
            rivals.append(Rival(lambda: trying(shop).rewrite(order.id, "rival")))
            rivals[0].is_done()

        shop.store.fault_hook = Once("after get order", interfere)
        saved = trying(shop).rewrite(order.id, "ours", seen=(read.append,))
        shop.store.fault_hook = None
        rivals[0].outcome()
        final = shop.orders.get(order.id)
        assert {"by_rival", "by_ours"} <= final.private_attributes.keys()
        assert whole(saved)
        assert whole(final)
        assert whole(read[-1])

    @pytest.mark.parametrize("store", params("postgresql", "mariadb"), indirect=True)
    def test_a_load_can_be_torn(self, shop: Shop) -> None:
        """At READ COMMITTED it is, or the test above were none: the root is old, the lines new."""
        order, read = order_of(shop), list[Order]()
        interfere = Once(
            "after get order",
            lambda: Rival(lambda: trying(shop).rewrite(order.id, "rival")).outcome(),
        )
        shop.store.fault_hook = interfere
        trying(shop).rewrite(order.id, "ours", seen=(read.append,))
        assert [whole(seen) for seen in read] == [False, True]

    def test_a_query_sees_one_state(self, shop: Shop) -> None:
        """A query that reads root and lines apart sees neither half of what a rival commits."""
        order = order_of(shop)
        rivals: list[Rival[Order]] = []

        def interfere() -> None:
            rivals.append(Rival(lambda: trying(shop).rewrite(order.id, "rival")))
            rivals[0].is_done()

        assert trying(shop).look(order.id, interfere) == order
        assert rivals[0].outcome() == shop.orders.get(order.id)


class TestIdempotency:
    """The same key, the same result, one effect."""

    def test_eight_at_once_place_one_order(self, shop: Shop) -> None:
        """All get the same order back, and one letter is in the outbox."""
        customer_id = customer_of(shop)
        errands = count_of(shop.store, ERRANDS)

        def place() -> Order:
            return shop.orders.place(customer_id, WANTED, currency="GBP", idempotency_key="k")

        results = together([place] * 8)
        assert results == [results[0]] * 8
        assert count_of(shop.store, ORDERS) == 1
        assert count_of(shop.store, LINES) == len(WANTED)
        assert count_of(shop.store, ERRANDS) == errands + 1

    def test_the_first_result_comes_again_after_a_later_change(self, shop: Shop) -> None:
        """Placed, paid, and asked to be placed again: what was placed, as it was."""
        customer_id = customer_of(shop)
        first = shop.orders.place(customer_id, WANTED, currency="GBP", idempotency_key="k")
        paid = shop.orders.pay(first.id, first.total, method="card")
        again = shop.orders.place(customer_id, WANTED, currency="GBP", idempotency_key="k")
        assert again == first != paid
        assert shop.orders.get(first.id) == paid
        assert count_of(shop.store, ORDERS) == 1

    def test_other_arguments_are_refused(self, shop: Shop) -> None:
        """A key that was used for something else is the caller's mistake; nothing is done."""
        customer_id = customer_of(shop)
        shop.orders.place(customer_id, WANTED, currency="GBP", idempotency_key="k")
        more = [*WANTED, Wanted(sku="pie", title="Pie", unit=PENNY)]
        with pytest.raises(IdempotencyError) as refusal:
            shop.orders.place(customer_id, more, currency="GBP", idempotency_key="k")
        assert refusal.value.code == "idempotency.key_reused"
        with pytest.raises(IdempotencyError):
            trying(shop).begin("x", idempotency_key="k")
        assert count_of(shop.store, ORDERS) == 1

    def test_a_key_is_the_actors_own(self, shop: Shop) -> None:
        """Another actor's command under the same key is another command."""
        customer_id = customer_of(shop)
        ours = shop.orders.place(customer_id, WANTED, currency="GBP", idempotency_key="k")
        anna = shop.as_staff("anna")
        theirs = anna.orders.place(customer_id, WANTED, currency="GBP", idempotency_key="k")
        assert ours.id != theirs.id
        assert anna.orders.place(customer_id, WANTED, currency="GBP", idempotency_key="k") == theirs

    def test_a_command_that_failed_left_no_key(self, shop: Shop) -> None:
        """Only successes are recorded: the key may be used for the mended request."""
        with pytest.raises(InvalidValueError):
            trying(shop).fail("x", idempotency_key="k")
        trying(shop).begin("x", idempotency_key="k")
        trying(shop).begin("x", idempotency_key="k")
        assert count_of(shop.store, COUNTERS) == 1


def test_a_late_wire_is_refused(shop: Shop) -> None:
    """A port that may need a wire is closed once a row was touched, and nothing is kept."""
    with pytest.raises(SetupError) as refusal:
        trying(shop).late_wire("x")
    assert refusal.value.code == "setup.wire_in_transaction"
    assert count_of(shop.store, COUNTERS) == count_of(shop.store, COMMANDS) == 0


@pytest.mark.parametrize("kind", params(*SQL_KINDS))
def test_a_shop_inside_the_hosts_transaction(kind: str, databases: Databases) -> None:
    """Two commands and the host's own work are kept together or not at all."""
    store = databases.emptied(kind)
    shop = Shop(store=store)
    with sync_host(store) as host:
        for end, rows in ((host.rollback, 0), (host.commit, 1)):
            inside = shop.using(host.connection)
            placed = inside.orders.place(customer_of(inside), WANTED, currency="GBP")
            host.note("paid")
            paid = inside.orders.pay(placed.id, placed.total, method="card")
            with pytest.raises(InvalidValueError):
                trying(inside).fail("x")
            assert inside.orders.get(placed.id) == paid
            assert count_of(store, ORDERS) == 0
            end()
            assert (count_of(store, ORDERS), len(host.notes())) == (rows, rows)
    assert shop.orders.get(placed.id) == paid
    assert count_of(store, COUNTERS) == 0


@pytest.mark.parametrize("kind", params(*ASYNC_DRIVERS))
def test_a_shop_inside_an_asynchronous_session(kind: str, databases: Databases) -> None:
    """`AsyncShop` places and pays in the session's transaction, which the host ends."""
    store = databases.emptied(kind)
    shop = AsyncShop(Shop(store=store))

    def place_and_pay(inside: Shop) -> Order:
        placed = inside.orders.place(customer_of(inside), WANTED, currency="GBP")
        return inside.orders.pay(placed.id, placed.total, method="card")

    async def host() -> Order:
        engine = create_async_engine(store.engine.url.set(drivername=ASYNC_DRIVERS[kind]))
        async with AsyncSession(engine) as session:
            await shop.run(session, place_and_pay)
            await session.rollback()
            assert count_of(store, ORDERS) == 0
            kept = await shop.run(session, place_and_pay)
            await session.execute(sa.text("SELECT 1"))
            await session.commit()
        await engine.dispose()
        return kept

    kept = asyncio.run(host())
    assert Shop(store=store).orders.get(kept.id) == kept
    assert count_of(store, ORDERS) == 1
