"""Drawings of a flow as text: Mermaid's stateDiagram-v2 and Graphviz' DOT (OR2).

Made from the live definition. Names and labels are data: whatever they hold, they
cannot become syntax. Hidden states are dashed; an edge says `verb [guards] / effects`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from ordercore.orders.flow import Flow, State, Transition

_RESERVED: Final = (
    "acctitle|accdescr|as|choice|class|classdef|click|default|end|fork|hide|href|join|note|scale"
    "|state|statediagram|style"
    "|constructor|hasownproperty|isprototypeof|propertyisenumerable|tolocalestring|tostring|valueof"
)
"""Mermaid's own words, then those that every JavaScript object answers to."""
_PLAIN_ID: Final = re.compile(
    rf"(?!(?:{_RESERVED})\Z|root|.*direction)[a-z][a-z0-9_]*", re.ASCII | re.IGNORECASE
)
"""What Mermaid reads as an identifier, and as nothing else."""
_SYNTAX: Final = re.compile(r"[^\w .,/'()]|(?<![^\W_])_|_(?![^\W_])")
_DIRECTION: Final = re.compile("(directio)(n)", re.IGNORECASE)


def to_mermaid(flow: Flow, *, language: str | None = None) -> str:
    """Return the flow as a Mermaid state diagram.

    Args:
        flow: The flow.
        language: The language of the labels to show; None shows the stored names.
    """
    ids = _mermaid_ids(flow)
    lines = ["stateDiagram-v2"]
    for state in flow.states:
        caption = _caption(flow, state, language)
        if caption != ids[state.name]:
            lines.append(f'state "{_mermaid_text(caption)}" as {ids[state.name]}')
    lines.append(f"[*] --> {ids[flow.initial]}")
    lines += [
        f"{ids[source]} --> {ids[way.target]} : {_edge(way, _mermaid_text)}"
        for source, way in flow.edges()
    ]
    lines += [f"{ids[state.name]} --> [*]" for state in flow.states if state.final]
    hidden = [ids[state.name] for state in flow.states if state.hidden]
    if hidden:
        lines += ["classDef unseen stroke-dasharray: 4 4", f"class {','.join(hidden)} unseen"]
    return "\n    ".join(lines) + "\n"


def to_dot(flow: Flow, *, language: str | None = None) -> str:
    """Return the flow as a Graphviz digraph.

    Args:
        flow: The flow.
        language: The language of the labels to show; None shows the stored names.
    """
    lines = [
        f"digraph {_dot_text(flow.name)} {{",
        "rankdir=LR",
        'node [shape=box, style=rounded, fontname="sans-serif"]',
        'edge [fontname="sans-serif", fontsize=10]',
        '"*" [shape=point, width=0.15, label=""]',
    ]
    for state in flow.states:
        looks = f"label={_dot_text(_caption(flow, state, language))}"
        looks += ", peripheries=2" if state.final else ""
        looks += ', style="rounded,dashed"' if state.hidden else ""
        lines.append(f"{_dot_text(state.name)} [{looks}]")
    lines.append(f'"*" -> {_dot_text(flow.initial)}')
    lines += [
        f"{_dot_text(source)} -> {_dot_text(way.target)} [label={_dot_text(_edge(way, str))}]"
        for source, way in flow.edges()
    ]
    return "\n    ".join(lines) + "\n}\n"


def _caption(flow: Flow, state: State, language: str | None) -> str:
    return state.name if language is None else flow.caption(state, language)


def _edge(way: Transition, spell: Callable[[str], str]) -> str:
    guards = f" [{spell(', '.join(way.guards))}]" if way.guards else ""
    effects = f" / {spell(', '.join(way.effects))}" if way.effects else ""
    return f"{spell(way.verb)}{guards}{effects}"


def _mermaid_ids(flow: Flow) -> Mapping[str, str]:
    """Return an identifier per state: its name where Mermaid can read it, else a number."""
    names = {state.name for state in flow.states}
    ids: dict[str, str] = {}
    for number, state in enumerate(flow.states, start=1):
        chosen = state.name if _PLAIN_ID.fullmatch(state.name) else f"s{number}"
        while chosen != state.name and chosen in names:
            chosen += "_"
        ids[state.name] = chosen
    return ids


def _mermaid_text(text: str) -> str:
    """Spell what could be syntax as entities: `direction LR` is, anywhere, and so is `_this_`."""
    plain = _SYNTAX.sub(lambda found: f"#{ord(found[0])};", text)
    return _DIRECTION.sub(lambda found: f"{found[1]}#{ord(found[2])};", plain)


def _dot_text(text: str) -> str:
    """Quote for DOT, also against its backslash escapes and its HTML entities."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    escaped = printable.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{escaped}"'
