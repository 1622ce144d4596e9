"""Encryption and sign-in: never without, when asked for; and the password is never shown."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from ordercore.errors import DeliveryError
from ordercore_adapters.smtp import SmtpNotifier
from tests.integration.smtp.post_office import PostOffice, outgoing, post_office

PASSWORD = "correct-horse"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl command to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate, both = (folder / name for name in ("key.pem", "cert.pem", "both.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both


@pytest.fixture(scope="module")
def serving(certificate: Path) -> ssl.SSLContext:
    """What the server shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture(scope="module")
def trusting(certificate: Path) -> ssl.SSLContext:
    """What the shop trusts: that one certificate."""
    return ssl.create_default_context(cafile=str(certificate))


def let_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    """Let the one user in who knows the password."""
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=right)


def send(office: PostOffice, **wiring: Any) -> str:
    """Send one message; return what is said of it, which never tells the password."""
    notifier = SmtpNotifier("127.0.0.1", office.port, timeout=5, **wiring)
    said = "accepted"
    try:
        notifier.send(outgoing())
    except DeliveryError as error:
        said = f"{error.code} {error.params['reason']}"
    finally:
        notifier.close()
    assert PASSWORD not in f"{notifier!r} {vars(notifier)!r} {said}"
    return said


def test_starttls_and_sign_in(serving: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    """With the right certificate and password a message is accepted."""
    with post_office(
        tls_context=serving, require_starttls=True, authenticator=let_in, auth_required=True
    ) as office:
        assert (
            send(office, tls="starttls", username="shop", password=PASSWORD, ssl_context=trusting)
            == "accepted"
        )
        wrong = send(office, tls="starttls", username="shop", password="x", ssl_context=trusting)
        assert wrong == "delivery.temporary CONNECT: 535 5.7.8"
        unsigned = send(office, tls="starttls", ssl_context=trusting)
        assert unsigned == "delivery.temporary MAIL: 530 5.7.0"
        assert send(office) == "delivery.temporary MAIL: 530"
    assert len(office.received) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(serving: ssl.SSLContext) -> None:
    """By default the system's authorities decide, and they do not know this one."""
    with post_office(tls_context=serving) as office:
        assert (
            send(office, tls="starttls") == "delivery.temporary CONNECT: SSLCertVerificationError"
        )
    assert office.received == []


def test_starttls_does_not_go_on_in_the_clear() -> None:
    """A server, or somebody between, that offers no STARTTLS gets no message."""
    with post_office() as office:
        assert "tls=" in send(office, tls="starttls", username="shop", password=PASSWORD)
    assert office.received == []


def test_implicit_tls(serving: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    """Encryption from the first byte, with a certificate that is checked."""
    with post_office(ssl_context=serving, server_hostname="127.0.0.1") as office:
        assert send(office, tls="implicit", ssl_context=trusting) == "accepted"
        assert (
            send(office, tls="implicit") == "delivery.temporary CONNECT: SSLCertVerificationError"
        )
    assert len(office.received) == 1
