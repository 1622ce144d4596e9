"""The merging desk: plan, apply, undo, history (ME1, ME2, ME3)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from ordercore import Shop
from ordercore.customers.customer import AddressEntry, Customer
from ordercore.merging.events import CustomersMerged, MergeUndone
from ordercore.services.merging import Merge
from ordercore.stored.commands import COMMANDS
from ordercore.stored.schema import TABLES
from ordercore.values.ids import CustomerId, MergeId
from tests.unit.services.deeds import (
    code,
    delivered,
    mails,
    place,
    recorded,
    refusal,
    register,
    rows_of,
)
from tests.unit.services.world import ELY, LIST, PARIS, World

UNTOUCHED = {"command", "counter", "errand", "merge", "moved", "proof", "proof_token"}
"""What a merge and its undoing leave behind: letters, the journal and the audit."""


@pytest.fixture
def ada(shop: Shop) -> Customer:
    """The survivor: without a telephone, with one order."""
    ada = register(shop, addresses=[AddressEntry(address=ELY)])
    place(shop, ada)
    return ada


@pytest.fixture
def twin(shop: Shop) -> Customer:
    """The loser: with two orders, a list, a reminder and letters."""
    shop.lifecycle.declare("tea", days=10, notice_days=1)
    twin = register(
        shop,
        "Twin",
        phone="+442079460000",
        addresses=[AddressEntry(address=PARIS)],
        public_attributes={"tier": "gold"},
    )
    place(shop, twin)
    delivered(shop, place(shop, twin))
    shop.shopping_lists.start(twin.id, LIST, name="Tea", currency="GBP")
    return twin


def merged(shop: Shop, survivor: Customer, loser: Customer) -> Merge:
    """Merge two customers."""
    return shop.merging.apply(shop.merging.plan(survivor.id, loser.id), reason="same person")


def state_of(shop: Shop) -> dict[str, list[Any]]:
    """Return all rows that an undone merge gives back, without their versions."""
    found: dict[str, list[Any]] = {}
    for table in TABLES:
        if table.name not in UNTOUCHED:
            kept = [place for name, place in table.at.items() if name != "version"]
            rows = rows_of(shop, table)
            found[table.name] = [tuple(row[place] for place in kept) for row in rows]
    return found


class TestApply:
    """Two become one."""

    def test_everything_is_the_survivors(self, shop: Shop, ada: Customer, twin: Customer) -> None:
        """ME1: orders, lists, reminders, letters; gaps filled; what was planned is what came."""
        plan = shop.merging.plan(ada.id, twin.id)
        assert {name: count for name, count in plan.collections.items() if count} == {
            "order": 2,
            "list": 1,
            "reminder": 1,
            "errand": 9,
        }
        shop.merging.apply(plan, reason="same person")
        survivor = shop.customers.get(ada.id)
        assert survivor == shop.customers.get(twin.id)
        planned = {choice.field: choice.value for choice in plan.choices}
        assert {name: getattr(survivor, name) for name in planned} == planned
        assert len(shop.orders.of_customer(ada.id).items) == 3
        assert len(shop.shopping_lists.of_customer(ada.id)) == 1
        assert len(shop.lifecycle.reminders(ada.id).items) == 1
        assert shop.verify() == []

    def test_both_mailboxes_hear_of_it(self, world: World, ada: Customer, twin: Customer) -> None:
        """ME1, ME5: whoever reads either address can object."""
        merged(world.shop, ada, twin)
        for address in ("ada@example.org", "twin@example.org"):
            assert mails(world, address)[-1].subject == mails(world, "ada@example.org")[-1].subject

    def test_one_mailbox_hears_of_it_once(self, world: World, ada: Customer) -> None:
        """ME5: a guest with the account's own address."""
        guest = register(world.shop, "Ada", guest=True)
        before = len(mails(world, "ada@example.org"))
        merged(world.shop, ada, guest)
        assert len(mails(world, "ada@example.org")) == before + 1

    def test_the_audit(self, shop: Shop, ada: Customer, twin: Customer) -> None:
        """ME3: who was merged into whom, by whom."""
        merge = merged(shop.as_staff("anna"), ada, twin)
        last = recorded(shop)[-1]
        assert last.events == (
            CustomersMerged(merge_id=merge.id, survivor_id=ada.id, loser_id=twin.id),
        )
        assert (str(last.actor), last.customer_id) == ("staff:anna", ada.id)

    def test_what_is_planned_again(self, shop: Shop, ada: Customer, twin: Customer) -> None:
        """ME2: a plan is good only as long as nothing has changed, on either side."""
        plan = shop.merging.plan(ada.id, twin.id)
        place(shop, twin)
        assert code(shop.merging.apply, plan) == "merge.stale_plan"
        for customer in (ada, twin):
            plan = shop.merging.plan(ada.id, twin.id)
            shop.customers.edit(customer.id, company="Engines Ltd")
            assert code(shop.merging.apply, plan) == "merge.stale_plan"
        plan = shop.merging.plan(ada.id, twin.id)
        shop.merging.apply(plan)
        assert code(shop.merging.apply, plan) == "merge.blocked"

    def test_later_things_of_the_loser_are_the_survivors(
        self, shop: Shop, ada: Customer, twin: Customer
    ) -> None:
        """ME3: old ids resolve for ever."""
        merged(shop, ada, twin)
        assert place(shop, twin).customer_id == ada.id
        assert shop.customers.edit(twin.id, company="Engines Ltd").id == ada.id
        nowhere = CustomerId(UUID(int=1))
        assert code(shop.merging.plan, ada.id, nowhere) == "not_found"


