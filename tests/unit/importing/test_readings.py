"""What the texts of a transaction line mean."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.values.money import Money
from ordercore_adapters.cli.importing.readings import (
    TITLE_LIMIT,
    Head,
    UnreadableError,
    amounts,
    goods,
    head,
)


def _head(
    invoice: str = "1",
    when: str = "2010-12-01 08:26:00",
    zone: str = "Europe/London",
    customer: str = "",
    country: str = "",
) -> Head:
    return head(invoice, when, zone, customer, country)


# ── amounts ──


@pytest.mark.parametrize(
    ("quantity", "price", "currency", "unit", "amount", "kept"),
    [
        ("6", "2.55", "GBP", 255, 1530, None),
        (" -6 ", "2.55", "GBP", 255, -1530, None),
        ("6.0", "2.550", "GBP", 255, 1530, None),
        ("1", "-11062.06", "GBP", -1106206, -1106206, None),
        ("3", "0.001", "GBP", 0, 0, "0.001"),
        ("1000", "0.001", "GBP", 0, 100, "0.001"),
        ("1", "0.125", "GBP", 12, 12, "0.125"),
        ("3", "0.125", "GBP", 12, 38, "0.125"),
        ("2", "149.5", "JPY", 150, 299, "149.5"),
        ("2", "1.255", "BHD", 1255, 2510, None),
    ],
)
def test_amounts_are_rounded_line_by_line_half_to_even(
    quantity: str, price: str, currency: str, unit: int, amount: int, kept: str | None
) -> None:
    """The exact product is rounded once; a price with fractions is kept as written."""
    found = amounts(quantity, price, currency)
    assert (found.unit, found.amount) == (Money(unit, currency), Money(amount, currency))
    assert found.price == kept


@given(st.integers(-(10**9), 10**9), st.decimals(-(10**6), 10**6, places=4))
def test_the_value_is_exact(quantity: int, price: Decimal) -> None:
    """Quantity times price, to the last digit, and the amount within half a penny of it."""
    found = amounts(str(quantity), f"{price:f}", "GBP")
    assert found.value == quantity * price
    assert abs(found.value * 100 - found.amount.minor) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("quantity", "price", "field"),
    [
        ("", "1", "quantity"),
        ("1.5", "1", "quantity"),
        ("1e3", "1", "quantity"),
        ("1,000", "1", "quantity"),
        ("NaN", "1", "quantity"),
        (str(2**63), "1", "quantity"),
        ("٣", "1", "quantity"),
        ("1", "", "unit_price"),
        ("1", "£2.55", "unit_price"),
        ("1", "9" * 40, "unit_price"),
        (str(2**62), "2.00", "amount"),
        ("1", "99999999999999999", "amount"),
    ],
)
def test_what_is_no_amount_is_said_by_field(quantity: str, price: str, field: str) -> None:
    """Numbers that are none, or that no database holds, are named."""
    with pytest.raises(UnreadableError, match=f"^{field}$"):
        amounts(quantity, price, "GBP")


# ── moments ──


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2010-12-01 08:26:00", "2010-12-01T08:26:00"),
        (" 2010-12-01T08:26 ", "2010-12-01T08:26:00"),
        ("20101201T082600", "2010-12-01T08:26:00"),
        ("2010-12-01", "2010-12-01T00:00:00"),
        ("2010-12-01T08:26:00.250", "2010-12-01T08:26:00.250000"),
        ("2010-12-01T08:26:00Z", "2010-12-01T08:26:00"),
        ("2010-12-01t08:26:00z", "2010-12-01T08:26:00"),
        ("2010-12-01 08:26:00 UTC", "2010-12-01T08:26:00"),
        ("2010-12-01 10:26:00+02", "2010-12-01T08:26:00"),
        ("2010-12-01 10:26:00 +0200", "2010-12-01T08:26:00"),
        ("2011-06-01 08:26:00", "2011-06-01T07:26:00"),
        ("2011-10-30 01:30:00", "2011-10-30T00:30:00"),
    ],
)
def test_moments_are_iso_8601_in_the_zone_of_the_file(text: str, instant: str) -> None:
    """With an offset it counts, without one the zone's clocks; twice shown means the first time."""
    assert _head(when=text).at == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert not _head(when=text).moved


def test_a_time_that_the_clocks_skip_is_the_first_after_it() -> None:
    """And says so, since the instant alone no longer tells what was written."""
    found = _head(when="2011-03-27 01:30:00")
    assert (found.at, found.moved) == (datetime(2011, 3, 27, 1, 0, tzinfo=UTC), True)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "1/12/2010 08:26", "2010-13-01", "2010-12-01 24:01", "0999-12-31",
     "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "1291191960"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(text: str) -> None:
    """Other spellings are guesses, and some instants no database holds."""
    with pytest.raises(UnreadableError, match="invoice_ts"):
        _head(when=text)


# ── names ──


@pytest.mark.parametrize(
    ("text", "customer"),
    [
        ("17850", "17850"),
        (" 17850 ", "17850"),
        ("17850.0", "17850"),
        ("0017850", "0017850"),
        ("178.50", "178.50"),
        ("C-17.0b", "C-17.0b"),
        ("", None),
        ("  ", None),
        ("nan", None),
        ("NULL", None),
        ("None", None),
    ],
)
def test_customers_that_went_through_a_spreadsheet(text: str, customer: str | None) -> None:
    """A number with a decimal point is a number; what programs write for nobody is nobody."""
    assert _head(customer=text).customer == customer


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"invoice": ""}, "invoice_no"),
        ({"invoice": "x" * 121}, "invoice_no"),
        ({"customer": "a\x00b"}, "customer_id"),
        ({"country": "caf\udce9"}, "country"),
    ],
)
def test_what_cannot_be_a_name_is_said_by_field(fields: dict[str, str], reason: str) -> None:
    """Nothing, too much, control characters and bytes of no letter."""
    with pytest.raises(UnreadableError, match=f"^{reason}$"):
        _head(**fields)


def test_a_title_is_the_description_on_one_line() -> None:
    """Outer space stays; line ends become a space, and the whole is kept as JSON."""
    assert goods("A", " RED MUG ")[1:] == (" RED MUG ", None)
    text = "RED\r\nMUG\x00\tbig"
    title, whole = goods("A", text)[1:]
    assert (title, json.loads(whole or "")) == ("RED MUG big", text)


@given(st.text(max_size=2 * TITLE_LIMIT))
def test_no_description_is_lost(text: str) -> None:
    """The title, or the JSON beside it, is the description; it fits, or the row is refused."""
    try:
        found = goods("A", text)
    except UnreadableError:
        assert len(json.dumps(text)) > 4000 or not text.isprintable()
        return
    assert len(found.title) <= TITLE_LIMIT
    assert (found.title if found.whole is None else json.loads(found.whole)) == text


@pytest.mark.parametrize(
    ("sku", "description", "field"),
    [
        ("x" * 121, "", "stock_code"),
        ("", "a\udce9", "description"),
        ("", "x" * 4001, "description"),
    ],
)
def test_goods_that_cannot_be_kept(sku: str, description: str, field: str) -> None:
    """Too long, or bytes of no letter."""
    with pytest.raises(UnreadableError, match=field):
        goods(sku, description)
