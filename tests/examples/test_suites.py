"""Examples that are test suites themselves."""

from __future__ import annotations

import pytest

from tests.examples.conftest import Start


@pytest.mark.parametrize("folder", ["host_tests", "small_store"])
def test_the_suite_passes(start_pytest: Start, folder: str) -> None:
    """Started by pytest in a process of its own, every test passes and none is skipped."""
    told = start_pytest(folder)
    assert " passed" in told
    assert "skipped" not in told
