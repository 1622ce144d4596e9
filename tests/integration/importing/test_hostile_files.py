"""Files that were damaged, mistyped or made to hurt: every row is imported or rejected."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import event, given
from hypothesis import strategies as st

from ordercore import Shop
from ordercore.errors import InvalidValueError
from tests.integration.importing.sheets import HEADER, Imported, as_csv, gzipped, take

INVOICES = st.sampled_from(["536365", "536366", "C536379", "A563185", " 536365 ", "", "x" * 121])
SKUS = st.one_of(st.sampled_from(["85123A", "POST", "", " D ", "a\x00b"]), st.text(max_size=8))
NUMBERS = st.one_of(
    st.sampled_from(
        ["1", "-1", "0", "6.0", "2.55", "0.001", "-11062.06", "9" * 19, "1e9", "nan", "", "1,5"]
    ),
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
)
MOMENTS = st.sampled_from(
    [
        "2010-12-01 08:26:00", "2010-12-01", "20101201T0826", "2010-12-01T08:26:00Z",
        "2010-12-01 08:26:00 +05:30", "2011-03-27 01:30:00", "2011-10-30 01:30:00",
        "0001-01-01T00:00:00+14:00", "9999-12-31 23:59:59-12:00", "0900-01-01", "1/12/2010", "",
    ]
)  # fmt: skip
CUSTOMERS = st.sampled_from(["17850", "17850.0", " 17850", "", "nan", "NULL", "O'Hara", "x" * 121])
TEXTS = st.one_of(st.sampled_from(["", "two\nlines", "a\tb", "£", 'say "hi"']), st.text())
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "", "x", "7" * 30]), INVOICES, SKUS, TEXTS, NUMBERS, MOMENTS,
        NUMBERS, CUSTOMERS, st.sampled_from(["France", "", "Côte d’Ivoire", "a\nb"]),
    ),
    max_size=12,
)  # fmt: skip
WOUNDS = st.lists(
    st.tuples(
        st.integers(0, 2000),
        st.integers(0, 3),
        st.sampled_from([b'"', b"\n", b",", b"\x00", b"\xff", b"\xef\xbb\xbf", b'""', b"\r", b""]),
    ),
    max_size=4,
)


@contextmanager
def _written(data: bytes) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "lines.csv")
        path.write_bytes(data)
        yield path


def _utf8(rows: list[tuple[str, ...]]) -> bytes:
    return as_csv([[text.encode("utf-8", "replace").decode() for text in row] for row in rows])


@given(rows=ROWS)
def test_a_well_formed_file_is_read_row_by_row(rows: list[tuple[str, ...]]) -> None:
    """As many rows are read as were written, and each stands on one side of the books."""
    data = _utf8(rows)
    with _written(data) as path:
        shop = Shop.in_memory()
        done = take(shop, path)
        again = take(shop, path)
    assert done["rows_read"] == len(rows)
    assert done["adds_up"]
    _check_rejects(data, done.rejects)
    assert shop.verify() == []
    assert again["added"] == {"orders": 0, "rows": 0, "customers": 0}
    assert again["rows_imported"] == done["rows_imported"]
    assert again.rejects == done.rejects


def _check_rejects(data: bytes, rejects: list[list[str]]) -> None:
    """Each rejected row stands there as it was, under the number it has in the file."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    for _, number, *fields in rejects:
        assert fields == rows[int(number)]


@given(rows=ROWS)
def test_the_orders_are_worth_what_was_imported(rows: list[tuple[str, ...]]) -> None:
    """The totals in the shop are the value of the report; the exact value is off by rounding."""
    with _written(_utf8(rows)) as path:
        shop = Shop.in_memory()
        done = take(shop, path)
    totals: Counter[str] = Counter()
    refs = {row[1].strip() for row in rows if 0 < len(row[1].strip()) <= 120}
    with shop.store.reading() as stored:
        from ordercore.stored.orders import ORDERS

        for order in stored.stream(ORDERS):
            assert order.external_ref in refs
            totals[order.currency] += order.total_minor
    assert totals["GBP"] == done["value_minor"]["GBP"]
    value, rounding = (Decimal(done["value"][part]) for part in ("imported", "rounding"))
    assert value + rounding == Decimal(totals["GBP"]) / 100
    assert abs(rounding) <= Decimal("0.005") * done["rows_imported"]


@given(rows=ROWS, wounds=WOUNDS, zipped=st.booleans(), shorter=st.integers(0, 60))
def test_a_damaged_file_never_breaks_the_books(
    rows: list[tuple[str, ...]],
    wounds: list[tuple[int, int, bytes]],
    zipped: bool,
    shorter: int,
) -> None:
    """Whatever bytes come: a refusal of the whole file, or books that balance and a sound shop."""
    data = _utf8(rows)
    for at, gone, put in wounds:
        data = data[:at] + put + data[at + gone :]
    if zipped:
        data = gzipped(data)
    with _written(data[: len(data) - shorter]) as path:
        shop = Shop.in_memory()
        code: str | None = None
        try:
            done = take(shop, path)
        except InvalidValueError as refused:
            event(refused.code)
            code = refused.code
        else:
            _check_twice(shop, path, done)
    assert code in (None, "import.file", "import.column")


def _check_twice(shop: Shop, path: Path, done: Imported) -> None:
    """The books balance, every reject is there, the shop is sound, and again adds nothing."""
    assert done["adds_up"]
    assert len(done.rejects) == sum(done["rows_rejected"].values())
    assert shop.verify() == []
    assert take(shop, path)["added"] == {"orders": 0, "rows": 0, "customers": 0}


@given(rows=ROWS, order=st.randoms(use_true_random=False))
def test_rows_may_stand_in_any_order(rows: list[tuple[str, ...]], order: object) -> None:
    """Shuffled, the same rows are imported and rejected, and the shop learns nothing new."""
    shuffled = list(rows)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    shop = Shop.in_memory()
    with _written(_utf8(rows)) as path:
        done = take(shop, path)
    with _written(_utf8(shuffled)) as path:
        again = take(shop, path)
    assert again["added"] == {"orders": 0, "rows": 0, "customers": 0}
    for figure in ("rows_imported", "rows_rejected", "orders", "value", "value_minor"):
        assert again[figure] == done[figure]


def test_the_header_of_the_tests_is_the_importers() -> None:
    """The columns that need no `--map` are those that these tests write."""
    from ordercore_adapters.cli.importing.columns import FIELDS

    assert {field.name for field in FIELDS} == set(HEADER)
