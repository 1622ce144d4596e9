"""What is measured: each verb of the shop with its twin, and the ratio that is aimed at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

from tests.bench.importing import import_rows
from tests.bench.measure import Pair
from tests.bench.stages import BASKET, WANTED, Stage


def pairs(stage: Stage) -> tuple[Pair, ...]:
    """Return what is measured on one engine; each side takes its subjects in the same order."""
    desk, twin = stage.shop.orders, stage.twin
    return (
        Pair(
            name="place",
            aims={"sqlite": 3, "postgresql": 1.8},
            ours=_each(cycle(stage.customers), lambda who: desk.place(who, WANTED, currency="GBP")),
            twin=_each(cycle(stage.customers), lambda who: twin.place(who, BASKET)),
        ),
        Pair(
            name="move (pack)",
            aims={"sqlite": 5, "postgresql": 1.8},
            ours=_each(iter(stage.paid), desk.pack),
            twin=_each(iter(stage.paid), twin.pack),
        ),
        Pair(
            name="load",
            aims={"sqlite": 6, "postgresql": 2.5},
            ours=_each(cycle(stage.paid), desk.get),
            twin=_each(cycle(stage.paid), twin.load),
        ),
        Pair(
            name="list the last 20",
            aims={"sqlite": 5, "postgresql": 2.5},
            ours=_each(cycle(stage.customers), desk.of_customer),
            twin=_each(cycle(stage.customers), twin.last_20),
        ),
        *import_rows(stage),
    )


def _each(subjects: Iterator[Any], do: Callable[[Any], object]) -> Callable[[], object]:
    return lambda: do(next(subjects))
