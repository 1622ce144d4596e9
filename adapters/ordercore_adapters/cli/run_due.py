"""`run-due`: do what is due, once or for ever (EM7)."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from ordercore import Shop
from ordercore_adapters.cli.database import Db, shop_at
from ordercore_adapters.cli.flags import Flag
from ordercore_adapters.cli.profile import UNSIGNED, Signature
from ordercore_adapters.cli.stopping import Stop

Seconds = Annotated[float, Parameter(validator=Number(gt=0, lte=86_400))]


def run_due(
    *, db: Db, loop: Flag = False, every: Seconds = 30.0, signature: Signature = UNSIGNED
) -> None:
    """Do all that is due: lists become orders, reminders go out.

    Any number of workers may run. SIGTERM ends one after the item at hand.

    Args:
        db: Where the shop is kept, such as sqlite:///shop.db.
        loop: Go on for ever.
        every: How many seconds to wait, with --loop, when nothing is due.
    """
    with Stop() as stop, shop_at(db, profile=signature.profile()) as shop:
        while not stop.asked:
            _all_due(shop, stop)
            if not loop:
                return
            stop.wait(every)


def _all_due(shop: Shop, stop: Stop) -> None:
    """Take one item at a time, so that a claim never waits for another's work."""
    done = failed = 0
    while not stop.asked:
        report = shop.run_due(limit=1)
        for failure in report.failed:
            failed += 1
            print(f"{failure.kind} {failure.subject_id}: {failure.error}", file=sys.stderr)
        done += report.done
        if not (report.done or report.failed or report.lost):
            break
    print(f"done {done}, to be tried again {failed}", flush=True)
