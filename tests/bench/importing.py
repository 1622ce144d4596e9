"""Taking over orders of another system: a batch by the shop, and the same rows by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from ordercore.orders.order import OrderLine, line_of
from ordercore.services.importing import ForeignOrder
from ordercore.values.ids import order_number
from ordercore.values.money import Money
from tests.bench.measure import Pair
from tests.bench.stages import Stage
from tests.bench.twins import ADD_LINES, ADD_ORDER, to_json

SOURCE, ORDERS, LINES, CUSTOMERS = "ledger", 100, 5, 20
"""A batch: so many orders of so many lines each, for some of so many customers."""

KNOWN_ORDERS = "SELECT external_ref FROM oc_order WHERE external_source = ? AND external_ref "
KNOWN_CUSTOMERS = """SELECT external_ref, id FROM oc_customer
    WHERE external_source = ? AND external_ref """
ADD_CUSTOMER = """INSERT INTO oc_customer (id, guest, status, merged_into, name, company, name_key,
    email, email_key, login_key, email_verified_at, phone, language, zone, external_source,
    external_ref, public_attributes, private_attributes, created_at, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def import_rows(stage: Stage) -> tuple[Pair, ...]:
    """Return the pair to be measured."""
    desk, by_hand = stage.shop.orders, ImportTwin(stage)
    ours, twins = batches(), batches()
    whole = Pair(
        name=f"import {ORDERS} orders",
        aims={"sqlite": 3, "postgresql": 3},
        calls=1,
        ours=lambda: desk.take_over(next(ours), source=SOURCE),
        twin=lambda: by_hand.take_over(next(twins)),
    )
    return (whole,)


def batches() -> Iterator[list[ForeignOrder]]:
    """Yield batches of orders that nobody has seen."""
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    lines: tuple[OrderLine, ...] = tuple(
        line_of(f"SKU-{at}", f"Thing {at} of the old shop", at, Money(1050, "GBP"))
        for at in range(1, LINES + 1)
    )
    for batch in count():
        yield [
            ForeignOrder(
                ref=f"{batch}-{at}",
                placed_at=begin + timedelta(hours=batch * ORDERS + at),
                lines=lines,
                customer_ref=f"c{at % CUSTOMERS}",
            )
            for at in range(ORDERS)
        ]


class ImportTwin:
    """Takes orders over by hand, on the connection of a twin."""

    def __init__(self, stage: Stage) -> None:
        self._engine, self._twin = stage.engine, stage.twin

    def take_over(self, orders: Sequence[ForeignOrder]) -> None:
        """Write the orders of a batch, and the customers who are not known."""
        twin, execute = self._twin, self._twin._cursor.execute
        at, command = twin._at_of(twin._clock()), twin._id_of(twin._ids())
        execute(twin._begin)
        if self._known(KNOWN_ORDERS, [order.ref for order in orders]):
            raise ValueError("known orders are not measured")
        refs = list(dict.fromkeys(str(order.customer_ref) for order in orders))
        whose = dict(self._known(KNOWN_CUSTOMERS, refs, lock=self._engine.lock))
        fresh = self._register(orders, [ref for ref in refs if ref not in whose], whose)
        lines = self._write(orders, whose)
        data = {"customers": fresh, "lines": lines, "orders": len(orders), "source": SOURCE}
        events = to_json([{"data": data, "tag": "order.imported", "v": 1}])
        twin._keep(command, "order.import", at, None, events, 0)

    def _known(self, select: str, refs: list[str], *, lock: str = "") -> list[Any]:
        arrays = self._engine.name == "postgresql"
        one_of = f"= ANY(?){lock}" if arrays else f"IN ({', '.join('?' * len(refs))})"
        params = (SOURCE, refs) if arrays else (SOURCE, *refs)
        sql = (select + one_of).replace("?", self._engine.mark)
        found = self._twin._cursor.execute(sql, params)
        return list(found.fetchall())

    def _register(
        self, orders: Sequence[ForeignOrder], missing: list[str], whose: dict[str, Any]
    ) -> int:
        twin = self._twin
        since = {str(order.customer_ref): order.placed_at for order in reversed(orders)}
        rows: list[Any] = []
        for ref in missing:
            key = whose[ref] = twin._id_of(twin._ids())
            nobody = (None, "", "", "", None, None, None, None, None)
            since_then = (SOURCE, ref, "{}", "{}", twin._at_of(since[ref]), 1)
            rows.append((key, False, "active", *nobody, "en", "UTC", *since_then))
        if rows:
            twin._cursor.executemany(ADD_CUSTOMER.replace("?", self._engine.mark), rows)
        return len(rows)

    def _write(self, orders: Sequence[ForeignOrder], whose: dict[str, Any]) -> int:
        twin, party = self._twin, to_json({"language": "en"})
        roots: list[Any] = []
        lines: list[Any] = []
        for order in orders:
            key, number = twin._id_of(twin._ids()), order_number(twin._ids().int)
            total = 0
            for position, line in enumerate(order.lines):
                amount = line.amount.minor
                total += amount
                sold = (line.sku, line.title, line.quantity, line.unit.minor, amount, "{}")
                lines.append((key, position, *sold))
            head = (key, number, whose[str(order.customer_ref)], party, "en", "import", "GBP")
            ends = ("completed", "completed", "imported", 1, twin._at_of(order.placed_at))
            roots.append((*head, 0, 0, 0, total, *ends, SOURCE, order.ref, "{}", "{}", 1))
        twin._cursor.executemany(ADD_ORDER.replace("?", self._engine.mark), roots)
        twin._cursor.executemany(ADD_LINES.replace("?", self._engine.mark), lines)
        return len(lines)
