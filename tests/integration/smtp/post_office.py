"""A mail server on loopback that keeps what it gets and answers as it is told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import attrs
from aiosmtpd.controller import Controller

from ordercore.values.outgoing import Outgoing

WHEN = datetime(2026, 11, 22, 8, 30, 15, tzinfo=UTC)


def outgoing(number: int = 1, **changes: Any) -> Outgoing:
    """Return a message whose id is made of `number`."""
    message = Outgoing(
        id=UUID(int=number),
        sender_name="The Tea Room",
        sender_address="shop@tea.example",
        recipient="ada@example.org",
        subject=f"Message {number}",
        text="Hello Ada\n",
        html="<p>Hello Ada</p>\n",
        language="en",
    )
    return attrs.evolve(message, **changes)


def parsed(data: bytes) -> EmailMessage:
    """Return a message as a mail program understands it."""
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def bodies(message: EmailMessage) -> list[tuple[str, str]]:
    """Return the type and the content of each part, line ends as line feeds."""
    parts = message.iter_parts() if message.is_multipart() else [message]
    return [
        (part.get_content_type(), part.get_payload(decode=True).decode().replace("\r\n", "\n"))  # type: ignore[union-attr]
        for part in parts
    ]


@attrs.define
class PostOffice:
    """What a server has seen, and what it answers instead of accepting.

    Attributes:
        answers: A reply per phase (`MAIL`, `RCPT`, `DATA`) in place of 250; the
            reply `hang up` closes the connection without a word.
        patience: Seconds before the answer to RCPT.
    """

    port: int = 0
    received: list[tuple[str, list[str], bytes]] = attrs.Factory(list)
    connections: set[object] = attrs.Factory(set)
    answers: dict[str, str] = attrs.Factory(dict)
    patience: float = 0
    _open: set[Any] = attrs.Factory(set)
    _loop: asyncio.AbstractEventLoop | None = None

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Answer MAIL."""
        self._loop = asyncio.get_running_loop()
        self.connections.add(session.peer)
        self._open.add(server.transport)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._answer("MAIL", server)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Answer RCPT."""
        if self.patience:
            await asyncio.sleep(self.patience)
        answer = self._answer("RCPT", server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Answer the content, and keep it if it is accepted."""
        answer = self._answer("DATA", server)
        if answer.startswith("250"):
            self.received.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return answer

    def hang_up(self) -> None:
        """Close every connection from the server's side."""
        assert self._loop is not None
        for transport in self._open:
            self._loop.call_soon_threadsafe(transport.close)
        self._open.clear()

    def _answer(self, phase: str, server: Any) -> str:
        answer = self.answers.get(phase, "250 2.0.0 accepted")
        if answer == "hang up":
            server.transport.abort()
        return answer


@contextmanager
def post_office(**server: Any) -> Iterator[PostOffice]:
    """Run a server in a thread of its own."""
    office = PostOffice(port=free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **server)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
