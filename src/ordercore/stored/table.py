"""How a table is declared: once, as a named tuple whose fields say all about themselves.

    class NoteRow(NamedTuple):
        id: Key
        customer_id: Annotated[UUID, PLAIN, Owner(OnMerge.MOVE)]
        text: Annotated[str, Text(2000, multiline=True), ERASE]
        version: Version

    NOTES = table(NoteRow, "note", key="id", indexes=("customer_id",), versioned=True)

SQL columns, memory uniqueness, length checks, merging, erasure, snapshot, verify
and the schema test all read this and nothing else.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import attrs

from ordercore.errors import InvalidValueError
from ordercore.values.text import check_text

R = TypeVar("R", bound=tuple[Any, ...])
Value = str | int | bool | UUID | datetime | date | bytes | None
Key = tuple[Value, ...]
INTEGER_LIMIT = 2**63 - 1
EARLIEST_YEAR = 1000
"""MariaDB's DATETIME begins here; no store gets an earlier instant."""


class OnMerge(Enum):
    """What becomes of a loser's rows when two customers are merged."""

    MOVE = "move"
    """They become the survivor's; the journal holds the key of each."""
    STAY = "stay"
    """They are history and keep the old id, which resolves to the survivor."""
    BY_ROOM = "by_room"
    """The room decides, in explicit code."""


@attrs.frozen
class Owner:
    """The column holds the customer whom the row belongs to."""

    on_merge: OnMerge


@attrs.frozen
class Privacy:
    """Whether a column is personal, and what erasure does with it."""

    word: str
    why: str = ""


PLAIN = Privacy("plain")
"""Not personal."""
ERASE = Privacy("erase")
"""Personal: emptied when the customer is erased."""


def retain(why: str) -> Privacy:
    """Return the class of personal columns that a law makes the shop keep."""
    return Privacy("retain", why)


@attrs.frozen
class Text:
    """A text column of at most `limit` characters; `multiline` lets line feeds in."""

    limit: int
    multiline: bool = False


@attrs.frozen
class Document:
    """An unbounded text column: canonical JSON or a rendered message."""


@attrs.frozen
class Column:
    """One column, as read from the row class."""

    name: str
    kind: type
    nullable: bool
    privacy: Privacy | None
    text: Text | Document | None
    owner: Owner | None

    @property
    def limit(self) -> int | None:
        """The most characters of a text column; None where there is no bound."""
        return self.text.limit if isinstance(self.text, Text) else None


@attrs.frozen(eq=False)
class Table(Generic[R]):
    """A declared table. Compares by identity; `name` is stored and pinned."""

    name: str
    row: type[R]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    uniques: Mapping[str, tuple[str, ...]]
    indexes: tuple[tuple[str, ...], ...]
    part_of: Table[Any] | None
    versioned: bool
    volatile: frozenset[str]

    @cached_property
    def at(self) -> Mapping[str, int]:
        """The position of each column in the row."""
        return {column.name: place for place, column in enumerate(self.columns)}

    @cached_property
    def key_of(self) -> Callable[[R], Key]:
        """Returns the key of a row."""
        places = tuple(self.at[name] for name in self.key)
        if len(places) == 1:
            only = places[0]
            return lambda row: (row[only],)
        return lambda row: tuple(row[place] for place in places)

    @cached_property
    def kinds(self) -> Mapping[str, type]:
        """The Python type of each column."""
        return {column.name: column.kind for column in self.columns}

    @cached_property
    def owners(self) -> tuple[Column, ...]:
        """The columns that refer to a customer."""
        return tuple(column for column in self.columns if column.owner)

    @cached_property
    def _checks(self) -> tuple[tuple[int, Column, Callable[[Column, Any], None]], ...]:
        return tuple(
            (place, column, _CHECKS[column.kind]) for place, column in enumerate(self.columns)
        )

    def check(self, row: R) -> None:
        """Refuse what some store would refuse, cut short or give back changed.

        Raises:
            InvalidValueError: with the same code on every store.
        """
        for place, column, check in self._checks:
            value = row[place]
            if value is not None:
                check(column, value)
            elif not column.nullable:
                raise InvalidValueError("text.type", field=column.name, got="None")


def table(
    row: type[R],
    name: str,
    *,
    key: str,
    uniques: Mapping[str, str] | None = None,
    indexes: Sequence[str] = (),
    part_of: Table[Any] | None = None,
    versioned: bool = False,
    volatile: str = "",
) -> Table[R]:
    """Declare a table over a row class.

    Args:
        row: A named tuple class; each field is `Annotated` with its privacy class,
            texts with `Text` or `Document` as well.
        name: The stored name, without the shop's prefix.
        key: The columns of the primary key, separated by spaces.
        uniques: Constraint name to columns.
        indexes: The columns of each further index.
        part_of: The aggregate's root table; the parts' key begins with its key.
        versioned: Whether an update must name the version it replaces.
        volatile: Columns that come and go with work in progress, left out of snapshots.
    """
    row.__repr__ = _masking_repr  # type: ignore[method-assign,assignment]
    return Table(
        name=name,
        row=row,
        columns=_columns(row),
        key=tuple(key.split()),
        uniques={name: tuple(columns.split()) for name, columns in (uniques or {}).items()},
        indexes=tuple(tuple(columns.split()) for columns in indexes),
        part_of=part_of,
        versioned=versioned,
        volatile=frozenset(volatile.split()),
    )


