"""Reminding a customer some days before a product runs out (LC1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs

from ordercore.errors import InvalidValueError
from ordercore.lifecycle.events import ReminderDecided, ReminderPlanned
from ordercore.values.attributes import NO_ATTRIBUTES, Attributes, ExternalRef
from ordercore.values.ids import CustomerId, OrderId, ReminderId
from ordercore.values.text import check_text, masked

WAITING, SENT, SILENCED = "waiting", "sent", "silenced"
MOST_DAYS = 3650


@attrs.frozen(kw_only=True)
class Lifespan:
    """How long one unit of a product lasts, and what replaces it.

    Attributes:
        days: For one unit; two last twice as long.
        notice_days: How long before the end the customer is told; shorter than `days`.
        replacement_sku: What to buy then; None for the same again.
    """

    sku: str
    days: int
    notice_days: int
    replacement_sku: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what never ends, or is over before it begins."""
        check_text(self.sku, field="sku", limit=120, empty=False)
        if self.replacement_sku is not None:
            check_text(self.replacement_sku, field="replacement_sku", limit=120, empty=False)
        whole = type(self.days) is int and type(self.notice_days) is int
        if not whole or not 0 <= self.notice_days < self.days <= MOST_DAYS:
            raise InvalidValueError("lifespan.days")

    @property
    def buy(self) -> str:
        """What to buy when it runs out."""
        return self.replacement_sku or self.sku


@attrs.frozen(kw_only=True)
class Purchase:
    """A product that a customer bought, without the order it was on."""

    sku: str
    title: str
    quantity: int
    at: datetime


@attrs.frozen(kw_only=True)
class Reminder:
    """One customer, one product, one date. Sent once, or silenced for a reason."""

    id: ReminderId
    customer_id: CustomerId
    order_id: OrderId | None
    sku: str
    title: str
    buy_sku: str
    quantity: int
    started_at: datetime
    remind_at: datetime
    runs_out_at: datetime
    status: str = WAITING
    reason: str = ""
    external_ref: ExternalRef | None = attrs.field(default=None, repr=masked)
    public_attributes: Attributes = NO_ATTRIBUTES
    private_attributes: Attributes = NO_ATTRIBUTES
    version: int = 0

    @property
    def due_at(self) -> datetime | None:
        """When to look at it; None once it is settled."""
        return self.remind_at if self.status == WAITING else None


def plan_reminder(
    lifespan: Lifespan,
    purchase: Purchase,
    *,
    reminder_id: ReminderId,
    customer_id: CustomerId,
    order_id: OrderId | None,
) -> tuple[Reminder, ReminderPlanned]:
    """Plan to write before what was bought runs out.

    The days are counted from the instant of the purchase, so a reminder goes out
    at the time of day at which the goods arrived.
    """
    days = min(lifespan.days * purchase.quantity, MOST_DAYS)
    runs_out_at = purchase.at + timedelta(days=days)
    reminder = Reminder(
        id=reminder_id,
        customer_id=customer_id,
        order_id=order_id,
        sku=purchase.sku,
        title=purchase.title,
        buy_sku=lifespan.buy,
        quantity=purchase.quantity,
        started_at=purchase.at,
        remind_at=runs_out_at - timedelta(days=lifespan.notice_days),
        runs_out_at=runs_out_at,
    )
    event = ReminderPlanned(reminder_id=reminder_id, customer_id=customer_id, sku=purchase.sku)
    return reminder, event


def decide_reminder(
    reminder: Reminder, later: Sequence[Purchase], *, now: datetime, reachable: bool = True
) -> tuple[Reminder, ReminderDecided | None]:
    """Decide whether to write now: not when the customer has bought it again since.

    Args:
        reminder: The reminder.
        later: What the customer bought after it began.
        now: The present instant.
        reachable: Whether there is an address to write to.

    Returns:
        The reminder with its status; unchanged, and no event, when it is not yet
        time or already settled.
    """
    if reminder.status != WAITING or now < reminder.remind_at:
        return reminder, None
    again = {purchase.sku for purchase in later} & {reminder.sku, reminder.buy_sku}
    reason = "bought_again" if again else "" if reachable else "no_address"
    status = SILENCED if reason else SENT
    event = ReminderDecided(reminder_id=reminder.id, status=status, reason=reason)
    return attrs.evolve(reminder, status=status, reason=reason), event
