"""Who acts: the system, a member of staff, a customer, or staff acting as a customer."""

from __future__ import annotations

from enum import Enum
from typing import Final

import attrs

from ordercore.errors import InvalidValueError
from ordercore.values.ids import CustomerId, parse_id
from ordercore.values.text import check_text, excerpt

_AS: Final = " as customer:"


class Role(Enum):
    """What an actor is, for the question who may."""

    SYSTEM = "system"
    STAFF = "staff"
    CUSTOMER = "customer"
    IMPERSONATOR = "impersonator"


@attrs.frozen
class Actor:
    """Who acts. `str(actor)` is the stored spelling, `Actor.parse` reads it back."""

    role: Role
    staff: str = ""
    customer_id: CustomerId | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a role without its person, and a name that could not be read back."""
        check_text(self.staff, field="staff", limit=60)
        by_staff = self.role in (Role.STAFF, Role.IMPERSONATOR)
        for_customer = self.role in (Role.CUSTOMER, Role.IMPERSONATOR)
        fits = bool(self.staff) is by_staff and (self.customer_id is not None) is for_customer
        if not fits or _AS in self.staff:
            raise InvalidValueError("actor.syntax", text=str(self.role.value))

    @classmethod
    def system(cls) -> Actor:
        """Return the shop itself: workers, imports, the host's own code."""
        return SYSTEM

    @classmethod
    def of_staff(cls, name: str) -> Actor:
        """Return a member of staff, by the name or id that the host gives (at most 60)."""
        return cls(Role.STAFF, staff=check_text(name, field="staff", limit=60, empty=False))

    @classmethod
    def of_customer(cls, customer_id: CustomerId) -> Actor:
        """Return a customer acting in person."""
        return cls(Role.CUSTOMER, customer_id=customer_id)

    def impersonating(self, customer_id: CustomerId) -> Actor:
        """Return this member of staff acting as a customer; never nested (CU7)."""
        if self.role is not Role.STAFF:
            raise InvalidValueError("actor.syntax", text=f"{self.role.value} as customer")
        return Actor(Role.IMPERSONATOR, staff=self.staff, customer_id=customer_id)

    @classmethod
    def parse(cls, text: str) -> Actor:
        """Return the actor whose stored spelling is `text`.

        Raises:
            InvalidValueError: `actor.syntax`, for anything that `str` never writes.
        """
        try:
            actor = cls._read(text)
        except InvalidValueError:
            actor = None
        if actor is None or str(actor) != text:
            raise InvalidValueError("actor.syntax", text=excerpt(text))
        return actor

    @classmethod
    def _read(cls, text: str) -> Actor:
        who, _, customer = text.partition(_AS)
        kind, _, name = who.partition(":")
        if kind == Role.SYSTEM.value:
            return SYSTEM
        if kind == Role.CUSTOMER.value:
            return cls.of_customer(CustomerId(parse_id(name)))
        staff = cls.of_staff(name)
        return staff.impersonating(CustomerId(parse_id(customer))) if customer else staff

    def __str__(self) -> str:
        """Return `system`, `staff:ID`, `customer:ID` or `staff:ID as customer:ID`."""
        match self.role:
            case Role.SYSTEM:
                return "system"
            case Role.STAFF:
                return f"staff:{self.staff}"
            case Role.CUSTOMER:
                return f"customer:{self.customer_id}"
            case Role.IMPERSONATOR:
                return f"staff:{self.staff}{_AS}{self.customer_id}"


SYSTEM = Actor(Role.SYSTEM)
