"""A worker process: delivers until nothing is due, writing each Message-ID down as a carrier would.

`python delivering.py URL PREFIX FILE MINUTES`: its clock is that many minutes ahead, so
that what a killed worker had claimed is free again.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta

from ordercore import Outgoing, Shop
from ordercore_adapters.sqlalchemy import SqlAlchemyStore


class Ahead:
    """A clock that is ahead of the machine's."""

    def __init__(self, minutes: int) -> None:
        self._ahead = timedelta(minutes=minutes)

    def now(self) -> datetime:
        """Return the instant."""
        return datetime.now(UTC) + self._ahead

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class Ledger:
    """A carrier that writes the id of each message it takes to a file, in one write."""

    channel = "email"

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def send(self, message: Outgoing) -> None:
        """Take responsibility for a message."""
        os.write(self._file, f"{message.id}\n".encode())
        time.sleep(0.002)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)


def main() -> None:
    """Deliver until nothing is due."""
    url, prefix, path, minutes = sys.argv[1:]
    store = SqlAlchemyStore.from_url(url, prefix=prefix)
    shop = Shop(store=store, clock=Ahead(int(minutes)), notifiers=[Ledger(path)])
    while shop.deliver(limit=20).sent:
        pass


if __name__ == "__main__":
    main()
