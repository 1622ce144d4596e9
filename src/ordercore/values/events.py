"""Events: what happened, in the past tense, as hosts read it from the command feed."""

from __future__ import annotations

from typing import ClassVar, Protocol


class Event(Protocol):
    """A frozen class of ids and plain values, never of personal data.

    `tag` and `version` are stored and pinned: a changed shape is a new version.
    """

    tag: ClassVar[str]
    version: ClassVar[int]
