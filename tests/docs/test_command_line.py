"""The page of the command line leaves no command and no option out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "command_line.md"
COMMANDS = (
    "import orders",
    "run-due",
    "deliver",
    "migrate",
    "verify",
    "events",
    "flow diagram",
    "demo",
)
ELSEWHERE = {"--help", "--version"}
"""What every program has."""


def help_of(*command: str) -> str:
    """Return what the command line says of itself, wide enough that nothing is folded."""
    done = subprocess.run(
        [sys.executable, "-m", "ordercore", *command, "--help"],
        env=os.environ | {"COLUMNS": "300", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_stands_on_the_page(command: str) -> None:
    """What `--help` offers, the page explains; the page's heading is the command."""
    page = PAGE.read_text(encoding="utf-8")
    offered = set(re.findall(r"(?<![\w-])--[a-z-]+", help_of(*command.split()))) - ELSEWHERE
    assert offered
    assert [option for option in sorted(offered) if f"`{option}" not in page] == []
    assert any(f"`{command}`" in line for line in page.splitlines() if line.startswith("## "))


def test_every_command_stands_on_the_page() -> None:
    """A command that is added is explained."""
    listed = set(re.findall(r"^│ ([a-z][a-z-]+)  ", help_of(), flags=re.MULTILINE))
    assert listed == {command.split()[0] for command in COMMANDS}
