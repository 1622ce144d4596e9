"""Cursors lead back to where a page ended, and strangers' cursors lead nowhere."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.pages import (
    MOST,
    after_instant,
    check_limit,
    instant_cursor,
    read_cursor,
    write_cursor,
)

NUMBERS = st.integers(-(2**63), 2**63 - 1)
KEPT = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=400)
KEYS = st.lists(st.one_of(NUMBERS, KEPT), min_size=1, max_size=4)


def encoded(text: str) -> str:
    """Return any text in the clothes of a cursor."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_or_none(cursor: str, kinds: list[type]) -> list[str | int] | None:
    """Return the key, or None when the cursor is refused with the code that says so."""
    try:
        return read_cursor(cursor, kinds)
    except InvalidValueError as error:
        assert error.code == "page.cursor"  # noqa: PT017
        return None


class TestCursor:
    """What was written is read; nothing else is."""

    @given(KEYS)
    def test_there_and_back(self, key: list[str | int]) -> None:
        """A sort key of text and numbers survives, in letters safe for a URL."""
        cursor = write_cursor(*key)
        assert read_cursor(cursor, [type(part) for part in key]) == key
        assert cursor.replace("-", "").replace("_", "").isalnum()

    @given(st.text(st.characters(exclude_categories=()), max_size=60))
    def test_any_text_is_refused_or_was_written(self, text: str) -> None:
        """Only our own spelling of a key passes."""
        shapes: list[list[type]] = [[str], [int], [str, int], []]
        for kinds in shapes:
            key = read_or_none(text, kinds)
            assert key is None or write_cursor(*key) == text

    @given(KEYS, st.data())
    def test_a_changed_cursor_is_refused_or_another_key(
        self, key: list[str | int], data: st.DataObject
    ) -> None:
        """Whoever changes a letter gets nothing, or a place where a page could end."""
        cursor = write_cursor(*key)
        at = data.draw(st.integers(0, len(cursor) - 1))
        changed = cursor[:at] + data.draw(st.sampled_from("Aa0-_=+/ é")) + cursor[at + 1 :]
        found = read_or_none(changed, [type(part) for part in key])
        assert found is None or write_cursor(*found) == changed

    @pytest.mark.parametrize(
        ("key", "kinds"),
        [
            (("a", 1), [int, str]),
            (("a", 1), [str]),
            (("a",), [str, int]),
            (("1",), [int]),
            ((True,), [int]),
        ],
    )
    def test_a_cursor_of_another_list(self, key: tuple[str | int, ...], kinds: list[type]) -> None:
        """Number and types of the parts have to fit."""
        assert read_or_none(write_cursor(*key), kinds) is None

    @pytest.mark.parametrize(
        "inside",
        [
            "",
            "null",
            "{}",
            '"a"',
            "[null]",
            "[[1]]",
            "[1.0]",
            "[NaN]",
            "[9223372036854775808]",
            "[" + "9" * 5000 + "]",
            '["\\u0000"]',
            '["\\ud800"]',
            '[ "a"]',
            '["a"] ',
            "[" * 3000,
            "[" * 200_000,
            json.dumps(["x" * 9000]),
        ],
        ids=lambda inside: inside[:12],
    )
    def test_what_no_list_of_ours_holds(self, inside: str) -> None:
        """No other JSON, no value that an engine chokes on, nothing deep or endless."""
        for kind in (str, int, float, list, type(None)):
            assert read_or_none(encoded(inside), [kind]) is None

    @pytest.mark.parametrize("cursor", [None, 5, b"WzFd", ["WzFd"]])
    def test_no_text(self, cursor: str) -> None:
        """What is not text is no cursor."""
        assert read_or_none(cursor, [int]) is None


class TestInstantCursor:
    """A place in a list that is ordered by time."""

    @given(st.datetimes(timezones=st.just(UTC)), st.uuids())
    def test_there_and_back(self, at: datetime, key: UUID) -> None:
        """Instant and id survive, to the microsecond; no cursor is the first page."""
        assert after_instant(instant_cursor(at, key)) == (at, key)
        assert after_instant(None) is None

    @pytest.mark.parametrize(
        "key", [("2026-01-01", "x"), ("2026-01-01T00:00:00", str(UUID(int=1))), ("a", "b"), (1, 2)]
    )
    def test_no_instant_or_no_id(self, key: tuple[str | int, ...]) -> None:
        """A key that is no aware instant with an id is no cursor of such a list."""
        with pytest.raises(InvalidValueError) as refused:
            after_instant(write_cursor(*key))
        assert refused.value.code == "page.cursor"


class TestLimit:
    """A page has a sensible size."""

    def test_one_to_the_most(self) -> None:
        """The bounds themselves pass."""
        assert (check_limit(1), check_limit(MOST)) == (1, MOST)

    @pytest.mark.parametrize("limit", [0, -1, MOST + 1, True, 1.0, "10", None])
    def test_no_limit(self, limit: object) -> None:
        """Nothing, too much, and what is no whole number."""
        with pytest.raises(InvalidValueError) as refused:
            check_limit(limit)
        assert refused.value.code == "page.limit"

    def test_an_endless_number(self) -> None:
        """A number too long to be printed is refused like any other."""
        with pytest.raises(InvalidValueError, match="got int"):
            check_limit(10**5000)
