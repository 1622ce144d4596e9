"""An import that was killed goes on where it was, and nobody can tell afterwards."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ordercore import Shop
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from tests.integration.importing.sheets import as_csv, logical, row

INVOICES, EACH = 1500, 20


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of several batches, the rows of invoices interleaved, with some rejects."""
    rows = [
        row(
            str(at // (2 * EACH) * 2 + at % 2),
            source_row=at + 1,
            stock_code=f"S{at % 977}",
            quantity="?" if at % 1009 == 5 else at % 11 + 1,
            customer_id=str(at // (2 * EACH) % 300),
        )
        for at in range(INVOICES * EACH)
    ]
    path = tmp_path_factory.mktemp("killed") / "lines.csv"
    path.write_bytes(as_csv(rows))
    return path


def _command(file: Path, db: Path) -> list[str]:
    rejects = f"--rejects={db.with_suffix('.rejects.csv')}"
    url = f"sqlite:///{db}"
    return [
        sys.executable,
        "-m",
        "ordercore",
        "import",
        "orders",
        str(file),
        "--db",
        url,
        "--json",
        rejects,
    ]


def _whole_run(file: Path, db: Path) -> dict[str, Any]:
    done = subprocess.run(_command(file, db), check=True, capture_output=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _killed_run(file: Path, db: Path, *, after: int) -> int:
    """Kill the import once so many orders are committed and return how many there were then."""
    running = subprocess.Popen(
        _command(file, db), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while _orders(db) < after:
        assert running.poll() is None, "it ended before it was killed"
        time.sleep(0.002)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    return _orders(db)


def _orders(db: Path) -> int:
    if not db.exists():
        return 0
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    try:
        (count,) = connection.execute("SELECT count(*) FROM oc_order").fetchone()
    except sqlite3.OperationalError:  # the tables are not there yet
        count = 0
    finally:
        connection.close()
    return int(count)


def _shop(db: Path) -> Shop:
    return Shop(store=SqlAlchemyStore.from_url(f"sqlite:///{db}"))


def test_killed_and_begun_again_it_ends_the_same(file: Path, tmp_path: Path) -> None:
    """Whatever was committed stays, the rest follows: orders, customers and rejects are equal."""
    clean, killed = tmp_path / "clean.db", tmp_path / "killed.db"
    whole = _whole_run(file, clean)
    assert whole["added"]["orders"] == INVOICES
    then = [_killed_run(file, killed, after=least) for least in (1, INVOICES // 3)]
    assert 0 < then[0] < then[1] < INVOICES
    rest = _whole_run(file, killed)
    assert rest["added"]["orders"] == INVOICES - then[1]
    for figure in whole.keys() - {"added", "seconds", "rejects_file"}:
        assert rest[figure] == whole[figure]
    assert logical(_shop(killed)) == logical(_shop(clean))
    assert (
        killed.with_suffix(".rejects.csv").read_bytes()
        == clean.with_suffix(".rejects.csv").read_bytes()
    )
    assert _shop(killed).verify() == []


def test_the_second_run_leaves_the_shop_as_it_was(file: Path, tmp_path: Path) -> None:
    """Not even an entry in the audit is added."""
    db = tmp_path / "twice.db"
    _whole_run(file, db)
    before = _shop(db).snapshot()
    assert _whole_run(file, db)["added"] == {"orders": 0, "rows": 0, "customers": 0}
    assert _shop(db).snapshot() == before
