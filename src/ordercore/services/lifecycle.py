"""The lifecycle desk."""

from __future__ import annotations

from ordercore.lifecycle.events import LifespanDeclared
from ordercore.lifecycle.reminder import Lifespan, Reminder
from ordercore.services.command import Desk, command, query
from ordercore.services.unit import Unit
from ordercore.services.view import View
from ordercore.stored.lifecycle import LIFESPANS, REMINDERS, lifespan_from, lifespan_row
from ordercore.values.criteria import Compare
from ordercore.values.ids import CustomerId, parse_id
from ordercore.values.pages import Page, check_limit, read_cursor, write_cursor


class LifecycleDesk(Desk):
    """What a host may ask of products that run out."""

    @command("lifecycle.declare")
    def declare(
        self,
        unit: Unit,
        sku: str,
        *,
        days: int,
        notice_days: int,
        replacement_sku: str | None = None,
        idempotency_key: str | None = None,
    ) -> Lifespan:
        """Say how long one unit of a product lasts, and how long before the end to write (LC1).

        Counts for orders delivered from now on; what is planned stays planned.
        """
        lifespan = Lifespan(
            sku=sku, days=days, notice_days=notice_days, replacement_sku=replacement_sku
        )
        row = lifespan_row(lifespan)
        LIFESPANS.check(row)
        if unit.rows.get(LIFESPANS, (sku,), lock=True) is None:
            unit.rows.insert(LIFESPANS, [row])
        else:
            unit.rows.update(LIFESPANS, row, expect={})
        unit.record(LifespanDeclared(sku=sku, days=days))
        return lifespan

    @query("lifecycle.lifespans")
    def lifespans(self, view: View) -> list[Lifespan]:
        """Return every declared lifespan, by stock-keeping unit."""
        return [lifespan_from(row) for row in view.rows.stream(LIFESPANS)]

    @query("lifecycle.reminders")
    def reminders(
        self, view: View, customer_id: CustomerId, *, after: str | None = None, limit: int = 50
    ) -> Page[Reminder]:
        """Return a customer's reminders, the first planned first."""
        check_limit(limit)
        rows = view.rows.find(
            REMINDERS,
            Compare("customer_id", "eq", view.resolved(customer_id).id),
            after=None if after is None else (parse_id(read_cursor(after, (str,))[0]),),
            limit=limit + 1,
        )
        found = view.reminders.load(rows[:limit])
        return Page(found, write_cursor(str(found[-1].id)) if len(rows) > limit else None)
