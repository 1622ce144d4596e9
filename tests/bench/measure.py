"""Measuring on a machine that others use too: in turns, and by medians."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

import attrs

CALLS = 20
Cost = tuple[float, float]
"""Seconds by the wall, and seconds of this process's processor time, for one call."""


@attrs.frozen(kw_only=True)
class Pair:
    """One thing done twice, by the shop and by hand.

    Attributes:
        name: What is done.
        aims: The most times the twin's cost that the shop's may be, per engine.
        ours: Does it once with the shop.
        twin: Does it once by hand.
        calls: How often it is done in a round.
    """

    name: str
    aims: Mapping[str, float]
    ours: Callable[[], object]
    twin: Callable[[], object]
    calls: int = CALLS


@attrs.frozen(kw_only=True)
class Figure:
    """What one pair cost: medians over the rounds, in microseconds a call.

    The ratios are medians of each round's own ratio, so that what slows a whole
    round down is in neither.
    """

    name: str
    engine: str
    aim: float
    ours_us: float
    twin_us: float
    ours_cpu_us: float
    twin_cpu_us: float
    ratio: float
    cpu_ratio: float

    @property
    def judged(self) -> float:
        """The ratio that the aim is for.

        On SQLite the processor's: there the disk's flush, equal on both sides, would
        flatter us. Elsewhere the wall's, since the server works on another processor.
        """
        return self.cpu_ratio if self.engine == "sqlite" else self.ratio

    @property
    def holds(self) -> bool:
        """Whether the aim is reached."""
        return self.judged <= self.aim


def figures(pairs: Sequence[Pair], engine: str, *, rounds: int) -> list[Figure]:
    """Measure every pair in every round, the shop first in even rounds and its twin in odd ones."""
    for pair in pairs:
        _both(pair, ours_first=True)
    costs: dict[str, list[tuple[Cost, Cost]]] = {pair.name: [] for pair in pairs}
    for turn in range(rounds):
        for pair in pairs:
            costs[pair.name].append(_both(pair, ours_first=turn % 2 == 0))
    return [_figure(pair, engine, costs[pair.name]) for pair in pairs]


def _both(pair: Pair, *, ours_first: bool) -> tuple[Cost, Cost]:
    if ours_first:
        return _cost(pair.ours, pair.calls), _cost(pair.twin, pair.calls)
    twin = _cost(pair.twin, pair.calls)
    return _cost(pair.ours, pair.calls), twin


def _cost(call: Callable[[], object], calls: int) -> Cost:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(calls):
        call()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return wall / calls, cpu / calls


def _figure(pair: Pair, engine: str, costs: list[tuple[Cost, Cost]]) -> Figure:
    return Figure(
        name=pair.name,
        engine=engine,
        aim=pair.aims[engine],
        ours_us=1e6 * median(ours[0] for ours, _ in costs),
        twin_us=1e6 * median(twin[0] for _, twin in costs),
        ours_cpu_us=1e6 * median(ours[1] for ours, _ in costs),
        twin_cpu_us=1e6 * median(twin[1] for _, twin in costs),
        ratio=median(ours[0] / twin[0] for ours, twin in costs),
        cpu_ratio=median(ours[1] / twin[1] for ours, twin in costs),
    )


def alone_us(call: Callable[[], object], *, rounds: int) -> float:
    """Return the median processor time of a call that has no twin, in microseconds."""
    _cost(call, CALLS)
    return 1e6 * median(_cost(call, CALLS)[1] for _ in range(rounds))
