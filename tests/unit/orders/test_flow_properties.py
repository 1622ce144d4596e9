"""Flows made at random: sound ones are walked, broken ones are found out (OR2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError, TransitionError
from ordercore.orders.flow import (
    ANY,
    Flow,
    OrderFacts,
    State,
    Transition,
    allowed,
    label,
    step,
    why_not,
)
from ordercore.orders.flow_check import check_flow, load_flow
from ordercore.orders.guards import Guard


def bit_guard(bit: int) -> Guard:
    """A guard that looks at one bit of `line_count`."""
    return Guard(holds=lambda facts: bool(facts.line_count >> bit & 1), reasons={})


GUARDS = {f"bit{bit}": bit_guard(bit) for bit in range(4)}
"""Guards that hold independently of each other: one per bit of `line_count`."""
VERBS = ("pay", "pack", "ship", "Being processed")
FACTS = st.integers(0, 15).map(lambda bits: OrderFacts(total_minor=0, line_count=bits))
GUARD_SETS = st.sets(st.sampled_from(sorted(GUARDS)), max_size=2).map(
    lambda some: tuple(sorted(some))
)


def holds(way: Transition, facts: OrderFacts) -> bool:
    """Whether every guard holds, read from the bits themselves."""
    return all(facts.line_count & 1 << int(name[3:]) for name in way.guards)


def ways_from(flow: Flow, state: str, verb: str) -> list[Transition]:
    """The transitions with a verb from a state, found by reading the flow from top to bottom."""
    final = {each.name for each in flow.states if each.final}
    return [
        way
        for way in flow.transitions
        if way.verb == verb
        and (state in way.sources or ("*" in way.sources and state not in final))
    ]


def hides(flow: Flow, last: Transition) -> bool:
    """Whether earlier ways leave nothing to the last one, in some state that it leaves."""
    for state in flow.states:
        ways = ways_from(flow, state.name, last.verb)
        earlier = [way for way in ways if set(way.guards) <= set(last.guards)]
        if last in ways and len(earlier) > 1:
            return True
    return False


def ways_to_all(draw: st.DrawFn, going: list[int], size: int) -> list[Transition]:
    """A way to each state from one before it, and one from each to the last."""
    ways = [
        Transition(
            verb=f"to s{n}",
            sources=(f"s{draw(st.sampled_from([g for g in going if g < n]))}",),
            target=f"s{n}",
            guards=draw(GUARD_SETS),
        )
        for n in range(1, size)
    ]
    last = f"s{size - 1}"
    return ways + [Transition(verb=f"end s{n}", sources=(f"s{n}",), target=last) for n in going]


@st.composite
def sound_flows(draw: st.DrawFn) -> Flow:
    """Flows without faults: a path to every state and on to a final one, then more at random."""
    size = draw(st.integers(2, 6))
    final = {size - 1} | draw(st.sets(st.integers(1, size - 1)))
    going = [n for n in range(size) if n not in final]
    sources = st.lists(st.sampled_from([f"s{n}" for n in going]), min_size=1).map(tuple)
    hidden = draw(st.sets(st.integers(1, size - 1)))
    flow = Flow(
        name="random",
        version=1,
        initial="s0",
        states=tuple(
            State(name=f"s{n}", labels={"en": f"State {n}"}, final=n in final, hidden=n in hidden)
            for n in range(size)
        ),
        transitions=tuple(ways_to_all(draw, going, size)),
        languages=("en",),
    )
    for _ in range(draw(st.integers(0, 6))):
        way = Transition(
            verb=draw(st.sampled_from(VERBS)),
            sources=draw(st.just(ANY) | sources),
            target=f"s{draw(st.integers(0, size - 1))}",
            guards=draw(GUARD_SETS),
        )
        more = attrs.evolve(flow, transitions=(*flow.transitions, way))
        flow = flow if hides(more, way) else more
    return flow


@given(sound_flows())
def test_sound_flows_load(flow: Flow) -> None:
    """A flow built to be sound has no faults."""
    assert load_flow(flow, guards=GUARDS) is flow


@given(sound_flows(), st.data())
def test_walk_takes_only_what_is_allowed(flow: Flow, data: st.DataObject) -> None:
    """Every verb is either open and steps, or closed and says why."""
    state = flow.initial
    for _ in range(6):
        facts = data.draw(FACTS)
        may = allowed(flow, state, facts, guards=GUARDS)
        closed = why_not(flow, state, facts, guards=GUARDS)
        assert set(may) | set(closed) == set(flow.verbs)
        assert not set(may) & set(closed)
        for verb in flow.verbs:
            lawful = [way for way in ways_from(flow, state, verb) if holds(way, facts)]
            assert (verb in may) == bool(lawful)
            if lawful:
                assert step(flow, state, verb, facts, guards=GUARDS) is lawful[0]
        for verb, refusal in closed.items():
            ways = ways_from(flow, state, verb)
            assert [target for target, _ in refusal.closed] == [way.target for way in ways]
            assert all(
                unmet and set(unmet) <= set(way.guards)
                for (_, unmet), way in zip(refusal.closed, ways, strict=True)
            )
            with pytest.raises(TransitionError) as caught:
                step(flow, state, verb, facts, guards=GUARDS)
            params = caught.value.params
            assert (params["state"], params["verb"]) == (state, verb)
            assert params["allowed"] == list(may)
            assert params["to"]
            assert (caught.value.code == "order.guarded") == bool(ways)
        if not may:
            break
        state = step(flow, state, data.draw(st.sampled_from(may)), facts, guards=GUARDS).target


@given(sound_flows(), st.lists(st.integers(0, 6)))
def test_customer_never_reads_a_hidden_label(flow: Flow, came: list[int]) -> None:
    """Whatever the order came through, what is shown is the label of a visible state."""
    visible = {state.labels["en"] for state in flow.states if not state.hidden}
    for state in flow.states:
        assert label(flow, state.name, "de", before=[f"s{n}" for n in came]) in visible


def _unreachable(flow: Flow) -> tuple[Flow, str, str]:
    lost = State(name="lost", labels={"en": "Lost"}, final=True)
    return attrs.evolve(flow, states=(*flow.states, lost)), "unreachable", "lost"


def _dead_end(flow: Flow) -> tuple[Flow, str, str]:
    trap = State(name="trap", labels={"en": "Trap"})
    way = Transition(verb="fall", sources=(flow.initial,), target="trap")
    plain = tuple(each for each in flow.transitions if "*" not in each.sources)
    broken = attrs.evolve(flow, states=(*flow.states, trap), transitions=(*plain, way))
    return broken, "dead_end", "trap"


def _unlabelled(flow: Flow) -> tuple[Flow, str, str]:
    bare = attrs.evolve(flow.states[0], labels={"fr": "Début"})
    return attrs.evolve(flow, states=(bare, *flow.states[1:])), "unlabelled", bare.name


def _twin(flow: Flow) -> tuple[Flow, str, str]:
    return attrs.evolve(flow, states=(*flow.states, flow.states[0])), "duplicate_state", "s0"


def _ambiguous(flow: Flow) -> tuple[Flow, str, str]:
    again = flow.transitions[-1]
    return attrs.evolve(flow, transitions=(*flow.transitions, again)), "ambiguous", again.verb


def _leaves(flow: Flow) -> tuple[Flow, str, str]:
    last = [state.name for state in flow.states if state.final][-1]
    way = Transition(verb="undo", sources=(last,), target=flow.initial)
    return attrs.evolve(flow, transitions=(*flow.transitions, way)), "final_leaves", last


def _unknown(field: str, code: str) -> Callable[[Flow], tuple[Flow, str, str]]:
    def plant(flow: Flow) -> tuple[Flow, str, str]:
        ghost: Any = "ghost" if field == "target" else ("ghost",)
        bad = attrs.evolve(flow.transitions[0], **{field: ghost})
        return attrs.evolve(flow, transitions=(bad, *flow.transitions[1:])), code, "ghost"

    return plant


PLANTS = [
    _dead_end,  # the first, since it takes the ways from any state away
    _unreachable,
    _unlabelled,
    _twin,
    _ambiguous,
    _leaves,
    _unknown("sources", "unknown_state"),
    _unknown("target", "unknown_state"),
    _unknown("guards", "unknown_guard"),
    _unknown("effects", "unknown_effect"),
]


@given(sound_flows(), st.sets(st.integers(0, len(PLANTS) - 1), min_size=1, max_size=4))
def test_planted_faults_are_named(flow: Flow, chosen: set[int]) -> None:
    """Each of several mistakes made in a sound flow is named, however they overlap."""
    planted = set()
    for number in sorted(chosen):
        flow, code, subject = PLANTS[number](flow)
        planted.add((code, subject))
    faults = {(fault.code, fault.subject) for fault in check_flow(flow, guards=GUARDS)}
    assert planted <= faults
    with pytest.raises(InvalidValueError):
        load_flow(flow, guards=GUARDS)


NAMES = st.one_of(st.sampled_from(["a", "b", "c", "*", "", "\n"]), st.text(max_size=3))
SOME = st.lists(NAMES, max_size=3).map(tuple)
WILD_FLOWS = st.builds(
    Flow,
    name=NAMES,
    version=st.integers(-1, 2),
    initial=NAMES,
    languages=SOME,
    states=st.lists(
        st.builds(
            State,
            name=NAMES,
            labels=st.dictionaries(st.sampled_from(["en", "fr", "EN", "?"]), st.text(max_size=3)),
            final=st.booleans(),
            hidden=st.booleans(),
        ),
        max_size=4,
    ).map(tuple),
    transitions=st.lists(
        st.builds(
            Transition,
            verb=NAMES,
            sources=SOME,
            target=NAMES,
            guards=SOME,
            effects=SOME,
            letters=SOME,
        ),
        max_size=5,
    ).map(tuple),
)


@given(WILD_FLOWS)
def test_any_flow_is_judged(flow: Flow) -> None:
    """Whatever a flow holds, the check ends with a list of faults, each once and readable."""
    faults = check_flow(flow, letters=())
    assert len(faults) == len(set(faults))
    assert all(fault.text and "\n" not in fault.text for fault in faults)
    if faults:
        with pytest.raises(InvalidValueError) as caught:
            load_flow(flow, letters=())
        assert caught.value.params["count"] == len(faults)


@given(
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=9),
    st.sets(st.integers(0, 4), min_size=1),
)
def test_reach_agrees_with_a_closure(edges: set[tuple[int, int]], final: set[int]) -> None:
    """Unreachable states and dead ends are those that the transitive closure of the ways says."""
    flow = Flow(
        name="graph",
        version=1,
        initial="0",
        languages=("en",),
        states=tuple(State(name=str(n), labels={"en": "x"}, final=n in final) for n in range(5)),
        transitions=tuple(
            Transition(verb=f"{a}-{b}", sources=(str(a),), target=str(b)) for a, b in sorted(edges)
        ),
    )
    closure = edges | {(n, n) for n in range(5)}
    for via in range(5):
        closure |= {(a, b) for a in range(5) for b in range(5) if {(a, via), (via, b)} <= closure}
    faults = {(fault.code, fault.subject) for fault in check_flow(flow)}
    for n in range(5):
        assert (("unreachable", str(n)) in faults) == ((0, n) not in closure)
        assert (("dead_end", str(n)) in faults) == all((n, end) not in closure for end in final)
