"""How the demonstration is told in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.highlighter import NullHighlighter
from rich.markup import escape
from rich.table import Table

from ordercore import OrderCoreError
from ordercore_adapters.cli.demo_world import ZONE


class Teller:
    """Says what happened, at the story's time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.console: Console = Console(highlighter=NullHighlighter())
        self._now = now

    def print(self, *what: object) -> None:
        """Print what rich can print."""
        self.console.print(*what)

    def done(self, words: str) -> None:
        """Say what happened, at the story's time."""
        now = self._now().astimezone(ZoneInfo(ZONE))
        self.print(f"[dim]{now:%a %d %b %H:%M}[/dim]  [green]✓[/green] {words}")

    def refused(self, what: str, attempt: Callable[[], object]) -> None:
        """Try what must fail, and say how it did."""
        now = self._now().astimezone(ZoneInfo(ZONE))
        try:
            attempt()
        except OrderCoreError as error:
            words = f"{what}: [yellow]{error.code}[/yellow] [dim]{escape(str(error))}[/dim]"
            self.print(f"[dim]{now:%a %d %b %H:%M}[/dim]  [yellow]✗[/yellow] {words}")


def planned(counts: Mapping[str, int], rules: Sequence[tuple[str, str]]) -> Table:
    """Return the plan of a merge."""
    table = Table("moves", "rows", "field", "rule", box=None, header_style="dim")
    moves = [(name, str(count)) for name, count in counts.items()]
    for at in range(max(len(moves), len(rules))):
        left = moves[at] if at < len(moves) else ("", "")
        table.add_row(*left, *(rules[at] if at < len(rules) else ("", "")))
    return table
