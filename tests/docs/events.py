"""Writes the page of events: `python -m tests.docs.events > docs/reference/events.md`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import attrs

from ordercore.services.feed import ROOMS, event_classes

INTRODUCTION = """\
# Events

What a line of `shop.events()` may hold. Events are frozen classes in the module `events` of
their room. Stored are the tag, the version and the fields, never the name of a class; a later
version of an event adds a number and leaves the old ones readable. The page is written from the
code.
"""


def page() -> str:
    """Return the page as it ought to be."""
    lines = [INTRODUCTION]
    for room, module in ROOMS.items():
        lines += [f"## `{module}`", "", "| tag | class | what happened | fields |"]
        lines += ["|---|---|---|---|", *(_row(each) for each in _classes(room)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _classes(room: str) -> Iterator[Any]:
    found = event_classes(room)
    yield from (found[key] for key in sorted(found))


def _row(event: Any) -> str:
    words = re.split(r"\n\n", str(inspect.getdoc(event)))[0].replace("\n", " ")
    fields = ", ".join(f"`{field.name}`" for field in attrs.fields(event))
    return f"| `{event.tag}` {event.version} | `{event.__name__}` | {words} | {fields} |"


if __name__ == "__main__":
    print(page(), end="")
