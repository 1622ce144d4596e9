"""What happens when customers are merged."""

from __future__ import annotations

from typing import ClassVar

import attrs

from ordercore.values.ids import CustomerId, MergeId


@attrs.frozen(kw_only=True)
class CustomersMerged:
    """The loser became part of the survivor; its id leads there from now on."""

    tag: ClassVar[str] = "merge.applied"
    version: ClassVar[int] = 1

    merge_id: MergeId
    survivor_id: CustomerId
    loser_id: CustomerId


@attrs.frozen(kw_only=True)
class MergeUndone:
    """The loser is a customer of its own again."""

    tag: ClassVar[str] = "merge.undone"
    version: ClassVar[int] = 1

    merge_id: MergeId
    survivor_id: CustomerId
    loser_id: CustomerId
