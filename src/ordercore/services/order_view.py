"""An order as its customer may see it: a shape that cannot hold what is private."""

from __future__ import annotations

from datetime import datetime

import attrs

from ordercore.orders.flow import Flow, label
from ordercore.orders.order import Order, OrderLine, Parcel
from ordercore.values.attributes import Attributes
from ordercore.values.ids import OrderId
from ordercore.values.money import Money


@attrs.frozen(kw_only=True)
class OrderView:
    """An order for its customer; `status` is the public label in the language asked for."""

    id: OrderId
    number: str
    status: str
    placed_at: datetime
    lines: tuple[OrderLine, ...]
    tax: Money
    delivery: Money
    discount: Money
    total: Money
    paid: Money
    parcels: tuple[Parcel, ...]
    attributes: Attributes


def order_view(order: Order, flow: Flow, language: str) -> OrderView:
    """Return what the customer may see."""
    return OrderView(
        id=order.id,
        number=order.number,
        status=label(flow, order.shown_state, language),
        placed_at=order.placed_at,
        lines=order.lines,
        tax=order.tax,
        delivery=order.delivery,
        discount=order.discount,
        total=order.total,
        paid=order.paid,
        parcels=order.parcels,
        attributes=order.public_attributes,
    )
