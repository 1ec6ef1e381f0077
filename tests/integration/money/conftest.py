"""The money pages look at the student of the journey pages, under the playbook of the built-in packs."""

from __future__ import annotations

from tests.integration.journey.conftest import packed, priya

__all__ = ["packed", "priya"]
