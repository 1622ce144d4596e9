"""Each broken twin is caught by the tests of the contract that are meant for it."""

from __future__ import annotations

import pytest

from ordercore.errors import OrderCoreError
from ordercore_adapters.memory import MemoryStore
from tests.faults import broken_rows, broken_units
from tests.faults.twins import TWINS, Test, Twin

__all__ = ["broken_rows", "broken_units"]

USED = sorted({test for twin in TWINS for test in twin.caught_by}, key=lambda test: test.__name__)


def verdict(test: Test, **fixtures: object) -> BaseException | None:
    """Run one test of the contract and return what it found, if anything."""
    try:
        test(object(), **fixtures)
    except (Exception, pytest.fail.Exception) as found:
        return found
    return None


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)
def test_a_broken_twin_is_caught(twin: Twin) -> None:
    """Every test that is meant for it fails, by its own judgement and not for a slip of ours."""
    for test in twin.caught_by:
        found = verdict(test, store=twin.make())
        assert found is not None, f"{test.__qualname__} did not notice"
        judged = (AssertionError, pytest.fail.Exception, OrderCoreError, RuntimeError)
        assert isinstance(found, judged), f"{test.__qualname__}: {found!r}"


@pytest.mark.parametrize("test", USED, ids=lambda test: test.__name__)
def test_the_sound_store_passes(test: Test) -> None:
    """The same tests find nothing wrong with the store that the twins are made of."""
    assert verdict(test, store=MemoryStore()) is None


def test_there_are_many_twins() -> None:
    """No twin is entered twice, and each names the tests that catch it."""
    names = [twin.name for twin in TWINS]
    assert len(names) == len(set(names)) >= 40
    assert all(twin.caught_by for twin in TWINS)
