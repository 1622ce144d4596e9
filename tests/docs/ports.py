"""Writes the page of ports: `python -m tests.docs.ports > docs/reference/ports.md`."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from ordercore.ports import notifier, rows, shop, world
from tests.docs.seams import _signature, folded

INTRODUCTION = """\
# Ports

What the core asks of the world. A port is a `typing.Protocol`: any object with these methods
will do, and nothing needs to be inherited. The promises below are what the core relies on; those
of a store are said again as tests in `ordercore.testing.contract`. The page is written from the
code.

Where an error is promised, no other may leave the method: a driver's own errors never reach
the core.
"""

ROOMS: tuple[tuple[str, ModuleType], ...] = (
    ("The host's goods and people", shop),
    ("Carriers of messages", notifier),
    ("Clock and dice", world),
    ("Stores", rows),
)


def page() -> str:
    """Return the page as it ought to be."""
    lines = [INTRODUCTION]
    for title, module in ROOMS:
        lines += [f"## {title}", "", f"`{module.__name__}`: {_first(module)}", ""]
        for port in vars(module).values():
            if getattr(port, "_is_protocol", False) and port.__module__ == module.__name__:
                lines += _port(port)
    return "\n".join(lines).rstrip() + "\n"


def _first(module: ModuleType) -> str:
    return str(inspect.getdoc(module)).split("\n\n", maxsplit=1)[0].replace("\n", " ")


def _port(port: type) -> Iterator[str]:
    yield from (f"### `{port.__name__}`", "", str(inspect.getdoc(port)), "")
    for name, member in vars(port).items():
        found = member.fget if isinstance(member, property) else member
        if name.startswith("_") or not inspect.isfunction(found):
            continue
        yield from _method(name, found, a_value=isinstance(member, property))


def _method(name: str, method: Any, *, a_value: bool) -> Iterator[str]:
    result = _signature(method).partition(" -> ")[2]
    said = f"{name}: {result}" if a_value else folded(name, method)
    promise = textwrap.indent(str(inspect.getdoc(method)), "    ")
    yield from ("```text", said, "", promise, "```", "")


if __name__ == "__main__":
    print(page(), end="")
