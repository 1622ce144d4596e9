"""Lifespans and reminders as rows."""

from __future__ import annotations

from typing import Annotated, NamedTuple
from uuid import UUID

from ordercore.lifecycle.reminder import Lifespan, Reminder
from ordercore.stored.agenda import WAKES, WakeRow
from ordercore.stored.codec import bag, ref_from, unbag
from ordercore.stored.form import Form, Rowset
from ordercore.stored.table import (
    PLAIN,
    Bag,
    Code,
    CustomerMoves,
    ExternalKey,
    Id,
    Instant,
    Number,
    Source,
    Text,
    Version,
    table,
)
from ordercore.values.ids import CustomerId, OrderId, ReminderId

REMINDER_DUE = "reminder.due"
Sku = Annotated[str, Text(120), PLAIN]


class LifespanRow(NamedTuple):
    """How long a product lasts."""

    sku: Sku
    days: Number
    notice_days: Number
    replacement_sku: Annotated[str | None, Text(120), PLAIN]


LIFESPANS = table(LifespanRow, "lifespan", key="sku")


class ReminderRow(NamedTuple):
    """A reminder's root."""

    id: Id
    customer_id: CustomerMoves
    order_id: Annotated[UUID | None, PLAIN]
    sku: Sku
    title: Annotated[str, Text(300), PLAIN]
    buy_sku: Sku
    quantity: Number
    started_at: Instant
    remind_at: Instant
    runs_out_at: Instant
    status: Code
    reason: Annotated[str, Text(120), PLAIN]
    external_source: Source
    external_ref: ExternalKey
    public_attributes: Bag
    private_attributes: Bag
    version: Version


REMINDERS = table(
    ReminderRow,
    "reminder",
    key="id",
    uniques={
        "uq_reminder_once": "order_id sku",
        "uq_reminder_external_ref": "external_source external_ref",
    },
    indexes=("customer_id id",),
    versioned=True,
)


def to_rows(reminder: Reminder) -> Rowset:
    """Return the rows of a reminder, its alarm among them."""
    ref, due_at = reminder.external_ref, reminder.due_at
    root = ReminderRow(
        reminder.id,
        reminder.customer_id,
        reminder.order_id,
        reminder.sku,
        reminder.title,
        reminder.buy_sku,
        reminder.quantity,
        reminder.started_at,
        reminder.remind_at,
        reminder.runs_out_at,
        reminder.status,
        reminder.reason,
        ref.source if ref else None,
        ref.ref if ref else None,
        bag(reminder.public_attributes),
        bag(reminder.private_attributes),
        reminder.version,
    )
    wakes = [WakeRow(reminder.id, REMINDER_DUE, due_at)] if due_at else []
    return {REMINDERS: (root,), WAKES: wakes}


def from_rows(root: ReminderRow, _: Rowset) -> Reminder:
    """Return the reminder that was stored."""
    return Reminder(
        id=ReminderId(root.id),
        customer_id=CustomerId(root.customer_id),
        order_id=OrderId(root.order_id) if root.order_id else None,
        sku=root.sku,
        title=root.title,
        buy_sku=root.buy_sku,
        quantity=root.quantity,
        started_at=root.started_at,
        remind_at=root.remind_at,
        runs_out_at=root.runs_out_at,
        status=root.status,
        reason=root.reason,
        external_ref=ref_from(root.external_source, root.external_ref),
        public_attributes=unbag(root.public_attributes),
        private_attributes=unbag(root.private_attributes),
        version=root.version,
    )


def lifespan_row(lifespan: Lifespan) -> LifespanRow:
    """Return the row of a lifespan."""
    return LifespanRow(lifespan.sku, lifespan.days, lifespan.notice_days, lifespan.replacement_sku)


def lifespan_from(row: LifespanRow) -> Lifespan:
    """Return the lifespan that was stored."""
    return Lifespan(
        sku=row.sku,
        days=row.days,
        notice_days=row.notice_days,
        replacement_sku=row.replacement_sku,
    )


REMINDER_FORM: Form[Reminder] = Form(
    kind="reminder",
    root=REMINDERS,
    parts=(),
    derived=(WAKES,),
    to_rows=to_rows,
    from_rows=from_rows,
)
