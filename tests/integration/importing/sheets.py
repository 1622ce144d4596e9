"""Files of transaction lines for tests, and importing one without a command line."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs

from ordercore import Shop
from ordercore.orders.order import Order
from ordercore.values.attributes import ExternalRef
from ordercore_adapters.cli.importing.rejects import Rejects, rejects_path
from ordercore_adapters.cli.importing.source import Source
from ordercore_adapters.cli.importing.taking_over import TakingOver, look

HEADER = (
    "source_row invoice_no stock_code description quantity invoice_ts unit_price "
    "customer_id country"
).split()


def row(invoice: str, **fields: object) -> list[str]:
    """Return a sound row of the default columns, save for the fields named."""
    sound = {
        "source_row": "1",
        "invoice_no": invoice,
        "stock_code": "85123A",
        "description": "WHITE HEART HOLDER",
        "quantity": "6",
        "invoice_ts": "2010-12-01 08:26:00",
        "unit_price": "2.55",
        "customer_id": "17850",
        "country": "United Kingdom",
    }
    return [str(fields.get(name, sound[name])) for name in HEADER]


def as_csv(rows: Iterable[Sequence[str]], *, header: Sequence[str] = HEADER) -> bytes:
    """Return a well-formed file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode("utf-8", "surrogateescape")


@attrs.frozen(kw_only=True)
class Imported:
    """What one import did.

    Attributes:
        report: As `--json` prints it.
        rejects: The rows of the rejects file, without its first line.
        cut: Why the file ends in the middle, if it does.
    """

    report: dict[str, Any]
    rejects: list[list[str]]
    cut: str | None

    def __getitem__(self, name: str) -> Any:
        """Return one figure of the report."""
        return self.report[name]


def take(shop: Shop, path: Path, **options: Any) -> Imported:
    """Import a file as the command does."""
    options = {"mapping": {}, "currency": "GBP", "zone": "Europe/London"} | options
    source = Source(path=path, **options)
    outline = look(source, _nobody)
    rejects = Rejects(rejects_path(path), source, outline.header)
    run = TakingOver(source, outline, rejects)
    run.run(shop, _nobody)
    written = rejects.finish()
    rows: list[list[str]] = []
    if written is not None:
        with written.open(encoding="utf-8", errors="surrogateescape", newline="") as lines:
            rows = list(csv.reader(lines))[1:]
    return Imported(report=run.tally.report(), rejects=rows, cut=outline.cut)


def take_rows(shop: Shop, folder: Path, *rows: Sequence[str], **options: Any) -> Imported:
    """Import rows of the default columns."""
    path = folder / "lines.csv"
    path.write_bytes(as_csv(rows))
    return take(shop, path, **options)


def the_order(shop: Shop, invoice: str, source: str = "import") -> Order:
    """Return the order that an invoice became."""
    return shop.orders.by_ref(ExternalRef(source, invoice))


def gzipped(data: bytes) -> bytes:
    """Return the same, gzipped."""
    return gzip.compress(data, mtime=0)


def _nobody(stage: str, done: int, whole: int) -> None:
    """Hear how far it is."""


def logical(shop: Shop) -> dict[str, list[dict[str, Any]]]:
    """Return what stands in the shop without what chance made: ids, order numbers, the audit."""
    state: dict[str, list[dict[str, Any]]] = json.loads(shop.snapshot())
    refs = {row["id"]: row["external_ref"] for row in state["customer"] + state["order"]}
    del state["command"]
    for row in state["order"]:
        row["number"] = None
    return {
        name: sorted(
            ({key: refs.get(value, value) for key, value in row.items()} for row in rows),
            key=json.dumps,
        )
        for name, rows in state.items()
    }
