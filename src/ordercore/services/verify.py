"""Every invariant, checked on a live database (EM8).

Each check reads one consistent view, streams what may be long, and names what
breaks it. The numbers are those of the design's list of invariants; I0 is what
holds of any table: rows that can be read, parts that have a root.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

import attrs

from ordercore.customers.customer import ACTIVE, MERGED
from ordercore.errors import OrderCoreError
from ordercore.ports.rows import Rows
from ordercore.services.view import View
from ordercore.services.wiring import Wiring
from ordercore.stored.agenda import WAKES
from ordercore.stored.commands import COMMANDS
from ordercore.stored.customers import CUSTOMERS
from ordercore.stored.form import Form
from ordercore.stored.forms import FORMS
from ordercore.stored.orders import ORDERS
from ordercore.stored.outbox import ERRANDS, QUEUED, STATES
from ordercore.stored.proofs import PROOF_TOKENS, PROOFS
from ordercore.stored.schema import TABLES
from ordercore.stored.table import OnMerge, Table
from ordercore.values.actor import Actor

PAGE = 500
T = TypeVar("T")


@attrs.frozen
class Violation:
    """An invariant that does not hold.

    Attributes:
        invariant: Which, such as `I5`.
        subject: The table and key of the row that breaks it.
        detail: What is wrong, without personal data.
    """

    invariant: str
    subject: str
    detail: str

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.invariant} {self.subject}: {self.detail}"


def verify(wiring: Wiring) -> list[Violation]:
    """Return everything that is wrong; empty when every invariant holds."""
    with wiring.store.reading() as rows:
        view = View(wiring, rows)
        return [violation for check in CHECKS for violation in check(view)]


# ── I0, and whatever a row derives from others: totals (I5), alarms (I13) ──


def aggregates(view: View) -> Iterator[Violation]:
    """Each aggregate, read and written again, gives the rows that are stored."""
    for form in FORMS:
        derived: dict[Table[Any], set[Any]] = {table: set() for table in form.derived}
        for roots in _pages(view.rows.stream(form.root)):
            yield from _rebuilt(view.rows, form, roots, derived)


def _rebuilt(
    rows: Rows, form: Form[Any], roots: Sequence[Any], derived: dict[Table[Any], set[Any]]
) -> Iterator[Violation]:
    ids = [root.id for root in roots]
    tables = (*form.parts, *form.derived)
    stored = {table: _grouped(rows.among(table, table.key[0], ids)) for table in tables}
    for root in roots:
        have = {table: stored[table].get(root.id, []) for table in tables} | {form.root: [root]}
        try:
            want = form.to_rows(form.from_rows(root, have))
        except (OrderCoreError, ValueError, KeyError, TypeError) as error:
            yield Violation("I0", _subject(form.root, root), f"unreadable: {type(error).__name__}")
            continue
        for table, found in have.items():
            yield from _compared(table, found, want.get(table, ()), _subject(form.root, root))


def _compared(
    table: Table[Any], have: Sequence[Any], want: Sequence[Any], subject: str
) -> Iterator[Violation]:
    kept = [place for name, place in table.at.items() if name not in table.volatile]
    stored = {table.key_of(row): tuple(row[place] for place in kept) for row in have}
    wanted = {table.key_of(row): tuple(row[place] for place in kept) for row in want}
    if stored == wanted:
        return
    if table is WAKES:
        yield Violation("I13", subject, "the agenda differs from the alarms of its subject")
        return
    for key in stored.keys() | wanted.keys():
        pair = zip(kept, stored.get(key, ()), wanted.get(key, ()), strict=False)
        wrong = [table.columns[place].name for place, is_now, should in pair if is_now != should]
        named = "I5" if "total_minor" in wrong else "I0"
        if wrong or key not in stored or key not in wanted:
            yield Violation(named, subject, f"{table.name}: {', '.join(wrong) or 'rows'} do not fit")


def orphans(view: View) -> Iterator[Violation]:
    """Each part has its root."""
    for table in TABLES:
        if table.part_of is None:
            continue
        for page in _pages(view.rows.stream(table)):
            ids = {row[table.at[table.key[0]]] for row in page}
            yield from _missing(view.rows, table, ids)


def _missing(rows: Rows, table: Table[Any], ids: set[Any]) -> Iterator[Violation]:
    root = table.part_of
    assert root is not None  # noqa: S101
    found = {row[0] for row in rows.among(root, root.key[0], sorted(ids))}
    for gone in sorted(ids - found):
        yield Violation("I0", f"{table.name} {gone}", f"there is no such {root.name}")


def alarms(view: View) -> Iterator[Violation]:
    """Each alarm has a subject that wants it (the other half of I13)."""
    for page in _pages(view.rows.stream(WAKES)):
        ids = sorted({row.subject_id for row in page})
        found = {
            row.id
            for form in FORMS
            if WAKES in form.derived
            for row in view.rows.among(form.root, "id", ids)
        }
        for row in page:
            if row.subject_id not in found:
                yield Violation("I13", _subject(WAKES, row), "the alarm has no subject")


# ── orders ──


def flows(view: View) -> Iterator[Violation]:
    """I5: each order stands in a state of a flow that the shop knows."""
    for row in view.rows.stream(ORDERS):
        flow = view.wiring.flows.get((row.flow, row.flow_version))
        names = {state.name for state in flow.states} if flow else set()
        if row.state not in names or row.shown_state not in names:
            yield Violation("I5", _subject(ORDERS, row), f"no state {row.state} in its flow")


# ── the outbox ──


def outbox(view: View) -> Iterator[Violation]:
    """I7: each errand has one state, queued ones are due, and none of a command's is missing."""
    for command in view.rows.stream(COMMANDS):
        count = command.errands
        if count and view.rows.count(ERRANDS, {"command_id": command.id}) != count:
            yield Violation("I7", _subject(COMMANDS, command), f"{count} errands were written")
    for page in _pages(view.rows.stream(ERRANDS)):
        causes = sorted({row.command_id for row in page})
        known = {row.id for row in view.rows.among(COMMANDS, "id", causes)}
        for row in page:
            if row.state not in STATES:
                yield Violation("I7", _subject(ERRANDS, row), "has no known state")
            elif (row.state == QUEUED) != (row.due_at is not None):
                yield Violation("I7", _subject(ERRANDS, row), f"is {row.state}, due {row.due_at}")
            if row.command_id not in known:
                yield Violation("I7", _subject(ERRANDS, row), "no command caused it")


