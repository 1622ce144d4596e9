"""`python -m ordercore demo`: some weeks in the life of a shop, played in simulated time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from ordercore import (
    AddressEntry,
    Customer,
    ListId,
    ListLine,
    Order,
    PostalAddress,
    Shop,
    ShopProfile,
    Wanted,
    Weekly,
)
from ordercore.errors import SetupError
from ordercore_adapters.cli.demo_words import Teller, planned
from ordercore_adapters.cli.demo_world import ZONE, Goods, SimulatedClock, Staff
from ordercore_adapters.cli.mailbox import write_mailbox
from ordercore_adapters.smtp import FileNotifier
from ordercore_adapters.sqlalchemy import SqlAlchemyStore

MARK = ".ordercore-demo"

Folder = Annotated[Path, Parameter(name="--dir")]


def demo(*, folder: Folder = Path("ordercore-demo")) -> int:
    """Play some weeks in the life of a shop, in simulated time.

    Args:
        folder: Where the mails and the database are left; a new or empty folder, or
            one that an earlier demonstration left.
    """
    prepare(folder)
    play = Play(folder)
    for scene in (
        play.opening,
        play.customers,
        play.first_order,
        play.refusals,
        play.on_its_way,
        play.in_french,
        play.weekly_list,
        play.running_out,
        play.two_accounts_of_one_person,
    ):
        scene()
    return int(play.closing() > 0)


def prepare(folder: Path) -> None:
    """Make an empty folder, or empty one that an earlier demonstration left.

    Raises:
        SetupError: there is something of somebody else's in it.
    """
    if (folder / MARK).exists():
        shutil.rmtree(folder)
    elif folder.exists() and any(folder.iterdir()):
        reason = f"{folder} is not empty; name another folder with --dir"
        raise SetupError("setup.usage", reason=reason)
    (folder / "mails").mkdir(parents=True)
    (folder / MARK).touch()


class Play:
    """The story: each scene does something with the shop and says what came of it."""

    folder: Path
    shop: Shop
    staff: Shop
    ada: Customer
    guest: Customer
    zoe: Customer
    order: Order

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock: SimulatedClock = SimulatedClock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
        self.tell: Teller = Teller(self.clock.now)
        store = SqlAlchemyStore.from_url(f"sqlite:///{folder / 'shop.db'}")
        self.shop = Shop(
            store=store,
            clock=self.clock,
            catalog=Goods(),
            directory=Staff(),
            notifiers=[FileNotifier(folder / "mails", now=self.clock.now)],
            profile=ShopProfile(
                name="Alto Coffee & Tea",
                sender_address="orders@alto.example",
                base_url="https://alto.example",
            ),
        )
        self.staff = self.shop.as_staff("grace")
        self.sent: int = 0

    # ── scenes ──

    def opening(self) -> None:
        """Say what is about to happen."""
        words = (
            "A shop on one SQLite file, and some weeks of it. Each change is one transaction:\n"
            "the rows, the audit, the event and the mail are kept together, or not at all."
        )
        self.tell.print(Panel(words, title="ordercore", border_style="cyan", expand=False))

    def customers(self) -> None:
        """Ada opens an account, buys elsewhere as a guest, and Zoé speaks French."""
        with self.scene("Customers", "2026-03-02 08:05"):
            home = PostalAddress(
                street="12 St James's Square", city="London", postal_code="SW1Y 4LB", country="GB"
            )
            work = PostalAddress(street="5 Ockham Lane", city="Woking", country="GB")
            self.ada = self.shop.customers.register(
                name="Ada Lovelace",
                email="ada@lovelace.example",
                zone=ZONE,
                addresses=[
                    AddressEntry(address=home, label="home", default_shipping=True),
                    AddressEntry(address=work, label="work", default_billing=True),
                ],
            )
            self.tell.done("Ada opens an account, with two addresses")
            self.guest = self.shop.customers.register(
                name="A. Lovelace", email="ada@lovelace.example", guest=True
            )
            self.tell.done("a guest gives the same e-mail address, and gains nothing by it")
            self.zoe = self.shop.customers.register(
                name="Zoé Baudelaire", email="zoe@baudelaire.example", language="fr"
            )
            self.tell.done("Zoé opens an account; she will be written to in French")
            self.tell.refused("a second account for Ada's address", self.second_account)

    def second_account(self) -> Customer:
        """Try to open an account that exists."""
        return self.shop.customers.register(email="ADA@lovelace.example")

    def first_order(self) -> None:
        """Ada's browser sends her order twice."""
        with self.scene("An order, sent twice", "2026-03-02 09:12"):
            for _ in range(2):
                self.order = self.shop.as_customer(self.ada.id).orders.place(
                    self.ada.id,
                    [Wanted(sku="ALTO"), Wanted(sku="FILTER", quantity=2)],
                    currency="GBP",
                    idempotency_key="basket-4711",
                )
            count = len(self.shop.orders.of_customer(self.ada.id).items)
            self.tell.done(
                f"order {self.order.number} for {self.order.total}, from two clicks: {count} order"
            )

    def refusals(self) -> None:
        """What the flow does not allow says why, and what is allowed."""
        with self.scene("What is not allowed says why", "2026-03-02 09:15"):
            self.tell.refused(
                "packing before it is paid", lambda: self.staff.orders.pack(self.order.id)
            )
            zoe = self.shop.as_customer(self.zoe.id)
            self.tell.refused("Zoé looking at Ada's order", lambda: zoe.orders.view(self.order.id))
            self.tell.refused(
                "an edit based on what is no longer true",
                lambda: self.staff.customers.edit(self.ada.id, name="Ada King", expected_version=7),
            )

    def on_its_way(self) -> None:
        """Pay, pack, ship and deliver, with a mail at each step."""
        self.shop.lifecycle.declare("FILTER", days=14, notice_days=4)
        with self.scene("On its way", "2026-03-02 09:20"):
            self.step(self.shop.orders.pay(self.order.id, self.order.total, method="card"))
            self.clock.at(datetime(2026, 3, 2, 11, 0))  # noqa: DTZ001
            self.step(self.staff.orders.pack(self.order.id))
            self.clock.at(datetime(2026, 3, 2, 15, 30))  # noqa: DTZ001
            self.step(
                self.staff.orders.ship(
                    self.order.id, parcel_number="JD0146000062", carrier="Royal Mail"
                )
            )
            self.clock.at(datetime(2026, 3, 3, 10, 40))  # noqa: DTZ001
            self.step(self.shop.orders.deliver(self.order.id))
            self.tell.done("two filters last 28 days: a reminder is planned by itself")

    def in_french(self) -> None:
        """Zoé orders and changes her mind."""
        with self.scene("En français", "2026-03-04 14:00"):
            order = self.shop.orders.place(
                self.zoe.id, [Wanted(sku="TEA-250", quantity=4)], currency="EUR"
            )
            order = self.shop.as_customer(self.zoe.id).orders.cancel(
                order.id, reason="J’ai changé d’avis."
            )
            seen = self.shop.as_customer(self.zoe.id).orders.view(order.id)
            self.tell.done(f"Zoé orders four teas and cancels; her order reads “{seen.status}”")

    def weekly_list(self) -> None:
        """A list becomes an order each Friday at seven, whatever the clocks do."""
        with self.scene("A shopping list, every Friday at seven", "2026-03-05 18:00"):
            weekly = Weekly(weekdays=(4,), at=time(7), zone=ZONE, anchor_on=date(2026, 3, 5))
            found = self.shop.shopping_lists.start(
                self.ada.id,
                [ListLine(sku="BEANS-1K"), ListLine(sku="TEA-250", quantity=2)],
                name="Friday coffee",
                currency="GBP",
                schedule=weekly,
            )
            self.tell.done("“Friday coffee” begins")
            for friday in range(4):
                self.clock.at(datetime(2026, 3, 6, 7, 1) + timedelta(weeks=friday))  # noqa: DTZ001
                for _ in range(3):
                    self.run_due()
                self.sent += self.shop.deliver().sent
            self.clock.at(datetime(2026, 4, 3, 7, 1))  # noqa: DTZ001
            self.run_due()
            self.tell.print(self.history(found.id))
            self.tell.done("three workers ran each time; each Friday has one order")
            self.tell.done("the clocks went forward on 29 March; seven stayed seven")

    def running_out(self) -> None:
        """The reminder that was planned in the first week."""
        with self.scene("Running out", "2026-04-03 12:00"):
            (reminder,) = self.shop.lifecycle.reminders(self.ada.id).items
            self.tell.done(
                f"{reminder.quantity} × {escape(reminder.title)}: {reminder.status} on "
                f"{reminder.remind_at:%d %B}, runs out on {reminder.runs_out_at:%d %B}"
            )

    def two_accounts_of_one_person(self) -> None:
        """Plan, merge, undo, and merge again."""
        with self.scene("Two accounts of one person", "2026-04-06 10:00"):
            other = self.shop.customers.register(
                name="Ada King", email="countess@lovelace.example", phone="+44 20 7946 0018"
            )
            self.shop.orders.place(other.id, [Wanted(sku="TEA-250")], currency="GBP")
            plan = self.staff.merging.plan(self.ada.id, other.id)
            self.tell.print(planned(plan.collections, [(c.field, c.rule) for c in plan.choices]))
            merge = self.staff.merging.apply(plan, reason="both are Ada, she told us by telephone")
            orders = len(self.shop.orders.of_customer(other.id).items)
            self.tell.done(f"merged: the old id leads to Ada and her {orders} orders")
            self.staff.merging.undo(merge.id)
            orders = len(self.shop.orders.of_customer(other.id).items)
            self.tell.done(f"undone: the second account is back, with its {orders} order")
            self.staff.merging.apply(self.staff.merging.plan(self.ada.id, other.id))
            self.tell.done("merged again, for good")

    def closing(self) -> int:
        """Say where everything lies, verify, and return how many invariants are broken."""
        again = self.shop.deliver(limit=500).sent
        mailbox = write_mailbox(
            self.folder / "mails", self.folder / "mails.html", show="JD0146000062"
        )
        self.tell.print(Rule(style="dim"))
        self.tell.done(f"{self.sent} mails were delivered; another worker finds {again} to do")
        self.tell.print(
            Panel(Text(mailbox.shown), title=mailbox.title, border_style="dim", expand=False)
        )
        self.tell.print(self.summary())
        violations = self.shop.verify()
        for violation in violations:
            self.tell.print(f"[red]{escape(str(violation))}[/red]")
        self.tell.print(f"verify: {len(violations)} violations")
        return len(violations)

    # ── what scenes share ──

    @contextmanager
    def scene(self, title: str, at: str) -> Iterator[None]:
        """Begin a scene at a wall time."""
        self.clock.at(datetime.fromisoformat(at))
        self.tell.print(Rule(f"[bold]{title}[/bold]", align="left", style="cyan"))
        yield
        self.sent += self.shop.deliver(limit=500).sent

    def step(self, order: Order) -> None:
        """Say where an order stands."""
        seen = self.shop.orders.view(order.id)
        self.tell.done(f"order {order.number} is now [bold]{seen.status}[/bold]")

    def run_due(self) -> None:
        """Work as a worker does, and pay what a list ordered."""
        self.shop.run_due()
        for order in self.shop.orders.of_customer(self.ada.id).items:
            if order.state == "awaiting_payment":
                self.shop.orders.pay(order.id, order.total, method="card")

    def history(self, list_id: ListId) -> Table:
        """Return what became of each Friday."""
        table = Table("occurrence", "wall time", "UTC", "outcome", box=None, header_style="dim")
        for record in self.shop.shopping_lists.history(list_id).items:
            table.add_row(
                str(record.number),
                f"{record.local:%a %d %b %H:%M}",
                f"{record.due_at:%H:%M}",
                record.outcome,
            )
        return table

    def summary(self) -> Table:
        """Return what is left to look at."""
        table = Table(box=None, show_header=False)
        table.add_row("database", str(self.folder / "shop.db"))
        table.add_row("mails", str(self.folder / "mails"))
        table.add_row("all mails in a browser", str(self.folder / "mails.html"))
        table.add_row("commands in the feed", str(self.shop.events(limit=500).next))
        return table
