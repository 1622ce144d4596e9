"""The file of rejected rows: each as it stood, with the reason and its number in front."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from ordercore.errors import SetupError
from ordercore_adapters.cli.importing.csv_file import Broken, Record
from ordercore_adapters.cli.importing.source import Source


def rejects_path(file: Path) -> Path:
    """Return `FILE.rejects.csv` for `FILE.csv` or `FILE.csv.gz`."""
    name = file.name
    for ending in (".gz", ".csv"):
        name = name.removesuffix(ending)
    return file.with_name(f"{name or file.name}.rejects.csv")


def check_writable(path: Path, file: Path) -> None:
    """Refuse a place where nothing could be written, before anything is imported.

    Raises:
        SetupError: `setup.usage`.
    """
    if path.exists() and file.exists() and path.samefile(file):
        raise SetupError("setup.usage", reason="--rejects: that is the file itself")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise SetupError(
            "setup.usage", reason=f"cannot write {path}: say where with --rejects PATH"
        )


class Rejects:
    """Rejected rows, written while the file is read; the file of an earlier run is replaced.

    It has its name only when it is whole; until then it is called `….part`.
    """

    def __init__(self, path: Path, source: Source, header: Sequence[str]) -> None:
        self.path = path
        self._partial = path.with_name(f"{path.name}.part")
        self._source = source
        self._header = header
        self._late: dict[int, str] = {}
        self._lines: TextIO | None = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        """Write until the block ends."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave nothing half written behind."""
        if self._lines is not None:
            self._lines.close()
            self._partial.unlink(missing_ok=True)

    def write(self, number: int, reason: str, record: Record) -> None:
        """Write a row down."""
        if self._lines is None:
            self._begin()
        fields = [record.text] if isinstance(record, Broken) else record
        self._writer.writerow([reason, number, *fields])

    def late(self, number: int, reason: str) -> None:
        """Note a row that was let through at first: it is looked up again in the end."""
        self._late[number] = reason

    def finish(self) -> Path | None:
        """Write what came late, and return where the rejects are; None where there are none."""
        if self._late:
            with self._source.open() as file:
                file.header()
                self._look_up(file.records(), max(self._late))
        if self._lines is None and self.path.exists():
            self._begin()  # with nothing but names: the rejects of an earlier run are no more
        if self._lines is None:
            return None
        self._lines.close()
        return self._partial.replace(self.path)

    def _look_up(self, records: Iterator[Record], final: int) -> None:
        for number, record in enumerate(records, start=1):
            if number in self._late:
                self.write(number, self._late[number], record)
            if number == final:
                return

    def _begin(self) -> None:
        self._lines = self._partial.open(
            "w", encoding=self._source.encoding, errors="surrogateescape", newline=""
        )
        self._writer = csv.writer(self._lines)
        self._writer.writerow(["reason", "row", *self._header])