class TestBlocked:
    """What stands in the way is in the plan, and stops the merge."""

    def test_oneself_and_the_merged(self, shop: Shop, ada: Customer, twin: Customer) -> None:
        """ME2: with oneself, twice, or into what is gone."""
        third = register(shop, "Third")
        merged(shop, ada, twin)
        pairs = [
            (ada, ada, "same_customer"),
            (ada, twin, "loser_merged"),
            (twin, third, "survivor_merged"),
        ]
        for survivor, loser, blocker in pairs:
            plan = shop.merging.plan(survivor.id, loser.id)
            assert [str(each) for each in plan.blockers] == [blocker]
            refused = refusal(shop.merging.apply, plan)
            assert refused.params == {"blockers": [blocker]}

    def test_a_guests_address_that_an_account_has(self, shop: Shop, ada: Customer) -> None:
        """ME2, ME5: an account without an address would take over another account's."""
        guest = register(shop, "Ada", guest=True)
        by_telephone = shop.customers.register(name="Ada by telephone")
        plan = shop.merging.plan(by_telephone.id, guest.id)
        assert [str(each) for each in plan.blockers] == ["email_taken"]
        assert code(shop.merging.apply, plan) == "merge.blocked"
        assert shop.merging.plan(ada.id, guest.id).blockers == ()

    def test_an_address_taken_since_the_plan(self, shop: Shop) -> None:
        """ME2: what is blocked now is blocked, whatever the plan said."""
        guest = register(shop, "Eve", guest=True)
        by_telephone = shop.customers.register(name="Eve by telephone")
        plan = shop.merging.plan(by_telephone.id, guest.id)
        assert plan.blockers == ()
        register(shop, "Eve")
        assert code(shop.merging.apply, plan) == "merge.blocked"


