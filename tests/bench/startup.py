"""What it costs to begin: the import, and a shop in memory, beside a bare interpreter."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

BARE = "a bare interpreter"
PROGRAMS: Mapping[str, str] = {
    BARE: "pass",
    "import ordercore": "import ordercore",
    "Shop.in_memory()": "import ordercore; ordercore.Shop.in_memory()",
}


def startup_ms(*, rounds: int) -> dict[str, tuple[float, float]]:
    """Return the median milliseconds of each program, by the wall and of processor time."""
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in PROGRAMS}
    for turn in range(rounds + 1):
        for name, program in PROGRAMS.items():
            cost = _run(program)
            if turn > 0:  # the first round warms the disk's cache
                costs[name].append(cost)
    return {
        name: (median(wall for wall, _ in each), median(cpu for _, cpu in each))
        for name, each in costs.items()
    }


def _run(program: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), _children()
    subprocess.run([sys.executable, "-c", program], check=True)
    return 1e3 * (time.perf_counter() - wall), 1e3 * (_children() - cpu)


def _children() -> float:
    spent = getrusage(RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
