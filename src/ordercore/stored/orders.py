"""Orders as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from ordercore.orders.order import Order, OrderLine, Parcel, Payment
from ordercore.stored.codec import bag, ref_from, unbag
from ordercore.stored.form import Form, Rowset
from ordercore.stored.parties import party_from, party_text
from ordercore.stored.table import (
    ERASE,
    PLAIN,
    Bag,
    Code,
    Currency,
    Document,
    ExternalKey,
    Id,
    Instant,
    Number,
    OnMerge,
    Owner,
    Source,
    Text,
    Version,
    table,
)
from ordercore.values.ids import CustomerId, OrderId
from ordercore.values.money import Money


class OrderRow(NamedTuple):
    """An order's root."""

    id: Id
    number: Annotated[str, Text(20), PLAIN]
    customer_id: Annotated[UUID | None, PLAIN, Owner(OnMerge.MOVE)]
    party: Annotated[str, Document(), ERASE]
    language: Annotated[str, Text(35), PLAIN]
    channel: Code
    currency: Currency
    tax_minor: Number
    delivery_minor: Number
    discount_minor: Number
    total_minor: Number
    state: Code
    shown_state: Code
    flow: Code
    flow_version: Number
    placed_at: Instant
    external_source: Source
    external_ref: ExternalKey
    public_attributes: Bag
    private_attributes: Bag
    version: Version


ORDERS = table(
    OrderRow,
    "order",
    key="id",
    uniques={
        "uq_order_number": "number",
        "uq_order_external_ref": "external_source external_ref",
    },
    indexes=("customer_id placed_at id", "state placed_at", "placed_at id"),
    versioned=True,
)


class LineRow(NamedTuple):
    """One line of an order."""

    order_id: Id
    position: Number
    sku: Annotated[str, Text(120), PLAIN]
    title: Annotated[str, Text(300), PLAIN]
    quantity: Number
    unit_minor: Number
    amount_minor: Number
    attributes: Annotated[str, Document(), ERASE]


LINES = table(LineRow, "order_line", key="order_id position", part_of=ORDERS)


class PaymentRow(NamedTuple):
    """Money that arrived for an order."""

    order_id: Id
    position: Number
    amount_minor: Number
    method: Code
    reference: Annotated[str, Text(120), PLAIN]
    received_at: Annotated[datetime, PLAIN]


PAYMENTS = table(PaymentRow, "order_payment", key="order_id position", part_of=ORDERS)


class ParcelRow(NamedTuple):
    """A parcel of an order."""

    order_id: Id
    position: Number
    number: Annotated[str, Text(60), ERASE]
    carrier: Annotated[str, Text(60), PLAIN]
    shipped_at: Instant


PARCELS = table(
    ParcelRow, "order_parcel", key="order_id position", part_of=ORDERS, indexes=("number",)
)


def to_rows(order: Order) -> Rowset:
    """Return the rows of an order."""
    ref = order.external_ref
    root = OrderRow(
        order.id,
        order.number,
        order.customer_id,
        party_text(order.party),
        order.language,
        order.channel,
        order.currency,
        order.tax.minor,
        order.delivery.minor,
        order.discount.minor,
        order.total.minor,
        order.state,
        order.shown_state,
        order.flow,
        order.flow_version,
        order.placed_at,
        ref.source if ref else None,
        ref.ref if ref else None,
        bag(order.public_attributes),
        bag(order.private_attributes),
        order.version,
    )
    return {
        ORDERS: (root,),
        LINES: [_line_row(order, at, line) for at, line in enumerate(order.lines)],
        PAYMENTS: [
            PaymentRow(
                order.id, at, paid.amount.minor, paid.method, paid.reference, paid.received_at
            )
            for at, paid in enumerate(order.payments)
        ],
        PARCELS: [
            ParcelRow(order.id, at, parcel.number, parcel.carrier, parcel.shipped_at)
            for at, parcel in enumerate(order.parcels)
        ],
    }


def _line_row(order: Order, position: int, line: OrderLine) -> LineRow:
    return LineRow(
        order.id,
        position,
        line.sku,
        line.title,
        line.quantity,
        line.unit.minor,
        line.amount.minor,
        bag(line.attributes),
    )


def from_rows(root: OrderRow, parts: Rowset) -> Order:
    """Return the order that was stored."""
    currency = root.currency
    return Order(
        id=OrderId(root.id),
        number=root.number,
        customer_id=CustomerId(root.customer_id) if root.customer_id else None,
        party=party_from(root.party),
        language=root.language,
        currency=currency,
        channel=root.channel,
        lines=tuple(_line(row, currency) for row in parts[LINES]),
        tax=Money(root.tax_minor, currency),
        delivery=Money(root.delivery_minor, currency),
        discount=Money(root.discount_minor, currency),
        payments=tuple(
            Payment(
                amount=Money(row.amount_minor, currency),
                method=row.method,
                reference=row.reference,
                received_at=row.received_at,
            )
            for row in parts[PAYMENTS]
        ),
        parcels=tuple(
            Parcel(number=row.number, carrier=row.carrier, shipped_at=row.shipped_at)
            for row in parts[PARCELS]
        ),
        state=root.state,
        shown_state=root.shown_state,
        flow=root.flow,
        flow_version=root.flow_version,
        placed_at=root.placed_at,
        external_ref=ref_from(root.external_source, root.external_ref),
        public_attributes=unbag(root.public_attributes),
        private_attributes=unbag(root.private_attributes),
        version=root.version,
    )


def _line(row: LineRow, currency: str) -> OrderLine:
    return OrderLine(
        sku=row.sku,
        title=row.title,
        quantity=row.quantity,
        unit=Money(row.unit_minor, currency),
        amount=Money(row.amount_minor, currency),
        attributes=unbag(row.attributes),
    )


ORDER_FORM: Form[Order] = Form(
    kind="order",
    root=ORDERS,
    parts=(LINES, PAYMENTS, PARCELS),
    derived=(),
    to_rows=to_rows,
    from_rows=from_rows,
)
