"""Each command of each desk, given once with a key on the morning after a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from ordercore.orders.order import line_of
from ordercore.services.importing import ForeignOrder
from ordercore.shopping_lists.lists import ListLine
from ordercore.values.attributes import ExternalRef
from ordercore.values.money import Money
from tests.property.worlds import BASKET, LIST, MONDAYS, Day, World

KEY = "the same again"

Scenario = Callable[[World, Day], Any]

FOREIGN = tuple(
    ForeignOrder(
        ref=ref,
        customer_ref=customer,
        placed_at=datetime(2025, 12, 1, tzinfo=UTC),
        lines=(line_of("tea", "Tea", 1, Money(250, "GBP")),),
    )
    for ref, customer in (("a", "c1"), ("b", "c2"), ("c", None))
)

SCENARIOS: Mapping[str, Scenario] = {
    "customers.register": lambda world, _: world.shop.customers.register(
        name="Cy", email="cy@example.org", external_ref=ExternalRef("erp", "9"), idempotency_key=KEY
    ),
    "customers.edit": lambda world, day: world.shop.customers.edit(
        day.ada.id, name="Ada King", addresses=(), email="king@example.org", idempotency_key=KEY
    ),
    "customers.request_email_proof": lambda world, day: world.shop.customers.request_email_proof(
        day.ada.id, idempotency_key=KEY
    ),
    "customers.confirm_email": lambda world, day: world.shop.customers.confirm_email(
        day.token, idempotency_key=KEY
    ),
    "merging.apply": lambda world, day: world.shop.merging.apply(
        day.plan, reason="one person", idempotency_key=KEY
    ),
    "merging.undo": lambda world, day: world.shop.merging.undo(day.merge.id, idempotency_key=KEY),
    "orders.place": lambda world, day: world.shop.orders.place(
        day.double.id, BASKET, currency="GBP", idempotency_key=KEY
    ),
    "orders.pay": lambda world, day: world.shop.orders.pay(
        day.open.id, day.open.total, method="card", idempotency_key=KEY
    ),
    "orders.pack": lambda world, day: world.shop.orders.pack(day.paid.id, idempotency_key=KEY),
    "orders.ship": lambda world, day: world.shop.orders.ship(
        day.packed.id, parcel_number="JD0003", idempotency_key=KEY
    ),
    "orders.deliver": lambda world, day: world.shop.orders.deliver(
        day.shipped.id, idempotency_key=KEY
    ),
    "orders.move": lambda world, day: world.shop.orders.move(
        day.packed.id, "cancel", idempotency_key=KEY
    ),
    "orders.cancel": lambda world, day: world.shop.orders.cancel(
        day.open.id, reason="changed my mind", idempotency_key=KEY
    ),
    "orders.edit": lambda world, day: world.shop.orders.edit(
        day.packed.id, private_attributes={"shelf": "B1"}, idempotency_key=KEY
    ),
    "orders.take_over": lambda world, _: world.shop.orders.take_over(
        FOREIGN, source="old", idempotency_key=KEY
    ),
    "shopping_lists.start": lambda world, day: world.shop.shopping_lists.start(
        day.bob.id, LIST, name="More", currency="GBP", schedule=MONDAYS, idempotency_key=KEY
    ),
    "shopping_lists.edit": lambda world, day: world.shop.shopping_lists.edit(
        day.weekly.id,
        lines=[ListLine(sku="pot")],
        schedule=attrs.evolve(MONDAYS, weekdays=(2, 4)),
        idempotency_key=KEY,
    ),
    "shopping_lists.pause": lambda world, day: world.shop.shopping_lists.pause(
        day.weekly.id, idempotency_key=KEY
    ),
    "shopping_lists.resume": lambda world, day: world.shop.shopping_lists.resume(
        day.paused.id, idempotency_key=KEY
    ),
    "shopping_lists.skip_next": lambda world, day: world.shop.shopping_lists.skip_next(
        day.weekly.id, idempotency_key=KEY
    ),
    "shopping_lists.end": lambda world, day: world.shop.shopping_lists.end(
        day.weekly.id, idempotency_key=KEY
    ),
    "lifecycle.declare": lambda world, _: world.shop.lifecycle.declare(
        "tea", days=20, notice_days=2, idempotency_key=KEY
    ),
}
"""Each command of each desk, given once on the morning after the day."""
