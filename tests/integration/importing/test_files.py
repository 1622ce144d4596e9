"""Importing files, on every store."""

from __future__ import annotations

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ordercore import Shop
from ordercore.errors import InvalidValueError
from ordercore.ports.rows import Store
from ordercore.stored.customers import CUSTOMERS
from ordercore.stored.orders import LINES, ORDERS
from ordercore.stored.outbox import ERRANDS
from ordercore.values.money import Money
from tests.integration.importing.sheets import (
    HEADER,
    as_csv,
    gzipped,
    row,
    take,
    take_rows,
    the_order,
)


@pytest.fixture
def shop(store: Store) -> Shop:
    """A shop on each of the stores."""
    return Shop(store=store)


def _count(shop: Shop, *tables: object) -> list[int]:
    with shop.store.reading() as stored:
        return [stored.count(table, {}) for table in tables]  # type: ignore[arg-type]


def test_rows_that_differ_end_where_they_belong(shop: Shop, tmp_path: Path) -> None:
    """Orders, cancellations, guests, adjustments; stock adjustments and the unreadable rejected."""
    done = take_rows(
        shop,
        tmp_path,
        row("1"),
        row("1"),
        row("C2", quantity=-6),
        row("3", customer_id="", unit_price="0.001"),
        row("A4", customer_id="", quantity=1, unit_price="-11062.06"),
        row("5", customer_id="", quantity=-1, unit_price="0.0", description="damaged"),
        row("6", quantity="six"),
        row("7", customer_id="17850.0", invoice_ts="yesterday"),
        row("8", customer_id="12345", unit_price="0"),
    )
    assert done["rows_read"] == 9
    assert done["rows_imported"] == 6
    assert done["rows_rejected"] == {
        "stock_adjustment": 1,
        "unreadable: invoice_ts": 1,
        "unreadable: quantity": 1,
    }
    figures = ("orders", "cancellations", "adjustments", "customers", "guest_orders")
    assert [done[name] for name in figures] == [5, 1, 1, 2, 2]
    assert done["value_minor"] == {"GBP": 1530 + 1530 - 1530 + 1 - 1106206 + 0}
    assert done["value"] == {
        "read": "-11031.454",
        "imported": "-11046.754",
        "rejected": "15.3",
        "rounding": "0.004",
    }
    assert done["rows_without_value"] == 1
    assert _count(shop, ORDERS, LINES, CUSTOMERS, ERRANDS) == [5, 6, 2, 0]
    assert shop.verify() == []


def test_the_file_of_rejects_holds_rows_as_they_were(shop: Shop, tmp_path: Path) -> None:
    """Each with reason and number in front; a second run writes the same file again."""
    path = tmp_path / "lines.csv"
    stock = row("5", customer_id="", quantity=-1, unit_price="0.0", description='say "?"\n')
    bad = row("6", description="caf\udce9")
    short = row("7")[:-1]
    path.write_bytes(as_csv([row("1"), stock, bad, short]) + b'x,"open\n')
    first = take(shop, path)
    rejects = tmp_path / "lines.rejects.csv"
    written = rejects.read_bytes()
    assert first.rejects == [
        ["stock_adjustment", "2", *stock],
        ["unreadable: description", "3", *bad],
        ["unreadable: columns", "4", *short],
        ["unreadable: quotes", "5", 'x,"open\n'],
    ]
    assert written.splitlines()[0].decode() == "reason,row," + ",".join(HEADER)
    take(shop, path)
    assert rejects.read_bytes() == written
    assert sorted(each.name for each in tmp_path.iterdir()) == ["lines.csv", "lines.rejects.csv"]


def test_without_rejects_there_is_no_file_of_them(shop: Shop, tmp_path: Path) -> None:
    """And the one of an earlier run is emptied, since it is no longer true."""
    take_rows(shop, tmp_path, row("1"))
    rejects = tmp_path / "lines.rejects.csv"
    assert not rejects.exists()
    take_rows(shop, tmp_path, row("1"), row("2", quantity="?"))
    assert len(rejects.read_text().splitlines()) == 2
    take_rows(shop, tmp_path, row("1"), row("2"))
    assert len(rejects.read_text().splitlines()) == 1


