"""What the importer shows: how far it is, and in the end what became of everything."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from ordercore_adapters.cli.importing.taking_over import Progress as Tell
from ordercore_adapters.cli.importing.tally import Tally

STAGES = {"look": "looking through the file", "import": "taking orders over"}


@contextmanager
def shown_progress(*, silent: bool) -> Iterator[Tell]:
    """Show on stderr how far the import is, and yield whom to tell."""
    if silent:
        yield lambda *_: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bars:
        shown = {stage: bars.add_task(words, total=None) for stage, words in STAGES.items()}

        def tell(stage: str, done: int, whole: int) -> None:
            bars.update(shown[stage], completed=done, total=whole)

        yield tell


@attrs.frozen(kw_only=True)
class ImportReport:
    """The end of an import.

    Attributes:
        rejects_file: Where the rejected rows stand; None where there are none.
        unused_columns: Columns of the file that nothing was read from.
        cut: Why the file ends in the middle, if it does.
    """

    tally: Tally
    rejects_file: Path | None
    unused_columns: Sequence[str]
    cut: str | None
    seconds: float

    @property
    def fault(self) -> str | None:
        """Why this was not the whole file; None when all went well."""
        if not self.tally.adds_up:
            return "the books do not balance: this is a defect of ordercore"
        if self.cut is None:
            return None
        return (
            f"the file cannot be read to its end: {self.cut}; "
            f"{self.tally.rows_read} rows before that are done, a run with the whole file goes on"
        )

    def show(self, *, as_json: bool) -> int:
        """Print the report to stdout, a fault to stderr, and return the exit code."""
        found = self._whole()
        if as_json:
            print(json.dumps(found, indent=2, ensure_ascii=False))
        else:
            Console().print(_table(found))
        if self.fault is not None:
            print(f"ordercore: {self.fault}", file=sys.stderr)
        return int(self.fault is not None)

    def _whole(self) -> dict[str, Any]:
        return self.tally.report() | {
            "rejects_file": None if self.rejects_file is None else str(self.rejects_file),
            "unused_columns": list(self.unused_columns),
            "error": self.fault,
            "seconds": round(self.seconds, 3),
        }


def _table(found: dict[str, Any]) -> Table:
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in found.items():
        words = name.replace("_", " ")
        if isinstance(value, dict):
            for part, each in value.items():
                table.add_row(f"{words}: {part.replace('_', ' ')}", _cell(each))
        elif value not in (None, []):
            table.add_row(words, _cell(value))
    return table


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value:,}" if type(value) is int else str(value)
