"""A mail server for each test, and a notifier that sends to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ordercore_adapters.smtp import SmtpNotifier
from tests.integration.smtp.post_office import WHEN, PostOffice, post_office


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A server that accepts everything until it is told otherwise."""
    with post_office() as running:
        yield running


@pytest.fixture
def notifier(office: PostOffice) -> Iterator[SmtpNotifier]:
    """A notifier that sends to that server, its clock standing still."""
    sender = SmtpNotifier(
        "127.0.0.1", office.port, local_hostname="shop.test", timeout=5, now=lambda: WHEN
    )
    yield sender
    sender.close()
