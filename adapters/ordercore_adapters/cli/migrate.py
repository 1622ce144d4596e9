"""`migrate`: make the tables, or bring them up to date."""

from __future__ import annotations

from ordercore_adapters.cli.database import Db, open_store


def migrate(*, db: Db) -> None:
    """Make the shop's tables in a database, or bring them up to date (EM3).

    Args:
        db: Where the shop is kept, such as sqlite:///shop.db.
    """
    open_store(db, create=True).engine.dispose()
    print("the tables are up to date")
