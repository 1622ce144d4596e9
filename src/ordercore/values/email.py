"""E-mail addresses: what mail can be sent to, and the key by which two are the same."""

from __future__ import annotations

import re
import unicodedata

import attrs

from ordercore.errors import InvalidValueError
from ordercore.values.text import check_text

LIMIT = 254
"""The most characters of an address (RFC 5321 §4.5.3.1.3, less the angle brackets)."""

_FORM = "not the form name@domain.tld, or a reserved domain"
_LOCAL = re.compile(r"(?<=\.)local\Z", re.IGNORECASE | re.ASCII)


@attrs.frozen(repr=False)
class EmailAddress:
    """An address that mail can be sent to. Prints masked; `text` is the address itself."""

    text: str

    def __attrs_post_init__(self) -> None:
        """Refuse what no store keeps; the form is judged by `parse`."""
        check_text(self.text, field="email", limit=LIMIT)
        if "@" not in self.text:
            raise InvalidValueError("email.syntax", reason=_FORM)

    @classmethod
    def parse(cls, value: object) -> EmailAddress:
        """Return the address that `value` spells.

        Accepted is what ordinary mail systems accept: a dot-atom of at most 64
        characters, also beyond ASCII (RFC 6531) but then in NFKC (UTS #39 §3.3), at
        a domain name with a dot. Refused are quoted local parts, address literals,
        comments, display names, surrounding space and the domains that lead nowhere
        (`.invalid`, `.localhost`, `.onion`, `.arpa`); `.test`, `.example` and
        `.local` pass, for trials and private networks.

        The local part stays as written, save that a role such as `Info` is in lower
        case (RFC 2142); the domain comes out in lower case and Unicode letters.

        Raises:
            InvalidValueError: `email.syntax`; the reason never repeats the address.
        """
        if not isinstance(value, str):
            raise InvalidValueError("email.syntax", reason=f"got {type(value).__name__}")
        if len(value) > LIMIT:
            raise InvalidValueError("email.syntax", reason=f"more than {LIMIT} characters")
        text = _normalized(value)
        local, _, domain = text.rpartition("@")
        if "." not in domain or not unicodedata.is_normalized("NFKC", local):
            raise InvalidValueError("email.syntax", reason=_FORM)
        return cls(text)

    @property
    def key(self) -> str:
        """The spelling by which two addresses are the same: in lower case, else unchanged.

        RFC 5321 lets a server tell `Ada@` from `ada@`; none that people use does,
        and a shop that did would have two accounts for one mailbox. Nothing else is
        folded: `strasse.de` and `straße.de` have two owners.
        """
        return email_key(self.text)

    def __str__(self) -> str:
        """Return the address masked, fit for a log."""
        local, _, domain = self.text.rpartition("@")
        return f"{local[:1]}…@{domain[:1]}…"

    def __repr__(self) -> str:
        """Return the address masked, fit for a log."""
        return f"EmailAddress({str(self)!r})"


def email_key(text: str) -> str:
    """Return the key of an address that is known to be one, at most as long as `LIMIT`."""
    return unicodedata.normalize("NFKC", text.lower())


def _normalized(value: str) -> str:
    """Return the address as the library spells it.

    `test_environment` lets `.test` pass. There is no such switch for `.local`, so
    another name of five letters stands in for it.
    """
    from email_validator import EmailNotValidError, validate_email

    private = _LOCAL.search(value) is not None
    spelt = _LOCAL.sub("lokal", value)
    try:
        checked = validate_email(
            spelt, check_deliverability=False, test_environment=True, strict=True
        )
    except EmailNotValidError:
        raise InvalidValueError("email.syntax", reason=_FORM) from None
    return checked.normalized[:-5] + "local" if private else checked.normalized
