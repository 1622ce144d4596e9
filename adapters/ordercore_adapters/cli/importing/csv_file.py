"""Records of a CSV file, plain or gzipped, whatever is wrong with it.

What cannot be taken apart is a `Broken` record, and reading goes on after it. A file
that ends in the middle (a gzip stream cut short) says so when its last whole line is read.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import os
import stat
import zlib
from collections import deque
from collections.abc import Iterator
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

import attrs

from ordercore.errors import InvalidValueError

LONGEST_FIELD = 131_072
"""The most characters of a field: a quote left open ends here."""
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@attrs.frozen
class Broken:
    """A line that is no record, such as one with a quote left open."""

    text: str = attrs.field(repr=False)


Record = list[str] | Broken


class CutShortError(Exception):
    """The file ends in the middle; what was read before is sound. Says why."""


class CsvFile:
    """An open file, read from the beginning: first `header`, then `records`.

    Bytes that are not of the encoding come as lone surrogates (PEP 383), so that
    they can be told, and written as they were.
    """

    def __init__(self, path: Path, *, delimiter: str = ",", encoding: str = "utf-8") -> None:
        """Open the file.

        Raises:
            InvalidValueError: `import.file`.
        """
        try:
            self._raw = path.open("rb")
        except OSError as error:
            raise _unreadable(error) from None
        if not stat.S_ISREG(os.fstat(self._raw.fileno()).st_mode):
            self._raw.close()
            raise InvalidValueError("import.file", reason="it is read twice, so not from a pipe")
        try:
            self._text = _decoded(self._raw, encoding)
        except (EOFError, OSError, zlib.error) as error:
            self._raw.close()
            raise _unreadable(error) from None
        self._delimiter = delimiter
        self._again: deque[str] = deque()
        self._taken: list[str] = []

    def __enter__(self) -> Self:
        """Use the file until the block ends."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._text.close()
        self._raw.close()

    @property
    def position(self) -> int:
        """How many bytes of the file have been read, for a progress bar."""
        return self._raw.tell()

    @property
    def mark(self) -> tuple[int, int]:
        """The size and age of the file: another mark, another file."""
        found = os.fstat(self._raw.fileno())
        return found.st_size, found.st_mtime_ns

    def header(self) -> list[str]:
        """Return the names of the columns.

        Raises:
            InvalidValueError: `import.file`.
        """
        try:
            found = next(self.records(), None)
        except CutShortError as error:
            raise InvalidValueError("import.file", reason=str(error)) from None
        if found is None:
            raise InvalidValueError("import.file", reason="it is empty")
        if isinstance(found, Broken):
            raise InvalidValueError("import.file", reason="its first line has a quote left open")
        return [name.strip() for name in found]

    def records(self) -> Iterator[Record]:
        """Yield the fields of each record; empty lines are passed over.

        Raises:
            CutShortError: The file ends in the middle.
        """
        taken = self._taken
        csv.field_size_limit(LONGEST_FIELD)
        while True:
            reader = csv.reader(self._lines(), delimiter=self._delimiter, strict=True)
            try:
                for record in reader:
                    taken.clear()
                    if record:
                        yield record
            except csv.Error:
                yield Broken(self._first_line_only())
            except (EOFError, OSError, zlib.error, UnicodeError) as error:
                raise CutShortError(_why(error)) from None
            else:
                return

    def _lines(self) -> Iterator[str]:
        """Yield lines, those that were put back first, keeping what a record is made of."""
        taken, again = self._taken, self._again
        while again:
            taken.append(again.popleft())
            yield taken[-1]
        for line in self._text:
            taken.append(line)
            yield line

    def _first_line_only(self) -> str:
        """Take one line for lost and put those after it back."""
        first, *rest = self._taken
        self._taken.clear()
        self._again.extendleft(reversed(rest))
        return first


def _decoded(raw: BufferedReader, encoding: str) -> TextIO:
    """Look at the first bytes for what they are, whatever the file is called."""
    stream: BufferedReader | gzip.GzipFile = raw
    if raw.peek(2).startswith(b"\x1f\x8b"):
        stream = gzip.GzipFile(fileobj=raw)
    if codecs.lookup(encoding).name == "utf-8":
        encoding = "utf-16" if stream.peek(2).startswith(UTF_16) else "utf-8-sig"
    return TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")


def _unreadable(error: Exception) -> InvalidValueError:
    return InvalidValueError("import.file", reason=_why(error))


def _why(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it ends in the middle: the gzip stream was cut short"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, UnicodeError):
        return "from here on it is not of its encoding"
    return "from here on it is no gzip stream"
