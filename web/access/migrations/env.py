"""Alembic runs this: it migrates over the connection that `web.access.store` hands it."""

from __future__ import annotations

from alembic import context

from web.access.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
