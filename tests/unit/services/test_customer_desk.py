"""The customer desk: registering, editing, and finding by what is unique (CU1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from ordercore import Shop
from ordercore.customers.customer import AddressEntry
from ordercore.customers.events import CustomerEdited, CustomerRegistered
from ordercore.stored.commands import COMMANDS
from ordercore.values.attributes import ExternalRef
from ordercore.values.ids import CustomerId
from tests.unit.services.deeds import code, mails, recorded, refusal, register, rows_of
from tests.unit.services.world import ELY, PARIS, World

HOME = AddressEntry(address=ELY, label="home")
EVERYTHING: dict[str, Any] = {
    "company": "Engines Ltd",
    "phone": "+44 20 7946 0000",
    "language": "fr",
    "zone": "Europe/London",
    "addresses": [HOME],
    "external_ref": ExternalRef("erp", "c1"),
    "public_attributes": {"tier": "gold"},
    "private_attributes": {"note": "pays late"},
}


class TestRegister:
    """Making customers known."""

    def test_everything_is_kept(self, shop: Shop) -> None:
        """CU1: what is given comes back as it is, at version 1."""
        ada = register(shop, **EVERYTHING)
        assert shop.customers.get(ada.id) == ada
        assert (ada.version, ada.name, ada.company) == (1, "Ada Lovelace", "Engines Ltd")
        assert ada.phone is not None
        assert (ada.phone.text, ada.language, ada.zone) == ("+442079460000", "fr", "Europe/London")
        assert (ada.addresses, ada.external_ref) == ((HOME,), ExternalRef("erp", "c1"))
        assert ada.public_attributes == {"tier": "gold"}
        assert ada.private_attributes == {"note": "pays late"}

    def test_an_account_is_welcomed_and_a_guest_is_not(self, world: World) -> None:
        """CU1, MS2: one letter to whoever opened an account."""
        register(world.shop)
        register(world.shop, "Bob", guest=True)
        assert len(mails(world, "ada@example.org")) == 1
        assert mails(world, "bob@example.org") == []

    def test_an_address_is_one_account(self, shop: Shop) -> None:
        """CU1: whatever its case; the refused registration leaves nothing behind."""
        register(shop)
        before = shop.snapshot()
        taken = refusal(register, shop, "Other", email="ADA@Example.ORG")
        assert (taken.code, taken.params) == ("email.taken", {})
        assert shop.snapshot() == before

    def test_guests_share_addresses(self, shop: Shop) -> None:
        """CU1, ME5: any number of guests may give an account's address, or each other's."""
        for _ in range(2):
            register(shop, guest=True)
        account = register(shop)
        register(shop, guest=True)
        assert len(shop.customers.by_email("ada@example.org")) == 4
        assert shop.customers.by_email("ada@example.org")[0] == account

    def test_a_reference_is_one_customer(self, shop: Shop) -> None:
        """CU1: per source; guests are counted too."""
        register(shop, external_ref=ExternalRef("erp", "c1"))
        taken = refusal(register, shop, "Bob", guest=True, external_ref=ExternalRef("erp", "c1"))
        assert (taken.code, taken.params) == (
            "external_ref.taken",
            {"source": "erp", "kind": "customer"},
        )
        assert register(shop, "Eve", external_ref=ExternalRef("crm", "c1")).version == 1

    @pytest.mark.parametrize(
        ("wrong", "expected"),
        [
            ({"email": "ada"}, "email.syntax"),
            ({"phone": "020 7946 0000"}, "phone.syntax"),
            ({"language": "english"}, "language.syntax"),
            ({"zone": "London"}, "zone.unknown"),
            ({"company": "a\x00b"}, "text.control"),
            ({"public_attributes": {"Tier": 1}}, "attributes.name"),
            ({"private_attributes": {"note": 1.5}}, "attributes.value"),
        ],
    )
    def test_refused(self, shop: Shop, wrong: dict[str, Any], expected: str) -> None:
        """CU1: the first field that cannot be kept; nothing is written, not even the command."""
        assert code(register, shop, **wrong) == expected
        assert rows_of(shop, COMMANDS) == []

    def test_without_anything(self, shop: Shop) -> None:
        """CU1: a customer may be known by nothing, and speaks the shop's language."""
        someone = shop.customers.register()
        assert (someone.name, someone.email, someone.language) == ("", None, "en")


