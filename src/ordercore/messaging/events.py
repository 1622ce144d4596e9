"""What happens to messages."""

from __future__ import annotations

from typing import ClassVar

import attrs

from ordercore.values.ids import ErrandId


@attrs.frozen(kw_only=True)
class MessageSent:
    """A carrier has taken responsibility for a message."""

    tag: ClassVar[str] = "message.sent"
    version: ClassVar[int] = 1

    errand_id: ErrandId
    kind: str
    channel: str


@attrs.frozen(kw_only=True)
class MessageDead:
    """A message will not be tried again; somebody should look."""

    tag: ClassVar[str] = "message.dead"
    version: ClassVar[int] = 1

    errand_id: ErrandId
    kind: str
    channel: str
    fault: str
