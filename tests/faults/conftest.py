"""The databases that broken twins are made in."""

from __future__ import annotations

import pytest

from ordercore.testing.contract import units
from tests.stores import databases  # noqa: F401


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait long enough for a rival that nothing holds up, on a busy machine too."""
    monkeypatch.setattr(units, "PATIENCE", 3.0)
