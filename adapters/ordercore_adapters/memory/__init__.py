"""Everything in memory: for tests, demonstrations and quick starts."""

from __future__ import annotations

from ordercore_adapters.memory.store import MemoryStore

__all__ = ["MemoryStore"]
