"""The flows of other shop systems can be said in ours, row by row (OR2)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from ordercore.errors import TransitionError
from ordercore.orders.diagram import to_dot, to_mermaid
from ordercore.orders.flow import ANY, Flow, OrderFacts, State, Transition, step
from ordercore.orders.flow_check import load_flow
from ordercore.orders.guards import Guard

pytestmark = pytest.mark.data
FACTS = OrderFacts(total_minor=0)


class Row(NamedTuple):
    """One transition of another system; a missing trigger takes the target's name."""

    source: str
    verb: str
    target: str
    condition: str

    @property
    def guards(self) -> tuple[str, ...]:
        """The condition as the name of a guard, when there is one."""
        return (self.condition,) if self.condition else ()


@pytest.fixture(scope="session")
def machines(shared_data: Path) -> dict[str, list[Row]]:
    """The rows of each machine, without those that only remark that a state is final."""
    found: dict[str, list[Row]] = {}
    with (shared_data / "state_machines" / "peer_transitions.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["to_state"]:
                verb = row["trigger"] or row["to_state"]
                found.setdefault(f"{row['system']} {row['machine']}"[:40], []).append(
                    Row(row["from_state"], verb, row["to_state"], row["condition"])
                )
    return found


def flow_of(name: str, rows: Sequence[Row]) -> Flow:
    """Say the rows as a flow: final is what nothing leaves by name, initial what nothing enters."""
    sources = dict.fromkeys(row.source for row in rows if row.source != "*")
    targets = dict.fromkeys(row.target for row in rows)
    begin = [state for state in sources if state not in targets] or list(sources)
    return Flow(
        name=name,
        version=1,
        initial=begin[0],
        languages=("en",),
        states=tuple(
            State(name=state, labels={"en": state}, final=state not in sources)
            for state in {**sources, **targets}
        ),
        transitions=tuple(
            Transition(verb=row.verb, sources=(row.source,), target=row.target, guards=row.guards)
            for row in rows
        ),
    )


def guards_of(rows: Sequence[Row], holding: str) -> dict[str, Guard]:
    """Guards of which one holds, or none."""

    def guard(condition: str) -> Guard:
        return Guard(holds=lambda _: condition == holding, reasons={})

    return {row.condition: guard(row.condition) for row in rows if row.condition}


def test_every_peer_flow_is_sound(machines: dict[str, list[Row]]) -> None:
    """Each machine becomes a flow without faults: none has a lost state or a dead end."""
    for name, rows in machines.items():
        load_flow(flow_of(name, rows), guards=guards_of(rows, ""))
    assert len(machines) >= 20


def test_every_peer_row_is_a_step(machines: dict[str, list[Row]]) -> None:
    """Where only a row's own condition holds, its verb leads from its state to its target."""
    steps = 0
    for name, rows in machines.items():
        flow = flow_of(name, rows)
        going = [state.name for state in flow.states if not state.final]
        for row in rows:
            guards = guards_of(rows, row.condition)
            for source in going if (row.source,) == ANY else [row.source]:
                assert step(flow, source, row.verb, FACTS, guards=guards).target == row.target
                steps += 1
    assert steps >= sum(len(rows) for rows in machines.values())


def test_no_other_step_is_possible(machines: dict[str, list[Row]]) -> None:
    """A verb that has no row from a state is refused there."""
    for name, rows in machines.items():
        flow = flow_of(name, rows)
        lawful = {(row.source, row.verb) for row in rows}
        for state in flow.states:
            for verb in flow.verbs:
                anywhere = not state.final and ("*", verb) in lawful
                if (state.name, verb) not in lawful and not anywhere:
                    with pytest.raises(TransitionError) as caught:
                        step(flow, state.name, verb, FACTS, guards=guards_of(rows, ""))
                    assert caught.value.code == "order.no_transition"


def test_every_peer_flow_can_be_drawn(machines: dict[str, list[Row]]) -> None:
    """A drawing has one edge for each way out of each state."""
    for name, rows in machines.items():
        flow = flow_of(name, rows)
        edges = len(list(flow.edges()))
        ends = sum(state.final for state in flow.states)
        assert to_mermaid(flow).count(" --> ") == edges + ends + 1
        assert to_dot(flow).count(" -> ") == edges + 1
