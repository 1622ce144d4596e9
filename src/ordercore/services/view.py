"""What a query sees, and what a unit of work begins with."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from ordercore.errors import ForbiddenError, NotFoundError
from ordercore.ports.rows import Rows
from ordercore.services.repository import Repository
from ordercore.services.wiring import Wiring
from ordercore.stored.customers import CUSTOMER_FORM, CUSTOMERS, CustomerRow
from ordercore.stored.orders import ORDER_FORM
from ordercore.values.actor import Actor
from ordercore.values.ids import CustomerId, check_id

if TYPE_CHECKING:
    from ordercore.customers.customer import Customer
    from ordercore.lifecycle.reminder import Reminder
    from ordercore.orders.order import Order
    from ordercore.shopping_lists.lists import ShoppingList


class View:
    """One consistent look at the shop: repositories over rows, read only."""

    def __init__(self, wiring: Wiring, rows: Rows | None = None) -> None:
        self.wiring: Wiring = wiring
        self.actor: Actor = wiring.actor
        self._rows = rows

    @property
    def rows(self) -> Rows:
        """The rows as this view sees them."""
        assert self._rows is not None  # noqa: S101
        return self._rows

    @cached_property
    def now(self) -> datetime:
        """The instant at which this view or unit was first asked; the same throughout."""
        return self.wiring.clock.now()

    @cached_property
    def customers(self) -> Repository[Customer]:
        """Customers, tombstones of merged ones included: see `resolved`."""
        return Repository(lambda: self.rows, CUSTOMER_FORM)

    @cached_property
    def orders(self) -> Repository[Order]:
        """Orders."""
        return Repository(lambda: self.rows, ORDER_FORM)

    @cached_property
    def lists(self) -> Repository[ShoppingList]:
        """Shopping lists."""
        from ordercore.stored.shopping_lists import LIST_FORM

        return Repository(lambda: self.rows, LIST_FORM)

    @cached_property
    def reminders(self) -> Repository[Reminder]:
        """Reminders of what runs out."""
        from ordercore.stored.lifecycle import REMINDER_FORM

        return Repository(lambda: self.rows, REMINDER_FORM)

    def resolved(self, customer_id: UUID, *, lock: bool = False) -> CustomerRow:
        """Return the row of a customer, following merges to the survivor.

        Raises:
            NotFoundError: there is no such customer.
        """
        seen = check_id(customer_id, field="customer_id")
        while True:
            row = self.rows.get(CUSTOMERS, (seen,), lock=lock)
            if row is None:
                raise NotFoundError("not_found", kind="customer", id=str(customer_id))
            if row.merged_into is None:
                return row
            seen = row.merged_into

    def customer(self, customer_id: UUID) -> Customer:
        """Return a customer, following merges."""
        return self.customers.load([self.resolved(customer_id)])[0]

    def must_own(self, customer_id: UUID | None, kind: str) -> None:
        """Refuse a customer who asks for what is another's (I11).

        Raises:
            ForbiddenError: `actor.not_owner`.
        """
        acting = self.actor.customer_id
        if acting is None:
            return
        if customer_id is not None and acting != customer_id:
            acting = CustomerId(self.resolved(acting).id)
            customer_id = self.resolved(customer_id).id
        if acting != customer_id:
            raise ForbiddenError("actor.not_owner", actor=str(self.actor), kind=kind)
