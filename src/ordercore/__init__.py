"""ordercore: customers, orders, shopping lists, messages and reminders for your own shop.

Everything a host needs every day can be imported from here; a name costs its
import only when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ordercore.errors import OrderCoreError, PortError, RuleError, SetupError
from ordercore.shop import AsyncShop, Shop

if TYPE_CHECKING:
    from ordercore.customers.customer import AddressEntry, Customer
    from ordercore.lifecycle.reminder import Lifespan, Reminder
    from ordercore.orders.flow import Flow, State, Transition
    from ordercore.orders.order import Order, OrderLine, Priced
    from ordercore.ports.notifier import Notifier
    from ordercore.ports.shop import Offer
    from ordercore.services.placing import Wanted
    from ordercore.shopping_lists.lists import ListLine, ShoppingList
    from ordercore.shopping_lists.schedule import Weekly
    from ordercore.values.actor import Actor
    from ordercore.values.address import Party, PostalAddress
    from ordercore.values.attributes import Attributes, ExternalRef
    from ordercore.values.email import EmailAddress
    from ordercore.values.ids import CustomerId, ListId, OrderId
    from ordercore.values.money import Money
    from ordercore.values.outgoing import Outgoing, ShopProfile
    from ordercore.values.pages import Page
    from ordercore.values.phone import PhoneNumber

__all__ = [
    "Actor",
    "AddressEntry",
    "AsyncShop",
    "Attributes",
    "Customer",
    "CustomerId",
    "EmailAddress",
    "ExternalRef",
    "Flow",
    "Lifespan",
    "ListId",
    "ListLine",
    "Money",
    "Notifier",
    "Offer",
    "Order",
    "OrderCoreError",
    "OrderId",
    "OrderLine",
    "Outgoing",
    "Page",
    "Party",
    "PhoneNumber",
    "PortError",
    "PostalAddress",
    "Priced",
    "Reminder",
    "RuleError",
    "SetupError",
    "Shop",
    "ShopProfile",
    "ShoppingList",
    "State",
    "Transition",
    "Wanted",
    "Weekly",
]

_HOMES = {
    "ordercore.customers.customer": ("AddressEntry", "Customer"),
    "ordercore.lifecycle.reminder": ("Lifespan", "Reminder"),
    "ordercore.orders.flow": ("Flow", "State", "Transition"),
    "ordercore.orders.order": ("Order", "OrderLine", "Priced"),
    "ordercore.ports.notifier": ("Notifier",),
    "ordercore.ports.shop": ("Offer",),
    "ordercore.services.placing": ("Wanted",),
    "ordercore.shopping_lists.lists": ("ListLine", "ShoppingList"),
    "ordercore.shopping_lists.schedule": ("Weekly",),
    "ordercore.values.actor": ("Actor",),
    "ordercore.values.address": ("Party", "PostalAddress"),
    "ordercore.values.attributes": ("Attributes", "ExternalRef"),
    "ordercore.values.email": ("EmailAddress",),
    "ordercore.values.ids": ("CustomerId", "ListId", "OrderId"),
    "ordercore.values.money": ("Money",),
    "ordercore.values.outgoing": ("Outgoing", "ShopProfile"),
    "ordercore.values.pages": ("Page",),
    "ordercore.values.phone": ("PhoneNumber",),
}


def __getattr__(name: str) -> object:
    """Import a name of the table above when it is first asked for."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(name)
