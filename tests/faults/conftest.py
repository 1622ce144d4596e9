"""The databases that broken twins are made in."""

from __future__ import annotations

from tests.stores import databases  # noqa: F401
