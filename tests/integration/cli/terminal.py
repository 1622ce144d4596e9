"""The command line as a person or a program uses it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest

from ordercore import Shop
from ordercore_adapters.cli import main
from ordercore_adapters.sqlalchemy import SqlAlchemyStore


@attrs.frozen
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str


@attrs.frozen
class Terminal:
    """Runs commands in this process."""

    _capture: pytest.CaptureFixture[str]

    def __call__(self, *words: object) -> Said:
        """Carry one command out."""
        self._capture.readouterr()
        code = main([str(word) for word in words])
        out, err = self._capture.readouterr()
        return Said(code, out, err)


@contextmanager
def started(*words: object, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a process of its own, which is killed if it does not end."""
    command = [sys.executable, "-m", "ordercore", *map(str, words)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    ) as running:
        try:
            yield running
        finally:
            running.kill()


@contextmanager
def shop_in(url: str) -> Iterator[Shop]:
    """Open the shop that a command works with."""
    store = SqlAlchemyStore.from_url(url)
    yield Shop(store=store)
    store.engine.dispose()