class TestEdit:
    """Changing what is on record."""

    def test_none_leaves_and_empty_empties(self, shop: Shop) -> None:
        """CU1: a field that is not named stays; an empty text takes it away."""
        ada = register(shop, **EVERYTHING)
        renamed = shop.customers.edit(ada.id, name="Ada King")
        assert (renamed.company, renamed.email, renamed.phone) == (
            ada.company,
            ada.email,
            ada.phone,
        )
        bare = shop.customers.edit(ada.id, name="", company="", email="", phone="", addresses=())
        assert (bare.name, bare.company, bare.email, bare.phone) == ("", "", None, None)
        assert bare.addresses == ()
        assert (bare.language, bare.external_ref) == ("fr", ExternalRef("erp", "c1"))
        assert bare.public_attributes == {"tier": "gold"}

    def test_attributes_are_replaced_as_a_whole(self, shop: Shop) -> None:
        """CU1: what is not in the new ones is gone; an empty mapping takes all away."""
        ada = register(shop, **EVERYTHING)
        after = shop.customers.edit(ada.id, public_attributes={"since": 1833})
        assert after.public_attributes == {"since": 1833}
        assert shop.customers.edit(ada.id, private_attributes={}).private_attributes == {}

    def test_the_audit_says_which_fields(self, shop: Shop) -> None:
        """CU1: never to what; who did it and why stand beside it."""
        ada = register(shop, **EVERYTHING)
        shop.as_staff("anna", reason="by telephone").customers.edit(ada.id, phone="", name="Ada K.")
        last = recorded(shop)[-1]
        assert last.events == (CustomerEdited(customer_id=ada.id, fields=("name", "phone")),)
        assert (str(last.actor), last.reason) == ("staff:anna", "by telephone")
        assert last.customer_id == ada.id

    def test_a_version_that_is_not_there_any_more(self, shop: Shop) -> None:
        """OR4: whoever saw version 1 does not overwrite version 2."""
        ada = register(shop)
        shop.customers.edit(ada.id, name="Ada King", expected_version=1)
        stale = refusal(shop.customers.edit, ada.id, name="Ada Byron", expected_version=1)
        assert stale.code == "version.stale"
        assert stale.params == {"kind": "customer", "actual": 2, "expected": 1}
        assert shop.customers.get(ada.id).name == "Ada King"

    def test_an_edit_that_changes_nothing(self, shop: Shop) -> None:
        """CU1: the version stays, so nobody else's edit is refused for it."""
        ada = register(shop)
        assert shop.customers.edit(ada.id, name="Ada Lovelace") == ada

    def test_anothers_address_or_reference(self, shop: Shop) -> None:
        """CU1: refused; one's own is no conflict."""
        register(shop, external_ref=ExternalRef("erp", "c1"))
        bob = register(shop, "Bob", external_ref=ExternalRef("erp", "c2"))
        assert code(shop.customers.edit, bob.id, email="Ada@example.org") == "email.taken"
        ref = ExternalRef("erp", "c1")
        assert code(shop.customers.edit, bob.id, external_ref=ref) == "external_ref.taken"
        same = shop.customers.edit(bob.id, email="bob@example.org", external_ref=bob.external_ref)
        assert same == bob

    def test_an_address_that_was_given_up(self, shop: Shop) -> None:
        """CU1: is free for another account."""
        ada = register(shop)
        shop.customers.edit(ada.id, email="ada@example.com")
        assert register(shop, "Ada Byron").email == ada.email

    def test_nobody(self, shop: Shop) -> None:
        """CU1: an id that leads nowhere."""
        stranger = CustomerId(UUID(int=5))
        for work in (shop.customers.get, shop.customers.edit):
            assert code(work, stranger) == "not_found"


class TestLookingUp:
    """By what is unique, or nearly."""

    def test_by_email_the_account_comes_first(self, shop: Shop) -> None:
        """CU2, ME5: then guests, oldest first; a merged customer is nobody any more."""
        first, second = (register(shop, guest=True) for _ in range(2))
        account = register(shop)
        found = shop.customers.by_email("Ada@EXAMPLE.org")
        assert [each.id for each in found] == [account.id, first.id, second.id]
        shop.merging.apply(shop.merging.plan(account.id, first.id))
        assert [each.id for each in shop.customers.by_email("ada@example.org")] == [
            account.id,
            second.id,
        ]
        assert shop.customers.by_email("nobody@example.org") == []

    def test_by_ref_follows_merges(self, shop: Shop) -> None:
        """ME3: another system's old reference leads to the survivor for ever."""
        ada = register(shop, external_ref=ExternalRef("erp", "c1"))
        twin = register(shop, "Twin", external_ref=ExternalRef("erp", "c2"))
        last = register(shop, "Last")
        shop.merging.apply(shop.merging.plan(ada.id, twin.id))
        shop.merging.apply(shop.merging.plan(last.id, ada.id))
        for ref in ("c1", "c2"):
            assert shop.customers.by_ref(ExternalRef("erp", ref)).id == last.id
        missing = refusal(shop.customers.by_ref, ExternalRef("erp", "c3"))
        assert missing.code == "not_found"
        assert "c3" not in str(missing)

    def test_the_event_of_a_registration(self, shop: Shop) -> None:
        """CU1: the feed tells who came, by id."""
        ada = register(shop)
        assert recorded(shop)[0].events == (CustomerRegistered(customer_id=ada.id, guest=False),)

    def test_an_address_book_of_two(self, shop: Shop) -> None:
        """CU1: order, labels and defaults come back as they were."""
        book = (HOME, AddressEntry(address=PARIS, default_billing=True))
        ada = register(shop, addresses=book)
        assert shop.customers.get(ada.id).addresses == book
        turned = shop.customers.edit(ada.id, addresses=book[::-1])
        assert shop.customers.get(ada.id).addresses == turned.addresses == book[::-1]
