"""Every field of every verb that takes text, as forms to be filled in and read back.

A form is one command. It is given texts by field, fills in the rest sensibly, and
returns what the store gives back for those fields when asked anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

import attrs

from ordercore.customers.customer import AddressEntry
from ordercore.orders.order import line_of
from ordercore.services.importing import ForeignOrder
from ordercore.services.placing import Wanted
from ordercore.shopping_lists.lists import ListLine
from ordercore.values.address import PostalAddress
from ordercore.values.attributes import ExternalRef
from ordercore.values.money import Money
from tests.property.worlds import ELY, World

Texts = Mapping[str, str]
PENNY = Money(1, "GBP")
_numbers = count()


def _new() -> str:
    """Return a reference that nothing has."""
    return f"new {next(_numbers)}"


def _address(texts: Texts) -> PostalAddress:
    lines = ("street", "street_2", "city", "region", "postal_code", "country")
    return attrs.evolve(ELY, **{name: texts[name] for name in lines if name in texts})


def _address_fields(address: PostalAddress) -> dict[str, Any]:
    return attrs.asdict(address)


def register(world: World, texts: Texts) -> Mapping[str, Any]:
    """Register a guest: guests may share an e-mail address."""
    made = world.shop.customers.register(
        guest=True,
        name=texts.get("name", ""),
        company=texts.get("company", ""),
        email=texts.get("email"),
        phone=texts.get("phone"),
        language=texts.get("language"),
        zone=texts.get("zone", "UTC"),
        addresses=[AddressEntry(address=_address(texts), label=texts.get("label", ""))],
        external_ref=ExternalRef("erp", texts.get("ref", _new())),
        public_attributes={"public": texts.get("public", "")},
        private_attributes={"private": texts.get("private", "")},
        idempotency_key=texts.get("idempotency_key"),
    )
    found = world.shop.customers.get(made.id)
    assert found == made
    assert found.external_ref is not None
    return {
        "name": found.name,
        "company": found.company,
        "email": found.email and found.email.text,
        "phone": found.phone and found.phone.text,
        "language": found.language,
        "zone": found.zone,
        **_address_fields(found.addresses[0].address),
        "label": found.addresses[0].label,
        "ref": found.external_ref.ref,
        "public": found.public_attributes["public"],
        "private": found.private_attributes["private"],
        "idempotency_key": texts.get("idempotency_key"),
    }


def edit(world: World, texts: Texts) -> Mapping[str, Any]:
    """Edit a guest."""
    made = world.shop.customers.register(guest=True, name="Before", email="before@example.org")
    given: dict[str, Any] = {name: texts[name] for name in ("name", "company") if name in texts}
    if "label" in texts:
        given["addresses"] = [AddressEntry(address=ELY, label=texts["label"])]
    if "private" in texts:
        given["private_attributes"] = {"private": texts["private"]}
    world.shop.customers.edit(made.id, **given)
    found = world.shop.customers.get(made.id)
    label = found.addresses[0].label if found.addresses else None
    attribute = found.private_attributes.get("private")
    return {"name": found.name, "company": found.company, "label": label, "private": attribute}


def act(world: World, texts: Texts) -> Mapping[str, Any]:
    """Act as a member of staff, for a reason."""
    shop = world.shop.as_staff(texts.get("staff", "anna"), reason=texts.get("why"))
    while read := world.shop.events(after=world.read[-1], limit=500).items:
        world.read.append(read[-1].number)
    shop.lifecycle.declare("tea", days=30, notice_days=7)
    (newest,) = world.shop.events(after=world.read[-1]).items
    return {"staff": newest.actor.staff, "why": newest.reason}


def place(world: World, texts: Texts) -> Mapping[str, Any]:
    """Place an order for a customer with an e-mail address, so that letters are written.

    Without a title the line is called what the product is.
    """
    customer = world.shop.customers.register(
        guest=True, name=texts.get("buyer", "Ada"), email="buyer@example.org"
    )
    line = Wanted(sku=texts.get("sku", "tea"), title=texts.get("title", "Tea"), unit=PENNY)
    made = world.shop.orders.place(
        customer.id,
        [line],
        currency=texts.get("currency", "GBP"),
        ship_to=_address(texts),
        channel=texts.get("channel", "web"),
        external_ref=ExternalRef(texts.get("source", "erp"), _new()),
        private_attributes={"private": texts.get("private", "")},
    )
    found = world.shop.orders.get(made.id)
    assert found == made
    assert found.external_ref is not None
    assert found.party.shipping is not None
    return {
        "buyer": found.party.name,
        "sku": found.lines[0].sku,
        "title": found.lines[0].title if texts.get("title") else "",
        "currency": found.currency,
        **_address_fields(found.party.shipping),
        "channel": found.channel,
        "source": found.external_ref.source,
        "private": found.private_attributes["private"],
    }


def fulfil(world: World, texts: Texts) -> Mapping[str, Any]:
    """Take a payment, ship and edit an order, and cancel another."""
    customer = world.shop.customers.register(name="Ada", guest=True, email="b@example.org")
    desk = world.shop.orders
    order = desk.place(customer.id, [Wanted(sku="tea", unit=PENNY)], currency="GBP")
    desk.pay(
        order.id, PENNY, method=texts.get("method", "card"), reference=texts.get("payment", "")
    )
    desk.pack(order.id)
    number, carrier = texts.get("parcel", "1"), texts.get("carrier", "")
    desk.ship(order.id, parcel_number=number, carrier=carrier)
    desk.edit(order.id, external_ref=ExternalRef("pos", texts.get("ref", _new())))
    found = desk.get(order.id)
    assert found.external_ref is not None
    return {
        "method": found.payments[0].method,
        "payment": found.payments[0].reference,
        "parcel": found.parcels[0].number,
        "carrier": found.parcels[0].carrier,
        "ref": found.external_ref.ref,
    }


def give_reasons(world: World, texts: Texts) -> Mapping[str, Any]:
    """Cancel an order and merge two customers, each for a reason; neither is read back here."""
    ada, other = (
        world.shop.customers.register(name="Ada", guest=True, email=f"{name}@example.org")
        for name in ("ada", "other")
    )
    order = world.shop.orders.place(ada.id, [Wanted(sku="tea", unit=PENNY)], currency="GBP")
    world.shop.orders.cancel(order.id, reason=texts.get("cancel", ""))
    plan = world.shop.merging.plan(ada.id, other.id)
    world.shop.merging.apply(plan, reason=texts.get("merge", ""))
    return texts


def move(world: World, texts: Texts) -> Mapping[str, Any]:
    """Take a step with a verb of one's own."""
    customer = world.shop.customers.register(name="Ada", guest=True)
    order = world.shop.orders.place(customer.id, [Wanted(sku="tea", unit=PENNY)], currency="GBP")
    world.shop.orders.move(order.id, texts.get("verb", "cancel"))
    return {"verb": "cancel"}


