"""Lines of a transaction file put together to orders, invoice by invoice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from ordercore.orders.imported_flow import ADJUSTED, COMPLETED, CREDITED
from ordercore.orders.order import OrderLine
from ordercore.services.importing import ForeignOrder
from ordercore.values.attributes import NO_ATTRIBUTES, Attributes
from ordercore.values.money import LARGEST
from ordercore_adapters.cli.importing.columns import Columns
from ordercore_adapters.cli.importing.csv_file import Broken, Record
from ordercore_adapters.cli.importing.readings import (
    NAME_LIMIT,
    Amounts,
    Goods,
    Head,
    UnreadableError,
    amounts,
    goods,
    head,
)

STOCK_ADJUSTMENT = "stock_adjustment"
_CANCELLATION = re.compile(r"[Cc][0-9]")
_ADJUSTMENT = re.compile(r"[Aa][0-9]")
_FLAT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


class Sold(NamedTuple):
    """One line of the file that can be taken over.

    Attributes:
        number: Its place in the file: 1 is the first after the names of the columns.
        source_row: The number that it bears itself, else its place.
    """

    number: int
    source_row: int | str
    goods: Goods
    amounts: Amounts
    head: Head


class Refused(NamedTuple):
    """One line of the file that is not taken over.

    Attributes:
        value: What it would cost; None where that cannot be read.
    """

    reason: str
    value: Decimal | None


class Reader:
    """Reads the records of one file."""

    def __init__(self, columns: Columns, *, currency: str, zone: str) -> None:
        self._width = columns.width
        self._invoice = columns.invoice_no
        self._currency, self._zone = currency, zone
        places = (
            columns.quantity, columns.unit_price, columns.stock_code, columns.description,
            columns.invoice_ts, columns.customer_id, columns.country, columns.source_row,
        )  # fmt: skip
        # What the file has no column for is read from an empty field behind the others.
        self._pick = itemgetter(*(columns.width if at is None else at for at in places))

    def invoice_of(self, record: Record) -> str | None:
        """Return the invoice that a record belongs to; None for a record that is misshapen."""
        if isinstance(record, Broken):
            return None
        width = len(record)
        if width != self._width and (width < self._width or any(record[self._width :])):
            return None
        return record[self._invoice].strip()

    def read(self, number: int, invoice: str | None, record: Record) -> Sold | Refused:
        """Return a line, or why it is not taken over."""
        if isinstance(record, Broken):
            return Refused("unreadable: quotes", None)
        if invoice is None:
            return Refused("unreadable: columns", None)
        quantity, price, sku, description, when, customer, country, row = self._pick([*record, ""])
        value = None
        try:
            found = amounts(quantity, price, self._currency)
            value = found.value
            top = head(invoice, when, self._zone, customer, country)
            sold = Sold(number, _row(row, number), goods(sku, description), found, top)
        except UnreadableError as error:
            return Refused(f"unreadable: {error}", value)
        nothing = not value and found.quantity < 0 and top.customer is None
        if nothing and not _CANCELLATION.match(invoice):
            return Refused(STOCK_ADJUSTMENT, value)
        return sold


def _row(text: str, number: int) -> int | str:
    """Return a row's own number; whatever else it calls itself, as text."""
    if text.isdecimal() and len(text) <= 18:
        return int(text)
    return _FLAT.sub(" ", text.strip())[:NAME_LIMIT] or number


# ── the lines of one invoice ──


def overflows(lines: Sequence[Sold]) -> bool:
    """Tell whether the total of an order would not fit 64 bits."""
    return sum(abs(line.amounts.amount.minor) for line in lines) > LARGEST


def order_of(invoice: str, lines: Sequence[Sold]) -> ForeignOrder:
    """Return the order that an invoice was.

    It was placed when its earliest line was, by the first customer named, from the
    first country named; a line that says otherwise says so in its attributes.
    """
    heads = list(dict.fromkeys(line.head for line in lines))
    top = Head(
        *min(each[:3] for each in heads),
        next((each.customer for each in heads if each.customer is not None), None),
        next((each.country for each in heads if each.country), ""),
    )
    extras = {each: _extra(each, top) for each in heads}
    place = Attributes({"country": top.country}) if top.country else NO_ATTRIBUTES
    return ForeignOrder(
        ref=invoice,
        placed_at=top.at,
        lines=tuple(_line(line, extras[line.head]) for line in lines),
        customer_ref=top.customer,
        customer_attributes=place,
        public_attributes=place,
        state=_state(invoice, lines, top.customer),
    )


def _extra(own: Head, top: Head) -> dict[str, object]:
    """Return what lines with a head of their own say of themselves."""
    said: dict[str, object] = {}
    if own.at != top.at or own.moved:
        said["invoice_ts"] = own.written
    if own.customer != top.customer:
        said["customer_id"] = own.customer or ""
    if own.country != top.country:
        said["country"] = own.country
    return said


def _line(line: Sold, extra: Mapping[str, object]) -> OrderLine:
    found, sold = line.amounts, line.goods
    said = {"source_row": line.source_row, **extra}
    if sold.whole is not None:
        said["description_json"] = sold.whole
    if found.price is not None:
        said["unit_price"] = found.price
    return OrderLine(
        sku=sold.sku,
        title=sold.title,
        quantity=found.quantity,
        unit=found.unit,
        amount=found.amount,
        attributes=Attributes(said),
    )


def _state(invoice: str, lines: Sequence[Sold], customer: str | None) -> str:
    if _CANCELLATION.match(invoice) and all(line.amounts.quantity <= 0 for line in lines):
        return CREDITED
    if _ADJUSTMENT.match(invoice) and customer is None:
        return ADJUSTED
    return COMPLETED
