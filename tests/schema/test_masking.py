"""Personal values print masked, wherever they are: a log may hold any of these."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import attrs
import pytest

import ordercore
from ordercore.customers.customer import AddressEntry, Customer
from ordercore.lifecycle.reminder import Reminder
from ordercore.orders.order import Order, OrderLine, Parcel, Payment
from ordercore.services.messages import _message
from ordercore.shopping_lists.lists import ShoppingList
from ordercore.stored.form import Form
from ordercore.stored.forms import FORMS
from ordercore.stored.outbox import ErrandRow
from ordercore.stored.schema import TABLES
from ordercore.stored.table import Column, Table
from ordercore.values.address import Party, PostalAddress
from ordercore.values.attributes import Attributes, ExternalRef
from ordercore.values.email import EmailAddress
from ordercore.values.ids import CustomerId, ListId, OrderId, ReminderId
from ordercore.values.money import Money
from ordercore.values.phone import PhoneNumber
from tests.schema.rules import personal

SECRET = "S3CRET"
"""Stands in every text: what shows it, shows a person."""
AT = datetime(2026, 3, 2, tzinfo=UTC)
ID = uuid5(UUID(int=0), "ordercore")

PERSONAL_FIELDS = {
    "body", "city", "company", "email", "html", "label", "name", "phone", "postal_code",
    "recipient", "recipient_name", "region", "street", "street_2", "subject", "text",
}  # fmt: skip
NOT_A_PERSON = {
    ("Lifespan", "name"),
    ("ShopProfile", "name"),
    ("Flow", "name"),
    ("State", "name"),
    ("Column", "name"),
    ("Column", "text"),
    ("Fault", "subject"),
    ("Table", "name"),
    ("Violation", "subject"),
}
"""Fields called so that are the shop's or the code's own."""


def filled(column: Column) -> Any:
    """Return a value of a column's type, a secret where it is text."""
    values: dict[type, Any] = {
        str: f"{SECRET} {column.name}",
        int: 7,
        bool: True,
        UUID: ID,
        datetime: AT,
        bytes: SECRET.encode(),
    }
    return values.get(column.kind, AT.date())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_shows_what_is_plain_and_masks_what_is_not(table: Table[Any]) -> None:
    """The privacy class of a column decides what its row prints."""
    row = table.row._make(filled(column) for column in table.columns)
    shown = f"{row!r} {row}"
    for column in table.columns:
        if column.kind is str:
            assert (f"{SECRET} {column.name}" in shown) is not personal(column), column.name
        assert f"{column.name}=" in shown


# ── aggregates: whatever becomes a personal column is masked before, too ──


def _told(place: str) -> str:
    return f"{SECRET} {place}"


