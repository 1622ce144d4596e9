"""Importing ordercore brings no database, no template engine and no wire (EM1)."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "alembic",
    "asyncio",
    "cattrs",
    "email_validator",
    "http",
    "jinja2",
    "ordercore_adapters",
    "smtplib",
    "socket",
    "sqlalchemy",
    "sqlite3",
    "ssl",
    "urllib.request",
}
"""What no host pays for before it asks for it."""


def loaded_by(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after `code`, less its own."""
    script = (
        "import json, sys; before = set(sys.modules)\n"
        f"{code}\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


def heavy(modules: set[str]) -> set[str]:
    """Return those of the heavy ones that are loaded, by themselves or in part."""
    return {name for name in HEAVY if any(f"{each}.".startswith(f"{name}.") for each in modules)}


def test_importing_the_core_loads_nothing_heavy() -> None:
    """EM1: no import-time work: no driver, no template engine, no network, no codec."""
    assert heavy(loaded_by("import ordercore")) == set()


def test_a_shop_in_memory_needs_no_database() -> None:
    """EM5: everything in memory, ready to use, without SQLAlchemy or a wire."""
    loaded = heavy(loaded_by("import ordercore; ordercore.Shop.in_memory().customers"))
    assert loaded <= {"ordercore_adapters", "cattrs", "email_validator"}


@pytest.mark.parametrize("name", ["sqlalchemy", "jinja2", "socket", "http", "smtplib"])
def test_a_heavy_import_is_noticed(name: str) -> None:
    """The checks above fail when the module is there."""
    module = "http.client" if name == "http" else name
    assert name in heavy(loaded_by(f"import ordercore, {module}"))
