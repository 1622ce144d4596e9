"""The customer: one person or company that buys."""

from __future__ import annotations

import unicodedata
from datetime import datetime

import attrs

from ordercore.customers.events import CustomerEdited, CustomerRegistered, EmailVerified
from ordercore.errors import InvalidValueError
from ordercore.values.address import Party, PostalAddress
from ordercore.values.attributes import NO_ATTRIBUTES, Attributes, ExternalRef
from ordercore.values.email import EmailAddress
from ordercore.values.ids import CustomerId
from ordercore.values.language import language_tag
from ordercore.values.phone import PhoneNumber
from ordercore.values.text import check_text, masked
from ordercore.values.times import zone

ACTIVE, MERGED = "active", "merged"
MOST_ADDRESSES = 100


@attrs.frozen(kw_only=True)
class AddressEntry:
    """An address in the book. At most one is the default for each use."""

    address: PostalAddress
    label: str = attrs.field(default="", repr=masked)
    default_billing: bool = False
    default_shipping: bool = False


@attrs.frozen(kw_only=True)
class Customer:
    """A customer record. A guest has no account and may share an e-mail address with one.

    A merged customer keeps its row as a tombstone: `merged_into` says where to look.
    """

    id: CustomerId
    guest: bool = False
    status: str = ACTIVE
    merged_into: CustomerId | None = None
    name: str = attrs.field(default="", repr=masked)
    company: str = attrs.field(default="", repr=masked)
    email: EmailAddress | None = None
    email_verified_at: datetime | None = None
    phone: PhoneNumber | None = None
    language: str = "en"
    zone: str = "UTC"
    addresses: tuple[AddressEntry, ...] = ()
    external_ref: ExternalRef | None = attrs.field(default=None, repr=masked)
    public_attributes: Attributes = NO_ATTRIBUTES
    private_attributes: Attributes = NO_ATTRIBUTES
    created_at: datetime
    version: int = 0

    @property
    def login_key(self) -> str | None:
        """The key that no other account may have: guests and merged customers have none."""
        if self.guest or self.email is None or self.status != ACTIVE:
            return None
        return self.email.key

    @property
    def billing(self) -> PostalAddress | None:
        """Where bills go: the default, or the first address there is."""
        return _preferred(self.addresses, "default_billing")

    @property
    def shipping(self) -> PostalAddress | None:
        """Where goods go: the default, or the first address there is."""
        return _preferred(self.addresses, "default_shipping")

    @property
    def party(self) -> Party:
        """The customer as an order keeps it."""
        return Party(
            name=self.name,
            company=self.company,
            email=self.email,
            phone=self.phone,
            language=self.language,
            billing=self.billing,
            shipping=self.shipping,
        )


def _preferred(addresses: tuple[AddressEntry, ...], flag: str) -> PostalAddress | None:
    chosen = [entry for entry in addresses if getattr(entry, flag)] or list(addresses)
    return chosen[0].address if chosen else None


def checked(customer: Customer) -> Customer:
    """Return the customer when every field can be kept and the defaults are single.

    Raises:
        InvalidValueError: for the first field that cannot.
    """
    check_text(customer.name, field="name", limit=200)
    check_text(customer.company, field="company", limit=200)
    language_tag(customer.language)
    zone(customer.zone)
    if len(customer.addresses) > MOST_ADDRESSES:
        raise InvalidValueError(
            "number.range", field="addresses", reason=f"at most {MOST_ADDRESSES} are kept"
        )
    for flag in ("default_billing", "default_shipping"):
        if sum(getattr(entry, flag) for entry in customer.addresses) > 1:
            raise InvalidValueError(
                "number.range", field=flag, reason="one address at most is the default"
            )
    for entry in customer.addresses:
        check_text(entry.label, field="label", limit=60)
    return customer


def register(customer: Customer) -> tuple[Customer, CustomerRegistered]:
    """Make a customer known (CU1)."""
    event = CustomerRegistered(customer_id=customer.id, guest=customer.guest)
    return checked(customer), event


def edit(customer: Customer, **changes: object) -> tuple[Customer, CustomerEdited]:
    """Change fields (CU1). Another e-mail address is an unproven one."""
    after = attrs.evolve(customer, **changes)  # type: ignore[arg-type]
    if after.email != customer.email:
        after = attrs.evolve(after, email_verified_at=None)
    changed = tuple(
        field.name
        for field in attrs.fields(Customer)
        if getattr(after, field.name) != getattr(customer, field.name)
    )
    return checked(after), CustomerEdited(customer_id=customer.id, fields=changed)


def verify_email(customer: Customer, *, at: datetime) -> tuple[Customer, EmailVerified]:
    """Write down that the customer reads the mailbox on record.

    Raises:
        InvalidValueError: `email.syntax`, when there is none.
    """
    if customer.email is None:
        raise InvalidValueError("email.syntax", reason="none is on record")
    return attrs.evolve(customer, email_verified_at=at), EmailVerified(customer_id=customer.id)


def search_key(text: str) -> str:
    """Return text as searches compare it: without accents, case or double spaces.

    The Turkish ı counts as i, whose capital it shares.
    """
    plain = unicodedata.normalize("NFKD", text).casefold().replace("ı", "i")
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(bare.split())
