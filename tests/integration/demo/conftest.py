"""The demonstration, loaded once for all tests of it."""

from __future__ import annotations

import shutil
from dataclasses import astuple
from typing import TYPE_CHECKING

import pytest

from tests.integration.demo.reading import SCRIPT, desk_in, journey_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.advising.desk import Desk
    from core.journey.journey import Journey
    from web.demo.script import JourneyName


@pytest.fixture(scope="package")
def store(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, closed."""
    return shutil.copytree(demonstration, tmp_path_factory.mktemp("demo") / "data")


@pytest.fixture(scope="package")
def desk(store: Path) -> Iterator[Desk]:
    """The demonstration, to be read only."""
    with desk_in(store) as opened:
        yield opened


@pytest.fixture(scope="package")
def everybody(desk: Desk) -> dict[JourneyName, Journey]:
    """Every journey, those of the tables among them."""
    return {story.name: journey_of(desk, *astuple(story.name)) for story in SCRIPT.stories}


@pytest.fixture(scope="package")
def journeys(everybody: dict[JourneyName, Journey]) -> dict[tuple[str, str], Journey]:
    """The journeys that are written out, by reference and match system."""
    written = {story.name for story in SCRIPT.stories if story.shows}
    return {(name.ref, name.system): journey for name, journey in everybody.items() if name in written}


@pytest.fixture
def own_copy(store: Path, tmp_path: Path) -> Iterator[Desk]:
    """A copy of the demonstration that may be written to."""
    with desk_in(shutil.copytree(store, tmp_path / "data")) as opened:
        yield opened
