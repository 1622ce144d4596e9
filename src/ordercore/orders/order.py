"""The order: lines, payments and parcels are facts; statuses are derived from them."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

import attrs

from ordercore.errors import InvalidValueError, TakenError
from ordercore.orders.events import OrderMoved, OrderPlaced, PaymentRecorded
from ordercore.orders.flow import Flow, OrderFacts, Transition, step
from ordercore.values.address import Party
from ordercore.values.attributes import NO_ATTRIBUTES, Attributes, ExternalRef
from ordercore.values.ids import CustomerId, OrderId
from ordercore.values.money import Money, total
from ordercore.values.text import check_text, masked
from ordercore.values.times import instant


@attrs.frozen(kw_only=True)
class OrderLine:
    """One line as sold: what it was called and cost on the day.

    `amount` is what the line costs. It is `unit` times `quantity`, save where a
    line was taken over from a system that priced in fractions of a minor unit.
    """

    sku: str
    title: str
    quantity: int
    unit: Money
    amount: Money
    attributes: Attributes = NO_ATTRIBUTES


@attrs.frozen(kw_only=True)
class Payment:
    """Money that arrived. `reference` is the provider's, once per order and method."""

    amount: Money
    method: str
    reference: str
    received_at: datetime


@attrs.frozen(kw_only=True)
class Parcel:
    """A parcel on its way, with the carrier's number."""

    number: str = attrs.field(repr=masked)
    carrier: str
    shipped_at: datetime


@attrs.frozen(kw_only=True)
class Order:
    """An order. Its language and flow version stay as they were when it was placed.

    `shown_state` is the last state that customers may see: `state`, unless that is hidden.
    """

    id: OrderId
    number: str
    customer_id: CustomerId | None
    party: Party = attrs.field(repr=False)
    language: str
    currency: str
    channel: str = "web"
    lines: tuple[OrderLine, ...]
    tax: Money
    delivery: Money
    discount: Money
    payments: tuple[Payment, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    state: str
    shown_state: str
    flow: str
    flow_version: int
    placed_at: datetime
    external_ref: ExternalRef | None = attrs.field(default=None, repr=masked)
    public_attributes: Attributes = NO_ATTRIBUTES
    private_attributes: Attributes = NO_ATTRIBUTES
    version: int = 0

    @property
    def goods(self) -> Money:
        """The sum of the lines."""
        return total((line.amount for line in self.lines), self.currency)

    @cached_property
    def total(self) -> Money:
        """What the customer owes: lines, tax and delivery, less discounts."""
        return self.goods + self.tax + self.delivery - self.discount

    @property
    def paid(self) -> Money:
        """What has arrived so far."""
        return total((payment.amount for payment in self.payments), self.currency)

    @property
    def facts(self) -> OrderFacts:
        """What guards may look at."""
        return OrderFacts(
            total_minor=self.total.minor,
            paid_minor=self.paid.minor,
            line_count=len(self.lines),
            parcel_count=len(self.parcels),
            attributes=self.private_attributes,
        )


@attrs.frozen(kw_only=True)
class Priced:
    """What a pricing port says of a basket: the lines and what comes on top."""

    lines: tuple[OrderLine, ...]
    tax: Money
    delivery: Money
    discount: Money


def place(
    order_id: OrderId,
    number: str,
    *,
    customer_id: CustomerId | None,
    party: Party,
    priced: Priced,
    flow: Flow,
    currency: str,
    channel: str,
    at: datetime,
    external_ref: ExternalRef | None = None,
    public_attributes: Attributes = NO_ATTRIBUTES,
    private_attributes: Attributes = NO_ATTRIBUTES,
) -> tuple[Order, OrderPlaced]:
    """Begin an order in the first state of its flow (OR1).

    Raises:
        InvalidValueError: `order.no_lines`, `order.quantity`, `money.mixed`.
    """
    if not priced.lines:
        raise InvalidValueError("order.no_lines")
    for line in priced.lines:
        check_quantity(line.quantity)
    order = Order(
        id=order_id,
        number=number,
        customer_id=customer_id,
        party=party,
        language=party.language,
        currency=currency,
        channel=channel,
        lines=priced.lines,
        tax=priced.tax,
        delivery=priced.delivery,
        discount=priced.discount,
        state=flow.initial,
        shown_state=flow.initial,
        flow=flow.name,
        flow_version=flow.version,
        placed_at=at,
        external_ref=external_ref,
        public_attributes=public_attributes,
        private_attributes=private_attributes,
    )
    placed = OrderPlaced(
        order_id=order_id, number=number, customer_id=customer_id, total=order.total
    )
    return order, placed


def move(order: Order, verb: str, flow: Flow) -> tuple[Order, Transition, OrderMoved]:
    """Take one step of the flow and return the transition with its effects and letters (OR2).

    Raises:
        TransitionError: from, to and what is allowed.
    """
    taken = step(flow, order.state, verb, order.facts)
    moved = OrderMoved(order_id=order.id, verb=verb, source=order.state, target=taken.target)
    shown = order.shown_state if flow.state(taken.target).hidden else taken.target
    return attrs.evolve(order, state=taken.target, shown_state=shown), taken, moved


def receive_payment(order: Order, payment: Payment) -> tuple[Order, PaymentRecorded]:
    """Write down that money arrived.

    Raises:
        InvalidValueError: `money.mixed`, or `number.range` for nothing or less.
        TakenError: `unique.taken`, for a payment that is written down already.
    """
    check_text(payment.reference, field="reference", limit=120)
    instant(payment.received_at, field="received_at")
    known = {(each.method, each.reference) for each in order.payments if each.reference}
    if (payment.method, payment.reference) in known:
        raise TakenError("unique.taken", constraint="payment reference")
    if payment.amount <= Money.zero(order.currency):
        raise InvalidValueError("number.range", field="amount", reason="must be above 0")
    event = PaymentRecorded(order_id=order.id, amount=payment.amount, method=payment.method)
    return attrs.evolve(order, payments=(*order.payments, payment)), event


def add_parcel(order: Order, parcel: Parcel) -> Order:
    """Write down a parcel (OR9)."""
    if not parcel.number.strip():
        raise InvalidValueError("parcel.number")
    check_text(parcel.number, field="parcel number", limit=60)
    check_text(parcel.carrier, field="carrier", limit=60)
    return attrs.evolve(order, parcels=(*order.parcels, parcel))


def check_quantity(quantity: object) -> int:
    """Return `quantity` when one can order so many."""
    if type(quantity) is not int or not 1 <= quantity <= 1_000_000:
        raise InvalidValueError("order.quantity", quantity=str(quantity)[:20])
    return quantity


def line_of(sku: str, title: str, quantity: int, unit: Money) -> OrderLine:
    """Return a line that costs `quantity` times `unit`."""
    check_text(sku, field="sku", limit=120, empty=False)
    check_text(title, field="title", limit=300)
    check_quantity(quantity)
    return OrderLine(sku=sku, title=title, quantity=quantity, unit=unit, amount=unit * quantity)
