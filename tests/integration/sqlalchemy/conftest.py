"""The databases of this process."""

from tests.stores import databases  # noqa: F401
