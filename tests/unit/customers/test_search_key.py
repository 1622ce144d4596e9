"""Text as searches compare it (CU2)."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.customers.customer import search_key
from ordercore.testing.strategies import texts

EVERY_CHARACTER = [
    chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF
]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ada Lovelace", "ada lovelace"),
        ("  Ada \t Lovelace\u00a0", "ada lovelace"),
        ("Édith Piaf", "edith piaf"),
        ("E\u0301dith", "edith"),
        ("ÅSA", "asa"),
        ("Groß", "gross"),
        ("GROẞ", "gross"),
        ("İstanbul", "istanbul"),
        ("ISPARTA", "isparta"),
        ("ısparta", "isparta"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("ﬁnch", "finch"),
        ("ﾊﾝﾅ", "ハンナ"),
        ("Nguyễn Thị", "nguyen thi"),
        ("℡", "tel"),
        ("𝐀𝐝𝐚", "ada"),
        ("½", "1⁄2"),
        ("Łukasz", "łukasz"),
        ("李小龍", "李小龍"),
        ("O'Brien-Smith", "o'brien-smith"),
        ("\u0301", ""),
        ("", ""),
    ],
)
def test_examples(text: str, key: str) -> None:
    """CU2: accents, case, width, ligatures and space do not matter; letters do."""
    assert search_key(text) == key


def test_case_does_not_matter_for_any_character() -> None:
    """CU2: each of Unicode's characters is found by its capital and its small letter."""
    wrong = [
        char
        for char in EVERY_CHARACTER
        if not search_key(char) == search_key(char.upper()) == search_key(char.lower())
    ]
    assert wrong == []


@given(texts(200) | st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    """CU2: what was stored is found by what was stored."""
    assert search_key(search_key(text)) == search_key(text)


@given(texts(60), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_how_accents_are_encoded_does_not_matter(text: str, form: str) -> None:
    """CU2: a telephone composes accents, a Mac takes them apart."""
    spelt: str = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    assert search_key(spelt) == search_key(text)


@given(texts(60), st.sampled_from(["\u0301", "\u0308", "\u0327", "\u0323"]))
def test_a_mark_more_or_less(text: str, mark: str) -> None:
    """CU2: an accent that one side leaves out does not matter."""
    assert search_key(text + "e" + mark) == search_key(text + "e")