ATTRIBUTES = Attributes({"note": _told("attribute")})
REF = ExternalRef("erp", _told("reference"))
PLACE = PostalAddress(
    street=_told("street"),
    street_2=_told("second line"),
    city=_told("city"),
    region=_told("region"),
    postal_code=_told("code"),
    country="GB",
)
PARTY = Party(
    name=_told("name"),
    company=_told("company"),
    email=EmailAddress(f"{SECRET}@example.org"),
    phone=PhoneNumber("+442079460000"),
    billing=PLACE,
    shipping=PLACE,
)
HUNG: dict[str, Any] = {
    "external_ref": REF,
    "public_attributes": ATTRIBUTES,
    "private_attributes": ATTRIBUTES,
}
TEA = Money(250, "GBP")
EXAMPLES: dict[str, Any] = {
    "customer": Customer(
        id=CustomerId(ID),
        name=PARTY.name,
        company=PARTY.company,
        email=PARTY.email,
        phone=PARTY.phone,
        addresses=(AddressEntry(address=PLACE, label=_told("label")),),
        created_at=AT,
        **HUNG,
    ),
    "order": Order(
        id=OrderId(ID),
        number="7F3K-92QX",
        customer_id=CustomerId(ID),
        party=PARTY,
        language="en",
        currency="GBP",
        lines=(
            OrderLine(
                sku="tea", title="Tea", quantity=1, unit=TEA, amount=TEA, attributes=ATTRIBUTES
            ),
        ),
        tax=TEA,
        delivery=TEA,
        discount=TEA,
        payments=(Payment(amount=TEA, method="card", reference="pi_1", received_at=AT),),
        parcels=(Parcel(number=_told("parcel"), carrier="Royal Mail", shipped_at=AT),),
        state="paid",
        shown_state="paid",
        flow="default",
        flow_version=1,
        placed_at=AT,
        **HUNG,
    ),
    "list": ShoppingList(
        id=ListId(ID),
        customer_id=CustomerId(ID),
        name=_told("list"),
        currency="GBP",
        created_at=AT,
        **HUNG,
    ),
    "reminder": Reminder(
        id=ReminderId(ID),
        customer_id=CustomerId(ID),
        order_id=None,
        sku="tea",
        title="Tea",
        buy_sku="tea",
        quantity=1,
        started_at=AT,
        remind_at=AT,
        runs_out_at=AT,
        **HUNG,
    ),
}
"""One of each aggregate, with a secret in every text that is personal."""


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_an_aggregate_prints_no_personal_value(form: Form[Any]) -> None:
    """CU9: what its rows would mask, it masks itself."""
    example = EXAMPLES[form.kind]
    stored = [
        (column, row[place])
        for table, rows in form.to_rows(example).items()
        for row in rows
        for place, column in enumerate(table.columns)
    ]
    hidden = [value for column, value in stored if personal(column) and SECRET in str(value)]
    assert hidden, "the example has nothing to hide"
    assert SECRET not in f"{example!r} {example}"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_the_examples_hold_a_secret_in_every_personal_column(form: Form[Any]) -> None:
    """A personal column that the example leaves empty would not be looked at."""
    for table, rows in form.to_rows(EXAMPLES[form.kind]).items():
        for place, column in enumerate(table.columns):
            if personal(column) and column.name not in ("phone", "name_key"):
                seen = [str(row[place]) for row in rows]
                assert any(SECRET.casefold() in each.casefold() for each in seen), column.name


def test_a_message_prints_masked() -> None:
    """MS3: the history of messages can be logged."""
    values: dict[str, Any] = {
        name: f"{SECRET} {name}" if kind is str else AT if kind is datetime else ID
        for name, kind in ((c.name, c.kind) for c in TABLES_BY_NAME["errand"].columns)
    }
    row = ErrandRow(**values | {"attempts": 1, "kind": "order_paid", "state": "sent"})
    plain = {"channel", "kind", "audience", "language", "state", "fault"}
    message = _message(row)
    shown = repr(message)
    for field in attrs.fields(type(message)):
        if isinstance(getattr(message, field.name), str) and field.name not in plain:
            assert f"{SECRET} {field.name}" not in shown


TABLES_BY_NAME = {table.name: table for table in TABLES}


# ── no class of the core shows a personal field ──


def classes() -> Iterator[type[Any]]:
    """Yield every attrs class of the core."""
    seen = set()
    for module in pkgutil.walk_packages(ordercore.__path__, "ordercore."):
        if module.name.startswith(("ordercore.testing", "ordercore.__main__")):
            continue
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, type) and attrs.has(each) and each not in seen:
                seen.add(each)
                yield each


def bare_fields(kind: type[Any]) -> list[str]:
    """Return the fields that the class prints as they are, though they are called personal."""
    own: Callable[..., str] = kind.__repr__
    if not getattr(own, "__module__", "").startswith("ordercore") or _is_generated(kind):
        return [
            f"{kind.__name__}.{field.name}"
            for field in attrs.fields(kind)
            if field.name in PERSONAL_FIELDS
            and field.repr is True
            and field.type in ("str", "str | None", str)
            and (kind.__name__, field.name) not in NOT_A_PERSON
        ]
    return []


def _is_generated(kind: type[Any]) -> bool:
    return "attrs generated" in str(kind.__repr__.__code__.co_filename)


@pytest.mark.parametrize("kind", list(classes()), ids=lambda kind: kind.__name__)
def test_a_personal_field_is_not_printed(kind: type[Any]) -> None:
    """A name, an address or words to a person print masked, in every class of the core."""
    assert bare_fields(kind) == []


def test_a_class_that_prints_a_name_is_found() -> None:
    """The check above can fail."""

    @attrs.frozen
    class Chatty:
        name: str
        number: str

    assert bare_fields(Chatty) == ["Chatty.name"]
