"""A form says how an aggregate becomes rows and comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import attrs

from ordercore.stored.table import Table

Rowset = Mapping[Table[Any], Sequence[Any]]
"""Rows by table: the root's one row, its parts, and the alarms derived from it."""


class Aggregate(Protocol):
    """What every aggregate has."""

    @property
    def id(self) -> UUID:
        """The identifier."""
        ...

    @property
    def version(self) -> int:
        """How often it has been saved."""
        ...


A = TypeVar("A", bound=Aggregate)


@attrs.frozen(eq=False)
class Form(Generic[A]):
    """Two pure functions and the tables they speak of.

    `parts` are read when the aggregate is loaded; their first key column is the
    root's id. `derived` are written with it and never read back: its alarms.
    """

    kind: str
    root: Table[Any]
    parts: tuple[Table[Any], ...]
    derived: tuple[Table[Any], ...]
    to_rows: Callable[[A], Rowset]
    from_rows: Callable[[Any, Rowset], A]
