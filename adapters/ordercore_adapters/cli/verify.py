"""`verify`: every invariant, checked on a live database (EM8)."""

from __future__ import annotations

import json

import attrs

from ordercore_adapters.cli.database import Db, shop_at
from ordercore_adapters.cli.flags import Json


def verify(
    *,
    db: Db,
    as_json: Json = False,
) -> int:
    """Check every invariant and print what breaks one; exit 1 when there is any.

    Args:
        db: Where the shop is kept, such as sqlite:///shop.db.
        as_json: Print a JSON list of objects with invariant, subject and detail.
    """
    with shop_at(db) as shop:
        found = shop.verify()
    if as_json:
        print(json.dumps([attrs.asdict(violation) for violation in found], indent=2))
    else:
        print("\n".join(map(str, found)) or "every invariant holds")
    return int(bool(found))
