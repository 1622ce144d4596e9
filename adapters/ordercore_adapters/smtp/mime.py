"""A message as the bytes that travel (RFC 5322, MIME), and the envelope around them.

Headers are written here and not by `email.message`: some releases of it unfold
an encoded word into a header of its own, or a long quoted name into a second
address. The body goes out as quoted-printable, so every line is short ASCII.
"""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

import attrs

from ordercore.values.outgoing import Outgoing
from ordercore.values.text import masked
from ordercore.values.times import instant

_ATOMS = re.compile(r"[\w!#$%&'*+/?^`{|}~-]+(?: [\w!#$%&'*+/?^`{|}~-]+)*", re.ASCII)
"""A display name that needs no quotes (RFC 5322 §3.2.3)."""
_WORD_BYTES = 45
"""The most UTF-8 in an encoded word, which may be 75 characters long (RFC 2047 §2)."""


def utc_now() -> datetime:
    """Return the instant of the machine's clock, for a host that wires no other."""
    return datetime.now(UTC)  # noqa: TID251  (adapters do not know each other: not system's)


@attrs.frozen
class Mail:
    """What a mail server is told. `utf8` asks for SMTPUTF8 (RFC 6531), which few mails need."""

    sender: str = attrs.field(repr=masked)
    recipient: str = attrs.field(repr=masked)
    data: bytes = attrs.field(repr=False)
    utf8: bool

    @classmethod
    def of(cls, message: Outgoing, *, date: datetime) -> Mail:
        """Return the envelope and content of a message."""
        sender, recipient = _spelt(message.sender_address)[0], _spelt(message.recipient)[0]
        data = to_bytes(message, date=date)
        return cls(sender, recipient, data, utf8=not data.isascii())


def to_bytes(message: Outgoing, *, date: datetime) -> bytes:
    """Return a message as bytes with CRLF line ends, the same for the same arguments.

    Args:
        message: What is sent.
        date: The instant that the Date header says.
    """
    lines = [f"{name}: {value}\r\n" for name, value in _headers(message, instant(date))]
    return "".join(lines).encode() + _body(message)


def _headers(message: Outgoing, date: datetime) -> Iterator[tuple[str, str]]:
    sender, domain = _spelt(message.sender_address)
    recipient, _ = _spelt(message.recipient)
    yield "From", f"{_name(message.sender_name)}<{sender}>"
    yield "To", f"<{recipient}>"
    yield "Subject", _encoded(message.subject)
    yield "Date", format_datetime(date)
    yield "Message-ID", f"<{message.id}@{domain}>"
    for name, value in message.headers:
        yield name, _spelt(value)[0] if name == "Reply-To" else _encoded(value)
    yield "Content-Language", message.language
    yield "MIME-Version", "1.0"


def _body(message: Outgoing) -> bytes:
    text = _part("plain", message.text)
    if message.html is None:
        return text
    boundary = f"=_{message.id.hex}"  # no line of quoted-printable holds "=_"
    parts = (text, _part("html", message.html))
    head = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
    inner = "".join(f"--{boundary}\r\n{part.decode()}\r\n" for part in parts)
    return f"{head}{inner}--{boundary}--\r\n".encode()


def _part(subtype: str, content: str) -> bytes:
    head = (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + b2a_qp(content.encode(), istext=True).replace(b"\n", b"\r\n")


def _name(display: str) -> str:
    if not display.isascii():
        return _encoded(display) + " "
    if not display or _ATOMS.fullmatch(display):
        return f"{display} " if display else ""
    return '"{}" '.format(re.sub(r'(["\\])', r"\\\1", display))


def _encoded(value: str) -> str:
    """Return a header value in ASCII: as it is, or folded encoded words (RFC 2047 §2)."""
    if value.isascii() and value == value.strip():
        return value
    words, word = list[str](), ""
    for character in value:
        if len((word + character).encode()) > _WORD_BYTES:
            words.append(word)
            word = ""
        word += character
    return "\r\n ".join(f"=?utf-8?b?{_base64(word)}?=" for word in [*words, word])


def _base64(word: str) -> str:
    return b2a_base64(word.encode(), newline=False).decode()


def _spelt(address: str) -> tuple[str, str]:
    """Return an address as mail servers know it, and its domain in ASCII.

    A domain beyond ASCII has an ASCII spelling (IDNA); a local part has none.
    """
    domain = address.rpartition("@")[2]
    if address.isascii():
        return address, domain
    from email_validator import EmailNotValidError, validate_email

    try:
        known = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return address, domain if domain.isascii() else "localhost"
    return known.ascii_email or address, known.ascii_domain
