"""Broken twins: sound stores with one promise broken on purpose, and the tests that must notice.

A contract that has never failed proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import attrs

from ordercore.ports.rows import Store
from ordercore_adapters.memory import MemoryStore

Test = Callable[..., None]
C = TypeVar("C", bound=type)


@attrs.frozen
class Twin:
    """A broken store: what is wrong with it, how it is made, and which tests must fail on it."""

    name: str
    make: Callable[[], Store]
    caught_by: tuple[Test, ...]


TWINS: list[Twin] = []


class Passing:
    """Passes every call on to a sound port; a twin does one of them wrongly."""

    def __init__(self, sound: Any) -> None:
        self.sound = sound

    def __getattr__(self, name: str) -> Any:
        """Return what the sound port has."""
        return getattr(self.sound, name)


class TwinUnit(Passing):
    """A transaction with other rows."""

    def __init__(self, sound: Any, rows: type[Passing] = Passing) -> None:
        super().__init__(sound)
        self.rows = rows(sound.rows)


class TwinStore(Passing):
    """A store whose transactions, rows or claims are other ones."""

    unit: type[TwinUnit] = TwinUnit
    rows: type[Passing] = Passing
    claiming: type[Passing] = Passing

    def begin(self) -> Any:
        """Begin a transaction."""
        return self.unit(self.sound.begin(), self.rows)

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """Open a view."""
        with self.sound.reading() as rows:
            yield self.rows(rows)

    @property
    def claims(self) -> Any:
        """The claims."""
        return self.claiming(self.sound.claims)


def folded(value: object) -> object:
    """Return text as a careless collation compares it."""
    return value.casefold().rstrip(" ") if isinstance(value, str) else value


def twin(*caught_by: Test, sound: Callable[[], Store] = MemoryStore) -> Callable[[C], C]:
    """Enter a class that breaks one promise: of rows, a transaction, claims or a whole store.

    Args:
        caught_by: The tests of the contract that must fail on it.
        sound: Makes the store that the class is put around.
    """

    def enter(broken: C) -> C:
        def make() -> Any:
            if issubclass(broken, MemoryStore):
                return broken()
            whole = broken if issubclass(broken, TwinStore) else _around(broken)
            return whole(sound())

        TWINS.append(Twin(broken.__name__, make, caught_by))
        return broken

    return enter


def _around(broken: type[Any]) -> type[TwinStore]:
    """Return a store with this class in the place that it is for."""
    place = "unit" if issubclass(broken, TwinUnit) else "rows"
    if hasattr(broken, "claim") or hasattr(broken, "renew"):
        place = "claiming"
    return type(broken.__name__, (TwinStore,), {place: broken})
