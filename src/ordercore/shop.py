"""The shop: the one object a host holds. Desks hang on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from ordercore.errors import SetupError

if TYPE_CHECKING:
    from ordercore.orders.flow import Flow
    from ordercore.ports.notifier import Notifier
    from ordercore.ports.rows import Store
    from ordercore.ports.shop import Catalog, Directory, Pricing
    from ordercore.ports.world import Clock, Ids, Tokens
    from ordercore.services.orders import OrderDesk
    from ordercore.services.wiring import Wiring
    from ordercore.values.actor import Actor
    from ordercore.values.ids import CustomerId
    from ordercore.values.outgoing import ShopProfile


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
        """Return the shop with a customer acting, who sees and changes only what is theirs."""
        from ordercore.values.actor import Actor

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

    def _with(self, **changes: object) -> Self:
        from attrs import evolve

        other = object.__new__(type(self))
        other._wiring = evolve(self._wiring, **changes)  # noqa: SLF001
        return other

    # ── the desks ──

    @property
    def orders(self) -> OrderDesk:
        """Orders: placing them and moving them through their flow."""
        from ordercore.services.orders import OrderDesk

        return OrderDesk(self._wiring)
