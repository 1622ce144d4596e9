"""The stores under contract, and how a test is run inside an asynchronous host."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stores import databases, store  # noqa: F401

INSIDE = "run_inside"
"""The fixture whose value a test is called through, where it asks for one."""


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Call the test through the fixture `run_inside`, if its module has one."""
    run: Any = pyfuncitem.funcargs.get(INSIDE)
    if run is None:
        return None
    wanted = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    run(lambda: pyfuncitem.obj(**wanted))
    return True
