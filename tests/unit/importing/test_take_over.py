"""The order desk takes orders of another system over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from ordercore import Shop
from ordercore.errors import ForbiddenError, InvalidValueError, NotFoundError, TakenError
from ordercore.orders.events import OrdersImported
from ordercore.orders.imported_flow import CREDITED
from ordercore.orders.order import OrderLine
from ordercore.services.importing import ForeignOrder, Sifted
from ordercore.services.placing import Wanted
from ordercore.stored.customers import CUSTOMERS
from ordercore.stored.orders import ORDERS
from ordercore.stored.outbox import ERRANDS
from ordercore.stored.table import Table
from ordercore.values.attributes import Attributes, ExternalRef
from ordercore.values.ids import CustomerId
from ordercore.values.money import Money

MAY = datetime(2011, 5, 1, 9, 30, tzinfo=UTC)
JUNE = datetime(2011, 6, 1, 9, 30, tzinfo=UTC)


def line(sku: str = "A", *, quantity: int = 2, unit: int = 300, currency: str = "GBP") -> OrderLine:
    """Return a line as another system sold it."""
    return OrderLine(
        sku=sku,
        title=sku.lower(),
        quantity=quantity,
        unit=Money(unit, currency),
        amount=Money(unit * quantity, currency),
        attributes=Attributes({"source_row": 7}),
    )


def foreign(ref: str, *lines: OrderLine, **fields: Any) -> ForeignOrder:
    """Return an order as another system kept it."""
    return ForeignOrder(ref=ref, lines=lines or (line(),), **({"placed_at": MAY} | fields))


def rows(shop: Shop, table: Table[Any]) -> list[Any]:
    """Return what a table holds."""
    with shop.store.reading() as stored:
        return list(stored.stream(table))


@pytest.fixture
def shop() -> Shop:
    """A shop in memory."""
    return Shop.in_memory()


def test_an_order_stands_at_its_end_as_it_was(shop: Shop) -> None:
    """Nothing is priced or moved: lines, moment and state are those of the other system."""
    one = foreign("C7", line(quantity=-2), state=CREDITED, customer_ref="17850")
    done = shop.orders.take_over([one], source="old")
    assert (done.orders, done.lines, done.customers, done.differing) == (1, 1, 1, ())
    order = shop.orders.by_ref(ExternalRef("old", "C7"))
    assert (order.lines, order.placed_at, order.state) == (one.lines, MAY, CREDITED)
    assert (order.total, order.channel) == (Money(-600, "GBP"), "import")
    assert shop.orders.allowed(order.id) == ()
    assert shop.orders.view(order.id, language="fr").status == "Créditée"


def test_nobody_is_written_to_and_one_command_tells_of_all(shop: Shop) -> None:
    """A batch is one row of the audit, with its counts, and queues nothing."""
    shop.orders.take_over([foreign("1", line(), line()), foreign("2")], source="old")
    (recorded,) = shop.events().items
    assert recorded.verb == "order.import"
    assert recorded.events == (OrdersImported(source="old", orders=2, lines=3, customers=0),)
    assert rows(shop, ERRANDS) == []


def test_customers_are_made_once_and_known_since_their_first_order(shop: Shop) -> None:
    """One reference is one customer, over batches too; a guest has none."""
    place = Attributes({"country": "France"})
    first = foreign("1", customer_ref="9", placed_at=JUNE, customer_attributes=place)
    second = foreign("2", customer_ref="9", placed_at=MAY, customer_attributes=place)
    shop.orders.take_over([first, second, foreign("3")], source="old")
    shop.orders.take_over([foreign("4", customer_ref="9")], source="old")
    (customer,) = rows(shop, CUSTOMERS)
    assert (customer.created_at, customer.guest, customer.external_ref) == (MAY, False, "9")
    found = shop.orders.of_customer(CustomerId(customer.id)).items
    assert sorted(order.external_ref.ref for order in found if order.external_ref) == [
        "1",
        "2",
        "4",
    ]
    assert shop.orders.by_ref(ExternalRef("old", "3")).customer_id is None


def test_references_are_unique_per_source(shop: Shop) -> None:
    """Two systems may both have an invoice 1 and a customer 9."""
    shop.orders.take_over([foreign("1", customer_ref="9")], source="old")
    done = shop.orders.take_over([foreign("1", customer_ref="9")], source="older")
    assert (done.orders, done.customers) == (1, 1)


def test_orders_of_a_merged_customer_go_to_the_survivor(shop: Shop) -> None:
    """Whoever was merged away gets no new orders."""
    shop.orders.take_over([foreign("1", customer_ref="9")], source="old")
    loser = CustomerId(rows(shop, CUSTOMERS)[0].id)
    winner = shop.customers.register(name="Mme Durand").id
    shop.merging.apply(shop.merging.plan(winner, loser))
    shop.orders.take_over([foreign("2", customer_ref="9")], source="old")
    assert shop.orders.by_ref(ExternalRef("old", "2")).customer_id == winner
    assert shop.verify() == []


# ── again ──


def test_what_is_there_is_passed_over(shop: Shop) -> None:
    """The second time nothing is added, also where the shop has lines of its own by now."""
    batch = [foreign("1", line("A"), line("A"), line("B")), foreign("2")]
    shop.orders.take_over(batch, source="old")
    before = rows(shop, ORDERS)
    assert shop.orders.sift(batch, source="old") == Sifted(
        fresh=frozenset(), grown=frozenset(), differing=frozenset()
    )
    done = shop.orders.take_over(batch, source="old")
    assert (done.orders, done.lines, done.differing) == (0, 0, ())
    fewer = [foreign("1", line("B"), line("A"))]
    assert shop.orders.take_over(fewer, source="old").differing == ()
    assert rows(shop, ORDERS) == before


def test_an_order_that_has_grown_gets_the_lines_that_it_lacks(shop: Shop) -> None:
    """Lines are compared as they are, equal ones counted; those that are there stay."""
    shop.orders.take_over([foreign("1", line("A"), line("B"))], source="old")
    grown = foreign("1", line("B"), line("A"), line("A"), line("C"))
    assert shop.orders.sift([grown], source="old").grown == {"1"}
    assert shop.orders.take_over([grown], source="old").lines == 2
    order = shop.orders.by_ref(ExternalRef("old", "1"))
    assert [each.sku for each in order.lines] == ["A", "B", "A", "C"]
    assert shop.orders.sift([grown], source="old").grown == frozenset()
    assert shop.verify() == []


@pytest.mark.parametrize(
    "other",
    [line("B"), line("A", quantity=3), line("A", unit=301), line("A", currency="EUR")],
)
def test_an_order_with_other_contents_is_named_and_left_alone(shop: Shop, other: OrderLine) -> None:
    """Another product, quantity, price or currency: the shop's order stands."""
    shop.orders.take_over([foreign("1")], source="old")
    before = rows(shop, ORDERS)
    done = shop.orders.take_over([foreign("1", other), foreign("2")], source="old")
    assert (done.orders, done.differing) == (1, ("1",))
    assert [row for row in rows(shop, ORDERS) if row.external_ref == "1"] == before


