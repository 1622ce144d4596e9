"""Telephone numbers have one spelling, the international one."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.phone import PhoneNumber
from tests.shared_data import shared, shared_rows

NUMBERS = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)
BETWEEN = st.sampled_from(["", " ", "-", ".", "/", "(", ")", "\u00a0", "\u2011", "\u2013", " - "])


def refused(value: object) -> bool:
    """Tell whether a number is refused with the code that says so."""
    try:
        PhoneNumber.parse(value)
    except InvalidValueError as error:
        assert error.code == "phone.syntax"  # noqa: PT017
        return True
    return False


class TestAccepted:
    """An international number, however it is set."""

    @given(NUMBERS)
    def test_the_one_spelling_stays(self, number: str) -> None:
        """Plus and digits come back unchanged."""
        assert PhoneNumber.parse(number).text == number

    @given(NUMBERS, st.data())
    def test_separators_are_passed_over(self, number: str, data: st.DataObject) -> None:
        """Space, dots, dashes, slashes and brackets between digits mean nothing."""
        gaps = [data.draw(BETWEEN) for _ in number]
        spread = "".join(digit + gap for digit, gap in zip(number, gaps, strict=True))
        if not re.search(r"\(\s*0\s*\)", spread):
            assert PhoneNumber.parse(spread).text == number

    def test_two_noughts_are_a_plus(self) -> None:
        """Most countries dial 00 to leave."""
        assert PhoneNumber.parse("0044 20 7946 0018").text == "+442079460018"

    @pytest.mark.data
    def test_every_published_example(self) -> None:
        """Each kind of number of each region of the world passes unchanged."""
        numbers = [row["e164"] for row in shared_rows("data/validity/phone_examples.csv")]
        assert len(numbers) > 600
        assert [number for number in numbers if PhoneNumber.parse(number).text != number] == []


class TestRefused:
    """What rings at nobody's, or at another's in another country."""

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "+",
            "020 7946 0018",
            "7946 0018",
            "+44 (0)20 7946 0018",
            "+44 ( 0 ) 20 7946 0018",
            "+0442079460018",
            "+123456",
            "+1234567890123456",
            "++442079460018",
            "+44 20 7946 0018 ext. 5",
            "tel:+442079460018",
            "+44 20 7946 O018",
            "+٤٤٢٠٧٩٤٦٠٠١٨",
            "+４４２０７９４６００１８",
            "+44 20 7946 0018\n",
            "+442079460018\x00",
            None,
            442079460018,
            b"+442079460018",
        ],
    )
    def test_examples(self, value: object) -> None:
        """National numbers, a trunk nought, extensions, letters, foreign digits, no text."""
        assert refused(value)

    @given(st.text(st.characters(exclude_categories=()), max_size=30))
    def test_any_text_is_accepted_or_refused(self, text: str) -> None:
        """Whatever passes is plus and 7 to 15 digits, and passes again."""
        if not refused(text):
            number = PhoneNumber.parse(text)
            assert re.fullmatch(r"\+[1-9][0-9]{6,14}", number.text)
            assert PhoneNumber.parse(number.text) == number

    @pytest.mark.data
    def test_naughty_strings(self) -> None:
        """None of the Big List of Naughty Strings is a telephone number."""
        naughty = json.loads(shared("data/validity/blns.json").read_text("utf-8"))
        assert [text for text in naughty if not refused(text)] == []

    @pytest.mark.parametrize("text", ["", "0207", "+44 20 7946 0018", "+44\x00", None])
    def test_the_class_holds_no_other_spelling(self, text: str) -> None:
        """A number that was not parsed has to be in the one spelling already."""
        with pytest.raises(InvalidValueError):
            PhoneNumber(text)
