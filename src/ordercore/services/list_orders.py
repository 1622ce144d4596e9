"""A list that is due becomes an order, exactly once (SL2).

The alarm only says when to look. Which occurrences are due is decided from the
list, whose version is the fence: order, outcomes and the list's next number are
one transaction, so a second worker finds the list moved on.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from ordercore.errors import RuleError, StaleError
from ordercore.messaging.order_letters import ListOrderedLetter
from ordercore.orders.order import Order
from ordercore.services.command import STAFF, Run
from ordercore.services.order_letters import about_order
from ordercore.services.placing import (
    Basket,
    Terms,
    Wanted,
    place_order,
    priced_basket,
    tell_merchant,
)
from ordercore.services.post import send
from ordercore.services.unit import Unit
from ordercore.shopping_lists.events import ListDecided
from ordercore.shopping_lists.lists import OccurrenceRecord, ShoppingList, decide, outcome_of
from ordercore.stored.shopping_lists import LISTS, OCCURRENCES, record_row


def order_due(_: object, unit: Unit, list_id: UUID) -> None:
    """Decide whatever is due on a list, and place the order if one is."""
    seen = unit.outside.glance(lambda view: view.lists.get(list_id))
    basket = _basket(unit, seen) if decide(seen, now=unit.now).to_order else None
    was = unit.lists.get(list_id)
    if was.version != seen.version:
        raise StaleError("store.stale", table=LISTS.name)
    decision = decide(was, now=unit.now)
    records = list(decision.records)
    if decision.to_order is not None and basket is not None:
        order = _place(unit, was, basket) if isinstance(basket, Basket) else None
        records.append(
            outcome_of(
                was,
                decision.to_order,
                now=unit.now,
                order_id=order.id if order else None,
                reason=basket.code if isinstance(basket, RuleError) else "",
            )
        )
        if order is not None and isinstance(basket, Basket):
            _tell(unit, decision.after, order, basket)
    keep_records(unit, was, records)
    unit.lists.save(decision.after, was=was)


def keep_records(
    unit: Unit, shopping_list: ShoppingList, records: Sequence[OccurrenceRecord]
) -> None:
    """Write outcomes down; the database keeps any from having two."""
    rows = [record_row(shopping_list.id, record) for record in records]
    for row in rows:
        OCCURRENCES.check(row)
    if rows:
        unit.rows.insert(OCCURRENCES, rows)
    for record in records:
        unit.record(
            ListDecided(
                list_id=shopping_list.id,
                number=record.number,
                outcome=record.outcome,
                reason=record.reason,
                order_id=record.order_id,
            )
        )


def _basket(unit: Unit, shopping_list: ShoppingList) -> Basket | RuleError:
    """Price the list; what the domain refuses is the reason to park the occurrence."""
    wanted = [Wanted(sku=line.sku, quantity=line.quantity) for line in shopping_list.lines]
    try:
        return priced_basket(unit, wanted, shopping_list.currency)
    except RuleError as refusal:
        return refusal


def _place(unit: Unit, shopping_list: ShoppingList, basket: Basket) -> Order:
    customer = unit.hold(shopping_list.customer_id)
    terms = Terms(currency=shopping_list.currency, channel="list")
    return place_order(unit, customer, basket, terms)


def _tell(unit: Unit, shopping_list: ShoppingList, order: Order, basket: Basket) -> None:
    """Tell the customer which list was ordered and when it is next; tell the merchant too."""
    flow, upcoming = unit.wiring.flow, shopping_list.next
    letter = about_order(
        ListOrderedLetter,
        order,
        flow,
        list_name=shopping_list.name,
        next_on=upcoming.local.date() if upcoming else None,
    )
    send(unit, letter, to=order.party, customer_id=order.customer_id, language=order.language)
    tell_merchant(unit, order, flow, basket.merchant)


ORDER_DUE = Run("list.order_due", STAFF, order_due)
