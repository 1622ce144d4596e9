"""Attributes that the host hangs on an aggregate, and its own reference to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import attrs

from ordercore.errors import InvalidValueError
from ordercore.values.text import check_text, excerpt

Scalar = str | int | bool | None
MOST = 100
"""The most attributes of one aggregate."""
TEXT_LIMIT = 4000
"""The most characters of a value; line feeds are welcome."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


class Attributes(Mapping[str, Scalar]):
    """An immutable mapping of names to text, whole numbers, truth values or none.

    Floats are refused, since no two stores keep them alike. Unlike in a dict, 1 and
    True differ. Prints its names only: the values may be personal.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object] | None = None) -> None:
        given = values or {}
        if len(given) > MOST:
            raise InvalidValueError("attributes.too_many", count=len(given), limit=MOST)
        checked = {_check_name(name): _check(name, value) for name, value in given.items()}
        self._values = MappingProxyType(dict(sorted(checked.items())))

    def __getitem__(self, name: str) -> Scalar:
        """Return one value."""
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, sorted."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        """Tell whether `other` is a mapping of the same names to values of the same types."""
        if not isinstance(other, Mapping):
            return NotImplemented
        return _typed(self) == _typed(other)

    def __hash__(self) -> int:
        """Hash by contents."""
        return hash(tuple(self._values.items()))

    def __reduce__(self) -> tuple[type[Attributes], tuple[dict[str, Scalar]]]:
        """Copy and pickle by contents."""
        return (type(self), (dict(self._values),))

    def __repr__(self) -> str:
        """Return the names without the values."""
        return f"Attributes({', '.join(self._values)})"


def _typed(values: Mapping[str, object]) -> dict[str, tuple[type, object]]:
    return {name: (type(value), value) for name, value in values.items()}


def _check_name(name: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InvalidValueError("attributes.name", name=excerpt(name, 60))
    return str.__str__(name)


def _check(name: str, value: object) -> Scalar:
    if isinstance(value, str):
        return check_text(value, field=name, limit=TEXT_LIMIT, multiline=True)
    if value is None or type(value) is bool:
        return value
    if type(value) is int and -(2**63) < value < 2**63:
        return value
    raise InvalidValueError("attributes.value", name=name, got=type(value).__name__)


NO_ATTRIBUTES = Attributes()


@attrs.frozen
class ExternalRef:
    """What another system calls this: unique per source and kind of aggregate.

    The source has at most 60 characters, the reference 120.
    """

    source: str
    ref: str

    def __attrs_post_init__(self) -> None:
        """Refuse half a reference."""
        check_text(self.source, field="source", limit=60)
        check_text(self.ref, field="ref", limit=120)
        if not self.source or not self.ref:
            raise InvalidValueError("ref.empty")
