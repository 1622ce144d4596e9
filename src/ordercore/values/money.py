"""Money: whole minor units and a currency, never a float."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal

import attrs

from ordercore.errors import InvalidValueError
from ordercore.values.text import excerpt

LARGEST = 2**63 - 1
"""The most minor units that every engine's integer column holds."""

_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Moves a decimal point without rounding, whatever precision the thread has set."""
_CODE = re.compile(r"[A-Z]{3}")
_PLAIN = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")
_PLACES = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
"""Minor-unit digits of ISO 4217 where they are not two."""


def check_currency(code: object) -> str:
    """Return `code` when it has the form of an ISO 4217 code: three capital letters."""
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise InvalidValueError("money.currency", currency=excerpt(code))
    return code


def minor_places(currency: str) -> int:
    """Return how many decimal digits the minor unit of `currency` has (ISO 4217)."""
    return _PLACES.get(currency, 2)


def _check_minor(minor: object) -> int:
    if type(minor) is not int:  # bool is not an amount
        raise InvalidValueError("money.type", got=type(minor).__name__)
    if not -LARGEST <= minor <= LARGEST:
        raise InvalidValueError("money.range")
    return minor


@attrs.frozen(order=False, repr=False)
class Money:
    """An amount of one currency, in whole minor units (pence, cents, yen).

    Adding, subtracting and comparing mixed currencies is refused, and so is
    every float: `Money(1050, "GBP")`, or `Money.of("10.50", "GBP")`.
    """

    minor: int
    currency: str

    def __attrs_post_init__(self) -> None:
        """Refuse what is not money."""
        _check_minor(self.minor)
        check_currency(self.currency)

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """Return `amount` in major units as money; it must be exact to the minor unit.

        Raises:
            InvalidValueError: `money.syntax`, `money.precision`, `money.type`,
                `money.range`, `money.currency`.
        """
        places = minor_places(check_currency(currency))
        scaled = exact_amount(amount).scaleb(places, _EXACT)
        if scaled != scaled.to_integral_value():
            raise InvalidValueError(
                "money.precision", amount=str(amount)[:40], currency=currency, places=places
            )
        return cls(int(scaled), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing, in `currency`."""
        return cls(0, currency)

    def __add__(self, other: Money) -> Money:
        """Return the sum."""
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        """Return the difference."""
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        """Return the amount a whole number of times."""
        return Money(self.minor * _check_minor(times), self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        """Return the amount with the other sign."""
        return Money(-self.minor, self.currency)

    def __bool__(self) -> bool:
        """Tell whether this is other than nothing."""
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        """Compare amounts of one currency."""
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        """Compare amounts of one currency."""
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        """Compare amounts of one currency."""
        return other < self

    def __ge__(self, other: Money) -> bool:
        """Compare amounts of one currency."""
        return other <= self

    def __str__(self) -> str:
        """Return `10.50 GBP`, for logs and tests; mails are formatted by locale."""
        return f"{self.major:f} {self.currency}"

    def __repr__(self) -> str:
        """Return the call that makes this money again."""
        return f"Money({self.minor}, {self.currency!r})"

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-minor_places(self.currency), _EXACT)

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Divide by largest remainder: the parts add up to the whole, to the penny.

        Args:
            weights: Whole numbers >= 0, one a part, with a sum above 0. Equal
                remainders go to the earlier part.

        Raises:
            InvalidValueError: `money.weights`.
        """
        if any(type(w) is not int or w < 0 for w in weights) or sum(weights) <= 0:
            raise InvalidValueError("money.weights")
        whole, total, sign = abs(self.minor), sum(weights), -1 if self.minor < 0 else 1
        shares = [divmod(whole * weight, total) for weight in weights]
        short = whole - sum(share for share, _ in shares)
        by_remainder = sorted(range(len(shares)), key=lambda at: -shares[at][1])
        extra = set(by_remainder[:short])
        return [
            Money(sign * (share + (at in extra)), self.currency)
            for at, (share, _) in enumerate(shares)
        ]

    def _same(self, other: Money) -> None:
        if not isinstance(other, Money):
            raise InvalidValueError("money.type", got=type(other).__name__)
        if self.currency != other.currency:
            raise InvalidValueError("money.mixed", left=self.currency, right=other.currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Return the sum of `amounts`, nothing in `currency` when there are none."""
    nothing, minor = Money.zero(currency), 0
    for amount in amounts:
        nothing._same(amount)  # noqa: SLF001
        minor += amount.minor
    return Money(minor, currency)


def exact_amount(amount: object) -> Decimal:
    """Return a finite decimal from a decimal, a whole number or its plain spelling.

    Plain is an optional sign, the digits 0 to 9 and one point: no exponent, no
    thousands separator, no currency sign, no space.

    Raises:
        InvalidValueError: `money.type`, `money.syntax`, `money.range`.
    """
    if isinstance(amount, bool) or not isinstance(amount, str | int | Decimal):
        raise InvalidValueError("money.type", got=type(amount).__name__)
    if isinstance(amount, str) and not _PLAIN.fullmatch(amount):
        raise InvalidValueError("money.syntax", amount=excerpt(amount, 40))
    exact = Decimal(amount)
    if not exact.is_finite():
        raise InvalidValueError("money.syntax", amount=str(exact)[:40])
    if exact.adjusted() > 18:
        raise InvalidValueError("money.range")
    return exact


def round_minor(exact: Decimal, currency: str) -> int:
    """Round an exact amount in major units to whole minor units, half to even."""
    scaled = exact_amount(exact).scaleb(minor_places(currency), _EXACT)
    return int(scaled.to_integral_value(ROUND_HALF_EVEN))
