"""The bench: one run, side by side, as ratios; a table to read and JSON to keep."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import attrs
from rich.console import Console
from rich.table import Table

from tests.bench.engines import Engine, postgres_engine, sqlite_engine
from tests.bench.measure import CALLS, Figure, alone_us, figures
from tests.bench.pairs import pairs
from tests.bench.stages import stage
from tests.bench.startup import BARE, startup_ms
from tests.bench.words import LETTERS, rendered

CUSTOMERS = 20


@attrs.frozen
class Report:
    """Everything that one run measured.

    Attributes:
        machine: Where.
        figures: The pairs.
        rendering_us: What putting one letter into words costs, by its kind.
        startup_ms: What it costs to begin: wall and processor.
    """

    machine: dict[str, Any]
    figures: list[Figure]
    rendering_us: dict[str, float]
    startup_ms: dict[str, tuple[float, float]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, and say with `--check` by the exit code whether every aim holds."""
    asked = _asked(arguments)
    report = run(asked.postgres, rounds=asked.rounds)
    show(report, Console(width=None if sys.stdout.isatty() else 100))
    if asked.json:
        Path(asked.json).write_text(_as_json(report), encoding="utf-8")
    return int(asked.check and not all(figure.holds for figure in report.figures))


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("ORDERCORE_TEST_POSTGRES"))
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--check", action="store_true", help="fail when an aim is missed")
    return parser.parse_args(arguments)


def run(postgres: str | None, *, rounds: int) -> Report:
    """Measure on SQLite, and on PostgreSQL if there is one."""
    found: list[Figure] = []
    machine = {"python": platform.python_version(), "processors": os.cpu_count()}
    with _engines(postgres) as engines:
        for engine in engines:
            machine[engine.name] = engine.version
            found += _measured(engine, rounds)
    rendering = {
        letter.kind: alone_us(lambda: rendered(letter.sample()), rounds=rounds)  # noqa: B023
        for letter in LETTERS
    }
    return Report(machine, found, rendering, startup_ms(rounds=rounds))


@contextmanager
def _engines(postgres: str | None) -> Iterator[list[Engine]]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ordercore-bench-"))
        found = [sqlite_engine(Path(folder))]
        if postgres:
            found.append(stack.enter_context(postgres_engine(postgres)))
        yield found


def _measured(engine: Engine, rounds: int) -> list[Figure]:
    orders_each = max(21, -(-CALLS * (rounds + 1) // CUSTOMERS))  # enough to pack, and a full list
    with stage(engine, customers=CUSTOMERS, orders_each=orders_each) as here:
        with here.words.instead():
            found = figures(pairs(here), engine.name, rounds=rounds)
        here.check_same_rows()
    return found


# ── what is said of it ────────────────────────────────────────────────────────


def show(report: Report, console: Console) -> None:
    """Print the report."""
    where = ", ".join(f"{name} {value}" for name, value in report.machine.items())
    table = Table(title="ordercore beside hand-written SQL", caption=where)
    for name in ("", "store"):
        table.add_column(name)
    for name in ("ours µs", "by hand µs", "wall ×", "CPU ×", "aim", ""):
        table.add_column(name, justify="right")
    for each in report.figures:
        table.add_row(*_cells(each), end_section=each is report.figures[-1])
    console.print(table)
    console.print(_alone(report))


def _cells(each: Figure) -> list[str]:
    wall, cpu = f"{each.ratio:.2f}", f"{each.cpu_ratio:.2f}"
    if each.judged == each.cpu_ratio:
        cpu = f"[bold]{cpu}[/]"
    else:
        wall = f"[bold]{wall}[/]"
    verdict = "[green]holds[/]" if each.holds else "[red]missed[/]"
    times = f"{each.ours_us:.0f}", f"{each.twin_us:.0f}"
    return [each.name, each.engine, *times, wall, cpu, f"≤ {each.aim}", verdict]


def _alone(report: Report) -> Table:
    table = Table(title="Stated apart")
    table.add_column("")
    for name in ("wall", "CPU", "CPU beyond a bare interpreter"):
        table.add_column(name, justify="right")
    for kind, cost in report.rendering_us.items():
        table.add_row(f"rendering {kind}", "", f"{cost:.0f} µs", "")
    bare = report.startup_ms[BARE][1]
    for name, (wall, cpu) in report.startup_ms.items():
        more = "" if name == BARE else f"+{cpu - bare:.0f} ms"
        table.add_row(name, f"{wall:.0f} ms", f"{cpu:.0f} ms", more)
    return table


def _as_json(report: Report) -> str:
    said = attrs.asdict(report)
    for figure, plain in zip(report.figures, said["figures"], strict=True):
        plain["holds"] = figure.holds
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"
