"""How a value travels to each engine's driver and back, equal on all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import attrs

from ordercore.stored.table import Table

Conversion = Callable[[Any], Any]


@lru_cache(maxsize=64)
def _to_text(value: datetime) -> str:
    """Spell an instant; the rows of one unit mostly have the same."""
    return _to_utc(value).isoformat(" ", "microseconds")[:26]


@lru_cache(maxsize=256)
def _to_uuid(text: str) -> UUID:
    """Return an identifier; parts repeat that of their root."""
    return UUID(text)


def _from_text(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


def _to_naive(value: datetime) -> datetime:
    return _to_utc(value).replace(tzinfo=None)


def _from_naive(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC)


def _to_utc(value: datetime) -> datetime:
    return value if value.tzinfo is UTC else value.astimezone(UTC)


SQLITE: Mapping[type, tuple[Conversion | None, Conversion | None]] = {
    UUID: (str, _to_uuid),
    datetime: (_to_text, _from_text),
    date: (date.isoformat, date.fromisoformat),
    bool: (None, bool),
}
POSTGRESQL: Mapping[type, tuple[Conversion | None, Conversion | None]] = {
    datetime: (None, _from_naive),
}
MARIADB: Mapping[type, tuple[Conversion | None, Conversion | None]] = {
    UUID: (str, _to_uuid),
    datetime: (_to_naive, _from_naive),
    bool: (None, bool),
}
BY_DIALECT: Mapping[str, Mapping[type, tuple[Conversion | None, Conversion | None]]] = {
    "sqlite": SQLITE,
    "postgresql": POSTGRESQL,
    "mysql": MARIADB,
    "mariadb": MARIADB,
}


@attrs.frozen(eq=False)
class Travel:
    """The conversions of one table on one engine."""

    table: Table[Any]
    to_driver: Mapping[str, Conversion]
    _outward: Sequence[tuple[int, Conversion]]
    _inward: Sequence[tuple[int, Conversion]]

    @classmethod
    def of(cls, table: Table[Any], dialect: str) -> Travel:
        """Return the conversions of a table."""
        known = BY_DIALECT[dialect]
        pairs = [
            (at, known.get(column.kind, (None, None))) for at, column in enumerate(table.columns)
        ]
        return cls(
            table,
            {table.columns[at].name: out for at, (out, _) in pairs if out},
            [(at, out) for at, (out, _) in pairs if out],
            [(at, back) for at, (_, back) in pairs if back],
        )

    def bind(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return a row as parameters of the driver."""
        values = list(row)
        for at, convert in self._outward:
            value = values[at]
            if value is not None:
                values[at] = convert(value)
        return tuple(values)

    def value(self, column: str, value: Any) -> Any:
        """Return one value as a parameter of the driver."""
        convert = self.to_driver.get(column)
        return value if convert is None or value is None else convert(value)

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        """Return what the driver read as rows of the table."""
        inward, make = self._inward, self.table.row._make
        made = []
        for each in found:
            values = list(each)
            for at, convert in inward:
                value = values[at]
                if value is not None:
                    values[at] = convert(value)
            made.append(make(values))
        return made
