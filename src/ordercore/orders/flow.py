"""The flow of an order as data: states, transitions by verb, named guards and effects (OR2).

A flow holds no code. `flow_check.load_flow` lets only a flow without faults through,
`diagram` draws it, and the functions below walk it, with the guards it was checked for.
A track that only staff see is a flow of its own, kept in an aggregate of its own (OR3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Final

import attrs

from ordercore.errors import NotFoundError, TransitionError
from ordercore.orders.guards import GUARDS, Guard, OrderFacts
from ordercore.values.language import fallbacks

__all__ = [
    "ANY",
    "Flow",
    "OrderFacts",
    "Refusal",
    "State",
    "Transition",
    "allowed",
    "explain",
    "label",
    "step",
    "why_not",
]

ANY: Final = ("*",)
"""The sources of a transition that leaves every state but the final ones."""

_NO_WAY: Final[Mapping[str, str]] = {
    "en": "This step is not possible at the moment.",
    "fr": "Cette étape n’est pas possible pour le moment.",
}


def _frozen(labels: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(labels))


@attrs.frozen(kw_only=True)
class State:
    """A state, and what the customer reads while the order is in it.

    Attributes:
        name: The stored name.
        labels: The public label per language tag.
        final: Nothing follows; the order is over.
        hidden: The customer goes on seeing the last visible state; needs no labels.
    """

    name: str
    labels: Mapping[str, str] = attrs.field(factory=dict, converter=_frozen, hash=False)
    final: bool = False
    hidden: bool = False


@attrs.frozen(kw_only=True)
class Transition:
    """A step that a verb takes.

    Of several transitions with one verb from one state, the first whose guards
    all hold is taken, in the order written.

    Attributes:
        verb: The stored name of what somebody does.
        sources: The states it leaves, or `ANY`.
        target: The state it enters; may be a source.
        guards: Names of conditions that must all hold.
        effects: Names of what else happens, in order.
        letters: Kinds of message to the customer.
    """

    verb: str
    sources: tuple[str, ...]
    target: str
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Flow:
    """A flow. An order keeps the name and version of the flow it was placed under.

    Attributes:
        languages: The languages that every visible state is labelled in; the
            first is what others fall back to.
    """

    name: str
    version: int
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    languages: tuple[str, ...]

    @cached_property
    def verbs(self) -> tuple[str, ...]:
        """Every verb once, in the order written."""
        return tuple(dict.fromkeys(way.verb for way in self.transitions))

    @cached_property
    def _known(self) -> Mapping[str, State]:
        return {state.name: state for state in reversed(self.states)}

    @cached_property
    def _ways(self) -> Mapping[tuple[str, str], tuple[Transition, ...]]:
        found: dict[tuple[str, str], tuple[Transition, ...]] = {}
        for source, way in self.edges():
            found[source, way.verb] = (*found.get((source, way.verb), ()), way)
        return found

    def state(self, name: str) -> State:
        """Return the state called `name`.

        Raises:
            NotFoundError: `not_found`.
        """
        if name not in self._known:
            raise NotFoundError("not_found", kind="state", id=name)
        return self._known[name]

    def caption(self, state: State, language: str) -> str:
        """Return the state's own label, hidden or not: for drawings and staff, see `label`."""
        chain = fallbacks(language, *self.languages[:1] or (language,))
        return _first(chain, state.labels) or state.name

    def ways(self, state: str, verb: str) -> tuple[Transition, ...]:
        """Return the transitions with this verb from this state, in the order they are tried."""
        return self._ways.get((state, verb), ())

    def edges(self) -> Iterator[tuple[str, Transition]]:
        """Yield each transition once per state that it leaves, `ANY` spelled out."""
        open_states = tuple(state.name for state in self.states if not state.final)
        for way in self.transitions:
            sources = open_states if "*" in way.sources else way.sources
            for source in dict.fromkeys(sources):
                yield source, way


# ── walking ───────────────────────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class Refusal:
    """Why a verb is closed.

    Attributes:
        state: Where the order stands.
        closed: For each transition with this verb from there, its target and the
            guards that do not hold; empty when none leaves from there.
    """

    verb: str
    state: str
    closed: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def guards(self) -> tuple[str, ...]:
        """Every guard that does not hold, once."""
        return tuple(dict.fromkeys(name for _, unmet in self.closed for name in unmet))


