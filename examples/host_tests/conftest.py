"""The fixtures that ordercore ships, asked for by name: nothing comes by itself."""

from __future__ import annotations

import pytest

from ordercore import Money, Offer
from ordercore.testing import MemoryCatalog
from ordercore.testing.fixtures import catalog, clock, ids, notifier, shop, tokens

__all__ = ["catalog", "clock", "ids", "notifier", "shop", "tokens"]


@pytest.fixture(autouse=True)
def _stocked(catalog: MemoryCatalog) -> None:
    """Every test begins with the club's tin on the shelf."""
    catalog.put("CLUB-TIN", Offer("CLUB-TIN", "Club tin", Money.of("9.50", "GBP")))
