"""The contract that ordercore ships, run on a store of somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.small_store.store import JournalStore
from ordercore import Shop
from ordercore.ports.rows import Store
from ordercore.testing.contract import (
    ClaimsContract,
    CriteriaContract,
    OrderingContract,
    RowsContract,
    TransactionContract,
    ValuesContract,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A fresh and empty store: all that the contract asks for."""
    return JournalStore(tmp_path / "shop.journal")


class TestRows(RowsContract):
    """Every method of `Rows`."""


class TestValues(ValuesContract):
    """Every column of every table comes back as it was."""


class TestOrdering(OrderingContract):
    """Lists and pages."""


class TestCriteria(CriteriaContract):
    """Criteria."""


class TestTransactions(TransactionContract):
    """Commit, rollback, and several at once."""


class TestClaims(ClaimsContract):
    """Workers."""


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    """A second process finds the same shop, and loses nothing to a line that a crash cut short."""
    path = tmp_path / "shop.journal"
    before = Shop(store=JournalStore(path))
    ada = before.customers.register(name="Ada Byron", email="ada@byron.example")
    with path.open("a", encoding="utf-8") as journal:
        journal.write('{"customer": [[["half')
    shop = Shop(store=JournalStore(path))
    assert shop.customers.get(ada.id) == ada
    assert shop.snapshot() == before.snapshot()
    shop.customers.edit(ada.id, name="Ada King")
    assert Shop(store=JournalStore(path)).customers.get(ada.id).name == "Ada King"
    assert shop.verify() == []
