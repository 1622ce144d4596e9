"""A terminal and a database for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.cli.terminal import Terminal


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Runs commands."""
    return Terminal(capsys)


@pytest.fixture
def db(tmp_path: Path) -> str:
    """A database that is not there yet."""
    return f"sqlite:///{tmp_path / 'shop.db'}"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this machine has set does not count."""
    for name in ("DB", "SMTP_PASSWORD", "SHOP_NAME", "SENDER", "SHOP_URL", "LANGUAGE", "TRACEBACK"):
        monkeypatch.delenv(f"ORDERCORE_{name}", raising=False)