class TestUndo:
    """One becomes two again."""

    def test_everything_is_as_it_was(self, shop: Shop, ada: Customer, twin: Customer) -> None:
        """ME3: row by row, and both can be merged anew."""
        before = state_of(shop)
        merge = merged(shop, ada, twin)
        assert state_of(shop) != before
        undone = shop.merging.undo(merge.id)
        assert state_of(shop) == before
        assert undone.status == "undone"
        event = MergeUndone(merge_id=merge.id, survivor_id=ada.id, loser_id=twin.id)
        assert recorded(shop)[-1].events == (event,)
        merged(shop, twin, ada)
        assert shop.verify() == []

    def test_what_came_after_stays_with_the_survivor(
        self, shop: Shop, ada: Customer, twin: Customer
    ) -> None:
        """ME3: nobody can say whose it was meant to be."""
        merge = merged(shop, ada, twin)
        later = place(shop, twin)
        shop.customers.edit(ada.id, language="fr")
        shop.merging.undo(merge.id)
        assert later.id in {each.id for each in shop.orders.of_customer(ada.id).items}
        assert len(shop.orders.of_customer(twin.id).items) == 2
        assert shop.customers.get(ada.id).language == "fr"

    def test_an_edit_of_what_was_gained(self, shop: Shop, ada: Customer, twin: Customer) -> None:
        """ME3: is named, by field, and the merge stands."""
        merge = merged(shop, ada, twin)
        shop.customers.edit(ada.id, phone="+33199000000", public_attributes={"tier": "silver"})
        refused = refusal(shop.merging.undo, merge.id)
        assert refused.code == "merge.undo_blocked"
        assert refused.params == {
            "blockers": ["edited_since:phone", "edited_since:public_attributes"]
        }
        assert shop.customers.get(twin.id).id == ada.id

    def test_twice(self, shop: Shop, ada: Customer, twin: Customer) -> None:
        """ME3: what is undone is undone."""
        merge = merged(shop, ada, twin)
        shop.merging.undo(merge.id)
        assert refusal(shop.merging.undo, merge.id).params == {"blockers": ["already_undone"]}
        assert code(shop.merging.undo, MergeId(UUID(int=1))) == "not_found"

    def test_an_address_taken_since(self, shop: Shop, ada: Customer, twin: Customer) -> None:
        """ME3: the loser's mailbox has another account by now."""
        merge = merged(shop, ada, twin)
        register(shop, "Twin")
        assert refusal(shop.merging.undo, merge.id).params == {"blockers": ["email_taken"]}

    def test_merges_of_merges(self, shop: Shop, ada: Customer, twin: Customer) -> None:
        """ME3: the last one first; the one before only afterwards; then all is as it was."""
        third = register(shop, "Third", company="Engines Ltd")
        place(shop, third)
        before = state_of(shop)
        first = merged(shop, ada, twin)
        second = merged(shop, third, ada)
        assert {shop.customers.get(each.id).id for each in (ada, twin, third)} == {third.id}
        blocked = refusal(shop.merging.undo, first.id)
        assert blocked.params == {"blockers": [f"survivor_merged:{third.id}"]}
        shop.merging.undo(second.id)
        shop.merging.undo(first.id)
        assert state_of(shop) == before
        assert shop.verify() == []

    def test_history(self, shop: Shop, ada: Customer, twin: Customer) -> None:
        """ME3: on the account that won and on the one that was lost, oldest first."""
        third = register(shop, "Third")
        first = merged(shop, ada, twin)
        second = merged(shop, ada, third)
        shop.merging.undo(second.id)
        found = [(each.id, each.status) for each in shop.merging.history(ada.id)]
        assert found == [(first.id, "applied"), (second.id, "undone")]
        assert [each.id for each in shop.merging.history(twin.id)] == [first.id]

    def test_undone_at_the_same_time(self, shop: Shop, ada: Customer, twin: Customer) -> None:
        """ME3: of two who undo it, one does, and the other reads why not."""
        merge = merged(shop, ada, twin)
        answers: list[str] = []

        def faster(point: str) -> None:
            if point == "before commit":
                shop.store.fault_hook = None
                answers.append(shop.merging.undo(merge.id).status)

        shop.store.fault_hook = faster
        assert refusal(shop.merging.undo, merge.id).params == {"blockers": ["already_undone"]}
        assert answers == ["undone"]
        undone = [row for row in rows_of(shop, COMMANDS) if row.verb == "merge.undo"]
        assert len(undone) == 1
