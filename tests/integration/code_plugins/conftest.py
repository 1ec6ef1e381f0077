"""A school with plugins of code installed beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.advising.code_plugins import ApprovePlugin, approve_plugin
from plugins.process import Limits
from tests.distributions import install
from tests.integration.conftest import id_of
from tests.integration.journey.conftest import Student, open_student
from web.house import House, open_house
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.integration.conftest import TickingClock

#: Long enough for a machine that is busy with other tests.
LIMITS = Limits(hook_s=1.0, page_s=1.0)
PANEL = """
    from rungwise import hookimpl

    @hookimpl
    def rungwise_panels(journey, today):
        rows = [{"label": name, "value": str(one.value)} for name, one in sorted(journey.facts.items())]
        return [{"title": f"Seen on {today:%A}", "text": journey.specialty, "rows": rows, "source": "itself"}]
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the module search path, to install plugins into."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.fixture
def opened(folder: Path, clock: TickingClock) -> Iterator[Callable[..., House]]:
    """Opens the school, with settings; all are closed in the end."""
    houses: list[House] = []

    def one(**settings: object) -> House:
        made = Settings(data_dir=folder, **settings)  # type: ignore[arg-type] # as the test says
        house = open_house(made, {}, clock=clock, limits=LIMITS)
        house.runner.start()
        houses.append(house)
        return house

    yield one
    for house in houses:
        house.close()


@pytest.fixture
def school(opened: Callable[..., House]) -> House:
    return opened()


@pytest.fixture
def plugin(site: Path, school: House) -> Callable[..., Path]:
    """Installs a plugin, approved and started unless told otherwise; gives its module's file."""

    def one(name: str, source: str, *, approved: bool = True) -> Path:
        module = install(site, name, source)
        if approved:
            approve(school, name)
        return module

    return one


def approve(school: House, name: str) -> None:
    """Approve the files of a plugin as they are, and wait for it."""
    (found,) = [one for one in school.plugins.standings() if one.name == name]
    assert found.installed is not None
    steward = school.desk.principal(id_of(school, "steward"))
    about = {"distribution": found.installed.distribution, "version": found.installed.version, "digest": found.digest}
    approve_plugin(school.desk, steward, ApprovePlugin(command_id=f"approve {found.digest}", name=name, **about))
    school.plugins.started()


@pytest.fixture
def priya(school: House) -> Student:
    """A student of orthopedics."""
    return open_student(school)
