"""A demonstration made once, a server on a copy of it for each module, and people with browsers."""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright

from projections import journey as journeys
from tests.journeys.browsing import Visitor
from tests.journeys.server import Server, serving
from web.demo.script import read_script
from web.house import open_house
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    *("--use-gl=disabled", "--disable-software-rasterizer", "--disable-gpu-compositing"),  # nothing here needs it
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--disable-component-update",
)
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
PATIENCE_MS = 15_000  # a slow machine is not a fault of the product


@dataclass(frozen=True)
class Demo:
    """The demonstration: its folder, closed, and the address of each journey by "reference" or "reference.system"."""

    folder: Path
    journeys: dict[str, str]


@pytest.fixture(scope="package")
def demo(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demonstration, as the first start makes it; copy it, do not serve it."""
    folder = shutil.copytree(demonstration, tmp_path_factory.mktemp("demo") / "data", symlinks=True)
    with closing(open_house(Settings(data_dir=folder), {})) as house, house.views.read() as db:
        found: dict[str, str] = {}
        for ref in {story.name.ref for story in read_script().stories}:
            for sheet in journeys.by_reference(db, ref, None):
                found[f"{ref}.{sheet.match_system}"] = f"/journeys/{sheet.journey_id}"
                found[ref] = f"/journeys/{sheet.journey_id}"
    return Demo(folder=folder, journeys=found)


@pytest.fixture(scope="module")
def server(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a copy of the demonstration."""
    folder = shutil.copytree(demo.folder, tmp_path_factory.mktemp("served") / "data")
    with serving(folder) as running:
        yield running


def launched(driver: Playwright) -> Browser:
    """Start the Chromium of this machine: the one named, the shell without windows, or the whole one."""
    named = os.environ.get("RUNGWISE_CHROMIUM")
    path = named or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert path, "no Chromium: scripts/test installs one; or name it in RUNGWISE_CHROMIUM"
    return driver.chromium.launch(executable_path=path, args=ARGUMENTS)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver, closing(launched(driver)) as running:
        yield running


Visit = "Callable[..., Visitor]"


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Visitor]]:
    """Gives somebody a browser: `visit("chen")` is signed in, `visit()` is not; `phone=True` for a phone."""
    visitors: list[Visitor] = []

    def open_browser(name: str | None = None, *, phone: bool = False, **more: Any) -> Visitor:
        if name is not None and name in server.signed_in:
            more["storage_state"] = server.signed_in[name]
        context = browser.new_context(locale="en-US", **(PHONE if phone else DESK) | more)
        context.set_default_timeout(PATIENCE_MS)
        visitor = Visitor(context=context, server=server)
        visitors.append(visitor)
        if name is not None and name not in server.signed_in:
            visitor.go("/sign-in")
            visitor.sign_in(name)
            server.signed_in[name] = context.storage_state()
        return visitor

    yield open_browser
    for one in visitors:
        one.context.close()
    complaints = [complaint for one in visitors for complaint in one.complaints]
    assert not complaints, complaints


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what the server wrote."""
    report = yield
    with suppress(AttributeError):
        server = item.funcargs.get("server")  # type: ignore[attr-defined] # of a test function
        if report.failed and isinstance(server, Server):
            report.sections.append(("standard error of the server", server.told()))
    return report
