"""The merging desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import attrs

from ordercore.customers.customer import Customer
from ordercore.errors import MergeBlockedError, NotFoundError
from ordercore.merging.events import CustomersMerged, MergeUndone
from ordercore.merging.plan import Blocker, MergePlan, merge, plan_merge, unmerge
from ordercore.messaging.account_letters import AccountMergedLetter
from ordercore.services.command import Desk, command, query
from ordercore.services.post import send
from ordercore.services.unit import Unit
from ordercore.services.view import View
from ordercore.stored.codec import pack, unpack
from ordercore.stored.customers import CUSTOMERS
from ordercore.stored.merging import MERGES, MergeRow
from ordercore.stored.schema import TABLES
from ordercore.stored.table import OnMerge, Table
from ordercore.values.ids import CustomerId, MergeId, check_id

APPLIED, UNDONE = "applied", "undone"


@attrs.frozen(kw_only=True)
class Merge:
    """A merge that was done, and whether it still stands."""

    id: MergeId
    survivor_id: CustomerId
    loser_id: CustomerId
    status: str


@attrs.frozen(kw_only=True)
class Journal:
    """What undoing needs: the customers before, and the survivor after."""

    survivor: Customer
    loser: Customer
    merged: Customer
    moved: dict[str, int]


class MergingDesk(Desk):
    """What a host may ask of merging."""

    @query("merge.plan")
    def plan(self, view: View, survivor_id: CustomerId, loser_id: CustomerId) -> MergePlan:
        """Say what merging would do, field by field and collection by collection (ME2)."""
        return _plan(view, view.customers.get(survivor_id), view.customers.get(loser_id))

    @command("merge.apply")
    def apply(
        self, unit: Unit, plan: MergePlan, *, reason: str = "", idempotency_key: str | None = None
    ) -> Merge:
        """Do what the plan says, in one transaction, and tell both mailboxes (ME1).

        Orders, lists, reminders and messages become the survivor's; the loser
        stays as a tombstone whose id leads to the survivor.

        Raises:
            MergeBlockedError: `merge.blocked`, or `merge.stale_plan` when either
                account has changed since the plan was made.
        """
        survivor, loser = _both_held(unit, plan.survivor_id, plan.loser_id)
        unit.about(survivor.id)
        now = _plan(unit, survivor, loser)
        if now.blockers:
            raise _blocked("merge.blocked", now.blockers)
        if _essence(now) != _essence(plan):
            raise MergeBlockedError("merge.stale_plan")
        merge_id = MergeId(unit.ids.new())
        gained, tombstone = merge(survivor, loser)
        unit.customers.save(tombstone, was=loser)
        merged = unit.customers.save(gained, was=survivor)
        for table, column in moving():
            moved = unit.rows.repoint(table, column, loser.id, survivor.id, merge=merge_id)
            if moved != now.collections[table.name]:
                raise MergeBlockedError("merge.stale_plan")
        journal = Journal(
            survivor=survivor, loser=loser, merged=merged, moved=dict(now.collections)
        )
        _write(unit, merge_id, journal, reason)
        unit.record(CustomersMerged(merge_id=merge_id, survivor_id=survivor.id, loser_id=loser.id))
        _tell(unit, merged, loser)
        return Merge(id=merge_id, survivor_id=survivor.id, loser_id=loser.id, status=APPLIED)

    @command("merge.undo")
    def undo(self, unit: Unit, merge_id: MergeId, *, idempotency_key: str | None = None) -> Merge:
        """Make two customers of one again, each with what it had (ME3).

        What came after the merge stays with the survivor. Notices and reads
        never stand in the way.

        Raises:
            MergeBlockedError: `merge.undo_blocked`, with all that now depends on the merge.
        """
        row = unit.rows.get(MERGES, (check_id(merge_id),), lock=True)
        if row is None:
            raise NotFoundError("not_found", kind="merge", id=str(merge_id))
        if row.status != APPLIED:
            raise _blocked("merge.undo_blocked", (Blocker("already_undone"),))
        journal = unpack(row.journal, Journal)
        survivor, tombstone = _both_held(unit, row.survivor_id, row.loser_id)
        unit.about(survivor.id)
        restored, blockers = unmerge(survivor, before=journal.survivor, after=journal.merged)
        loser = attrs.evolve(journal.loser, version=tombstone.version)
        blockers += tuple(_in_the_way(unit, survivor, loser))
        if loser.login_key is not None and restored.login_key == loser.login_key:
            blockers += (Blocker("email_taken"),)
        if blockers:
            raise _blocked("merge.undo_blocked", blockers)
        unit.customers.save(restored, was=survivor)
        unit.customers.save(loser, was=tombstone)
        for table, column in moving():
            back = unit.rows.repoint_back(
                table, column, row.loser_id, row.survivor_id, merge=merge_id
            )
            if back != journal.moved.get(table.name, 0):
                raise _blocked("merge.undo_blocked", (Blocker("moved_on", table.name),))
        done = row._replace(status=UNDONE, version=row.version + 1)
        unit.rows.update(MERGES, done, expect={"version": row.version})
        unit.record(MergeUndone(merge_id=merge_id, survivor_id=survivor.id, loser_id=loser.id))
        return _merge(done)

    @query("merge.history")
    def history(self, view: View, customer_id: CustomerId) -> list[Merge]:
        """Return the merges that this customer survived or was lost in, oldest first (ME3)."""
        won = view.rows.where(MERGES, {"survivor_id": customer_id})
        lost = view.rows.where(MERGES, {"loser_id": customer_id})
        return [_merge(row) for row in sorted((*won, *lost), key=lambda row: row.id)]


def moving() -> Iterator[tuple[Table[Any], str]]:
    """Yield every table whose rows a merge gives to the survivor, with the owner's column."""
    for table in TABLES:
        for column in table.owners:
            if column.owner and column.owner.on_merge is OnMerge.MOVE:
                yield table, column.name


