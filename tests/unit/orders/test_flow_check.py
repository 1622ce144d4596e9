"""Each thing that can be wrong with a flow is found, by its code and the name at fault (OR2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from ordercore.errors import InvalidValueError
from ordercore.orders.default_flow import DEFAULT_FLOW
from ordercore.orders.flow import ANY, Flow, State, Transition
from ordercore.orders.flow_check import FAULTS, Fault, check_flow, load_flow

STATES = DEFAULT_FLOW.states
WAYS = DEFAULT_FLOW.transitions
Change = Callable[[Flow], Flow]


def also(*parts: State | Transition) -> Change:
    """Add states and transitions."""
    states = tuple(part for part in parts if isinstance(part, State))
    ways = tuple(part for part in parts if isinstance(part, Transition))
    return lambda flow: attrs.evolve(
        flow, states=flow.states + states, transitions=flow.transitions + ways
    )


def but(**fields: Any) -> Change:
    """Replace fields of the flow."""
    return lambda flow: attrs.evolve(flow, **fields)


def state_but(name: str, **fields: Any) -> Change:
    """Replace fields of one state."""
    return lambda flow: attrs.evolve(
        flow,
        states=tuple(attrs.evolve(s, **fields) if s.name == name else s for s in flow.states),
    )


def way_but(verb: str, **fields: Any) -> Change:
    """Replace fields of the transitions of one verb."""
    return lambda flow: attrs.evolve(
        flow,
        transitions=tuple(
            attrs.evolve(way, **fields) if way.verb == verb else way for way in flow.transitions
        ),
    )


def lost(**fields: bool) -> State:
    """A state called `lost`, labelled in both languages."""
    return State(name="lost", labels={"en": "Lost", "fr": "Perdue"}, **fields)


def way(verb: str, source: str, target: str, *guards: str) -> Transition:
    """A transition from one state."""
    return Transition(verb=verb, sources=(source,), target=target, guards=guards)


CASES: list[tuple[Change, list[tuple[str, str]]]] = [
    (also(lost()), [("unreachable", "lost"), ("dead_end", "lost")]),
    (also(lost(final=True)), [("unreachable", "lost")]),
    (also(lost(), way("find", "lost", "paid")), [("unreachable", "lost")]),
    (also(lost(), way("lose", "paid", "lost")), [("dead_end", "lost")]),
    (
        also(lost(), way("lose", "paid", "lost"), way("look", "lost", "lost")),
        [("dead_end", "lost")],
    ),
    (also(way("reopen", "cancelled", "paid")), [("final_leaves", "cancelled")]),
    (also(way("again", "cancelled", "cancelled")), [("final_leaves", "cancelled")]),
    (also(STATES[1]), [("duplicate_state", "paid")]),
    (also(way("lose", "paid", "lost")), [("unknown_state", "lost")]),
    (also(way("find", "lost", "paid")), [("unknown_state", "lost")]),
    (also(way("wait", "paid", "*")), [("unknown_state", "*")]),
    (but(initial="lost"), [("unknown_state", "lost")]),
    (
        way_but("ship", guards=("has_parcel", "sunny")),
        [("unknown_guard", "sunny")],
    ),
    (way_but("ship", effects=("fireworks",)), [("unknown_effect", "fireworks")]),
    (way_but("ship", letters=("order_sung",)), [("unknown_letter", "order_sung")]),
    (way_but("cancel", sources=()), [("no_source", "cancel"), ("unreachable", "cancelled")]),
    (also(way("deliver", "shipped", "cancelled")), [("ambiguous", "deliver")]),
    (also(WAYS[0]), [("ambiguous", "pay")]),
    (
        also(way("ship", "packed", "cancelled", "has_parcel", "paid_in_full")),
        [("ambiguous", "ship")],
    ),
    (also(Transition(verb="deliver", sources=ANY, target="paid")), [("ambiguous", "deliver")]),
    (state_but("paid", labels={"en": "Paid"}), [("unlabelled", "paid")]),
    (state_but("paid", labels={"en": "Paid", "fr-CA": "Payée"}), [("unlabelled", "paid")]),
    (state_but("paid", labels={"en": "Paid", "fr": " "}), [("bad_label", "paid")]),
    (state_but("paid", labels={"en": "Paid", "fr": "Pay\né"}), [("bad_label", "paid")]),
    (state_but("paid", labels={"en": "Paid", "fr": "é" * 81}), [("bad_label", "paid")]),
    (
        state_but("paid", labels={"en": "Paid", "fr": "Payée", "FR": "Payée"}),
        [("bad_language", "FR")],
    ),
    (
        but(languages=("en", "fr", "")),
        [("bad_language", ""), *[("unlabelled", s.name) for s in STATES]],
    ),
    (but(languages=()), [("no_language", "default")]),
    (but(languages=("en", "de")), [("unlabelled", state.name) for state in STATES]),
    (state_but("awaiting_payment", hidden=True), [("hidden_initial", "awaiting_payment")]),
    (but(version=0), [("bad_version", "0")]),
    (but(version=True), [("bad_version", "True")]),
    (but(name=""), [("bad_name", "")]),
    (but(name=" default"), [("bad_name", " default")]),
    (also(way("\u200a", "paid", "packed")), [("bad_name", "\u200a")]),
    (also(way("x" * 41, "paid", "packed")), [("bad_name", "x" * 41)]),
    (also(way("re\npack", "paid", "packed")), [("bad_name", "re\npack")]),
    (also(way("*", "paid", "packed")), [("bad_name", "*")]),
    (also(way("\ud800", "paid", "packed")), [("bad_name", "\ud800")]),
]


def found(flow: Flow) -> list[tuple[str, str]]:
    """The faults by code and subject, against the kinds of message of the default flow."""
    letters = {kind for each in WAYS for kind in each.letters}
    return [(fault.code, fault.subject) for fault in check_flow(flow, letters=letters)]


@pytest.mark.parametrize(("change", "faults"), CASES)
def test_each_fault_is_found_alone(change: Change, faults: list[tuple[str, str]]) -> None:
    """One mistake in a sound flow gives its fault, and no other."""
    assert sorted(set(found(change(DEFAULT_FLOW)))) == sorted(faults)


def test_flow_without_a_final_state_says_so_once() -> None:
    """Where nothing is final, that is the fault, not each state's dead end."""
    endless = state_but("cancelled", final=False)(state_but("delivered", final=False)(DEFAULT_FLOW))
    assert found(endless) == [("no_final", "default")]


