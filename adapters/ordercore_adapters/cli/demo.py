"""`python -m ordercore demo`: some weeks in the life of a shop, played in simulated time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.highlighter import NullHighlighter
from rich.markup import escape
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from ordercore import (
    AddressEntry,
    Customer,
    ListLine,
    Money,
    Offer,
    Order,
    Party,
    PostalAddress,
    Shop,
    ShopProfile,
    Wanted,
    Weekly,
)
from ordercore.errors import OrderCoreError
from ordercore.values.email import EmailAddress
from ordercore_adapters.cli.mailbox import write_mailbox
from ordercore_adapters.smtp import FileNotifier
from ordercore_adapters.sqlalchemy import SqlAlchemyStore

ZONE = "Europe/London"
MARK = ".ordercore-demo"
GOODS = {
    "TEA-250": ("Loose red tea, 250 g", 525),
    "BEANS-1K": ("Coffee beans, 1 kg", 1490),
    "ALTO": ("Alto coffee maker", 12900),
    "FILTER": ("Filter cartridge for the Alto", 990),
}


def demo(folder: Path, console: Console) -> int:
    """Play the demonstration and leave its mails and database in `folder`.

    Returns:
        How many invariants are broken at the end, which is none.
    """
    prepare(folder)
    play = Play(folder, console)
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
    return play.closing()


def prepare(folder: Path) -> None:
    """Make an empty folder, or empty one that an earlier demonstration left.

    Raises:
        FileExistsError: there is something of somebody else's in it.
    """
    if (folder / MARK).exists():
        shutil.rmtree(folder)
    elif folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty; name another folder with --dir")
    (folder / "mails").mkdir(parents=True)
    (folder / MARK).touch()


class SimulatedClock:
    """A clock that moves only when the story does."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the story's instant."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Pass the time at once."""
        self._now += timedelta(seconds=seconds)

    def at(self, local: datetime) -> None:
        """Go forward to a wall time in London."""
        self._now = max(self._now, local.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC))


class Goods:
    """A catalogue of four products."""

    def offers(self, skus: Sequence[str], *, currency: str, language: str) -> Mapping[str, Offer]:  # noqa: ARG002
        """Return what is for sale."""
        return {
            sku: Offer(sku, GOODS[sku][0], Money(GOODS[sku][1], currency))
            for sku in skus
            if sku in GOODS
        }


class Staff:
    """Who is told of new orders."""

    def merchant(self) -> Party:
        """Return the shopkeeper."""
        return Party(name="Grace", email=EmailAddress.parse("grace@alto.example"))


class Play:
    """The story: each scene does something with the shop and says what came of it."""

    def __init__(self, folder: Path, console: Console) -> None:
        self.folder = folder
        self.say = console
        self.say.highlighter = NullHighlighter()
        self.clock = SimulatedClock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
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
        self.sent = 0

    # ── scenes ──

    def opening(self) -> None:
        """Say what is about to happen."""
        words = (
            "A shop on one SQLite file, some weeks in simulated time. Every change below is one\n"
            "transaction: the rows, the audit, the event and the mail are kept together or not at all."
        )
        self.say.print(Panel(words, title="ordercore", border_style="cyan", expand=False))

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
            self.done("Ada opens an account, with two addresses")
            self.guest = self.shop.customers.register(
                name="A. Lovelace", email="ada@lovelace.example", guest=True
            )
            self.done("a guest gives the same e-mail address, and gains nothing by it")
            self.zoe = self.shop.customers.register(
                name="Zoé Baudelaire", email="zoe@baudelaire.example", language="fr"
            )
            self.done("Zoé opens an account; she will be written to in French")
            self.refused("a second account for Ada's address", self.second_account)

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
            self.done(f"order {self.order.number} for {self.order.total}, from two clicks: {count} order")

    def refusals(self) -> None:
        """What the flow does not allow says why, and what is allowed."""
        with self.scene("What is not allowed says why", "2026-03-02 09:15"):
            self.refused("packing before it is paid", lambda: self.staff.orders.pack(self.order.id))
            zoe = self.shop.as_customer(self.zoe.id)
            self.refused("Zoé looking at Ada's order", lambda: zoe.orders.view(self.order.id))
            self.refused(
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
            self.done("two filters last 28 days: a reminder is planned by itself")

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
            self.done(f"Zoé orders four teas and cancels; her order reads “{seen.status}”")

    def weekly_list(self) -> None:
        """A list becomes an order each Friday at seven, whatever the clocks do."""
        with self.scene("A shopping list, every Friday at seven", "2026-03-05 18:00"):
            weekly = Weekly(
                weekdays=(4,), at=time(7), zone=ZONE, anchor_on=date(2026, 3, 5)
            )
            found = self.shop.shopping_lists.start(
                self.ada.id,
                [ListLine(sku="BEANS-1K"), ListLine(sku="TEA-250", quantity=2)],
                name="Friday coffee",
                currency="GBP",
                schedule=weekly,
            )
            self.done("“Friday coffee” begins")
            for friday in range(4):
                self.clock.at(datetime(2026, 3, 6, 7, 1) + timedelta(weeks=friday))  # noqa: DTZ001
                for _ in range(3):
                    self.run_due()
                self.sent += self.shop.deliver().sent
            self.clock.at(datetime(2026, 4, 3, 7, 1))  # noqa: DTZ001
            self.run_due()
            self.say.print(self.history(found.id))
            self.done("three workers ran each time; each Friday has one order")
            self.done("the clocks went forward on 29 March; seven stayed seven")

    def running_out(self) -> None:
        """The reminder that was planned in the first week."""
        with self.scene("Running out", "2026-04-03 12:00"):
            (reminder,) = self.shop.lifecycle.reminders(self.ada.id).items
            self.done(
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
            self.say.print(self.planned(plan.collections, [(c.field, c.rule) for c in plan.choices]))
            merge = self.staff.merging.apply(plan, reason="both are Ada, she told us by telephone")
            orders = len(self.shop.orders.of_customer(other.id).items)
            self.done(f"merged: the old id leads to Ada and her {orders} orders")
            self.staff.merging.undo(merge.id)
            orders = len(self.shop.orders.of_customer(other.id).items)
            self.done(f"undone: the second account is back, with its {orders} order")
            self.staff.merging.apply(self.staff.merging.plan(self.ada.id, other.id))
            self.done("merged again, for good")

    def closing(self) -> int:
        """Deliver the mail, say where everything lies, and verify."""
        again = self.shop.deliver(limit=500).sent
        mailbox = write_mailbox(
            self.folder / "mails", self.folder / "mails.html", show="JD0146000062"
        )
        self.say.print(Rule(style="dim"))
        self.done(f"{self.sent} mails were delivered; another worker finds {again} to do")
        self.say.print(
            Panel(Text(mailbox.shown), title=mailbox.title, border_style="dim", expand=False)
        )
        self.say.print(self.summary())
        violations = self.shop.verify()
        for violation in violations:
            self.say.print(f"[red]{escape(str(violation))}[/red]")
        self.say.print(f"verify: {len(violations)} violations")
        return len(violations)

    # ── how it is told ──

    @contextmanager
    def scene(self, title: str, at: str) -> Iterator[None]:
        """Begin a scene at a wall time."""
        self.clock.at(datetime.fromisoformat(at))
        self.say.print(Rule(f"[bold]{title}[/bold]", align="left", style="cyan"))
        yield
        self.sent += self.shop.deliver(limit=500).sent

    def done(self, words: str) -> None:
        """Say what happened, at the story's time."""
        now = self.clock.now().astimezone(ZoneInfo(ZONE))
        self.say.print(f"[dim]{now:%a %d %b %H:%M}[/dim]  [green]✓[/green] {words}")

    def refused(self, what: str, attempt: object) -> None:
        """Try what must fail, and say how it did."""
        now = self.clock.now().astimezone(ZoneInfo(ZONE))
        try:
            attempt()  # type: ignore[operator]
        except OrderCoreError as error:
            words = f"{what}: [yellow]{error.code}[/yellow] [dim]{escape(str(error))}[/dim]"
            self.say.print(f"[dim]{now:%a %d %b %H:%M}[/dim]  [yellow]✗[/yellow] {words}")

    def step(self, order: Order) -> None:
        """Say where an order stands."""
        seen = self.shop.orders.view(order.id)
        self.done(f"order {order.number} is now [bold]{seen.status}[/bold]")

    def run_due(self) -> None:
        """Work as a worker does, and pay what a list ordered."""
        self.shop.run_due()
        for order in self.shop.orders.of_customer(self.ada.id).items:
            if order.state == "awaiting_payment":
                self.shop.orders.pay(order.id, order.total, method="card")

    def history(self, list_id: object) -> Table:
        """Return what became of each Friday."""
        table = Table("occurrence", "wall time", "UTC", "outcome", box=None, header_style="dim")
        for record in self.shop.shopping_lists.history(list_id).items:  # type: ignore[arg-type]
            table.add_row(
                str(record.number),
                f"{record.local:%a %d %b %H:%M}",
                f"{record.due_at:%H:%M}",
                record.outcome,
            )
        return table

    def planned(self, counts: Mapping[str, int], rules: Sequence[tuple[str, str]]) -> Table:
        """Return the plan of a merge."""
        table = Table("moves", "rows", "field", "rule", box=None, header_style="dim")
        moves = [(name, str(count)) for name, count in counts.items()]
        for at in range(max(len(moves), len(rules))):
            left = moves[at] if at < len(moves) else ("", "")
            table.add_row(*left, *(rules[at] if at < len(rules) else ("", "")))
        return table

    def summary(self) -> Table:
        """Return what is left to look at."""
        table = Table(box=None, show_header=False)
        table.add_row("database", str(self.folder / "shop.db"))
        table.add_row("mails", str(self.folder / "mails"))
        table.add_row("all mails in a browser", str(self.folder / "mails.html"))
        table.add_row("commands in the feed", str(self.shop.events(limit=500).next))
        return table
