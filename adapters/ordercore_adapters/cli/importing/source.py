"""What the importer reads: a file and how it is to be understood."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import attrs

from ordercore_adapters.cli.importing.csv_file import CsvFile


@attrs.frozen(kw_only=True)
class Source:
    """What is to be read and how.

    Attributes:
        mapping: Field to column, where the file's names are not known.
        name: What the shop calls the system that the file is from.
    """

    path: Path
    mapping: Mapping[str, str]
    currency: str
    zone: str
    delimiter: str = ","
    encoding: str = "utf-8"
    name: str = "import"

    def open(self) -> CsvFile:
        """Open the file at its beginning."""
        return CsvFile(self.path, delimiter=self.delimiter, encoding=self.encoding)
