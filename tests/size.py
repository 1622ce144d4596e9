"""Measure files and functions against the rules of size; exit 1 when one is broken.

    python tests/size.py src adapters tests examples

A file counts with all its lines, if it holds code at all. A function counts
with the lines of its body, without the docstring.
"""

from __future__ import annotations

import ast
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

FILE_MEDIAN, FILE_P90, FILE_MOST = 120, 280, 400
BODY_P90 = 20
SHOWN = 5

Measured = tuple[int, str]


def percentile(values: Sequence[int], share: float) -> int:
    """Return the smallest value that at least `share` of the values do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def bodies(tree: ast.Module) -> Iterator[tuple[int, ast.AST]]:
    """Yield the lines of each function's body, and the function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if _is_docstring(node.body[0]) else node.body
            yield (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0, node


def measure(folders: Sequence[str]) -> tuple[list[Measured], list[Measured]]:
    """Return the sizes of files that hold code, and of functions, each with its place."""
    files: list[Measured] = []
    functions: list[Measured] = []
    for path in sorted(file for folder in folders for file in Path(folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        if all(_is_docstring(node) for node in tree.body):
            continue
        files.append((text.count("\n"), str(path)))
        functions += [
            (lines, f"{path}:{node.lineno} {node.name}")  # type: ignore[attr-defined]
            for lines, node in bodies(tree)
        ]
    return files, functions


def main(folders: Sequence[str]) -> int:
    """Print what was measured and return the exit code."""
    files, functions = measure(folders)
    lines = [size for size, _ in files]
    found = [
        ("file, median", int(median(lines)), FILE_MEDIAN),
        ("file, p90", percentile(lines, 0.9), FILE_P90),
        ("file, longest", max(lines), FILE_MOST),
        ("function body, p90", percentile([size for size, _ in functions], 0.9), BODY_P90),
    ]
    print(f"{len(files)} files, {sum(lines)} lines, {len(functions)} functions")
    for name, size, limit in found:
        print(f"{'ok    ' if size <= limit else 'BROKEN'} {name}: {size} lines, at most {limit}")
    for what, sizes in (("files", files), ("function bodies", functions)):
        print(f"the longest {what}:")
        for size, where in sorted(sizes, reverse=True)[:SHOWN]:
            print(f"{size:6} {where}")
    return int(any(size > limit for _, size, limit in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
