"""The party of an order as one JSON text: a snapshot that nothing else refers to."""

from __future__ import annotations

import json
from typing import Any
from weakref import WeakValueDictionary

from ordercore.stored.codec import canonical
from ordercore.values.address import Party, PostalAddress
from ordercore.values.email import EmailAddress
from ordercore.values.phone import PhoneNumber

_PLACES = ("street", "street_2", "city", "region", "postal_code", "country")


_READ: WeakValueDictionary[str, Party] = WeakValueDictionary()
"""The orders of a customer mostly share a party: read once, and forgotten with the last of them."""


def party_text(party: Party) -> str:
    """Return the party as stored; what is empty is left out."""
    fields: dict[str, Any] = {
        "name": party.name,
        "company": party.company,
        "email": party.email and party.email.text,
        "phone": party.phone and party.phone.text,
        "language": party.language,
        "billing": party.billing and _place(party.billing),
        "shipping": party.shipping and _place(party.shipping),
    }
    return canonical({name: value for name, value in fields.items() if value})


def party_from(text: str) -> Party:
    """Return the party that was stored."""
    party = _READ.get(text)
    if party is None:
        party = _READ[text] = _read(text)
    return party


def _read(text: str) -> Party:
    fields = json.loads(text)
    billing, shipping = fields.get("billing"), fields.get("shipping")
    bill_to = PostalAddress(**billing) if billing else None
    ship_to = PostalAddress(**shipping) if shipping and shipping != billing else None
    return Party(
        name=fields.get("name", ""),
        company=fields.get("company", ""),
        email=EmailAddress(fields["email"]) if "email" in fields else None,
        phone=PhoneNumber(fields["phone"]) if "phone" in fields else None,
        language=fields.get("language", "en"),
        billing=bill_to,
        shipping=bill_to if shipping == billing else ship_to,
    )


def _place(address: PostalAddress) -> dict[str, str]:
    pairs = ((name, getattr(address, name)) for name in _PLACES)
    return {name: value for name, value in pairs if value}
