"""An order takes the steps of its flow, and shows what customers may see (OR2, OR3)."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import NotFoundError, TransitionError
from ordercore.orders.default_flow import DEFAULT_FLOW
from ordercore.orders.events import OrderMoved
from ordercore.orders.flow import Flow, State, Transition, allowed
from ordercore.orders.flow_check import load_flow
from ordercore.orders.order import Order, Parcel, add_parcel, move, receive_payment
from tests.unit.orders.test_order import AT, paid, placed

VERBS = ("pay", "pack", "ship", "deliver", "cancel")

CHECKED = load_flow(
    Flow(
        name="checked",
        version=3,
        initial="new",
        languages=("en",),
        states=(
            State(name="new", labels={"en": "New"}),
            State(name="suspected", hidden=True),
            State(name="examined", hidden=True),
            State(name="accepted", labels={"en": "Accepted"}),
            State(name="refused", labels={"en": "Refused"}, final=True),
            State(name="done", labels={"en": "Done"}, final=True),
        ),
        transitions=(
            Transition(verb="suspect", sources=("new", "accepted"), target="suspected"),
            Transition(verb="examine", sources=("suspected",), target="examined"),
            Transition(verb="accept", sources=("new", "examined"), target="accepted"),
            Transition(verb="refuse", sources=("examined",), target="refused"),
            Transition(verb="finish", sources=("accepted",), target="done"),
        ),
    )
)
"""A flow with a fraud check that customers do not see."""


def walk(order: Order, *verbs: str, flow: Flow = CHECKED) -> Order:
    """Take several steps."""
    for verb in verbs:
        order, _, _ = move(order, verb, flow)
    return order


def suspect() -> Order:
    """Return a new order under the flow with hidden states."""
    return placed(flow=CHECKED)[0]


def test_the_flow_it_began_with() -> None:
    """OR2: an order keeps name and version of its flow, and begins where that begins."""
    order = suspect()
    assert (order.flow, order.flow_version, order.state) == ("checked", 3, "new")


class TestMove:
    """A step changes the state and says what follows from it."""

    def test_a_step(self) -> None:
        """OR2: the event says from, to and by which verb; the transition what follows."""
        order, _ = receive_payment(placed()[0], paid(500))
        moved, taken, event = move(order, "pay", DEFAULT_FLOW)
        assert event == OrderMoved(
            order_id=order.id, verb="pay", source="awaiting_payment", target="paid"
        )
        assert taken.letters == ("order_paid",)
        assert moved == attrs.evolve(order, state="paid", shown_state="paid")

    def test_a_guard_holds_it_back(self) -> None:
        """OR2: a penny short is not paid; the refusal says from, to, by which guard."""
        order, _ = receive_payment(placed()[0], paid(499))
        with pytest.raises(TransitionError) as refused:
            move(order, "pay", DEFAULT_FLOW)
        assert refused.value.code == "order.guarded"
        assert refused.value.params == {
            "verb": "pay",
            "state": "awaiting_payment",
            "to": ["paid"],
            "guard": "paid_in_full",
            "allowed": ["cancel"],
        }

    def test_no_parcel_no_shipping(self) -> None:
        """OR9: an order leaves with a parcel number, or not at all."""
        order, _ = receive_payment(placed()[0], paid(500))
        packed = walk(order, "pay", "pack", flow=DEFAULT_FLOW)
        with pytest.raises(TransitionError) as refused:
            move(packed, "ship", DEFAULT_FLOW)
        assert refused.value.params["guard"] == "has_parcel"
        sent = add_parcel(packed, Parcel(number="JD1", carrier="", shipped_at=AT))
        assert walk(sent, "ship", "deliver", flow=DEFAULT_FLOW).state == "delivered"

    def test_a_state_of_another_flow(self) -> None:
        """OR2: an order is moved by the flow it began with, and by no other."""
        with pytest.raises(NotFoundError):
            move(suspect(), "pay", DEFAULT_FLOW)

    @given(st.lists(st.sampled_from([*VERBS, "money", "parcel"]), max_size=12))
    def test_any_sequence(self, deeds: list[str]) -> None:
        """OR2: whatever is tried, an order only takes steps that are allowed, and ends."""
        order, _ = placed()
        for deed in deeds:
            before = order
            if deed == "money":
                order, _ = receive_payment(order, paid(300))
            elif deed == "parcel":
                order = add_parcel(order, Parcel(number="JD1", carrier="", shipped_at=AT))
            elif deed in allowed(DEFAULT_FLOW, order.state, order.facts):
                order, _, event = move(order, deed, DEFAULT_FLOW)
                assert (event.source, event.target) == (before.state, order.state)
            else:
                with pytest.raises(TransitionError):
                    move(order, deed, DEFAULT_FLOW)
            assert order.state != "shipped" or order.parcels
            assert order.state in ("awaiting_payment", "cancelled") or order.paid >= order.total
            assert before.state not in ("delivered", "cancelled") or order.state == before.state


class TestHiddenStates:
    """What only staff see never shows, whatever the order comes through (OR3)."""

    def test_the_last_visible_state_goes_on_showing(self) -> None:
        """OR3: while an order is suspected, its customer sees what was before."""
        order = walk(suspect(), "suspect")
        assert (order.state, order.shown_state) == ("suspected", "new")
        order = walk(order, "examine")
        assert (order.state, order.shown_state) == ("examined", "new")
        order = walk(order, "accept")
        assert (order.state, order.shown_state) == ("accepted", "accepted")
        order = walk(order, "suspect", "examine")
        assert (order.state, order.shown_state) == ("examined", "accepted")
        assert walk(order, "refuse").shown_state == "refused"

    @given(st.lists(st.sampled_from(CHECKED.verbs), max_size=10))
    def test_never_a_hidden_one(self, verbs: list[str]) -> None:
        """OR3: after any walk the shown state is a visible one."""
        order = suspect()
        hidden = {state.name for state in CHECKED.states if state.hidden}
        for verb in verbs:
            if verb in allowed(CHECKED, order.state, order.facts):
                order = walk(order, verb)
            assert order.shown_state not in hidden
            assert order.state in hidden or order.shown_state == order.state
