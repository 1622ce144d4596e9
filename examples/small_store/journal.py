"""The file: one line of JSON for each commit."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from examples.small_store.rows import Changed
from ordercore.stored.schema import TABLES
from ordercore.stored.table import Key, Table

DECLARED = {table.name: table for table in TABLES}
WRITE: dict[type, Callable[[Any], str]] = {
    UUID: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
    bytes: bytes.hex,
}
READ: dict[type, Callable[[str], Any]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    bytes: bytes.fromhex,
}


class Journal:
    """A file that is only ever appended to.

    A crash may cut its last line short; that commit was never confirmed, and the
    stump is removed when the file is opened again.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._path.touch()
        whole = self._path.read_bytes().rpartition(b"\n")
        os.truncate(self._path, len(whole[0] + whole[1]))

    def __iter__(self) -> Iterator[Changed]:
        """Yield what each commit changed, oldest first."""
        with self._path.open(encoding="utf-8") as lines:
            for line in lines:
                yield _decoded(json.loads(line))

    def append(self, changed: Changed) -> None:
        """Write one commit and return when the disk has it."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(_encoded(changed)) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _spelled(value: Any) -> Any:
    return WRITE[type(value)](value) if type(value) in WRITE else value


def _encoded(changed: Changed) -> dict[str, Any]:
    return {
        name: [
            ([_spelled(part) for part in key], row and [_spelled(value) for value in row])
            for key, row in rows.items()
        ]
        for name, rows in changed.items()
    }


def _decoded(line: dict[str, Any]) -> Changed:
    return {
        name: dict(_pair(DECLARED[name], key, values) for key, values in rows)
        for name, rows in line.items()
    }


def _pair(table: Table[Any], key: list[Any], values: list[Any] | None) -> tuple[Key, Any]:
    told = tuple(map(_meant, (table.kinds[name] for name in table.key), key))
    row = values and table.row(*map(_meant, table.kinds.values(), values))
    return told, row


def _meant(kind: type, value: Any) -> Any:
    return READ[kind](value) if kind in READ and value is not None else value
