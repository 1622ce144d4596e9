"""Lists come in one order on every store, and their pages join to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ordercore.ports.rows import Store
from ordercore.stored.customers import CUSTOMERS
from ordercore.stored.orders import LINES
from ordercore.stored.table import Key, Table
from ordercore.testing import strategies
from ordercore.testing.contract.samples import EXAMPLES, changed, sample, uuid_of
from ordercore.testing.contract.units import undone
from ordercore.values.criteria import Every

LETTERS = "aAbB áÁßıi_%\\~\x7e\u00e9\u0301\ufb01\uffff\U0001f600"
COLUMNS = ("name", "phone", "guest", "created_at", "merged_into", "version", "email_verified_at")
"""Text and NULL-able text, truth, instants, an identifier and a number."""


class OrderingContract:
    """`order`, `after` and `limit` of `where` and `find`."""

    def test_text_is_ordered_by_code_point(self, store: Store) -> None:
        """Capitals before small letters, accents after z, spaces count."""
        names = ["Z", "a", "a ", "aa", "ab", "b", "z", "Á", "ß", "á", "ﬁ", "\uffff", "😀"]
        held = [sample(CUSTOMERS, n, name=name) for n, name in enumerate(reversed(names))]
        with undone(store) as rows:
            rows.insert(CUSTOMERS, held)
            assert [row.name for row in rows.where(CUSTOMERS, {}, order=("name",))] == names
            assert names[::-1] == [
                row.name for row in rows.find(CUSTOMERS, Every(), order=("-name",))
            ]

    def test_null_comes_first(self, store: Store) -> None:
        """NULL is below every value: first when ascending, last when descending."""
        phones = ["", None, "+1", None, "+2"]
        held = [sample(CUSTOMERS, n, phone=phone) for n, phone in enumerate(phones)]
        with undone(store) as rows:
            rows.insert(CUSTOMERS, held)
            up = rows.where(CUSTOMERS, {}, order=("phone",))
            down = rows.where(CUSTOMERS, {}, order=("-phone",))
        assert up == [held[1], held[3], held[0], held[2], held[4]]
        assert down == [held[4], held[2], held[0], held[1], held[3]]

    def test_equal_rows_come_by_key(self, store: Store) -> None:
        """The key decides where the named columns do not, ascending unless named otherwise."""
        held = [sample(LINES, n // 2, position=n % 2, sku="x") for n in range(6)]
        with undone(store) as rows:
            rows.insert(LINES, held[::-1])
            assert rows.where(LINES, {}, order=("-sku",)) == held
            named = ("sku", "-order_id", "-position")
            assert rows.where(LINES, {}, order=named) == held[::-1]
            mixed = rows.where(LINES, {"sku": "x"}, order=("-position",))
        assert mixed == held[1::2] + held[::2]

    def test_a_page_begins_after_any_sort_key(self, store: Store) -> None:
        """`after` need not be a row that is still there."""
        held = [sample(CUSTOMERS, n, version=n // 2) for n in range(8)]
        edge: Key = (1, uuid_of(2))
        with undone(store) as rows:
            rows.insert(CUSTOMERS, held)
            rows.delete(CUSTOMERS, [(uuid_of(2),)])
            assert rows.where(CUSTOMERS, {}, order=("version",), after=edge) == held[3:]
            back = rows.where(CUSTOMERS, {}, order=("-version",), after=edge)
            assert back == [held[3], held[0], held[1]]
            assert rows.where(CUSTOMERS, {}, after=(uuid_of(5),), limit=1) == [held[6]]
            assert rows.where(CUSTOMERS, {}, after=(uuid_of(7),)) == []

    @EXAMPLES
    @given(data=st.data())
    def test_pages_join_to_what_python_sorts(self, store: Store, data: st.DataObject) -> None:
        """Whatever columns, directions and sizes of page: the same rows in the same order."""
        held = data.draw(_customers())
        named = data.draw(st.lists(st.sampled_from(COLUMNS), unique=True, max_size=3))
        order = tuple(data.draw(st.sampled_from(["", "-"])) + name for name in named)
        size = data.draw(st.integers(1, 4))
        wanted = _sorted(CUSTOMERS, held, order)
        with undone(store) as rows:
            rows.insert(CUSTOMERS, held)
            assert rows.where(CUSTOMERS, {}, order=order) == wanted
            assert rows.find(CUSTOMERS, Every(), order=order) == wanted
            joined: list[Any] = []
            for _ in range(len(wanted) // size + 1):
                edge = _edge(joined, order)
                joined += rows.where(CUSTOMERS, {}, order=order, after=edge, limit=size)
            assert joined == wanted
            half = wanted[: len(wanted) // 2]
            rest = rows.find(CUSTOMERS, Every(), order=order, after=_edge(half, order))
            assert rest == wanted[len(half) :]


def _customers() -> st.SearchStrategy[list[Any]]:
    """A few customers that often have values in common."""
    short = st.text(LETTERS, max_size=3)
    given_columns: dict[str, st.SearchStrategy[Any]] = {
        "name": short,
        "phone": st.none() | short,
        "guest": st.booleans(),
        "created_at": strategies.instants() | st.sampled_from([sample(CUSTOMERS, 1).created_at]),
        "merged_into": st.none() | st.sampled_from([uuid_of(1), uuid_of(2)]) | st.uuids(),
        "version": st.integers(-1, 2) | strategies.numbers(),
        "email_verified_at": st.none() | strategies.instants(),
    }
    changes = st.lists(st.fixed_dictionaries(given_columns), max_size=9)
    return changes.map(
        lambda found: [changed(sample(CUSTOMERS, n), **each) for n, each in enumerate(found)]
    )


def _sorted(table: Table[Any], held: Sequence[Any], order: Sequence[str]) -> list[Any]:
    """Sort as the promise says: by the last column first, each pass being stable."""
    found = sorted(held, key=table.key_of)
    for name in reversed(order):
        at = table.at[name.lstrip("-")]
        found.sort(
            key=lambda row, at=at: (row[at] is not None, row[at]),  # type: ignore[misc]
            reverse=name.startswith("-"),
        )
    return found


def _edge(seen: Sequence[Any], order: Sequence[str]) -> Key | None:
    if not seen:
        return None
    names = [name.lstrip("-") for name in order] + list(CUSTOMERS.key)
    return tuple(seen[-1][CUSTOMERS.at[name]] for name in names)
