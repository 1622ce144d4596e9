"""Taking over a file: one pass to see where each invoice ends, one to hand them to the shop.

An invoice is handed over when its last row has been read, so its rows may stand
anywhere, and what is held in memory is the rows of the invoices that are open.
Batches depend on the file alone: a run that was killed and begun again makes the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import attrs

from ordercore import Shop
from ordercore.errors import InvalidValueError
from ordercore.services.importing import ForeignOrder
from ordercore_adapters.cli.importing.columns import Columns, find_columns, unused
from ordercore_adapters.cli.importing.csv_file import CutShortError, Record
from ordercore_adapters.cli.importing.invoices import Reader, Refused, Sold, order_of, overflows
from ordercore_adapters.cli.importing.rejects import Rejects
from ordercore_adapters.cli.importing.source import Source
from ordercore_adapters.cli.importing.tally import Tally

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
class Outline:
    """What one look at the whole file shows.

    Attributes:
        rows: How many records there are.
        last: The number of the last record of each invoice; one that the end of
            the file may have cut in two is left out.
        cut: Why the file ends in the middle, if it does.
    """

    header: list[str]
    columns: Columns
    reader: Reader = attrs.field(repr=False)
    rows: int
    last: dict[str, int] = attrs.field(repr=False)
    cut: str | None
    mark: tuple[int, int]

    @property
    def unused(self) -> list[str]:
        """The columns that nothing is read from."""
        return unused(self.header, self.columns)


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
        reader = Reader(columns, currency=source.currency, zone=source.zone)
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
        progress("look", size, size)
        return Outline(
            header=header,
            columns=columns,
            reader=reader,
            rows=rows,
            last=last,
            cut=cut,
            mark=file.mark,
        )


class TakingOver:
    """One run over a file that has been looked at.

    Attributes:
        tally: What became of the rows so far.
    """

    def __init__(self, source: Source, outline: Outline, rejects: Rejects) -> None:
        self.tally: Tally = Tally(source.currency)
        self._source = source
        self._outline = outline
        self._rejects = rejects

    def run(self, shop: Shop, progress: Progress) -> None:
        """Hand every order of the file to the shop.

        Raises:
            InvalidValueError: `import.file`, when the file has changed since it was looked at.
        """
        for batch in self._batches(progress):
            self._hand_over(shop, batch)
        progress("import", self._outline.rows, self._outline.rows)

    def _batches(self, progress: Progress) -> Iterator[Batch]:
        batch: Batch = []
        rows = 0
        for invoice, lines in self._invoices(progress):
            if overflows(lines):
                self._reject(lines, OVERFLOW)
                continue
            batch.append((order_of(invoice, lines), lines))
            rows += len(lines)
            if rows >= MOST_ROWS or len(batch) >= MOST_ORDERS:
                yield batch
                batch, rows = [], 0
        if batch:
            yield batch

    def _invoices(self, progress: Progress) -> Iterator[tuple[str, list[Sold]]]:
        """Yield each invoice with its lines when its last row has been read."""
        last, invoice_of = self._outline.last, self._outline.reader.invoice_of
        opened: dict[str, list[Sold]] = {}
        for number, record in self._records():
            invoice = invoice_of(record)
            ends = None if invoice is None else last.get(invoice)
            if invoice is not None and ends is None:
                continue  # cut in two by the end of the file: left for a later run
            sold = self._read(number, invoice, record)
            if sold is not None and invoice is not None:
                opened.setdefault(invoice, []).append(sold)
            if ends == number and invoice in opened:
                yield invoice, opened.pop(invoice)
            if number % STEP == 0:
                progress("import", number, self._outline.rows)

    def _records(self) -> Iterator[tuple[int, Record]]:
        rows = self._outline.rows
        with self._source.open() as file:
            if file.mark != self._outline.mark or file.header() != self._outline.header:
                raise InvalidValueError("import.file", reason="it changed while it was read")
            yield from zip(range(1, rows + 1), file.records(), strict=False)

    def _read(self, number: int, invoice: str | None, record: Record) -> Sold | None:
        found = self._outline.reader.read(number, invoice, record)
        if isinstance(found, Refused):
            self.tally.read(found.value)
            self.tally.reject(*found)
            self._rejects.write(number, found.reason, record)
            return None
        self.tally.read(found.amounts.value)
        return found

    def _reject(self, lines: Sequence[Sold], reason: str) -> None:
        for line in lines:
            self.tally.reject(reason, line.amounts.value)
            self._rejects.late(line.number, reason)

    def _hand_over(self, shop: Shop, batch: Batch) -> None:
        orders, name = [order for order, _ in batch], self._source.name
        sifted = shop.orders.sift(orders, source=name)
        differing, new = sifted.differing, sifted.fresh | sifted.grown
        if new:
            done = shop.orders.take_over(
                [order for order in orders if order.ref in new], source=name
            )
            differing |= set(done.differing)
            self.tally.add(done)
        for order, lines in batch:
            if order.ref in differing:
                self._reject(lines, DIFFERS)
            else:
                self.tally.accept(order, lines)
