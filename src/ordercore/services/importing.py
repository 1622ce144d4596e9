"""Taking over orders of another system: a batch whole or not at all, and each order once.

No letter is written and no effect follows: what happened elsewhere is history here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from ordercore.customers.customer import Customer
from ordercore.errors import InvalidValueError, TakenError
from ordercore.orders.events import OrdersImported
from ordercore.orders.imported_flow import COMPLETED, IMPORTED_FLOW
from ordercore.orders.order import Order, OrderLine
from ordercore.services.unit import Unit
from ordercore.services.view import View
from ordercore.stored.customers import CUSTOMERS
from ordercore.stored.orders import LINES, ORDERS, LineRow, OrderRow
from ordercore.values.address import Party
from ordercore.values.attributes import NO_ATTRIBUTES, Attributes, ExternalRef
from ordercore.values.ids import CustomerId, OrderId, order_number
from ordercore.values.money import Money
from ordercore.values.text import check_text

CHANNEL = "import"
LineKey = tuple[str, str, int, int, int]
"""SKU, title, quantity, unit and amount in minor units: what makes two lines equal."""


@attrs.frozen(kw_only=True)
class ForeignOrder:
    """An order as another system kept it.

    Attributes:
        ref: What it is called there; unique per source.
        lines: Of one currency, which is the order's. Quantities and amounts may be negative.
        customer_ref: What its customer is called there; None for a guest.
        customer_attributes: For the customer's record, if it is made for this order.
        state: A final state of `IMPORTED_FLOW`.
    """

    ref: str = attrs.field(repr=False)
    placed_at: datetime
    lines: tuple[OrderLine, ...]
    customer_ref: str | None = attrs.field(default=None, repr=False)
    customer_attributes: Attributes = NO_ATTRIBUTES
    public_attributes: Attributes = NO_ATTRIBUTES
    state: str = COMPLETED


@attrs.frozen(kw_only=True)
class Sifted:
    """What the shop has of orders that it may be asked to take over.

    Attributes:
        fresh: The references of those that it has not.
        grown: Of those that have lines which the shop's lack, and the shop's have
            stood untouched since they were taken over: the lines can be added.
        differing: Of those that stand in the shop with other contents.
    """

    fresh: frozenset[str] = attrs.field(repr=False)
    grown: frozenset[str] = attrs.field(repr=False)
    differing: frozenset[str] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class TakenOver:
    """What one batch brought.

    Attributes:
        lines: Of new orders, and those added to orders that had grown.
        differing: The references of those left alone, see `Sifted`.
    """

    orders: int
    lines: int
    customers: int
    differing: tuple[str, ...] = attrs.field(repr=False)


def sift(view: View, orders: Sequence[ForeignOrder], *, source: str) -> Sifted:
    """Compare orders with those that the shop has under the same references."""
    _check(orders, source)
    found = _known(view, orders, source)
    grown, differing = set[str](), set[str]()
    if found:
        lines = _stored_lines(view, found.values())
        for order in orders:
            row = found.get(order.ref)
            if row is None:
                continue
            theirs, ours = Counter(map(_key_of, order.lines)), lines.get(row.id, Counter())
            if row.currency == _currency(order) and theirs <= ours:
                continue
            untouched = row.version == 1 and row.flow == IMPORTED_FLOW.name
            same = row.currency == _currency(order) and ours <= theirs
            (grown if same and untouched else differing).add(order.ref)
    fresh = frozenset(order.ref for order in orders if order.ref not in found)
    return Sifted(fresh=fresh, grown=frozenset(grown), differing=frozenset(differing))


def take_over(unit: Unit, orders: Sequence[ForeignOrder], *, source: str) -> TakenOver:
    """Write what the shop has not, with the customers it belongs to."""
    sifted = sift(unit, orders, source=source)
    fresh = [order for order in orders if order.ref in sifted.fresh]
    whose, registered = _customers(unit, fresh, source)
    unit.orders.add_all([_order(unit, order, source, whose) for order in fresh])
    lines = sum(len(order.lines) for order in fresh)
    lines += sum(_grow(unit, order, source) for order in orders if order.ref in sifted.grown)
    unit.record(OrdersImported(source=source, orders=len(fresh), lines=lines, customers=registered))
    return TakenOver(
        orders=len(fresh),
        lines=lines,
        customers=registered,
        differing=tuple(sorted(sifted.differing)),
    )


def _check(orders: Sequence[ForeignOrder], source: str) -> None:
    check_text(source, field="source", limit=60, empty=False)
    final = {state.name for state in IMPORTED_FLOW.states if state.final}
    for order in orders:
        for ref in (order.ref, order.customer_ref):
            if ref is not None:
                ExternalRef(source, ref)
        if not order.lines:
            raise InvalidValueError("order.no_lines")
        if order.state not in final:
            IMPORTED_FLOW.state(order.state)
            raise InvalidValueError("value.type", field="state", expected="an end", got=order.state)
    if len({order.ref for order in orders}) < len(orders):
        raise TakenError("external_ref.taken", source=source, kind="order")


# ── what is there ──


def _known(view: View, orders: Sequence[ForeignOrder], source: str) -> dict[str, OrderRow]:
    rows = view.rows.among(ORDERS, "external_ref", [order.ref for order in orders])
    return {str(row.external_ref): row for row in rows if row.external_source == source}


def _stored_lines(view: View, roots: Iterable[OrderRow]) -> dict[object, Counter[LineKey]]:
    found: dict[object, Counter[LineKey]] = {}
    for row in view.rows.among(LINES, "order_id", [root.id for root in roots]):
        found.setdefault(row.order_id, Counter())[_row_key(row)] += 1
    return found


def _row_key(row: LineRow) -> LineKey:
    return row.sku, row.title, row.quantity, row.unit_minor, row.amount_minor


def _key_of(line: OrderLine) -> LineKey:
    return line.sku, line.title, line.quantity, line.unit.minor, line.amount.minor


def _currency(order: ForeignOrder) -> str:
    return order.lines[0].amount.currency


# ── what is written ──


def _customers(
    unit: Unit, orders: Sequence[ForeignOrder], source: str
) -> tuple[Mapping[str, CustomerId], int]:
    """Return who each reference is, registering those whom the shop does not know.

    Customers who are known are held, so that no merge passes their orders by.
    """
    first: dict[str, ForeignOrder] = {}
    for order in sorted(orders, key=lambda each: each.placed_at):
        if order.customer_ref is not None:
            first.setdefault(order.customer_ref, order)
    rows = unit.rows.among(CUSTOMERS, "external_ref", list(first)) if first else []
    whose = {
        str(row.external_ref): CustomerId(unit.resolved(row.id, lock=True).id)
        for row in rows
        if row.external_source == source
    }
    fresh = [_customer(unit, order, source) for ref, order in first.items() if ref not in whose]
    for customer in unit.customers.add_all(fresh):
        assert customer.external_ref is not None  # noqa: S101  (we made it with one)
        whose[customer.external_ref.ref] = customer.id
    return whose, len(fresh)


def _customer(unit: Unit, order: ForeignOrder, source: str) -> Customer:
    """Return the customer of an order, known since that day."""
    return Customer(
        id=CustomerId(unit.ids.new()),
        language=unit.wiring.profile.language,
        external_ref=ExternalRef(source, order.customer_ref or ""),
        public_attributes=order.customer_attributes,
        created_at=order.placed_at,
    )


def _order(
    unit: Unit, foreign: ForeignOrder, source: str, whose: Mapping[str, CustomerId]
) -> Order:
    language, currency = unit.wiring.profile.language, _currency(foreign)
    nothing = Money.zero(currency)
    return Order(
        id=OrderId(unit.ids.new()),
        number=order_number(unit.ids.new().int),
        customer_id=None if foreign.customer_ref is None else whose[foreign.customer_ref],
        party=Party(language=language),
        language=language,
        currency=currency,
        channel=CHANNEL,
        lines=foreign.lines,
        tax=nothing,
        delivery=nothing,
        discount=nothing,
        state=foreign.state,
        shown_state=foreign.state,
        flow=IMPORTED_FLOW.name,
        flow_version=IMPORTED_FLOW.version,
        placed_at=foreign.placed_at,
        external_ref=ExternalRef(source, foreign.ref),
        public_attributes=foreign.public_attributes,
    )


def _grow(unit: Unit, foreign: ForeignOrder, source: str) -> int:
    """Add the lines that the shop's order lacks and return how many."""
    (was,) = unit.orders.where({"external_source": source, "external_ref": foreign.ref})
    have = Counter(map(_key_of, was.lines))
    missing = []
    for line in foreign.lines:
        key = _key_of(line)
        if have[key]:
            have[key] -= 1
        else:
            missing.append(line)
    unit.orders.save(attrs.evolve(was, lines=(*was.lines, *missing)), was=was)
    return len(missing)