def start(world: World, texts: Texts) -> Mapping[str, Any]:
    """Start a list."""
    customer = world.shop.customers.register(name="Ada", guest=True)
    made = world.shop.shopping_lists.start(
        customer.id,
        [ListLine(sku=texts.get("sku", "tea"))],
        name=texts.get("name", "List"),
        currency="GBP",
        external_ref=ExternalRef("erp", texts.get("ref", _new())),
        public_attributes={"public": texts.get("public", "")},
    )
    found = world.shop.shopping_lists.get(made.id)
    assert found == made
    assert found.external_ref is not None
    return {
        "name": found.name,
        "sku": found.lines[0].sku,
        "ref": found.external_ref.ref,
        "public": found.public_attributes["public"],
    }


def declare(world: World, texts: Texts) -> Mapping[str, Any]:
    """Declare a lifespan."""
    sku = texts.get("sku", "tea")
    world.shop.lifecycle.declare(
        sku, days=30, notice_days=7, replacement_sku=texts.get("replacement")
    )
    (found,) = (each for each in world.shop.lifecycle.lifespans() if each.sku == sku)
    return {"sku": found.sku, "replacement": found.replacement_sku}


def take_over(world: World, texts: Texts) -> Mapping[str, Any]:
    """Take over an order of another system."""
    source, ref = texts.get("source", "old"), texts.get("ref", _new())
    line = line_of(texts.get("sku", "tea"), texts.get("title", "Tea"), 1, PENNY)
    order = ForeignOrder(
        ref=ref,
        customer_ref=texts.get("customer", _new()),
        placed_at=datetime(2025, 12, 1, tzinfo=UTC),
        lines=(line,),
    )
    world.shop.orders.take_over([order], source=source)
    found = world.shop.orders.by_ref(ExternalRef(source, ref))
    assert found.customer_id is not None
    customer = world.shop.customers.get(found.customer_id)
    assert customer.external_ref is not None
    assert found.external_ref is not None
    return {
        "source": found.external_ref.source,
        "ref": found.external_ref.ref,
        "sku": found.lines[0].sku,
        "title": found.lines[0].title,
        "customer": customer.external_ref.ref,
    }


def ask(world: World, texts: Texts) -> Mapping[str, Any]:
    """Ask every question that takes text; what is found does not say the text back."""
    shop = world.shop
    if "find" in texts:
        shop.customers.find(texts["find"])
    if "after" in texts:
        shop.customers.find("", after=texts["after"])
    if "by_email" in texts:
        shop.customers.by_email(texts["by_email"])
    if "by_number" in texts:
        shop.orders.by_number(texts["by_number"])
    if "token" in texts:
        shop.customers.confirm_email(texts["token"])
    return texts


Form = Callable[[World, Texts], Mapping[str, Any]]
FIELDS: Mapping[Form, list[str]] = {
    register: (
        "name company email phone language zone street street_2 city region postal_code country"
        " label ref public private idempotency_key"
    ).split(),
    edit: "name company label private".split(),
    act: "staff why".split(),
    place: "buyer sku title currency street city channel source private".split(),
    fulfil: "method payment parcel carrier ref".split(),
    give_reasons: "cancel merge".split(),
    move: "verb".split(),
    start: "name sku ref public".split(),
    declare: "sku replacement".split(),
    take_over: "source ref sku title customer".split(),
    ask: "find after by_email by_number token".split(),
}
"""The fields of each form."""

WIDE = (register, place, start, take_over)
"""Forms that between them write to every kind of column."""

STRICT = {
    "after", "by_email", "by_number", "country", "currency", "email", "find", "language", "phone",
    "token", "verb", "zone",
}  # fmt: skip
"""Fields that take few texts, or say none back; they are tried one by one."""

CODES = {
    "channel", "country", "currency", "idempotency_key", "language", "method", "replacement",
    "sku", "source", "staff", "title", "verb", "zone",
}  # fmt: skip
"""Fields that are no person's: an error may say the beginning of what stands there."""
