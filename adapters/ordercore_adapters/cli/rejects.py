"""The file of rejected rows: each as it stood, with the reason and its number in front."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkstemp

from ordercore.errors import SetupError
from ordercore_adapters.cli.csv_file import Broken, CutShortError
from ordercore_adapters.cli.taking_over import Source


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


def write_rejects(path: Path, source: Source, reasons: Mapping[int, str]) -> bool:
    """Write the rejected rows, whole or not at all; return whether there is such a file.

    The file of an earlier run is replaced. Without rejects none is begun.
    """
    if not reasons and not path.exists():
        return False
    handle, partial = mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(
            handle, "w", encoding=source.encoding, errors="surrogateescape", newline=""
        ) as lines:
            _write(csv.writer(lines), source, reasons)
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
    return True


def _write(writer: "csv._writer", source: Source, reasons: Mapping[int, str]) -> None:
    final = max(reasons, default=0)
    with source.open() as file:
        writer.writerow(["reason", "row", *file.header()])
        try:
            for number, record in enumerate(file.records(), start=1):
                if number in reasons:
                    fields = [record.text] if isinstance(record, Broken) else record
                    writer.writerow([reasons[number], number, *fields])
                if number >= final:
                    return
        except CutShortError:
            return
