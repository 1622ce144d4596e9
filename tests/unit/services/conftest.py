"""A shop in memory for each test, with everything that the test may hold."""

from __future__ import annotations

import pytest

from ordercore import Shop
from ordercore_adapters.memory import MemoryStore
from tests.property.worlds import World, world_on


@pytest.fixture
def world() -> World:
    """A shop in memory, its clock, carrier and catalogue."""
    return world_on(MemoryStore())


@pytest.fixture
def shop(world: World) -> Shop:
    """The shop of this world."""
    return world.shop
