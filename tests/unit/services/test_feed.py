"""The feed of commands: each once, in an order that holds still, with typed events (OR13)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordercore import Shop
from ordercore.customers.events import CustomerRegistered
from ordercore.orders.events import OrderMoved, OrderPlaced, PaymentRecorded
from ordercore.services.feed import Recorded, Unreadable
from ordercore.stored.commands import COMMANDS, CommandRow
from ordercore.values.ids import CustomerId
from tests.unit.services.deeds import code, paid, place, recorded, register
from tests.unit.services.world import World, a_world


def read_on(shop: Shop, after: int, limit: int) -> list[Recorded]:
    """Read every page from a place on."""
    found: list[Recorded] = []
    while True:
        page = shop.events(after=after, limit=limit)
        found += page.items
        if page.next is None:
            return found
        assert len(page.items) <= limit
        after = int(page.next)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=8),
    st.integers(1, 4),
)
def test_each_command_once_however_it_is_read(bursts: list[tuple[int, bool]], limit: int) -> None:
    """OR13: a reader that goes on from its place meets each command once, and in one order."""
    shop = a_world().shop
    seen: list[Recorded] = []
    done = 0
    for count, reads in bursts:
        for _ in range(count):
            done += 1
            register(shop, f"N{done}")
        if reads:
            seen += read_on(shop, seen[-1].number if seen else 0, limit)
    seen += read_on(shop, seen[-1].number if seen else 0, limit)
    assert [each.number for each in seen] == list(range(1, done + 1))
    assert len({each.id for each in seen}) == done
    assert read_on(shop, 0, 3) == seen
    assert shop.events(after=done).items == []


def test_events_are_of_their_own_class(world: World) -> None:
    """OR13: who did what, when, for whom; with ids, numbers and money, never with names."""
    ada = register(world.shop)
    staff = world.shop.as_staff("anna", reason="by telephone")
    order = place(staff, ada)
    world.clock.advance(minutes=1)
    paid(world.shop, order)
    registered, ordered, payment = recorded(world.shop)
    assert registered.events == (CustomerRegistered(customer_id=ada.id, guest=False),)
    assert ordered.events == (
        OrderPlaced(order_id=order.id, number=order.number, customer_id=ada.id, total=order.total),
    )
    assert (ordered.verb, str(ordered.actor), ordered.reason) == (
        "order.place",
        "staff:anna",
        "by telephone",
    )
    assert payment.events == (
        PaymentRecorded(order_id=order.id, amount=order.total, method="card"),
        OrderMoved(order_id=order.id, verb="pay", source="awaiting_payment", target="paid"),
    )
    assert payment.at - ordered.at == timedelta(minutes=1)
    assert {each.customer_id for each in (registered, ordered, payment)} == {ada.id}


def test_a_refused_command_is_not_in_it(world: World) -> None:
    """OR13: only what was done."""
    register(world.shop)
    assert code(register, world.shop) == "email.taken"
    assert len(recorded(world.shop)) == 1


def test_a_late_commit_does_not_slip_in_behind_a_reader(world: World) -> None:
    """OR13: a command with an earlier id that commits later comes later in the feed."""
    slow = CommandRow(**command(UUID(int=1), []))
    register(world.shop)
    read = recorded(world.shop)
    write(world.shop, slow)
    assert [each.id for each in recorded(world.shop)] == [read[0].id, slow.id]


def command(id: UUID, events: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the columns of a command row."""
    return {
        "id": id,
        "verb": "customer.register",
        "actor": "system",
        "reason": None,
        "at": a_world().clock.now(),
        "customer_id": None,
        "idempotency_key": None,
        "fingerprint": None,
        "events": json.dumps(events),
        "errands": 0,
        "result": None,
        "forget_at": None,
    }


def write(shop: Shop, row: CommandRow) -> None:
    """Write a command row past the desks."""
    transaction = shop.store.begin()
    transaction.rows.insert(COMMANDS, [row])
    transaction.commit()


class TestUnreadable:
    """Events of another release, or of a room that this one has not."""

    @pytest.mark.parametrize(
        ("tag", "version"),
        [("customer.registered", 99), ("customer.cloned", 1), ("telepathy.heard", 1)],
    )
    def test_it_does_not_stop_the_feed(self, shop: Shop, tag: str, version: int) -> None:
        """OR13: it comes as it was written, between those that can be read."""
        data = {"customer_id": str(UUID(int=7)), "guest": False, "mood": "calm"}
        known = {"tag": "customer.registered", "v": 1, "data": data}
        events = [known, {"tag": tag, "v": version, "data": data}, known]
        write(shop, CommandRow(**command(UUID(int=2), events)))
        (found,) = recorded(shop)
        read = CustomerRegistered(customer_id=CustomerId(UUID(int=7)), guest=False)
        assert found.events == (read, Unreadable(tag=tag, version=version, data=data), read)


@pytest.mark.parametrize("limit", [0, 501, -1])
def test_a_page_has_its_size(shop: Shop, limit: int) -> None:
    """OR13: one to five hundred."""
    assert code(shop.events, limit=limit) == "page.limit"


def test_reasons_print_nowhere(world: World) -> None:
    """CU9: what staff typed as a reason may name somebody."""
    register(world.shop.as_staff("anna", reason="Mrs Lovelace rang"))
    (found,) = recorded(world.shop)
    assert found.reason == "Mrs Lovelace rang"
    assert "Lovelace" not in repr(found)
