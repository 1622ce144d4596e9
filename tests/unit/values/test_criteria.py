"""Criteria: two-valued, typed, bounded."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.criteria import (
    DEEPEST,
    MOST,
    OPS,
    Compare,
    Criteria,
    Every,
    Missing,
    Not,
    Some,
    check_criteria,
    matches,
)

KINDS: dict[str, type] = {
    "name": str,
    "age": int,
    "vip": bool,
    "born_on": date,
    "seen_at": datetime,
    "id": UUID,
}
SMALL: dict[str, st.SearchStrategy[Any]] = {
    "name": st.text("aAé ", max_size=3),
    "age": st.integers(-2, 2),
    "vip": st.booleans(),
}
ROWS = st.fixed_dictionaries({name: st.none() | values for name, values in SMALL.items()})
ORDER = st.sampled_from(["eq", "lt", "le", "gt", "ge"])
LEAVES: st.SearchStrategy[Criteria] = st.one_of(
    st.builds(Compare, st.just("name"), st.sampled_from(OPS), SMALL["name"]),
    st.builds(Compare, st.just("age"), ORDER, SMALL["age"]),
    st.builds(Compare, st.just("vip"), ORDER, SMALL["vip"]),
    st.builds(Missing, st.sampled_from(sorted(SMALL))),
)
TREES: st.SearchStrategy[Criteria] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, max_size=3).map(lambda nodes: Every(*nodes)),
        st.lists(inner, max_size=3).map(lambda nodes: Some(*nodes)),
    ),
    max_leaves=8,
)


def fits(node: Criteria, **row: object) -> bool:
    """Tell whether a row fits; columns that are not given are NULL."""
    return matches(node, row.get)


def code_of(node: Any) -> str:
    """Return the code with which criteria are refused."""
    with pytest.raises(InvalidValueError) as refused:
        check_criteria(node, table="customer", kinds=KINDS)
    return refused.value.code


class TestTwoValued:
    """Every row fits, or fits the opposite."""

    @given(TREES, ROWS)
    def test_not_is_the_opposite(self, node: Criteria, row: dict[str, object]) -> None:
        """There is no third answer, NULL or not."""
        assert fits(node, **row) is not fits(Not(node), **row)

    @given(st.sampled_from(OPS), st.text(max_size=3))
    def test_nothing_compares_with_null(self, op: str, text: str) -> None:
        """A comparison with NULL is false, its opposite true."""
        assert not fits(Compare("name", op, text))
        assert fits(Not(Compare("name", op, text)))
        assert fits(Missing("name"))
        assert not fits(Missing("name"), name="")

    @given(st.lists(TREES, max_size=4), ROWS)
    def test_de_morgan(self, nodes: list[Criteria], row: dict[str, object]) -> None:
        """Not every is some not, and the other way round."""
        opposites = [Not(node) for node in nodes]
        assert fits(Not(Every(*nodes)), **row) is fits(Some(*opposites), **row)
        assert fits(Not(Some(*nodes)), **row) is fits(Every(*opposites), **row)

    def test_of_none(self) -> None:
        """Every of none is true, some of none is false."""
        assert fits(Every())
        assert not fits(Some())

    @given(TREES, ROWS)
    def test_the_nodes_are_values(self, node: Criteria, row: dict[str, object]) -> None:
        """Copies are equal and can be keys, and what is checked can be evaluated."""
        assert {node: 1}[copy.deepcopy(node)] == 1
        check_criteria(node, table="customer", kinds=KINDS)
        assert fits(node, **row) in {True, False}


class TestCompare:
    """By value and code point, without patterns."""

    @given(st.integers(-3, 3), st.integers(-3, 3))
    def test_order(self, have: int, want: int) -> None:
        """The five comparisons mean what they say."""
        found = {
            op for op in ("eq", "lt", "le", "gt", "ge") if fits(Compare("age", op, want), age=have)
        }
        assert found == (
            ({"eq", "le", "ge"} if have == want else set())
            | ({"lt", "le"} if have < want else set())
            | ({"gt", "ge"} if have > want else set())
        )

    @pytest.mark.parametrize(
        ("op", "have", "want", "expected"),
        [
            ("prefix", "100% wool", "100%", True),
            ("prefix", "1000", "100%", False),
            ("prefix", "abc", "", True),
            ("contains", "a_b", "_", True),
            ("contains", "ab", "_", False),
            ("contains", "ab", "B", False),
            ("eq", "mıke", "mike", False),
            ("eq", "x ", "x", False),
            ("lt", "Z", "a", True),
            ("lt", "z", "é", True),
            ("lt", "\uffff", "\U0001f600", True),
        ],
    )
    def test_text(self, op: str, have: str, want: str, expected: bool) -> None:
        """No wildcards, no folding of case, letters or space; order by code point."""
        assert fits(Compare("name", op, want), name=have) is expected

    def test_what_is_searched_for_prints_masked(self) -> None:
        """A search for a person does not write the name into a log."""
        node = Every(Compare("name", "eq", "Anna Smith"), Compare("age", "gt", 30))
        assert "Anna" not in repr(node)
        assert "30" in repr(node)


class TestChecked:
    """What a store could not answer alike is refused before it is asked."""

    @pytest.mark.parametrize(
        "node",
        [
            Compare("name", "contains", "a\nb"),
            Compare("age", "eq", -(2**63)),
            Compare("vip", "eq", True),
            Compare("born_on", "lt", date(2000, 1, 1)),
            Compare("seen_at", "ge", datetime(2026, 1, 1, tzinfo=UTC)),
            Compare("id", "eq", UUID(int=1)),
            Missing("id"),
        ],
    )
    def test_passes(self, node: Criteria) -> None:
        """Each type is compared with its own."""
        check_criteria(node, table="customer", kinds=KINDS)

    @pytest.mark.parametrize(
        ("node", "code"),
        [
            (Compare("shoe", "eq", 1), "criteria.column"),
            (Missing("shoe"), "criteria.column"),
            (Compare("age", "eq", "1"), "criteria.value"),
            (Compare("age", "eq", True), "criteria.value"),
            (Compare("age", "eq", 1.0), "criteria.value"),  # type: ignore[arg-type]
            (Compare("vip", "eq", 1), "criteria.value"),
            (Compare("name", "eq", None), "criteria.value"),  # type: ignore[arg-type]
            (Compare("age", "prefix", 1), "criteria.value"),
            (Compare("id", "contains", UUID(int=1)), "criteria.value"),
            (Compare("born_on", "eq", datetime(2026, 1, 1, tzinfo=UTC)), "criteria.value"),
            (Compare("seen_at", "eq", date(2026, 1, 1)), "criteria.value"),
            (Compare("seen_at", "eq", datetime(2026, 1, 1)), "time.naive"),
            (Compare("age", "eq", 2**63), "number.range"),
            (Compare("name", "eq", "\x00"), "text.control"),
            (Compare("name", "eq", "\ud800"), "text.surrogate"),
            (Compare("name", "contains", "x" * 4001), "text.too_long"),
            (None, "value.type"),
            ("name = 1", "value.type"),
            (Every(None), "value.type"),  # type: ignore[arg-type]
        ],
    )
    def test_refused_wherever_it_stands(self, node: Any, code: str) -> None:
        """Unknown columns, other types, values no row holds, and what is no criterion."""
        assert code_of(node) == code
        assert code_of(Some(Missing("id"), Not(Every(node)))) == code

    @pytest.mark.parametrize("op", ["", "like", "ne", "EQ", None])
    def test_unknown_comparisons(self, op: str) -> None:
        """There is no pattern language, and no eighth comparison."""
        with pytest.raises(InvalidValueError) as refused:
            Compare("name", op, "x")
        assert refused.value.code == "criteria.op"

    def test_depth(self) -> None:
        """Nesting ends at a depth that every engine can parse."""
        node: Criteria = Missing("id")
        for _ in range(DEEPEST):
            node = Not(node)
        check_criteria(node, table="customer", kinds=KINDS)
        assert code_of(Not(node)) == "criteria.too_deep"
        for _ in range(5000):
            node = Every(node)
        assert code_of(node) == "criteria.too_deep"

    def test_width(self) -> None:
        """The number of nodes ends before SQLite's patience does."""
        leaf = Missing("id")
        check_criteria(Some(*[leaf] * (MOST - 1)), table="customer", kinds=KINDS)
        assert code_of(Some(*[leaf] * MOST)) == "criteria.too_many"
        assert code_of(Every(*[Some(*[leaf] * 99)] * 99)) == "criteria.too_many"
