"""A message ready to leave, and the face that the shop shows on it."""

from __future__ import annotations

import re
from uuid import UUID

import attrs

from ordercore.errors import InvalidValueError
from ordercore.values.language import language_tag
from ordercore.values.text import check_text, masked

HEADERS = frozenset(
    "Auto-Submitted Reply-To In-Reply-To References List-Id List-Unsubscribe "
    "List-Unsubscribe-Post Feedback-ID Precedence".split()
)
"""What a message may set beside the headers that a carrier writes itself."""

SUBJECT_LIMIT = 200
"""The most characters of a subject, so that it stays on one line of a mail header."""

BODY_LIMIT = 10_000_000
"""The most characters of a body: an order of ten thousand lines fits."""

_AUTOMATIC = (("Auto-Submitted", "auto-generated"),)  # RFC 3834 §5: no holiday notes in answer
_ONE_ADDRESS = re.compile(r"""[^\s@<>(),;:"\\\[\]]+@[^\s@<>(),;:"\\\[\]]+""")
_WEB = re.compile(r"""https?://[^\s/?#@<>"\\^`{|}]+(?:[/?#][^\s<>"\\^`{|}]*)?""")


def check_header(value: object, *, field: str, limit: int = 998) -> str:
    r"""Return `value` when it stays one header value whatever a mail library makes of it.

    Control characters end a header; `=?` begins an encoded word (RFC 2047), in
    which a library may find a line feed and with it another header.

    Raises:
        InvalidValueError: `header.encoded_word`, or a code of `check_text`.
    """
    text = check_text(value, field=field, limit=limit)
    if "=?" in text:
        raise InvalidValueError("header.encoded_word", field=field)
    return text


def check_one_address(value: object, *, field: str) -> str:
    """Return `value` when it is exactly one bare e-mail address.

    Raises:
        InvalidValueError: `email.syntax`; the reason never repeats the address.
    """
    text = check_header(value, field=field, limit=254)
    if not _ONE_ADDRESS.fullmatch(text):
        raise InvalidValueError("email.syntax", reason=f"{field} is not exactly one address")
    return text


def check_link(value: object, *, field: str) -> str:
    """Return `value` when it is an http or https address without sign-in data.

    Raises:
        InvalidValueError: `link.syntax`, or a code of `check_text`.
    """
    text = check_text(value, field=field, limit=2000)
    if not _WEB.fullmatch(text):
        raise InvalidValueError("link.syntax", field=field)
    return text


@attrs.frozen(kw_only=True)
class ShopProfile:
    """How the shop signs its messages.

    Attributes:
        name: What the shop is called, in the head and foot of each message.
        sender_address: Where messages come from: one bare e-mail address.
        sender_name: The name beside that address; the shop's own when empty.
        base_url: The shop's home page, http or https.
        reply_to: Where answers go, when not to the sender.
        language: What the shop speaks to whoever speaks nothing it knows.
    """

    name: str
    sender_address: str = attrs.field(repr=masked)
    base_url: str
    sender_name: str = ""
    reply_to: str | None = attrs.field(default=None, repr=masked)
    language: str = "en"

    def __attrs_post_init__(self) -> None:
        """Refuse what would break a header or a link."""
        check_text(self.name, field="name", limit=100, empty=False)
        check_header(self.name, field="name", limit=100)
        check_header(self.sender_name, field="sender_name", limit=100)
        check_one_address(self.sender_address, field="sender_address")
        check_link(self.base_url, field="base_url")
        if self.reply_to is not None:
            check_one_address(self.reply_to, field="reply_to")


@attrs.frozen(kw_only=True)
class Outgoing:
    """One message to one person, as a carrier gets it.

    Attributes:
        id: The same at every attempt: the Message-ID is made of it.
        channel: Which carrier takes it; `email` is the only one as yet.
        recipient: Exactly one bare address.
        text: The plain part, lines ending in a line feed.
        html: The same facts as HTML, or None.
        language: The language that it is written in, such as `fr`.
        headers: Names out of `HEADERS` and their values, in order.
    """

    id: UUID
    channel: str = "email"
    sender_name: str
    sender_address: str = attrs.field(repr=masked)
    recipient: str = attrs.field(repr=masked)
    subject: str = attrs.field(repr=masked)
    text: str = attrs.field(repr=masked)
    html: str | None = attrs.field(default=None, repr=masked)
    language: str
    headers: tuple[tuple[str, str], ...] = attrs.field(default=_AUTOMATIC, repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse what would add a header or a recipient."""
        check_header(self.sender_name, field="sender_name", limit=100)
        check_one_address(self.sender_address, field="sender_address")
        check_one_address(self.recipient, field="recipient")
        check_header(self.subject, field="subject", limit=SUBJECT_LIMIT)
        check_text(self.text, field="text", limit=BODY_LIMIT, multiline=True)
        if self.html is not None:
            check_text(self.html, field="html", limit=BODY_LIMIT, multiline=True)
        language_tag(self.language)
        self._check_headers()

    def _check_headers(self) -> None:
        names = [name for name, _ in self.headers]
        for name, value in self.headers:
            if name not in HEADERS or names.count(name) > 1:
                raise InvalidValueError("header.name", name=str(name)[:60])
            check_header(value, field=name, limit=900)
            if name == "Reply-To":
                check_one_address(value, field=name)
