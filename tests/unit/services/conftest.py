"""A shop in memory for each test, with everything that the test may hold."""

from __future__ import annotations

import pytest

from ordercore import Shop
from tests.unit.services.world import World, a_world


@pytest.fixture
def world() -> World:
    """A shop in memory, its clock, carrier and catalogue."""
    return a_world()


@pytest.fixture
def shop(world: World) -> Shop:
    """The shop of this world."""
    return world.shop
