"""Checks that read the declarations alone: whatever a table is about, these hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ordercore.errors import OrderCoreError
from ordercore.ports.rows import Rows
from ordercore.services.view import View
from ordercore.services.violation import Violation, grouped, pages, subject_of
from ordercore.stored.agenda import WAKES
from ordercore.stored.form import Form
from ordercore.stored.forms import FORMS
from ordercore.stored.schema import TABLES
from ordercore.stored.table import Table


def aggregates(view: View) -> Iterator[Violation]:
    """Each aggregate, read and written again, gives the rows that are stored."""
    for form in FORMS:
        for roots in pages(view.rows.stream(form.root)):
            yield from _rebuilt(view.rows, form, roots)


def _rebuilt(rows: Rows, form: Form[Any], roots: Sequence[Any]) -> Iterator[Violation]:
    ids = [root.id for root in roots]
    tables = (*form.parts, *form.derived)
    stored = {table: grouped(rows.among(table, table.key[0], ids)) for table in tables}
    for root in roots:
        have = {table: stored[table].get(root.id, []) for table in tables} | {form.root: [root]}
        try:
            want = form.to_rows(form.from_rows(root, have))
        except (OrderCoreError, ValueError, KeyError, TypeError) as error:
            yield Violation(
                "I0", subject_of(form.root, root), f"unreadable: {type(error).__name__}"
            )
            continue
        for table, found in have.items():
            yield from _compared(table, found, want.get(table, ()), subject_of(form.root, root))


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
            yield Violation(
                named, subject, f"{table.name}: {', '.join(wrong) or 'rows'} do not fit"
            )


def orphans(view: View) -> Iterator[Violation]:
    """Each part has its root."""
    for table in TABLES:
        if table.part_of is None:
            continue
        for page in pages(view.rows.stream(table)):
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
    for page in pages(view.rows.stream(WAKES)):
        ids = sorted({row.subject_id for row in page})
        found = {
            row.id
            for form in FORMS
            if WAKES in form.derived
            for row in view.rows.among(form.root, "id", ids)
        }
        for row in page:
            if row.subject_id not in found:
                yield Violation("I13", subject_of(WAKES, row), "the alarm has no subject")
