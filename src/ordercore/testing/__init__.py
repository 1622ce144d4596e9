"""What hosts and store authors test with: fakes, fixtures, strategies, the contract suite.

Nothing here is found by pytest on its own: fixtures are asked for by name, and a
contract is run by a class of yours that inherits it.
"""

from __future__ import annotations

from ordercore.errors import SetupError

try:
    import hypothesis as _hypothesis  # noqa: F401
    import pytest as _pytest
except ImportError as _error:
    raise SetupError("setup.missing_extra", what="ordercore.testing", extra="testing") from _error

_pytest.register_assert_rewrite("ordercore.testing.contract")

from ordercore.testing.clocks import FrozenClock, SequenceIds, SequenceTokens  # noqa: E402
from ordercore.testing.fakes import (  # noqa: E402
    MemoryCatalog,
    RecordingNotifier,
    ScriptedCatalog,
    StaticDirectory,
)

__all__ = [
    "FrozenClock",
    "MemoryCatalog",
    "RecordingNotifier",
    "ScriptedCatalog",
    "SequenceIds",
    "SequenceTokens",
    "StaticDirectory",
]
