"""The row `import`, at most three times the twin's cost: comes with the importer."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.measure import Pair
from tests.bench.stages import Stage


def import_rows(stage: Stage) -> Sequence[Pair]:
    """Return the pair to be measured; none while there is no importer."""
    return ()
