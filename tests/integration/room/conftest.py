"""The decision room looks at the students of the other pages."""

from __future__ import annotations

from tests.integration.board.conftest import team
from tests.integration.journey.conftest import packed, priya

__all__ = ["packed", "priya", "team"]
