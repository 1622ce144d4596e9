"""Lines of a transaction file put together to orders, invoice by invoice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import attrs

from ordercore.orders.imported_flow import ADJUSTED, COMPLETED, CREDITED
from ordercore.orders.order import OrderLine
from ordercore.services.importing import ForeignOrder
from ordercore.values.attributes import NO_ATTRIBUTES, Attributes
from ordercore.values.money import LARGEST
from ordercore_adapters.cli.columns import Columns
from ordercore_adapters.cli.csv_file import Broken, Record
from ordercore_adapters.cli.readings import (
    Amounts,
    Moment,
    UnreadableError,
    amounts,
    customer,
    moment,
    name,
    title,
)

STOCK_ADJUSTMENT = "stock_adjustment"
_CANCELLATION = re.compile(r"[Cc][0-9]")
_ADJUSTMENT = re.compile(r"[Aa][0-9]")


class Sold(NamedTuple):
    """One line of the file that can be taken over.

    Attributes:
        number: Its place in the file: 1 is the first after the names of the columns.
        source_row: The number it bears itself, else its place.
    """

    number: int
    source_row: int | str
    sku: str
    title: tuple[str, str | None]
    amounts: Amounts
    moment: Moment
    customer: str | None
    country: str


class Refused(NamedTuple):
    """One line of the file that is not taken over.

    Attributes:
        value: What it would cost; None where that cannot be read.
    """

    reason: str
    value: Decimal | None


@attrs.frozen(kw_only=True)
class Reader:
    """Reads the records of one file."""

    columns: Columns
    currency: str
    zone: str

    def invoice_of(self, record: Record) -> str | None:
        """Return the invoice that a record belongs to; None for a record that is misshapen."""
        if isinstance(record, Broken):
            return None
        width = self.columns.width
        if len(record) != width and (len(record) < width or any(record[width:])):
            return None
        return record[self.columns.invoice_no].strip()

    def read(self, number: int, invoice: str | None, record: Record) -> Sold | Refused:
        """Return a line, or why it is not taken over."""
        if isinstance(record, Broken):
            return Refused("unreadable: quotes", None)
        if invoice is None:
            return Refused("unreadable: columns", None)
        at, value = self.columns, None
        try:
            found = amounts(record[at.quantity], record[at.unit_price], self.currency)
            value = found.value
            sold = Sold(
                number,
                number if at.source_row is None else _row(record[at.source_row], number),
                name(record[at.stock_code], "stock_code"),
                ("", None) if at.description is None else title(record[at.description]),
                found,
                moment(record[at.invoice_ts], self.zone),
                None if at.customer_id is None else customer(record[at.customer_id]),
                "" if at.country is None else name(record[at.country], "country"),
            )
            if not name(invoice, "invoice_no"):
                raise UnreadableError("invoice_no")
        except UnreadableError as error:
            return Refused(f"unreadable: {error}", value)
        if not value and found.quantity < 0 and sold.customer is None:
            if not _CANCELLATION.match(invoice):
                return Refused(STOCK_ADJUSTMENT, value)
        return sold


def _row(text: str, number: int) -> int | str:
    plain = text.strip()
    if plain.isascii() and plain.isdecimal() and len(plain) < 18:
        return int(plain)
    try:
        return name(plain, "source_row") or number
    except UnreadableError:
        return number


# ── the lines of one invoice ──


def overflows(lines: Sequence[Sold]) -> bool:
    """Tell whether the total of an order would not fit 64 bits."""
    return sum(abs(line.amounts.amount.minor) for line in lines) > LARGEST


def order_of(invoice: str, lines: Sequence[Sold]) -> ForeignOrder:
    """Return the order that an invoice was.

    It was placed when its earliest line was, by the first customer named, for the
    first country named; a line that says otherwise says so in its attributes.
    """
    first = min(line.moment for line in lines)
    whose = next((line.customer for line in lines if line.customer is not None), None)
    country = next((line.country for line in lines if line.country), "")
    place = Attributes({"country": country}) if country else NO_ATTRIBUTES
    return ForeignOrder(
        ref=invoice,
        placed_at=first.at,
        lines=tuple(_line(line, first, whose, country) for line in lines),
        customer_ref=whose,
        customer_attributes=place,
        public_attributes=place,
        state=_state(invoice, lines, whose),
    )


def _line(line: Sold, first: Moment, whose: str | None, country: str) -> OrderLine:
    words, whole = line.title
    found = line.amounts
    said: dict[str, object] = {"source_row": line.source_row}
    if whole is not None:
        said["description_json"] = whole
    if found.price is not None:
        said["unit_price"] = found.price
    if line.moment.at != first.at or line.moment.moved:
        said["invoice_ts"] = line.moment.text
    if line.customer != whose:
        said["customer_id"] = line.customer or ""
    if line.country != country:
        said["country"] = line.country
    return OrderLine(
        sku=line.sku,
        title=words,
        quantity=found.quantity,
        unit=found.unit,
        amount=found.amount,
        attributes=Attributes(said),
    )


def _state(invoice: str, lines: Sequence[Sold], whose: str | None) -> str:
    if _CANCELLATION.match(invoice) and all(line.amounts.quantity <= 0 for line in lines):
        return CREDITED
    if _ADJUSTMENT.match(invoice) and whose is None:
        return ADJUSTED
    return COMPLETED
