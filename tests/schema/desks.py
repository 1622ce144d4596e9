"""Every desk of a shop, and every verb of a desk."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ordercore import Shop
from ordercore.services.command import Desk, Roles

Mark = tuple[str, str, Roles]
"""`command` or `query`, the stored verb, and who may."""


def desks() -> Mapping[str, type[Desk]]:
    """Return the class of each desk by the shop's property."""
    shop = Shop.in_memory()
    found = {
        name: type(getattr(shop, name))
        for name, member in vars(Shop).items()
        if isinstance(member, property) and isinstance(getattr(shop, name), Desk)
    }
    assert len(found) >= 6, "the shop has lost its desks"
    return found


def public(desk: type[Any]) -> Iterator[tuple[str, Any]]:
    """Yield what a host can reach on a desk, by name."""
    for name, member in inspect.getmembers(desk):
        if not name.startswith("_"):
            yield name, member


def verbs_of(desk: type[Any]) -> Iterator[tuple[str, Mark]]:
    """Yield each verb of a desk: the method's name and its mark."""
    for name, member in public(desk):
        mark: Mark | None = getattr(member, "__ordercore__", None)
        if mark is not None:
            yield name, mark


def commands() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the name, such as `orders.place`, and the method of each command."""
    for at, desk in desks().items():
        for name, (kind, _, _) in verbs_of(desk):
            if kind == "command":
                yield f"{at}.{name}", getattr(desk, name)
