"""The customer record: what it refuses, what it shows, and what others may know of it (CU1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given

from ordercore.customers.customer import (
    MERGED,
    MOST_ADDRESSES,
    AddressEntry,
    Customer,
    checked,
    edit,
    register,
    verify_email,
)
from ordercore.customers.events import CustomerEdited, CustomerRegistered, EmailVerified
from ordercore.errors import InvalidValueError
from ordercore.values.attributes import Attributes
from ordercore.values.email import EmailAddress
from ordercore.values.ids import CustomerId
from tests.unit.customers.people import ADA, AT, ELY, NOBODY, PARIS, customers

HOME = AddressEntry(address=ELY)
LATER = AT + timedelta(days=1)


class TestRegister:
    """Making a customer known."""

    def test_it_says_who_and_whether_a_guest(self) -> None:
        """CU1: the event names the customer by id, without a personal word."""
        for guest in (True, False):
            known, event = register(attrs.evolve(ADA, guest=guest))
            assert known.guest is guest
            assert event == CustomerRegistered(customer_id=ADA.id, guest=guest)

    @given(customers())
    def test_any_customer_is_kept_as_given(self, customer: Customer) -> None:
        """CU1: nothing is trimmed, guessed or put right."""
        assert register(customer)[0] == customer

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"name": "x" * 201}, "text.too_long"),
            ({"name": "Ada\nLovelace"}, "text.control"),
            ({"name": None}, "text.type"),
            ({"company": "\ud800"}, "text.surrogate"),
            ({"language": "english"}, "language.syntax"),
            ({"zone": "London"}, "zone.unknown"),
            ({"addresses": (AddressEntry(address=ELY, label="x" * 61),)}, "text.too_long"),
            ({"addresses": (HOME,) * (MOST_ADDRESSES + 1)}, "number.range"),
            ({"addresses": (AddressEntry(address=ELY, default_billing=True),) * 2}, "number.range"),
            (
                {"addresses": (AddressEntry(address=ELY, default_shipping=True),) * 2},
                "number.range",
            ),
        ],
    )
    def test_refused(self, wrong: dict[str, Any], code: str) -> None:
        """CU1: what could not be kept or means nothing, when registering and when editing."""
        for work in (lambda: register(attrs.evolve(ADA, **wrong)), lambda: edit(ADA, **wrong)):
            with pytest.raises(InvalidValueError) as refused:
                work()
            assert refused.value.code == code

    def test_the_outermost(self) -> None:
        """CU1: two hundred characters, a hundred addresses, and nothing at all are kept."""
        full = attrs.evolve(ADA, name="x" * 200, addresses=(HOME,) * MOST_ADDRESSES)
        assert checked(full) is full
        assert checked(NOBODY) is NOBODY


class TestEdit:
    """Changing fields, and what changes with them."""

    def test_only_what_differs_is_named(self) -> None:
        """CU1: the event says which fields, never to what."""
        after, event = edit(ADA, name="Ada King", company=ADA.company)
        assert event == CustomerEdited(customer_id=ADA.id, fields=("name",))
        assert after == attrs.evolve(ADA, name="Ada King")

    def test_another_mailbox_is_an_unproven_one(self) -> None:
        """CU1, CU7: whoever proved one mailbox has not proved another."""
        after, event = edit(ADA, email=EmailAddress("ada@example.com"))
        assert after.email_verified_at is None
        assert event.fields == ("email", "email_verified_at")

    def test_no_mailbox_is_no_proven_one(self) -> None:
        """CU1: without an address nothing is proven, and the proof does not come back with one."""
        without, _ = edit(ADA, email=None)
        assert (without.email, without.email_verified_at) == (None, None)
        assert edit(without, email=ADA.email)[0].email_verified_at is None

    def test_the_same_mailbox_stays_proven(self) -> None:
        """CU1: a form that sends everything back changes nothing."""
        same, event = edit(ADA, email=EmailAddress("ada@example.org"), phone=ADA.phone)
        assert same == ADA
        assert event.fields == ()


class TestVerify:
    """A proven mailbox."""

    def test_when_it_was_proven(self) -> None:
        """CU7: the latest proof counts."""
        after, event = verify_email(ADA, at=LATER)
        assert after == attrs.evolve(ADA, email_verified_at=LATER)
        assert event == EmailVerified(customer_id=ADA.id)

    def test_nothing_is_proven_of_no_mailbox(self) -> None:
        """CU7: who has no address on record cannot have proved it."""
        with pytest.raises(InvalidValueError) as refused:
            verify_email(NOBODY, at=AT)
        assert refused.value.code == "email.syntax"


class TestLoginKey:
    """Which customers an e-mail address lets in: accounts, and no one else."""

    def test_of_an_account(self) -> None:
        """CU1: one account per mailbox, however its case is written."""
        shouting = attrs.evolve(ADA, email=EmailAddress("ADA@example.org"))
        assert shouting.login_key == ADA.login_key == "ada@example.org"

    @pytest.mark.parametrize(
        "change",
        [
            {"guest": True},
            {"email": None},
            {"status": MERGED, "merged_into": CustomerId(UUID(int=9))},
        ],
        ids=["a guest", "without an address", "merged"],
    )
    def test_of_nobody_else(self, change: dict[str, Any]) -> None:
        """CU1, ME5: a guest may share an account's address, and a merged customer frees it."""
        assert attrs.evolve(ADA, **change).login_key is None


class TestAddresses:
    """Where bills and goods go."""

    def test_the_default_for_each_use(self) -> None:
        """CU1: the marked one, else the first."""
        assert ADA.shipping == ELY
        assert ADA.billing == PARIS
        assert attrs.evolve(ADA, addresses=ADA.addresses[::-1]).billing == ELY

    def test_one_may_serve_both(self) -> None:
        """CU1: a default for bills does not displace the default for goods."""
        both = AddressEntry(address=PARIS, default_billing=True, default_shipping=True)
        moved = attrs.evolve(ADA, addresses=(HOME, both))
        assert moved.billing == moved.shipping == PARIS

    def test_none(self) -> None:
        """CU1: a customer without an address is one."""
        assert (NOBODY.billing, NOBODY.shipping) == (None, None)

    def test_the_party_of_an_order(self) -> None:
        """OR1: an order keeps name, ways to reach and addresses as they are today."""
        party = ADA.party
        assert (party.name, party.company) == ("Ada Lovelace", "Engines Ltd")
        assert (party.email, party.phone) == (ADA.email, ADA.phone)
        assert (party.language, party.billing, party.shipping) == ("fr-CA", PARIS, ELY)


def test_it_prints_masked() -> None:
    """CU9: a log that holds a customer names nobody: not in any field."""
    shown = f"{ADA!r} {ADA}"
    told = "Ada Lovelace Engines 20794 High Ely CB7 Babbage home lovelace gold pays".split()
    assert [word for word in told if word in shown] == []
    assert "example" not in shown
    assert str(ADA.id) in shown


def test_private_attributes_print_their_names_only() -> None:
    """CU1: what the host hangs on a customer may be personal."""
    noted = attrs.evolve(NOBODY, private_attributes=Attributes({"diagnosis": "none of yours"}))
    assert "diagnosis" in repr(noted)
    assert "yours" not in repr(noted)
