"""What happens to orders."""

from __future__ import annotations

from typing import ClassVar

import attrs

from ordercore.values.ids import CustomerId, OrderId
from ordercore.values.money import Money


@attrs.frozen(kw_only=True)
class OrderPlaced:
    """An order came in."""

    tag: ClassVar[str] = "order.placed"
    version: ClassVar[int] = 1

    order_id: OrderId
    number: str
    customer_id: CustomerId | None
    total: Money


@attrs.frozen(kw_only=True)
class OrderMoved:
    """An order took a step of its flow."""

    tag: ClassVar[str] = "order.moved"
    version: ClassVar[int] = 1

    order_id: OrderId
    verb: str
    source: str
    target: str


@attrs.frozen(kw_only=True)
class PaymentRecorded:
    """Money for an order arrived; whether it suffices is the flow's to say."""

    tag: ClassVar[str] = "order.payment_recorded"
    version: ClassVar[int] = 1

    order_id: OrderId
    amount: Money
    method: str


@attrs.frozen(kw_only=True)
class OrderEdited:
    """References or attributes of an order were changed."""

    tag: ClassVar[str] = "order.edited"
    version: ClassVar[int] = 1

    order_id: OrderId


@attrs.frozen(kw_only=True)
class OrdersImported:
    """Orders of another system were taken over, in one batch."""

    tag: ClassVar[str] = "order.imported"
    version: ClassVar[int] = 1

    source: str
    orders: int
    lines: int
    customers: int
