"""The twins are honest: they leave the same rows as the shop, value for value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench import importing
from tests.bench.engines import Engine, postgres_engine, sqlite_engine
from tests.bench.pairs import pairs
from tests.bench.stages import Dump, Stage, stage

CUSTOMERS, ORDERS_EACH = 2, 21


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each engine that is measured."""
    if request.param == "sqlite":
        yield sqlite_engine(tmp_path)
    else:
        with postgres_engine(request.getfixturevalue("postgres_url")) as found:
            yield found


@contextmanager
def _stage(engine: Engine) -> Iterator[Stage]:
    with (
        stage(engine, customers=CUSTOMERS, orders_each=ORDERS_EACH, counted=True) as here,
        here.words.instead(),
    ):
        yield here


def _counts(dump: Dump) -> dict[str, int]:
    return {table: len(rows) for table, (_, rows) in dump.items()}


def test_the_shop_and_its_twin_write_the_same_rows(engine: Engine) -> None:
    """Given the same ids and the same time, both databases are equal after each pair."""
    with _stage(engine) as here:
        before = _counts(here.dumps()[0])
        for pair in 2 * pairs(here):
            pair.ours(), pair.twin()
            ours, twins = here.dumps()
            assert ours == twins, pair.name
        after = _counts(here.dumps()[0])
    grown = {table: count - before[table] for table, count in after.items()}
    assert {table: count for table, count in grown.items() if count} == {
        "command": 2 * 3,
        "customer": importing.CUSTOMERS,
        "errand": 2 * 3,
        "order": 2 * (1 + importing.ORDERS),
        "order_line": 2 * (2 + importing.ORDERS * importing.LINES),
    }


def test_the_twin_reads_what_the_shop_reads(engine: Engine) -> None:
    """Loading and listing find the same orders, with the same number of lines."""
    with _stage(engine) as here:
        order, (row, lines, payments, parcels) = (
            here.shop.orders.get(here.paid[0]),
            here.twin.load(here.paid[0]),
        )
        assert (order.number, order.version) == (row[1], row[20])
        assert [line.sku for line in order.lines] == [line[2] for line in lines]
        assert len(order.payments) == len(payments)
        assert len(order.parcels) == len(parcels)
        page = here.shop.orders.of_customer(here.customers[0])
        _, newest, lines_of_20, *_ = here.twin.last_20(here.customers[0])
        assert [each.number for each in page.items] == [each[1] for each in newest[:20]]
        assert sum(len(each.lines) for each in page.items) == len(lines_of_20)
        assert page.next is not None
        assert len(newest) == 21


def test_a_twin_that_leaves_a_row_out_is_found(tmp_path: Path) -> None:
    """The check that ends each measurement fails when one side did more."""
    with _stage(sqlite_engine(tmp_path)) as here:
        place = pairs(here)[0]
        place.ours()
        with pytest.raises(AssertionError, match="command"):
            here.check_same_rows()
        place.twin()
        here.check_same_rows()
