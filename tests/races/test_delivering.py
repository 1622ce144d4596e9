"""Messages under several workers, and under workers that are killed (MS2)."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from ordercore import Shop
from ordercore.stored.outbox import ERRANDS, SENT
from ordercore.testing import RecordingNotifier
from tests.property.grounds import LONG, Ground, SqlGround
from tests.races.crowd import at_once

WORKER = Path(__file__).with_name("delivering.py")
WORKERS = 4


def _queue(shop: Shop, count: int) -> None:
    for number in range(count):
        shop.customers.register(email=f"reader{number}@example.org")


def test_each_message_leaves_once(ground: Ground) -> None:
    """MS2: four workers at once hand over each of the messages exactly once."""
    notifier, store = RecordingNotifier(), ground.open()
    count = 400 if LONG else 80
    _queue(Shop(store=store), count)

    def work() -> int:
        shop, sent = Shop(store=store, notifiers=[notifier]), 0
        while found := shop.deliver(limit=7).sent:
            sent += found
        return sent

    ends = at_once([work] * WORKERS)
    assert sum(end for end in ends if isinstance(end, int)) == count, ends
    assert Counter(Counter(message.id for message in notifier.sent).values()) == {1: count}
    assert Shop(store=store).verify() == []


def test_killed_workers_lose_nothing(database: SqlGround, tmp_path: Path) -> None:
    """MS2: nothing is lost; a repeat has an id already seen, one a kill at most."""
    count, ledger = 600 if LONG else 150, tmp_path / "sent"
    _queue(Shop(store=database.open()), count)
    dice, kills = random.Random(7), 0
    for turn in range(4 if LONG else 3):
        workers = [_worker(database, ledger, minutes=3 * turn) for _ in range(WORKERS)]
        _wait_for_some(ledger, at_least=turn * count // 5 + 10)
        for worker in workers:
            time.sleep(dice.random() / 20)
            kills += _killed(worker)
    last = _worker(database, ledger, minutes=60)
    assert last.wait(timeout=120) == 0
    seen = Counter(ledger.read_text().split())
    store = database.open()
    with store.reading() as rows:
        errands = list(rows.stream(ERRANDS))
    assert {str(errand.id) for errand in errands} == set(seen)
    assert {errand.state for errand in errands} == {SENT}
    assert sum(seen.values()) - len(seen) <= kills
    assert kills > 0
    assert Shop(store=store).verify() == []


def _worker(database: SqlGround, ledger: Path, *, minutes: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        str(WORKER),
        database.url,
        database.prefix,
        str(ledger),
        str(minutes),
    ]
    return subprocess.Popen(command)


def _wait_for_some(ledger: Path, *, at_least: int) -> None:
    for _ in range(600):
        if ledger.exists() and ledger.read_text().count("\n") >= at_least:
            return
        time.sleep(0.05)


def _killed(worker: subprocess.Popen[bytes]) -> bool:
    """Kill a worker; tell whether it was still at work."""
    worker.send_signal(signal.SIGKILL)
    return worker.wait(timeout=30) == -signal.SIGKILL
