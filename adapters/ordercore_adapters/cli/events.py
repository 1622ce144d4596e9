"""`events`: the command feed, for people and programs."""

from __future__ import annotations

import json
from typing import Any

from ordercore.services.feed import Recorded, Unreadable
from ordercore.stored.codec import converter
from ordercore_adapters.cli.database import Db, shop_at
from ordercore_adapters.cli.flags import Json

PAGE = 200


def events(
    *,
    db: Db,
    after: int = 0,
    as_json: Json = False,
) -> None:
    """Print what happened, oldest first: one line a command.

    Args:
        db: Where the shop is kept, such as sqlite:///shop.db.
        after: Begin after the command of this number.
        as_json: Print each line as a JSON object.
    """
    with shop_at(db) as shop:
        while True:
            page = shop.events(after=after, limit=PAGE)
            for recorded in page.items:
                print(json.dumps(_plain(recorded)) if as_json else _line(recorded))
                after = recorded.number
            if not page.items:
                return


def _line(recorded: Recorded) -> str:
    tags = " ".join(event.tag for event in recorded.events) or "-"
    at = recorded.at.isoformat(timespec="seconds")
    return f"{recorded.number}\t{at}\t{recorded.verb}\t{recorded.actor}\t{tags}"


def _plain(recorded: Recorded) -> dict[str, Any]:
    return {
        "number": recorded.number,
        "id": str(recorded.id),
        "at": recorded.at.isoformat(),
        "verb": recorded.verb,
        "actor": str(recorded.actor),
        "customer_id": None if recorded.customer_id is None else str(recorded.customer_id),
        "events": [_event(each) for each in recorded.events],
    }


def _event(event: Any) -> dict[str, Any]:
    data = event.data if isinstance(event, Unreadable) else converter().unstructure(event)
    return {"tag": event.tag, "v": event.version, "data": data}
