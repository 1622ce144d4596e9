"""Mail over SMTP, connections reused from message to message."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import get_args

import attrs

from ordercore.errors import DeliveryError, SetupError
from ordercore.values.outgoing import Outgoing
from ordercore_adapters.smtp.mime import Mail, utc_now
from ordercore_adapters.smtp.session import HungUpError, Server, Session, Tls


class SmtpNotifier:
    """Hands mail to a mail server; a `Notifier` for the channel `email`.

    A connection is kept open and reused; threads that send at the same moment
    have one each. It is renewed when the server has hung up, after a number of
    messages, and when it was idle for longer than servers wait.
    """

    def __init__(
        self,
        host: str,
        port: int = 25,
        *,
        tls: Tls = "none",
        username: str | None = None,
        password: str | None = None,
        timeout: float = 30,
        local_hostname: str | None = None,
        ssl_context: ssl.SSLContext | None = None,
        messages_per_connection: int = 100,
        idle_seconds: float = 60,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Wire a mail server; nothing is connected until the first message.

        Args:
            host: The mail server.
            port: 25, 587 as a rule for `starttls`, 465 for `implicit`.
            tls: `starttls` and `implicit` both refuse to go on without
                encryption or with a certificate that does not fit.
            username: Signs in with it when given.
            password: Never shown, neither in `repr` nor in errors.
            timeout: Seconds that the server may take for each answer.
            local_hostname: What this machine calls itself; asked of the system when None.
            ssl_context: Trusts what it trusts; the system's authorities when None.
            messages_per_connection: A connection is renewed after so many.
            idle_seconds: A connection unused for longer is renewed.
            now: The clock of the Date header and of `idle_seconds`.

        Raises:
            SetupError: `setup.port`.
        """
        if tls not in get_args(Tls):
            reason = "tls is one of " + ", ".join(get_args(Tls))
            raise SetupError("setup.port", port="notifiers", reason=reason)
        self._server = Server(
            host=host, port=port, tls=tls, username=username, password=password, timeout=timeout,
            local_hostname=local_hostname, ssl_context=ssl_context,
        )  # fmt: skip
        self._most = messages_per_connection
        self._patience = timedelta(seconds=idle_seconds)
        self._now = now
        self._lock = Lock()
        self._idle: list[tuple[Session, datetime]] = []
        self._closed = False

    @property
    def channel(self) -> str:
        """The channel: e-mail."""
        return "email"

    def send(self, message: Outgoing) -> None:
        """Hand one message to the mail server; see `Notifier.send`."""
        mail = Mail.of(message, date=self._now())
        session = self._kept()
        if session is not None:
            try:
                return self._carry(session, mail)
            except HungUpError:
                pass  # nothing of this message was said: begin again
        try:
            return self._carry(self._opened(), mail)
        except HungUpError as error:
            reason = str(error)
        raise DeliveryError("delivery.temporary", reason=reason)

    def close(self) -> None:
        """Close the connections; a later message opens one for itself alone."""
        with self._lock:
            self._closed = True
            sessions, self._idle = self._idle, []
        for session, _ in sessions:
            session.close()

    def __repr__(self) -> str:
        """Return where mail goes, without how it signs in."""
        return f"SmtpNotifier({self._server.host!r}, {self._server.port}, tls={self._server.tls!r})"

    def _carry(self, session: Session, mail: Mail) -> None:
        try:
            session.carry(mail)
        except BaseException as error:
            if not isinstance(error, DeliveryError):
                session.broken = True  # nobody knows how far the talk went
            raise
        finally:
            self._keep(session)

    def _opened(self) -> Session:
        smtp = self._server.connect()
        if self._server.local_hostname is None:  # asking the system again may take seconds
            self._server = attrs.evolve(self._server, local_hostname=smtp.local_hostname)
        return Session(smtp)

    def _kept(self) -> Session | None:
        """Return a connection that was used lately; close those that were not."""
        now, worn = self._now(), list[Session]()
        with self._lock:
            while self._idle:
                session, used_at = self._idle.pop()
                if abs(now - used_at) <= self._patience:
                    break
                worn.append(session)
            else:
                session = None
        for old in worn:
            old.close()
        return session

    def _keep(self, session: Session) -> None:
        """Put a connection back for the next message, or close it when it is worn."""
        worn = session.broken or session.carried >= self._most
        with self._lock:
            if not worn and not self._closed:
                self._idle.append((session, self._now()))
                return
        session.close()
