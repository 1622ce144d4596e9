"""`flow diagram`: the live definition of a flow, drawn as text (OR2)."""

from __future__ import annotations

from typing import Literal

from ordercore.errors import SetupError


def diagram(
    *,
    format: Literal["mermaid", "dot"] = "mermaid",
    flow: str = "default",
    language: str | None = None,
) -> None:
    """Print a built-in flow of orders as a Mermaid or Graphviz drawing.

    Args:
        format: mermaid or dot.
        flow: Which: default, or imported.
        language: Show the labels of this language; the stored names by default.
    """
    from ordercore.orders.diagram import to_dot, to_mermaid
    from ordercore.services.wiring import known_flows

    _, known = known_flows(())
    named = {name: each for (name, _), each in known.items()}
    if flow not in named:
        raise SetupError("setup.usage", reason=f"--flow is one of {', '.join(sorted(named))}")
    draw = to_mermaid if format == "mermaid" else to_dot
    print(draw(named[flow], language=language), end="")
