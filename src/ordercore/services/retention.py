"""Idempotency keys and stored results are kept for seven days, then dropped."""

from __future__ import annotations

from datetime import datetime, timedelta

from ordercore.errors import ConflictError
from ordercore.services.wiring import Wiring
from ordercore.stored.commands import COMMANDS
from ordercore.values.criteria import Compare

KEPT = timedelta(days=7)
"""How long the same key gives the same result; after that it is a new command."""


def forget_keys(wiring: Wiring, now: datetime, limit: int) -> int:
    """Drop up to `limit` keys and results that are old enough; audit and events stay."""
    with wiring.store.reading() as rows:
        old = rows.find(COMMANDS, Compare("forget_at", "le", now), limit=limit)
    if not old:
        return 0
    transaction = wiring.store.begin()
    try:
        for row in old:
            bare = row._replace(idempotency_key=None, fingerprint=None, result=None, forget_at=None)
            transaction.rows.update(COMMANDS, bare, expect={"forget_at": row.forget_at})
        transaction.commit()
    except ConflictError:
        transaction.rollback()  # another worker is at it
        return 0
    except BaseException:
        transaction.rollback()
        raise
    return len(old)
