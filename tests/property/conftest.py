"""These tests run on every store there is."""

from __future__ import annotations

from tests.property.fixtures import database, ground, grounds, opened, server  # noqa: F401
