"""Mail as files: each whole, each once, readable by a mail program."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from ordercore.errors import DeliveryError
from ordercore_adapters.smtp import FileNotifier
from tests.integration.smtp.post_office import WHEN, bodies, outgoing, parsed


def test_a_file_reads_back_as_the_message(tmp_path: Path) -> None:
    """Subject, parts and date come back from the `.eml` file."""
    message = outgoing(5, subject="Votre commande à 10,50 £", text="é" * 300 + "\n")
    notifier = FileNotifier(tmp_path / "new" / "mail", now=lambda: WHEN)
    notifier.send(message)
    read = parsed((tmp_path / "new" / "mail" / f"{UUID(int=5)}.eml").read_bytes())
    assert read["Subject"] == message.subject
    assert bodies(read) == [("text/plain", message.text), ("text/html", message.html)]
    assert read["Date"].datetime == WHEN


def test_a_message_sent_again_replaces_its_file(tmp_path: Path) -> None:
    """No duplicate, and nothing half-written lies about."""
    notifier = FileNotifier(tmp_path)
    for subject in ("first", "second"):
        notifier.send(outgoing(5, subject=subject))
    notifier.send(outgoing(6))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{UUID(int=5)}.eml",
        f"{UUID(int=6)}.eml",
    ]
    assert parsed((tmp_path / f"{UUID(int=5)}.eml").read_bytes())["Subject"] == "second"


def test_only_the_owner_may_read_a_file(tmp_path: Path) -> None:
    """A mail is personal."""
    FileNotifier(tmp_path).send(outgoing(5))
    assert (tmp_path / f"{UUID(int=5)}.eml").stat().st_mode & 0o077 == 0


def test_threads_write_at_once(tmp_path: Path) -> None:
    """Forty messages from four threads, some of them the same, are ten whole files."""
    notifier = FileNotifier(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: notifier.send(outgoing(number % 10)), range(40)))
    subjects = {parsed(path.read_bytes())["Subject"] for path in tmp_path.iterdir()}
    assert subjects == {f"Message {number}" for number in range(10)}
    assert len(list(tmp_path.iterdir())) == 10


def test_a_folder_that_cannot_be_written_is_temporary(tmp_path: Path) -> None:
    """A full or missing disk is put right and the message tried again; no path is told."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DeliveryError) as error:
        FileNotifier(tmp_path / "file").send(outgoing())
    assert error.value.code == "delivery.temporary"
    assert str(tmp_path) not in str(error.value)