# ── proofs ──

_HASH = re.compile(r"[0-9a-f]{64}")


def proofs(view: View) -> Iterator[Violation]:
    """I8: tokens are stored as hashes only, and a proof is used within its life."""
    for token in view.rows.stream(PROOF_TOKENS):
        if not _HASH.fullmatch(token.token_hash):
            yield Violation("I8", f"proof {token.proof_id}", "holds what is not a hash")
    for row in view.rows.stream(PROOFS):
        if row.used_at is not None and not row.created_at <= row.used_at < row.expires_at:
            yield Violation("I8", _subject(PROOFS, row), "was used outside its life")


# ── customers ──


def owners(view: View) -> Iterator[Violation]:
    """I9: what belongs to a customer belongs to one who exists and was not merged away."""
    for table in TABLES:
        for column in table.owners:
            if column.owner and column.owner.on_merge is not OnMerge.BY_ROOM:
                strict = column.owner.on_merge is OnMerge.MOVE
                yield from _owned(view.rows, table, column.name, strict)


def _owned(rows: Rows, table: Table[Any], column: str, strict: bool) -> Iterator[Violation]:
    for page in _pages(rows.stream(table)):
        wanted = {row[table.at[column]] for row in page} - {None}
        found = {row.id: row.status for row in rows.among(CUSTOMERS, "id", sorted(wanted))}
        for row in page:
            owner = row[table.at[column]]
            if owner is not None and owner not in found:
                yield Violation("I9", _subject(table, row), "belongs to nobody")
            elif owner is not None and strict and found[owner] != ACTIVE:
                yield Violation("I9", _subject(table, row), "belongs to a merged customer")


def tombstones(view: View) -> Iterator[Violation]:
    """I9: a merged customer leads to one who exists, an active one to nobody."""
    for row in view.rows.stream(CUSTOMERS):
        if (row.status == MERGED) != (row.merged_into is not None):
            yield Violation("I9", _subject(CUSTOMERS, row), "is half merged")
        elif row.merged_into is not None and not _leads_somewhere(view.rows, row):
            yield Violation("I9", _subject(CUSTOMERS, row), "leads to nobody")


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
            yield Violation("I10", _subject(COMMANDS, row), "names no actor")


CHECKS: Sequence[Callable[[View], Iterator[Violation]]] = (
    aggregates,
    orphans,
    alarms,
    flows,
    outbox,
    proofs,
    owners,
    tombstones,
    audit,
)


def _pages(rows: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(rows)
    while page := list(islice(waiting, PAGE)):
        yield page


def _grouped(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    grouped: dict[UUID, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    return grouped


def _subject(table: Table[Any], row: Any) -> str:
    return " ".join((table.name, *(str(part) for part in table.key_of(row))))
