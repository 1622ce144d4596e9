"""Filling the letters about an order: one readable table from kind to letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ordercore.messaging import order_letters as letters
from ordercore.messaging.letter import Letter, LetterLine
from ordercore.orders.flow import Flow, label
from ordercore.orders.order import Order

L = TypeVar("L", bound=letters.OrderLetter)


def about_order(
    kind: type[L], order: Order, flow: Flow, *, language: str | None = None, **more: Any
) -> L:
    """Return a letter about an order; `more` are the fields of its own kind."""
    return kind(
        number=order.number,
        name=order.party.name,
        lines=tuple(
            LetterLine(title=line.title, quantity=line.quantity, amount=line.amount, sku=line.sku)
            for line in order.lines
        ),
        total=order.total,
        state=label(flow, order.shown_state, language or order.language),
        **more,
    )


def deliver_to(order: Order) -> tuple[str, ...]:
    """Return the lines of the delivery address, the name first."""
    place = order.party.shipping or order.party.billing
    if place is None:
        return ()
    return tuple(line for line in (order.party.name, *place.lines()) if line)


def _shipped(order: Order, flow: Flow, _reason: str) -> Letter:
    parcel = order.parcels[-1] if order.parcels else None
    return about_order(
        letters.OrderShippedLetter,
        order,
        flow,
        parcel_number=parcel.number if parcel else "",
        carrier=parcel.carrier if parcel else "",
    )


STEP_LETTERS: Mapping[str, Callable[[Order, Flow, str], Letter]] = {
    "order_paid": lambda order, flow, _: about_order(letters.OrderPaidLetter, order, flow),
    "order_packed": lambda order, flow, _: about_order(letters.OrderPackedLetter, order, flow),
    "order_shipped": _shipped,
    "order_delivered": lambda order, flow, _: about_order(
        letters.OrderDeliveredLetter, order, flow
    ),
    "order_cancelled": lambda order, flow, reason: about_order(
        letters.OrderCancelledLetter, order, flow, reason=reason
    ),
}
"""What each kind of letter named in a flow is filled with: the order, its flow, a reason."""
