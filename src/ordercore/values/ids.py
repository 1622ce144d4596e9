"""Identifiers: UUIDs with a name each, so that a type checker tells them apart.

New ones are UUIDv7 (RFC 9562): they sort by the time they were made, which keeps
the indexes of every engine compact.
"""

from __future__ import annotations

import re
from typing import NewType
from uuid import UUID

from ordercore.errors import InvalidValueError

CustomerId = NewType("CustomerId", UUID)
OrderId = NewType("OrderId", UUID)
ListId = NewType("ListId", UUID)
MergeId = NewType("MergeId", UUID)
CommandId = NewType("CommandId", UUID)
ErrandId = NewType("ErrandId", UUID)
ProofId = NewType("ProofId", UUID)
ReminderId = NewType("ReminderId", UUID)

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that it can be read out on the telephone."""

_UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
_HEARD_AS = str.maketrans("ILO", "110")


def parse_id(value: object, *, field: str = "id") -> UUID:
    """Return the UUID that `value` is or spells, with or without hyphens.

    Raises:
        InvalidValueError: `id.syntax`.
    """
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise InvalidValueError("id.syntax", field=field)
    return UUID(value)


def check_id(value: object, *, field: str = "id") -> UUID:
    """Return `value` when it is a UUID; its spelling is not one on every store.

    Raises:
        InvalidValueError: `id.syntax`.
    """
    if not isinstance(value, UUID):
        raise InvalidValueError("id.syntax", field=field)
    return value


def order_number(entropy: int) -> str:
    """Spell 40 random bits as an order number such as `7F3K-92QX`.

    Args:
        entropy: Random bits; the low 40 are used.
    """
    digits = "".join(CROCKFORD[(entropy >> shift) & 31] for shift in range(35, -1, -5))
    return f"{digits[:4]}-{digits[4:]}"


def normal_number(text: str) -> str:
    """Return an order number as stored, from what a person typed or read out.

    Case, spaces and dashes of any kind are passed over; I and L count as 1, O as 0.
    What cannot be one of our numbers comes back as it is, without outer space.
    """
    plain = re.sub(r"[\W_]", "", text).upper().translate(_HEARD_AS)
    ours = len(plain) == 8 and set(plain) <= set(CROCKFORD)
    return f"{plain[:4]}-{plain[4:]}" if ours else text.strip()
