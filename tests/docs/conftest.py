"""What a page leaves open is closed after it, as the end of a reader's program would do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa


@pytest.fixture(autouse=True)
def _closed_engines(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Dispose of every engine that was made: Python 3.13 warns of a database left open."""
    made: list[sa.Engine] = []
    create_engine = sa.create_engine

    def remembered(*args: Any, **kwargs: Any) -> sa.Engine:
        made.append(create_engine(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr(sa, "create_engine", remembered)
    yield
    for engine in made:
        engine.dispose()