def test_empty_flow_is_refused() -> None:
    """A flow of nothing has no beginning, no end and no language."""
    empty = Flow(name="x", version=1, initial="new", states=(), transitions=(), languages=())
    assert {code for code, _ in found(empty)} == {"unknown_state", "no_final", "no_language"}


def test_flow_may_begin_anywhere_in_the_table() -> None:
    """The order of states says nothing: what the beginning does not lead to is unreachable."""
    assert found(but(states=STATES[::-1])(DEFAULT_FLOW)) == []
    assert found(but(initial="paid")(DEFAULT_FLOW)) == [("unreachable", "awaiting_payment")]


def test_hidden_state_needs_no_label() -> None:
    """The customer does not read it, so it may be unlabelled."""
    hidden = State(name="fraud_check", hidden=True)
    flow = also(hidden, way("doubt", "paid", "fraud_check"), way("clear", "fraud_check", "paid"))
    assert found(flow(DEFAULT_FLOW)) == []


def test_regional_language_is_served_by_the_language() -> None:
    """A label in French will do for a flow that promises Canadian French."""
    assert found(but(languages=("en", "fr-CA"))(DEFAULT_FLOW)) == []


@pytest.mark.parametrize("name", ["Being processed", "AddingItems", "payée", "re-open", "日本"])
def test_names_of_other_systems_are_welcome(name: str) -> None:
    """A name is any single line of at most 40 characters, so that other flows can be taken over."""
    assert found(also(way(name, "paid", "packed"))(DEFAULT_FLOW)) == []


def test_guards_tell_ways_of_one_verb_apart() -> None:
    """Different guards, or none at the end, make several ways of one verb lawful."""
    flow = also(
        lost(final=True),
        way("sort", "paid", "packed", "has_parcel"),
        way("sort", "paid", "cancelled", "nothing_paid"),
        way("sort", "paid", "lost"),
    )
    assert found(flow(DEFAULT_FLOW)) == []


def test_names_are_checked_against_what_the_shop_provides() -> None:
    """Guards, effects and kinds of message are known by what is handed in."""
    flow = way_but("ship", guards=("sunny",), effects=("fireworks",))(DEFAULT_FLOW)
    faults = check_flow(flow, guards={"paid_in_full", "sunny"}, effects={"fireworks"}, letters=())
    assert {(fault.code, fault.subject) for fault in faults if fault.code != "unknown_letter"} == {
        ("unknown_effect", "restock"),
        ("unknown_effect", "start_lifecycle"),
    }
    assert {fault.subject for fault in faults if fault.code == "unknown_letter"} == {
        kind for each in WAYS for kind in each.letters
    }


def test_all_faults_come_at_once() -> None:
    """Whoever wrote the flow reads everything wrong with it in one error."""
    flow = but(version=0, languages=("en", "fr", "de"))(also(lost())(DEFAULT_FLOW))
    with pytest.raises(InvalidValueError) as caught:
        load_flow(flow)
    codes = caught.value.params["codes"]
    assert caught.value.code == "flow.invalid"
    assert isinstance(codes, list)
    assert sorted(codes) == sorted(["bad_version", "unreachable", "dead_end"] + ["unlabelled"] * 7)
    assert caught.value.params["count"] == 10
    assert "state 'lost' cannot be reached" in str(caught.value)


@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_has_its_sentence(code: str) -> None:
    """A sentence names the subject on one line, whatever the subject holds."""
    text = Fault(code, "sub{j}ect\n", "det'ail").text
    assert "sub{j}ect" in text or code in ("no_language", "no_final")
    assert "\n" not in text


def test_every_code_is_exampled_above() -> None:
    """The examples of this file leave no kind of fault out."""
    shown = {code for _, faults in CASES for code, _ in faults}
    assert shown | {"no_final"} == set(FAULTS)
