"""The flow as data: lookups, steps, refusals, labels, and the flow a shop begins with (OR2)."""

from __future__ import annotations

import re

import attrs
import pytest

from ordercore.errors import NotFoundError, TransitionError
from ordercore.orders.default_flow import DEFAULT_FLOW
from ordercore.orders.flow import (
    ANY,
    Flow,
    OrderFacts,
    Refusal,
    State,
    Transition,
    allowed,
    explain,
    label,
    step,
    why_not,
)
from ordercore.orders.flow_check import EFFECTS, check_flow, load_flow
from ordercore.orders.guards import GUARDS, Guard
from ordercore.values.attributes import Attributes

UNPAID = OrderFacts(total_minor=1000)
PART_PAID = OrderFacts(total_minor=1000, paid_minor=999)
PAID = OrderFacts(total_minor=1000, paid_minor=1000)
SENT = attrs.evolve(PAID, parcel_count=1)

FRAUD = Flow(
    name="fraud",
    version=3,
    initial="new",
    languages=("en", "fr"),
    states=(
        State(name="new", labels={"en": "New", "fr": "Nouvelle"}),
        State(name="paid", labels={"en": "Paid", "fr": "Payée"}),
        State(name="suspect", labels={"en": "Under suspicion"}, hidden=True),
        State(name="recheck", hidden=True),
        State(name="closed", labels={"en": "Closed", "fr": "Close", "fr-CA": "Fermée"}, final=True),
    ),
    transitions=(
        Transition(verb="pay", sources=("new",), target="suspect", guards=("risky",)),
        Transition(verb="pay", sources=("new",), target="paid", guards=("paid_in_full",)),
        Transition(verb="check", sources=("suspect",), target="recheck"),
        Transition(verb="clear", sources=("suspect", "recheck"), target="paid"),
        Transition(verb="note", sources=("paid",), target="paid"),
        Transition(verb="close", sources=ANY, target="closed"),
    ),
)
FRAUD_GUARDS = {
    **GUARDS,
    "risky": Guard(holds=lambda f: f.attributes.get("risk") == "high", reasons={"en": "No risk."}),
}
RISKY = attrs.evolve(PAID, attributes=Attributes({"risk": "high"}))


def test_default_flow_has_no_faults() -> None:
    """The flow that ships is one that may be loaded, and uses tags for every stored name."""
    assert load_flow(DEFAULT_FLOW) is DEFAULT_FLOW
    names = {state.name for state in DEFAULT_FLOW.states} | set(DEFAULT_FLOW.verbs)
    names |= {name for way in DEFAULT_FLOW.transitions for name in (*way.guards, *way.letters)}
    assert all(re.fullmatch("[a-z][a-z_]*", name) for name in names | set(EFFECTS) | set(GUARDS))


def test_default_flow_is_pinned() -> None:
    """States and verbs are stored names: who changes them makes a new version of the flow."""
    table = {
        (source, way.verb): (way.target, way.guards, way.effects, way.letters)
        for source, way in DEFAULT_FLOW.edges()
    }
    gone = ("cancelled", (), ("restock",), ("order_cancelled",))
    assert (DEFAULT_FLOW.name, DEFAULT_FLOW.version) == ("default", 1)
    assert table == {
        ("awaiting_payment", "pay"): ("paid", ("paid_in_full",), (), ("order_paid",)),
        ("paid", "pack"): ("packed", ("paid_in_full",), (), ("order_packed",)),
        ("packed", "ship"): ("shipped", ("has_parcel",), (), ("order_shipped",)),
        ("shipped", "deliver"): ("delivered", (), ("start_lifecycle",), ("order_delivered",)),
        ("awaiting_payment", "cancel"): gone,
        ("paid", "cancel"): gone,
        ("packed", "cancel"): gone,
    }


@pytest.mark.parametrize(
    ("verbs", "ends"),
    [
        ("pay pack ship deliver", "delivered"),
        ("cancel", "cancelled"),
        ("pay cancel", "cancelled"),
        ("pay pack cancel", "cancelled"),
    ],
)
def test_default_flow_walks_to_its_ends(verbs: str, ends: str) -> None:
    """A paid order with a parcel can be taken to delivery, or cancelled until it is sent."""
    state = DEFAULT_FLOW.initial
    for verb in verbs.split():
        state = step(DEFAULT_FLOW, state, verb, SENT).target
    assert state == ends
    assert allowed(DEFAULT_FLOW, state, SENT) == ()