def test_a_mended_file_of_rejects_can_be_imported(shop: Shop, tmp_path: Path) -> None:
    """What was wrong is put right there, and the rest of the order is joined by it."""
    take_rows(shop, tmp_path, row("1", stock_code="A"), row("1", stock_code="B", quantity="six"))
    rejects = tmp_path / "lines.rejects.csv"
    rejects.write_text(rejects.read_text().replace("six", "6"))
    assert [line.sku for line in the_order(shop, "1").lines] == ["A"]
    joined = tmp_path / "mended.csv"
    whole = [row("1", stock_code="A"), *_rows_of(rejects)]
    joined.write_bytes(as_csv(whole))
    assert take(shop, joined)["added"] == {"orders": 0, "rows": 1, "customers": 0}
    assert [line.sku for line in the_order(shop, "1").lines] == ["A", "B"]


def _rows_of(rejects: Path) -> list[list[str]]:
    with rejects.open(newline="") as lines:
        return [fields[2:] for fields in list(csv.reader(lines))[1:]]


def test_other_columns_zone_and_currency(shop: Shop, tmp_path: Path) -> None:
    """A file of another shop needs a map, a zone and a currency, and nothing else."""
    path = tmp_path / "belege.csv"
    path.write_text(
        "Kunde;Preis;Menge;Artikel;Datum;Beleg;Filiale\n"
        "K-1;149.5;2;4711;2024-10-27T02:30;R1;Bern\n"
        ";100;1;4712;2024-10-27T03:00+09:00;R2;\n",
        encoding="utf-8-sig",
    )
    named = {
        "customer_id": "Kunde", "unit_price": "Preis", "quantity": "Menge", "stock_code": "Artikel",
        "invoice_ts": "Datum", "invoice_no": "Beleg",
    }  # fmt: skip
    done = take(
        shop, path, mapping=named, currency="JPY", zone="Europe/Zurich", delimiter=";", name="kasse"
    )
    assert done["value_minor"] == {"JPY": 399}
    assert done["value"]["rounding"] == "0"
    order = the_order(shop, "R1", "kasse")
    assert order.placed_at.isoformat() == "2024-10-27T00:30:00+00:00"
    assert (order.lines[0].unit, order.total) == (Money(150, "JPY"), Money(299, "JPY"))
    assert dict(order.lines[0].attributes) == {"source_row": 1, "unit_price": "149.5"}
    assert the_order(shop, "R2", "kasse").placed_at.isoformat() == "2024-10-26T18:00:00+00:00"


def test_an_invoice_may_be_scattered_and_long(shop: Shop, tmp_path: Path) -> None:
    """Rows of one invoice stand anywhere, thousands of them; batches do not cut it."""
    rows = [
        row(str(at % 7), source_row=at, stock_code=f"S{at}", quantity=at % 50 + 1)
        for at in range(9_000)
    ]
    done = take_rows(shop, tmp_path, *rows)
    assert (done["orders"], done["rows_imported"]) == (7, 9_000)
    order = the_order(shop, "3")
    assert [line.attributes["source_row"] for line in order.lines] == list(range(3, 9_000, 7))
    assert take_rows(shop, tmp_path, *rows)["added"] == {"orders": 0, "rows": 0, "customers": 0}


def test_an_order_that_stands_otherwise_in_the_shop_is_rejected(shop: Shop, tmp_path: Path) -> None:
    """It is neither overwritten nor passed over in silence: its rows are among the rejects."""
    take_rows(shop, tmp_path, row("1"), row("2"))
    changed = row("1", quantity=7)
    done = take_rows(shop, tmp_path, changed, row("2"), row("3"))
    assert done["rows_rejected"] == {"differs_from_shop": 1}
    assert done.rejects == [["differs_from_shop", "1", *changed]]
    assert (done["orders"], done["added"]["orders"]) == (2, 1)
    assert done["adds_up"]


