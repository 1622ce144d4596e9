"""Mail over SMTP: accepted means accepted, a refusal says whether trying again helps (MS6)."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from ordercore.errors import DeliveryError, SetupError
from ordercore.ports.notifier import Notifier
from ordercore_adapters.smtp import SmtpNotifier
from tests.integration.smtp.post_office import (
    WHEN,
    PostOffice,
    bodies,
    free_port,
    outgoing,
    parsed,
    post_office,
)


def refusal(notifier: Notifier, number: int = 1) -> DeliveryError:
    """Return the error of a message that was not accepted; it never shows an address."""
    with pytest.raises(DeliveryError) as error:
        notifier.send(outgoing(number))
    shown = f"{error.value} {error.value.params}"
    assert "ada" not in shown
    assert "example" not in shown
    assert error.value.__cause__ is None
    return error.value


def subjects(office: PostOffice) -> list[str]:
    """Return the subjects received, in order."""
    return [parsed(data)["Subject"] for _, _, data in office.received]


def test_many_messages_share_one_connection(office: PostOffice, notifier: SmtpNotifier) -> None:
    """Fifty messages arrive in order, each to its own reader, over one connection."""
    for number in range(50):
        notifier.send(outgoing(number, recipient=f"reader{number}@example.org"))
    assert [to for _, to, _ in office.received] == [[f"reader{n}@example.org"] for n in range(50)]
    assert subjects(office) == [f"Message {number}" for number in range(50)]
    assert len(office.connections) == 1


def test_a_connection_is_renewed_after_some_messages(office: PostOffice) -> None:
    """Servers limit the messages of a connection, so the notifier does before them."""
    notifier = SmtpNotifier("127.0.0.1", office.port, messages_per_connection=4)
    for number in range(10):
        notifier.send(outgoing(number))
    notifier.close()
    assert len(office.received) == 10
    assert len(office.connections) == 3


def test_a_connection_that_was_idle_is_renewed(office: PostOffice) -> None:
    """A connection that a server or a router may have forgotten is not trusted."""
    clock = [WHEN]
    notifier = SmtpNotifier("127.0.0.1", office.port, idle_seconds=60, now=lambda: clock[0])
    for pause in (0, 59, 61):
        clock[0] += timedelta(seconds=pause)
        notifier.send(outgoing(pause))
    notifier.close()
    assert len(office.received) == 3
    assert len(office.connections) == 2


def test_a_server_that_hangs_up_between_messages_loses_none(
    office: PostOffice, notifier: SmtpNotifier
) -> None:
    """The connection is renewed without an error, and each message arrives once."""
    for number in range(6):
        notifier.send(outgoing(number))
        office.hang_up()
    assert subjects(office) == [f"Message {number}" for number in range(6)]
    assert len(office.connections) == 6


def test_a_server_that_has_had_enough_is_called_again(
    office: PostOffice, notifier: SmtpNotifier
) -> None:
    """421 in answer to MAIL on a used connection means: come back, and it does."""
    notifier.send(outgoing(1))
    office.answers["MAIL"] = "421 4.7.0 too many messages in this connection"
    error = refusal(notifier, 2)
    assert (error.code, error.params["reason"]) == ("delivery.temporary", "MAIL: 421 4.7.0")
    assert len(office.connections) == 2
    office.answers.clear()
    notifier.send(outgoing(3))
    assert subjects(office) == ["Message 1", "Message 3"]


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        ("450 4.2.1 <ada@example.org> is busy", "delivery.temporary", "450 4.2.1"),
        ("452 no room for ada@example.org", "delivery.temporary", "452"),
        ("550 5.1.1 <ada@example.org> unknown", "delivery.permanent", "550 5.1.1"),
        ("554 no", "delivery.permanent", "554"),
        ("530 5.7.0 sign in first", "delivery.temporary", "530 5.7.0"),
    ],
)
def test_a_refusal_is_temporary_or_for_good(
    office: PostOffice, notifier: SmtpNotifier, phase: str, answer: str, code: str, said: str
) -> None:
    """4xx may help later, 5xx never; a missing sign-in is the wiring's fault, not the message's."""
    office.answers[phase] = answer
    error = refusal(notifier)
    assert (error.code, error.params["reason"]) == (code, f"{phase}: {said}")
    assert office.received == []


@pytest.mark.parametrize("phase", ["RCPT", "DATA"])
def test_a_refused_message_does_not_spoil_the_next(
    office: PostOffice, notifier: SmtpNotifier, phase: str
) -> None:
    """After a refusal the same connection carries the next message, to its reader alone."""
    office.answers[phase] = "550 5.1.1 unknown"
    refusal(notifier)
    office.answers.clear()
    notifier.send(outgoing(2, recipient="bob@example.org"))
    assert [to for _, to, _ in office.received] == [["bob@example.org"]]
    assert len(office.connections) == 1


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA"])
def test_a_connection_lost_half_way_is_temporary(
    office: PostOffice, notifier: SmtpNotifier, phase: str
) -> None:
    """Nobody knows what became of the message, so it may be tried again; then it arrives."""
    office.answers[phase] = "hang up"
    error = refusal(notifier)
    assert error.code == "delivery.temporary"
    assert error.params["reason"] == f"{phase}: the connection was lost"
    office.answers.clear()
    notifier.send(outgoing(2))
    assert subjects(office) == ["Message 2"]


def test_a_server_that_is_too_slow_is_temporary(office: PostOffice) -> None:
    """The timeout holds for each answer, and the late connection is not used again."""
    office.patience = 1.0
    notifier = SmtpNotifier("127.0.0.1", office.port, timeout=0.2)
    error = refusal(notifier)
    assert (error.code, error.params["reason"]) == (
        "delivery.temporary",
        "RCPT: the connection was lost",
    )
    office.patience = 0
    notifier.send(outgoing(2))
    notifier.close()
    assert subjects(office) == ["Message 2"]
    assert len(office.connections) == 2


def test_a_server_that_never_greets_is_temporary() -> None:
    """A port that accepts and stays silent does not hold a worker for ever."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        notifier = SmtpNotifier("127.0.0.1", silent.getsockname()[1], timeout=0.2)
        error = refusal(notifier)
    assert error.code == "delivery.temporary"
    assert str(error.params["reason"]).startswith("CONNECT: ")


