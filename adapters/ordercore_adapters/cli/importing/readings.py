"""What the texts of a transaction line mean: amounts, moments and names, or that they mean nothing.

Shops repeat themselves, so each reading is remembered: equal texts are read once and
share one value.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from ordercore.errors import OrderCoreError
from ordercore.stored.table import EARLIEST_YEAR
from ordercore.values.attributes import TEXT_LIMIT
from ordercore.values.money import LARGEST, Money, exact_amount, minor_places, round_minor
from ordercore.values.text import check_text
from ordercore.values.times import instant, wall_to_instant
from ordercore.values.times import zone as zone_called

EXACT = Context(prec=200, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Room for two numbers of 49 digits times each other, added up for ever."""
KEPT = 1 << 15
"""How many readings of a kind are remembered."""
NAME_LIMIT = 120
"""The most characters of an invoice number, a SKU or a customer number."""
TITLE_LIMIT = 300
_FLAT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_WHOLE = re.compile(r"([0-9]+)\.0+")
_NOBODY = frozenset({"", "nan", "none", "null"})
"""What programs write for a customer whom they do not know."""
_BEFORE_OFFSET = re.compile(r"\s+(?=[+-][0-9]|Z)")


class UnreadableError(Exception):
    """A text that means nothing. Says which field."""


class Amounts(NamedTuple):
    """Quantity and price of a line, and what it costs.

    Attributes:
        unit: Rounded to the minor unit, half to even.
        amount: The exact product, rounded likewise.
        value: The exact product, in major units.
        price: The price as written, if it was rounded.
    """

    quantity: int
    unit: Money
    amount: Money
    value: Decimal
    price: str | None


class Goods(NamedTuple):
    """What was sold.

    Attributes:
        whole: The description as JSON, where the title is not the whole of it.
    """

    sku: str
    title: str
    whole: str | None


class Head(NamedTuple):
    """What the lines of one invoice have in common, as a rule.

    Attributes:
        written: The moment as the file has it.
        moved: Whether clocks skip the time that is written, so that what is meant
            is the first instant after the gap.
        customer: None for a guest.
    """

    at: datetime
    written: str
    moved: bool
    customer: str | None
    country: str


@lru_cache(KEPT)
def amounts(quantity: str, price: str, currency: str) -> Amounts:
    """Return what a line costs.

    Raises:
        UnreadableError: quantity, unit_price or amount.
    """
    count, each = _decimal(quantity, "quantity"), _decimal(price, "unit_price")
    if count != count.to_integral_value():
        raise UnreadableError("quantity")
    value = EXACT.multiply(count, each)
    try:
        unit = Money(round_minor(each, currency), currency)
        amount = Money(round_minor(value, currency), currency)
    except OrderCoreError:
        raise UnreadableError("amount") from None
    whole = EXACT.scaleb(each, minor_places(currency)) == unit.minor
    return Amounts(int(count), unit, amount, value, None if whole else price.strip())


def _decimal(text: str, field: str) -> Decimal:
    try:
        found = exact_amount(text.strip())
    except OrderCoreError:
        raise UnreadableError(field) from None
    if abs(found) > LARGEST:
        raise UnreadableError(field)
    return found


@lru_cache(KEPT)
def goods(sku: str, description: str) -> Goods:
    """Return what was sold; its title is the description on one line, cut to what is kept.

    Raises:
        UnreadableError: stock_code or description.
    """
    flat = _FLAT.sub(" ", description)[:TITLE_LIMIT]
    whole = None if flat == description else json.dumps(description)
    if whole is not None and len(whole) > TEXT_LIMIT:
        raise UnreadableError("description")
    return Goods(_name(sku, "stock_code"), _checked(flat, "description", TITLE_LIMIT), whole)


@lru_cache(KEPT)
def head(invoice: str, when: str, zone: str, customer: str, country: str) -> Head:
    """Return what stands at the head of an invoice.

    Raises:
        UnreadableError: invoice_no, invoice_ts, customer_id or country.
    """
    if not _name(invoice, "invoice_no"):
        raise UnreadableError("invoice_no")
    at, moved = _moment(when, zone)
    return Head(at, when.strip(), moved, _customer(customer), _name(country, "country"))


def _moment(text: str, zone: str) -> tuple[datetime, bool]:
    """Read an ISO 8601 date-time.

    Without an offset it is wall time in `zone`; what clocks show twice is the first
    of the two. A day alone is its midnight.
    """
    plain = _BEFORE_OFFSET.sub("", text.strip().upper().replace(" UTC", "Z"))
    moved = False
    try:
        at = datetime.fromisoformat(plain)
        if at.tzinfo is not None:
            at = instant(at)
        else:
            wall, at = at, wall_to_instant(at, zone)
            moved = at.astimezone(zone_called(zone)).replace(tzinfo=None) != wall
    except (ValueError, OverflowError, OrderCoreError):
        raise UnreadableError("invoice_ts") from None
    if at.year < EARLIEST_YEAR:
        raise UnreadableError("invoice_ts")
    return at, moved


def _customer(text: str) -> str | None:
    """Read a customer number; `17850.0` is 17850 that some program took for a number."""
    found = _name(text, "customer_id")
    if found.casefold() in _NOBODY:
        return None
    whole = _WHOLE.fullmatch(found)
    return whole[1] if whole else found


def _name(text: str, field: str) -> str:
    return _checked(text.strip(), field, NAME_LIMIT)


def _checked(text: str, field: str, limit: int) -> str:
    try:
        return check_text(text, field=field, limit=limit)
    except OrderCoreError:
        raise UnreadableError(field) from None
