"""The flow of orders taken over from another system: they come in at their end (OR2).

Nothing moves them, no letter is sent for them. `imported` is where the flow begins
on paper, since every flow begins somewhere; what is taken over stands in a final state.
"""

from __future__ import annotations

from typing import Final

from ordercore.orders.flow import Flow, State, Transition

COMPLETED: Final = "completed"
"""An order that was carried out."""
CREDITED: Final = "credited"
"""A cancellation: what was taken back, as lines of negative quantity."""
ADJUSTED: Final = "adjusted"
"""A correction of the books, which belongs to no customer."""

IMPORTED_FLOW: Final = Flow(
    name="imported",
    version=1,
    initial="imported",
    languages=("en", "fr"),
    states=(
        State(name="imported", labels={"en": "Taken over", "fr": "Reprise"}),
        State(name=COMPLETED, labels={"en": "Completed", "fr": "Terminée"}, final=True),
        State(name=CREDITED, labels={"en": "Credited", "fr": "Créditée"}, final=True),
        State(name=ADJUSTED, labels={"en": "Adjusted", "fr": "Régularisée"}, final=True),
    ),
    transitions=(
        Transition(verb="complete", sources=("imported",), target=COMPLETED),
        Transition(verb="credit", sources=("imported",), target=CREDITED),
        Transition(verb="adjust", sources=("imported",), target=ADJUSTED),
    ),
)
