"""The stores that orders are imported into."""

from tests.stores import databases, store  # noqa: F401
