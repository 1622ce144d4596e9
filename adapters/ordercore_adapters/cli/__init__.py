"""The command line: `python -m ordercore`, or `ordercore` (EM9)."""

from __future__ import annotations

try:
    import cyclopts as _cyclopts  # noqa: F401
    import rich as _rich  # noqa: F401
except ImportError as _error:
    from ordercore.errors import SetupError

    raise SetupError("setup.missing_extra", what="the command line", extra="cli") from _error

from ordercore_adapters.cli.app import main

__all__ = ["main"]
