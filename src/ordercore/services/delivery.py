"""Delivering: claim errands, hand each to its carrier, settle it under its claim.

Nothing is lost: a worker that dies leaves its claim to run out. A message is
repeated only when a worker died between the carrier's acceptance and our commit,
and then with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import attrs

from ordercore.errors import DeliveryError, OrderCoreError, PortError, SetupError
from ordercore.messaging.events import MessageDead, MessageSent
from ordercore.messaging.links import fill_token
from ordercore.messaging.render import Rendered, addressed
from ordercore.ports.notifier import Notifier
from ordercore.services.command import STAFF, Run, authorise
from ordercore.services.proofs import mint_token
from ordercore.services.unit import Unit
from ordercore.services.watch import watched
from ordercore.services.wiring import Wiring
from ordercore.stored.outbox import DEAD, ERRANDS, SENT, ErrandRow
from ordercore.values.ids import ErrandId
from ordercore.values.outgoing import Outgoing
from ordercore.values.times import NEVER

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=4)
"""Waits double from a minute: twelve attempts span about a day."""


@attrs.frozen(kw_only=True)
class DeliveryReport:
    """What one call of `deliver` did.

    Attributes:
        sent: How many messages a carrier took.
        postponed: How many will be tried again.
        dead: How many were given up; see `shop.messages`.
        lost: How many claims ran out meanwhile and are another worker's.
    """

    sent: int = 0
    postponed: int = 0
    dead: int = 0
    lost: int = 0


def deliver(wiring: Wiring, limit: int) -> DeliveryReport:
    """Carry out up to `limit` errands that are due; all wait while nobody carries anything."""
    authorise(wiring.actor, "shop.deliver", STAFF)
    store = wiring.store
    if not store.owns_transactions:
        raise SetupError("setup.joined", what="deliver()")
    if not wiring.notifiers:
        return DeliveryReport()
    token, now = wiring.ids.new(), wiring.clock.now()
    claims = watched(store.claims, store.fault_hook)
    claimed = claims.claim(ERRANDS, token=token, now=now, until=now + LEASE, limit=limit)
    carriers = {notifier.channel: notifier for notifier in wiring.notifiers}
    counts: dict[str, int] = dict.fromkeys(("sent", "postponed", "dead", "lost"), 0)
    for errand in claimed:
        until = wiring.clock.now() + LEASE
        if claims.renew(ERRANDS, (errand.id,), token=token, until=until):
            counts[_carry(wiring, errand, carriers)] += 1
        else:
            counts["lost"] += 1
    return DeliveryReport(**counts)


def _carry(wiring: Wiring, errand: ErrandRow, carriers: Mapping[str, Notifier]) -> str:
    """Hand one errand over and settle it; return what became of it."""
    fault: DeliveryError | None = None
    try:
        carrier = _carrier(carriers, errand.channel)
        message = _message(wiring, errand)
        watched(carrier, wiring.store.fault_hook).send(message)
    except DeliveryError as error:
        fault = error
    except OrderCoreError as error:
        code = "temporary" if isinstance(error, PortError) else "permanent"
        fault = DeliveryError(f"delivery.{code}", reason=error.code)
    except Exception as error:  # noqa: BLE001  (a broken promise stops nobody else)
        fault = DeliveryError("delivery.temporary", reason=type(error).__name__)
    outcome = _SETTLE(None, wiring, (errand, fault), {})
    return str(outcome)


def _carrier(carriers: Mapping[str, Notifier], channel: str) -> Notifier:
    """Return who carries a channel; without one, its messages are tried again for a day."""
    if channel not in carriers:
        raise DeliveryError("delivery.temporary", reason=f"nobody carries {channel}")
    return carriers[channel]


def _message(wiring: Wiring, errand: ErrandRow) -> Outgoing:
    """Return the errand as its carrier gets it, with a fresh token where one belongs."""
    text, html = errand.text, errand.html or ""
    if errand.proof_id is not None:
        token = _MINT(None, wiring, (errand.proof_id,), {})
        text = fill_token(text, token)
        html = fill_token(html, token)
    words = Rendered(subject=errand.subject, text=text, html=html, language=errand.language)
    return addressed(words, id=errand.id, to=errand.recipient, shop=wiring.profile)


def _mint(_: object, unit: Unit, proof_id: UUID) -> str:
    return mint_token(unit, proof_id)


def _settle(_: object, unit: Unit, errand: ErrandRow, fault: DeliveryError | None) -> str:
    """Write down what became of an errand, if the claim is still ours."""
    now = unit.rows.get(ERRANDS, (errand.id,), lock=True)
    if now is None or now.claim != errand.claim:
        return "lost"
    unit.about(now.customer_id)
    released = now._replace(claim=None, lease_until=NEVER)
    outcome, after = _after(unit, released, fault)
    ERRANDS.check(after)
    unit.rows.update(ERRANDS, after, expect={"claim": errand.claim})
    return outcome


def _after(unit: Unit, errand: ErrandRow, fault: DeliveryError | None) -> tuple[str, ErrandRow]:
    errand_id, kind, channel = ErrandId(errand.id), errand.kind, errand.channel
    if fault is None:
        unit.record(MessageSent(errand_id=errand_id, kind=kind, channel=channel))
        return "sent", errand._replace(state=SENT, due_at=None, settled_at=unit.now, fault=None)
    words = str(fault)[:300]
    if fault.code == "delivery.permanent" or errand.attempts >= MOST_ATTEMPTS:
        unit.record(MessageDead(errand_id=errand_id, kind=kind, channel=channel, fault=words))
        return "dead", errand._replace(state=DEAD, due_at=None, settled_at=unit.now, fault=words)
    return "postponed", errand._replace(due_at=unit.now + _wait(errand.attempts), fault=words)


def _wait(attempts: int) -> timedelta:
    return min(timedelta(minutes=1) * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


_SETTLE = Run("message.settle", STAFF, _settle)
_MINT = Run("proof.mint", STAFF, _mint)
