"""The migrations: Alembic scripts that take the prefix and schema as arguments."""

from __future__ import annotations

REVISIONS = ("0001",)
"""Every revision this release knows, oldest first. The last is the one it needs."""
