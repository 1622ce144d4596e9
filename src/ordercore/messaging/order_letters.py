"""Letters about an order, a shopping list that became one, and what runs out."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import attrs

from ordercore.messaging.letter import Audience, Letter, LetterLine, Purpose, about
from ordercore.messaging.links import is_link
from ordercore.values.money import Money

_LINES = (
    LetterLine(title="Loose red tea, 250 g", quantity=2, amount=Money(1050, "GBP"), sku="TEA-250"),
    LetterLine(title="Filter cartridge for the Alto coffee maker", quantity=1,
               amount=Money(129900, "GBP"), sku="FILTER-ALTO"),
)  # fmt: skip
_DELIVER_TO = about(
    "The lines of the delivery address; may be none",
    ("Ada Lovelace", "12 St James's Square", "SW1Y 4LB London"),
)


@attrs.frozen(kw_only=True, repr=False)
class OrderLetter(Letter):
    """What every letter about an order says."""

    number: str = attrs.field(metadata=about("The order number", "7F3K-92QX"))
    name: str = attrs.field(
        default="", metadata=about("The customer's name; may be empty", "Ada Lovelace")
    )
    lines: tuple[LetterLine, ...] = attrs.field(
        metadata=about("The lines: title, quantity, amount for the quantity, SKU", _LINES)
    )
    total: Money = attrs.field(metadata=about("What the order costs in all", Money(130950, "GBP")))
    state: str = attrs.field(
        metadata=about("The state as customers see it, in the letter's language", "In progress")
    )
    order_url: str = attrs.field(
        default="",
        validator=is_link,
        metadata=about(
            "Where the reader sees the order; may be empty",
            "https://shop.example/orders/7F3K-92QX",
        ),
    )


@attrs.frozen(kw_only=True, repr=False)
class OrderPlacedLetter(OrderLetter):
    """We have your order (OR2)."""

    kind: ClassVar[str] = "order_placed"

    deliver_to: tuple[str, ...] = attrs.field(default=(), metadata=_DELIVER_TO)


@attrs.frozen(kw_only=True, repr=False)
class NewOrderLetter(OrderLetter):
    """Tells the merchant that an order came in (OR8, MS2)."""

    kind: ClassVar[str] = "new_order"
    audience: ClassVar[Audience] = "merchant"

    deliver_to: tuple[str, ...] = attrs.field(default=(), metadata=_DELIVER_TO)


@attrs.frozen(kw_only=True, repr=False)
class OrderPaidLetter(OrderLetter):
    """We have your payment (OR2)."""

    kind: ClassVar[str] = "order_paid"


@attrs.frozen(kw_only=True, repr=False)
class OrderPackedLetter(OrderLetter):
    """Your order is packed (OR9)."""

    kind: ClassVar[str] = "order_packed"


@attrs.frozen(kw_only=True, repr=False)
class OrderShippedLetter(OrderLetter):
    """Your order is on its way, with the parcel number (OR9)."""

    kind: ClassVar[str] = "order_shipped"

    parcel_number: str = attrs.field(
        metadata=about("The carrier's number of the parcel", "JD014600006281230701")
    )
    carrier: str = attrs.field(metadata=about("Who carries the parcel", "Royal Mail"))
    tracking_url: str = attrs.field(
        default="",
        validator=is_link,
        metadata=about(
            "Where the parcel can be followed; may be empty",
            "https://carrier.example/track?parcel=JD014600006281230701&language=en",
        ),
    )


@attrs.frozen(kw_only=True, repr=False)
class OrderDeliveredLetter(OrderLetter):
    """Your order has arrived (OR2)."""

    kind: ClassVar[str] = "order_delivered"


@attrs.frozen(kw_only=True, repr=False)
class OrderCancelledLetter(OrderLetter):
    """Your order is cancelled, and why (OR7)."""

    kind: ClassVar[str] = "order_cancelled"

    reason: str = attrs.field(
        default="",
        metadata=about("Why, in words for the customer; may be empty",
                       "The tea is sold out and will not come back this season."),
    )  # fmt: skip


@attrs.frozen(kw_only=True, repr=False)
class ListOrderedLetter(OrderLetter):
    """A shopping list became an order by itself (SL2)."""

    kind: ClassVar[str] = "list_ordered"

    list_name: str = attrs.field(
        metadata=about("What the customer calls the list", "Monthly pantry")
    )
    next_on: date | None = attrs.field(
        default=None,
        metadata=about("The day of the next order; none when this was the last",
                       date(2026, 12, 22)),
    )  # fmt: skip


@attrs.frozen(kw_only=True, repr=False)
class ReminderLetter(Letter):
    """A product runs out; here is its replacement (LC1)."""

    kind: ClassVar[str] = "reminder"
    purpose: ClassVar[Purpose] = "marketing"

    name: str = attrs.field(
        default="", metadata=about("The customer's name; may be empty", "Ada Lovelace")
    )
    title: str = attrs.field(
        metadata=about("What runs out", "Filter cartridge for the Alto coffee maker")
    )
    runs_out_on: date = attrs.field(
        metadata=about("The day on which it is expected to run out", date(2026, 12, 1))
    )
    buy_url: str = attrs.field(
        validator=is_link,
        metadata=about("Where the replacement is sold", "https://shop.example/p/filter-alto"),
    )
