"""What more than one part of the tests stands on: the demonstration, made once however many processes test."""

from __future__ import annotations

import fcntl
import os
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from web import demo
from web.house import open_house
from web.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demonstration as the first start makes it, closed; copy it, do not open it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, made = shared / "demonstration", shared / "demonstration.made"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            with closing(open_house(Settings(data_dir=folder), {}, create=True, demo=True)) as house:
                assert demo.load(house.desk, house.access.credentials.set)
                house.runner.catch_up()
            made.touch()
    return folder
