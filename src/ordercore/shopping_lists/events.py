"""What happens to shopping lists."""

from __future__ import annotations

from typing import ClassVar

import attrs

from ordercore.values.ids import CustomerId, ListId, OrderId


@attrs.frozen(kw_only=True)
class ListStarted:
    """A customer has a new list."""

    tag: ClassVar[str] = "list.started"
    version: ClassVar[int] = 1

    list_id: ListId
    customer_id: CustomerId


@attrs.frozen(kw_only=True)
class ListEdited:
    """Fields of a list were changed; which, but not to what."""

    tag: ClassVar[str] = "list.edited"
    version: ClassVar[int] = 1

    list_id: ListId
    fields: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ListDecided:
    """An occurrence of a list has its outcome: `ordered`, `skipped` or `parked`."""

    tag: ClassVar[str] = "list.decided"
    version: ClassVar[int] = 1

    list_id: ListId
    number: int
    outcome: str
    reason: str
    order_id: OrderId | None
