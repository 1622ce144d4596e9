"""ordercore: customers, orders, shopping lists, messages and reminders for your own shop."""

from __future__ import annotations

from ordercore.shop import AsyncShop, Shop

__all__ = ["AsyncShop", "Shop"]
