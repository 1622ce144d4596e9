"""Identifiers and the order number that people say on the telephone."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.ids import CROCKFORD, normal_number, order_number, parse_id

ENTROPY = st.integers(0, 2**40 - 1)


class TestParseId:
    """A UUID, or its spelling."""

    @given(st.uuids())
    def test_a_uuid_and_its_spellings(self, made: UUID) -> None:
        """With hyphens or without, in any case, as text or as itself."""
        for value in (made, str(made), made.hex, str(made).upper()):
            assert parse_id(value) == made

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "42",
            "{0190f5fe-7c00-7a00-8000-000000000001}",
            "urn:uuid:0190f5fe-7c00-7a00-8000-000000000001",
            "0190f5fe_7c00_7a00_8000_00000000001_",
            "0190f5fe-7c00-7a00-8000-00000000000１",
            "0190f5fe-7c00-7a00-8000-000000000001\n",
            b"0190f5fe7c007a00",
            None,
            42,
        ],
    )
    def test_anything_else(self, value: object) -> None:
        """No braces, prefixes, foreign digits or numbers; the error names the field."""
        with pytest.raises(InvalidValueError, match=r"^order_id: not a UUID$"):
            parse_id(value, field="order_id")


class TestOrderNumber:
    """Short, and hard to mishear."""

    @given(ENTROPY)
    def test_eight_letters_that_cannot_be_confused(self, entropy: int) -> None:
        """Two groups of four out of Crockford's alphabet."""
        left, _, right = order_number(entropy).partition("-")
        assert (len(left), len(right)) == (4, 4)
        assert set(left + right) <= set(CROCKFORD)

    @given(st.lists(ENTROPY, unique=True, max_size=20))
    def test_other_bits_are_another_number(self, draws: list[int]) -> None:
        """All forty bits count."""
        assert len({order_number(bits) for bits in draws}) == len(draws)

    @given(ENTROPY, st.sampled_from(["", " ", "-", " \u2013 ", "\u00a0"]), st.booleans())
    def test_however_it_is_typed(self, entropy: int, gap: str, lower: bool) -> None:
        """Case, gaps and the letters mistaken for digits lead to the number."""
        number = order_number(entropy)
        typed = f" {number} ".replace("-", gap).replace("0", "O").replace("1", "l")
        assert normal_number(typed.lower() if lower else typed) == number

    @pytest.mark.parametrize("other", ["2024-000123", "ABCDEFGU", "R123", "12345678\u00e9", ""])
    def test_numbers_of_other_systems_stay(self, other: str) -> None:
        """What cannot be ours is not reshaped."""
        assert normal_number(f" {other} ") == other
