"""The demonstration, loaded once for all tests of it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from core.journal import sqlite
from tests.integration.demo.reading import SCRIPT, desk_in, journey_of
from web import demo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.advising.desk import Desk
    from core.journey.journey import Journey


@pytest.fixture(scope="package")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demonstration, loaded once and closed; nothing here is about durability, so nobody waits for the disk."""
    settle = sqlite._settle

    def relaxed(db: Any, synchronous: str) -> None:
        settle(db, synchronous)
        db.execute("PRAGMA synchronous = OFF")

    folder = tmp_path_factory.mktemp("demo") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "_settle", relaxed)
        with desk_in(folder, create=True) as desk:
            assert demo.load(desk, lambda _member, _password: None)
        yield folder


@pytest.fixture(scope="package")
def desk(store: Path) -> Iterator[Desk]:
    """The demonstration, to be read only."""
    with desk_in(store) as opened:
        yield opened


@pytest.fixture(scope="package")
def journeys(desk: Desk) -> dict[tuple[str, str], Journey]:
    return {
        (story.name.ref, story.name.system): journey_of(desk, story.name.ref, story.name.cycle, story.name.system)
        for story in SCRIPT.stories
    }


@pytest.fixture
def own_copy(store: Path, tmp_path: Path) -> Iterator[Desk]:
    """A copy of the demonstration that may be written to."""
    with desk_in(shutil.copytree(store, tmp_path / "data")) as opened:
        yield opened
