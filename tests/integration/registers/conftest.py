"""The cohort of the board's tests: six students in six situations, and boards of any size."""

from __future__ import annotations

from tests.integration.board.conftest import abel, cohort, folder, lena, peopled, team

__all__ = ["abel", "cohort", "folder", "lena", "peopled", "team"]
