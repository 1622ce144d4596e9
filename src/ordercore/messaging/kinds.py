"""Every kind of message there is, by its stored name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ordercore.errors import TemplateError
from ordercore.messaging import account_letters as account
from ordercore.messaging import order_letters as order
from ordercore.messaging.letter import Letter

KINDS: Mapping[str, type[Letter]] = MappingProxyType(
    {
        "account_created": account.AccountCreatedLetter,
        "account_merged": account.AccountMergedLetter,
        "email_proof": account.EmailProofLetter,
        "list_ordered": order.ListOrderedLetter,
        "new_order": order.NewOrderLetter,
        "order_cancelled": order.OrderCancelledLetter,
        "order_delivered": order.OrderDeliveredLetter,
        "order_packed": order.OrderPackedLetter,
        "order_paid": order.OrderPaidLetter,
        "order_placed": order.OrderPlacedLetter,
        "order_shipped": order.OrderShippedLetter,
        "reminder": order.ReminderLetter,
    }
)


def letter_class(kind: str) -> type[Letter]:
    """Return the class of letters stored as `kind`.

    Raises:
        TemplateError: `template.unknown`.
    """
    try:
        return KINDS[kind]
    except KeyError:
        raise TemplateError("template.unknown", kind=kind) from None
