"""The flow that a shop begins with: pay, pack, ship, deliver, or cancel (OR2)."""

from __future__ import annotations

from typing import Final

from ordercore.orders.flow import Flow, State, Transition

DEFAULT_FLOW: Final = Flow(
    name="default",
    version=1,
    initial="awaiting_payment",
    languages=("en", "fr"),
    states=(
        State(
            name="awaiting_payment",
            labels={"en": "Awaiting payment", "fr": "En attente de paiement"},
        ),
        State(name="paid", labels={"en": "Paid", "fr": "Payée"}),
        State(name="packed", labels={"en": "Packed", "fr": "Emballée"}),
        State(name="shipped", labels={"en": "In delivery", "fr": "En cours de livraison"}),
        State(name="delivered", labels={"en": "Delivered", "fr": "Livrée"}, final=True),
        State(name="cancelled", labels={"en": "Cancelled", "fr": "Annulée"}, final=True),
    ),
    transitions=(
        # The payment is written down first; a part of the money leaves the order where it is.
        Transition(
            verb="pay",
            sources=("awaiting_payment",),
            target="paid",
            guards=("paid_in_full",),
            letters=("order_paid",),
        ),
        # An edit may have made the order dearer since it was paid.
        Transition(
            verb="pack",
            sources=("paid",),
            target="packed",
            guards=("paid_in_full",),
            letters=("order_packed",),
        ),
        Transition(
            verb="ship",
            sources=("packed",),
            target="shipped",
            guards=("has_parcel",),
            letters=("order_shipped",),
        ),
        Transition(
            verb="deliver",
            sources=("shipped",),
            target="delivered",
            effects=("start_lifecycle",),
            letters=("order_delivered",),
        ),
        Transition(
            verb="cancel",
            sources=("awaiting_payment", "paid", "packed"),
            target="cancelled",
            effects=("restock",),
            letters=("order_cancelled",),
        ),
    ),
)
