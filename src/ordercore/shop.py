"""The shop: the one object a host holds. Desks hang on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from ordercore.errors import SetupError

if TYPE_CHECKING:
    from ordercore.orders.flow import Flow
    from ordercore.ports.notifier import Notifier
    from ordercore.ports.rows import Store
    from ordercore.ports.shop import Catalog, Directory, Pricing
    from ordercore.ports.world import Clock, Ids, Tokens
    from ordercore.services.agenda import DueReport
    from ordercore.services.customers import CustomerDesk
    from ordercore.services.delivery import DeliveryReport
    from ordercore.services.feed import Recorded
    from ordercore.services.health import Health
    from ordercore.services.lifecycle import LifecycleDesk
    from ordercore.services.merging import MergingDesk
    from ordercore.services.messages import MessageDesk
    from ordercore.services.orders import OrderDesk
    from ordercore.services.shopping_lists import ShoppingListDesk
    from ordercore.services.violation import Violation
    from ordercore.values.actor import Actor
    from ordercore.values.ids import CustomerId
    from ordercore.values.outgoing import ShopProfile
    from ordercore.values.pages import Page

T = TypeVar("T")


class Shop:
    """A shop, wired from ports. Immutable: `as_staff` and `using` return another one."""

    def __init__(
        self,
        *,
        store: Store,
        profile: ShopProfile | None = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        tokens: Tokens | None = None,
        notifiers: Sequence[Notifier] = (),
        catalog: Catalog | None = None,
        pricing: Pricing | None = None,
        directory: Directory | None = None,
        flows: Sequence[Flow] = (),
    ) -> None:
        """Wire a shop.

        Args:
            store: Where everything is kept; see `ordercore_adapters`.
            profile: What the shop is called and writes from.
            clock: Default: the machine's clock.
            ids: Default: UUIDv7.
            tokens: Default: 256 random bits.
            notifiers: What carries messages, one per channel.
            catalog: The host's products; without it, lines need prices of their own.
            pricing: Tax, delivery and discounts; default: the lines and nothing else.
            directory: Who is who on the shop's side.
            flows: Order flows; the first is for new orders. Default: the built-in one.
        """
        from ordercore.services.defaults import PROFILE, PlainPricing
        from ordercore.services.wiring import Wiring, known_flows
        from ordercore_adapters.system import SecretTokens, SystemClock, Uuid7Ids

        first, known = known_flows(flows)
        self._wiring = Wiring(
            store=store,
            clock=clock or SystemClock(),
            ids=ids or Uuid7Ids(),
            tokens=tokens or SecretTokens(),
            notifiers=tuple(notifiers),
            catalog=catalog,
            pricing=pricing or PlainPricing(),
            directory=directory,
            profile=profile or PROFILE,
            flow=first,
            flows=known,
        )

    @classmethod
    def in_memory(
        cls,
        *,
        profile: ShopProfile | None = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        tokens: Tokens | None = None,
        notifiers: Sequence[Notifier] = (),
        catalog: Catalog | None = None,
        pricing: Pricing | None = None,
        directory: Directory | None = None,
        flows: Sequence[Flow] = (),
    ) -> Self:
        """Return a shop that keeps everything in memory, ready to use."""
        from ordercore_adapters.memory import MemoryStore

        return cls(
            store=MemoryStore(),
            profile=profile,
            clock=clock,
            ids=ids,
            tokens=tokens,
            notifiers=notifiers,
            catalog=catalog,
            pricing=pricing,
            directory=directory,
            flows=flows,
        )

    # ── who acts, and where ──

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self._wiring.store

    @property
    def actor(self) -> Actor:
        """Who acts through this shop."""
        return self._wiring.actor

    def as_staff(self, name: str, *, reason: str | None = None) -> Self:
        """Return the shop with a member of staff acting; `reason` goes into the audit."""
        from ordercore.values.actor import Actor

        return self._with(actor=Actor.of_staff(name), reason=reason)

    def as_customer(self, customer_id: CustomerId) -> Self:
        """Return the shop with a customer acting, who sees and changes only what is theirs.

        On a shop where staff act, it is they who act as the customer: the audit
        names both, and what only the customer may do is refused.
        """
        from ordercore.values.actor import Actor, Role

        if self.actor.role in (Role.STAFF, Role.IMPERSONATOR):
            return self._with(actor=self.actor.impersonating(customer_id))
        return self._with(actor=Actor.of_customer(customer_id), reason=None)

    def using(self, connection: object) -> Self:
        """Return the shop inside the host's transaction.

        Each command is a savepoint; nothing is committed, closed or tried again:
        the host decides.

        Raises:
            SetupError: `setup.connection`, for what is not a connection of the store.
        """
        join = getattr(self._wiring.store, "using", None)
        if join is None:
            raise SetupError(
                "setup.connection", expected="no connection", got=type(connection).__name__
            )
        return self._with(store=join(connection))

    def _with(self, **changes: Any) -> Self:
        from attrs import evolve

        other = object.__new__(type(self))
        other._wiring = evolve(self._wiring, **changes)
        return other

    # ── work that is due ──

    def run_due(self, *, limit: int = 100) -> DueReport:
        """Do what is due: lists become orders, reminders go out.

        Safe from any number of workers; running it again does nothing twice.

        Raises:
            SetupError: `setup.joined`, under `using`.
        """
        from ordercore.services.agenda import run_due

        return run_due(self._wiring, limit)

    def deliver(self, *, limit: int = 100) -> DeliveryReport:
        """Hand messages that are due to their carriers.

        Safe from any number of workers; a message is repeated only when a worker
        died while handing it over, and then with the same Message-ID.

        Raises:
            SetupError: `setup.joined`, under `using`.
        """
        from ordercore.services.delivery import deliver

        return deliver(self._wiring, limit)

    # ── looking at the whole ──

    def events(self, *, after: int = 0, limit: int = 100) -> Page[Recorded]:
        """Return the commands after the one numbered `after`, in the order of the feed.

        Under `using` it shows what has been numbered, and numbers nothing itself.
        """
        from ordercore.services.feed import read_feed

        return read_feed(self._wiring, after=after, limit=limit)

    def check(self) -> Health:
        """Return whether the shop is wired well and its workers keep up, for a health route."""
        from ordercore.services.health import check

        return check(self._wiring)

    def verify(self) -> list[Violation]:
        """Return every broken invariant; an empty list when all hold (EM8)."""
        from ordercore.services.verify import verify

        return verify(self._wiring)

    def snapshot(self) -> str:
        """Return the whole logical state as canonical JSON, equal across stores."""
        from ordercore.services.snapshot import snapshot

        return snapshot(self._wiring)

    # ── the desks ──

    @property
    def customers(self) -> CustomerDesk:
        """Customers: registering, editing and finding them."""
        from ordercore.services.customers import CustomerDesk

        return CustomerDesk(self._wiring)

    @property
    def merging(self) -> MergingDesk:
        """Merging customers, and undoing it."""
        from ordercore.services.merging import MergingDesk

        return MergingDesk(self._wiring)

    @property
    def shopping_lists(self) -> ShoppingListDesk:
        """Shopping lists: what customers want again and again."""
        from ordercore.services.shopping_lists import ShoppingListDesk

        return ShoppingListDesk(self._wiring)

    @property
    def lifecycle(self) -> LifecycleDesk:
        """Products that run out, and reminders before they do."""
        from ordercore.services.lifecycle import LifecycleDesk

        return LifecycleDesk(self._wiring)

    @property
    def messages(self) -> MessageDesk:
        """Messages: what was said to whom."""
        from ordercore.services.messages import MessageDesk

        return MessageDesk(self._wiring)

    @property
    def orders(self) -> OrderDesk:
        """Orders: placing them and moving them through their flow."""
        from ordercore.services.orders import OrderDesk

        return OrderDesk(self._wiring)


class RunsSync(Protocol):
    """What SQLAlchemy's `AsyncSession` and `AsyncConnection` have in common."""

    def run_sync(self, work: Callable[[Any], T], /) -> Awaitable[T]:
        """Run `work` with the synchronous session or connection inside."""
        ...


class AsyncShop:
    """A shop for asynchronous hosts: the same desks, run inside the host's session."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def run(self, session: RunsSync, work: Callable[[Shop], T]) -> T:
        """Do `work` with the shop inside the session's transaction, which the host commits.

        `await shop.run(session, lambda shop: shop.orders.place(...))`
        """
        return await session.run_sync(lambda inside: work(self._shop.using(inside)))
