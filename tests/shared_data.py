"""Published test data: read where it lies, never copied into the repository."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


def shared(path: str) -> Path:
    """Return a file below the folder that `ORDERCORE_SHARED` names (`../shared` by default).

    Where it is absent the test is skipped, or fails if `ORDERCORE_REQUIRE_DATA=1`.

    Args:
        path: Such as `data/validity/blns.json`.
    """
    root = CHECKOUT / os.environ.get("ORDERCORE_SHARED", "../shared")
    found = root / path
    if not found.exists():
        reason = f"no test data: {path} is not below ORDERCORE_SHARED ({root})"
        if os.environ.get("ORDERCORE_REQUIRE_DATA") == "1":
            pytest.fail(reason)
        pytest.skip(reason, allow_module_level=True)
    return found


def shared_rows(path: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of the shared data."""
    with shared(path).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
