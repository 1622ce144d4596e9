"""Attributes hold what every store keeps, and external references are whole."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.attributes import MOST, NO_ATTRIBUTES, Attributes, ExternalRef

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,59}", fullmatch=True)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30),
)
DICTS = st.dictionaries(NAMES, SCALARS, max_size=8)


def code_of(values: Any) -> str:
    """Return the code with which attributes of these values are refused."""
    with pytest.raises(InvalidValueError) as refused:
        Attributes(values)
    return refused.value.code


class TestAttributes:
    """An immutable mapping by value."""

    @given(DICTS)
    def test_a_mapping_like_the_one_given(self, values: dict[str, Any]) -> None:
        """Same names and values, the names sorted, whatever the order given."""
        attributes = Attributes(values)
        assert dict(attributes) == values
        assert list(attributes) == sorted(values)
        again = Attributes(dict(reversed(values.items())))
        assert (again, hash(again)) == (attributes, hash(attributes))

    @given(DICTS)
    def test_copies_and_pickles_are_equal(self, values: dict[str, Any]) -> None:
        """Attributes travel with their aggregate."""
        attributes = Attributes(values)
        assert pickle.loads(pickle.dumps(attributes)) == attributes  # noqa: S301
        assert copy.deepcopy(attributes) == attributes

    def test_one_and_true_differ(self) -> None:
        """A change from 1 to True is a change, or it would not be saved."""
        assert Attributes({"vip": 1}) != Attributes({"vip": True})
        assert Attributes({"vip": 0}) != {"vip": False}
        assert Attributes({"vip": True}) == {"vip": True}
        assert Attributes({"vip": True}) != [("vip", True)]

    def test_the_given_mapping_may_change_afterwards(self) -> None:
        """Attributes do not follow the dict they were made of."""
        values = {"a": 1}
        attributes = Attributes(values)
        values["a"] = 2
        assert attributes["a"] == 1
        with pytest.raises(TypeError):
            attributes["a"] = 2  # type: ignore[index]

    def test_none_is_nothing(self) -> None:
        """No mapping, an empty one and the constant are the same."""
        assert Attributes() == Attributes({}) == NO_ATTRIBUTES
        assert not NO_ATTRIBUTES


class TestRefused:
    """What two stores would keep differently is refused."""

    @pytest.mark.parametrize(
        "name", ["", "A", "1a", "_a", "a-b", "a.b", "é", "a\n", "a" * 61, None, 5, ("a",)]
    )
    def test_names(self, name: object) -> None:
        """A name is a small identifier, fit for a column or an export."""
        assert code_of({name: 1}) == "attributes.name"

    @pytest.mark.parametrize(
        "value", [1.0, float("nan"), Decimal(1), b"x", [], {}, {"a": 1}, (1,), 2**63, -(2**63), ...]
    )
    def test_values(self, value: object) -> None:
        """No floats, bytes, nested values or numbers beyond 64 bits."""
        assert code_of({"a": value}) == "attributes.value"

    def test_text(self) -> None:
        """Text may have lines, but no other controls, and an end."""
        assert Attributes({"note": "a\nb"})["note"] == "a\nb"
        assert code_of({"note": "a\x00"}) == "text.control"
        assert code_of({"note": "\ud800"}) == "text.surrogate"
        assert code_of({"note": "x" * 4001}) == "text.too_long"

    def test_too_many(self) -> None:
        """A hundred attributes pass, one more does not."""
        most = {f"a{number}": number for number in range(MOST)}
        assert len(Attributes(most)) == MOST
        assert code_of({**most, "one_more": 1}) == "attributes.too_many"


class TestExternalRef:
    """A reference says where it comes from."""

    def test_source_and_reference(self) -> None:
        """Both are kept as they are."""
        assert ExternalRef("erp", "K 1/2").ref == "K 1/2"

    @pytest.mark.parametrize(
        ("source", "ref", "code"),
        [
            ("", "1", "ref.empty"),
            ("erp", "", "ref.empty"),
            ("x" * 61, "1", "text.too_long"),
            ("erp", "x" * 121, "text.too_long"),
            ("erp", "1\n2", "text.control"),
            ("erp", 1, "text.type"),
        ],
    )
    def test_half_a_reference(self, source: str, ref: str, code: str) -> None:
        """A missing half, excess, line ends and numbers are refused."""
        with pytest.raises(InvalidValueError) as refused:
            ExternalRef(source, ref)
        assert refused.value.code == code
