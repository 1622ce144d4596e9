"""Taking over a file: one pass to see where each invoice ends, one to hand them to the shop.

An invoice is handed over when its last row has been read, so its rows may stand
anywhere, and what is held in memory is the rows of the invoices that are open.
Batches depend on the file alone: a run that was killed and begun again makes the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from ordercore import Shop
from ordercore.errors import InvalidValueError
from ordercore.services.importing import ForeignOrder
from ordercore_adapters.cli.columns import find_columns, unused
from ordercore_adapters.cli.csv_file import CsvFile, CutShortError
from ordercore_adapters.cli.invoices import Reader, Refused, Sold, order_of, overflows
from ordercore_adapters.cli.tally import Tally

MOST_ROWS, MOST_ORDERS = 4000, 500
"""A batch is full when it has so many."""
STEP = 2000
"""How many rows are read between two signs of life."""
DIFFERS = "differs_from_shop"
OVERFLOW = "unreadable: amount"

Batch = list[tuple[ForeignOrder, list[Sold]]]
Progress = Callable[[str, int, int], None]
"""Told what is done (`look` or `import`), how far it is and how far it goes."""


@attrs.frozen(kw_only=True)
class Source:
    """What is to be read and how.

    Attributes:
        mapping: Field to column, where the file's names are not known.
        name: What the shop calls the system that the file is from.
    """

    path: Path
    mapping: dict[str, str]
    currency: str
    zone: str
    delimiter: str = ","
    encoding: str = "utf-8"
    name: str = "import"

    def open(self) -> CsvFile:
        """Open the file at its beginning."""
        return CsvFile(self.path, delimiter=self.delimiter, encoding=self.encoding)


@attrs.frozen(kw_only=True)
class Outline:
    """What one look at the whole file shows.

    Attributes:
        rows: How many records there are.
        last: The number of the last record of each invoice; one that the end of
            the file may have cut in two is left out.
        cut: Why the file ends in the middle, if it does.
    """

    header: list[str]
    reader: Reader
    rows: int
    last: dict[str, int] = attrs.field(repr=len)
    cut: str | None
    mark: tuple[int, int]

    @property
    def unused(self) -> list[str]:
        """The columns that nothing is read from."""
        return unused(self.header, self.reader.columns)


def look(source: Source, progress: Progress) -> Outline:
    """Read the file once for where each invoice ends.

    Raises:
        InvalidValueError: `import.file` or `import.column`.
    """
    rows, last, cut, newest = 0, dict[str, int](), None, ""
    with source.open() as file:
        size, _ = file.mark
        header = file.header()
        columns = find_columns(header, source.mapping)
        reader = Reader(columns=columns, currency=source.currency, zone=source.zone)
        try:
            for rows, record in enumerate(file.records(), start=1):
                invoice = reader.invoice_of(record)
                if invoice is not None:
                    last[invoice] = rows
                    newest = invoice
                if rows % STEP == 0:
                    progress("look", file.position, size)
        except CutShortError as error:
            cut = str(error)
            last.pop(newest, None)
        return Outline(
            header=header, reader=reader, rows=rows, last=last, cut=cut, mark=file.mark
        )


def take_over(shop: Shop, source: Source, outline: Outline, progress: Progress) -> Tally:
    """Hand every order of the file to the shop and return what became of each row."""
    tally = Tally(source.currency)
    if outline.rows == 0:
        return tally
    for batch in _batches(source, outline, tally, progress):
        _hand_over(shop, source.name, batch, tally)
    return tally


def _batches(
    source: Source, outline: Outline, tally: Tally, progress: Progress
) -> Iterator[Batch]:
    batch: Batch = []
    rows = 0
    for invoice, lines in _invoices(source, outline, tally, progress):
        if overflows(lines):
            for line in lines:
                tally.reject(line.number, OVERFLOW, line.amounts.value)
            continue
        batch.append((order_of(invoice, lines), lines))
        rows += len(lines)
        if rows >= MOST_ROWS or len(batch) >= MOST_ORDERS:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _invoices(
    source: Source, outline: Outline, tally: Tally, progress: Progress
) -> Iterator[tuple[str, list[Sold]]]:
    """Yield each invoice with its lines when it is whole; reject what cannot be taken over."""
    reader, last = outline.reader, outline.last
    opened: dict[str, list[Sold]] = {}
    with source.open() as file:
        if file.header() != outline.header or file.mark != outline.mark:
            raise InvalidValueError("import.file", reason="it changed while it was read")
        for number, record in enumerate(file.records(), start=1):
            invoice = reader.invoice_of(record)
            if invoice is not None and invoice not in last:
                continue  # cut in two by the end of the file: left for a later run
            found = reader.read(number, invoice, record)
            if isinstance(found, Refused):
                tally.read(found.value)
                tally.reject(number, *found)
            else:
                tally.read(found.amounts.value)
                opened.setdefault(str(invoice), []).append(found)
            if invoice is not None and last[invoice] == number and invoice in opened:
                yield invoice, opened.pop(invoice)
            if number % STEP == 0:
                progress("import", number, outline.rows)
            if number == outline.rows:
                return


def _hand_over(shop: Shop, name: str, batch: Batch, tally: Tally) -> None:
    orders = [order for order, _ in batch]
    sifted = shop.orders.sift(orders, source=name)
    differing = sifted.differing
    wanted = [each for each in orders if each.ref in sifted.fresh or each.ref in sifted.grown]
    if wanted:
        done = shop.orders.take_over(wanted, source=name)
        differing |= done.differing
        tally.added["orders"] += done.orders
        tally.added["rows"] += done.lines
        tally.added["customers"] += done.customers
    for order, lines in batch:
        if order.ref not in differing:
            tally.accept(order, lines)
            continue
        for line in lines:
            tally.reject(line.number, DIFFERS, line.amounts.value)
