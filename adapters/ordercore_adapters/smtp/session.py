"""One connection to a mail server: opening it, and carrying a message through its phases."""

from __future__ import annotations

import re
import ssl
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPDataError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import Literal

import attrs

from ordercore.errors import DeliveryError
from ordercore_adapters.smtp.mime import Mail

Tls = Literal["none", "starttls", "implicit"]
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_CLOSING, _SIGN_IN_FIRST = 421, 530
_LEAVE_SECONDS = 2


class HungUpError(Exception):
    """The server had hung up before it heard of the message: another connection may carry it."""


@attrs.frozen(kw_only=True)
class Server:
    """Where the mail server is and how to be let in."""

    host: str
    port: int
    tls: Tls
    username: str | None = attrs.field(repr=False)
    password: str | None = attrs.field(repr=False)
    timeout: float
    local_hostname: str | None
    ssl_context: ssl.SSLContext | None = attrs.field(repr=False)

    def connect(self) -> SMTP:
        """Return a connection that is ready for messages.

        Raises:
            DeliveryError: Always `delivery.temporary`: what is wrong here is
                wrong with the wiring or the server, not with a message.
        """
        smtp: SMTP | None = None
        try:
            smtp = self._dial()
            if self.tls == "starttls":
                smtp.starttls(context=self._context())
            if self.username is not None:
                smtp.login(self.username, self.password or "")
            smtp.ehlo_or_helo_if_needed()
        except (OSError, ValueError) as error:
            reason = f"CONNECT: {_why(error)}"
        else:
            return smtp
        if smtp is not None:
            smtp.close()
        raise DeliveryError("delivery.temporary", reason=reason)

    def _dial(self) -> SMTP:
        if self.tls == "implicit":
            return SMTP_SSL(
                self.host, self.port, self.local_hostname,
                timeout=self.timeout, context=self._context(),
            )  # fmt: skip
        return SMTP(self.host, self.port, self.local_hostname, timeout=self.timeout)

    def _context(self) -> ssl.SSLContext:
        return self.ssl_context or ssl.create_default_context()


class Session:
    """A connection in use by one thread at a time.

    Attributes:
        carried: How many messages it has carried.
        broken: Whether it can carry no more.
    """

    def __init__(self, smtp: SMTP) -> None:
        self._smtp = smtp
        self.carried: int = 0
        self.broken: bool = False

    def carry(self, mail: Mail) -> None:
        """Hand one message over; return when the server has accepted it.

        Raises:
            DeliveryError: The server refused it, or hung up half-way.
            HungUpError: The server hung up before MAIL was answered.
        """
        self._mail(mail)
        self._step("RCPT", mail)
        self._step("DATA", mail)
        self.carried += 1

    def close(self) -> None:
        """Take leave politely unless the server has hung up."""
        try:
            if not self.broken and self._smtp.sock is not None:
                self._smtp.sock.settimeout(_LEAVE_SECONDS)
                self._smtp.quit()
        except (OSError, ValueError):
            pass
        finally:
            self._smtp.close()

    def _mail(self, mail: Mail) -> None:
        if mail.utf8 and not self._smtp.has_extn("smtputf8"):
            raise DeliveryError("delivery.permanent", reason="MAIL: the server lacks SMTPUTF8")
        try:
            code, text = self._smtp.mail(mail.sender, ["SMTPUTF8"] if mail.utf8 else [])
        except OSError as error:
            self.broken = True
            raise HungUpError(f"MAIL: {_why(error)}") from None
        if code == _CLOSING:
            self.broken = True
            raise HungUpError(f"MAIL: {_spoken(code, text)}")
        self._expect("MAIL", code, text)

    def _step(self, phase: Literal["RCPT", "DATA"], mail: Mail) -> None:
        try:
            if phase == "RCPT":
                code, text = self._smtp.rcpt(mail.recipient)
            else:
                code, text = self._smtp.data(mail.data)
        except SMTPDataError as refused:
            code, text = refused.smtp_code, _octets(refused.smtp_error)
        except OSError as error:
            self.broken = True
            reason = f"{phase}: {_why(error)}"
            raise DeliveryError("delivery.temporary", reason=reason) from None
        self._expect(phase, code, text)

    def _expect(self, phase: str, code: int, text: bytes) -> None:
        if 200 <= code < 300:
            return
        self._reset(code)
        final = 500 <= code < 600 and code != _SIGN_IN_FIRST
        raise DeliveryError(
            "delivery.permanent" if final else "delivery.temporary",
            reason=f"{phase}: {_spoken(code, text)}",
        )

    def _reset(self, code: int) -> None:
        """Make the connection ready for another message after a refusal."""
        try:
            self.broken = code == _CLOSING or self._smtp.rset()[0] != 250
        except OSError:
            self.broken = True


def _spoken(code: int, text: bytes) -> str:
    """Return the code and the enhanced status (RFC 3463); the words may hold addresses."""
    status = _STATUS.match(text.decode("ascii", "replace"))
    return f"{code} {status[0]}" if status else str(code)


def _why(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return _spoken(error.smtp_code, _octets(error.smtp_error))
    if isinstance(error, SMTPServerDisconnected):
        return "the connection was lost"
    if isinstance(error, SMTPException):
        return "the server lacks what tls= or username= asks for"
    return type(error).__name__


def _octets(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
