"""A worker process: does what is due, one piece of work after the other, until nothing is.

`python ordering.py URL PREFIX MINUTES`: its clock starts that many minutes after `DUE`,
so that what a killed worker had claimed is free again.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta

from ordercore import Money, Offer, Shop
from ordercore.testing import MemoryCatalog
from ordercore_adapters.sqlalchemy import SqlAlchemyStore

DUE = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
"""A Monday on which lists are due."""
CATALOG = MemoryCatalog({"tea": Offer("tea", "Tea", Money(250, "GBP"))})


class Since:
    """A clock that began to run at an instant."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._begun = time.monotonic()

    def now(self) -> datetime:
        """Return the instant."""
        return self._start + timedelta(seconds=time.monotonic() - self._begun)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def main() -> None:
    """Do what is due until nothing is."""
    url, prefix, minutes = sys.argv[1:]
    store = SqlAlchemyStore.from_url(url, prefix=prefix)
    clock = Since(DUE + timedelta(minutes=int(minutes)))
    shop = Shop(store=store, clock=clock, catalog=CATALOG)
    while shop.run_due(limit=5).done:
        pass


if __name__ == "__main__":
    main()
