"""Reminders of what runs out: planned when goods arrive, decided when they are due (LC1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from ordercore.lifecycle.reminder import SENT, Purchase, Reminder, decide_reminder, plan_reminder
from ordercore.messaging.order_letters import ReminderLetter
from ordercore.orders.order import Order
from ordercore.services.command import STAFF, Run
from ordercore.services.post import send
from ordercore.services.unit import Unit
from ordercore.stored.lifecycle import LIFESPANS, lifespan_from
from ordercore.stored.orders import ORDERS
from ordercore.values.criteria import Compare, Every
from ordercore.values.ids import ReminderId


def plan_reminders(unit: Unit, order: Order) -> None:
    """Plan one reminder for each product of an order that is known to run out."""
    if order.customer_id is None:
        return
    bought = _by_sku(order, at=unit.now)
    for row in unit.rows.among(LIFESPANS, "sku", sorted(bought)):
        reminder, planned = plan_reminder(
            lifespan_from(row),
            bought[row.sku],
            reminder_id=ReminderId(unit.ids.new()),
            customer_id=order.customer_id,
            order_id=order.id,
        )
        unit.record(planned)
        unit.reminders.add(reminder)


def _by_sku(order: Order, *, at: datetime) -> dict[str, Purchase]:
    """Return the products of an order, lines of the same one added up; used from `at` on."""
    bought: dict[str, Purchase] = {}
    for line in order.lines:
        before = bought[line.sku].quantity if line.sku in bought else 0
        bought[line.sku] = Purchase(
            sku=line.sku,
            title=line.title,
            quantity=before + line.quantity,
            at=at,
        )
    return bought


def remind(_: object, unit: Unit, reminder_id: UUID) -> None:
    """Write to the customer, unless it was bought again since."""
    was = unit.reminders.get(reminder_id)
    customer = unit.hold(was.customer_id)
    later = list(_bought_since(unit, was))
    reminder, decided = decide_reminder(
        was, later, now=unit.now, reachable=customer.email is not None
    )
    if decided is None:
        return
    unit.record(decided)
    if reminder.status == SENT:
        letter = ReminderLetter(
            name=customer.name,
            title=reminder.title,
            runs_out_on=reminder.runs_out_at.astimezone(ZoneInfo(customer.zone)).date(),
            buy_url=buy_url(unit, reminder.buy_sku),
        )
        send(unit, letter, to=customer.party, customer_id=customer.id)
    unit.reminders.save(reminder, was=was)


def _bought_since(unit: Unit, reminder: Reminder) -> Iterator[Purchase]:
    first = unit.orders.find(reminder.order_id) if reminder.order_id else None
    since = Every(
        Compare("customer_id", "eq", reminder.customer_id),
        Compare("placed_at", "gt", first.placed_at if first else reminder.started_at),
    )
    for order in unit.orders.load(unit.rows.find(ORDERS, since)):
        if order.state != "cancelled":
            yield from _by_sku(order, at=order.placed_at).values()


def buy_url(unit: Unit, sku: str) -> str:
    """Return where the shop sells a product."""
    return f"{unit.wiring.profile.base_url.rstrip('/')}/p/{quote(sku, safe='')}"


REMIND = Run("reminder.decide", STAFF, remind)
