"""Whatever is typed, a message has one recipient and the headers that were meant (trap 3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordercore.errors import DeliveryError, InvalidValueError
from ordercore.values.outgoing import Outgoing
from ordercore_adapters.smtp import SmtpNotifier
from tests.integration.smtp.post_office import PostOffice, bodies, outgoing, parsed, post_office

_PIECES = (
    "\r\n", "\n", "\r", "\r\n ", "\x00", "\x85", "\u2028", "\x0b", "\x0c", "\x1c",
    "Bcc: mallory@evil.example", "\r\nBcc: mallory@evil.example", "To: mallory@evil.example",
    "=?UTF-8?Q?=0A?=", "=?utf-8?b?DQpCY2M6IG1hbGxvcnlAZXZpbC5leGFtcGxl?=", "=?", "?=",
    ",", ";", "<mallory@evil.example>", "mallory@evil.example", "mallory@evil.example,", "@", '"',
    "\\", "(", ")", ":", " ", "\r\n.\r\n", "\n.\n", ".", "RCPT TO:<mallory@evil.example>",
    "> SIZE=1", "é", "😀", "Zoë", "a", "example.org", "--=_", "\r\n\r\n",
)  # fmt: skip
_MILD = [piece for piece in _PIECES if piece.isprintable() and "=?" not in piece]
WILD = st.lists(st.sampled_from(_PIECES) | st.text(max_size=4), max_size=7).map("".join)
MILD = st.lists(st.sampled_from(_MILD), max_size=7).map("".join)
TYPED = MILD | WILD | MILD.map("{}@example.org".format)
FIELDS = ["subject", "sender_name", "recipient", "sender_address", "text", "html", "Reply-To",
          "List-Unsubscribe", "References"]  # fmt: skip


@pytest.fixture(scope="module")
def wired() -> Iterator[tuple[PostOffice, SmtpNotifier]]:
    """One server and one connection for all attempts."""
    with post_office(enable_SMTPUTF8=True) as office:
        notifier = SmtpNotifier("127.0.0.1", office.port, messages_per_connection=10**6)
        yield office, notifier
        notifier.close()


def tampered(typed: dict[str, str]) -> Outgoing | None:
    """Return a message with what was typed in its fields, or None when it is refused."""
    headers = tuple((name, value) for name, value in typed.items() if name[0].isupper())
    fields: dict[str, Any] = {name: value for name, value in typed.items() if name[0].islower()}
    try:
        return attrs.evolve(outgoing(), headers=headers, **fields)
    except InvalidValueError:
        return None


@settings(max_examples=400)
@given(typed=st.dictionaries(st.sampled_from(FIELDS), TYPED, min_size=1, max_size=3))
def test_no_header_and_no_recipient_is_smuggled_in(
    wired: tuple[PostOffice, SmtpNotifier], typed: dict[str, str]
) -> None:
    """A message is refused before it leaves, or arrives with exactly what was meant."""
    office, notifier = wired
    message = tampered(typed)
    if message is None:
        return
    office.received.clear()
    try:
        notifier.send(message)
    except DeliveryError:  # an odd address, which the server does not take
        assert office.received == []
        return
    ((_, recipients, data),) = office.received
    read = parsed(data)
    assert len(recipients) == 1
    assert recipients[0].rpartition("@")[0] == message.recipient.rpartition("@")[0]
    meant = ["From", "To", "Subject", "Date", "Message-ID", *dict(message.headers)]
    assert read.keys() == [*meant, "Content-Language", "MIME-Version", "Content-Type"]
    assert read["Subject"] == message.subject
    assert len(read["From"].addresses) == len(read["To"].addresses) == 1
    assert bodies(read) == [("text/plain", message.text), ("text/html", message.html)]


def test_the_attempts_are_not_all_refused() -> None:
    """The search above would prove nothing if every message were refused: these are not."""
    harmless = {
        "subject": "Bcc: mallory@evil.example",
        "sender_name": "a, b <c@d.example>",
        "text": "\n.\nRCPT TO:<mallory@evil.example>\n",
        "Reply-To": "a@b.example",
    }
    assert tampered(harmless) is not None
    assert tampered({"subject": "=?UTF-8?Q?=0A?=Bcc: mallory@evil.example"}) is None
