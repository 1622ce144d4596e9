"""The clock, identifiers and tokens: what the core may not make up by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware, in `datetime.UTC`."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait, before a conflicting command is tried again; a frozen clock need not."""
        ...


class Ids(Protocol):
    """Where identifiers come from."""

    def new(self) -> UUID:
        """Return an identifier that no process has made before; its low 40 bits are random."""
        ...


class Tokens(Protocol):
    """Where secrets come from."""

    def new(self) -> str:
        """Return a URL-safe secret of 256 random bits."""
        ...
