"""What order verbs share: placing one, and taking a step with its letters and effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs

from ordercore.customers.customer import Customer
from ordercore.errors import ForbiddenError, NotFoundError, TakenError, TransitionError
from ordercore.messaging.order_letters import NewOrderLetter, OrderPlacedLetter
from ordercore.orders.flow import Flow
from ordercore.orders.order import Order, OrderLine, Priced, line_of, move, place
from ordercore.services.order_letters import STEP_LETTERS, about_order, deliver_to
from ordercore.services.post import send
from ordercore.services.unit import Unit
from ordercore.services.view import View
from ordercore.values.address import Party, PostalAddress
from ordercore.values.attributes import NO_ATTRIBUTES, Attributes, ExternalRef
from ordercore.values.ids import OrderId, order_number
from ordercore.values.money import Money


@attrs.frozen(kw_only=True)
class Wanted:
    """A line asked for. Staff may name a title and price of their own; customers may not."""

    sku: str
    quantity: int = 1
    title: str | None = None
    unit: Money | None = None


@attrs.frozen(kw_only=True)
class Basket:
    """What was asked of the world before the transaction: prices, and who is to be told."""

    priced: Priced
    merchant: Party | None


@attrs.frozen(kw_only=True)
class Terms:
    """How an order is placed, beside what is in it."""

    currency: str
    ship_to: PostalAddress | None = None
    channel: str = "web"
    external_ref: ExternalRef | None = None
    public_attributes: Attributes = NO_ATTRIBUTES
    private_attributes: Attributes = NO_ATTRIBUTES


def place_order(unit: Unit, customer: Customer, basket: Basket, terms: Terms) -> Order:
    """Decide and write an order for a customer who is held; telling is the caller's."""
    refuse_taken(unit, terms.external_ref)
    order, placed = place(
        OrderId(unit.ids.new()),
        order_number(unit.ids.new().int),
        customer_id=customer.id,
        party=customer.party.with_shipping(terms.ship_to),
        priced=basket.priced,
        flow=unit.wiring.flow,
        currency=terms.currency,
        channel=terms.channel,
        at=unit.now,
        external_ref=terms.external_ref,
        public_attributes=terms.public_attributes,
        private_attributes=terms.private_attributes,
    )
    unit.record(placed)
    return unit.orders.add(order)


def priced_basket(unit: Unit, wanted: Sequence[Wanted], currency: str) -> Basket:
    """Ask everything that may need a wire, before the transaction begins."""
    lines = priced_lines(unit, wanted, currency)
    directory = unit.outside.directory
    return Basket(
        priced=unit.outside.pricing.price(lines, currency=currency),
        merchant=directory.merchant() if directory else None,
    )


def priced_lines(unit: Unit, wanted: Sequence[Wanted], currency: str) -> tuple[OrderLine, ...]:
    """Look up in the catalogue what has no price of its own.

    Raises:
        NotFoundError: `catalog.not_found`.
        ForbiddenError: a customer named a price.
    """
    named = any(each.unit is not None or each.title is not None for each in wanted)
    if named and unit.actor.customer_id is not None:
        raise ForbiddenError("actor.may_not", actor=str(unit.actor), verb="name a price or title")
    listed = [each.sku for each in wanted if each.unit is None]
    offers = unit.outside.catalog.offers(listed, currency=currency, language="en") if listed else {}
    missing = [sku for sku in listed if sku not in offers]
    if missing:
        raise NotFoundError("catalog.not_found", sku=missing[0][:120])
    return tuple(
        line_of(each.sku, each.title or each.sku, each.quantity, each.unit)
        if each.unit is not None
        else line_of(
            each.sku, each.title or offers[each.sku].title, each.quantity, offers[each.sku].unit
        )
        for each in wanted
    )


def confirm(unit: Unit, order: Order, flow: Flow) -> None:
    """Confirm an order to its customer (MS2)."""
    letter = about_order(OrderPlacedLetter, order, flow, deliver_to=deliver_to(order))
    send(
        unit,
        letter,
        to=order.party,
        customer_id=order.customer_id,
        language=order.language,
    )


def tell_merchant(unit: Unit, order: Order, flow: Flow, merchant: Party | None) -> None:
    """Tell the merchant of a new order, in the merchant's language (OR8)."""
    if merchant is None:
        return
    letter = about_order(
        NewOrderLetter, order, flow, language=merchant.language, deliver_to=deliver_to(order)
    )
    send(unit, letter, to=merchant, customer_id=order.customer_id)


def refuse_taken(unit: Unit, ref: ExternalRef | None) -> None:
    """Refuse a reference that another order has.

    Raises:
        TakenError: `external_ref.taken`.
    """
    if ref is None:
        return
    same = {"external_source": ref.source, "external_ref": ref.ref}
    if unit.orders.where(same):
        raise TakenError("external_ref.taken", source=ref.source, kind="order")


def flow_of(view: View, order: Order) -> Flow:
    """Return the flow that an order began with.

    Raises:
        TransitionError: `order.flow_unknown`.
    """
    found = view.wiring.flows.get((order.flow, order.flow_version))
    if found is None:
        raise TransitionError("order.flow_unknown", flow=order.flow, version=order.flow_version)
    return found


def step(unit: Unit, order: Order, verb: str, *, was: Order, reason: str = "") -> Order:
    """Take a step of the order's flow: its event, its effects, its letters, in that order.

    Args:
        unit: The command.
        order: The order with the facts that the step may need.
        verb: A verb of its flow.
        was: The order as it was read.
        reason: In words for the customer.
    """
    unit.about(order.customer_id)
    flow = flow_of(unit, order)
    moved, taken, event = move(order, verb, flow)
    unit.record(event)
    for effect in taken.effects:
        EFFECTS[effect](unit, moved)
    for kind in taken.letters:
        letter = STEP_LETTERS[kind](moved, flow, reason)
        send(unit, letter, to=moved.party, customer_id=moved.customer_id, language=moved.language)
    return unit.orders.save(moved, was=was)


def _start_lifecycle(unit: Unit, order: Order) -> None:
    from ordercore.services.reminders import plan_reminders

    plan_reminders(unit, order)


def _no_stock(unit: Unit, order: Order) -> None:
    """Give nothing back: without a stock port, stock is not managed."""


EFFECTS: Mapping[str, Callable[[Unit, Order], None]] = {
    "start_lifecycle": _start_lifecycle,
    "restock": _no_stock,
}
"""What each effect named in a flow does."""
