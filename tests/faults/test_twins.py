"""Each broken twin is caught by the tests of the contract that are meant for it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ordercore.errors import OrderCoreError
from ordercore_adapters.memory import MemoryStore
from tests.faults import broken_reads, broken_units, broken_values, broken_writes
from tests.faults.broken_units import Sqlstate40001
from tests.faults.twins import TWINS, Test, Twin

__all__ = ["broken_reads", "broken_units", "broken_values", "broken_writes"]

USED = sorted({test for twin in TWINS for test in twin.caught_by}, key=lambda test: test.__name__)


FIRST_FOUND = settings(
    max_examples=300,
    phases=[Phase.generate],
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
"""How a property is tried on a twin: until it fails, without looking for the least example."""


def hurried(test: Any) -> Test:
    """Return a test of the contract; a property ends at the first failure."""
    if not hasattr(test, "hypothesis"):
        return test  # type: ignore[no-any-return]
    return FIRST_FOUND(given(data=st.data())(test.hypothesis.inner_test))


def verdict(test: Test, **fixtures: object) -> BaseException | None:
    """Run one test of the contract and return what it found, if anything."""
    try:
        test(object(), **fixtures)
    except (Exception, pytest.fail.Exception) as found:  # noqa: BLE001  (judged by the caller)
        return found
    return None


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)
def test_a_broken_twin_is_caught(twin: Twin) -> None:
    """Every test that is meant for it fails, by its own judgement and not for a slip of ours."""
    for test in twin.caught_by:
        found = verdict(hurried(test), store=twin.make())
        assert found is not None, f"{test.__qualname__} did not notice"
        judged = (AssertionError, pytest.fail.Exception, OrderCoreError, Sqlstate40001)
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
