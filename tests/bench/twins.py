"""The twins: what somebody writes who knows the tables and needs no library.

One connection, the bare driver, SQL typed in, no layers, no checks, no types: just
the rows. A twin selects the columns that it looks at and updates those that change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ordercore.values.ids import order_number
from tests.bench.engines import Engine
from tests.bench.words import Words

Row = tuple[Any, ...]
Line = tuple[str, str, int, int]
"""SKU, title, quantity, unit price in minor units."""
PLACE = ("street", "street_2", "city", "region", "postal_code", "country")
MERCHANT = ("orders@shop.example", "The shop's desk")

CUSTOMER = """SELECT merged_into, name, company, email, phone, language
    FROM oc_customer WHERE id = ?"""
ADDRESSES = """SELECT street, street_2, city, region, postal_code, country,
    default_billing, default_shipping
    FROM oc_customer_address WHERE customer_id = ? ORDER BY position"""
ORDER = """SELECT id, number, customer_id, party, language, channel, currency, tax_minor,
    delivery_minor, discount_minor, total_minor, state, shown_state, flow, flow_version,
    placed_at, external_source, external_ref, public_attributes, private_attributes, version
    FROM oc_order"""
NEWEST = " WHERE customer_id = ? ORDER BY placed_at DESC, id DESC LIMIT ?"
LINES = """SELECT order_id, position, sku, title, quantity, unit_minor, amount_minor, attributes
    FROM oc_order_line"""
PAYMENTS = """SELECT order_id, position, amount_minor, method, reference, received_at
    FROM oc_order_payment"""
PARCELS = "SELECT order_id, position, number, carrier, shipped_at FROM oc_order_parcel"
PARTS = (LINES, PAYMENTS, PARCELS)

ADD_ORDER = """INSERT INTO oc_order (id, number, customer_id, party, language, channel, currency,
    tax_minor, delivery_minor, discount_minor, total_minor, state, shown_state, flow,
    flow_version, placed_at, external_source, external_ref, public_attributes,
    private_attributes, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
ADD_LINES = """INSERT INTO oc_order_line (order_id, position, sku, title, quantity, unit_minor,
    amount_minor, attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
ADD_ERRANDS = """INSERT INTO oc_errand (id, command_id, customer_id, channel, kind, audience,
    purpose, language, recipient, recipient_name, subject, text, html, proof_id, created_at, state,
    due_at, settled_at, fault, claim, lease_until, attempts)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
ADD_COMMAND = """INSERT INTO oc_command (id, verb, actor, reason, at, customer_id, idempotency_key,
    fingerprint, events, errands, result, forget_at, feed_no)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
MOVE_ORDER = """UPDATE oc_order SET state = ?, shown_state = ?, version = ?
    WHERE id = ? AND version = ?"""


def repeated(insert: str, rows: int) -> str:
    """Return an INSERT of one row as one of several."""
    head, values = insert.split("VALUES ")
    return f"{head} VALUES {', '.join([values] * rows)}"


def to_json(value: object) -> str:
    """Return JSON as the tables hold it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Twin:
    """The verbs by hand, on one connection of `sqlite3` or `psycopg`."""

    def __init__(
        self,
        connection: Any,
        engine: Engine,
        *,
        ids: Callable[[], UUID],
        clock: Callable[[], datetime],
        words: Words,
    ) -> None:
        def said(sql: str) -> str:
            return sql.replace("?", engine.mark)

        self._cursor = connection.cursor()
        self._ids, self._clock, self._words = ids, clock, words
        self._id_of, self._at_of = engine.id_of, engine.at_of
        self._never = engine.at_of(datetime.fromisoformat("1970-01-01T00:00:00+00:00"))
        self._begin, self._begin_read = engine.begin, engine.begin_read
        self._customer = said(CUSTOMER)
        self._hold = said(CUSTOMER + engine.lock)
        self._addresses = said(ADDRESSES)
        self._order = said(ORDER + " WHERE id = ?")
        self._newest = said(ORDER + NEWEST)
        self._parts = [said(part + " WHERE order_id = ? ORDER BY position") for part in PARTS]
        marks = ", ".join("?" * 20)
        self._parts_of_20 = [said(f"{part} WHERE order_id IN ({marks})") for part in PARTS]
        self._add_order, self._add_lines = said(ADD_ORDER), said(repeated(ADD_LINES, 2))
        self._add_errand, self._add_errands = said(ADD_ERRANDS), said(repeated(ADD_ERRANDS, 2))
        self._add_command = said(ADD_COMMAND)
        self._move_order = said(MOVE_ORDER)

    def place(self, customer_id: UUID, lines: Sequence[Line]) -> None:
        """Place an order and write to customer and merchant."""
        execute, now = self._cursor.execute, self._clock()
        at, command = self._at_of(now), self._id_of(self._ids())
        execute(self._begin)
        whose = self._id_of(customer_id)
        merged_into, *who = execute(self._hold, (whose,)).fetchone()
        if merged_into is not None:
            raise LookupError(merged_into)
        name, _, email, _, language = who
        places = execute(self._addresses, (whose,)).fetchall()
        party = to_json(_party(who, places))
        order = self._ids()
        number, total = order_number(self._ids().int), sum(each[2] * each[3] for each in lines)
        event = {
            "customer_id": str(customer_id),
            "number": number,
            "order_id": str(order),
            "total": {"currency": "GBP", "minor": total},
        }
        events = to_json([{"data": event, "tag": "order.placed", "v": 1}])
        first, second = self._id_of(self._ids()), self._id_of(self._ids())
        key = self._id_of(order)
        sold = (key, number, whose, party, language, "web", "GBP", 0, 0, 0, total)
        stands = ("awaiting_payment", "awaiting_payment", "default", 1, at)
        execute(self._add_order, (*sold, *stands, None, None, "{}", "{}", 1))
        values: list[Any] = []
        for position, (sku, title, quantity, unit) in enumerate(lines):
            values += key, position, sku, title, quantity, unit, unit * quantity, "{}"
        execute(self._add_lines, values)
        about = command, whose, "email"
        letters = self._letter(first, about, "order_placed", "customer", (email, name), at)
        letters += self._letter(second, about, "new_order", "merchant", MERCHANT, at)
        execute(self._add_errands, letters)
        self._keep(command, "order.place", at, whose, events, 2)

    def pack(self, order_id: UUID) -> None:
        """Move a paid order on to packed and write to the customer."""
        execute, now = self._cursor.execute, self._clock()
        at, command, key = self._at_of(now), self._id_of(self._ids()), self._id_of(order_id)
        execute(self._begin)
        row = execute(self._order, (key,)).fetchone()
        lines, payments, _ = [execute(part, (key,)).fetchall() for part in self._parts]
        total = sum(line[6] for line in lines) + row[7] + row[8] - row[9]
        if row[11] != "paid" or sum(paid[2] for paid in payments) < total:
            raise ValueError(row[11])
        event = {"order_id": str(order_id), "source": "paid", "target": "packed", "verb": "pack"}
        events = to_json([{"data": event, "tag": "order.moved", "v": 1}])
        party, version = json.loads(row[3]), row[20]
        moved = execute(self._move_order, ("packed", "packed", version + 1, key, version))
        if moved.rowcount != 1:
            raise ValueError(version)
        about, to = (command, row[2], "email"), (party["email"], party["name"])
        errand = self._id_of(self._ids())
        letter = self._letter(errand, about, "order_packed", "customer", to, at)
        execute(self._add_errand, letter)
        self._keep(command, "order.pack", at, row[2], events, 1)

    def load(self, order_id: UUID) -> list[Any]:
        """Read an order with all that belongs to it, as the driver gives it."""
        execute, key = self._cursor.execute, (self._id_of(order_id),)
        execute(self._begin_read)
        found = [execute(self._order, key).fetchone()]
        found += [execute(part, key).fetchall() for part in self._parts]
        execute("COMMIT")
        return found

    def last_20(self, customer_id: UUID) -> list[Any]:
        """Read a customer's newest 20 orders with all that belongs to them."""
        execute, whose = self._cursor.execute, self._id_of(customer_id)
        execute(self._begin_read)
        customer = execute(self._customer, (whose,)).fetchone()
        orders = execute(self._newest, (whose, 21)).fetchall()
        keys = tuple(order[0] for order in orders[:20])
        found = [customer, orders, *(execute(part, keys).fetchall() for part in self._parts_of_20)]
        execute("COMMIT")
        return found

    def _letter(
        self, key: Any, about: Row, kind: str, audience: str, to: tuple[str, str], at: Any
    ) -> Row:
        words = self._words.of(kind)
        said = (words.language, *to, words.subject, words.text, words.html, None)
        waiting = (at, "queued", at, None, None, None, self._never, 0)
        return (key, *about, kind, audience, "transactional", *said, *waiting)

    def _keep(
        self, command: Any, verb: str, at: Any, whose: Any, events: str, errands: int
    ) -> None:
        audit = (command, verb, "system", None, at, whose, None, None, events, errands)
        self._cursor.execute(self._add_command, (*audit, None, None, 0))
        self._cursor.execute("COMMIT")


def _party(who: Sequence[Any], places: Sequence[Any]) -> dict[str, Any]:
    party = dict(zip(("name", "company", "email", "phone", "language"), who, strict=True))
    for use, default in (("billing", 6), ("shipping", 7)):
        chosen = [place for place in places if place[default]] or places
        if chosen:
            party[use] = {name: part for name, part in zip(PLACE, chosen[0], strict=False) if part}
    return {name: value for name, value in party.items() if value}
