"""Which column holds what."""

from __future__ import annotations

import random

import pytest

from ordercore.errors import InvalidValueError, SetupError
from ordercore_adapters.cli.importing.columns import FIELDS, find_columns, read_mapping, unused

NEEDED = [field.name for field in FIELDS if field.needed]
PUBLISHED = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
SECOND = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"


@pytest.mark.parametrize("header", [PUBLISHED, SECOND, PUBLISHED.lower()])
def test_the_names_of_the_online_retail_data_need_no_map(header: str) -> None:
    """Both published spellings are known, whatever their case."""
    found = find_columns(header.split(","), {})
    assert (found.invoice_no, found.stock_code, found.description, found.quantity) == (0, 1, 2, 3)
    assert (found.invoice_ts, found.unit_price, found.customer_id, found.country) == (4, 5, 6, 7)
    assert found.source_row is None


def test_columns_may_stand_in_any_order() -> None:
    """A field is found by name, wherever it stands."""
    header = [field.name for field in FIELDS]
    random.Random(7).shuffle(header)
    found = find_columns(header, {})
    assert {name: header[getattr(found, name)] for name in header} == {
        name: name for name in header
    }


def test_a_map_goes_before_what_is_known() -> None:
    """A column that is mapped counts, though another has the usual name."""
    header = [*NEEDED, "Beleg", "Kunde"]
    found = find_columns(header, read_mapping(["invoice_no=Beleg", "customer_id = Kunde"]))
    assert (found.invoice_no, found.customer_id) == (5, 6)
    assert unused(header, found) == ["invoice_no"]


@pytest.mark.parametrize("missing", NEEDED)
def test_a_column_that_is_needed_is_missed(missing: str) -> None:
    """A file without invoice, SKU, quantity, price or moment is refused by name."""
    with pytest.raises(InvalidValueError, match=missing) as refused:
        find_columns([name for name in NEEDED if name != missing], {})
    assert refused.value.code == "import.column"


def test_a_mapped_column_that_is_not_there_is_missed() -> None:
    """Also where the field could be done without."""
    with pytest.raises(InvalidValueError, match="Land"):
        find_columns(NEEDED, {"country": "Land"})


def test_a_column_that_stands_twice_is_no_answer() -> None:
    """Which of two columns of one name is meant, nobody knows."""
    with pytest.raises(InvalidValueError, match="quantity twice"):
        find_columns([*NEEDED, "quantity"], {})


@pytest.mark.parametrize(
    "pairs", [["price"], ["colour=Farbe"], ["=x"], ["unit_price=a", "price=b"]]
)
def test_a_map_of_nothing_is_asked_wrongly(pairs: list[str]) -> None:
    """Unknown fields, fields named twice and half a pair are refused."""
    with pytest.raises(SetupError) as refused:
        read_mapping(pairs)
    assert refused.value.code == "setup.usage"
