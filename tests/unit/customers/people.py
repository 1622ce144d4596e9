"""Customers for tests: one with everything, and any at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import attrs
from hypothesis import strategies as st

from ordercore.customers.customer import AddressEntry, Customer
from ordercore.testing.strategies import emails, texts
from ordercore.values.address import PostalAddress
from ordercore.values.attributes import Attributes, ExternalRef
from ordercore.values.email import EmailAddress
from ordercore.values.ids import CustomerId
from ordercore.values.phone import PhoneNumber

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ELY = PostalAddress(street="1 High Street", city="Ely", postal_code="CB7 4LS", country="GB")
PARIS = PostalAddress(street="2 rue Haute", city="Paris", postal_code="75001", country="FR")
ADA = Customer(
    id=CustomerId(UUID(int=1)),
    name="Ada Lovelace",
    company="Engines Ltd",
    email=EmailAddress("ada@example.org"),
    email_verified_at=AT,
    phone=PhoneNumber("+442079460000"),
    language="fr-CA",
    zone="Europe/London",
    addresses=(
        AddressEntry(address=PARIS, label="at Babbage's"),
        AddressEntry(address=ELY, label="home", default_shipping=True),
    ),
    external_ref=ExternalRef("erp", "lovelace-1"),
    public_attributes=Attributes({"tier": "gold"}),
    private_attributes=Attributes({"note": "pays late"}),
    created_at=AT,
    version=3,
)
NOBODY = Customer(id=CustomerId(UUID(int=2)), created_at=AT)
PLACES = (ELY, PARIS, PostalAddress(city="Ulm", country="DE"))
ELSEWHERE = st.builds(PostalAddress, street=texts(8), city=texts(8), country=st.just("GB"))
BAGS = st.dictionaries(
    st.sampled_from(["tier", "note", "since", "member"]),
    st.sampled_from([None, True, 1, 0, "", "gold", "a\nb"]),
).map(Attributes)
"""Attributes that meet under the same names, with values that Python takes for equal."""


@st.composite
def books(draw: st.DrawFn) -> tuple[AddressEntry, ...]:
    """Address books with repeats, and at most one default for each use."""
    known = st.sampled_from(PLACES) | ELSEWHERE
    entries = draw(st.lists(st.builds(AddressEntry, address=known, label=texts(8)), max_size=4))
    for flag in ("default_billing", "default_shipping"):
        chosen = draw(st.none() | st.integers(0, 3))
        if chosen is not None and chosen < len(entries):
            marked: dict[str, Any] = {flag: True}
            entries[chosen] = attrs.evolve(entries[chosen], **marked)
    return tuple(entries)


@st.composite
def customers(draw: st.DrawFn, number: int = 1) -> Customer:
    """Active customers of any kind; proven is only a mailbox that there is."""
    email = draw(st.none() | emails() | st.just(EmailAddress("ada@example.org")))
    return Customer(
        id=CustomerId(UUID(int=number)),
        guest=draw(st.booleans()),
        name=draw(texts(30) | st.just("Ada")),
        company=draw(st.sampled_from(["", "Engines Ltd"]) | texts(30)),
        email=email,
        email_verified_at=draw(st.sampled_from([None, AT])) if email else None,
        phone=draw(st.sampled_from([None, PhoneNumber("+442079460000")])),
        language=draw(st.sampled_from(["en", "fr", "de-CH"])),
        zone=draw(st.sampled_from(["UTC", "Asia/Tokyo"])),
        addresses=draw(books()),
        external_ref=draw(st.none() | st.just(ExternalRef("erp", str(number)))),
        public_attributes=draw(BAGS),
        private_attributes=draw(BAGS),
        created_at=AT,
        version=draw(st.integers(1, 9)),
    )
