"""The shopping list desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ordercore.errors import TakenError
from ordercore.services.command import ANYONE, Desk, command, query
from ordercore.services.list_orders import keep_records
from ordercore.services.repository import expect_version
from ordercore.services.unit import Unit
from ordercore.services.view import View
from ordercore.shopping_lists.events import ListStarted
from ordercore.shopping_lists.lists import (
    ENDED,
    ListLine,
    OccurrenceRecord,
    ShoppingList,
    checked,
    edit,
    end,
    follow,
    pause,
    resume,
    settle,
    skip_next,
)
from ordercore.shopping_lists.schedule import Occurrence, Schedule, occurrence
from ordercore.stored.shopping_lists import OCCURRENCES, record_from
from ordercore.values.attributes import Attributes, ExternalRef
from ordercore.values.ids import CustomerId, ListId
from ordercore.values.money import check_currency
from ordercore.values.pages import Page, check_limit, read_cursor, write_cursor


class ShoppingListDesk(Desk):
    """What a host may ask of shopping lists; the same for customers and staff."""

    @command("list.start", may=ANYONE)
    def start(
        self,
        unit: Unit,
        customer_id: CustomerId,
        lines: Sequence[ListLine],
        *,
        name: str,
        currency: str,
        schedule: Schedule | None = None,
        external_ref: ExternalRef | None = None,
        public_attributes: Mapping[str, Any] | None = None,
        private_attributes: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> ShoppingList:
        """Begin a list; with a schedule, its first occurrence is the next one from now (SL1).

        Raises:
            TakenError: `external_ref.taken`.
        """
        unit.staff_only(external_ref, private_attributes)
        customer = unit.hold(customer_id)
        unit.must_own(customer.id, "customer")
        _refuse_taken(unit, external_ref)
        fresh = ShoppingList(
            id=ListId(unit.ids.new()),
            customer_id=customer.id,
            name=name,
            currency=check_currency(currency),
            lines=tuple(lines),
            created_at=unit.now,
            external_ref=external_ref,
            public_attributes=Attributes(public_attributes),
            private_attributes=Attributes(private_attributes),
        )
        unit.record(ListStarted(list_id=fresh.id, customer_id=customer.id))
        return unit.lists.add(follow(checked(fresh), schedule, now=unit.now))

    @command("list.edit", may=ANYONE)
    def edit(
        self,
        unit: Unit,
        list_id: ListId,
        *,
        name: str | None = None,
        lines: Sequence[ListLine] | None = None,
        schedule: Schedule | None = None,
        public_attributes: Mapping[str, Any] | None = None,
        private_attributes: Mapping[str, Any] | None = None,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> ShoppingList:
        """Change fields (SL1); None leaves one as it is. What was decided stays decided.

        Another schedule skips what was due by the old one and not yet ordered.

        Raises:
            TransitionError: `list.ended`.
        """
        unit.staff_only(private_attributes)
        was = _owned(unit, list_id, expected_version)
        changes = {
            "name": name,
            "lines": None if lines is None else tuple(lines),
            "schedule": schedule,
            "public_attributes": _attributes(public_attributes),
            "private_attributes": _attributes(private_attributes),
        }
        given = {field: value for field, value in changes.items() if value is not None}
        before = was
        if schedule is not None and schedule != was.schedule:
            before, records = settle(was, now=unit.now, reason="rescheduled")
            keep_records(unit, was, records)
        after, edited = edit(before, now=unit.now, **given)
        unit.record(edited)
        return unit.lists.save(after, was=was)

    @command("list.pause", may=ANYONE)
    def pause(
        self,
        unit: Unit,
        list_id: ListId,
        *,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> ShoppingList:
        """Order nothing until `resume`."""
        was = _owned(unit, list_id, expected_version)
        return unit.lists.save(pause(was), was=was)

    @command("list.resume", may=ANYONE)
    def resume(
        self,
        unit: Unit,
        list_id: ListId,
        *,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> ShoppingList:
        """Go on; what came round during the pause was skipped."""
        was = _owned(unit, list_id, expected_version)
        after, records = resume(was, now=unit.now)
        keep_records(unit, was, records)
        return unit.lists.save(after, was=was)

    @command("list.skip_next", may=ANYONE)
    def skip_next(
        self,
        unit: Unit,
        list_id: ListId,
        *,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> ShoppingList:
        """Skip the next occurrence."""
        was = _owned(unit, list_id, expected_version)
        after, records = skip_next(was, now=unit.now)
        keep_records(unit, was, records)
        return unit.lists.save(after, was=was)

    @command("list.end", may=ANYONE)
    def end(
        self,
        unit: Unit,
        list_id: ListId,
        *,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> ShoppingList:
        """End the list for good; its history stays."""
        was = _owned(unit, list_id, expected_version)
        settled, records = settle(was, now=unit.now, reason="ended")
        keep_records(unit, was, records)
        return unit.lists.save(end(settled), was=was)

    # ── looking ──

    @query("list.get", may=ANYONE)
    def get(self, view: View, list_id: ListId) -> ShoppingList:
        """Return a list."""
        found = view.lists.get(list_id)
        view.must_own(found.customer_id, "list")
        return found

    @query("list.of_customer", may=ANYONE)
    def of_customer(self, view: View, customer_id: CustomerId) -> list[ShoppingList]:
        """Return a customer's lists, oldest first."""
        view.must_own(customer_id, "customer")
        return view.lists.where({"customer_id": view.resolved(customer_id).id})

    @query("list.preview", may=ANYONE)
    def preview(self, view: View, list_id: ListId, *, count: int = 5) -> list[Occurrence]:
        """Return the next occurrences without an outcome (SL3)."""
        check_limit(count)
        found = view.lists.get(list_id)
        view.must_own(found.customer_id, "list")
        if found.schedule is None or found.status == ENDED:
            return []
        first = found.next_number - found.first_number
        return [occurrence(found.schedule, first + step) for step in range(count)]

    @query("list.history", may=ANYONE)
    def history(
        self, view: View, list_id: ListId, *, after: str | None = None, limit: int = 50
    ) -> Page[OccurrenceRecord]:
        """Return the outcome of each occurrence and why, the first first (SL1)."""
        check_limit(limit)
        found = view.lists.get(list_id)
        view.must_own(found.customer_id, "list")
        rows = view.rows.where(
            OCCURRENCES,
            {"list_id": list_id},
            order=("number",),
            after=None if after is None else (read_cursor(after, (int,))[0], list_id),
            limit=limit + 1,
        )
        records = [record_from(row) for row in rows[:limit]]
        return Page(records, write_cursor(records[-1].number) if len(rows) > limit else None)


def _refuse_taken(unit: Unit, ref: ExternalRef | None) -> None:
    """Refuse a reference that another list has."""
    if ref is None:
        return
    if unit.lists.where({"external_source": ref.source, "external_ref": ref.ref}):
        raise TakenError("external_ref.taken", source=ref.source, kind="list")


def _owned(unit: Unit, list_id: ListId, expected_version: int | None) -> ShoppingList:
    """Return a list that the actor may change."""
    found = unit.lists.get(list_id)
    unit.must_own(found.customer_id, "list")
    expect_version(found, expected_version, kind="list")
    unit.about(found.customer_id)
    return found


def _attributes(values: Mapping[str, Any] | None) -> Attributes | None:
    return None if values is None else Attributes(values)
