"""What happens to reminders."""

from __future__ import annotations

from typing import ClassVar

import attrs

from ordercore.values.ids import CustomerId, ReminderId


@attrs.frozen(kw_only=True)
class LifespanDeclared:
    """The shop said how long a product lasts."""

    tag: ClassVar[str] = "lifecycle.declared"
    version: ClassVar[int] = 1

    sku: str
    days: int


@attrs.frozen(kw_only=True)
class ReminderPlanned:
    """A customer will hear before a product runs out."""

    tag: ClassVar[str] = "lifecycle.planned"
    version: ClassVar[int] = 1

    reminder_id: ReminderId
    customer_id: CustomerId
    sku: str


@attrs.frozen(kw_only=True)
class ReminderDecided:
    """A reminder was sent or, for the reason given, silenced."""

    tag: ClassVar[str] = "lifecycle.decided"
    version: ClassVar[int] = 1

    reminder_id: ReminderId
    status: str
    reason: str
