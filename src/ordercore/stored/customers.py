"""Customers as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from ordercore.customers.customer import AddressEntry, Customer, search_key
from ordercore.stored.codec import bag, ref_from, unbag
from ordercore.stored.form import Form, Rowset
from ordercore.stored.table import (
    ERASE,
    PLAIN,
    Bag,
    Code,
    ExternalKey,
    Flag,
    Id,
    Instant,
    Number,
    OnMerge,
    Owner,
    Source,
    Text,
    Version,
    table,
)
from ordercore.values.address import PostalAddress
from ordercore.values.email import EmailAddress
from ordercore.values.ids import CustomerId
from ordercore.values.phone import PhoneNumber

Line = Annotated[str, Text(200), ERASE]
Short = Annotated[str, Text(100), ERASE]
EmailKey = Annotated[str | None, Text(254), ERASE]


class CustomerRow(NamedTuple):
    """A customer's root; the keys are for searching and derived from the rest."""

    id: Id
    guest: Flag
    status: Code
    merged_into: Annotated[UUID | None, PLAIN, Owner(OnMerge.BY_ROOM)]
    name: Line
    company: Line
    name_key: Annotated[str, Text(400), ERASE]
    email: Annotated[str | None, Text(254), ERASE]
    email_key: EmailKey
    login_key: EmailKey
    email_verified_at: Annotated[datetime | None, PLAIN]
    phone: Annotated[str | None, Text(20), ERASE]
    language: Annotated[str, Text(35), PLAIN]
    zone: Annotated[str, Text(64), PLAIN]
    external_source: Source
    external_ref: ExternalKey
    public_attributes: Bag
    private_attributes: Bag
    created_at: Instant
    version: Version


CUSTOMERS = table(
    CustomerRow,
    "customer",
    key="id",
    uniques={
        "uq_customer_login": "login_key",
        "uq_customer_external_ref": "external_source external_ref",
    },
    indexes=("email_key", "name_key id", "phone", "merged_into", "created_at id"),
    versioned=True,
)


class AddressRow(NamedTuple):
    """One address of a customer's book."""

    customer_id: Annotated[UUID, PLAIN, Owner(OnMerge.BY_ROOM)]
    position: Number
    label: Annotated[str, Text(60), ERASE]
    street: Line
    street_2: Line
    city: Short
    region: Short
    postal_code: Annotated[str, Text(20), ERASE]
    country: Annotated[str, Text(2), PLAIN]
    default_billing: Flag
    default_shipping: Flag


ADDRESSES = table(AddressRow, "customer_address", key="customer_id position", part_of=CUSTOMERS)


def to_rows(customer: Customer) -> Rowset:
    """Return the rows of a customer."""
    ref = customer.external_ref
    root = CustomerRow(
        customer.id,
        customer.guest,
        customer.status,
        customer.merged_into,
        customer.name,
        customer.company,
        search_key(customer.name)[:400],
        customer.email.text if customer.email else None,
        customer.email.key if customer.email else None,
        customer.login_key,
        customer.email_verified_at,
        customer.phone.text if customer.phone else None,
        customer.language,
        customer.zone,
        ref.source if ref else None,
        ref.ref if ref else None,
        bag(customer.public_attributes),
        bag(customer.private_attributes),
        customer.created_at,
        customer.version,
    )
    addresses = [
        _address_row(customer.id, at, entry) for at, entry in enumerate(customer.addresses)
    ]
    return {CUSTOMERS: (root,), ADDRESSES: addresses}


def _address_row(customer_id: UUID, position: int, entry: AddressEntry) -> AddressRow:
    place = entry.address
    return AddressRow(
        customer_id,
        position,
        entry.label,
        place.street,
        place.street_2,
        place.city,
        place.region,
        place.postal_code,
        place.country,
        entry.default_billing,
        entry.default_shipping,
    )


def from_rows(root: CustomerRow, parts: Rowset) -> Customer:
    """Return the customer that was stored."""
    return Customer(
        id=CustomerId(root.id),
        guest=root.guest,
        status=root.status,
        merged_into=CustomerId(root.merged_into) if root.merged_into else None,
        name=root.name,
        company=root.company,
        email=EmailAddress(root.email) if root.email else None,
        email_verified_at=root.email_verified_at,
        phone=PhoneNumber(root.phone) if root.phone else None,
        language=root.language,
        zone=root.zone,
        addresses=tuple(_entry(row) for row in parts[ADDRESSES]),
        external_ref=ref_from(root.external_source, root.external_ref),
        public_attributes=unbag(root.public_attributes),
        private_attributes=unbag(root.private_attributes),
        created_at=root.created_at,
        version=root.version,
    )


def _entry(row: AddressRow) -> AddressEntry:
    return AddressEntry(
        label=row.label,
        address=PostalAddress(
            street=row.street,
            street_2=row.street_2,
            city=row.city,
            region=row.region,
            postal_code=row.postal_code,
            country=row.country,
        ),
        default_billing=row.default_billing,
        default_shipping=row.default_shipping,
    )


CUSTOMER_FORM: Form[Customer] = Form(
    kind="customer",
    root=CUSTOMERS,
    parts=(ADDRESSES,),
    derived=(),
    to_rows=to_rows,
    from_rows=from_rows,
)
