"""What a shop does where the host says nothing."""

from __future__ import annotations

from collections.abc import Sequence

from ordercore.orders.order import OrderLine, Priced
from ordercore.values.money import Money
from ordercore.values.outgoing import ShopProfile

PROFILE = ShopProfile(
    name="The shop", sender_address="shop@shop.invalid", base_url="https://shop.invalid"
)
"""A shop that has not been named; nothing can be sent from or to `.invalid` (RFC 2606)."""


class PlainPricing:
    """The lines as they are: no tax, no delivery, no discount."""

    def price(self, lines: Sequence[OrderLine], *, currency: str) -> Priced:
        """Return the lines and three times nothing."""
        nothing = Money.zero(currency)
        return Priced(lines=tuple(lines), tax=nothing, delivery=nothing, discount=nothing)
