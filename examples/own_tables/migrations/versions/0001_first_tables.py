"""The school's first tables, and ordercore's beside them in the same transaction."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ordercore_adapters.sqlalchemy.migrate import upgrade as upgrade_ordercore

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make both; when a later release brings tables, one more script with the first line does."""
    upgrade_ordercore(op.get_bind(), prefix="shop_", schema=None)
    op.create_table(
        "course",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("places", sa.Integer, nullable=False),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("course", sa.String(80), sa.ForeignKey("course.name"), nullable=False),
        sa.Column("order_id", sa.String(36), nullable=False, unique=True),
    )


def downgrade() -> None:
    """Take the school's tables away; ordercore's stay, since they hold orders."""
    op.drop_table("booking")
    op.drop_table("course")