def _columns(row: type[Any]) -> tuple[Column, ...]:
    hints = get_type_hints(row, include_extras=True)
    return tuple(_column(name, hints[name]) for name in row._fields)


def _column(name: str, hint: Any) -> Column:
    marks: dict[type, Any] = {}
    nullable = False
    while get_origin(hint) is not None:
        if get_origin(hint) is Annotated:
            hint, *extras = get_args(hint)
            marks.update((type(extra), extra) for extra in extras)
        elif get_origin(hint) in (Union, types.UnionType):
            nullable = True
            (hint,) = (arg for arg in get_args(hint) if arg is not type(None))
        else:
            break
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    return Column(
        name=name,
        kind=hint,
        nullable=nullable,
        privacy=marks.get(Privacy),
        text=marks.get(Text) or marks.get(Document),
        owner=marks.get(Owner),
    )


# ── what any store must be able to keep ───────────────────────────────────────


def _check_str(column: Column, value: Any) -> None:
    form = column.text
    if isinstance(form, Text):
        check_text(value, field=column.name, limit=form.limit, multiline=form.multiline)
    elif type(value) is not str:
        raise InvalidValueError("text.type", field=column.name, got=type(value).__name__)
    elif "\x00" in value:
        raise InvalidValueError(
            "text.control", field=column.name, char="U+0000", position=value.index("\x00")
        )
    elif not value.isascii():
        _check_encodable(column, value)


def _check_encodable(column: Column, value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidValueError("text.surrogate", field=column.name, position=error.start) from None


def _check_int(column: Column, value: Any) -> None:
    if type(value) is not int:
        raise InvalidValueError("number.type", field=column.name, got=type(value).__name__)
    if not -INTEGER_LIMIT <= value <= INTEGER_LIMIT:
        raise InvalidValueError("number.range", field=column.name, reason="does not fit 64 bits")


def _check_instant(column: Column, value: Any) -> None:
    if type(value) is not datetime:
        raise InvalidValueError(
            "time.type", field=column.name, expected="date-time", got=type(value).__name__
        )
    if value.tzinfo is not UTC:
        raise InvalidValueError("time.naive", field=column.name)
    if value.year < EARLIEST_YEAR:
        raise InvalidValueError("time.range", field=column.name)


def _check_day(column: Column, value: Any) -> None:
    if type(value) is not date:
        raise InvalidValueError(
            "time.type", field=column.name, expected="day", got=type(value).__name__
        )
    if value.year < EARLIEST_YEAR:
        raise InvalidValueError("time.range", field=column.name)


def _check_kind(column: Column, value: Any) -> None:
    if type(value) is not column.kind:
        raise InvalidValueError("text.type", field=column.name, got=type(value).__name__)


_CHECKS: Mapping[type, Callable[[Column, Any], None]] = {
    str: _check_str,
    int: _check_int,
    bool: _check_kind,
    UUID: _check_kind,
    bytes: _check_kind,
    datetime: _check_instant,
    date: _check_day,
}


def _masking_repr(self: tuple[Any, ...]) -> str:
    """Show the names of all columns and the values of those that are not personal."""
    shown = []
    for column, value in zip(_columns(type(self)), self, strict=True):
        plain = value is None or column.privacy is PLAIN or column.privacy == PLAIN
        shown.append(f"{column.name}={value!r}" if plain else f"{column.name}=‹masked›")
    return f"{type(self).__name__}({', '.join(shown)})"


# ── the words that most tables need ───────────────────────────────────────────

Id = Annotated[UUID, PLAIN]
Code = Annotated[str, Text(60), PLAIN]
Instant = Annotated[datetime, PLAIN]
Number = Annotated[int, PLAIN]
Flag = Annotated[bool, PLAIN]
Version = Annotated[int, PLAIN]
Currency = Annotated[str, Text(3), PLAIN]
Source = Annotated[str | None, Text(60), PLAIN]
"""The system whose reference `ExternalKey` is."""
ExternalKey = Annotated[str | None, Text(120), ERASE]
Bag = Annotated[str, Document(), ERASE]
"""Host-defined attributes as canonical JSON; the host may put anything there."""
CustomerMoves = Annotated[UUID, PLAIN, Owner(OnMerge.MOVE)]
CustomerStays = Annotated[UUID | None, PLAIN, Owner(OnMerge.STAY)]
