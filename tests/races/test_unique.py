"""What there may be only one of, asked for by eight at once."""

from __future__ import annotations

from functools import partial

from ordercore import ExternalRef, Shop
from ordercore.customers.customer import Customer
from ordercore.errors import ProofError, TakenError
from ordercore.services.command import Desk, command
from ordercore.services.proofs import token_hash
from ordercore.services.unit import Unit
from ordercore.stored.proofs import PROOF_TOKENS, PROOFS
from ordercore.testing import RecordingNotifier
from tests.property.grounds import LONG, Ground, SqlGround
from tests.property.worlds import token_in
from tests.races.crowd import at_once

CROWD = 8
ROUNDS = 40 if LONG else 6


def test_one_account_per_address(ground: Ground) -> None:
    """CU1: eight open an account with one address: one has it, the others hear why not."""
    store = ground.open()
    for turn in range(ROUNDS):
        email = f"ada{turn}@example.org"
        ends = at_once([partial(Shop(store=store).customers.register, email=email)] * CROWD)
        assert sum(isinstance(end, Customer) for end in ends) == 1
        refused = [end for end in ends if isinstance(end, Exception)]
        assert {type(end) for end in refused} == {TakenError}
        assert {str(getattr(end, "code", "")) for end in refused} == {"email.taken"}


def test_one_customer_per_reference(ground: Ground) -> None:
    """Another system's reference is one customer's, whoever was faster."""
    store = ground.open()
    for turn in range(ROUNDS):
        ref = ExternalRef("erp", str(turn))
        ends = at_once([partial(Shop(store=store).customers.register, external_ref=ref)] * CROWD)
        assert sum(isinstance(end, Customer) for end in ends) == 1
        refused = [end for end in ends if isinstance(end, Exception)]
        assert {str(getattr(end, "code", "")) for end in refused} == {"external_ref.taken"}


class NaiveDesk(Desk):
    """The twin: looks whether the proof was used, then writes that it was."""

    @command("test.confirm")
    def confirm(self, unit: Unit, token: str, *, idempotency_key: str | None = None) -> bool:
        """Read, check, write."""
        (held,) = unit.rows.where(PROOF_TOKENS, {"token_hash": token_hash(token)})
        proof = unit.rows.get(PROOFS, (held.proof_id,))
        if proof is None or proof.used_at is not None:
            return False
        unit.rows.update(PROOFS, proof._replace(used_at=unit.now), expect={})
        return True


def _token(shop: Shop, notifier: RecordingNotifier, turn: int) -> str:
    customer = shop.customers.register(email=f"bob{turn}@example.org")
    shop.customers.request_email_proof(customer.id)
    shop.deliver()
    return token_in(notifier)


def test_a_proof_is_used_once(ground: Ground) -> None:
    """CU7: eight bring the same token at once: one gets in, the others get no reason (I8)."""
    store, notifier = ground.open(), RecordingNotifier()
    shop = Shop(store=store, notifiers=[notifier])
    for turn in range(ROUNDS):
        token = _token(shop, notifier, turn)
        ends = at_once([partial(Shop(store=store).customers.confirm_email, token)] * CROWD)
        assert sum(isinstance(end, Customer) for end in ends) == 1
        refused = [end for end in ends if isinstance(end, Exception)]
        assert {type(end) for end in refused} == {ProofError}


def test_read_check_write_lets_several_in(server: SqlGround) -> None:
    """The twin that must fail: without the conditional update a token opens more than once."""
    store, notifier = server.open(), RecordingNotifier()
    shop = Shop(store=store, notifiers=[notifier])
    for turn in range(60):
        token = _token(shop, notifier, turn)
        ends = at_once([partial(NaiveDesk(Shop(store=store)._wiring).confirm, token)] * CROWD)
        if sum(end is True for end in ends) > 1:
            return
    raise AssertionError("the naive twin never let two in: the race proves nothing")
