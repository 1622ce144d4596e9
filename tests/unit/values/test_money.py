"""Money is exact, of one currency, and never a float."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.money import (
    LARGEST,
    Money,
    check_currency,
    exact_amount,
    minor_places,
    round_minor,
    total,
)

CURRENCIES = st.sampled_from(["GBP", "EUR", "JPY", "KWD", "CLF"])
MINOR = st.integers(-LARGEST, LARGEST)
SMALL = st.integers(-(10**12), 10**12)
MONEY = st.builds(Money, MINOR, CURRENCIES)
GBP = st.builds(Money, SMALL, st.just("GBP"))
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


def code_of(call: Callable[[], object]) -> str:
    """Return the code with which a call is refused."""
    with pytest.raises(InvalidValueError) as refused:
        call()
    return refused.value.code


class TestExact:
    """Nothing is lost between the spelling and the minor units."""

    @pytest.mark.parametrize(
        ("amount", "currency", "minor"),
        [
            ("10.50", "GBP", 1050),
            ("10.5", "GBP", 1050),
            ("-0.01", "EUR", -1),
            ("+.5", "EUR", 50),
            ("7.", "EUR", 700),
            ("1000", "JPY", 1000),
            ("1.234", "KWD", 1234),
            (3, "EUR", 300),
            (Decimal("1E+2"), "EUR", 10000),
            ("92233720368547758.07", "GBP", LARGEST),
        ],
    )
    def test_major_units(self, amount: str | int | Decimal, currency: str, minor: int) -> None:
        """An amount in major units becomes whole minor units of the currency."""
        assert Money.of(amount, currency) == Money(minor, currency)

    @given(MONEY)
    def test_major_units_lead_back(self, money: Money) -> None:
        """The major amount and its printed form make the same money again."""
        assert Money.of(money.major, money.currency) == money
        assert Money.of(*str(money).split(" ")) == money

    @given(MONEY, st.integers(1, 6))
    def test_the_precision_of_the_thread_does_not_matter(self, money: Money, digits: int) -> None:
        """A host that computes with few digits still keeps every penny."""
        with localcontext(prec=digits):
            assert Money.of(money.major, money.currency) == money

    def test_a_trace_beyond_the_minor_unit_is_refused(self) -> None:
        """No number of zeros hides a last digit, from text or from a decimal."""
        trace = "1." + "0" * 29 + "1"
        assert code_of(lambda: Money.of(trace, "GBP")) == "money.precision"
        assert code_of(lambda: Money.of(Decimal(trace), "GBP")) == "money.precision"
        assert code_of(lambda: Money.of("0.5", "JPY")) == "money.precision"
        assert code_of(lambda: Money.of(Decimal("1E-400000"), "GBP")) == "money.precision"

    def test_it_prints_plainly(self) -> None:
        """The text form has every place of the currency and no locale."""
        assert str(Money(-1234567, "EUR")) == "-12345.67 EUR"
        assert str(Money(5, "JPY")) == "5 JPY"
        assert str(Money(0, "KWD")) == "0.000 KWD"
        assert repr(Money(5, "JPY")) == "Money(5, 'JPY')"

    @given(MONEY)
    def test_copies_and_pickles_are_equal(self, money: Money) -> None:
        """Money crosses process boundaries."""
        assert pickle.loads(pickle.dumps(money)) == money == copy.deepcopy(money)  # noqa: S301
        assert hash(copy.copy(money)) == hash(money)


class TestRefused:
    """What is not money, or does not fit, never becomes money."""

    @pytest.mark.parametrize("minor", [1.0, True, Decimal(1), "1", None])
    def test_minor_units_are_whole_numbers(self, minor: object) -> None:
        """Floats, truth values, decimals and text are no minor units."""
        assert code_of(lambda: Money(minor, "GBP")) == "money.type"  # type: ignore[arg-type]

    @pytest.mark.parametrize("amount", [0.1, True, None, Fraction(1, 2), b"1"])
    def test_amounts_are_text_whole_numbers_or_decimals(self, amount: object) -> None:
        """A float is refused by type, even where it looks exact."""
        assert code_of(lambda: Money.of(amount, "GBP")) == "money.type"  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "spelling",
        [
            "",
            " ",
            ".",
            "1,50",
            "1 000",
            "1_000",
            "1e3",
            "£5",
            "NaN",
            "sNaN",
            "Infinity",
            "--1",
            "１２",
            "1\n",
        ],
    )
    def test_spellings_that_are_not_plain(self, spelling: str) -> None:
        """No separators, exponents, signs of currency, foreign digits or space."""
        assert code_of(lambda: Money.of(spelling, "GBP")) == "money.syntax"

    @pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity")])
    def test_decimals_that_are_no_number(self, amount: Decimal) -> None:
        """Not-a-number and infinity are refused, not raised by the decimal module."""
        assert code_of(lambda: Money.of(amount, "GBP")) == "money.syntax"
        assert code_of(lambda: round_minor(amount, "GBP")) == "money.syntax"

    @pytest.mark.parametrize("code", ["gbp", "GB", "GBPX", "G1P", "ÄÖÜ", "GBP\n", "", None, 5])
    def test_codes_that_are_no_currency(self, code: object) -> None:
        """A currency is three capital letters."""
        assert code_of(lambda: check_currency(code)) == "money.currency"
        assert code_of(lambda: Money(1, code)) == "money.currency"  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "call",
        [
            lambda: Money(LARGEST + 1, "GBP"),
            lambda: Money(-LARGEST - 1, "GBP"),
            lambda: Money(LARGEST, "GBP") + Money(1, "GBP"),
            lambda: Money(-LARGEST, "GBP") - Money(1, "GBP"),
            lambda: Money(LARGEST, "GBP") * 2,
            lambda: Money.of("92233720368547758.08", "GBP"),
            lambda: Money.of("9" * 25, "GBP"),
            lambda: Money.of(10**5000, "GBP"),
            lambda: Money.of(Decimal("1E+999999"), "GBP"),
            lambda: exact_amount("9" * 25),
        ],
    )
    def test_amounts_beyond_64_bits(self, call: Callable[[], object]) -> None:
        """No operation makes an amount that an integer column cannot hold."""
        assert code_of(call) == "money.range"

    def test_currencies_do_not_mix(self) -> None:
        """Adding, subtracting, comparing and totalling two currencies is refused."""
        pound, euro = Money(1, "GBP"), Money(1, "EUR")
        for call in (
            lambda: pound + euro,
            lambda: pound - euro,
            lambda: pound < euro,
            lambda: pound >= euro,
            lambda: total([pound, euro], "GBP"),
        ):
            assert code_of(call) == "money.mixed"
        assert pound != euro

    def test_money_meets_only_money(self) -> None:
        """Numbers neither add to money nor compare with it; only whole numbers multiply."""
        pound = Money(1, "GBP")
        assert code_of(lambda: pound + 1) == "money.type"  # type: ignore[operator]
        assert code_of(lambda: pound < 5) == "money.type"  # type: ignore[operator]
        assert code_of(lambda: pound * 1.5) == "money.type"  # type: ignore[operator]
        assert code_of(lambda: pound * True) == "money.type"


class TestArithmetic:
    """Sums follow the whole numbers below them."""

    @given(GBP, GBP, st.integers(-1000, 1000))
    def test_like_whole_numbers(self, left: Money, right: Money, times: int) -> None:
        """Sum, difference, product, order and sign are those of the minor units."""
        assert (left + right).minor == left.minor + right.minor
        assert (left - right).minor == left.minor - right.minor
        assert (left * times).minor == (times * left).minor == left.minor * times
        assert (left < right, left <= right) == (
            left.minor < right.minor,
            left.minor <= right.minor,
        )
        assert (left > right, left >= right) == (
            left.minor > right.minor,
            left.minor >= right.minor,
        )
        assert -left == Money.zero("GBP") - left
        assert bool(left) is (left.minor != 0)

    @given(st.lists(GBP))
    def test_totals(self, amounts: list[Money]) -> None:
        """A total is the sum, nothing when there is nothing."""
        assert total(amounts, "GBP").minor == sum(each.minor for each in amounts)


class TestSplit:
    """The parts add up to the whole, and are as fair as whole pennies allow."""

    @given(MONEY, WEIGHTS)
    def test_nothing_is_lost_or_made(self, money: Money, weights: list[int]) -> None:
        """One part for each weight, together the whole."""
        parts = money.split(weights)
        assert len(parts) == len(weights)
        assert sum(part.minor for part in parts) == money.minor
        assert {part.currency for part in parts} == {money.currency}

    @given(MONEY, WEIGHTS)
    def test_each_part_is_within_a_penny_of_its_share(
        self, money: Money, weights: list[int]
    ) -> None:
        """No part is off by a whole minor unit; weight nought gets nothing."""
        for part, weight in zip(money.split(weights), weights, strict=True):
            assert abs(part.minor - Fraction(money.minor * weight, sum(weights))) < 1
            assert weight or not part

    @given(MONEY, WEIGHTS)
    def test_refunds_mirror_charges(self, money: Money, weights: list[int]) -> None:
        """What is split with a minus sign is split alike."""
        assert (-money).split(weights) == [-part for part in money.split(weights)]

    def test_the_largest_remainder_gets_the_penny_and_the_earlier_part_a_tie(self) -> None:
        """Spare pennies go where most was cut off, in order when equal."""
        assert Money(100, "GBP").split([1, 1, 1]) == [Money(n, "GBP") for n in (34, 33, 33)]
        assert Money(10, "GBP").split([50, 25, 25]) == [Money(n, "GBP") for n in (5, 3, 2)]
        assert Money(10, "GBP").split([1, 29, 70]) == [Money(n, "GBP") for n in (0, 3, 7)]

    @pytest.mark.parametrize("weights", [[], [0, 0], [2, -1], [1.5], [True], ["1"]])
    def test_weights_that_are_none(self, weights: list[int]) -> None:
        """No weights, no positive sum, negative or broken ones are refused."""
        assert code_of(lambda: Money(10, "GBP").split(weights)) == "money.weights"


class TestRounding:
    """Tax is rounded once, at the place the code says, half to even."""

    @pytest.mark.parametrize(
        ("exact", "currency", "minor"),
        [("0.125", "GBP", 12), ("0.135", "GBP", 14), ("-0.125", "GBP", -12), ("0.5", "JPY", 0)],
    )
    def test_half_to_even(self, exact: str, currency: str, minor: int) -> None:
        """A tie goes to the even neighbour."""
        assert round_minor(Decimal(exact), currency) == minor

    @given(MINOR, st.text("0123456789", max_size=40), CURRENCIES)
    def test_to_the_nearest_however_long(self, minor: int, digits: str, currency: str) -> None:
        """The result is within half a minor unit, with more digits than any context keeps."""
        places = minor_places(currency)
        spelt = f"{Money(minor, currency).major:f}" + ("" if places else ".") + digits
        rounded = round_minor(Decimal(spelt), currency)
        assert abs(rounded - Fraction(spelt) * 10**places) <= Fraction(1, 2)

    def test_a_hair_above_half_is_not_a_tie(self) -> None:
        """Rounding happens once: digits are not first cut to a precision."""
        assert round_minor(Decimal("0.125" + "0" * 40 + "1"), "GBP") == 13


def test_exact_amounts_keep_every_digit() -> None:
    """The decimal is the spelling, not a rounding of it."""
    assert exact_amount("0.10") == Decimal("0.10")
    assert str(exact_amount("0." + "1" * 30)) == "0." + "1" * 30