def test_no_way_from_here_says_from_to_and_allowed() -> None:
    """A verb that leads nowhere from here is refused with its targets and the open verbs."""
    with pytest.raises(TransitionError) as caught:
        step(DEFAULT_FLOW, "awaiting_payment", "deliver", PAID)
    assert caught.value.code == "order.no_transition"
    assert caught.value.params == {
        "verb": "deliver",
        "state": "awaiting_payment",
        "to": ["delivered"],
        "allowed": ["pay", "cancel"],
    }


def test_closed_guard_says_from_to_guard_and_allowed() -> None:
    """A part payment leaves the order where it is, and the refusal names the guard."""
    with pytest.raises(TransitionError) as caught:
        step(DEFAULT_FLOW, "awaiting_payment", "pay", PART_PAID)
    assert caught.value.code == "order.guarded"
    assert caught.value.params == {
        "verb": "pay",
        "state": "awaiting_payment",
        "to": ["paid"],
        "guard": "paid_in_full",
        "allowed": ["cancel"],
    }


def test_unknown_verb_and_unknown_state_are_refused() -> None:
    """A verb of no flow is no transition; a state of another flow is not found."""
    with pytest.raises(TransitionError) as caught:
        step(DEFAULT_FLOW, "paid", "fly", PAID)
    assert (caught.value.code, caught.value.params["to"]) == ("order.no_transition", [])
    for ask in (allowed, why_not):
        with pytest.raises(NotFoundError):
            ask(DEFAULT_FLOW, "lost", PAID)
    with pytest.raises(NotFoundError):
        step(DEFAULT_FLOW, "lost", "pay", PAID)
    with pytest.raises(NotFoundError):
        label(DEFAULT_FLOW, "lost", "en")


def test_why_not_names_every_closed_verb() -> None:
    """Each closed verb has its reason: a guard that does not hold, or no way from here."""
    closed = why_not(DEFAULT_FLOW, "awaiting_payment", UNPAID)
    assert {verb: refusal.guards for verb, refusal in closed.items()} == {
        "pay": ("paid_in_full",),
        "pack": (),
        "ship": (),
        "deliver": (),
    }


def test_why_not_names_the_guards_of_each_way() -> None:
    """A verb with several ways, all closed, says for each target which guards do not hold."""
    refusal = why_not(FRAUD, "new", UNPAID, guards=FRAUD_GUARDS)["pay"]
    assert refusal.closed == (("suspect", ("risky",)), ("paid", ("paid_in_full",)))
    assert refusal.guards == ("risky", "paid_in_full")


@pytest.mark.parametrize(("facts", "target"), [(PAID, "paid"), (RISKY, "suspect")])
def test_first_way_whose_guards_hold_is_taken(facts: OrderFacts, target: str) -> None:
    """Guards choose between transitions with one verb, in the order written."""
    assert step(FRAUD, "new", "pay", facts, guards=FRAUD_GUARDS).target == target


def test_any_state_means_every_state_that_is_not_final() -> None:
    """`*` opens a verb in each state, save where the order is over."""
    assert not check_flow(FRAUD, guards=FRAUD_GUARDS)
    for state in ("new", "paid", "suspect", "recheck"):
        assert step(FRAUD, state, "close", UNPAID).target == "closed"
    assert "close" in why_not(FRAUD, "closed", UNPAID, guards=FRAUD_GUARDS)


def test_target_may_be_the_source() -> None:
    """A transition may come back to the state that it leaves."""
    assert step(FRAUD, "paid", "note", PAID).target == "paid"


@pytest.mark.parametrize(
    ("language", "english"),
    [("en", "The order is not paid in full."), ("en-GB", "The order is not paid in full.")],
)
def test_refusal_is_explained_in_the_readers_language(language: str, english: str) -> None:
    """A guard has a sentence in English and French; other languages fall back."""
    refusal = why_not(DEFAULT_FLOW, "awaiting_payment", UNPAID)["pay"]
    assert explain(refusal, language) == english
    assert explain(refusal, "fr-CA") == "La commande n’est pas entièrement payée."
    assert explain(refusal, "de") == "The order is not paid in full."
    assert explain(refusal, "de", default="fr") == "La commande n’est pas entièrement payée."


