"""Lines of a file put together to orders."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from ordercore.orders.imported_flow import ADJUSTED, COMPLETED, CREDITED, IMPORTED_FLOW
from ordercore.services.importing import ForeignOrder
from ordercore.values.money import Money
from ordercore_adapters.cli.importing.columns import find_columns
from ordercore_adapters.cli.importing.csv_file import Broken
from ordercore_adapters.cli.importing.invoices import (
    Reader,
    Refused,
    Sold,
    order_of,
    overflows,
)
from tests.integration.importing.sheets import HEADER, row

READER = Reader(find_columns(HEADER, {}), currency="GBP", zone="Europe/London")


def _lines(invoice: str, *fields: dict[str, object]) -> list[Sold]:
    found = []
    for number, each in enumerate(fields, start=1):
        line = READER.read(number, invoice, row(invoice, **each))
        assert isinstance(line, Sold)
        found.append(line)
    return found


def _order(invoice: str, *fields: dict[str, object]) -> ForeignOrder:
    return order_of(invoice, _lines(invoice, *fields))


def test_an_invoice_becomes_an_order() -> None:
    """Each row is a line; customer, moment and country are the order's."""
    order = _order("536365", {"source_row": 4}, {"source_row": 5, "description": "", "quantity": 2})
    assert (order.ref, order.customer_ref, order.state) == ("536365", "17850", COMPLETED)
    assert order.placed_at == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
    assert dict(order.public_attributes) == {"country": "United Kingdom"}
    assert [(line.title, line.quantity, line.amount) for line in order.lines] == [
        ("WHITE HEART HOLDER", 6, Money(1530, "GBP")),
        ("", 2, Money(510, "GBP")),
    ]
    assert [dict(line.attributes) for line in order.lines] == [{"source_row": 4}, {"source_row": 5}]


def test_a_row_that_differs_from_its_invoice_says_so() -> None:
    """Its own moment, customer, country, price and description stay on the line."""
    order = _order(
        "1",
        {"invoice_ts": "2010-12-01 08:27:00", "customer_id": ""},
        {"invoice_ts": "2010-12-01 08:26:00", "country": "EIRE"},
        {"customer_id": "99", "unit_price": "0.001", "description": "a\nb"},
    )
    assert order.placed_at == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
    assert order.customer_ref == "17850"
    own = [{k: v for k, v in line.attributes.items() if k != "source_row"} for line in order.lines]
    assert own == [
        {"invoice_ts": "2010-12-01 08:27:00", "customer_id": ""},
        {"country": "EIRE"},
        {"customer_id": "99", "unit_price": "0.001", "description_json": '"a\\nb"'},
    ]


def test_a_moment_that_the_clocks_skip_stays_as_written() -> None:
    """The instant alone no longer tells it."""
    (line,) = _order("1", {"invoice_ts": "2011-03-27 01:30:00"}).lines
    assert line.attributes["invoice_ts"] == "2011-03-27 01:30:00"


@pytest.mark.parametrize(
    ("invoice", "fields", "state"),
    [
        ("536365", {}, COMPLETED),
        ("536365", {"quantity": -1}, COMPLETED),
        ("C536379", {"quantity": -1}, CREDITED),
        ("c536379", {"quantity": -1}, CREDITED),
        ("C536379", {"quantity": 1}, COMPLETED),
        ("CUST-1", {"quantity": -1}, COMPLETED),
        ("A563185", {"customer_id": ""}, ADJUSTED),
        ("A563185", {}, COMPLETED),
    ],
)
def test_the_number_tells_cancellations_and_adjustments(
    invoice: str, fields: dict[str, object], state: str
) -> None:
    """C and digits, nothing sold: a cancellation; A and digits, no customer: a correction."""
    assert _order(invoice, fields).state == state
    assert IMPORTED_FLOW.state(state).final


# ── rows that are not taken over ──


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"customer_id": "", "unit_price": "0.0", "quantity": -3}, True),
        ({"customer_id": "nan", "unit_price": "0", "quantity": -3}, True),
        ({"customer_id": "", "unit_price": "0.0", "quantity": 3}, False),
        ({"customer_id": "", "unit_price": "0.01", "quantity": -3}, False),
        ({"customer_id": "1", "unit_price": "0.0", "quantity": -3}, False),
        ({"customer_id": "", "unit_price": "0.0", "quantity": -3, "invoice_no": "C1"}, False),
    ],
)
def test_a_stock_adjustment_has_no_customer_and_no_price(
    fields: dict[str, object], refused: bool
) -> None:
    """Goods gone without customer and price, and not by a cancellation, are no sale."""
    invoice = str(fields.get("invoice_no", "536589"))
    found = READER.read(1, invoice, row(invoice, **fields))
    assert (found == Refused("stock_adjustment", Decimal(0))) is refused


def test_a_misshapen_record_belongs_to_no_invoice() -> None:
    """Too few fields, too many, or a quote left open: the columns cannot be trusted."""
    sound = row("536365")
    for record in (sound[:-1], [*sound, "more"], Broken("x")):
        assert READER.invoice_of(record) is None
        found = READER.read(1, None, record)
        assert isinstance(found, Refused)
        assert found.value is None
    assert READER.invoice_of([*sound, "", ""]) == "536365"


def test_an_unreadable_row_keeps_its_value_where_it_has_one() -> None:
    """A bad moment does not make quantity and price unreadable; a bad price does."""
    assert READER.read(1, "1", row("1", invoice_ts="?")) == Refused(
        "unreadable: invoice_ts", Decimal("15.30")
    )
    assert READER.read(1, "1", row("1", unit_price="?")) == Refused("unreadable: unit_price", None)


def test_an_order_that_adds_up_to_more_than_64_bits_overflows() -> None:
    """Also where cancellations on the way would bring the sum back."""
    most = {"quantity": 1, "unit_price": "90000000000000000"}
    assert not overflows(_lines("1", most))
    assert overflows(_lines("1", most, most | {"quantity": -1}))
