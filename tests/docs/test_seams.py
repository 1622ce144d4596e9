"""The page of public seams says what the code says."""

from __future__ import annotations

from pathlib import Path

from tests.docs.seams import page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "seams.md"


def test_every_signature_and_error_code_stands_on_the_page() -> None:
    """A changed verb or code is a changed promise: write the page anew, and the CHANGELOG."""
    assert PAGE.read_text(encoding="utf-8") == page()
