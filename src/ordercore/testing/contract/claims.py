"""What `Claims` promises: due rows handed out to workers, each to one at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from ordercore.ports.rows import Store
from ordercore.stored.agenda import WAKES
from ordercore.stored.outbox import ERRANDS
from ordercore.stored.table import Key, Table
from ordercore.testing.clocks import START, SequenceIds
from ordercore.testing.contract.samples import changed, sample, uuid_of
from ordercore.testing.contract.units import all_of, fill, row_of, together
from ordercore.values.times import NEVER

CLAIMED: tuple[Table[Any], ...] = (WAKES, ERRANDS)
"""The tables that workers take rows from: one with a key of two columns, one of one."""
NOW = START + timedelta(days=1)
LEASE = timedelta(minutes=2)
SOON = NOW + LEASE
FIRST, SECOND = uuid_of(801), uuid_of(802)


class ClaimsContract:
    """claim and renew."""

    def test_a_claim_takes_what_is_due_soonest_first(self, store: Store) -> None:
        """Rows come in the order in which they fell due, as many as asked for."""
        for table in CLAIMED:
            held = fill(store, table, [_due(table, n, late=9 - n) for n in range(4)])
            taken = _claim(store, table, FIRST, limit=3)
            assert [table.key_of(row) for row in taken] == [table.key_of(row) for row in held[:3]]
            assert _claim(store, table, SECOND) == [_taken(held[3], SECOND)]

    def test_rows_due_at_once_come_by_key(self, store: Store) -> None:
        """The order is the same for every worker."""
        for table in CLAIMED:
            held = fill(store, table, [_due(table, n) for n in (3, 1, 2)])
            keys = sorted(table.key_of(row) for row in held)
            assert [table.key_of(row) for row in _claim(store, table, FIRST)] == keys

    def test_a_claimed_row_says_so(self, store: Store) -> None:
        """Token, lease and one more attempt are in what is returned and in the table."""
        for table in CLAIMED:
            held = fill(store, table, [_due(table, 1, attempts=4), _due(table, 2)])
            taken = _claim(store, table, FIRST, limit=1)
            assert taken == [_taken(held[0], FIRST)]
            assert all_of(store, table) == [_taken(held[0], FIRST), held[1]]

    def test_what_is_not_due_is_left(self, store: Store) -> None:
        """Later is not now, and NULL is never; now is."""
        for table in CLAIMED:
            fill(store, table, [_due(table, 1, late=-1), _due(table, 3, late=0)])
            if table.columns[table.at["due_at"]].nullable:
                fill(store, table, [changed(_due(table, 2), due_at=None)])
            taken = _claim(store, table, FIRST)
            assert [table.key_of(row) for row in taken] == [table.key_of(_due(table, 3))]

    def test_what_is_claimed_is_left_until_the_lease_ends(self, store: Store) -> None:
        """Then another worker may take it, and the attempts are counted on."""
        for table in CLAIMED:
            (held,) = fill(store, table, [_due(table, 1)])
            _claim(store, table, FIRST)
            assert _claim(store, table, SECOND) == []
            later = SOON + timedelta(microseconds=1)
            again = store.claims.claim(table, token=SECOND, now=later, until=later + LEASE, limit=5)
            wanted = changed(held, claim=SECOND, lease_until=later + LEASE, attempts=2)
            assert again == [wanted]

    def test_renewing_prolongs_the_lease(self, store: Store) -> None:
        """The row stays taken beyond the first lease; nothing else of it changes."""
        for table in CLAIMED:
            held = fill(store, table, [_due(table, 1), _due(table, 2)])
            _claim(store, table, FIRST)
            key = table.key_of(held[0])
            assert store.claims.renew(table, key, token=FIRST, until=SOON + LEASE) is True
            row = row_of(store, table, key)
            assert row == changed(_taken(held[0], FIRST), lease_until=SOON + LEASE)
            later = SOON + timedelta(microseconds=1)
            taken = store.claims.claim(table, token=SECOND, now=later, until=later + LEASE, limit=5)
            assert [table.key_of(row) for row in taken] == [table.key_of(held[1])]

    def test_a_claim_that_was_lost_cannot_be_renewed(self, store: Store) -> None:
        """Who was overtaken is told so, and the row stays with the new worker."""
        for table in CLAIMED:
            (held,) = fill(store, table, [_due(table, 1)])
            key = table.key_of(held)
            assert store.claims.renew(table, key, token=FIRST, until=SOON) is False
            _claim(store, table, FIRST)
            later = SOON + timedelta(microseconds=1)
            store.claims.claim(table, token=SECOND, now=later, until=later + LEASE, limit=5)
            assert store.claims.renew(table, key, token=FIRST, until=later + 2 * LEASE) is False
            row: Any = row_of(store, table, key)
            assert (row.claim, row.lease_until) == (SECOND, later + LEASE)
            assert store.claims.renew(table, key, token=SECOND, until=later + 2 * LEASE) is True

    def test_nothing_due_is_nothing(self, store: Store) -> None:
        """An empty table, and a key that is not there, are no errors."""
        for table in CLAIMED:
            assert _claim(store, table, FIRST) == []
            key = table.key_of(_due(table, 1))
            assert store.claims.renew(table, key, token=FIRST, until=SOON) is False

    def test_workers_at_once_take_each_row_once(self, store: Store) -> None:
        """Four workers empty two hundred due rows: none is taken twice, none is left."""
        for table in CLAIMED:
            fill(store, table, [_due(table, n, late=1 + n % 3) for n in range(200)])
            tokens = SequenceIds(f"claims {table.name}")
            works = [lambda table=table, tokens=tokens: list(_emptied(store, table, tokens))] * 4
            taken = Counter(key for keys in together(works) for key in keys)
            assert len(taken) == 200
            assert set(taken.values()) == {1}


def _due(table: Table[Any], number: int, *, late: int = 1, attempts: int = 0) -> Any:
    """Return a free row that fell due `late` minutes ago."""
    at = NOW - timedelta(minutes=late)
    return sample(table, number, due_at=at, lease_until=NEVER, attempts=attempts)


def _claim(store: Store, table: Table[Any], token: UUID, *, limit: int = 10) -> list[Any]:
    return store.claims.claim(table, token=token, now=NOW, until=SOON, limit=limit)


def _taken(row: Any, token: UUID) -> Any:
    return changed(row, claim=token, lease_until=SOON, attempts=row.attempts + 1)


def _emptied(store: Store, table: Table[Any], tokens: SequenceIds) -> Iterator[Key]:
    """Claim a few rows at a time until nothing is due; a rival may hold what is left."""
    idle = calls = 0
    while idle < 3 and calls < 200:
        calls += 1
        found = _claim(store, table, tokens.new(), limit=7)
        idle = 0 if found else idle + 1
        yield from (table.key_of(row) for row in found)