def _plan(view: View, survivor: Customer, loser: Customer) -> MergePlan:
    counts = {table.name: view.rows.count(table, {column: loser.id}) for table, column in moving()}
    plan = plan_merge(survivor, loser, counts)
    gained = merge(survivor, loser)[0].login_key if not plan.blockers else None
    if gained is None or not _is_anothers(view, gained, survivor, loser):
        return plan
    return attrs.evolve(plan, blockers=(Blocker("email_taken"),))


def _is_anothers(view: View, key: str, *ours: Customer) -> bool:
    """Tell whether a third account answers to this e-mail address."""
    same = view.rows.where(CUSTOMERS, {"login_key": key})
    return not {row.id for row in same} <= {customer.id for customer in ours}


def _essence(plan: MergePlan) -> tuple[object, ...]:
    """Return what must not have changed between planning and doing."""
    ids = (plan.survivor_id, plan.loser_id, plan.survivor_version, plan.loser_version)
    return (*ids, plan.collections)


def _both_held(unit: Unit, survivor_id: UUID, loser_id: UUID) -> tuple[Customer, Customer]:
    """Lock both customers, always in the same order, without following merges."""
    for each in sorted({survivor_id, loser_id}):
        if unit.rows.get(CUSTOMERS, (each,), lock=True) is None:
            raise NotFoundError("not_found", kind="customer", id=str(each))
    return unit.customers.get(survivor_id), unit.customers.get(loser_id)


def _in_the_way(unit: Unit, survivor: Customer, loser: Customer) -> Iterator[Blocker]:
    if survivor.merged_into is not None:
        yield Blocker("survivor_merged", str(survivor.merged_into))
    key = loser.login_key
    if key is not None and _is_anothers(unit, key, survivor, loser):
        yield Blocker("email_taken")


def _write(unit: Unit, merge_id: MergeId, journal: Journal, reason: str) -> None:
    row = MergeRow(
        merge_id,
        journal.survivor.id,
        journal.loser.id,
        APPLIED,
        unit.now,
        str(unit.actor),
        reason,
        pack(journal),
        1,
    )
    MERGES.check(row)
    unit.rows.insert(MERGES, [row])


def _tell(unit: Unit, merged: Customer, loser: Customer) -> None:
    """Write to both mailboxes, once where they are one."""
    parties = [merged.party]
    if loser.email is not None and (merged.email is None or loser.email.key != merged.email.key):
        parties.append(loser.party)
    for party in parties:
        letter = AccountMergedLetter(
            name=party.name,
            merged_on=unit.now.date(),
            email=merged.email.text if merged.email else "",
        )
        send(unit, letter, to=party, customer_id=merged.id)


def _blocked(code: str, blockers: tuple[Blocker, ...]) -> MergeBlockedError:
    return MergeBlockedError(code, blockers=[str(blocker) for blocker in blockers])


def _merge(row: MergeRow) -> Merge:
    return Merge(
        id=MergeId(row.id),
        survivor_id=CustomerId(row.survivor_id),
        loser_id=CustomerId(row.loser_id),
        status=row.status,
    )
