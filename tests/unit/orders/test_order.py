"""The order: what it costs, what was paid, and what it refuses to be (OR1, OR2, OR9)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError, TakenError
from ordercore.orders.default_flow import DEFAULT_FLOW
from ordercore.orders.events import OrderPlaced, PaymentRecorded
from ordercore.orders.order import (
    Order,
    OrderLine,
    Parcel,
    Payment,
    Priced,
    add_parcel,
    check_quantity,
    line_of,
    place,
    receive_payment,
)
from ordercore.values.address import Party
from ordercore.values.attributes import Attributes, ExternalRef
from ordercore.values.email import EmailAddress
from ordercore.values.ids import CustomerId, OrderId
from ordercore.values.money import LARGEST, Money

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PARTY = Party(name="Ada Lovelace", email=EmailAddress("ada@example.org"), language="fr-CA")
NOTHING = Money(0, "GBP")


def gbp(minor: int) -> Money:
    """Return pounds, from pence."""
    return Money(minor, "GBP")


def tea(quantity: int = 2, unit: int = 250) -> OrderLine:
    """Return a line of tea."""
    return line_of("tea", "Tea", quantity, gbp(unit))


def priced(*lines: OrderLine, **more: Money) -> Priced:
    """Return a basket as a pricing port does."""
    extras = {"tax": NOTHING, "delivery": NOTHING, "discount": NOTHING} | more
    return Priced(lines=lines, **extras)


def placed(basket: Priced | None = None, **more: Any) -> tuple[Order, OrderPlaced]:
    """Place an order."""
    terms: dict[str, Any] = {
        "customer_id": CustomerId(UUID(int=2)),
        "party": PARTY,
        "priced": basket or priced(tea()),
        "flow": DEFAULT_FLOW,
        "currency": "GBP",
        "channel": "web",
        "at": AT,
    }
    return place(OrderId(UUID(int=1)), "7F3K-92QX", **terms | more)


def paid(minor: int, reference: str = "", method: str = "card") -> Payment:
    """Return a payment."""
    return Payment(amount=gbp(minor), method=method, reference=reference, received_at=AT)


def refusal(error: type[Exception], work: Any, *args: Any, **kwargs: Any) -> str:
    """Return the code of the error that `work` raises."""
    with pytest.raises(error) as refused:
        work(*args, **kwargs)
    return str(getattr(refused.value, "code", ""))


class TestPlace:
    """An order begins where its flow begins, with what it was offered."""

    def test_an_order_keeps_the_day(self) -> None:
        """OR1: party, language, flow and its version stay as they were when it was placed."""
        order, _ = placed(channel="telephone", external_ref=ExternalRef("erp", "42"))
        assert (order.state, order.shown_state) == ("awaiting_payment", "awaiting_payment")
        assert (order.flow, order.flow_version) == ("default", 1)
        assert (order.party, order.language, order.placed_at) == (PARTY, "fr-CA", AT)
        assert (order.channel, order.external_ref) == ("telephone", ExternalRef("erp", "42"))
        assert (order.payments, order.parcels, order.version) == ((), (), 0)

    def test_the_event_names_nobody(self) -> None:
        """OR13: ids, the number and the total, without a personal word."""
        order, event = placed()
        assert event == OrderPlaced(
            order_id=order.id,
            number="7F3K-92QX",
            customer_id=CustomerId(UUID(int=2)),
            total=gbp(500),
        )
        assert placed(customer_id=None)[1].customer_id is None

    @pytest.mark.parametrize(
        ("basket", "code"),
        [
            (priced(), "order.no_lines"),
            (priced(attrs.evolve(tea(), quantity=0)), "order.quantity"),
            (priced(tea(), attrs.evolve(tea(), quantity=-1)), "order.quantity"),
            (priced(attrs.evolve(tea(), amount=Money(500, "EUR"))), "money.mixed"),
            (priced(tea(), line_of("pot", "Pot", 1, Money(1250, "EUR"))), "money.mixed"),
            (priced(tea(), tax=Money(1, "EUR")), "money.mixed"),
            (priced(tea(), delivery=Money(1, "EUR")), "money.mixed"),
            (priced(tea(), discount=Money(1, "EUR")), "money.mixed"),
            (priced(tea(1, LARGEST), delivery=gbp(1)), "money.range"),
        ],
    )
    def test_refused(self, basket: Priced, code: str) -> None:
        """OR1: no lines, quantities of nothing, two currencies, sums that no store keeps."""
        assert refusal(InvalidValueError, placed, basket) == code

    def test_another_currency_than_its_lines(self) -> None:
        """OR1: what is priced in pounds is no order in euros."""
        assert refusal(InvalidValueError, placed, currency="EUR") == "money.mixed"


class TestTotals:
    """What it costs follows from its parts, and is stored nowhere else (I5)."""

    def test_an_example(self) -> None:
        """OR1: lines, tax and delivery, less discounts."""
        basket = priced(tea(), tax=gbp(100), delivery=gbp(395), discount=gbp(50))
        order, _ = placed(basket)
        assert (order.goods, order.total, order.paid) == (gbp(500), gbp(945), NOTHING)

    @given(
        st.lists(st.tuples(st.integers(1, 99), st.integers(0, 10**6)), min_size=1, max_size=8),
        st.tuples(*[st.integers(0, 10**6)] * 3),
        st.lists(st.integers(1, 10**6), max_size=5),
    )
    def test_sums(
        self,
        lines: list[tuple[int, int]],
        extras: tuple[int, int, int],
        payments: list[int],
    ) -> None:
        """OR1: whole minor units in, the very same out, in any order of payment."""
        tax, delivery, discount = extras
        basket = priced(
            *(tea(quantity, unit) for quantity, unit in lines),
            tax=gbp(tax),
            delivery=gbp(delivery),
            discount=gbp(discount),
        )
        order, event = placed(basket)
        for each in payments:
            order, _ = receive_payment(order, paid(each))
        goods = sum(quantity * unit for quantity, unit in lines)
        assert order.goods == gbp(goods)
        assert order.total == event.total == gbp(goods + tax + delivery - discount)
        assert order.paid == gbp(sum(payments))

    def test_a_line_taken_over_costs_what_it_cost(self) -> None:
        """I5: the amount of a line counts, not its unit price rounded elsewhere."""
        taken_over = OrderLine(sku="x", title="X", quantity=3, unit=gbp(33), amount=gbp(100))
        assert placed(priced(taken_over))[0].total == gbp(100)

    def test_what_guards_may_look_at(self) -> None:
        """OR2: totals, counts and the host's own fields, and no personal value."""
        order, _ = placed(private_attributes=Attributes({"checked": True}))
        order, _ = receive_payment(order, paid(200))
        order = add_parcel(order, Parcel(number="JD1", carrier="", shipped_at=AT))
        facts = order.facts
        assert (facts.total_minor, facts.paid_minor, facts.refunded_minor) == (500, 200, 0)
        assert (facts.line_count, facts.parcel_count) == (1, 1)
        assert facts.attributes == {"checked": True}