def test_explanation_of_no_way_tells_no_stored_name() -> None:
    """What a customer may read names no state, which might be hidden."""
    refusal = why_not(DEFAULT_FLOW, "delivered", SENT)["cancel"]
    for language in ("en", "fr", "de"):
        sentence = explain(refusal, language)
        assert sentence
        assert "delivered" not in sentence
        assert "cancel" not in sentence


def test_guard_without_a_sentence_still_gets_one() -> None:
    """A host's guard that is silent in the language is explained in general words."""
    refusal = Refusal(verb="pay", state="new", closed=(("paid", ("risky",)),))
    assert explain(refusal, "fr", guards=FRAUD_GUARDS) == "No risk."
    silent = {"risky": Guard(holds=lambda _: False, reasons={})}
    assert explain(refusal, "fr", guards=silent) == "Cette étape n’est pas possible pour le moment."


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Closed"), ("fr", "Close"), ("fr-CA", "Fermée"), ("fr-BE", "Close"), ("de", "Closed")],
)
def test_label_falls_back_to_shorter_tags_then_to_the_flows_first(language: str, text: str) -> None:
    """The nearest label is shown, at last the one in the flow's first language."""
    assert label(FRAUD, "closed", language) == text


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (("new", "paid", "suspect"), "Paid"),
        (("new",), "New"),
        ((), "New"),
        (("gone_since", "suspect"), "New"),
        (("paid", "new", "suspect", "recheck"), "New"),
    ],
)
def test_hidden_state_shows_the_last_visible_one(before: tuple[str, ...], text: str) -> None:
    """A customer never reads a hidden state, even one that has a label."""
    assert label(FRAUD, "suspect", "en", before=before) == text
    assert label(FRAUD, "recheck", "en", before=before) == text


def test_what_came_before_does_not_matter_to_a_visible_state() -> None:
    """A visible state shows its own label whatever came before."""
    assert label(FRAUD, "paid", "en", before=("suspect", "new")) == "Paid"


@pytest.mark.parametrize(
    ("facts", "holding"),
    [
        (OrderFacts(total_minor=1000), {"nothing_paid"}),
        (OrderFacts(total_minor=0), {"nothing_paid", "paid_in_full"}),
        (OrderFacts(total_minor=1000, paid_minor=1), set()),
        (OrderFacts(total_minor=1000, paid_minor=1001), {"paid_in_full"}),
        (OrderFacts(total_minor=1000, paid_minor=1000, refunded_minor=1), set()),
        (OrderFacts(total_minor=1000, paid_minor=500, refunded_minor=500), {"nothing_paid"}),
        (OrderFacts(total_minor=1, parcel_count=2), {"nothing_paid", "has_parcel"}),
    ],
)
def test_guards_tell_what_they_say(facts: OrderFacts, holding: set[str]) -> None:
    """Paid in full is what was kept against the total; nothing paid is no money held."""
    assert {name for name, guard in GUARDS.items() if guard.holds(facts)} == holding


def test_every_guard_speaks_english_and_french() -> None:
    """Each guard that ships has its sentence in both languages."""
    assert all(set(guard.reasons) == {"en", "fr"} for guard in GUARDS.values())


def test_labels_cannot_be_changed_behind_a_flow() -> None:
    """A state keeps a copy of its labels, which nobody can write to."""
    labels = {"en": "Paid"}
    state = State(name="paid", labels=labels)
    labels["en"] = "Free"
    assert state.labels == {"en": "Paid"}
    with pytest.raises(TypeError):
        state.labels["en"] = "Free"  # type: ignore[index]


def test_flows_are_values() -> None:
    """Flows with the same contents are equal and hash alike, whatever was looked up before."""
    twin = attrs.evolve(FRAUD)
    assert FRAUD.verbs == twin.verbs
    assert twin == FRAUD
    assert hash(FRAUD) == hash(attrs.evolve(FRAUD))
    assert attrs.evolve(FRAUD, transitions=FRAUD.transitions[:1]).verbs == ("pay",)
