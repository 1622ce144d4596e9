"""The worker: empties the queues, and stops when it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ordercore import Shop
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from tests.examples.conftest import EXAMPLES, Start

PROGRAM = str(EXAMPLES / "worker.py")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """The shop in the worker's folder, with three welcomes waiting."""
    store = SqlAlchemyStore.from_url(f"sqlite:///{tmp_path / 'shop.db'}")
    made = Shop(store=store)
    for number in range(3):
        made.customers.register(email=f"customer{number}@shop.example")
    yield made
    store.engine.dispose()


def test_once_empties_the_queue(start: Start, shop: Shop, tmp_path: Path) -> None:
    """For cron: everything that waits goes out, and the program ends."""
    start(PROGRAM, "--once")
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 3
    assert shop.check().oldest_errand_at is None


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGTERM")
def test_it_works_until_it_is_told_to_stop(
    shop: Shop, tmp_path: Path, environment: dict[str, str]
) -> None:
    """Mail that comes while it runs goes out too; after SIGTERM it ends in good order."""
    mail = tmp_path / "mail"
    with subprocess.Popen(
        [sys.executable, PROGRAM],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        try:
            _wait_for(lambda: len(list(mail.glob("*.eml"))) == 3)
            shop.customers.register(email="late@shop.example")
            _wait_for(lambda: len(list(mail.glob("*.eml"))) == 4)
            worker.send_signal(signal.SIGTERM)
            told, _ = worker.communicate(timeout=60)
        finally:
            worker.kill()
    assert worker.returncode == 0
    assert told.endswith("stopped\n")
    assert shop.check().oldest_errand_at is None
    assert shop.verify() == []


def _wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("the worker did not get there in a minute")
