"""What the host knows about its goods and its people. Each may need a wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import attrs

from ordercore.orders.order import OrderLine, Priced
from ordercore.values.address import Party
from ordercore.values.money import Money


@attrs.frozen
class Offer:
    """A product as the catalogue sells it now."""

    sku: str
    title: str
    unit: Money


class Catalog(Protocol):
    """The host's products."""

    def offers(self, skus: Sequence[str], *, currency: str, language: str) -> Mapping[str, Offer]:
        """Return what is for sale in this currency, by stock-keeping unit.

        What is unknown or not for sale is left out. A title is in `language`
        where there is one.
        """
        ...


class Pricing(Protocol):
    """What a basket costs beyond its lines."""

    def price(self, lines: Sequence[OrderLine], *, currency: str) -> Priced:
        """Return the lines as they are to be charged, with tax, delivery and discount."""
        ...


class Directory(Protocol):
    """Who is who on the shop's side."""

    def merchant(self) -> Party | None:
        """Return who is told of new orders; None when nobody wants to know."""
        ...
