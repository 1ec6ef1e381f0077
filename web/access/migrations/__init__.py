"""Alembic's scripts for `access.db`."""
