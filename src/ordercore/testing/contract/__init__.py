"""The contract of `ordercore.ports.rows`, said as tests that a store author inherits.

    class TestMyRows(RowsContract):
        @pytest.fixture
        def store(self) -> Store:
            return MyStore()          # fresh and empty

`RowsContract`, `ValuesContract`, `OrderingContract` and `CriteriaContract` open one
transaction at a time and hold for a store inside a host's transaction too.
`TransactionContract` and `ClaimsContract` are for stores that begin and commit by
themselves, `JoinedContract` for `Joinable.using`: it needs a `host` (see `Host`).

A conflict may be told when a transaction begins, at a write or at its commit; a
store may let the second of two writers wait. The tests leave that open.
"""

from __future__ import annotations

from ordercore.testing.contract.claims import ClaimsContract
from ordercore.testing.contract.criteria import CriteriaContract
from ordercore.testing.contract.joined import Host, JoinedContract
from ordercore.testing.contract.ordering import OrderingContract
from ordercore.testing.contract.rows import RowsContract
from ordercore.testing.contract.samples import sample
from ordercore.testing.contract.transactions import TransactionContract
from ordercore.testing.contract.values import ValuesContract

__all__ = [
    "ClaimsContract",
    "CriteriaContract",
    "Host",
    "JoinedContract",
    "OrderingContract",
    "RowsContract",
    "TransactionContract",
    "ValuesContract",
    "sample",
]