def step(
    flow: Flow, state: str, verb: str, facts: OrderFacts, *, guards: Mapping[str, Guard] = GUARDS
) -> Transition:
    """Return the transition that `verb` takes from `state`.

    Raises:
        TransitionError: `order.no_transition` or `order.guarded`; the parameters
            are `verb`, `state`, `to`, `allowed` and, where guarded, `guard`.
        NotFoundError: `not_found`, for a state that the flow does not have.
    """
    taken = _attempt(flow, state, verb, facts, guards)
    if isinstance(taken, Transition):
        return taken
    raise _error(flow, taken, allowed(flow, state, facts, guards=guards))


def allowed(
    flow: Flow, state: str, facts: OrderFacts, *, guards: Mapping[str, Guard] = GUARDS
) -> tuple[str, ...]:
    """Return the verbs that are open now, in the order of the flow."""
    closed = why_not(flow, state, facts, guards=guards)
    return tuple(verb for verb in flow.verbs if verb not in closed)


def why_not(
    flow: Flow, state: str, facts: OrderFacts, *, guards: Mapping[str, Guard] = GUARDS
) -> dict[str, Refusal]:
    """Return every verb of the flow that is closed now, and why (OR2)."""
    tried = (_attempt(flow, state, verb, facts, guards) for verb in flow.verbs)
    return {found.verb: found for found in tried if isinstance(found, Refusal)}


def _attempt(
    flow: Flow, state: str, verb: str, facts: OrderFacts, guards: Mapping[str, Guard]
) -> Transition | Refusal:
    closed: list[tuple[str, tuple[str, ...]]] = []
    for way in flow.ways(flow.state(state).name, verb):
        unmet = tuple(name for name in way.guards if not guards[name].holds(facts))
        if not unmet:
            return way
        closed.append((way.target, unmet))
    return Refusal(verb=verb, state=state, closed=tuple(closed))


def _error(flow: Flow, refusal: Refusal, open_verbs: Sequence[str]) -> TransitionError:
    """Say from, to and allowed; `to` is where the verb leads elsewhere, if not from here."""
    from_here = dict.fromkeys(target for target, _ in refusal.closed)
    elsewhere = dict.fromkeys(w.target for w in flow.transitions if w.verb == refusal.verb)
    verb, state, may = refusal.verb, refusal.state, list(open_verbs)
    if not from_here:
        return TransitionError(
            "order.no_transition", verb=verb, state=state, to=list(elsewhere), allowed=may
        )
    guard = ", ".join(refusal.guards)
    return TransitionError(
        "order.guarded", verb=verb, state=state, to=list(from_here), guard=guard, allowed=may
    )


def explain(
    refusal: Refusal, language: str, *, guards: Mapping[str, Guard] = GUARDS, default: str = "en"
) -> str:
    """Return why a verb is closed in sentences fit for a customer: no stored name, no state.

    Args:
        refusal: What `why_not` returned.
        language: The reader's language tag.
        guards: Where the sentences stand.
        default: The language to fall back to.
    """
    chain = fallbacks(language, default)
    closed = _first(chain, _NO_WAY) or _NO_WAY["en"]
    reasons = [_first(chain, guards[name].reasons) or closed for name in refusal.guards]
    return " ".join(dict.fromkeys(reasons or [closed]))


def label(flow: Flow, state: str, language: str, *, before: Sequence[str] = ()) -> str:
    """Return what the customer reads of a state.

    Args:
        flow: The flow.
        state: Where the order stands.
        language: The customer's language tag.
        before: The states it came through, oldest first. In a hidden state the
            last visible one shows, and the initial one when there is none.

    Raises:
        NotFoundError: `not_found`, for a state that the flow does not have.
    """
    shown = flow.state(state)
    if shown.hidden:
        visible = {each.name: each for each in flow.states if not each.hidden}
        last = next((name for name in reversed(before) if name in visible), flow.initial)
        shown = flow.state(last)
    return flow.caption(shown, language)


def _first(chain: Sequence[str], texts: Mapping[str, str]) -> str:
    return next((texts[tag] for tag in chain if tag in texts), "")
