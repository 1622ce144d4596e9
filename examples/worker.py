"""A worker: does what is due and hands mail to the mail server, until it is told to stop.

`python worker.py` works until it gets SIGTERM or Ctrl-C, and then ends what it has
begun; `python worker.py --once` empties both queues and ends, for cron. Start as
many as you like, on as many machines: each piece of work is done by one of them.

It works on `shop.db` in the folder that it is started in, as `quickstart.py` leaves it.
"""

from __future__ import annotations

import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from ordercore import Shop, ShopProfile
from ordercore.errors import PortError
from ordercore_adapters.smtp import FileNotifier
from ordercore_adapters.sqlalchemy import SqlAlchemyStore

THREADS = 2
BATCH = 20
"""Pieces of work claimed at once: few, so that a stop need not wait long."""
PAUSE_SECONDS = 1.0
"""How long to wait when nothing was due, or when the database does not answer."""


def open_shop() -> Shop:
    """Wire the shop as the host's other programs do."""
    return Shop(
        store=SqlAlchemyStore.from_url("sqlite:///shop.db"),
        notifiers=[FileNotifier("mail")],
        profile=ShopProfile(
            name="Fen Tea",
            sender_address="hello@fentea.example",
            base_url="https://fentea.example",
        ),
    )


def work_once(shop: Shop) -> int:
    """Take one batch from each queue and return how many pieces of work there were."""
    due, mail = shop.run_due(limit=BATCH), shop.deliver(limit=BATCH)
    for failure in due.failed:
        print(f"{failure.kind} {failure.subject_id}: {failure.error}")
    return due.done + len(due.failed) + mail.sent + mail.postponed + mail.dead


def work(shop: Shop, stop: Event) -> None:
    """Work until `stop` is set; what fails for now is tried again by and by."""
    while not stop.is_set():
        try:
            busy = work_once(shop)
        except PortError as error:
            print(f"trouble, going on: {error}")
            busy = 0
        if not busy:
            stop.wait(PAUSE_SECONDS)


def main() -> None:
    """Run once, or until told to stop."""
    shop = open_shop()
    if "--once" in sys.argv[1:]:
        while work_once(shop):
            pass
        return
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    print(f"{THREADS} threads at work", flush=True)
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, shop, stop) for _ in range(THREADS)]:
            done.result()
    print("stopped", flush=True)


if __name__ == "__main__":
    main()
