"""A broken invariant, and the small tools that the checks share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

import attrs

from ordercore.stored.table import Table

PAGE = 500
T = TypeVar("T")


@attrs.frozen
class Violation:
    """An invariant that does not hold.

    Attributes:
        invariant: Which, such as `I5`.
        subject: The table and key of the row that breaks it.
        detail: What is wrong, without personal data.
    """

    invariant: str
    subject: str
    detail: str

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.invariant} {self.subject}: {self.detail}"


def pages(rows: Iterable[T]) -> Iterator[list[T]]:
    """Yield rows some hundred at a time."""
    waiting = iter(rows)
    while page := list(islice(waiting, PAGE)):
        yield page


def grouped(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    """Return parts by the id of their root, which is their first column."""
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


def subject_of(table: Table[Any], row: Any) -> str:
    """Return the table and key of a row."""
    return " ".join((table.name, *(str(part) for part in table.key_of(row))))
