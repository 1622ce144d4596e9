"""Proofs of a mailbox: single-use links whose token is stored nowhere (CU7, MS2)."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest

from ordercore.customers.customer import Customer
from ordercore.customers.events import EmailVerified
from ordercore.errors import ProofError
from ordercore.messaging.links import PROOF_TOKEN
from ordercore.services.proofs import consume_proof, issue_proof, mint_token
from ordercore.services.unit import Unit
from ordercore.stored.proofs import PROOF_TOKENS, PROOFS
from ordercore.values.outgoing import Outgoing
from tests.unit.services.deeds import code, outbox, recorded, register, rows_of
from tests.unit.services.world import World, newest_token, token_of

SECOND = timedelta(seconds=1)


@pytest.fixture
def ada(world: World) -> Customer:
    """An account, welcomed."""
    account = register(world.shop)
    world.shop.deliver()
    return account


def link_to(world: World, customer: Customer) -> str:
    """Ask for a link, deliver it, and return its token."""
    world.shop.customers.request_email_proof(customer.id)
    world.shop.deliver()
    return newest_token(world)


def confirm(world: World, token: str) -> Customer:
    """Use a token."""
    return world.shop.customers.confirm_email(token)


class TestConfirming:
    """A link is good once, for an hour, for its own purpose and mailbox."""

    def test_once(self, world: World, ada: Customer) -> None:
        """CU7: the first use proves the mailbox, the second gets the stranger's answer."""
        token = link_to(world, ada)
        world.clock.advance(minutes=5)
        assert confirm(world, token).email_verified_at == world.clock.now()
        assert recorded(world.shop)[-1].events == (EmailVerified(customer_id=ada.id),)
        assert code(confirm, world, token) == "proof.invalid"

    @pytest.mark.parametrize(("late", "valid"), [(-SECOND, True), (0 * SECOND, False)])
    def test_for_an_hour(self, world: World, ada: Customer, late: timedelta, valid: bool) -> None:
        """CU7: counted from asking, not from the post."""
        world.shop.customers.request_email_proof(ada.id)
        world.clock.advance(minutes=30)
        world.shop.deliver()
        world.clock.advance(timedelta(minutes=30) + late)
        token = newest_token(world)
        if valid:
            assert confirm(world, token).email_verified_at is not None
        else:
            assert code(confirm, world, token) == "proof.invalid"

    def test_an_unknown_one(self, world: World, ada: Customer) -> None:
        """CU7: the same answer as for a used or late one, and no more words."""
        for token in ("", "x", link_to(world, ada)[:-1], "\ud800"):
            with pytest.raises(ProofError) as refused:
                confirm(world, token)
            assert (refused.value.code, refused.value.params) == ("proof.invalid", {})

    def test_of_another_purpose(self, world: World, ada: Customer) -> None:
        """CU7: a link to something else does not prove a mailbox, and is not used up by trying."""
        unit = Unit(world.shop._wiring, "test")
        proof = issue_proof(unit, "basket", subject_id=ada.id, customer_id=ada.id, minutes=5)
        token = mint_token(unit, proof)
        unit.keep(key=None, fingerprint=None, result=None)
        assert code(confirm, world, token) == "proof.invalid"
        assert consume_proof(Unit(world.shop._wiring, "test"), "basket", token) == ada.id

    def test_every_link_in_hand_works(self, world: World, ada: Customer) -> None:
        """CU7: asking twice makes two proofs, each good once."""
        tokens = [link_to(world, ada), link_to(world, ada)]
        for token in tokens:
            assert confirm(world, token).id == ada.id
            assert code(confirm, world, token) == "proof.invalid"


