"""What a page says that a block prints is what it prints."""

from __future__ import annotations

import re
import sys
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.test_docs_run import PAGES, ROOT, Block, fences


def printed(page: Path, module: ModuleType) -> list[tuple[Block, str]]:
    """Run the blocks of a page and return each with what it printed."""
    found = []
    for block in [each for each in fences(page.read_text("utf-8")) if each.runs]:
        with redirect_stdout(StringIO()) as out:
            exec(compile(block.text, str(page), "exec", dont_inherit=True), vars(module))  # noqa: S102 - our own pages
        found.append((block, out.getvalue()))
    return found


def shown_after(page: Path) -> dict[int, str]:
    """Return, by the line that a block of Python begins on, the block of text right after it."""
    blocks = list(fences(page.read_text("utf-8")))
    return {
        block.line: following.text + "\n"
        for block, following in pairwise(blocks)
        if block.runs and following.words == ["text"]
    }


def fits(shown: str, said: str) -> bool:
    """Tell whether a text is the one shown, in which `…` stands for anything on a line."""
    return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), said) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_output_shown_is_the_output(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block that prints is followed by a block of text with exactly that."""
    module = ModuleType("page")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.chdir(tmp_path)
    shown = shown_after(page)
    for block, said in printed(page, module):
        if said and not fits(shown.get(block.line, ""), said):
            assert said == shown.get(block.line), f"{page.name}, line {block.line}"


def test_what_differs_is_noticed() -> None:
    """`…` stands for anything, and nothing else does."""
    assert fits("order … is paid\n", "order 7F3K-92QX is paid\n")
    assert not fits("order … is paid\n", "order 7F3K-92QX is packed\n")
    assert not fits("a.c\n", "abc\n")
