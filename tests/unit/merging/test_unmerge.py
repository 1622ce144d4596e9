"""Taking a merge back: exactly, or with what prevents it (ME3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.customers.customer import AddressEntry, Customer, edit, verify_email
from ordercore.merging.plan import RULES, merge, unmerge
from ordercore.values.attributes import Attributes
from ordercore.values.email import EmailAddress
from ordercore.values.ids import CustomerId
from ordercore.values.phone import PhoneNumber
from tests.unit.customers.people import ADA, AT, ELY, NOBODY, PARIS, customers

OTHER: dict[str, Any] = {
    "name": "Someone else",
    "company": "Elsewhere",
    "email": EmailAddress("else@example.org"),
    "phone": PhoneNumber("+33199000000"),
    "language": "de",
    "zone": "Europe/Berlin",
    "addresses": (AddressEntry(address=PARIS, label="elsewhere"),),
    "public_attributes": Attributes({"edited": True}),
    "private_attributes": Attributes({"edited": 1}),
}
"""A value for each field that can be edited, which no drawn customer has."""
BARE = attrs.evolve(NOBODY, id=CustomerId(UUID(int=8)))


def undone(survivor: Customer, before: Customer, after: Customer) -> tuple[Customer, list[str]]:
    """Take a merge back and return the survivor and the blockers' words."""
    restored, blockers = unmerge(survivor, before=before, after=after)
    return restored, [str(each) for each in blockers]


@given(customers(1), customers(2))
def test_merge_and_unmerge_is_identity(survivor: Customer, loser: Customer) -> None:
    """ME3: for any two customers the survivor is what it was, and nothing prevents it."""
    merged, _ = merge(survivor, loser)
    assert undone(merged, survivor, merged) == (survivor, [])


@given(customers(1), customers(2), st.sets(st.sampled_from(sorted(OTHER))))
def test_edits_since(survivor: Customer, loser: Customer, fields: set[str]) -> None:
    """ME3: edits of fields that the merge left alone stay; edits of others are named."""
    merged, _ = merge(survivor, loser)
    gained = {name for name in RULES if getattr(merged, name) != getattr(survivor, name)}
    edited, _ = edit(merged, **{name: OTHER[name] for name in fields})
    restored, blockers = undone(edited, survivor, merged)
    assert blockers == [f"edited_since:{name}" for name in RULES if name in fields & gained]
    kept = edit(survivor, **{name: OTHER[name] for name in fields - gained})[0]
    assert restored == kept


def test_an_edit_that_was_taken_back_is_none() -> None:
    """ME3: what counts is how things stand, not how they came to."""
    merged, _ = merge(BARE, ADA)
    there, _ = edit(merged, name="Someone else")
    back, _ = edit(there, name=merged.name)
    assert undone(back, BARE, merged) == (BARE, [])


class TestProvenMailbox:
    """A mailbox and the proof of it go together."""

    def test_gained_with_its_proof_and_gone_with_it(self) -> None:
        """ME3: the survivor had no address, and has none afterwards, proven least of all."""
        merged, _ = merge(BARE, ADA)
        assert (merged.email, merged.email_verified_at) == (ADA.email, AT)
        assert undone(merged, BARE, merged) == (BARE, [])

    @pytest.mark.parametrize("proven_before", [None, AT])
    def test_proven_since(self, proven_before: Any) -> None:
        """ME3: a proof of the loser's mailbox does not stay where the mailbox is not."""
        merged, _ = merge(BARE, attrs.evolve(ADA, email_verified_at=proven_before))
        proven, _ = verify_email(merged, at=AT + timedelta(days=1))
        assert undone(proven, BARE, merged) == (BARE, [])

    def test_ones_own_proven_since(self) -> None:
        """ME3: a proof of the survivor's own mailbox is the survivor's."""
        unproven = attrs.evolve(ADA, email_verified_at=None)
        merged, _ = merge(unproven, BARE)
        proven, _ = verify_email(merged, at=AT)
        assert undone(proven, unproven, merged) == (ADA, [])


class TestMergesOfMerges:
    """A survivor may survive again, or be lost in another."""

    @given(customers(1), customers(2), customers(3))
    def test_undone_in_turn(self, first: Customer, second: Customer, third: Customer) -> None:
        """ME3: the last merge first, then the one before: everything is as it was."""
        one, _ = merge(first, second)
        two, _ = merge(one, third)
        restored, blockers = undone(two, one, two)
        assert (restored, blockers) == (one, [])
        assert undone(restored, first, one) == (first, [])

    def test_undone_out_of_turn(self) -> None:
        """ME3: what a later merge built on the first one's gains stands in its way."""
        home = AddressEntry(address=ELY)
        second = attrs.evolve(ADA, id=CustomerId(UUID(int=5)), addresses=(home,))
        third = attrs.evolve(BARE, addresses=(AddressEntry(address=PARIS),))
        one, _ = merge(BARE, second)
        two, _ = merge(one, third)
        assert undone(two, BARE, one)[1] == ["edited_since:addresses"]

    def test_undone_out_of_turn_where_they_do_not_touch(self) -> None:
        """ME3: what the second gave stays when the first is taken back."""
        named = attrs.evolve(BARE, id=CustomerId(UUID(int=5)), name="Ada")
        one, _ = merge(BARE, named)
        two, _ = merge(one, attrs.evolve(BARE, company="Engines Ltd"))
        restored, blockers = undone(two, BARE, one)
        assert (restored.name, restored.company, blockers) == ("", "Engines Ltd", [])
