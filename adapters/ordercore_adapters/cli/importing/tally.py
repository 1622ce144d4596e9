"""The importer's books: every row that was read is imported or rejected, and so is its value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ordercore.orders.imported_flow import ADJUSTED, CREDITED
from ordercore.services.importing import ForeignOrder, TakenOver
from ordercore.values.money import minor_places
from ordercore_adapters.cli.importing.invoices import Sold
from ordercore_adapters.cli.importing.readings import EXACT

NOTHING = Decimal(0)


class Tally:
    """What became of the rows of a file.

    Attributes:
        rows_read: How many there are.
        rows_imported: How many stand in the shop now, whether this run brought them or another.
        rejected: How many were rejected, by reason.
        valueless: How many of those have no value that can be read.
    """

    def __init__(self, currency: str) -> None:
        self.rows_read: int = 0
        self.rows_imported: int = 0
        self.valueless: int = 0
        self.rejected: Counter[str] = Counter()
        self.orders: Counter[str] = Counter()
        self.guest_orders: int = 0
        self.value_minor: int = 0
        self.added: dict[str, int] = {"orders": 0, "rows": 0, "customers": 0}
        self._currency = currency
        self._customers: set[str] = set()
        self._value_read = self._value_imported = self._value_rejected = NOTHING

    def read(self, value: Decimal | None) -> None:
        """Count a row of the file."""
        self.rows_read += 1
        if value is not None:
            self._value_read = EXACT.add(self._value_read, value)

    def reject(self, reason: str, value: Decimal | None) -> None:
        """Count a row that is rejected."""
        self.rejected[reason] += 1
        if value is None:
            self.valueless += 1
        else:
            self._value_rejected = EXACT.add(self._value_rejected, value)

    def add(self, done: TakenOver) -> None:
        """Count what one batch brought to the shop."""
        self.added["orders"] += done.orders
        self.added["rows"] += done.lines
        self.added["customers"] += done.customers

    def accept(self, order: ForeignOrder, lines: Sequence[Sold]) -> None:
        """Count an order that stands in the shop, and its rows."""
        self.orders[order.state] += 1
        if order.customer_ref is None:
            self.guest_orders += 1
        else:
            self._customers.add(order.customer_ref)
        self.rows_imported += len(lines)
        value = self._value_imported
        for line in lines:
            self.value_minor += line.amounts.amount.minor
            value = EXACT.add(value, line.amounts.value)
        self._value_imported = value

    @property
    def adds_up(self) -> bool:
        """Whether what came in is what went out: rows and, exactly, value."""
        rows = self.rows_imported + self.rejected.total()
        value = EXACT.add(self._value_imported, self._value_rejected)
        return rows == self.rows_read and value == self._value_read

    def report(self) -> dict[str, Any]:
        """Return the books as `--json` prints them."""
        rounded = EXACT.scaleb(Decimal(self.value_minor), -minor_places(self._currency))
        return {
            "rows_read": self.rows_read,
            "rows_imported": self.rows_imported,
            "rows_rejected": dict(sorted(self.rejected.items())),
            "orders": self.orders.total(),
            "cancellations": self.orders[CREDITED],
            "adjustments": self.orders[ADJUSTED],
            "customers": len(self._customers),
            "guest_orders": self.guest_orders,
            "value_minor": {self._currency: self.value_minor},
            "value": {
                "read": _plain(self._value_read),
                "imported": _plain(self._value_imported),
                "rejected": _plain(self._value_rejected),
                "rounding": _plain(EXACT.subtract(rounded, self._value_imported)),
            },
            "rows_without_value": self.valueless,
            "added": dict(self.added),
            "adds_up": self.adds_up,
        }


def _plain(value: Decimal) -> str:
    """Return a decimal without exponent and without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
