"""A host's own code: a tea club, whose members get a list that orders by itself."""

from __future__ import annotations

from datetime import time

from ordercore import Customer, ListLine, Shop, ShoppingList, Weekly

CLUB_TIN = "CLUB-TIN"


def join(shop: Shop, *, name: str, email: str) -> tuple[Customer, ShoppingList]:
    """Make somebody a member: an account, and a tin each Friday at seven in London."""
    member = shop.customers.register(name=name, email=email, zone="Europe/London")
    every_friday = Weekly(
        weekdays=(4,), at=time(7), zone="Europe/London", anchor_on=member.created_at.date()
    )
    tins = shop.shopping_lists.start(
        member.id,
        [ListLine(sku=CLUB_TIN)],
        name="Tea club",
        currency="GBP",
        schedule=every_friday,
    )
    return member, tins
