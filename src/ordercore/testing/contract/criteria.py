"""Criteria find the same rows on every store as `ordercore.values.criteria.matches`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ordercore.ports.rows import Store
from ordercore.stored.customers import CUSTOMERS
from ordercore.testing import strategies
from ordercore.testing.clocks import START
from ordercore.testing.contract.samples import EXAMPLES, changed, sample, uuid_of
from ordercore.testing.contract.units import undone
from ordercore.values.criteria import (
    DEEPEST,
    MOST,
    Compare,
    Criteria,
    Every,
    Missing,
    Not,
    Some,
    check_criteria,
    matches,
)

LETTERS = "aAb %_\\'é\u0301ßıi\U0001f600\uffff\ud7ff\ue000\U0010ffff"
COLUMNS = ("name", "phone", "guest", "created_at", "merged_into", "version", "public_attributes")
NAMES = ["", "a", "A", "á", "ab", "a%b", "a_b", "a\\b", "a'b", "b ", "ß", "\U0010ffff\U0010ffff"]


class CriteriaContract:
    """`find`."""

    @EXAMPLES
    @given(data=st.data())
    def test_any_tree_finds_what_matches(self, store: Store, data: st.DataObject) -> None:
        """Random criteria over random rows, NULL and wildcards among them."""
        held = data.draw(_customers())
        trees = strategies.criteria(CUSTOMERS, COLUMNS, held)
        with undone(store) as rows:
            rows.insert(CUSTOMERS, held)
            for tree in data.draw(st.lists(trees, min_size=1, max_size=3)):
                assert rows.find(CUSTOMERS, tree) == _matching(held, tree)

    def test_text_is_taken_literally(self, store: Store) -> None:
        """`prefix` and `contains` know no wildcard, no case, no accent; empty text is in all."""
        held = [sample(CUSTOMERS, n, name=name) for n, name in enumerate(NAMES)]
        with undone(store) as rows:
            rows.insert(CUSTOMERS, held)
            for op in ("prefix", "contains", "eq", "lt", "ge"):
                for text in (*NAMES, "%", "_", "\\", "B", "a%", "\U0010ffff"):
                    tree = Compare("name", op, text)
                    assert rows.find(CUSTOMERS, tree) == _matching(held, tree), (op, text)

    def test_a_comparison_with_null_is_false(self, store: Store) -> None:
        """So its opposite is true, and every row fits one of the two."""
        held = [sample(CUSTOMERS, n, phone=phone) for n, phone in enumerate([None, "1", "2"])]
        with undone(store) as rows:
            rows.insert(CUSTOMERS, held)
            for op in ("eq", "lt", "le", "gt", "ge", "prefix", "contains"):
                tree = Compare("phone", op, "2")
                found, others = rows.find(CUSTOMERS, tree), rows.find(CUSTOMERS, Not(tree))
                assert held[0] in others
                assert sorted([*found, *others]) == held
            assert rows.find(CUSTOMERS, Missing("phone")) == held[:1]
            assert rows.find(CUSTOMERS, Not(Missing("phone"))) == held[1:]
            assert rows.find(CUSTOMERS, Not(Not(Compare("phone", "eq", "2")))) == held[2:]

    def test_every_of_nothing_is_true_and_some_of_nothing_false(self, store: Store) -> None:
        """The empty lists mean what they mean in Python."""
        held = [sample(CUSTOMERS, n) for n in range(2)]
        with undone(store) as rows:
            rows.insert(CUSTOMERS, held)
            assert rows.find(CUSTOMERS, Every()) == rows.find(CUSTOMERS, Not(Some())) == held
            assert rows.find(CUSTOMERS, Some()) == rows.find(CUSTOMERS, Not(Every())) == []

    def test_an_instant_is_the_same_in_every_zone(self, store: Store) -> None:
        """Criteria may name an instant with any offset; the far ends of time are in order."""
        held = [sample(CUSTOMERS, n, created_at=START + timedelta(hours=n)) for n in range(4)]
        there = timezone(timedelta(hours=5, minutes=30))
        with undone(store) as rows:
            rows.insert(CUSTOMERS, held)
            at = held[2].created_at.astimezone(there)
            assert rows.find(CUSTOMERS, Compare("created_at", "eq", at)) == [held[2]]
            assert rows.find(CUSTOMERS, Compare("created_at", "lt", at)) == held[:2]
            early = START.replace(year=1)
            assert rows.find(CUSTOMERS, Compare("created_at", "gt", early)) == held
            assert rows.find(CUSTOMERS, Compare("created_at", "le", early)) == []

    def test_the_largest_criteria_are_answered(self, store: Store) -> None:
        """As deep and as many as the core lets pass, of the most costly kind."""
        held = [sample(CUSTOMERS, n, name=name) for n, name in enumerate(["ab", "b", "abc"])]
        prefix: Criteria = Compare("name", "prefix", "ab")
        deep = prefix
        for _ in range(DEEPEST // 2):
            deep = Not(Not(deep))
        wide = [prefix] * (MOST - 1)
        with undone(store) as rows:
            rows.insert(CUSTOMERS, held)
            for tree in (deep, Every(*wide), Some(*wide), Not(Every(*wide[1:]))):
                check_criteria(tree, table="customer", kinds=CUSTOMERS.kinds)
                assert rows.find(CUSTOMERS, tree) == _matching(held, tree)


def _matching(held: Sequence[Any], tree: Criteria) -> list[Any]:
    found = [row for row in held if matches(tree, lambda name, row=row: getattr(row, name))]  # type: ignore[misc]
    return sorted(found, key=CUSTOMERS.key_of)


def _customers() -> st.SearchStrategy[list[Any]]:
    """A few customers of few letters, so that criteria hit."""
    short = st.text(LETTERS, max_size=4)
    given_columns: dict[str, st.SearchStrategy[Any]] = {
        "name": short,
        "phone": st.none() | short,
        "guest": st.booleans(),
        "created_at": strategies.instants(),
        "merged_into": st.none() | st.sampled_from([uuid_of(1), uuid_of(2)]),
        "version": st.integers(-2, 2) | strategies.numbers(),
        "public_attributes": short,
    }
    changes = st.lists(st.fixed_dictionaries(given_columns), max_size=7)
    return changes.map(
        lambda found: [changed(sample(CUSTOMERS, n), **each) for n, each in enumerate(found)]
    )
