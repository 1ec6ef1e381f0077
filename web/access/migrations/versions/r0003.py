"""What code plugins did wrong, and which of them nobody asks until a steward lifts it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "plugin_fault",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("plugin", sa.String(120), nullable=False, index=True),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("what", sa.String(400), nullable=False),
    )
    op.create_table(
        "plugin_quarantine",
        sa.Column("plugin", sa.String(120), primary_key=True),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
