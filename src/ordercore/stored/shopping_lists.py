"""Shopping lists as rows; the outcomes of their occurrences are a history of their own."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import Annotated, NamedTuple
from uuid import UUID

from ordercore.shopping_lists.lists import ListLine, OccurrenceRecord, ShoppingList
from ordercore.shopping_lists.schedule import Schedule, Weekly
from ordercore.stored.agenda import WAKES, WakeRow
from ordercore.stored.codec import bag, canonical, ref_from, unbag
from ordercore.stored.form import Form, Rowset
from ordercore.stored.table import (
    ERASE,
    PLAIN,
    Bag,
    Code,
    Currency,
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
from ordercore.values.ids import CustomerId, ListId, OrderId

LIST_DUE = "list.due"


class ListRow(NamedTuple):
    """A list's root, its schedule as canonical JSON."""

    id: Id
    customer_id: CustomerMoves
    name: Annotated[str, Text(100), ERASE]
    currency: Currency
    status: Code
    schedule: Annotated[str | None, Text(500), PLAIN]
    next_number: Number
    first_number: Number
    decided_until: Annotated[datetime | None, PLAIN]
    created_at: Instant
    external_source: Source
    external_ref: ExternalKey
    public_attributes: Bag
    private_attributes: Bag
    version: Version


LISTS = table(
    ListRow,
    "list",
    key="id",
    uniques={"uq_list_external_ref": "external_source external_ref"},
    indexes=("customer_id id",),
    versioned=True,
)


class ListLineRow(NamedTuple):
    """One line of a list."""

    list_id: Id
    position: Number
    sku: Annotated[str, Text(120), PLAIN]
    quantity: Number


LIST_LINES = table(ListLineRow, "list_line", key="list_id position", part_of=LISTS)


class OccurrenceRow(NamedTuple):
    """The outcome of one occurrence; `local` is the wall time, `YYYY-MM-DDTHH:MM:SS`."""

    list_id: Id
    number: Number
    local: Annotated[str, Text(19), PLAIN]
    due_at: Instant
    outcome: Code
    reason: Annotated[str, Text(120), PLAIN]
    order_id: Annotated[UUID | None, PLAIN]
    decided_at: Instant


OCCURRENCES = table(
    OccurrenceRow,
    "list_occurrence",
    key="list_id number",
    uniques={"uq_occurrence_local": "list_id local", "uq_occurrence_order": "order_id"},
    part_of=LISTS,
)


def to_rows(shopping_list: ShoppingList) -> Rowset:
    """Return the rows of a list, its alarm among them."""
    ref, schedule, due_at = shopping_list.external_ref, shopping_list.schedule, shopping_list.due_at
    root = ListRow(
        shopping_list.id,
        shopping_list.customer_id,
        shopping_list.name,
        shopping_list.currency,
        shopping_list.status,
        schedule_text(schedule) if schedule else None,
        shopping_list.next_number,
        shopping_list.first_number,
        shopping_list.decided_until,
        shopping_list.created_at,
        ref.source if ref else None,
        ref.ref if ref else None,
        bag(shopping_list.public_attributes),
        bag(shopping_list.private_attributes),
        shopping_list.version,
    )
    return {
        LISTS: (root,),
        LIST_LINES: [
            ListLineRow(shopping_list.id, at, line.sku, line.quantity)
            for at, line in enumerate(shopping_list.lines)
        ],
        WAKES: [WakeRow(shopping_list.id, LIST_DUE, due_at)] if due_at else [],
    }


def from_rows(root: ListRow, parts: Rowset) -> ShoppingList:
    """Return the list that was stored."""
    return ShoppingList(
        id=ListId(root.id),
        customer_id=CustomerId(root.customer_id),
        name=root.name,
        currency=root.currency,
        status=root.status,
        lines=tuple(ListLine(sku=row.sku, quantity=row.quantity) for row in parts[LIST_LINES]),
        schedule=schedule_from(root.schedule) if root.schedule else None,
        next_number=root.next_number,
        first_number=root.first_number,
        decided_until=root.decided_until,
        created_at=root.created_at,
        external_ref=ref_from(root.external_source, root.external_ref),
        public_attributes=unbag(root.public_attributes),
        private_attributes=unbag(root.private_attributes),
        version=root.version,
    )


def schedule_text(schedule: Schedule) -> str:
    """Return a schedule as stored: its kind and what that kind needs."""
    return canonical(
        {
            "kind": "weekly",
            "weekdays": list(schedule.weekdays),
            "every": schedule.every,
            "at": schedule.at.isoformat(),
            "zone": schedule.zone,
            "anchor_on": schedule.anchor_on.isoformat(),
        }
    )


def schedule_from(text: str) -> Schedule:
    """Return the schedule that was stored."""
    fields = json.loads(text)
    return Weekly(
        weekdays=tuple(fields["weekdays"]),
        every=fields["every"],
        at=time.fromisoformat(fields["at"]),
        zone=fields["zone"],
        anchor_on=date.fromisoformat(fields["anchor_on"]),
    )


def record_row(list_id: ListId, record: OccurrenceRecord) -> OccurrenceRow:
    """Return the row of an outcome."""
    return OccurrenceRow(
        list_id,
        record.number,
        record.local.isoformat(timespec="seconds"),
        record.due_at,
        record.outcome,
        record.reason,
        record.order_id,
        record.decided_at,
    )


def record_from(row: OccurrenceRow) -> OccurrenceRecord:
    """Return the outcome that was stored."""
    return OccurrenceRecord(
        number=row.number,
        local=datetime.fromisoformat(row.local),
        due_at=row.due_at,
        outcome=row.outcome,
        reason=row.reason,
        order_id=OrderId(row.order_id) if row.order_id else None,
        decided_at=row.decided_at,
    )


LIST_FORM: Form[ShoppingList] = Form(
    kind="list",
    root=LISTS,
    parts=(LIST_LINES,),
    derived=(WAKES,),
    to_rows=to_rows,
    from_rows=from_rows,
)
