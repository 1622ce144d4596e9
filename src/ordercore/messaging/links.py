"""Links in letters, and the place in one where a single-use token will stand."""

from __future__ import annotations

from urllib.parse import quote

import attrs

from ordercore.errors import InvalidValueError
from ordercore.values.outgoing import check_link

PROOF_TOKEN = "proof-token-goes-here"
"""Where the deliverer puts a fresh token just before sending.

Unreserved characters of a URL only (RFC 3986 §2.3), so that neither escaping
for HTML nor quoting for a URL changes it. The outbox holds this marker and
never a token (I8).
"""


def fill_token(text: str, token: str) -> str:
    """Return `text` with the marker replaced by `token`, quoted for a URL."""
    return text.replace(PROOF_TOKEN, quote(token, safe=""))


def without_marker(text: str) -> str:
    """Return `text` in which no token will be put, for words that people typed."""
    return text.replace(PROOF_TOKEN, PROOF_TOKEN.replace("-", " "))


def is_link(_: object, attribute: attrs.Attribute[str], value: str) -> None:
    """Refuse what is neither empty nor a web address, as an attrs validator."""
    if value:
        check_link(value, field=attribute.name)
        if PROOF_TOKEN in value:
            raise InvalidValueError("link.syntax", field=attribute.name)


def is_proof_link(_: object, attribute: attrs.Attribute[str], value: str) -> None:
    """Refuse what is not a web address with the marker in it once, as an attrs validator."""
    check_link(value, field=attribute.name)
    if value.count(PROOF_TOKEN) != 1:
        raise InvalidValueError("link.syntax", field=attribute.name)
