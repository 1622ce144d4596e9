"""Stored names are a promise: each stands in one list, and nothing leaves it unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.schema.stored_names import SOURCES, differences, stored_names

PINNED = (Path(__file__).parent / "pinned_names.txt").read_text("utf-8").splitlines()


def test_every_stored_name_is_pinned() -> None:
    """A new name is added to `pinned_names.txt`; a removed one breaks databases and hosts.

    Verbs, tags of events with their fields, kinds, codes, tables, columns, constraints,
    alarms, and what flows may name: they follow SemVer.
    """
    assert differences(PINNED, stored_names()) == []


def test_the_list_is_sorted_and_holds_each_name_once() -> None:
    """So that two branches that add a name meet in a merge conflict, not in a release."""
    assert sorted(set(PINNED)) == PINNED


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_every_source_of_names_gives_some(source: object) -> None:
    """A source that finds nothing has lost sight of what it watches."""
    assert callable(source)
    assert len(list(source())) >= 5


def test_a_new_name_and_a_lost_one_are_both_said() -> None:
    """The test says which line to add, and which promise was broken."""
    assert differences(["table a", "table b"], ["table b", "table c"]) == [
        "new, add this line: table c",
        "gone, and a promise: table a",
    ]
