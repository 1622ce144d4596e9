"""Writes the page of names: `python -m tests.docs.names > docs/reference/names.md`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

INTRODUCTION = """\
# Names

What can be imported, and from where. Besides these are public: `ordercore.errors`
([errors](errors.md)), the protocols in `ordercore.ports` ([ports](ports.md)), the `events` of each
room ([events](events.md)), `ordercore.orders.flow`, `ordercore.orders.diagram` and
`ordercore.orders.default_flow`, `ordercore.values`, and, for whoever writes a store,
`ordercore.stored` ([tables](tables.md)). All of it follows SemVer; what is in other modules may
change. The page is written from the code.

Every name of `ordercore` costs its import only when it is first asked for.
"""

PLACES = (
    "ordercore",
    "ordercore_adapters.memory",
    "ordercore_adapters.sqlalchemy",
    "ordercore_adapters.smtp",
    "ordercore_adapters.system",
    "ordercore.testing",
    "ordercore.testing.fixtures",
    "ordercore.testing.contract",
)


def page() -> str:
    """Return the page as it ought to be."""
    lines = [INTRODUCTION]
    for place in PLACES:
        lines += _place(import_module(place))
    return "\n".join(lines).rstrip() + "\n"


def _place(module: ModuleType) -> Iterator[str]:
    yield from (f"## `{module.__name__}`", "", _first_line(module), "")
    yield from ("| name | what it is |", "|---|---|")
    for name in sorted(module.__all__, key=str.casefold):
        yield f"| `{name}` | {_what(module, name)} |"
    yield ""


def _what(module: ModuleType, name: str) -> str:
    found = getattr(module, name)
    if hasattr(found, "__supertype__"):
        return "An identifier: a UUID under a name of its own, for type checkers."
    return _first_line(found)


def _first_line(found: object) -> str:
    words = str(inspect.getdoc(found)).split("\n\n", maxsplit=1)[0]
    return words.replace("\n", " ").replace("|", "\\|")


if __name__ == "__main__":
    print(page(), end="")
