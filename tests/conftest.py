"""What every test may count on: profiles, rewritten asserts, data and servers."""

from __future__ import annotations

import os
from importlib.metadata import distribution
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.shared_data import shared

pytest.register_assert_rewrite("ordercore.testing")

settings.register_profile(
    "ci", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", settings.get_profile("ci"), max_examples=2_000)
settings.load_profile("ci")

ROOT = Path(__file__).parents[1]


def pytest_sessionstart() -> None:
    """Refuse the source tree when the installed wheel is to be tested."""
    if os.environ.get("ORDERCORE_INSTALLED") != "1":
        return
    import ordercore
    import ordercore_adapters

    site = Path(str(distribution("ordercore").locate_file(""))).resolve()
    for package in (ordercore, ordercore_adapters):
        where = Path(str(package.__file__)).resolve()
        if not where.is_relative_to(site):
            pytest.exit(f"{package.__name__} is not the installed one: {where}", returncode=3)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of test data that does not belong to the repository."""
    return shared("data")


def _url(name: str) -> str:
    url = os.environ.get(name)
    if not url and os.environ.get("ORDERCORE_REQUIRE_SERVICES") == "1":
        pytest.fail(f"no server: {name} is not set, and ORDERCORE_REQUIRE_SERVICES=1")
    return url or pytest.skip(f"no server: {name} is not set")


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Where PostgreSQL answers, as a SQLAlchemy URL."""
    return _url("ORDERCORE_TEST_POSTGRES")


@pytest.fixture(scope="session")
def mariadb_url() -> str:
    """Where MariaDB answers, as a SQLAlchemy URL."""
    return _url("ORDERCORE_TEST_MARIADB")
