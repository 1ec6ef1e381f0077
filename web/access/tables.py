"""The tables of `access.db`; the migrations in `migrations/versions` make them, a test compares the two."""

from __future__ import annotations

import sqlalchemy as sa

__all__ = [
    "METADATA",
    "credential",
    "invitation",
    "looked",
    "plugin_fault",
    "plugin_quarantine",
    "saved_filter",
    "session",
    "setting",
    "throttle",
    "upload",
]

METADATA = sa.MetaData()

# Times are seconds since 1970-01-01 UTC by the real clock, also in a demo store.
credential = sa.Table(
    "credential",
    METADATA,
    sa.Column("member_id", sa.String(36), primary_key=True),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("changed_at", sa.Float, nullable=False),
)
invitation = sa.Table(
    "invitation",
    METADATA,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("member_id", sa.String(36), nullable=False, index=True),
    sa.Column("expires_at", sa.Float, nullable=False),
)
session = sa.Table(
    "session",
    METADATA,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("member_id", sa.String(36), nullable=False, index=True),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
)
throttle = sa.Table(
    "throttle",
    METADATA,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("tried_at", sa.Float, nullable=False),
    sa.Column("wait_until", sa.Float, nullable=False),
)
upload = sa.Table(
    "upload",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("member_id", sa.String(36), nullable=False, index=True),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
setting = sa.Table(
    "setting",
    METADATA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.String(400), nullable=False),
)
# Up to which position of the journal a member has seen something: a journey, or a cohort as a whole.
looked = sa.Table(
    "looked",
    METADATA,
    sa.Column("member_id", sa.String(36), primary_key=True),
    sa.Column("subject", sa.String(60), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
)
saved_filter = sa.Table(
    "saved_filter",
    METADATA,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("member_id", sa.String(36), nullable=False, index=True),
    sa.Column("cohort", sa.String(40), nullable=False, index=True),
    sa.Column("shared", sa.Boolean, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
# What a code plugin did wrong, and whether it is asked at all; held against the files that ran.
plugin_fault = sa.Table(
    "plugin_fault",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("plugin", sa.String(120), nullable=False, index=True),
    sa.Column("digest", sa.String(80), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("what", sa.String(400), nullable=False),
)
plugin_quarantine = sa.Table(
    "plugin_quarantine",
    METADATA,
    sa.Column("plugin", sa.String(120), primary_key=True),
    sa.Column("digest", sa.String(80), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
