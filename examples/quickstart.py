"""A shop in one file: register, place, pay, pack, ship, deliver the mails, look.

Run it in an empty folder: `python quickstart.py`. It leaves `shop.db`, a SQLite
database, and `mail/`, a folder of `.eml` files that any mail program opens.
"""

from __future__ import annotations

from ordercore import AddressEntry, Customer, Money, Order, PostalAddress, Shop, ShopProfile, Wanted
from ordercore_adapters.smtp import FileNotifier
from ordercore_adapters.sqlalchemy import SqlAlchemyStore


def open_shop() -> Shop:
    """Wire a shop: a database, a folder for mail, a name."""
    return Shop(
        store=SqlAlchemyStore.from_url("sqlite:///shop.db"),
        notifiers=[FileNotifier("mail")],
        profile=ShopProfile(
            name="Fen Tea",
            sender_address="hello@fentea.example",
            base_url="https://fentea.example",
        ),
    )


def welcome(shop: Shop) -> Customer:
    """Open an account; run again, the key makes this the same account, not a second one."""
    home = PostalAddress(street="12 Market Street", city="Ely", postal_code="CB7 4PB", country="GB")
    return shop.customers.register(
        name="Ada Byron",
        email="ada@byron.example",
        addresses=[AddressEntry(address=home)],
        idempotency_key="ada",
    )


def sell(shop: Shop, customer: Customer) -> Order:
    """Take one order from the basket to the carrier."""
    tea = Wanted(sku="TEA-250", quantity=2, title="Assam, 250 g", unit=Money.of("6.40", "GBP"))
    order = shop.orders.place(customer.id, [tea], currency="GBP")
    shop.orders.pay(order.id, order.total, method="card", reference=f"charge {order.number}")
    shop.orders.pack(order.id)
    return shop.orders.ship(order.id, parcel_number="RM123456785GB", carrier="Royal Mail")


def main() -> None:
    """Sell something, send what there is to say, and tell how it stands."""
    shop = open_shop()
    customer = welcome(shop)
    order = sell(shop, customer)
    print(f"order {order.number}: {order.state}, {order.paid} of {order.total} paid")
    print(f"mails sent: {shop.deliver().sent}")
    for message in shop.messages.of_customer(customer.id).items:
        print(f"  {message.state}: {message.subject}")
    print(f"broken invariants: {len(shop.verify())}")


if __name__ == "__main__":
    main()
