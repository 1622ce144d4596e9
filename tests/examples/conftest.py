"""The examples, started as a reader would start them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
Start = Callable[..., str]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What an example's process is told: to leave nothing in the checkout."""
    storage = str(tmp_path / "hypothesis")
    return os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_STORAGE_DIRECTORY": storage}


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Start:
    """Runs a program in an empty folder, warnings being errors, and returns what it prints."""

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", *command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def start_pytest(start: Start) -> Start:
    """Runs a folder's own tests with the repository's settings."""

    def run(folder: str) -> str:
        settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
        return start(
            "-m", "pytest", "-q", "-p", "no:cacheprovider", *settings, str(EXAMPLES / folder)
        )

    return run
