"""What a merge would do, said before it is done (ME2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given

from ordercore.customers.customer import MERGED, MOST_ADDRESSES, AddressEntry, Customer
from ordercore.merging.plan import RULES, Blocker, Choice, MergePlan, merge, plan_merge
from ordercore.values.address import PostalAddress
from ordercore.values.attributes import MOST, Attributes, ExternalRef
from ordercore.values.email import EmailAddress
from ordercore.values.ids import CustomerId
from ordercore.values.phone import PhoneNumber
from tests.unit.customers.people import ADA, AT, ELY, NOBODY, PARIS, customers

TWIN = attrs.evolve(
    ADA,
    id=CustomerId(UUID(int=7)),
    name="A. Lovelace",
    company="",
    email=EmailAddress("ada2@example.org"),
    email_verified_at=None,
    language="en",
    zone="UTC",
    addresses=(AddressEntry(address=ELY, label="work", default_billing=True),),
    external_ref=ExternalRef("erp", "lovelace-2"),
    public_attributes=Attributes({"tier": "silver", "since": 1833}),
    private_attributes=Attributes({"note": "pays late"}),
    version=5,
)
BARE = attrs.evolve(NOBODY, id=CustomerId(UUID(int=8)))


def plan(survivor: Customer, loser: Customer) -> MergePlan:
    """Plan a merge of customers to whom nothing belongs."""
    return plan_merge(survivor, loser, {})


def choices(survivor: Customer, loser: Customer) -> dict[str, Choice]:
    """Return the choice for each field."""
    return {choice.field: choice for choice in plan(survivor, loser).choices}


class TestChoices:
    """Each field, its rule, what it will hold and what gives way."""

    def test_every_field_has_a_rule(self) -> None:
        """ME2: no field of a customer is left out, save who it is and that it was merged."""
        named = {field.name for field in attrs.fields(Customer)}
        own = {"id", "status", "merged_into", "created_at", "version"}
        assert RULES.keys() == named - own
        assert [choice.field for choice in plan(ADA, TWIN).choices] == list(RULES)

    def test_the_survivor_keeps_its_details(self) -> None:
        """ME1, ME2: where both have one, the survivor's stays and the loser's is named."""
        found = choices(ADA, TWIN)
        assert (found["name"].rule, found["name"].value) == ("fill", "Ada Lovelace")
        assert found["name"].given_up == "A. Lovelace"
        assert found["email"].value == ADA.email
        assert found["email"].given_up == TWIN.email
        assert found["email_verified_at"] == Choice("email_verified_at", "with_email", AT)
        assert found["language"] == Choice("language", "stay", "fr-CA", "en")
        assert found["external_ref"].value == ADA.external_ref

    def test_gaps_are_filled(self) -> None:
        """ME1, ME2: where the survivor has nothing, it takes the loser's, and nothing gives way."""
        found = choices(BARE, ADA)
        assert found["name"] == Choice("name", "fill", "Ada Lovelace")
        assert found["phone"] == Choice("phone", "fill", PhoneNumber("+442079460000"))
        assert found["email"] == Choice("email", "fill", ADA.email)
        assert found["email_verified_at"] == Choice("email_verified_at", "with_email", AT)
        assert found["addresses"] == Choice("addresses", "unite", ADA.addresses)

    def test_a_proof_comes_only_with_its_mailbox(self) -> None:
        """ME1, ME5: the survivor's own unproven address is not proven by the loser's."""
        unproven = attrs.evolve(ADA, email_verified_at=None)
        proven = attrs.evolve(TWIN, email_verified_at=AT)
        assert choices(unproven, proven)["email_verified_at"].value is None

    def test_addresses_are_united(self) -> None:
        """ME1: each place once; the survivor's come first and its labels and defaults stand."""
        found = choices(ADA, TWIN)["addresses"]
        assert found.value == ADA.addresses
        assert found.given_up == TWIN.addresses
        other = choices(TWIN, ADA)["addresses"]
        assert other.value == (*TWIN.addresses, AddressEntry(address=PARIS, label="at Babbage's"))
        assert [entry.label for entry in other.given_up] == ["home"]

    def test_each_place_once(self) -> None:
        """ME1: a place that the loser's book holds twice is gained once, under its first label."""
        twice = (AddressEntry(address=PARIS, label="a"), AddressEntry(address=PARIS, label="b"))
        home = attrs.evolve(ADA, addresses=(AddressEntry(address=ELY),))
        merged, _ = merge(home, attrs.evolve(TWIN, addresses=twice))
        assert merged.addresses == (*home.addresses, twice[0])

    def test_where_bills_and_goods_go_stays(self) -> None:
        """ME1: the first address, a default by custom, is not displaced by a marked one."""
        custom = attrs.evolve(ADA, addresses=(AddressEntry(address=PARIS),))
        merged, _ = merge(custom, TWIN)
        assert (merged.billing, merged.shipping) == (PARIS, PARIS)
        filled, _ = merge(BARE, TWIN)
        assert filled.billing == ELY

    def test_attributes_are_united_name_by_name(self) -> None:
        """ME1, ME2: the survivor's value stands; a value that gives way is named."""
        found = choices(ADA, TWIN)["public_attributes"]
        assert found.value == {"tier": "gold", "since": 1833}
        assert found.given_up == {"tier": "silver"}
        assert choices(ADA, TWIN)["private_attributes"].given_up is None

    def test_true_gives_way_to_one(self) -> None:
        """ME2: values of two types differ, though Python calls them equal."""
        one = attrs.evolve(ADA, public_attributes=Attributes({"member": 1}))
        true = attrs.evolve(TWIN, public_attributes=Attributes({"member": True}))
        assert choices(one, true)["public_attributes"].given_up == {"member": True}

    def test_it_prints_masked(self) -> None:
        """A log of plans names nobody."""
        shown = repr(plan(ADA, TWIN))
        for word in "Lovelace Babbage ada2 silver note High 20794".split():
            assert word not in shown

    @given(customers(1), customers(2))
    def test_the_plan_is_what_the_merge_does(self, survivor: Customer, loser: Customer) -> None:
        """ME2: each value is the survivor's afterwards, whatever the two hold."""
        merged, tombstone = merge(survivor, loser)
        planned = {field: choice.value for field, choice in choices(survivor, loser).items()}
        assert attrs.evolve(survivor, **planned) == merged
        assert tombstone == attrs.evolve(loser, status=MERGED, merged_into=survivor.id)

    @given(customers(1), customers(2))
    def test_nothing_of_the_losers_goes_unsaid(self, survivor: Customer, loser: Customer) -> None:
        """ME2: whatever the loser had is in the survivor afterwards, or named as given up."""
        for choice in plan(survivor, loser).choices:
            assert _all_told(choice, getattr(loser, choice.field)), choice.field


