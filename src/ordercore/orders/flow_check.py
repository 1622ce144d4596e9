"""Checks of a flow as a whole: everything wrong with it at once, before the first order (OR2)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from ordercore.errors import InvalidValueError
from ordercore.orders.flow import Flow
from ordercore.orders.guards import GUARDS
from ordercore.values.language import fallbacks, language_tag
from ordercore.values.text import check_text

NAME_LIMIT: Final = 40
LABEL_LIMIT: Final = 80

EFFECTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "restock": "give the stock of every line back",
        "start_lifecycle": "count the lifespan of what was bought from this day",
    }
)
"""The effects that ordercore brings, by name; the desk carries them out in the order written."""

FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bad_name": "{subject!r} cannot be a name: {detail}",
        "bad_version": "version {subject!r} is not a whole number of 1 or more",
        "bad_language": "{subject!r} is not a language tag in its canonical spelling",
        "no_language": "the flow names no language",
        "duplicate_state": "state {subject!r} is declared twice",
        "unknown_state": "{detail} names {subject!r}, which is no state of the flow",
        "unknown_guard": "{detail} names the guard {subject!r}, which nobody provides",
        "unknown_effect": "{detail} names the effect {subject!r}, which nobody carries out",
        "unknown_letter": "{detail} names the kind of message {subject!r}, which does not exist",
        "no_source": "{subject!r} to {detail!r} leaves no state",
        "ambiguous": "{subject!r} from {detail!r} has a way that an earlier one always hides",
        "no_final": "no state is final",
        "final_leaves": "state {subject!r} is final, yet {detail!r} leaves it",
        "hidden_initial": "state {subject!r} is where orders begin and cannot be hidden",
        "unreachable": "state {subject!r} cannot be reached",
        "dead_end": "from state {subject!r} no final state can be reached",
        "unlabelled": "state {subject!r} has no label in {detail!r}",
        "bad_label": "state {subject!r} cannot be labelled so: {detail}",
    }
)
"""Every code of a fault, and its sentence."""


@attrs.frozen
class Fault:
    """One thing wrong with a flow.

    Attributes:
        code: A key of `FAULTS`.
        subject: The name at fault: a state, a verb, a guard, a language.
        detail: Where it stands, or what is missing.
    """

    code: str
    subject: str
    detail: str = ""

    @property
    def text(self) -> str:
        """The sentence, in English, for whoever wrote the flow."""
        return FAULTS[self.code].format(subject=self.subject, detail=self.detail)


def load_flow(
    flow: Flow,
    *,
    guards: Collection[str] = GUARDS.keys(),
    effects: Collection[str] = EFFECTS.keys(),
    letters: Collection[str] | None = None,
) -> Flow:
    """Return `flow` when nothing is wrong with it.

    Raises:
        InvalidValueError: `flow.invalid`, with every fault at once; the parameter
            `codes` lists their codes.
    """
    faults = check_flow(flow, guards=guards, effects=effects, letters=letters)
    if faults:
        raise InvalidValueError(
            "flow.invalid",
            count=len(faults),
            faults="; ".join(fault.text for fault in faults),
            codes=[fault.code for fault in faults],
        )
    return flow


def check_flow(
    flow: Flow,
    *,
    guards: Collection[str] = GUARDS.keys(),
    effects: Collection[str] = EFFECTS.keys(),
    letters: Collection[str] | None = None,
) -> list[Fault]:
    """Return everything wrong with a flow, each fault once, empty when it may be walked.

    Args:
        flow: The flow.
        guards: The names of the guards that will be at hand.
        effects: The names of the effects that will be carried out.
        letters: The kinds of message that exist; None leaves them unchecked.
    """
    found = [
        *_name_faults(flow),
        *_language_faults(flow),
        *_reference_faults(flow, guards, effects, letters),
        *_way_faults(flow),
        *_reach_faults(flow),
        *_label_faults(flow),
    ]
    return list(dict.fromkeys(found))


def _name_faults(flow: Flow) -> Iterator[Fault]:
    names = [flow.name, *(state.name for state in flow.states), *flow.verbs]
    for name in names:
        if reason := _why_no_name(name):
            yield Fault("bad_name", name, reason)
    if type(flow.version) is not int or flow.version < 1:
        yield Fault("bad_version", str(flow.version))
    seen: set[str] = set()
    for state in flow.states:
        if state.name in seen:
            yield Fault("duplicate_state", state.name)
        seen.add(state.name)


def _why_no_name(name: str) -> str:
    """Return why a store could not keep `name` as it is, or nothing."""
    if reason := _why_no_text(name, "name", NAME_LIMIT):
        return reason
    if name == "*":
        return "it means any state"
    return "" if name == name.strip() else "blanks at an end"


def _why_no_text(text: str, field: str, limit: int) -> str:
    try:
        check_text(text, field=field, limit=limit, empty=False)
    except InvalidValueError as error:
        return str(error)
    return "" if text.strip() else "only blanks"


def _language_faults(flow: Flow) -> Iterator[Fault]:
    if not flow.languages:
        yield Fault("no_language", flow.name)
    for tag in [*flow.languages, *(tag for state in flow.states for tag in state.labels)]:
        if not _is_canonical(tag):
            yield Fault("bad_language", tag)


def _is_canonical(tag: str) -> bool:
    try:
        return language_tag(tag) == tag
    except InvalidValueError:
        return False


def _reference_faults(
    flow: Flow,
    guards: Collection[str],
    effects: Collection[str],
    letters: Collection[str] | None,
) -> Iterator[Fault]:
    states = {state.name for state in flow.states}
    if flow.initial not in states:
        yield Fault("unknown_state", flow.initial, "the initial state")
    for way in flow.transitions:
        verb = repr(way.verb)
        for name in (*(name for name in way.sources if name != "*"), way.target):
            if name not in states:
                yield Fault("unknown_state", name, verb)
        for code, named, known in (
            ("unknown_guard", way.guards, guards),
            ("unknown_effect", way.effects, effects),
            ("unknown_letter", way.letters, way.letters if letters is None else letters),
        ):
            yield from (Fault(code, name, verb) for name in named if name not in known)


def _way_faults(flow: Flow) -> Iterator[Fault]:
    for way in flow.transitions:
        if not way.sources:
            yield Fault("no_source", way.verb, way.target)
    earlier: dict[tuple[str, str], list[set[str]]] = {}
    for source, way in flow.edges():
        before = earlier.setdefault((source, way.verb), [])
        if any(needed <= set(way.guards) for needed in before):
            yield Fault("ambiguous", way.verb, source)
        before.append(set(way.guards))


def _reach_faults(flow: Flow) -> Iterator[Fault]:
    names = [state.name for state in flow.states]
    finals = [state.name for state in flow.states if state.final]
    edges = [(source, way.target) for source, way in flow.edges()]
    reached = _reach([flow.initial], edges)
    ending = _reach(finals, [(target, source) for source, target in edges])
    yield from (
        Fault("final_leaves", source, way.verb) for source, way in flow.edges() if source in finals
    )
    yield from (
        Fault("hidden_initial", state.name)
        for state in flow.states
        if state.hidden and state.name == flow.initial
    )
    if flow.initial in names:
        yield from (Fault("unreachable", name) for name in names if name not in reached)
    if finals:
        yield from (Fault("dead_end", name) for name in names if name not in ending)
    else:
        yield Fault("no_final", flow.name)


def _reach(begin: Collection[str], edges: Collection[tuple[str, str]]) -> set[str]:
    """Return the states that one gets to from `begin`, itself included."""
    onward: dict[str, list[str]] = {}
    for source, target in edges:
        onward.setdefault(source, []).append(target)
    reached, todo = set(begin), list(begin)
    while todo:
        for target in onward.get(todo.pop(), ()):
            if target not in reached:
                reached.add(target)
                todo.append(target)
    return reached


def _label_faults(flow: Flow) -> Iterator[Fault]:
    for state in flow.states:
        for text in state.labels.values():
            if reason := _why_no_text(text, "label", LABEL_LIMIT):
                yield Fault("bad_label", state.name, reason)
        if not state.hidden:
            for tag in flow.languages:
                if not any(each in state.labels for each in fallbacks(tag, tag)):
                    yield Fault("unlabelled", state.name, tag)