class TestPayments:
    """Money that arrived is written down; whether it suffices is the flow's to say."""

    def test_parts_and_more(self) -> None:
        """OR1, OR6: part of it, the rest, too much: all is written down."""
        order, event = receive_payment(placed()[0], paid(200, "pi_1"))
        assert event == PaymentRecorded(order_id=order.id, amount=gbp(200), method="card")
        more, _ = receive_payment(order, paid(400, "pi_2"))
        assert [each.amount for each in more.payments] == [gbp(200), gbp(400)]
        assert more.state == order.state

    @pytest.mark.parametrize(
        ("payment", "code"),
        [
            (paid(0), "number.range"),
            (paid(-1), "number.range"),
            (attrs.evolve(paid(1), amount=Money(500, "EUR")), "money.mixed"),
            (paid(1, "x" * 121), "text.too_long"),
            (paid(1, "a\nb"), "text.control"),
        ],
    )
    def test_refused(self, payment: Payment, code: str) -> None:
        """OR1: nothing, less than nothing, another currency, a reference that no store keeps."""
        assert refusal(InvalidValueError, receive_payment, placed()[0], payment) == code

    def test_the_same_payment_twice(self) -> None:
        """OR5: what a provider reports twice arrived once; without a reference nobody can tell."""
        order, _ = receive_payment(placed()[0], paid(200, "pi_1"))
        code = refusal(TakenError, receive_payment, order, paid(300, "pi_1"))
        assert code == "unique.taken"
        other, _ = receive_payment(order, paid(200, "pi_1", method="giro"))
        for _ in range(2):
            other, _ = receive_payment(other, paid(10, ""))
        assert other.paid == gbp(420)


class TestParcels:
    """One order may leave in several parcels."""

    def test_each_has_a_number(self) -> None:
        """OR9: parcels stand in the order in which they left."""
        first, second = (Parcel(number=n, carrier="Royal Mail", shipped_at=AT) for n in ("1", "2"))
        order = add_parcel(add_parcel(placed()[0], first), second)
        assert order.parcels == (first, second)

    @pytest.mark.parametrize(
        ("number", "carrier", "code"),
        [
            ("", "", "parcel.number"),
            ("  ", "", "parcel.number"),
            ("x" * 61, "", "text.too_long"),
            ("JD\n1", "", "text.control"),
            ("JD1", "x" * 61, "text.too_long"),
        ],
    )
    def test_refused(self, number: str, carrier: str, code: str) -> None:
        """OR9: what no carrier could find, or no store could keep."""
        parcel = Parcel(number=number, carrier=carrier, shipped_at=AT)
        assert refusal(InvalidValueError, add_parcel, placed()[0], parcel) == code


class TestLines:
    """A line costs its unit price times its quantity."""

    def test_a_line(self) -> None:
        """OR1: computed once, in whole minor units."""
        assert line_of("tea", "Tea", 3, gbp(333)).amount == gbp(999)

    @pytest.mark.parametrize("quantity", [0, -1, True, 1.0, "1", None, 1_000_001])
    def test_no_quantity(self, quantity: object) -> None:
        """OR1: a whole number from one to a million."""
        assert refusal(InvalidValueError, check_quantity, quantity) == "order.quantity"

    @pytest.mark.parametrize("quantity", [1, 1_000_000])
    def test_the_outermost(self, quantity: int) -> None:
        """OR1: one and a million pass."""
        assert check_quantity(quantity) == quantity

    @pytest.mark.parametrize(
        ("sku", "title", "code"),
        [
            ("", "", "text.empty"),
            ("x" * 121, "", "text.too_long"),
            ("x", "y" * 301, "text.too_long"),
        ],
    )
    def test_no_line(self, sku: str, title: str, code: str) -> None:
        """OR1: stock-keeping unit and title have their sizes."""
        assert refusal(InvalidValueError, line_of, sku, title, 1, gbp(1)) == code


def test_it_prints_masked() -> None:
    """CU9: an order in a log names nobody, and tells no parcel or reference."""
    order, _ = placed(external_ref=ExternalRef("erp", "lovelace-1"))
    order = add_parcel(order, Parcel(number="JD0001", carrier="Royal Mail", shipped_at=AT))
    shown = repr(order)
    assert [word for word in ("Lovelace", "lovelace", "ada", "JD0001") if word in shown] == []
    assert "7F3K-92QX" in shown
