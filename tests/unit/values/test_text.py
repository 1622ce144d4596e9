"""Text comes back as it was, or is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.text import check_text, excerpt, masked
from tests.shared_data import shared

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)
PRINTED = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=60)


class Loud(str):
    """Text that prints as something else."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return what the text is not."""
        return "LOUD"


def refusal(value: object, *, limit: int = 60, multiline: bool = False, empty: bool = True) -> str:
    """Return the code with which `value` is refused."""
    with pytest.raises(InvalidValueError) as refused:
        check_text(value, field="note", limit=limit, multiline=multiline, empty=empty)
    return refused.value.code


class TestKept:
    """What any database keeps is returned as it is."""

    @given(PRINTED)
    def test_printed_text_is_unchanged(self, text: str) -> None:
        """Every script, emoji, private use and format character passes."""
        assert check_text(text, field="note", limit=60) == text

    @given(ANYTHING)
    def test_what_passes_can_be_encoded_and_is_one_line(self, text: str) -> None:
        """Whatever passes is UTF-8, without NUL, and no reader breaks it into lines."""
        try:
            kept = check_text(text, field="note", limit=60)
        except InvalidValueError as refused:
            assert refused.code in {"text.control", "text.surrogate"}  # noqa: PT017
            return
        assert kept == text
        assert kept.encode().decode() == text
        assert "\x00" not in kept
        assert len(kept.splitlines()) <= 1

    def test_line_feeds_pass_where_they_are_welcome(self) -> None:
        """A note of several lines keeps them."""
        assert check_text("a\nb\n", field="note", limit=9, multiline=True) == "a\nb\n"

    def test_subclasses_of_str_become_plain(self) -> None:
        """A template library's markup or an enum member does not travel further."""
        kept = check_text(Loud("quiet"), field="note", limit=9)
        assert type(kept) is str
        assert kept == "quiet"

    def test_the_limit_counts_code_points(self) -> None:
        """Sixty emoji are sixty characters, as a VARCHAR counts them."""
        assert check_text("🐈" * 60, field="note", limit=60) == "🐈" * 60
        assert refusal("🐈" * 61) == "text.too_long"


class TestRefused:
    """What some database would lose or change is refused, with the place."""

    @pytest.mark.parametrize("char", ["\x00", "\t", "\n", "\r", "\x1b", "\x7f", "\x85", "\u2028"])
    def test_controls_in_a_line(self, char: str) -> None:
        """Controls and line ends are no part of a line."""
        assert refusal(f"a{char}b") == "text.control"

    @pytest.mark.parametrize("char", ["\x00", "\t", "\r", "\x1b", "\x85"])
    def test_controls_in_several_lines(self, char: str) -> None:
        """Of the controls, several lines may hold the line feed only."""
        assert refusal(f"a{char}b", multiline=True) == "text.control"

    def test_lone_surrogates(self) -> None:
        """Half a pair cannot be encoded; a whole one is one character."""
        assert refusal("a\ud83d") == "text.surrogate"
        assert check_text("a\U0001f600", field="note", limit=2) == "a\U0001f600"

    @pytest.mark.parametrize("value", [None, 5, b"bytes", ["a"]])
    def test_no_text(self, value: object) -> None:
        """What is not text is not made into text."""
        assert refusal(value) == "text.type"

    def test_nothing_where_something_is_needed(self) -> None:
        """The empty string passes by default and is refused on request."""
        assert check_text("", field="note", limit=1) == ""
        assert refusal("", empty=False) == "text.empty"

    def test_the_error_names_field_character_and_position(self) -> None:
        """A person can find the character without seeing the text."""
        with pytest.raises(
            InvalidValueError, match=r"^note: control character U\+0000 at posi.* 3$"
        ):
            check_text("abc\x00", field="note", limit=60)


@pytest.mark.data
@pytest.mark.parametrize("multiline", [False, True])
def test_naughty_strings_are_kept_or_refused(multiline: bool) -> None:
    """The Big List of Naughty Strings passes unchanged, save what holds a control."""
    naughty: list[str] = json.loads(shared("data/validity/blns.json").read_text("utf-8"))
    kept = 0
    for text in naughty:
        try:
            assert check_text(text, field="note", limit=4000, multiline=multiline) == text
            kept += 1
        except InvalidValueError as refused:
            assert refused.code == "text.control"  # noqa: PT017
            assert any(
                ord(char) < 32 or 127 <= ord(char) < 160 or char in "\u2028\u2029" for char in text
            )
    assert kept > 500


class TestMasked:
    """A log sees that a personal value is there, and no more."""

    @given(st.text(min_size=1, max_size=40))
    def test_only_the_length_shows(self, text: str) -> None:
        """Two values of one length look alike."""
        assert masked(text) == masked("x" * len(text))

    def test_absence_shows(self) -> None:
        """Nothing is told from something."""
        assert (masked(None), masked("")) == ("None", "''")


class TestExcerpt:
    """Errors say little of what was refused."""

    def test_text_is_cut_and_anything_else_is_its_type(self) -> None:
        """Neither a long text nor a foreign object's own words reach the message."""
        assert excerpt("x" * 90, 20) == "x" * 20
        assert excerpt(10**9000) == "int"
        assert excerpt(Loud("quiet")) == "quiet"