class TestTheMailboxItself:
    """What is proven is the mailbox that the link went to."""

    def test_another_address_since(self, world: World, ada: Customer) -> None:
        """CU7, ME5: a link to the old mailbox does not prove the new one."""
        token = link_to(world, ada)
        world.shop.customers.edit(ada.id, email="victim@example.org")
        assert code(confirm, world, token) == "proof.invalid"
        assert world.shop.customers.get(ada.id).email_verified_at is None
        world.shop.customers.edit(ada.id, email="ADA@example.org")
        assert confirm(world, token).email_verified_at is not None

    def test_no_address_since(self, world: World, ada: Customer) -> None:
        """CU7: nothing is left to prove."""
        token = link_to(world, ada)
        world.shop.customers.edit(ada.id, email="")
        assert code(confirm, world, token) == "proof.invalid"

    def test_merged_since(self, world: World, ada: Customer) -> None:
        """ME1, ME5: the loser's link does not prove the survivor's mailbox."""
        bob = register(world.shop, "Bob")
        token = link_to(world, ada)
        world.shop.merging.apply(world.shop.merging.plan(bob.id, ada.id))
        assert code(confirm, world, token) == "proof.invalid"
        assert world.shop.customers.get(bob.id).email_verified_at is None

    def test_merged_since_with_the_same_mailbox(self, world: World, ada: Customer) -> None:
        """ME1: where the survivor took the mailbox over, its link goes on working."""
        nameless = world.shop.customers.register(name="Ada by telephone")
        token = link_to(world, ada)
        world.shop.merging.apply(world.shop.merging.plan(nameless.id, ada.id))
        confirmed = confirm(world, token)
        assert (confirmed.id, confirmed.email) == (nameless.id, ada.email)
        assert confirmed.email_verified_at is not None

    def test_nothing_is_sent_to_nobody(self, world: World) -> None:
        """CU7: without an address there is no link and no proof, and the answer is the same."""
        nobody = world.shop.customers.register(name="Ada by telephone")
        assert world.shop.customers.request_email_proof(nobody.id) is None
        assert (rows_of(world.shop, PROOFS), outbox(world.shop, "email_proof")) == ([], [])


class TestTheToken:
    """The token is made when the message leaves, and only its hash stays (I8)."""

    def test_there_is_none_before_delivery(self, world: World, ada: Customer) -> None:
        """CU7, MS2: a marker stands in its place; the history keeps the marker."""
        world.shop.customers.request_email_proof(ada.id)
        (errand,) = outbox(world.shop, "email_proof")
        assert PROOF_TOKEN in errand.text
        assert PROOF_TOKEN in str(errand.html)
        assert rows_of(world.shop, PROOF_TOKENS) == []
        world.shop.deliver()
        (message,) = [m for m in world.notifier.sent if "token=" in m.text]
        assert PROOF_TOKEN not in f"{message.text}{message.html}{message.subject}"
        newest = world.shop.messages.of_customer(ada.id).items[0]
        assert (newest.kind, newest.text) == ("email_proof", errand.text)

    def test_it_is_stored_nowhere(self, world: World, ada: Customer) -> None:
        """CU7, I8: not in the outbox, the audit, the result of a command, nor any other row."""
        token = link_to(world, ada)
        world.shop.customers.confirm_email(token, idempotency_key="confirm")
        assert re.fullmatch(r"[\w-]{43}", token)
        everything = world.shop.snapshot() + str(rows_of(world.shop, PROOF_TOKENS))
        assert token not in everything
        assert len(rows_of(world.shop, PROOF_TOKENS)[0].token_hash) == 64
        assert world.shop.verify() == []

    def test_a_retry_makes_another(
        self, world: World, ada: Customer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """CU7, MS2: if an attempt failed, both tokens open the one proof until one is used."""
        tried: list[Outgoing] = []
        send = world.notifier.send

        def noting(message: Outgoing) -> None:
            tried.append(message)
            send(message)

        monkeypatch.setattr(world.notifier, "send", noting)
        world.shop.customers.request_email_proof(ada.id)
        world.notifier.fail()
        world.shop.deliver()
        world.clock.advance(minutes=2)
        world.shop.deliver()
        first, second = (token_of(each) for each in tried)
        assert first != second
        assert tried[0].id == tried[1].id
        assert (len(rows_of(world.shop, PROOFS)), len(rows_of(world.shop, PROOF_TOKENS))) == (1, 2)
        assert confirm(world, first).email_verified_at is not None
        assert code(confirm, world, second) == "proof.invalid"

    def test_the_mailbox_is_not_spelt_out(self, world: World, ada: Customer) -> None:
        """CU9: a proof names its mailbox only so that it can be told again."""
        link_to(world, ada)
        (proof,) = rows_of(world.shop, PROOFS)
        assert proof.purpose.startswith("email ")
        assert "ada" not in proof.purpose
        assert (proof.subject_id, proof.customer_id) == (ada.id, ada.id)


def test_a_stranger_cannot_ask_for_a_link(world: World, ada: Customer) -> None:
    """CU7: a customer asks for its own mailbox only; staff for anyone's."""
    bob = register(world.shop, "Bob")
    as_bob = world.shop.as_customer(bob.id)
    assert code(as_bob.customers.request_email_proof, ada.id) == "actor.not_owner"
    world.shop.as_staff("anna").customers.request_email_proof(ada.id)
    assert code(world.shop.customers.request_email_proof, UUID(int=1)) == "not_found"
