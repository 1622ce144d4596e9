"""What a store keeps: each value comes back equal, or the core refuses it beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.ports.rows import Store
from ordercore.stored.schema import TABLES
from ordercore.stored.table import INTEGER_LIMIT, Column, Table, Text
from ordercore.testing import strategies
from ordercore.testing.contract.samples import EXAMPLES, sample
from ordercore.testing.contract.units import all_of, fill, undone

TEXTS = (
    "", " ", "x ", " x", "X", "x", "é", "e\u0301", "ß", "ss", "ı", "i", "İ", "%", "_", "\\", "'",
    '"', "''", "`", "--", ";", "%s", "%(a)s", ":name", "?", "{}", "$1", "null", "NULL", "0", "1e5",
    "True", "\U0001f600", "\U0010ffff", "\uffff", "\ue000", "\ufeff", "\u200b", "\u202e", "ﬀ", "ﬁ",
)  # fmt: skip
"""What some engine or driver folds, trims, escapes or takes for something else."""
DOCUMENTS = (
    "\r\n",
    "\t\n",
    "\x01\x1a\x7f\x85",
    "\u2028",
    "'\n'",
    "\\n",
    "\\\\'",
    '{"a": 1, "a" :2}',
)
LARGE = "\U0001f600é'\\%" * 20_000
"""Some 220 KiB in UTF-8: beyond MariaDB's TEXT."""
NUMBERS = (0, 1, -1, 2**31 - 1, 2**31, -(2**31) - 1, 2**53 + 1, INTEGER_LIMIT, -INTEGER_LIMIT)
INSTANTS = (
    datetime(1000, 1, 1, tzinfo=UTC),
    datetime(1582, 10, 10, 12, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 30, 0, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2038, 1, 19, 3, 14, 8, 999_999, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
)
DAYS = (date(1000, 1, 1), date(1582, 10, 10), date(2024, 2, 29), date(9999, 12, 31))
BLOBS = (b"", b"\x00", b"'\\%\xff\xfe", bytes(range(256)) * 400)
UUIDS = (UUID(int=0), UUID(int=2**128 - 1), UUID("00000000-0000-7000-8000-0000000000aB"))
FIRST = 1_000
"""The number of the first row, beyond every small number that an edge may be."""
EDGES: dict[type, Sequence[Any]] = {
    int: NUMBERS,
    bool: (True, False),
    UUID: UUIDS,
    datetime: INSTANTS,
    date: DAYS,
    bytes: BLOBS,
}


class ValuesContract:
    """Values of every declared column."""

    @EXAMPLES
    @given(data=st.data())
    def test_any_row_of_any_table_comes_back_equal(self, store: Store, data: st.DataObject) -> None:
        """Rows made up from the declarations are read as they were written."""
        table = data.draw(st.sampled_from(TABLES))
        drawn = data.draw(_unlike(table))
        with undone(store) as rows:
            rows.insert(table, drawn)
            _expect_equal([rows.get(table, table.key_of(row)) for row in drawn], drawn)
            _expect_equal(list(rows.stream(table)), sorted(drawn, key=table.key_of))

    @EXAMPLES
    @given(data=st.data())
    def test_any_row_can_replace_another(self, store: Store, data: st.DataObject) -> None:
        """An update carries values as well as an insert does."""
        table = data.draw(st.sampled_from(TABLES))
        old, new = (data.draw(strategies.rows(table)) for _ in range(2))
        keep = {name: old[table.at[name]] for name in table.key}
        new = new._replace(**keep)
        with undone(store) as rows:
            rows.insert(table, [old])
            rows.update(table, new, expect={})
            _expect_equal([rows.get(table, table.key_of(old))], [new])

    @EXAMPLES
    @given(data=st.data())
    def test_a_value_is_kept_or_refused_beforehand(self, store: Store, data: st.DataObject) -> None:
        """What passes `table.check` comes back equal, however odd; the rest meets no store."""
        table = data.draw(st.sampled_from(TABLES))
        column = data.draw(st.sampled_from(table.columns))
        row = sample(table, 1)._replace(**{column.name: data.draw(_wild(column))})
        try:
            table.check(row)
        except InvalidValueError:
            return
        with undone(store) as rows:
            rows.insert(table, [row])
            _expect_equal(list(rows.stream(table)), [row])

    def test_edges_of_every_column_come_back(self, store: Store) -> None:
        """The outermost and oddest values of each kind, in each column that may hold them."""
        for table in TABLES:
            held = list(_edged(table))
            with undone(store) as rows:
                rows.insert(table, held)
                wanted = sorted(held, key=table.key_of)
                _expect_equal(list(rows.stream(table)), wanted)

    def test_values_equal_in_a_question_only_when_they_are(self, store: Store) -> None:
        """`where` finds a value by itself and by no look-alike, in every kind of column."""
        seen: set[object] = set()
        for table in TABLES:
            for column in table.columns:
                if _likeness(column) in seen:
                    continue
                seen.add(_likeness(column))
                held = list(_of_column(table, column, large=False))
                at = table.at[column.name]
                with undone(store) as rows:
                    rows.insert(table, held)
                    for wanted in {row[at] for row in held}:
                        same = [row for row in held if row[at] == wanted]
                        found = rows.where(table, {column.name: wanted})
                        assert found == sorted(same, key=table.key_of)
                        assert rows.count(table, {column.name: wanted}) == len(same)

    def test_committed_values_come_back(self, store: Store) -> None:
        """What another transaction wrote is read like one's own."""
        for table in TABLES:
            held = fill(store, table, list(_edged(table, every=7)))
            _expect_equal(all_of(store, table), sorted(held, key=table.key_of))


def _expect_equal(found: Sequence[Any], wanted: Sequence[Any]) -> None:
    """Expect equal rows, and of each value the same type; instants in UTC."""
    assert found == wanted
    for row, other in zip(found, wanted, strict=True):
        assert [type(value) for value in row] == [type(value) for value in other]
        assert all(value.tzinfo is UTC for value in row if isinstance(value, datetime))


def _unlike(table: Table[Any]) -> st.SearchStrategy[list[Any]]:
    """Lists of rows that break no unique constraint."""

    def parts(names: tuple[str, ...]) -> Any:
        places = [table.at[name] for name in names]

        def of_row(row: Any) -> object:
            values = tuple(row[place] for place in places)
            return object() if None in values else values

        return of_row

    unlike = tuple(parts(names) for names in (table.key, *table.uniques.values()))
    return st.lists(strategies.rows(table), min_size=1, max_size=4, unique_by=unlike)


def _edges(column: Column, *, large: bool) -> Iterator[Any]:
    if column.nullable:
        yield None
    if isinstance(column.text, Text):
        limit = column.text.limit
        yield from ("\U0001f600" * limit, "\\" * limit, "'" * limit)
        yield from (text for text in TEXTS if len(text) <= limit)
    elif column.kind is str:
        yield from (*TEXTS, *DOCUMENTS, *([LARGE] if large else []))
    else:
        yield from EDGES[column.kind]


def _of_column(
    table: Table[Any], column: Column, *, first: int = FIRST, large: bool
) -> Iterator[Any]:
    for number, value in enumerate(_edges(column, large=large), start=first):
        yield sample(table, number, **{column.name: value})


def _edged(table: Table[Any], *, every: int = 1) -> Iterator[Any]:
    """Yield rows in each of which one column holds an edge of what it may hold."""
    number = FIRST
    for column in table.columns:
        for row in _of_column(table, column, first=number, large=True):
            number += 1
            if number % every == 0:
                yield row


def _likeness(column: Column) -> object:
    """Return what columns that a store keeps in the same way have in common."""
    return (column.kind, column.text, column.nullable)


def _wild(column: Column) -> st.SearchStrategy[Any]:
    """Values that a column may hold or not."""
    offset = st.timezones() | st.just(UTC) | st.none()
    moments = st.datetimes(timezones=offset, allow_imaginary=False)
    wild: st.SearchStrategy[Any] = st.none() | st.integers() | st.text() | st.booleans()
    wild |= moments | st.dates() | st.uuids() | st.binary() | st.floats()
    wild |= st.sampled_from([2**63, -(2**63), "\x00", "\ud800", "x" * 500, timedelta(1)])
    return strategies.column_values(column) | wild
