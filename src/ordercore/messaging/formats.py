"""How amounts and days are written in a language."""

from __future__ import annotations

from datetime import date
from typing import Protocol

import attrs

from ordercore.values.money import Money, minor_places

_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "INR": "₹",
            "AUD": "A$", "CAD": "CA$", "NZD": "NZ$"}  # fmt: skip
_ENGLISH = (
    "January February March April May June July August September October November December"
).split()
_FRENCH = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
).split()
_HARD_SPACE = "\u00a0"
_THIN_SPACE = "\u202f"


class Formats(Protocol):
    """Puts values into the words of a language, given as a tag such as `fr-CA`."""

    def money(self, amount: Money, language: str) -> str:
        """Return an amount with its currency."""
        ...

    def day(self, on: date, language: str) -> str:
        """Return a calendar day with its year."""
        ...


@attrs.frozen
class PlainFormats:
    """English and French without a library; any other language is written as English is."""

    def money(self, amount: Money, language: str) -> str:
        """Return `£1,234.50`, in French `1 234,50 £` with spaces that do not break."""
        figure = f"{abs(amount.major):,.{minor_places(amount.currency)}f}"
        sign = "-" if amount.minor < 0 else ""
        symbol = _SYMBOLS.get(amount.currency)
        if _is_french(language):
            figure = figure.translate(str.maketrans(",.", _THIN_SPACE + ","))
            return f"{sign}{figure}{_HARD_SPACE}{symbol or amount.currency}"
        return f"{sign}{symbol or amount.currency + _HARD_SPACE}{figure}"

    def day(self, on: date, language: str) -> str:
        """Return `22 November 2026`, in French `22 novembre 2026` and `1er décembre 2026`."""
        if _is_french(language):
            number = "1er" if on.day == 1 else str(on.day)
            return f"{number} {_FRENCH[on.month - 1]} {on.year}"
        return f"{on.day} {_ENGLISH[on.month - 1]} {on.year}"


PLAIN = PlainFormats()


def _is_french(language: str) -> bool:
    return language.partition("-")[0] == "fr"
