"""A mail server as a URL."""

from __future__ import annotations

import pytest

from ordercore.errors import SetupError
from ordercore_adapters.cli.smtp_url import PASSWORD, smtp_notifier


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "username", "password"),
    [
        ("smtp://localhost", "localhost", 25, "none", None, None),
        ("smtp://localhost:2525/", "localhost", 2525, "none", None, None),
        ("smtp://mail.example?tls=starttls", "mail.example", 587, "starttls", None, None),
        ("smtp://ada:s%40cret@mail.example", "mail.example", 587, "starttls", "ada", "s@cret"),
        ("smtp://ada:x@[::1]:25?tls=none", "::1", 25, "none", "ada", "x"),
        ("smtps://ada%40shop.example:x@mail.example", "mail.example", 465, "implicit",
         "ada@shop.example", "x"),
    ],
)  # fmt: skip
def test_a_url_says_where_and_how(
    url: str, host: str, port: int, tls: str, username: str | None, password: str | None
) -> None:
    """Who signs in is encrypted unless the URL says otherwise; the usual ports are known."""
    server = smtp_notifier(url)._server
    assert (server.host, server.port, server.tls) == (host, port, tls)
    assert (server.username, server.password) == (username, password)


def test_the_password_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it stands in no list of processes; one in the URL goes before it."""
    monkeypatch.setenv(PASSWORD, "from outside")
    assert smtp_notifier("smtps://ada@mail.example")._server.password == "from outside"
    assert smtp_notifier("smtps://ada:inside@mail.example")._server.password == "inside"
    assert "outside" not in repr(smtp_notifier("smtps://ada@mail.example"))


@pytest.mark.parametrize(
    "url",
    [
        "", "mail.example", "http://mail.example", "smtp://", "smtp://h/inbox", "smtp://h:99999",
        "smtp://h?tls=maybe", "smtp://h?tls=none&tls=starttls", "smtp://h?x=1", "smtp://h?x",
        "smtps://h?tls=starttls", "smtp://ada:hunter2@[::1",
    ],
)  # fmt: skip
def test_what_is_no_mail_server_is_refused_without_being_repeated(url: str) -> None:
    """The URL may hold a password."""
    with pytest.raises(SetupError) as refused:
        smtp_notifier(url)
    assert refused.value.code == "setup.usage"
    assert "hunter2" not in str(refused.value)
