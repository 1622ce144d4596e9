"""Lists that are due, under several workers and under workers that are killed (SL2)."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta
from datetime import time as wall_time
from functools import partial
from pathlib import Path

from ordercore import ListLine, Shop, Weekly
from ordercore.ports.rows import Store
from ordercore.services.list_orders import ORDER_DUE
from ordercore.shopping_lists.lists import ORDERED
from ordercore.stored.agenda import WAKES
from ordercore.stored.orders import ORDERS
from ordercore.stored.shopping_lists import OCCURRENCES
from ordercore.testing import FrozenClock
from tests.property.grounds import LONG, Ground, SqlGround
from tests.races.crowd import at_once
from tests.races.ordering import CATALOG, DUE

WORKER = Path(__file__).with_name("ordering.py")
WORKERS = 4
MONDAYS = Weekly(weekdays=(0,), at=wall_time(9, 0), zone="UTC", anchor_on=date(2026, 3, 2))


def _start(store: Store, lists: int) -> Shop:
    """Start lists a week before they are due, and return the shop on the day."""
    clock = FrozenClock(DUE - timedelta(days=7))
    shop = Shop(store=store, clock=clock, catalog=CATALOG)
    ada = shop.customers.register(name="Ada", email="ada@example.org")
    for number in range(lists):
        shop.shopping_lists.start(
            ada.id, [ListLine(sku="tea")], name=f"{number}", currency="GBP", schedule=MONDAYS
        )
    clock.move_to(DUE)
    return shop


def _refuse_anything_but_one_order_each(store: Store, lists: int) -> None:
    with store.reading() as rows:
        outcomes = list(rows.stream(OCCURRENCES))
        orders = rows.count(ORDERS, {})
    assert Counter(row.outcome for row in outcomes) == {ORDERED: lists}
    assert Counter(Counter(row.list_id for row in outcomes).values()) == {1: lists}
    assert orders == lists
    assert Shop(store=store).verify() == []


def test_each_occurrence_becomes_one_order(ground: Ground) -> None:
    """SL2: four workers at once order each list once, whoever claims it."""
    lists, store = 200 if LONG else 40, ground.open()
    shop = _start(store, lists)

    def work() -> None:
        while shop.run_due(limit=5).done:
            pass

    assert [end for end in at_once([work] * WORKERS) if end is not None] == []
    _refuse_anything_but_one_order_each(store, lists)


def test_the_version_is_the_fence(ground: Ground) -> None:
    """SL2: without any claim, eight who wake one list at once order it once."""
    store = ground.open()
    shop = _start(store, 1)
    with store.reading() as rows:
        (due,) = rows.stream(WAKES)
    ends = at_once([partial(ORDER_DUE, None, shop._wiring, (due.subject_id,), {})] * 8)
    assert [end for end in ends if isinstance(end, Exception)] == []
    _refuse_anything_but_one_order_each(store, 1)


def test_killed_workers_order_once(database: SqlGround) -> None:
    """SL2: workers are killed and others go on: each list is one order, none is forgotten."""
    lists, dice, kills = 200 if LONG else 40, random.Random(7), 0
    _start(database.open(), lists)
    for turn in range(4 if LONG else 2):
        workers = [_worker(database, minutes=3 * turn) for _ in range(WORKERS)]
        _wait_for_some(database, at_least=turn * lists // 5 + 5)
        for worker in workers:
            time.sleep(dice.random() / 20)
            worker.send_signal(signal.SIGKILL)
            kills += worker.wait(timeout=30) == -signal.SIGKILL
    assert kills > 0
    assert _worker(database, minutes=60).wait(timeout=120) == 0
    _refuse_anything_but_one_order_each(database.open(), lists)


def _worker(database: SqlGround, *, minutes: int) -> subprocess.Popen[bytes]:
    place = [database.url, database.prefix, str(minutes)]
    return subprocess.Popen([sys.executable, str(WORKER), *place])


def _wait_for_some(database: SqlGround, *, at_least: int) -> None:
    for _ in range(600):
        with database.beside().reading() as rows:
            if rows.count(ORDERS, {}) >= at_least:
                return
        time.sleep(0.05)
