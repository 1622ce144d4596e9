"""`run-due` and `deliver`: once or for ever, ending after the item at hand."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from ordercore.stored.outbox import ERRANDS
from tests.integration.cli.terminal import Terminal, shop_in, started
from tests.integration.smtp.post_office import PostOffice, free_port, post_office

PATIENCE = 20


def _queued(db: str, count: int) -> None:
    """Queue messages: everybody who opens an account is welcomed."""
    with shop_in(db) as shop:
        for at in range(count):
            shop.customers.register(name=f"Customer {at}", email=f"customer-{at}@shop.example")


def _states(db: str) -> list[str]:
    with shop_in(db) as shop, shop.store.reading() as rows:
        return sorted(row.state for row in rows.stream(ERRANDS))


def test_messages_become_files(run: Terminal, db: str, tmp_path: Path) -> None:
    """`--eml DIR` writes each message once, signed as the shop that was named."""
    _queued(db, 3)
    folder = tmp_path / "mail"
    signed = ("--shop-name", "The Tea Room", "--sender", "shop@tea.example")
    said = run("deliver", "--db", db, "--eml", folder, *signed)
    assert (said.code, said.out) == (0, "sent 3, postponed 0, dead 0, lost 0\n")
    mails = [each.read_text() for each in folder.iterdir()]
    assert len(mails) == 3
    assert all("shop@tea.example" in mail for mail in mails)
    assert run("deliver", "--db", db, "--eml", folder).out.startswith("sent 0")


def test_messages_go_to_a_mail_server(run: Terminal, db: str) -> None:
    """`--smtp URL` hands each message to the server."""
    _queued(db, 2)
    with post_office() as office:
        said = run("deliver", "--db", db, "--smtp", f"smtp://127.0.0.1:{office.port}")
        assert said.out.startswith("sent 2")
    assert sorted(to for _, (to,), _ in office.received) == [
        "customer-0@shop.example", "customer-1@shop.example",
    ]  # fmt: skip


def test_messages_that_no_server_takes_wait(run: Terminal, db: str) -> None:
    """Nothing is lost when nobody answers."""
    _queued(db, 2)
    said = run("deliver", "--db", db, "--smtp", "smtp://127.0.0.1:1")
    assert said.out.startswith("sent 0, postponed 2")
    assert _states(db) == ["queued", "queued"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--eml", "mail", "--smtp", "smtp://localhost"],
        ["--smtp", "http://user:hunter2@localhost"],
        ["--smtp", "smtp://user:hunter2@localhost:port"],
        ["--smtp", "smtps://user:hunter2@localhost?tls=none"],
        ["--smtp", "smtp://user:hunter2@localhost?tls=maybe"],
        ["--smtp", "smtp://user:hunter2@localhost/path"],
        ["--eml", "mail", "--sender", "nobody"],
        ["--eml", "mail", "--every", "0"],
    ],
)
def test_a_carrier_is_needed_and_only_one(run: Terminal, db: str, words: list[str]) -> None:
    """What is asked wrongly ends with 2, and never shows a password."""
    said = run("deliver", "--db", db, *words)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "hunter2" not in said.err


def test_a_worker_that_is_told_to_stop_ends_after_the_message_at_hand(db: str) -> None:
    """SIGTERM while a message is on its way: that one is settled, the others wait."""
    _queued(db, 5)

    class Interrupting(PostOffice):
        async def handle_RCPT(self, *talk: Any) -> str:  # noqa: N802
            if not self.received:
                running.send_signal(signal.SIGTERM)
            return await super().handle_RCPT(*talk)

    with _open(Interrupting(port=free_port(), patience=0.3)) as office:
        url = f"smtp://127.0.0.1:{office.port}"
        with started("deliver", "--db", db, "--smtp", url, "--loop") as running:
            out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, err) == (0, "")
    assert out == "sent 1, postponed 0, dead 0, lost 0\n"
    assert _states(db) == ["queued"] * 4 + ["sent"]


def test_a_worker_at_rest_is_woken_by_being_told_to_stop(db: str, tmp_path: Path) -> None:
    """It does not sleep its time out."""
    _queued(db, 1)
    words = ("deliver", "--db", db, "--eml", tmp_path, "--loop", "--every", 3600)
    with started(*words) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("sent 1")
        asked = time.monotonic()
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=PATIENCE) == 0
    assert time.monotonic() - asked < 5


def test_a_worker_goes_on_until_then(db: str, tmp_path: Path) -> None:
    """With --loop, what comes later is carried too."""
    with shop_in(db):
        pass
    words = ("deliver", "--db", db, "--eml", tmp_path / "mail", "--loop", "--every", 0.05)
    with started(*words) as running:
        assert running.stdout is not None
        running.stdout.readline()
        _queued(db, 1)
        until = time.monotonic() + PATIENCE
        while _states(db) != ["sent"]:
            assert time.monotonic() < until
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=PATIENCE)
    assert running.returncode == 0


@contextmanager
def _open(office: PostOffice) -> Iterator[PostOffice]:
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    yield office
    controller.stop()


# ── due work ──


def test_run_due_does_all_that_is_due(run: Terminal, db: str) -> None:
    """With nothing due it says so and ends."""
    with shop_in(db):
        pass
    said = run("run-due", "--db", db)
    assert (said.code, said.out) == (0, "done 0, to be tried again 0\n")


def test_run_due_goes_on_for_ever_until_it_is_told(db: str) -> None:
    """SIGTERM ends it, and that is a good end."""
    with shop_in(db):
        pass
    with started("run-due", "--db", db, "--loop", "--every", 3600) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=PATIENCE) == 0
