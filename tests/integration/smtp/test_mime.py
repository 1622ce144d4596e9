"""The bytes of a message: read back by a mail program they say what was meant (RFC 5322, MIME)."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr, parsedate_to_datetime
from uuid import UUID

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ordercore.values.outgoing import Outgoing
from ordercore_adapters.smtp import to_bytes
from tests.integration.smtp.post_office import WHEN, bodies, outgoing, parsed

_LINE = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
WORDS = st.text(_LINE, max_size=90).filter(lambda text: "=?" not in text)
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=400)
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language",
    "MIME-Version", "Content-Type",
]  # fmt: skip


def sent(message: Outgoing) -> bytes:
    """Return the bytes, sent at a known instant."""
    return to_bytes(message, date=WHEN)


def read_name(data: bytes) -> str:
    """Return the sender's name; Python 3.11's newer reader parts a name of several words."""
    unfolded = message_from_bytes(data)["From"].replace("\r\n ", " ")
    return str(make_header(decode_header(parseaddr(unfolded)[0])))


def test_the_headers_say_who_what_and_when() -> None:
    """Every header that a mail program expects stands there once, and no other."""
    message = parsed(sent(outgoing(7)))
    assert message.keys() == HEADERS
    assert str(message["From"]) == "The Tea Room <shop@tea.example>"
    assert str(message["To"]) == "ada@example.org"
    assert message["Subject"] == "Message 7"
    assert parsedate_to_datetime(message["Date"]) == WHEN
    assert message["Message-ID"] == f"<{UUID(int=7)}@tea.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message["MIME-Version"] == "1.0"
    assert message.get_content_type() == "multipart/alternative"


def test_the_same_message_is_the_same_bytes() -> None:
    """A repeat can be told by its bytes and by its Message-ID."""
    assert sent(outgoing(7)) == sent(outgoing(7))
    assert sent(outgoing(7)) != sent(outgoing(8))


def test_the_text_comes_before_the_html() -> None:
    """Of alternatives a mail program shows the last that it understands (RFC 2046 §5.1.4)."""
    both = bodies(parsed(sent(outgoing())))
    assert both == [("text/plain", "Hello Ada\n"), ("text/html", "<p>Hello Ada</p>\n")]
    only = parsed(sent(outgoing(html=None)))
    assert bodies(only) == [("text/plain", "Hello Ada\n")]


@given(subject=WORDS, name=WORDS)
@example(subject="Votre commande 7F3K-92QX : 1 309,50 £ — livrée à Zoë 😀" * 3, name='Thé, "& Cie"')
@example(subject=" spaces  about ", name='a\\"b, c <d@e.example>')
@example(subject="\u00a0", name="x" * 90)
@example(subject="", name="")
def test_words_of_headers_come_back(subject: str, name: str) -> None:
    """Accents, emoji, quotes, commas and spaces survive, and the sender stays one address."""
    message = parsed(sent(outgoing(subject=subject, sender_name=name)))
    assert message["Subject"] == subject
    (address,) = message["From"].addresses
    assert address.addr_spec == "shop@tea.example"
    assert read_name(sent(outgoing(sender_name=name))) == name


@given(text=LINES, html=LINES)
@example(text="." + "\n..\n. \n", html="From here\n to there \n--=_x\n=_=20")
@example(text="x" * 5000 + "é" * 1000 + "\n", html="😀" * 600)
def test_bodies_come_back(text: str, html: str) -> None:
    """Any text of any line length survives, and no line is longer than 76 (RFC 2045 §6.7)."""
    data = sent(outgoing(text=text, html=html))
    assert bodies(parsed(data)) == [("text/plain", text), ("text/html", html)]
    body = data.partition(b"\r\n\r\n")[2]
    assert max(len(line) for line in body.split(b"\r\n")) <= 76


@given(
    subject=st.text(_LINE, max_size=200).filter(lambda text: "=?" not in text),
    name=st.text(_LINE, max_size=100).filter(lambda text: "=?" not in text),
    text=LINES,
)
def test_everything_is_short_lines_of_ascii(subject: str, name: str, text: str) -> None:
    """No line passes 998 (RFC 5322 §2.1.1), none needs 8 bits, every end is CRLF."""
    data = sent(outgoing(subject=subject, sender_name=name, text=text))
    assert data.isascii()
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\x00", data)


@pytest.mark.parametrize("word", ["é" * 200, "😀" * 200, "a" * 199 + "é"])
def test_no_encoded_word_is_too_long(word: str) -> None:
    """An encoded word has at most 75 characters and ends between characters (RFC 2047 §2, §5)."""
    head = sent(outgoing(subject=word)).partition(b"\r\nDate:")[0]
    words = re.findall(rb"=\?utf-8\?b\?[^?]*\?=", head)
    assert len(words) > 1
    assert max(map(len, words)) <= 75


def test_answers_and_domains_beyond_ascii() -> None:
    """Reply-To stays an address; a domain is spelt in ASCII, in the Message-ID too."""
    headers = (("Reply-To", "hilfe@bücher.example"),)
    message = outgoing(1, sender_address="laden@bücher.example", headers=headers)
    read = parsed(sent(message))
    assert read["Reply-To"].addresses[0].addr_spec == "hilfe@xn--bcher-kva.example"
    assert read["From"].addresses[0].addr_spec == "laden@xn--bcher-kva.example"
    assert read["Message-ID"] == f"<{UUID(int=1)}@xn--bcher-kva.example>"


def test_the_sender_may_have_no_name() -> None:
    """Without a name the address stands alone."""
    (address,) = parsed(sent(attrs.evolve(outgoing(), sender_name="")))["From"].addresses
    assert (address.display_name, address.addr_spec) == ("", "shop@tea.example")
