"""Every page for everybody: axe, narrow screens, light and dark, nothing inline."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.journeys.pages import every_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page as BrowserPage

    from tests.journeys.browsing import Visitor
    from tests.journeys.conftest import Demo

AXE = Path("tests/vendor/axe/axe.min.js").read_text("utf-8")
RUN_AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter(one => ['serious', 'critical'].includes(one.impact))
  .map(one => `${one.id}: ${one.nodes.map(node => node.target.join(' ')).slice(0, 3).join(', ')}`)"""
SIDEWAYS = "() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth"
INLINE = """() => [
  ...document.querySelectorAll('[style], style, script:not([src])'),
  ...[...document.querySelectorAll('*')].filter(one => one.getAttributeNames().some(name => name.startsWith('on'))),
].map(one => one.outerHTML.slice(0, 80))"""
COLORS = "() => { const one = getComputedStyle(document.body); return [one.backgroundColor, one.color] }"
SHOTS = os.environ.get("RUNGWISE_SHOTS")
WIDTHS, NARROWEST, HEIGHT = (1280, 360), 320, 900


class Look:
    """Looks at one page in every way, and keeps what is wrong with it."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def at(self, page: BrowserPage, name: str) -> None:
        page.evaluate(AXE)
        found = [f"inline: {one}" for one in page.evaluate(INLINE)]
        colors = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            colors.append(page.evaluate(COLORS))
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": HEIGHT})
                found += [f"{scheme} {width}: {one}" for one in page.evaluate(RUN_AXE)]
                self._keep(page, f"{name}-{scheme}-{width}")
        if colors[0] == colors[1]:
            found.append("looks the same in light and dark")
        for width in (NARROWEST, *WIDTHS):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            if (over := page.evaluate(SIDEWAYS)) > 0:
                found.append(f"{width}: {over} px scroll sideways")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        self.wrong += [f"{name}: {one}" for one in found]

    def _keep(self, page: BrowserPage, name: str) -> None:
        """Keep a picture, for people who want to look themselves."""
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(SHOTS) / f"{re.sub(r'[^a-zA-Z0-9.]+', '-', name)}.png", full_page=True)


@pytest.fixture
def look() -> Iterator[Look]:
    looked = Look()
    yield looked
    assert not looked.wrong, "\n".join(looked.wrong)


@pytest.fixture
def people(visit: Callable[..., Visitor]) -> dict[str | None, Visitor]:
    return {None: visit(), "okafor": visit("okafor"), "sundqvist": visit("sundqvist")}


def test_every_page_serves_everybody_at_every_width_in_light_and_dark(
    people: dict[str | None, Visitor], demo: Demo, look: Look
) -> None:
    found: dict[str, Any] = {}
    lead, steward = people["okafor"], people["sundqvist"]
    lead.go("/import")
    lead.page.get_by_label("Roster file").set_input_files("web/static/sample-roster.csv")
    lead.send("Look at the file")
    found["upload_id"] = lead.page.url.rpartition("/")[2]
    steward.go("/members")
    steward.follow("Mei Chen")
    steward.send("Make a new link")
    found["token"] = steward.main.locator("code").first.inner_text().rpartition("/")[2]

    pages = every_page(demo, found)
    assert len(pages) > 40
    for n, page in enumerate(pages):
        visitor = people[page.who]
        visitor.go(page.path)
        look.at(visitor.page, f"{n:02} {page.endpoint}")


def test_a_page_that_says_what_is_wrong_serves_everybody_too(
    visit: Callable[..., Visitor], people: dict[str | None, Visitor], demo: Demo, look: Look
) -> None:
    nora, kofi = demo.journeys["LF-0433"], demo.journeys["LF-0422"]

    # nobody signed in: a password that does not fit
    stranger = people[None]
    stranger.go("/sign-in")
    stranger.sign_in("nobody", "a wrong password")
    look.at(stranger.page, "wrong password")

    # a form with every kind of field that came back
    advisor = visit("chen")
    advisor.go(nora + "/opinions/new")
    advisor.fill("Record the opinion", {"Said on": "2026-12-31"})
    advisor.send("Record the opinion")
    look.at(advisor.page, "faulty opinion")
    advisor.go(nora + "/contacts/new")
    advisor.send("Log the contact")
    look.at(advisor.page, "faulty contact")

    # a gate that is shut, for a lead
    lead = people["okafor"]
    lead.go(kofi + "/decision")
    lead.fill("Record the decision", {"What did Kofi decide?": "Leave medicine", "Main reason": "Money"})
    lead.fill("Record the decision", {"In Kofi's words": "I must earn."})
    lead.send("Record the decision")
    look.at(lead.page, "gate shut")

    # a roster with rows of every kind
    rows = [
        "student_ref,name,specialty,match_day,learned_on,step2",
        "LF-0433,Nora Brambling,orthopaedic-surgery,2026-03-20,2026-03-16,246",
        "LF-0920,New Student,derm,2026-03-20,2026-03-16,230",
        "LF-0921,Faulty Student,alchemy,20.3.2026,2026-03-16,2388",
    ]
    lead.go("/import")
    file: Any = {"name": "all-kinds.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    lead.page.get_by_label("Roster file").set_input_files(file)
    lead.send("Look at the file")
    look.at(lead.page, "preview of every kind")

    # nothing found, nothing allowed, nothing there
    advisor.expects |= {403, 404}
    for name, path in (
        ("nobody fits", "/cohorts/2026?profile=undermatched&recommendation=REAPPLY"),
        ("filtered board", "/cohorts/2026?advisor=me&recommendation=PIVOT_NOW&q=o"),
        ("not yours", "/members"),
        ("not there", "/journeys/00000000-0000-0000-0000-000000000000"),
    ):
        advisor.go(path)
        look.at(advisor.page, name)

    # somebody else changed it meanwhile
    other = visit("ruiz")
    for one, value in ((other, "247"), (advisor, "249")):
        one.go(nora + "/facts/step2")
        one.fill("Correct it", {"Step 2 CK": value, "Source": "Report", "Why it is corrected": "A slip"})
    other.send("Correct it")
    advisor.send("Correct it")
    expect(advisor.heading).to_have_text("Somebody changed this at the same time")
    look.at(advisor.page, "changed meanwhile")


def test_a_reader_who_may_not_write_has_pages_that_serve_them(
    visit: Callable[..., Visitor], demo: Demo, look: Look
) -> None:
    other = visit("novak")
    for page in ("", "/decision", "/inventory", "/opinions", "/ladders"):
        other.go(demo.journeys["LF-0433"] + page)
        look.at(other.page, f"reader {page}")
