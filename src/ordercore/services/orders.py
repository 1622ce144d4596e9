"""The order desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from ordercore.errors import NotFoundError
from ordercore.orders import flow as flows
from ordercore.orders.events import OrderEdited
from ordercore.orders.flow import Refusal
from ordercore.orders.order import Order, Parcel, Payment, add_parcel, receive_payment
from ordercore.services.command import ANYONE, Desk, command, query
from ordercore.services.importing import ForeignOrder, Sifted, TakenOver, sift, take_over
from ordercore.services.order_view import OrderView, order_view
from ordercore.services.placing import (
    Terms,
    Wanted,
    confirm,
    flow_of,
    place_order,
    priced_basket,
    refuse_taken,
    step,
    tell_merchant,
)
from ordercore.services.repository import expect_version
from ordercore.services.unit import Unit
from ordercore.services.view import View
from ordercore.stored.orders import ORDERS
from ordercore.values.address import PostalAddress
from ordercore.values.attributes import Attributes, ExternalRef
from ordercore.values.ids import CustomerId, OrderId, normal_number
from ordercore.values.money import Money, check_currency
from ordercore.values.pages import Page, after_instant, check_limit, instant_cursor
from ordercore.values.text import check_text


class OrderDesk(Desk):
    """What a host may ask of orders."""

    @command("order.place", may=ANYONE)
    def place(
        self,
        unit: Unit,
        customer_id: CustomerId,
        wanted: Sequence[Wanted],
        *,
        currency: str,
        ship_to: PostalAddress | None = None,
        channel: str = "web",
        external_ref: ExternalRef | None = None,
        public_attributes: Mapping[str, Any] | None = None,
        private_attributes: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> Order:
        """Place an order and tell customer and merchant (OR1).

        Raises:
            NotFoundError: `catalog.not_found`, or no such customer.
            InvalidValueError: `order.no_lines`, `order.quantity` and the like.
        """
        unit.staff_only(external_ref, private_attributes)
        terms = Terms(
            currency=check_currency(currency),
            ship_to=ship_to,
            channel=check_text(channel, field="channel", limit=60, empty=False),
            external_ref=external_ref,
            public_attributes=Attributes(public_attributes),
            private_attributes=Attributes(private_attributes),
        )
        basket = priced_basket(unit, wanted, currency)
        customer = unit.hold(customer_id)
        unit.must_own(customer.id, "customer")
        order = place_order(unit, customer, basket, terms)
        confirm(unit, order, unit.wiring.flow)
        tell_merchant(unit, order, unit.wiring.flow, basket.merchant)
        return order

    @command("order.pay")
    def pay(
        self,
        unit: Unit,
        order_id: OrderId,
        amount: Money,
        *,
        method: str,
        reference: str = "",
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Order:
        """Write down money that arrived; paid in full, the order moves on (OR2)."""
        check_text(method, field="method", limit=60, empty=False)
        was = unit.orders.get(order_id, expected_version=expected_version)
        payment = Payment(amount=amount, method=method, reference=reference, received_at=unit.now)
        order, received = receive_payment(was, payment)
        unit.record(received)
        flow = flow_of(unit, order)
        if "pay" in flows.allowed(flow, order.state, order.facts):
            return step(unit, order, "pay", was=was)
        if not flow.ways(order.state, "pay"):
            flows.step(flow, order.state, "pay", order.facts)
        unit.about(order.customer_id)
        return unit.orders.save(order, was=was)

    @command("order.move")
    def move(
        self,
        unit: Unit,
        order_id: OrderId,
        verb: str,
        *,
        reason: str = "",
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Order:
        """Take the step of the order's flow that `verb` names, with its effects (OR2).

        Raises:
            TransitionError: from, to and what is allowed.
        """
        was = unit.orders.get(order_id, expected_version=expected_version)
        return step(unit, was, verb, was=was, reason=reason)

    @command("order.pack")
    def pack(
        self,
        unit: Unit,
        order_id: OrderId,
        *,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Order:
        """Say that the goods are packed (OR9)."""
        was = unit.orders.get(order_id, expected_version=expected_version)
        return step(unit, was, "pack", was=was)

    @command("order.ship")
    def ship(
        self,
        unit: Unit,
        order_id: OrderId,
        *,
        parcel_number: str,
        carrier: str = "",
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Order:
        """Hand a parcel to the carrier and send its number to the customer (OR9)."""
        was = unit.orders.get(order_id, expected_version=expected_version)
        parcel = Parcel(number=parcel_number, carrier=carrier, shipped_at=unit.now)
        return step(unit, add_parcel(was, parcel), "ship", was=was)

    @command("order.deliver")
    def deliver(
        self,
        unit: Unit,
        order_id: OrderId,
        *,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Order:
        """Say that the goods arrived; reminders of what runs out begin here (OR2, LC1)."""
        was = unit.orders.get(order_id, expected_version=expected_version)
        return step(unit, was, "deliver", was=was)

    @command("order.cancel", may=ANYONE)
    def cancel(
        self,
        unit: Unit,
        order_id: OrderId,
        *,
        reason: str = "",
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Order:
        """Cancel an order and tell the customer why (OR2, OR7)."""
        was = unit.orders.get(order_id)
        unit.must_own(was.customer_id, "order")
        expect_version(was, expected_version, kind="order")
        return step(unit, was, "cancel", was=was, reason=reason)

    @command("order.edit")
    def edit(
        self,
        unit: Unit,
        order_id: OrderId,
        *,
        external_ref: ExternalRef | None = None,
        public_attributes: Mapping[str, Any] | None = None,
        private_attributes: Mapping[str, Any] | None = None,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Order:
        """Change what the host hung on an order; None leaves a field as it is.

        Raises:
            TakenError: `external_ref.taken`.
        """
        was = unit.orders.get(order_id, expected_version=expected_version)
        unit.about(was.customer_id)
        changes: dict[str, Any] = {}
        if external_ref is not None:
            if external_ref != was.external_ref:
                refuse_taken(unit, external_ref)
            changes["external_ref"] = external_ref
        if public_attributes is not None:
            changes["public_attributes"] = Attributes(public_attributes)
        if private_attributes is not None:
            changes["private_attributes"] = Attributes(private_attributes)
        unit.record(OrderEdited(order_id=was.id))
        return unit.orders.save(attrs.evolve(was, **changes), was=was)

    @command("order.import")
    def take_over(
        self,
        unit: Unit,
        orders: Sequence[ForeignOrder],
        *,
        source: str,
        idempotency_key: str | None = None,
    ) -> TakenOver:
        """Take over orders of another system, each once, with their customers; nobody is told.

        Raises:
            TakenError: `external_ref.taken`, for a reference that stands twice in `orders`.
            InvalidValueError: for the first value that cannot be kept.
        """
        return take_over(unit, orders, source=source)

    # ── looking ──

    @query("order.sift")
    def sift(self, view: View, orders: Sequence[ForeignOrder], *, source: str) -> Sifted:
        """Return which orders of another system the shop has not, or has otherwise."""
        return sift(view, orders, source=source)

    @query("order.get")
    def get(self, view: View, order_id: OrderId) -> Order:
        """Return an order as staff see it."""
        return view.orders.get(order_id)

    @query("order.by_number")
    def by_number(self, view: View, number: str) -> Order:
        """Return the order with this number, however it was typed."""
        wanted = normal_number(number)
        known = wanted.isascii() and wanted.isprintable()
        found = view.orders.where({"number": wanted}) if known else []
        if not found:
            raise NotFoundError("not_found", kind="order", id="with this number")
        return found[0]

    @query("order.by_ref")
    def by_ref(self, view: View, ref: ExternalRef) -> Order:
        """Return the order that another system knows by this reference."""
        found = view.orders.where({"external_source": ref.source, "external_ref": ref.ref})
        if not found:
            raise NotFoundError("not_found", kind="order", id=ref.source)
        return found[0]

    @query("order.list")
    def of_customer(
        self, view: View, customer_id: CustomerId, *, after: str | None = None, limit: int = 20
    ) -> Page[Order]:
        """Return a customer's orders, newest first; `after` is the page before's `next`."""
        return _newest(view, customer_id, after, limit)

    @query("order.view", may=ANYONE)
    def view(self, view: View, order_id: OrderId, *, language: str | None = None) -> OrderView:
        """Return an order as its customer sees it: no private attribute, no hidden state (OR2).

        Raises:
            ForbiddenError: a customer asks for somebody else's.
        """
        order = view.orders.get(order_id)
        view.must_own(order.customer_id, "order")
        return order_view(order, flow_of(view, order), language or order.language)

    @query("order.views", may=ANYONE)
    def views(
        self,
        view: View,
        customer_id: CustomerId,
        *,
        language: str | None = None,
        after: str | None = None,
        limit: int = 20,
    ) -> Page[OrderView]:
        """Return a customer's orders as that customer sees them, newest first (OR2).

        Raises:
            ForbiddenError: a customer asks for somebody else's.
        """
        view.must_own(customer_id, "customer")
        page = _newest(view, customer_id, after, limit)
        shown = [
            order_view(order, flow_of(view, order), language or order.language)
            for order in page.items
        ]
        return Page(shown, page.next)

    @query("order.why_not")
    def why_not(self, view: View, order_id: OrderId) -> dict[str, Refusal]:
        """Return every verb of the flow that is closed now, and why (OR2)."""
        order = view.orders.get(order_id)
        return flows.why_not(flow_of(view, order), order.state, order.facts)

    @query("order.allowed")
    def allowed(self, view: View, order_id: OrderId) -> tuple[str, ...]:
        """Return the verbs that are open now."""
        order = view.orders.get(order_id)
        return flows.allowed(flow_of(view, order), order.state, order.facts)


def _newest(view: View, customer_id: CustomerId, after: str | None, limit: int) -> Page[Order]:
    check_limit(limit)
    rows = view.rows.where(
        ORDERS,
        {"customer_id": view.resolved(customer_id).id},
        order=("-placed_at", "-id"),
        after=after_instant(after),
        limit=limit + 1,
    )
    found = view.orders.load(rows[:limit])
    if len(rows) <= limit:
        return Page(found)
    return Page(found, instant_cursor(found[-1].placed_at, found[-1].id))
