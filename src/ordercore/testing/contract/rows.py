"""The whole of `Rows`, save how lists are ordered, what criteria find and what values keep."""

from __future__ import annotations

from ordercore.testing.contract.moves import MovesContract
from ordercore.testing.contract.reads import ReadsContract
from ordercore.testing.contract.writes import WritesContract


class RowsContract(ReadsContract, WritesContract, MovesContract):
    """Every method of `Rows`, in one transaction at a time."""
