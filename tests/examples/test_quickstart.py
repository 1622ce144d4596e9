"""The README's quickstart as a program."""

from __future__ import annotations

from pathlib import Path

from tests.examples.conftest import EXAMPLES, Start

PROGRAM = str(EXAMPLES / "quickstart.py")


def test_it_sells_and_writes_mail(start: Start, tmp_path: Path) -> None:
    """One order is shipped, five mails lie in the folder, and every invariant holds."""
    told = start(PROGRAM)
    assert "shipped, 12.80 GBP of 12.80 GBP paid" in told
    assert "mails sent: 5" in told
    assert "broken invariants: 0" in told
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 5


def test_it_can_be_run_again(start: Start) -> None:
    """The account is the same one, welcomed once; the second order is another."""
    start(PROGRAM)
    told = start(PROGRAM)
    assert "mails sent: 4" in told
    assert told.count("Welcome to Fen Tea") == 1
    assert told.count("is on its way") == 2
