"""A team at its desk: founded once a run, copied for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenario import Team, found_team, team_copy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("founded")
    found_team(folder).close()
    return folder


@pytest.fixture
def team(founded: Path, tmp_path: Path) -> Iterator[Team]:
    made = team_copy(founded, tmp_path / "store")
    yield made
    made.close()
