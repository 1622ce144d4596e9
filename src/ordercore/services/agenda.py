"""Due work: claim alarms, wake each subject in a command of its own.

An alarm only says when to look. The handler decides from the subject itself and
must change it, so the subject's version is the fence: running the worker a
hundred times does the work once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import attrs

from ordercore.errors import OrderCoreError, PortError, SetupError
from ordercore.services.command import STAFF, Run, authorise
from ordercore.services.retention import forget_keys
from ordercore.services.watch import watched
from ordercore.services.wiring import Wiring
from ordercore.stored.agenda import WAKES, WakeRow

LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=4)


@attrs.frozen
class Failure:
    """Due work that could not be done now and will be tried again."""

    kind: str
    subject_id: UUID
    error: OrderCoreError


@attrs.frozen(kw_only=True)
class DueReport:
    """What one call of `run_due` did.

    Attributes:
        done: How many subjects were looked at.
        failed: Those that could not be, with why; they are tried again, less and less often.
        lost: How many claims ran out meanwhile and are another worker's.
        forgotten: How many idempotency keys were old enough to be dropped.
    """

    done: int = 0
    failed: tuple[Failure, ...] = ()
    lost: int = 0
    forgotten: int = 0


def run_due(wiring: Wiring, limit: int) -> DueReport:
    """Do up to `limit` pieces of work that are due."""
    authorise(wiring.actor, "shop.run_due", STAFF)
    store = wiring.store
    if not store.owns_transactions:
        raise SetupError("setup.joined", what="run_due()")
    token, now = wiring.ids.new(), wiring.clock.now()
    claims = watched(store.claims, store.fault_hook)
    claimed = claims.claim(WAKES, token=token, now=now, until=now + LEASE, limit=limit)
    done, lost, failed = 0, 0, []
    handlers = _handlers()
    for wake in claimed:
        key = WAKES.key_of(wake)
        if not claims.renew(WAKES, key, token=token, until=wiring.clock.now() + LEASE):
            lost += 1
            continue
        try:
            handlers[wake.kind](None, wiring, (wake.subject_id,), {})
            done += 1
        except Exception as error:  # noqa: BLE001  (whatever it is, it stops nobody else)
            failed.append(Failure(wake.kind, wake.subject_id, _named(error)))
            claims.renew(WAKES, key, token=token, until=now + _wait(wake))
    forgotten = forget_keys(wiring, now, limit)
    return DueReport(done=done, failed=tuple(failed), lost=lost, forgotten=forgotten)


def _named(error: Exception) -> OrderCoreError:
    """Return the error as a host may expect it: what a port let through is its failure."""
    if isinstance(error, OrderCoreError):
        return error
    named = PortError("port.failed", port="a port", reason=type(error).__name__)
    named.__cause__ = error
    return named


def _wait(wake: WakeRow) -> timedelta:
    return min(timedelta(minutes=1) * (1 << min(wake.attempts - 1, 20)), LONGEST_WAIT)


def _handlers() -> Mapping[str, Run]:
    """Return who answers each kind of alarm."""
    from ordercore.services.list_orders import ORDER_DUE
    from ordercore.services.reminders import REMIND

    return {"list.due": ORDER_DUE, "reminder.due": REMIND}
