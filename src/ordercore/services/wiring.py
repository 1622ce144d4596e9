"""What a shop is wired from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import attrs

from ordercore.orders.flow import Flow
from ordercore.ports.notifier import Notifier
from ordercore.ports.rows import Store
from ordercore.ports.shop import Catalog, Directory, Pricing
from ordercore.ports.world import Clock, Ids, Tokens
from ordercore.values.actor import SYSTEM, Actor
from ordercore.values.outgoing import ShopProfile


@attrs.frozen(kw_only=True)
class Wiring:
    """The ports a shop works through, who acts, and what the shop is called."""

    store: Store
    clock: Clock
    ids: Ids
    tokens: Tokens
    notifiers: Sequence[Notifier] = ()
    catalog: Catalog | None = None
    pricing: Pricing
    directory: Directory | None = None
    profile: ShopProfile
    flow: Flow
    flows: Mapping[tuple[str, int], Flow]
    actor: Actor = SYSTEM
    reason: str | None = attrs.field(default=None, repr=False)


def known_flows(given: Sequence[Flow]) -> tuple[Flow, Mapping[tuple[str, int], Flow]]:
    """Return the flow for new orders and every flow by name and version, all checked.

    The built-in flows are always known: orders may have begun with them, or were imported.

    Raises:
        InvalidValueError: `flow.invalid`, with every fault.
    """
    from ordercore.orders.default_flow import DEFAULT_FLOW
    from ordercore.orders.flow_check import load_flow
    from ordercore.orders.imported_flow import IMPORTED_FLOW

    checked = [load_flow(flow, letters=_letters()) for flow in given]
    known = {(flow.name, flow.version): flow for flow in (DEFAULT_FLOW, IMPORTED_FLOW, *checked)}
    return (checked[0] if checked else DEFAULT_FLOW), known


def _letters() -> Collection[str]:
    """Return the kinds of letter that a step of a flow can send."""
    from ordercore.services.order_letters import STEP_LETTERS

    return STEP_LETTERS.keys()
