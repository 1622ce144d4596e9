"""Aggregates over rows: get, add, and save by difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic
from uuid import UUID

import attrs

from ordercore.errors import NotFoundError, StaleVersionError
from ordercore.ports.rows import Rows
from ordercore.stored.form import A, Aggregate, Form, Rowset
from ordercore.stored.table import Key, Table, Value
from ordercore.values.criteria import Criteria
from ordercore.values.ids import check_id


class Repository(Generic[A]):
    """The aggregates of one kind, as one transaction sees them."""

    def __init__(self, rows: Callable[[], Rows], form: Form[A]) -> None:
        self._rows = rows
        self._form = form

    # ── reading: the root first, so that a save that passes proves the load was whole ──

    def find(self, key: UUID) -> A | None:
        """Return the aggregate with this id, or None."""
        root = self._rows().get(self._form.root, (check_id(key),))
        return None if root is None else self._whole(root)

    def get(self, key: UUID, *, expected_version: int | None = None) -> A:
        """Return the aggregate with this id.

        Raises:
            NotFoundError: there is none.
            StaleVersionError: it is not at the version the caller has seen.
        """
        found = self.find(key)
        if found is None:
            raise NotFoundError("not_found", kind=self._form.kind, id=str(key))
        expect_version(found, expected_version, kind=self._form.kind)
        return found

    def where(self, equal: Mapping[str, Value]) -> list[A]:
        """Return the aggregates whose root has these values."""
        return self.load(self._rows().where(self._form.root, equal))

    def page(
        self, criteria: Criteria, *, order: Sequence[str], after: Key | None, limit: int
    ) -> list[A]:
        """Return the aggregates whose root matches, in order, from after a sort key."""
        rows = self._rows()
        return self.load(
            rows.find(self._form.root, criteria, order=order, after=after, limit=limit)
        )

    def load(self, roots: Sequence[Any]) -> list[A]:
        """Return the aggregates of these roots; their parts are read together."""
        if not roots:
            return []
        ids = [root.id for root in roots]
        parts = {table: self._by_root(table, ids) for table in self._form.parts}
        return [
            self._form.from_rows(
                root, {table: found.get(root.id, ()) for table, found in parts.items()}
            )
            for root in roots
        ]

    def _by_root(self, table: Table[Any], ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
        grouped: dict[UUID, list[Any]] = {}
        for row in self._rows().among(table, table.key[0], ids):
            grouped.setdefault(row[0], []).append(row)
        return grouped

    def _whole(self, root: Any) -> A:
        rows = self._rows()
        parts = {table: rows.where(table, {table.key[0]: root.id}) for table in self._form.parts}
        return self._form.from_rows(root, parts)

    # ── writing ──

    def add(self, aggregate: A) -> A:
        """Write a new aggregate and return it at version 1."""
        (added,) = self.add_all([aggregate])
        return added

    def add_all(self, aggregates: Sequence[A]) -> list[A]:
        """Write new aggregates, table by table."""
        added = [_at_version(aggregate, 1) for aggregate in aggregates]
        rows = self._rows()
        gathered: dict[Table[Any], list[Any]] = {}
        for aggregate in added:
            for table, each in self._form.to_rows(aggregate).items():
                gathered.setdefault(table, []).extend(each)
        for table, each in gathered.items():
            for row in each:
                table.check(row)
            if each:
                rows.insert(table, each)
        return added

    def save(self, after: A, *, was: A) -> A:
        """Write what differs and return the aggregate at its new version.

        Raises:
            StaleError: somebody else saved it since `was` was read.
        """
        before, now = self._form.to_rows(was), self._form.to_rows(after)
        if before == now:
            return was
        saved = _at_version(after, was.version + 1)
        root = now[self._form.root][0]._replace(version=saved.version)
        self._form.root.check(root)
        rows = self._rows()
        rows.update(self._form.root, root, expect={"version": was.version})
        for table in (*self._form.parts, *self._form.derived):
            _write_difference(rows, table, before, now)
        return saved


def expect_version(aggregate: Aggregate, expected: int | None, *, kind: str) -> None:
    """Refuse to go on with what has changed since the caller looked; None expects nothing.

    Raises:
        StaleVersionError: `version.stale`.
    """
    if expected is not None and aggregate.version != expected:
        raise StaleVersionError(
            "version.stale", kind=kind, actual=aggregate.version, expected=expected
        )


def _at_version(aggregate: A, version: int) -> A:
    evolve: Any = attrs.evolve
    evolved: A = evolve(aggregate, version=version)
    return evolved


def _write_difference(rows: Rows, table: Table[Any], before: Rowset, now: Rowset) -> None:
    if before.get(table) == now.get(table):
        return
    old = _by_key(table, before.get(table, ()))
    new = _by_key(table, now.get(table, ()))
    gone = [key for key in old if key not in new]
    added = [row for key, row in new.items() if key not in old]
    if gone:
        rows.delete(table, gone)
    for key, row in new.items():
        if key in old and old[key] != row:
            table.check(row)
            rows.update(table, row, expect={})
    if added:
        for row in added:
            table.check(row)
        rows.insert(table, added)


def _by_key(table: Table[Any], rows: Iterable[Any]) -> dict[Key, Any]:
    return {table.key_of(row): row for row in rows}
