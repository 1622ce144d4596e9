"""What happens to customers."""

from __future__ import annotations

from typing import ClassVar

import attrs

from ordercore.values.ids import CustomerId


@attrs.frozen(kw_only=True)
class CustomerRegistered:
    """A customer became known, as a guest or with an account."""

    tag: ClassVar[str] = "customer.registered"
    version: ClassVar[int] = 1

    customer_id: CustomerId
    guest: bool


@attrs.frozen(kw_only=True)
class CustomerEdited:
    """Fields of a customer were changed; which, but not to what."""

    tag: ClassVar[str] = "customer.edited"
    version: ClassVar[int] = 1

    customer_id: CustomerId
    fields: tuple[str, ...]


@attrs.frozen(kw_only=True)
class EmailVerified:
    """A customer proved to read the mailbox on record."""

    tag: ClassVar[str] = "customer.email_verified"
    version: ClassVar[int] = 1

    customer_id: CustomerId
