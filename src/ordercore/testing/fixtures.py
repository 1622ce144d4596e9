"""Fixtures for hosts: a shop in memory whose clock, dice and carrier the test holds.

Asked for in a `conftest.py`:

    from ordercore.testing.fixtures import *
"""

from __future__ import annotations

import pytest

from ordercore.shop import Shop
from ordercore.testing.clocks import FrozenClock, SequenceIds, SequenceTokens
from ordercore.testing.fakes import MemoryCatalog, RecordingNotifier

__all__ = ["catalog", "clock", "ids", "notifier", "shop", "tokens"]


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands still until the test moves it."""
    return FrozenClock()


@pytest.fixture
def ids() -> SequenceIds:
    """Identifiers that are the same in every run."""
    return SequenceIds()


@pytest.fixture
def tokens() -> SequenceTokens:
    """Tokens that are the same in every run."""
    return SequenceTokens()


@pytest.fixture
def notifier() -> RecordingNotifier:
    """A carrier of e-mail that keeps what it is handed."""
    return RecordingNotifier()


@pytest.fixture
def catalog() -> MemoryCatalog:
    """An empty catalogue; `put` fills it."""
    return MemoryCatalog()


@pytest.fixture
def shop(
    clock: FrozenClock,
    ids: SequenceIds,
    tokens: SequenceTokens,
    notifier: RecordingNotifier,
    catalog: MemoryCatalog,
) -> Shop:
    """A shop in memory, wired from the other fixtures."""
    return Shop.in_memory(
        clock=clock, ids=ids, tokens=tokens, notifiers=[notifier], catalog=catalog
    )
