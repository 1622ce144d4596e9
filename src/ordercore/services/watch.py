"""The fault hook: told before and after every call of a port, so that tests can stop there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from ordercore.ports.rows import FaultHook
from ordercore.stored.table import Table

P = TypeVar("P")


def watched(port: P, hook: FaultHook | None) -> P:
    """Return the port as it is in production, or one that tells the hook of each call."""
    return port if hook is None else cast("P", _Watched(port, hook))


class _Watched:
    def __init__(self, port: Any, hook: FaultHook) -> None:
        self._port = port
        self._hook = hook

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._telling(name, found) if callable(found) else found

    def _telling(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def told(*args: Any, **kwargs: Any) -> Any:
            subject = f" {args[0].name}" if args and isinstance(args[0], Table) else ""
            self._hook(f"before {name}{subject}")
            result = call(*args, **kwargs)
            self._hook(f"after {name}{subject}")
            return result

        return told