def test_an_order_that_the_shop_has_touched_does_not_grow(shop: Shop) -> None:
    """What staff did to it since is not undone by a file."""
    shop.orders.take_over([foreign("1", line("A"))], source="old")
    order = shop.orders.by_ref(ExternalRef("old", "1"))
    shop.orders.edit(order.id, public_attributes={"seen": True})
    grown = foreign("1", line("A"), line("B"))
    assert shop.orders.take_over([grown], source="old").differing == ("1",)


def test_a_placed_order_of_the_same_reference_is_not_touched(shop: Shop) -> None:
    """Only what was taken over can grow."""
    customer = shop.customers.register(name="Mme Durand")
    wanted = [Wanted(sku="A", title="a", quantity=2, unit=Money(300, "GBP"))]
    ref = ExternalRef("old", "1")
    shop.orders.place(customer.id, wanted, currency="GBP", external_ref=ref)
    grown = foreign("1", line("A"), line("B"))
    assert shop.orders.take_over([grown], source="old").differing == ("1",)


# ── refusals ──


def test_a_batch_is_whole_or_not_at_all(shop: Shop) -> None:
    """One order that cannot be kept, and none is."""
    bad = foreign("2", attrs.evolve(line(), sku="a\x00b"))
    with pytest.raises(InvalidValueError):
        shop.orders.take_over([foreign("1", customer_ref="9"), bad], source="old")
    assert rows(shop, ORDERS) == rows(shop, CUSTOMERS) == []


def test_what_makes_no_sense_is_refused(shop: Shop) -> None:
    """No lines, a reference twice, a state that is no end, a source without a name."""
    with pytest.raises(InvalidValueError, match="at least one line"):
        shop.orders.take_over([ForeignOrder(ref="1", placed_at=MAY, lines=())], source="old")
    with pytest.raises(TakenError):
        shop.orders.take_over([foreign("1"), foreign("1")], source="old")
    with pytest.raises(InvalidValueError):
        shop.orders.take_over([foreign("1", state="imported")], source="old")
    with pytest.raises(NotFoundError):
        shop.orders.take_over([foreign("1", state="lost")], source="old")
    with pytest.raises(InvalidValueError):
        shop.orders.take_over([foreign("1")], source="")


def test_customers_take_nothing_over(shop: Shop) -> None:
    """Only the shop's own people and programs do."""
    customer = shop.customers.register(name="Mme Durand")
    with pytest.raises(ForbiddenError):
        shop.as_customer(customer.id).orders.take_over([foreign("1")], source="old")


def test_a_batch_may_be_asked_for_by_key(shop: Shop) -> None:
    """The same key and batch give the first answer again."""
    first = shop.orders.take_over([foreign("1")], source="old", idempotency_key="k")
    assert shop.orders.take_over([foreign("1")], source="old", idempotency_key="k") == first
    assert first.orders == 1


def test_nothing_personal_is_printed() -> None:
    """Numbers of customers and invoices are not in a repr."""
    shown = repr(foreign("INV-77", customer_ref="17850"))
    assert "17850" not in shown
    assert "INV-77" not in shown
