"""The small commands, and how the command line is spoken to (EM9)."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from ordercore.orders.default_flow import DEFAULT_FLOW
from ordercore.orders.diagram import to_dot, to_mermaid
from ordercore.orders.imported_flow import IMPORTED_FLOW
from tests.integration.cli.terminal import Terminal, shop_in, started

COMMANDS = ("import", "run-due", "deliver", "migrate", "verify", "events", "flow")


def test_help_names_every_command(run: Terminal) -> None:
    """Asked for help, or for nothing, it says what it can do."""
    for words in ((), ("--help",)):
        said = run(*words)
        assert said.code == 0
        assert all(name in said.out for name in COMMANDS)


@pytest.mark.parametrize(
    "words", [("nonsense",), ("verify",), ("flow", "diagram", "--format", "x")]
)
def test_what_is_asked_wrongly_ends_with_2_and_one_line(
    run: Terminal, words: tuple[str, ...]
) -> None:
    """Unknown commands, missing options, values out of range."""
    said = run(*words)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)


def test_a_missing_extra_names_the_install_line() -> None:
    """Without cyclopts the door says what to install, and nothing else."""
    code = (
        "import sys; sys.modules['cyclopts'] = None; from ordercore.__main__ import main; "
        "sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "ordercore: the command line needs: pip install 'ordercore[cli]'\n"


# ── databases ──


def test_migrate_makes_the_tables_and_may_be_repeated(run: Terminal, db: str) -> None:
    """Afterwards the other commands work."""
    assert run("migrate", "--db", db).code == 0
    assert run("migrate", "--db", db).code == 0
    assert run("verify", "--db", db).out == "every invariant holds\n"


@pytest.mark.parametrize("command", ["verify", "events", "run-due"])
def test_a_database_that_is_not_there_is_not_made(
    run: Terminal, db: str, tmp_path: Path, command: str
) -> None:
    """A mistyped name is an error, not an empty shop that is in order."""
    said = run(command, "--db", db)
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert "run migrate" in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_our_tables_is_refused(run: Terminal, db: str, tmp_path: Path) -> None:
    """Likewise one that belongs to somebody else."""
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.execute("CREATE TABLE theirs (id INTEGER)")
    connection.close()
    said = run("verify", "--db", db)
    assert said.code == 1
    assert "run migrate" in said.err


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "parse"),
        ("klingon://localhost/x", "klingon"),
        ("postgresql+psycopg://postgres:s%40crét@127.0.0.1:1/x", "127.0.0.1"),
        ("mysql+pymysql://root:s%40crét@127.0.0.1:1/x", "127.0.0.1"),
    ],
)
@pytest.mark.parametrize("command", ["verify", "migrate"])
def test_a_database_that_does_not_answer_is_one_line_without_its_password(
    run: Terminal, command: str, url: str, words: str
) -> None:
    """Whatever the driver says, it is no traceback and no secret."""
    said = run(command, "--db", url)
    assert (said.code != 0, said.out, said.err.count("\n")) == (True, "", 1)
    assert words in said.err or "does not answer" in said.err
    assert "crét" not in said.err


def test_verify_prints_what_is_broken_and_ends_with_1(
    run: Terminal, db: str, tmp_path: Path
) -> None:
    """For people a line each, for programs JSON."""
    with shop_in(db) as shop:
        customer = shop.customers.register(name="Mme Durand")
    assert run("verify", "--db", db).code == 0
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.execute("UPDATE oc_customer SET status = 'merged'")
    connection.commit()
    connection.close()
    said = run("verify", "--db", db)
    assert said.code == 1
    assert f"I9 customer {customer.id}: " in said.out
    assert "Durand" not in said.out
    said = run("verify", "--db", db, "--json")
    assert said.code == 1
    assert {each["invariant"] for each in json.loads(said.out)} == {"I9"}


# ── events ──


def test_events_come_in_order_from_after_a_number(run: Terminal, db: str) -> None:
    """A reader who noted the last number goes on behind it; nothing personal is printed."""
    with shop_in(db) as shop:
        for at in range(205):
            shop.as_staff("anna").customers.register(name=f"Durand {at}", guest=True)
    lines = [json.loads(line) for line in run("events", "--db", db, "--json").out.splitlines()]
    assert [line["number"] for line in lines] == list(range(1, 206))
    assert {line["verb"] for line in lines} == {"customer.register"}
    assert lines[0]["actor"] == "staff:anna"
    assert lines[0]["events"][0]["tag"] == "customer.registered"
    rest = run("events", "--db", db, "--after", 203).out.splitlines()
    assert [line.split("\t")[0] for line in rest] == ["204", "205"]
    assert rest[0].endswith("customer.register\tstaff:anna\tcustomer.registered")
    assert "Durand" not in run("events", "--db", db, "--json").out


def test_a_reader_who_has_seen_enough_may_go(db: str) -> None:
    """`events | head` is no error worth a word."""
    with shop_in(db) as shop:
        for _ in range(300):
            shop.customers.register(guest=True)
    with started("events", "--db", db, "--json") as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr is not None
        assert running.stderr.read() == ""


# ── flows ──


def test_flow_diagrams_are_those_of_the_live_definition(run: Terminal) -> None:
    """Mermaid unless DOT is asked for; both built-in flows, with labels on request."""
    assert run("flow", "diagram").out == to_mermaid(DEFAULT_FLOW)
    assert run("flow", "diagram", "--format", "dot").out == to_dot(DEFAULT_FLOW)
    said = run("flow", "diagram", "--flow", "imported", "--language", "fr", "--format", "mermaid")
    assert said.out == to_mermaid(IMPORTED_FLOW, language="fr")
    assert run("flow", "diagram", "--flow", "lost").code == 2
