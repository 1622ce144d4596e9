"""A mail server as a URL. Its password, there or in the environment, is never shown."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qs, unquote, urlsplit

from cyclopts import Parameter

from ordercore.errors import SetupError

if TYPE_CHECKING:
    from ordercore_adapters.smtp import SmtpNotifier
    from ordercore_adapters.smtp.session import Tls

SmtpUrl = Annotated[str, Parameter(show_default=False)]
PASSWORD = "ORDERCORE_SMTP_PASSWORD"
_TLS: dict[str, Tls] = {"none": "none", "starttls": "starttls"}
_REFUSED = "--smtp: expected smtp://[user[:password]@]host[:port][?tls=starttls] or smtps://…"


def smtp_notifier(url: str) -> SmtpNotifier:
    """Return the mail server that a URL names.

    Raises:
        SetupError: `setup.usage`; it never repeats the URL.
    """
    from ordercore_adapters.smtp import SmtpNotifier

    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        asked = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise SetupError("setup.usage", reason=_REFUSED) from None
    if parts.scheme not in ("smtp", "smtps") or not host or parts.path not in ("", "/"):
        raise SetupError("setup.usage", reason=_REFUSED)
    username = unquote(parts.username) if parts.username else None
    tls = _tls(parts.scheme, asked, signs_in=username is not None)
    return SmtpNotifier(
        host,
        port or {"none": 25, "starttls": 587, "implicit": 465}[tls],
        tls=tls,
        username=username,
        password=unquote(parts.password) if parts.password else os.environ.get(PASSWORD),
    )


def _tls(scheme: str, asked: dict[str, list[str]], *, signs_in: bool) -> Tls:
    """Return how the talk is encrypted: whoever signs in is, unless they say otherwise."""
    chosen = asked.pop("tls", [])
    if asked or len(chosen) > 1 or any(each not in _TLS for each in chosen):
        raise SetupError("setup.usage", reason=_REFUSED)
    if scheme == "smtps":
        if chosen:
            raise SetupError("setup.usage", reason=_REFUSED)
        return "implicit"
    if chosen:
        return _TLS[chosen[0]]
    return "starttls" if signs_in else "none"