def test_an_order_too_dear_for_64_bits_is_rejected(shop: Shop, tmp_path: Path) -> None:
    """Each of its lines would fit; the order would not."""
    dear = row("1", quantity="1", unit_price="90000000000000000")
    done = take_rows(shop, tmp_path, dear, row("2"), dear)
    assert done["rows_rejected"] == {"unreadable: amount": 2}
    assert done["adds_up"]
    assert [fields[1] for fields in done.rejects] == ["1", "3"]


def test_a_file_without_rows_is_no_work(shop: Shop, tmp_path: Path) -> None:
    """Names of columns and nothing else."""
    done = take_rows(shop, tmp_path)
    assert (done["rows_read"], done["adds_up"], done.cut) == (0, True, None)


@pytest.mark.parametrize("scattered", [False, True])
def test_a_file_cut_short_is_continued(shop: Shop, tmp_path: Path, scattered: bool) -> None:
    """What stands before the cut is imported, the rest by a run with the whole file."""
    rows = [
        row(f"{at % 40 if scattered else at // 3}", source_row=at, stock_code=f"{at * 7919 % 9973}")
        for at in range(600)
    ]
    path = tmp_path / "lines.csv.gz"
    whole = gzipped(as_csv(rows))
    path.write_bytes(whole[: len(whole) * 2 // 3])
    first = take(shop, path)
    assert first.cut is not None
    assert 0 < first["rows_imported"] == first["rows_read"] < 600
    path.write_bytes(whole)
    second = take(shop, path)
    assert second.cut is None
    assert (second["rows_imported"], second["rows_rejected"]) == (600, {})
    assert second["added"]["rows"] == 600 - first["rows_imported"]
    assert _count(shop, ORDERS, LINES) == [40 if scattered else 200, 600]
    assert shop.verify() == []


def test_a_cut_anywhere_leaves_a_clear_end(tmp_path: Path) -> None:
    """Wherever it falls: no header, or no row yet, or what was whole by then; and it is said."""
    path = tmp_path / "lines.csv.gz"
    whole = gzipped(as_csv([row("1")]))
    ends: set[object] = set()
    for length in range(1, len(whole)):
        path.write_bytes(whole[:length])
        try:
            done = take(Shop.in_memory(), path)
        except InvalidValueError as refused:
            ends.add(refused.code)
        else:
            ends.add((done["rows_read"], done.cut is None))
    assert ends == {"import.file", "import.column", (0, False)}


def test_two_may_import_the_same_file_at_once(store: Store, tmp_path: Path) -> None:
    """Each order and each customer is added by one of them."""
    rows = [row(str(at // 3), source_row=at, customer_id=str(at % 97)) for at in range(3_000)]
    files = [tmp_path / name / "lines.csv" for name in ("one", "other")]
    for file in files:
        file.parent.mkdir()
        file.write_bytes(as_csv(rows))
    with ThreadPoolExecutor(2) as workers:
        done = list(workers.map(lambda file: take(Shop(store=store), file), files))
    for figure, added in (("orders", 1_000), ("rows", 3_000)):
        assert sum(each["added"][figure] for each in done) == added
    assert [each["rows_imported"] for each in done] == [3_000, 3_000]
    assert _count(Shop(store=store), ORDERS, LINES) == [1_000, 3_000]
    assert Shop(store=store).verify() == []


def test_any_text_survives_the_way_through_the_store(shop: Shop, tmp_path: Path) -> None:
    """Line ends, tabs, NUL, quotes, letters beyond the first plane: the description is not lost."""
    texts = ["two\r\nlines", "tab\there", "nul\x00here", 'say "hi"', "👜 £5", " outer ", "'; --"]
    rows = [row(str(at), description=text) for at, text in enumerate(texts)]
    take_rows(shop, tmp_path, *rows)
    for at, text in enumerate(texts):
        (line,) = the_order(shop, str(at)).lines
        whole = line.attributes.get("description_json")
        assert (line.title if whole is None else json.loads(str(whole))) == text
