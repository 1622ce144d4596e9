"""Every invariant, checked on a live database (EM8).

Each check reads one consistent view, streams what may be long, and names what
breaks it. The numbers are those of the design's list of invariants; I0 is what
holds of any table: rows that can be read, parts that have a root.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from ordercore.customers.customer import ACTIVE, MERGED
from ordercore.errors import OrderCoreError
from ordercore.ports.rows import Rows
from ordercore.services.command import STAFF, authorise
from ordercore.services.verify_rows import aggregates, alarms, orphans
from ordercore.services.view import View
from ordercore.services.violation import Violation, grouped, pages, subject_of
from ordercore.services.wiring import Wiring
from ordercore.shopping_lists.lists import ORDERED, OUTCOMES
from ordercore.stored.commands import COMMANDS
from ordercore.stored.customers import CUSTOMERS
from ordercore.stored.orders import ORDERS
from ordercore.stored.outbox import ERRANDS, QUEUED, STATES
from ordercore.stored.proofs import PROOF_TOKENS, PROOFS
from ordercore.stored.schema import TABLES
from ordercore.stored.shopping_lists import LISTS, OCCURRENCES
from ordercore.stored.table import OnMerge, Table
from ordercore.values.actor import Actor


def verify(wiring: Wiring) -> list[Violation]:
    """Return everything that is wrong; empty when every invariant holds."""
    authorise(wiring.actor, "shop.verify", STAFF)
    with wiring.store.reading() as rows:
        view = View(wiring, rows)
        return [violation for check in CHECKS for violation in check(view)]


# ── orders ──


def flows(view: View) -> Iterator[Violation]:
    """I5: each order stands in a state of a flow that the shop knows."""
    for row in view.rows.stream(ORDERS):
        flow = view.wiring.flows.get((row.flow, row.flow_version))
        names = {state.name for state in flow.states} if flow else set()
        if row.state not in names or row.shown_state not in names:
            yield Violation("I5", subject_of(ORDERS, row), f"no state {row.state} in its flow")


# ── shopping lists ──


def occurrences(view: View) -> Iterator[Violation]:
    """I1, I2: each occurrence a list is past has one outcome, and each ordered one its order."""
    for roots in pages(view.rows.stream(LISTS)):
        records = grouped(view.rows.among(OCCURRENCES, "list_id", [row.id for row in roots]))
        for root in roots:
            numbers = [record.number for record in records.get(root.id, [])]
            if sorted(numbers) != list(range(root.next_number)):
                yield Violation("I2", subject_of(LISTS, root), "an occurrence has no outcome")
    for page in pages(view.rows.stream(OCCURRENCES)):
        wanted = sorted({row.order_id for row in page if row.order_id is not None})
        known = {row.id for row in view.rows.among(ORDERS, "id", wanted)}
        for row in page:
            if row.outcome not in OUTCOMES:
                yield Violation("I2", subject_of(OCCURRENCES, row), "has no known outcome")
            elif (row.outcome == ORDERED) != (row.order_id in known):
                yield Violation("I1", subject_of(OCCURRENCES, row), "does not fit its order")


# ── the outbox ──


def outbox(view: View) -> Iterator[Violation]:
    """I7: each errand has one state, queued ones are due, and none of a command's is missing."""
    for command in view.rows.stream(COMMANDS):
        count = command.errands
        if count and view.rows.count(ERRANDS, {"command_id": command.id}) != count:
            yield Violation("I7", subject_of(COMMANDS, command), f"{count} errands were written")
    for page in pages(view.rows.stream(ERRANDS)):
        causes = sorted({row.command_id for row in page})
        known = {row.id for row in view.rows.among(COMMANDS, "id", causes)}
        for row in page:
            if row.state not in STATES:
                yield Violation("I7", subject_of(ERRANDS, row), "has no known state")
            elif (row.state == QUEUED) != (row.due_at is not None):
                yield Violation("I7", subject_of(ERRANDS, row), f"is {row.state}, due {row.due_at}")
            if row.command_id not in known:
                yield Violation("I7", subject_of(ERRANDS, row), "no command caused it")


# ── proofs ──

_HASH = re.compile(r"[0-9a-f]{64}")


def proofs(view: View) -> Iterator[Violation]:
    """I8: tokens are stored as hashes only, and a proof is used within its life."""
    for token in view.rows.stream(PROOF_TOKENS):
        if not _HASH.fullmatch(token.token_hash):
            yield Violation("I8", f"proof {token.proof_id}", "holds what is not a hash")
    for row in view.rows.stream(PROOFS):
        if row.used_at is not None and not row.created_at <= row.used_at < row.expires_at:
            yield Violation("I8", subject_of(PROOFS, row), "was used outside its life")


# ── customers ──


def owners(view: View) -> Iterator[Violation]:
    """I9: what belongs to a customer belongs to one who exists and was not merged away."""
    for table in TABLES:
        for column in table.owners:
            if column.owner and column.owner.on_merge is not OnMerge.BY_ROOM:
                strict = column.owner.on_merge is OnMerge.MOVE
                yield from _owned(view.rows, table, column.name, strict=strict)


def _owned(rows: Rows, table: Table[Any], column: str, *, strict: bool) -> Iterator[Violation]:
    for page in pages(rows.stream(table)):
        wanted = {row[table.at[column]] for row in page} - {None}
        found = {row.id: row.status for row in rows.among(CUSTOMERS, "id", sorted(wanted))}
        for row in page:
            owner = row[table.at[column]]
            if owner is not None and owner not in found:
                yield Violation("I9", subject_of(table, row), "belongs to nobody")
            elif owner is not None and strict and found[owner] != ACTIVE:
                yield Violation("I9", subject_of(table, row), "belongs to a merged customer")


def tombstones(view: View) -> Iterator[Violation]:
    """I9: a merged customer leads to one who exists, an active one to nobody."""
    for row in view.rows.stream(CUSTOMERS):
        if (row.status == MERGED) != (row.merged_into is not None):
            yield Violation("I9", subject_of(CUSTOMERS, row), "is half merged")
        elif row.merged_into is not None and not _leads_somewhere(view.rows, row):
            yield Violation("I9", subject_of(CUSTOMERS, row), "leads to nobody")


def _leads_somewhere(rows: Rows, row: Any) -> bool:
    seen: set[UUID] = set()
    while row is not None and row.merged_into is not None and row.id not in seen:
        seen.add(row.id)
        row = rows.get(CUSTOMERS, (row.merged_into,))
    return row is not None and row.merged_into is None


# ── the audit ──


def audit(view: View) -> Iterator[Violation]:
    """I10: each command row names who acted."""
    for row in view.rows.stream(COMMANDS):
        try:
            Actor.parse(row.actor)
        except OrderCoreError:
            yield Violation("I10", subject_of(COMMANDS, row), "names no actor")


CHECKS: Sequence[Callable[[View], Iterator[Violation]]] = (
    aggregates,
    orphans,
    alarms,
    flows,
    occurrences,
    outbox,
    proofs,
    owners,
    tombstones,
    audit,
)
