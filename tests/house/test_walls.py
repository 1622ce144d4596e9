"""The walls in pyproject.toml stand: a small house with one breach must fail the check."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("importlinter", reason="import-linter is not here; see nox -s walls")

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
CONTRACTS = tomllib.loads(PYPROJECT.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
NAMES = {contract["name"]: contract["id"] for contract in CONTRACTS}

SOUND = {
    "ordercore/shop.py": "import ordercore_adapters.memory.store",
    "ordercore/__main__.py": "import ordercore_adapters.cli",
    "ordercore/errors.py": "",
    "ordercore/testing/stores.py": "import pytest, hypothesis, ordercore.shop",
    "ordercore/services/orders.py": "import ordercore.ports, ordercore.merging.plan",
    "ordercore/merging/plan.py": "import ordercore.customers",
    "ordercore/documents/invoice.py": "import jinja2, ordercore.orders.order",
    "ordercore/messaging/render.py": "import jinja2.nodes",
    "ordercore/shopping_lists/due.py": "import dateutil.relativedelta",
    "ordercore/orders/order.py": "import ordercore.values.money",
    "ordercore/values/money.py": "import ordercore.errors",
    "ordercore/values/email.py": "import email_validator",
    "ordercore_adapters/memory/store.py": "import ordercore.ports, ordercore.stored.table",
    "ordercore_adapters/sqlalchemy/store.py": "import sqlalchemy.dialects, ordercore.values.money",
    "ordercore_adapters/smtp/notifier.py": "import smtplib, ordercore.ports",
    "ordercore_adapters/celery/tasks.py": "import celery, ordercore.shop",
    "ordercore_adapters/cli/app.py": "import rich, ordercore.shop, ordercore_adapters.sqlalchemy",
}
"""A house that keeps every rule, and uses every exception to them."""

ROOMS = [
    *(f"ordercore/{room}" for room in ("credit", "customers", "lifecycle", "ports", "stored")),
    *(f"ordercore_adapters/{room}" for room in ("documents", "procrastinate", "sms", "system")),
]

BREACHES = [
    ("ordercore/orders/order.py", "import ordercore.customers", "house"),
    ("ordercore/credit/ledger.py", "import ordercore.messaging.render", "house"),
    ("ordercore/values/money.py", "import ordercore.stored", "house"),
    ("ordercore/errors.py", "import ordercore.values.money", "house"),
    ("ordercore/stored/table.py", "import ordercore.ports", "house"),
    ("ordercore/services/orders.py", "import ordercore.shop", "house"),
    ("ordercore/merging/plan.py", "import ordercore.documents", "house"),
    ("ordercore/orders/order.py", "import ordercore.services.orders", "house"),
    ("ordercore/helpers.py", "", "house"),
    ("ordercore/merging/plan.py", "import ordercore.orders", "merging"),
    ("ordercore/documents/invoice.py", "import ordercore.customers", "documents"),
    ("ordercore/services/orders.py", "import sqlalchemy", "core"),
    ("ordercore/services/orders.py", "import ordercore_adapters.memory", "core"),
    ("ordercore/shop.py", "import ordercore_adapters.sqlalchemy", "core"),
    ("ordercore/orders/order.py", "from http.client import HTTPConnection", "core"),
    ("ordercore/orders/order.py", "def f():\n    import smtplib", "core"),
    ("ordercore/testing/stores.py", "import socket", "core"),
    ("ordercore/services/orders.py", "import jinja2", "libraries-of-the-core"),
    ("ordercore/orders/order.py", "from dateutil import rrule", "libraries-of-the-core"),
    ("ordercore/services/orders.py", "import pytest", "libraries-of-the-core"),
    ("ordercore_adapters/memory/store.py", "import ordercore_adapters.system", "adapters"),
    ("ordercore_adapters/celery/tasks.py", "import ordercore_adapters.cli", "adapters"),
    ("ordercore_adapters/common/x.py", "", "adapters"),
    ("ordercore_adapters/memory/store.py", "import ordercore.services.orders", "driven"),
    ("ordercore_adapters/sqlalchemy/store.py", "import ordercore.shop", "driven"),
    ("ordercore_adapters/sqlalchemy/store.py", "import ordercore.orders.order", "driven"),
    ("ordercore_adapters/memory/store.py", "import ordercore.testing", "driven"),
    ("ordercore_adapters/cli/app.py", "import sqlalchemy", "libraries-of-the-adapters"),
    ("ordercore_adapters/memory/store.py", "from rich import box", "libraries-of-the-adapters"),
]


def build(root: Path, modules: dict[str, str]) -> None:
    """Write a house of these modules, with a package for every folder on the way."""
    for room in ROOMS:
        (root / room).mkdir(parents=True)
    for name, text in modules.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n", "utf-8")
    for folder in (path for path in root.rglob("*") if path.is_dir()):
        (folder / "__init__.py").touch()
    (root / "pyproject.toml").write_text(PYPROJECT.read_text("utf-8"), "utf-8")


def broken(root: Path) -> set[str]:
    """Return the ids of the contracts that import-linter finds broken."""
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = dict(re.findall(r"^(.+) (KEPT|BROKEN)", done.stdout, re.MULTILINE))
    assert verdicts.keys() == NAMES.keys(), done.stdout + done.stderr
    found = {NAMES[name] for name, verdict in verdicts.items() if verdict == "BROKEN"}
    assert done.returncode == bool(found)
    return found


def test_a_sound_house_keeps_every_wall(tmp_path: Path) -> None:
    """A house that uses every permitted import breaks no contract."""
    build(tmp_path, SOUND)
    assert broken(tmp_path) == set()


@pytest.mark.parametrize(("module", "line", "contract"), BREACHES)
def test_a_breach_breaks_its_wall(tmp_path: Path, module: str, line: str, contract: str) -> None:
    """One forbidden import, or one undeclared room, breaks the contract that forbids it."""
    build(tmp_path, SOUND | {module: f"{SOUND.get(module, '')}\n{line}"})
    assert contract in broken(tmp_path)
