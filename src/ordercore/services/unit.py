"""The unit of work: everything that one command reads, decides and writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from ordercore.errors import ForbiddenError, SetupError
from ordercore.ports.rows import Rows, Transaction
from ordercore.ports.shop import Catalog, Directory, Pricing
from ordercore.ports.world import Ids
from ordercore.services.retention import KEPT
from ordercore.services.view import View
from ordercore.services.watch import watched
from ordercore.services.wiring import Wiring
from ordercore.stored.codec import canonical, converter
from ordercore.stored.commands import COMMANDS, CommandRow
from ordercore.stored.outbox import ERRANDS, ErrandRow
from ordercore.values.events import Event
from ordercore.values.ids import CommandId

if TYPE_CHECKING:
    from ordercore.customers.customer import Customer


T = TypeVar("T")


class Unit(View):
    """One attempt at a command. The transaction begins at the first row touched."""

    def __init__(self, wiring: Wiring, verb: str) -> None:
        super().__init__(wiring)
        self.verb: str = verb
        self.ids: Ids = wiring.ids
        self.command_id: CommandId = CommandId(wiring.ids.new())
        self.outside: Outside = Outside(self)
        self.customer_id: UUID | None = None
        self.errands: list[ErrandRow] = []
        self._transaction: Transaction | None = None
        self._events: list[Event] = []

    @property
    def begun(self) -> bool:
        """Whether the transaction is open, and the wires closed."""
        return self._transaction is not None

    @property
    def rows(self) -> Rows:
        """The rows of the transaction, which begins here if it has not."""
        if self._rows is None:
            store = self.wiring.store
            self._transaction = store.begin()
            self._rows = watched(self._transaction.rows, store.fault_hook)
        return self._rows

    def hold(self, customer_id: UUID) -> Customer:
        """Return a customer for whom something is about to be done, and keep merges waiting.

        Follows merges. Whatever is decided upon this customer in the unit holds
        until it is committed.

        Raises:
            NotFoundError: there is no such customer.
        """
        row = self.resolved(customer_id, lock=True)
        self.about(row.id)
        return self.customers.load([row])[0]

    def about(self, customer_id: UUID | None) -> None:
        """Note whose command this is, for the audit; the first one named counts."""
        self.customer_id = self.customer_id or customer_id

    def staff_only(self, *given: object) -> None:
        """Refuse a customer who sets what only the shop may set: references, private attributes.

        Raises:
            ForbiddenError: `actor.may_not`.
        """
        if self.actor.customer_id is not None and any(each is not None for each in given):
            raise ForbiddenError(
                "actor.may_not", actor=str(self.actor), verb="set a reference or private attribute"
            )

    def record(self, *events: Event) -> None:
        """Write down what happened."""
        self._events.extend(events)

    # ── the end, called by `command` ──

    def keep(self, *, key: str | None, fingerprint: str | None, result: str | None) -> None:
        """Write the errands and the command row, and commit."""
        if self.errands:
            for errand in self.errands:
                ERRANDS.check(errand)
            self.rows.insert(ERRANDS, self.errands)
        row = CommandRow(
            self.command_id,
            self.verb,
            str(self.actor),
            self.wiring.reason,
            self.now,
            self.customer_id,
            key,
            fingerprint,
            events_text(self._events),
            len(self.errands),
            result,
            None if key is None else self.now + KEPT,
        )
        COMMANDS.check(row)
        self.rows.insert(COMMANDS, [row])
        self._commit()

    def _commit(self) -> None:
        hook = self.wiring.store.fault_hook
        if hook is not None:
            hook("before commit")
        assert self._transaction is not None  # noqa: S101
        self._transaction.commit()
        if hook is not None:
            hook("after commit")

    def abandon(self) -> None:
        """Keep nothing."""
        if self._transaction is not None:
            self._transaction.rollback()


class Outside:
    """The ports that may need a wire: open only until the transaction begins."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @property
    def catalog(self) -> Catalog:
        """The host's products."""
        found = self._open("catalog", self._unit.wiring.catalog)
        if found is None:
            raise SetupError("setup.port", port="catalog", reason="none is wired")
        return found

    @property
    def pricing(self) -> Pricing:
        """What a basket costs."""
        return self._open("pricing", self._unit.wiring.pricing)

    @property
    def directory(self) -> Directory | None:
        """Who is who on the shop's side."""
        return self._open("directory", self._unit.wiring.directory)

    def glance(self, look: Callable[[View], T]) -> T:
        """Read something before the transaction begins, in a short one of its own.

        What was seen may be stale when the unit saves: compare the version.
        """
        self._refuse_late("glance")
        with self._unit.wiring.store.reading() as rows:
            return look(View(self._unit.wiring, rows))

    def _open(self, name: str, port: T) -> T:
        self._refuse_late(name)
        return port if port is None else watched(port, self._unit.wiring.store.fault_hook)

    def _refuse_late(self, name: str) -> None:
        if self._unit.begun:
            raise SetupError("setup.wire_in_transaction", port=name)


def events_text(events: list[Event]) -> str:
    """Return events as stored: a JSON list of tag, version and data."""
    if not events:
        return "[]"
    unstructure = converter().unstructure
    return canonical(
        [{"tag": each.tag, "v": each.version, "data": unstructure(each)} for each in events]
    )
