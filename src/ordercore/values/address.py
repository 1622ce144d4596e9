"""Postal addresses and the party that an order is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Self

import attrs

from ordercore.errors import InvalidValueError
from ordercore.values.email import EmailAddress
from ordercore.values.language import language_tag
from ordercore.values.phone import PhoneNumber
from ordercore.values.text import check_text, excerpt, masked

_COUNTRY = re.compile(r"[A-Z]{2}")


def _line(limit: int) -> Callable[[object, attrs.Attribute[str], str], None]:
    def check(_: object, attribute: attrs.Attribute[str], value: str) -> None:
        check_text(value, field=attribute.name, limit=limit)

    return check


def _made(kind: type) -> Callable[[object, attrs.Attribute[Any], object], None]:
    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value is not None and not isinstance(value, kind):
            got = type(value).__name__
            raise InvalidValueError(
                "value.type", field=attribute.name, expected=kind.__name__, got=got
            )

    return check


def _canonical(tag: str) -> str:
    """Stand between: a converter's parameter is what type checkers let the caller pass."""
    return language_tag(tag)


def _is_country(value: object) -> bool:
    return isinstance(value, str) and _COUNTRY.fullmatch(value) is not None


@attrs.frozen(kw_only=True)
class PostalAddress:
    """Where post goes: lines as on the envelope, the country as ISO 3166-1 alpha-2.

    Nothing is trimmed, guessed or put into the order of a country.
    """

    street: str = attrs.field(default="", repr=masked, validator=_line(200))
    street_2: str = attrs.field(default="", repr=masked, validator=_line(200))
    city: str = attrs.field(default="", repr=masked, validator=_line(100))
    region: str = attrs.field(default="", repr=masked, validator=_line(100))
    postal_code: str = attrs.field(default="", repr=masked, validator=_line(20))
    country: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse an address that names no place."""
        if self.country != "" and not _is_country(self.country):
            raise InvalidValueError("address.country", country=excerpt(self.country))
        named = (self.street, self.city, self.postal_code, self.country)
        if not any(part.strip() for part in named):
            raise InvalidValueError("address.empty")

    def lines(self) -> list[str]:
        """Return the lines of a label, without the empty ones."""
        town = " ".join(part for part in (self.postal_code, self.city) if part)
        candidates = (self.street, self.street_2, town, self.region, self.country)
        return [line for line in candidates if line]


@attrs.frozen(kw_only=True)
class Party:
    """Who an order is for, as known on the day it was placed."""

    name: str = attrs.field(default="", repr=masked, validator=_line(200))
    company: str = attrs.field(default="", repr=masked, validator=_line(200))
    email: EmailAddress | None = attrs.field(default=None, validator=_made(EmailAddress))
    phone: PhoneNumber | None = attrs.field(default=None, validator=_made(PhoneNumber))
    language: str = attrs.field(default="en", converter=_canonical)
    billing: PostalAddress | None = attrs.field(default=None, validator=_made(PostalAddress))
    shipping: PostalAddress | None = attrs.field(default=None, validator=_made(PostalAddress))

    def with_shipping(self, shipping: PostalAddress | None) -> Self:
        """Return the party with another place to deliver to; None keeps the present one."""
        return attrs.evolve(self, shipping=shipping) if shipping else self