def test_a_server_that_is_away_is_temporary() -> None:
    """Nobody listens: the message waits for a later attempt."""
    error = refusal(SmtpNotifier("127.0.0.1", free_port(), timeout=2))
    assert (error.code, error.params["reason"]) == (
        "delivery.temporary",
        "CONNECT: ConnectionRefusedError",
    )


def test_threads_send_at_once_and_nothing_is_mixed(
    office: PostOffice, notifier: SmtpNotifier
) -> None:
    """Four threads, a hundred messages: each arrives once, whole, and to its own reader."""

    def send(number: int) -> None:
        text = f"Only for reader{number}\n" * 50
        to = f"reader{number}@example.org"
        notifier.send(outgoing(number, recipient=to, text=text, html=None))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(100)))
    assert len(office.connections) <= 4
    assert sorted(to[0] for _, to, _ in office.received) == sorted(
        f"reader{n}@example.org" for n in range(100)
    )
    for _, to, data in office.received:
        message = parsed(data)
        assert message["To"].addresses[0].addr_spec == to[0]
        assert bodies(message) == [("text/plain", f"Only for {to[0].partition('@')[0]}\n" * 50)]


def test_closing_gives_connections_back_and_harms_nothing(
    office: PostOffice, notifier: SmtpNotifier
) -> None:
    """After close() a message still leaves, over a connection of its own."""
    notifier.send(outgoing(1))
    notifier.close()
    notifier.close()
    for number in (2, 3):
        notifier.send(outgoing(number))
    assert len(office.received) == 3
    assert len(office.connections) == 3


def test_an_address_beyond_ascii_needs_a_server_that_knows_it() -> None:
    """A domain has an ASCII spelling; a local part needs SMTPUTF8 or is refused for good."""
    with post_office(enable_SMTPUTF8=False) as office:
        notifier = SmtpNotifier("127.0.0.1", office.port)
        notifier.send(outgoing(1, recipient="ada@bücher.example"))
        with pytest.raises(DeliveryError) as error:
            notifier.send(outgoing(2, recipient="zoë@example.org"))
        notifier.close()
    assert error.value.code == "delivery.permanent"
    assert [to for _, to, _ in office.received] == [["ada@xn--bcher-kva.example"]]
    with post_office(enable_SMTPUTF8=True) as office:
        notifier = SmtpNotifier("127.0.0.1", office.port)
        notifier.send(outgoing(2, recipient="zoë@bücher.example"))
        notifier.send(outgoing(3))
        notifier.close()
    assert office.received[0][1] == ["zoë@bücher.example"]
    assert "\r\nTo: <zoë@bücher.example>\r\n".encode() in office.received[0][2]
    assert office.received[1][1] == ["ada@example.org"]


def test_the_wiring_is_checked_when_it_is_made() -> None:
    """A misspelt tls= is a developer's error, heard at once."""
    with pytest.raises(SetupError, match="none, starttls, implicit"):
        SmtpNotifier("127.0.0.1", tls="ssl")  # type: ignore[arg-type]
