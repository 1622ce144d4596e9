"""Writes the page of public seams: `python tests/docs/seams.py > docs/reference/seams.md`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from ordercore import Shop
from ordercore.errors import OrderCoreError, PortError, RuleError, SetupError, families

INTRODUCTION = """\
# Seams

What a host may hold on to. Names on this page follow SemVer: they change only with
a major release. The page is written from the code, and a test compares the two.

## The shop
"""


WIDTH = 84
"""The most characters of a line of code that a page shows without scrolling."""


def page() -> str:
    """Return the page as it ought to be."""
    lines = [INTRODUCTION]
    lines += [f"`Shop{_signature(Shop.__init__)}`", ""]
    for name, member in _public(Shop):
        if not isinstance(member, property):
            lines += [f"`shop.{name}{_signature(member)}`", f": {_first_line(member)}", ""]
    for name, member in _public(Shop):
        if isinstance(member, property) and (desk := _desk(name)) is not None:
            lines += _desk_lines(name, desk)
    return "\n".join([*lines, *_error_lines()]).rstrip() + "\n"


def _desk(name: str) -> type | None:
    found = getattr(Shop.in_memory(), name)
    return type(found) if type(found).__name__.endswith("Desk") else None


def _desk_lines(name: str, desk: type) -> Iterator[str]:
    yield from (f"## `shop.{name}`", "", str(inspect.getdoc(desk)), "")
    for verb, method in vars(desk).items():
        if verb.startswith("_") or not hasattr(method, "__ordercore__"):
            continue
        kind, stored, may = method.__ordercore__
        who = ", ".join(sorted(role.value for role in may))
        yield from (f"### `{verb}`", "", "```text", folded(verb, method), "```", "")
        yield from (f"{_first_line(method)} Stored as {kind} `{stored}`; open to {who}.", "")


def _error_lines() -> Iterator[str]:
    yield from ("## Errors", "", "| class | family | code | message |", "|---|---|---|---|")
    for cls, code, template in families():
        words = template.replace("|", "\\|")
        yield f"| `{cls.__name__}` | {_family(cls)} | `{code}` | {words} |"


def _family(cls: type[OrderCoreError]) -> str:
    for family in (RuleError, PortError, SetupError):
        if issubclass(cls, family):
            return family.__name__
    return "–"


def _public(cls: type) -> Iterator[tuple[str, Any]]:
    for name, member in vars(cls).items():
        if not name.startswith("_"):
            yield name, member


def _signature(function: Any) -> str:
    function = getattr(function, "__func__", function)
    found = inspect.signature(function)
    own = [each for name, each in found.parameters.items() if name not in ("self", "cls")]
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(found.replace(parameters=own)))


def folded(verb: str, method: Any) -> str:
    """Return the signature, an argument to a line where it is too long for one."""
    whole = f"{verb}{_signature(method)}"
    if len(whole) <= WIDTH:
        return whole
    inside, _, result = whole.removeprefix(f"{verb}(").rpartition(") -> ")
    arguments = re.split(r", (?![^\[]*\])", inside)
    return "\n".join([f"{verb}(", *(f"    {each}," for each in arguments), f") -> {result}"])


def _first_line(member: Any) -> str:
    member = getattr(member, "__func__", member)
    return str(inspect.getdoc(member)).split("\n\n")[0].replace("\n", " ")


if __name__ == "__main__":
    print(page(), end="")
