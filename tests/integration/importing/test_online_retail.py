"""Nine months of a real shop (UCI Online Retail): every row accounted for, to the penny."""

from __future__ import annotations

import csv
import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from ordercore import Shop
from ordercore.stored.customers import CUSTOMERS
from ordercore.stored.orders import LINES, ORDERS
from ordercore.stored.outbox import ERRANDS
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from tests.integration.importing.sheets import logical, take
from tests.shared_data import shared
from tests.stores import Databases

pytestmark = pytest.mark.data

MOST_MIB = 300
LONDON = ZoneInfo("Europe/London")
FIGURES = {
    "rows_read": 273_889,
    "rows_imported": 272_964,
    "rows_rejected": {"stock_adjustment": 925},
    "orders": 12_504,
    "cancellations": 2_038,
    "adjustments": 3,
    "customers": 2_687,
    "guest_orders": 1_692,
    "value_minor": {"GBP": 461_796_836},
    "value": {
        "read": "4617968.362",
        "imported": "4617968.362",
        "rejected": "0",
        "rounding": "-0.002",
    },
    "rows_without_value": 0,
    "adds_up": True,
    "unused_columns": [],
    "error": None,
}
"""Counted by hand-written code over the file, not by the importer."""
MEASURED = """
import sys
from ordercore.__main__ import main
code = main()
print(open("/proc/self/status").read(), file=sys.stderr)
sys.exit(code)
"""
Line = tuple[str, str, str, str, int, str, Decimal, str, str]
"""A row of the file, its numbers as numbers."""


@attrs.frozen
class Run:
    """What the command line said and used."""

    report: dict[str, Any]
    peak_mib: float


@pytest.fixture(scope="module")
def file() -> Path:
    """The published lines."""
    return shared("data/orders/uci_online_retail_to_2011-08.csv.gz")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the shop of this module is kept."""
    return tmp_path_factory.mktemp("retail") / "shop.db"


@pytest.fixture(scope="module")
def first(file: Path, database: Path) -> Run:
    """The first run of the command."""
    return _run(file, database)


@pytest.fixture
def shop(first: Run, database: Path) -> Iterator[Shop]:
    """The shop after the first run."""
    store = SqlAlchemyStore.from_url(f"sqlite:///{database}")
    yield Shop(store=store)
    store.engine.dispose()


def _run(file: Path, database: Path) -> Run:
    """Run the command in a process of its own and look how much memory it took at most.

    Asked of the process itself: what `wait` says begins with the size of its parent.
    """
    command = [sys.executable, "-c", MEASURED, "import", "orders", str(file), "--json"]
    command += ["--db", f"sqlite:///{database}", "--rejects", str(_rejects(database))]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB$", done.stderr, re.MULTILINE)
    return Run(json.loads(done.stdout), int(peak) / 1024)


def _rejects(database: Path) -> Path:
    return database.with_name("rejects.csv")


def test_every_row_is_imported_or_rejected_with_its_reason(first: Run) -> None:
    """The exact counts and the exact value."""
    assert {name: first.report[name] for name in FIGURES} == FIGURES
    assert first.report["added"] == {"orders": 12_504, "rows": 272_964, "customers": 2_687}


def test_little_memory_is_needed(first: Run) -> None:
    """At most 300 MiB at any time."""
    assert first.peak_mib <= MOST_MIB


def test_nothing_of_the_file_is_lost(file: Path, database: Path, shop: Shop) -> None:
    """Put together again from the shop and the rejects, the rows are those of the file."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        written = Counter(_line(*fields) for fields in list(csv.reader(lines))[1:])
    with _rejects(database).open(encoding="utf-8", newline="") as lines:
        rejected = Counter(_line(*fields[2:]) for fields in list(csv.reader(lines))[1:])
    assert rejected.total() == 925
    assert Counter(_stored(shop)) + rejected == written


def _line(*fields: str) -> Line:
    """Return a row with its quantity and its price as numbers."""
    row, invoice, sku, title, count, at, price, customer, country = fields
    return row, invoice, sku, title, int(count), at, Decimal(price), customer, country


def _stored(shop: Shop) -> Iterator[Line]:
    with shop.store.reading() as rows:
        customers = {row.id: row.external_ref or "" for row in rows.stream(CUSTOMERS)}
        orders = {row.id: row for row in rows.stream(ORDERS)}
        for line in rows.stream(LINES):
            order, own = orders[line.order_id], json.loads(line.attributes)
            wall = order.placed_at.astimezone(LONDON).replace(tzinfo=None)
            customer = customers[order.customer_id] if order.customer_id else ""
            yield _line(
                str(own["source_row"]),
                str(order.external_ref),
                line.sku,
                line.title,
                str(line.quantity),
                own.get("invoice_ts", wall.isoformat(" ")),
                own.get("unit_price", str(Decimal(line.unit_minor) / 100)),
                own.get("customer_id", customer),
                own.get("country", json.loads(order.public_attributes)["country"]),
            )


def test_a_customer_is_known_since_the_first_order(shop: Shop) -> None:
    """Not since the day of the import."""
    with shop.store.reading() as rows:
        since: dict[Any, datetime] = {}
        for order in rows.stream(ORDERS):
            if order.customer_id is not None:
                earliest = since.get(order.customer_id, order.placed_at)
                since[order.customer_id] = min(earliest, order.placed_at)
        assert {row.id: row.created_at for row in rows.stream(CUSTOMERS)} == since


def test_every_invariant_holds_and_nobody_is_written_to(shop: Shop) -> None:
    """The shop is sound, and no message waits."""
    assert shop.verify() == []
    with shop.store.reading() as rows:
        assert rows.count(ERRANDS, {}) == 0


def test_a_second_run_adds_nothing(file: Path, database: Path, first: Run, shop: Shop) -> None:
    """The report is the same, and so is the shop, down to the audit."""
    before = shop.snapshot()
    again = _run(file, database)
    assert {name: again.report[name] for name in FIGURES} == FIGURES
    assert again.report["added"] == {"orders": 0, "rows": 0, "customers": 0}
    assert again.peak_mib <= MOST_MIB
    assert shop.snapshot() == before


@pytest.mark.postgres
def test_postgresql_holds_the_same(
    file: Path, shop: Shop, databases: Databases, tmp_path: Path
) -> None:
    """On PostgreSQL the shop is equal, and as sound."""
    elsewhere = Shop(store=databases.emptied("postgresql"))
    there = tmp_path / "lines.csv.gz"
    there.symlink_to(file.resolve())
    done = take(elsewhere, there)
    assert {name: done[name] for name in done.report.keys() & FIGURES.keys()} == {
        name: value for name, value in FIGURES.items() if name in done.report
    }
    assert logical(elsewhere) == logical(shop)
    assert elsewhere.verify() == []
