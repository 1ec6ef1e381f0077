"""What each member has looked at, and the filters they keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "looked",
        sa.Column("member_id", sa.String(36), primary_key=True),
        sa.Column("subject", sa.String(60), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
    )
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("member_id", sa.String(36), nullable=False, index=True),
        sa.Column("cohort", sa.String(40), nullable=False, index=True),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
