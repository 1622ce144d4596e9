"""Telephone numbers in their one international spelling (ITU-T E.164)."""

from __future__ import annotations

import re

import attrs

from ordercore.errors import InvalidValueError

_SEPARATORS = re.compile(r"[ \u00a0\u202f().\-\u2010-\u2013/]")
_TRUNK = re.compile(r"\(\s*0\s*\)")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


@attrs.frozen(repr=False)
class PhoneNumber:
    """An international number, `+` and digits. Prints masked; `text` is the number itself."""

    text: str

    def __attrs_post_init__(self) -> None:
        """Refuse any other spelling."""
        if not _is_e164(self.text):
            raise InvalidValueError("phone.syntax")

    @classmethod
    def parse(cls, value: object) -> PhoneNumber:
        """Return the number that `value` spells in international form.

        Spaces, dots, dashes, slashes and brackets are passed over, and 00 counts
        as `+`. Refused are a national number, which means another subscriber in
        each country, and a bracketed trunk zero as in `+44 (0)20`, which some
        countries dial and others do not.

        Raises:
            InvalidValueError: `phone.syntax`.
        """
        if not isinstance(value, str) or _TRUNK.search(value):
            raise InvalidValueError("phone.syntax")
        digits = _SEPARATORS.sub("", value)
        return cls("+" + digits[2:] if digits.startswith("00") else digits)

    def __str__(self) -> str:
        """Return the number masked, fit for a log."""
        return f"{self.text[:3]}…{self.text[-2:]}"

    def __repr__(self) -> str:
        """Return the number masked, fit for a log."""
        return f"PhoneNumber({str(self)!r})"


def _is_e164(value: object) -> bool:
    return isinstance(value, str) and _E164.fullmatch(value) is not None
