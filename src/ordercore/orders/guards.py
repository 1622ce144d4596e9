"""Guards: named conditions that open or close a transition, and the sentence that says why.

A guard is pure: it looks at the facts of one order and nothing else. Its name is
a stored name; a host may add its own beside these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from ordercore.values.attributes import NO_ATTRIBUTES, Attributes


@attrs.frozen(kw_only=True)
class OrderFacts:
    """What a guard may look at.

    Attributes:
        total_minor: What the order costs as it stands now, tax and delivery included.
        paid_minor: What was received in all, in the same currency.
        refunded_minor: What was given back, as money, voucher or credit.
        line_count: How many lines the order has.
        parcel_count: How many parcels are known by their number.
        attributes: The host's own fields of the order, for the host's own guards.
    """

    total_minor: int
    paid_minor: int = 0
    refunded_minor: int = 0
    line_count: int = 1
    parcel_count: int = 0
    attributes: Attributes = NO_ATTRIBUTES


@attrs.frozen(kw_only=True)
class Guard:
    """A condition, and per language the sentence to show while it does not hold."""

    holds: Callable[[OrderFacts], bool]
    reasons: Mapping[str, str]


def paid_in_full(facts: OrderFacts) -> bool:
    """Tell whether what was kept of the payments covers the total; an order for nothing is paid."""
    return facts.paid_minor - facts.refunded_minor >= facts.total_minor


def nothing_paid(facts: OrderFacts) -> bool:
    """Tell whether no money is held for the order: none came, or all went back."""
    return facts.paid_minor <= facts.refunded_minor


def has_parcel(facts: OrderFacts) -> bool:
    """Tell whether a parcel number is known."""
    return facts.parcel_count > 0


GUARDS: Final[Mapping[str, Guard]] = MappingProxyType(
    {
        "paid_in_full": Guard(
            holds=paid_in_full,
            reasons={
                "en": "The order is not paid in full.",
                "fr": "La commande n’est pas entièrement payée.",
            },
        ),
        "nothing_paid": Guard(
            holds=nothing_paid,
            reasons={
                "en": "Money was received for the order.",
                "fr": "Un paiement a été reçu pour la commande.",
            },
        ),
        "has_parcel": Guard(
            holds=has_parcel,
            reasons={
                "en": "The order has no parcel number yet.",
                "fr": "La commande n’a pas encore de numéro de colis.",
            },
        ),
    }
)
"""The guards that ordercore brings, by name."""
