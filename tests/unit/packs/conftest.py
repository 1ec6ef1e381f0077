"""Code plugins that are installed for a test, and the processes they run in."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from plugins.contained import Contained, Trouble
from plugins.installed import Found, Installed
from plugins.process import Limits
from tests.distributions import install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Short for those who do not answer, long enough for a machine that is busy with other tests.
LIMITS = Limits(hook_s=1.0, page_s=1.0)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the module search path, to install plugins into."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.fixture
def installed(site: Path) -> Callable[..., Installed]:
    """Installs a plugin and finds it."""

    def one(name: str, source: str) -> Installed:
        install(site, name, source)
        (found,) = [plugin for plugin in Found().plugins() if plugin.name == name]
        return found

    return one


@pytest.fixture
def troubles() -> list[Trouble]:
    """What counted against a plugin."""
    return []


@pytest.fixture
def contained(troubles: list[Trouble]) -> Iterator[Contained]:
    house = Contained(LIMITS, troubles.append)
    with closing(house):
        yield house
