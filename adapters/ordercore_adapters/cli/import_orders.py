"""`import orders`: take over the transaction lines of another system."""

from __future__ import annotations

import codecs
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ordercore.errors import InvalidValueError, SetupError
from ordercore.values.money import check_currency
from ordercore.values.text import check_text
from ordercore.values.times import zone as zone_called
from ordercore_adapters.cli.database import Db, shop_at
from ordercore_adapters.cli.flags import Flag, Json
from ordercore_adapters.cli.importing.columns import read_mapping
from ordercore_adapters.cli.importing.rejects import Rejects, check_writable, rejects_path
from ordercore_adapters.cli.importing.report import ImportReport, shown_progress
from ordercore_adapters.cli.importing.source import Source
from ordercore_adapters.cli.importing.taking_over import TakingOver, look
from ordercore_adapters.system import SystemClock


def import_orders(
    file: Path,
    /,
    *,
    db: Db,
    mapping: Annotated[
        tuple[str, ...], Parameter(name="--map", negative="", show_default=False)
    ] = (),
    currency: str = "GBP",
    zone: str = "Europe/London",
    source: str = "import",
    rejects: Path | None = None,
    delimiter: str = ",",
    encoding: str = "utf-8",
    as_json: Json = False,
    quiet: Flag = False,
) -> int:
    """Take over the orders of FILE, a CSV file of transaction lines, plain or gzipped.

    Each invoice becomes one order, and each row of it one line. Run it again after
    it was stopped or the file has grown: what the shop has is passed over. Nobody is
    written to. Rows that are not taken over stand in a file of rejects, each with
    its reason.

    A line costs quantity times price, rounded once to the minor unit, half to even;
    the report gives the exact sums and what the rounding came to.

    Args:
        file: The file. Its first line names the columns.
        db: Where the shop is kept, such as sqlite:///shop.db; its tables are made
            if they are not there.
        mapping: FIELD=COLUMN, as often as needed, for columns with names of their own.
            Fields are invoice_no, stock_code, quantity, invoice_ts, unit_price and, if
            there are such columns, description, customer_id, country, source_row.
        currency: The currency of the prices.
        zone: The time zone of moments that name none.
        source: What the shop calls the system that the file is from; invoice and
            customer numbers are unique in it.
        rejects: Where rejected rows go; FILE.rejects.csv by default.
        delimiter: What stands between two fields.
        encoding: How the file is encoded.
        as_json: Print the report as one JSON object, and no progress.
        quiet: Show no progress.
    """
    clock = SystemClock()
    began = clock.now()
    _check(currency, zone, source, delimiter, encoding)
    wanted = Source(
        path=file,
        mapping=read_mapping(mapping),
        currency=currency,
        zone=zone,
        delimiter=delimiter,
        encoding=encoding,
        name=source,
    )
    target = rejects or rejects_path(file)
    check_writable(target, file)
    with shown_progress(silent=as_json or quiet) as progress, _few_collections():
        outline = look(wanted, progress)
        with (
            Rejects(target, wanted, outline.header) as rejects_file,
            shop_at(db, create=True) as shop,
        ):
            run = TakingOver(wanted, outline, rejects_file)
            run.run(shop, progress)
            written = rejects_file.finish()
    report = ImportReport(
        tally=run.tally,
        rejects_file=written,
        unused_columns=outline.unused,
        cut=outline.cut,
        seconds=(clock.now() - began).total_seconds(),
    )
    return report.show(as_json=as_json)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for garbage seldom: what millions of short-lived rows leave behind is no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _check(currency: str, zone: str, source: str, delimiter: str, encoding: str) -> None:
    """Refuse what could not be used, before anything is opened.

    Raises:
        SetupError: `setup.usage`.
    """
    try:
        check_currency(currency)
        zone_called(zone)
        check_text(source, field="--source", limit=60, empty=False)
    except InvalidValueError as error:
        raise SetupError("setup.usage", reason=str(error)) from None
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise SetupError("setup.usage", reason="--delimiter is one character")
    try:
        codecs.getincrementaldecoder(encoding)("surrogateescape").decode(b"")
        "".encode(encoding, "surrogateescape")
    except (LookupError, UnicodeError, TypeError):
        raise SetupError("setup.usage", reason=f"--encoding: unknown {encoding[:40]}") from None