def _all_told(choice: Choice, theirs: Any) -> bool:
    if isinstance(theirs, Attributes):
        lost = choice.given_up or {}
        rest = {name: value for name, value in theirs.items() if name not in lost}
        return bool(Attributes({**choice.value, **rest, **lost}) == {**choice.value, **theirs})
    if isinstance(theirs, tuple):
        return set(theirs) <= {*choice.value, *(choice.given_up or ())}
    return not theirs or theirs in (choice.value, choice.given_up)


class TestCollections:
    """What belongs to the loser, counted."""

    def test_counts_and_versions_are_carried(self) -> None:
        """ME2: the count behind each collection, and what the plan was made from."""
        counts = {"order": 3, "list": 0}
        made = plan_merge(ADA, TWIN, counts)
        counts["order"] = 4
        assert made.collections == {"order": 3, "list": 0}
        assert (made.survivor_id, made.loser_id) == (ADA.id, TWIN.id)
        assert (made.survivor_version, made.loser_version) == (3, 5)


class TestBlockers:
    """What stands in the way, by name."""

    @pytest.mark.parametrize(
        ("survivor", "loser", "blockers"),
        [
            (ADA, TWIN, []),
            (ADA, ADA, ["same_customer"]),
            (attrs.evolve(ADA, status=MERGED), TWIN, ["survivor_merged"]),
            (ADA, attrs.evolve(TWIN, status=MERGED), ["loser_merged"]),
            (attrs.evolve(ADA, guest=True), TWIN, ["guest_survivor"]),
            (ADA, attrs.evolve(TWIN, guest=True), []),
            (attrs.evolve(ADA, guest=True), attrs.evolve(TWIN, guest=True), []),
        ],
    )
    def test_found(self, survivor: Customer, loser: Customer, blockers: list[str]) -> None:
        """ME2: one cannot merge with oneself, with what was merged, or an account into a guest."""
        assert [str(each) for each in plan(survivor, loser).blockers] == blockers

    def test_more_than_one_customer_may_hold(self) -> None:
        """ME2: what would not fit is named, and the plan can still be shown."""
        many = [AddressEntry(address=PostalAddress(street=str(n))) for n in range(MOST_ADDRESSES)]
        names = Attributes({f"a{n}": n for n in range(MOST)})
        full = attrs.evolve(ADA, addresses=tuple(many), private_attributes=names)
        made = plan(full, TWIN)
        assert made.blockers == (
            Blocker("too_much", "addresses"),
            Blocker("too_much", "private_attributes"),
        )
        assert str(made.blockers[0]) == "too_much:addresses"
        unfit = {choice.field: choice for choice in made.choices}["addresses"]
        assert (unfit.value, unfit.given_up) == (full.addresses, TWIN.addresses)

    def test_exactly_as_much_as_one_may_hold(self) -> None:
        """ME2: the limit itself is no hindrance, and repeats do not count."""
        many = [AddressEntry(address=PostalAddress(street=str(n))) for n in range(MOST_ADDRESSES)]
        full = attrs.evolve(ADA, addresses=tuple(many))
        assert plan(full, attrs.evolve(TWIN, addresses=(many[3],))).blockers == ()
