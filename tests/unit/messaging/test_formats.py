"""Amounts and days in the words of a language, without a library."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.messaging.formats import PLAIN
from ordercore.values.money import LARGEST, Money


@pytest.mark.parametrize(
    ("amount", "english", "french"),
    [
        (Money(1050, "GBP"), "£10.50", "10,50\u00a0£"),
        (Money(123456789, "EUR"), "€1,234,567.89", "1\u202f234\u202f567,89\u00a0€"),
        (Money(-5, "USD"), "-$0.05", "-0,05\u00a0$"),
        (Money(1500, "JPY"), "¥1,500", "1\u202f500\u00a0¥"),
        (Money(1500, "BHD"), "BHD\u00a01.500", "1,500\u00a0BHD"),
        (Money(0, "CHF"), "CHF\u00a00.00", "0,00\u00a0CHF"),
    ],
)
def test_amounts(amount: Money, english: str, french: str) -> None:
    """Symbol before in English, after in French; codes where no symbol is common."""
    assert PLAIN.money(amount, "en-GB") == english
    assert PLAIN.money(amount, "fr-CA") == french


@given(st.integers(-LARGEST, LARGEST), st.sampled_from(["GBP", "JPY", "BHD", "XAF"]))
def test_no_digit_of_an_amount_is_lost(minor: int, currency: str) -> None:
    """Every amount that money can be is written exactly, in both languages."""
    for language in ("en", "fr"):
        written = PLAIN.money(Money(minor, currency), language)
        digits = "".join(character for character in written if character.isdigit())
        assert int(digits) == abs(minor)
        assert written.startswith("-") == (minor < 0)


@pytest.mark.parametrize(
    ("on", "english", "french"),
    [
        (date(2026, 11, 22), "22 November 2026", "22 novembre 2026"),
        (date(2026, 12, 1), "1 December 2026", "1er décembre 2026"),
        (date(2027, 2, 28), "28 February 2027", "28 février 2027"),
        (date(2027, 8, 9), "9 August 2027", "9 août 2027"),
    ],
)
def test_days(on: date, english: str, french: str) -> None:
    """Days are written out, so that nobody takes the month for the day."""
    assert PLAIN.day(on, "en") == english
    assert PLAIN.day(on, "fr") == french
    assert PLAIN.day(on, "de") == english
