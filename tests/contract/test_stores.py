"""The contract on the four stores, each with transactions of its own."""

from __future__ import annotations

from ordercore.testing.contract import (
    ClaimsContract,
    CriteriaContract,
    OrderingContract,
    RowsContract,
    TransactionContract,
    ValuesContract,
)


class TestRows(RowsContract):
    """Every method of `Rows`."""


class TestValues(ValuesContract):
    """Every column of every table."""


class TestOrdering(OrderingContract):
    """Lists and pages."""


class TestCriteria(CriteriaContract):
    """Criteria."""


class TestTransactions(TransactionContract):
    """Commit, rollback and races."""


class TestClaims(ClaimsContract):
    """Workers."""
