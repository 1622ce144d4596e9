"""Every block of Python in README.md and docs/ runs, page by page, in an empty folder."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,}|~{3,})(?P<info>[^`]*)$")
RUNS = {"python", "py", "python3"}
HIDES = {"pycon", "python-repl", "doctest", "{doctest}", "{testcode}"}
"""Ways to show Python that nothing here runs."""


class Block(NamedTuple):
    """A fenced block: the line it begins on, the words of its info string, its text."""

    line: int
    words: list[str]
    text: str

    @property
    def runs(self) -> bool:
        """Whether it is Python to be run."""
        directive = bool(self.words) and self.words[0] in {"{code}", "{code-block}"}
        words = self.words[1:] if directive else self.words
        return bool(words) and words[0] in RUNS and "no-run" not in words


def fences(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a Markdown page (CommonMark 4.5), without their options."""
    opened: re.Match[str] | None = None
    begin, inside = 0, list[str]()
    for number, line in enumerate(page.splitlines(), 1):
        found = FENCE.match(line)
        if opened is None:
            if found:
                opened, begin, inside = found, number, []
        elif found and found["marks"].startswith(opened["marks"]) and not found["info"].strip():
            yield Block(begin, opened["info"].split(), "\n".join(inside))
            opened = None
        else:
            inside.append(line.removeprefix(opened["indent"]))
    if opened is not None:
        raise ValueError(f"line {begin}: the block is never closed")


def run(page: Path, module: ModuleType) -> int:
    """Run the blocks of a page in one namespace and return how many there were."""
    blocks = [block for block in fences(page.read_text("utf-8")) if block.runs]
    for block in blocks:
        source = "\n" * block.line + block.text  # so that an error names the line of the page
        exec(compile(source, str(page), "exec", dont_inherit=True), vars(module))  # noqa: S102 - our own pages
    return len(blocks)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader can run the page from top to bottom and meets no error."""
    module = ModuleType("page")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.chdir(tmp_path)
    run(page, module)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_page_hides_no_python(page: Path) -> None:
    """No page shows Python in a block that is never run."""
    shown = [block for block in fences(page.read_text("utf-8")) if block.words]
    assert [block.line for block in shown if block.words[0] in HIDES] == []


def test_the_readme_shows_code_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first thing that a reader meets is a block that works."""
    monkeypatch.chdir(tmp_path)
    assert run(ROOT / "README.md", ModuleType("page")) > 0


def test_a_broken_block_fails_at_its_line(tmp_path: Path) -> None:
    """An error in a block is reported with the line of the page it stands on."""
    page = tmp_path / "page.md"
    page.write_text("words\n\n~~~text\n1 / 0\n~~~\n\n```python\nx = 1\nx / 0\n```\n", "utf-8")
    with pytest.raises(ZeroDivisionError) as caught:
        run(page, ModuleType("page"))
    assert caught.traceback[-1].lineno + 1 == 9
