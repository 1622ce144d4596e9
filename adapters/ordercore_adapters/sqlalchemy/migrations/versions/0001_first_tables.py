"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade(*, prefix: str, schema: str | None) -> None:
    """Create them."""
    from ordercore_adapters.sqlalchemy.schema import build

    metadata = sa.MetaData()
    build(metadata, prefix=prefix, schema=schema)
    metadata.create_all(op.get_bind())
