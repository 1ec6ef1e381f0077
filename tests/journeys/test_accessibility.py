"""Every page for everybody: axe, narrow screens, light and dark, nothing inline."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import roster
from tests.journeys.pages import every_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import FilePayload
    from playwright.sync_api import Page as BrowserPage

    from tests.journeys.browsing import Visitor
    from tests.journeys.conftest import Demo

AXE = Path("tests/vendor/axe/axe.min.js").read_text("utf-8")
# Of what axe knows these rules alone look at colors; the others are asked once a width: a scheme changes no element.
COLOR_RULES = ("color-contrast", "link-in-text-block")
RULES: dict[str, dict[str, object]] = {"light": {}, "dark": {"runOnly": {"type": "rule", "values": list(COLOR_RULES)}}}
# Begun first and asked for its result later, two pages are looked at side by side; else it runs now. No rule in force
# reads the style sheets themselves, so they are not fetched once more.
BEGIN_AXE = """(rules) => { window.begun = new Promise(ready => setTimeout(() => ready(
  axe.run(document, {resultTypes: ['violations'], preload: false, ...rules})))) }"""
RUN_AXE = """async () => {
  const found = await window.begun;
  delete window.begun;
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes.map(node => node.target.join(' ')).slice(0, 3).join(', ')}`);
}"""
SIDEWAYS = "() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth"
INLINE = """() => [
  ...document.querySelectorAll('[style], style, script:not([src])'),
  ...[...document.querySelectorAll('*')].filter(one => one.getAttributeNames().some(name => name.startsWith('on'))),
].map(one => one.outerHTML.slice(0, 80))"""
COLORS = "() => { const one = getComputedStyle(document.body); return [one.backgroundColor, one.color] }"
SHOTS = os.environ.get("RUNGWISE_SHOTS")
WIDTHS, NARROWEST, HEIGHT = (1280, 360), 320, 900
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


class Look:
    """Looks at pages in every way, and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def at(self, *shown: tuple[Visitor, str]) -> None:
        """Look at what each of some people has before them, side by side; the names say what it is."""
        for visitor, name in shown:
            visitor.page.evaluate(AXE)
            self._note(name, *(f"inline: {one}" for one in visitor.page.evaluate(INLINE)))
        colors = [self._in_scheme(scheme, shown) for scheme in SCHEMES]
        for (visitor, name), light, dark in zip(shown, *colors, strict=True):
            self._note(name, *(["looks the same in light and dark"] if light == dark else []))
            for width in (NARROWEST, *WIDTHS):
                visitor.page.set_viewport_size({"width": width, "height": HEIGHT})
                over = visitor.page.evaluate(SIDEWAYS)
                self._note(name, *([f"{width}: {over} px scroll sideways"] if over > 0 else []))
            visitor.page.emulate_media(color_scheme="light")

    def _in_scheme(self, scheme: Literal["light", "dark"], shown: tuple[tuple[Visitor, str], ...]) -> list[object]:
        """Run axe at each width in one color scheme; return the colors of each page."""
        for visitor, _ in shown:
            visitor.page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            for visitor, _ in shown:
                visitor.page.set_viewport_size({"width": width, "height": HEIGHT})
                visitor.page.evaluate(BEGIN_AXE, RULES[scheme])
            for visitor, name in shown:
                self._note(name, *(f"{scheme} {width}: {one}" for one in visitor.page.evaluate(RUN_AXE)))
                _keep(visitor.page, f"{name}-{scheme}-{width}")
        return [visitor.page.evaluate(COLORS) for visitor, _ in shown]

    def _note(self, name: str, *faults: str) -> None:
        self.wrong += [f"{name}: {fault}" for fault in faults]


def _keep(page: BrowserPage, name: str) -> None:
    """Keep a picture, for people who want to look themselves."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(SHOTS) / f"{re.sub(r'[^a-zA-Z0-9.]+', '-', name)}.png", full_page=True)


@pytest.fixture
def look() -> Iterator[Look]:
    looked = Look()
    yield looked
    assert not looked.wrong, "\n".join(looked.wrong)


def is_read(visitor: Visitor, path: str) -> bool:
    """Whether an address shows a page; some hand over a file."""
    answer = visitor.context.request.get(visitor.server.url + path)
    return answer.headers["content-type"].startswith("text/html")


def test_every_page_serves_everybody_at_every_width_in_light_and_dark(
    visit: Callable[..., Visitor], demo: Demo, look: Look
) -> None:
    people = {name: (visit(name), visit(name)) for name in (None, "okafor", "sundqvist")}
    lead, steward = people["okafor"][0], people["sundqvist"][0]
    lead.go("/import")
    lead.page.get_by_label("Roster file").set_input_files("web/static/sample-roster.csv")
    lead.send("Look at the file")
    steward.go("/members")
    steward.follow("Mei Chen")
    steward.send("Make a new link")
    link = steward.main.locator("code").first.inner_text()

    pages = every_page(demo, {"upload_id": lead.page.url.rpartition("/")[2], "token": link.rpartition("/")[2]})
    assert len(pages) > 40
    for who, pair in people.items():
        theirs = [page for page in pages if page.who == who and is_read(pair[0], page.path)]
        for n in range(0, len(theirs), 2):
            shown = list(zip(pair, theirs[n : n + 2], strict=False))
            for visitor, page in shown:
                visitor.go(page.path)
            look.at(*((visitor, f"{page.endpoint} {page.path}") for visitor, page in shown))


def test_control_a_color_too_faint_in_one_scheme_alone_is_found(visit: Callable[..., Visitor]) -> None:
    looked, stranger = Look(), visit()
    stranger.go("/sign-in")
    for colors, scheme in (("black, #333", "dark"), ("#ccc, white", "light")):
        stranger.heading.evaluate("(one, colors) => { one.style.color = `light-dark(${colors})` }", colors)
        looked.at((stranger, "faint"))
        faint = [one for one in looked.wrong if "color-contrast" in one]
        assert [one.split()[1] for one in faint] == [scheme] * len(WIDTHS), looked.wrong
        looked.wrong.clear()


def test_a_page_that_says_what_is_wrong_serves_everybody_too(
    visit: Callable[..., Visitor], demo: Demo, look: Look
) -> None:
    nora, kofi = demo.journeys["LF-0433"], demo.journeys["LF-0422"]
    stranger, lead, advisor, other = visit(), visit("okafor"), visit("chen"), visit("ruiz")

    # a password that does not fit; a form with every kind of field that came back
    stranger.go("/sign-in")
    stranger.sign_in("nobody", "a wrong password")
    advisor.go(nora + "/opinions/new")
    advisor.fill("Record the opinion", {"Said on": "2026-12-31"})
    advisor.send("Record the opinion")
    look.at((stranger, "wrong password"), (advisor, "faulty opinion"))

    # a gate that is shut, for a lead; a filter that fits nobody
    lead.go(kofi + "/decision")
    lead.fill(
        "Record the decision",
        {"What did Kofi decide?": "Leave medicine", "Main reason": "Money", "In Kofi's words": "I must earn."},
    )
    lead.send("Record the decision")
    advisor.go("/cohorts/2026?profile=undermatched&recommendation=REAPPLY")
    look.at((lead, "gate shut"), (advisor, "nobody fits"))

    # a roster with rows of every kind; what is not there
    rows = [
        "student_ref,name,specialty,match_day,learned_on,step2",
        "LF-0433,Nora Brambling,orthopaedic-surgery,2026-03-20,2026-03-16,246",
        "LF-0920,New Student,derm,2026-03-20,2026-03-16,230",
        "LF-0921,Faulty Student,alchemy,20.3.2026,2026-03-16,2388",
    ]
    lead.go("/import")
    lead.page.get_by_label("Roster file").set_input_files(roster("\n".join(rows), "all-kinds.csv"))
    lead.send("Look at the file")
    advisor.expects |= {403, 404}
    advisor.go("/journeys/00000000-0000-0000-0000-000000000000")
    look.at((lead, "preview of every kind"), (advisor, "not there"))

    # somebody else changed it meanwhile; what is not theirs
    for one, value in ((advisor, "249"), (other, "247")):
        one.go(nora + "/facts/step2")
        one.fill("Correct it", {"Step 2 CK": value, "Source": "Report", "Why it is corrected": "A slip"})
    other.send("Correct it")
    advisor.send("Correct it")
    expect(advisor.heading).to_have_text("Somebody changed this at the same time")
    other.expects.add(403)
    other.go("/members")
    look.at((advisor, "changed meanwhile"), (other, "not yours"))


def test_what_goes_wrong_with_a_pack_has_pages_that_serve_everybody_too(
    visit: Callable[..., Visitor], look: Look
) -> None:
    lead, steward = visit("okafor"), visit("sundqvist")
    edit, begun = "/pack/thoracic-surgery-integrated/edit", "# begun anew"

    # two texts, and many findings; a file that nobody here trusts, in place of a draft
    for one, text in ((lead, "\n".join(f"[[ladders]]\nid = 'L.{n}'" for n in range(50))), (steward, begun)):
        one.go(edit)
        one.page.get_by_label("Text of the pack").fill(text)
    steward.send("Save the draft")
    lead.send("Save the draft")
    expect(lead.main).to_contain_text("Where the two differ")
    fields = {"format": 1, "name": "thoracic-surgery-integrated", "text": "title = 1", "publisher": "Elsewhere"}
    file = json.dumps({**fields, "public_key": "0" * 64, "signature": ""}).encode()
    steward.go("/packs/file")
    chosen: FilePayload = {"name": "sent.rungpack", "mimeType": "application/json", "buffer": file}
    steward.page.get_by_label("Pack file").set_input_files(chosen)
    steward.send("Look into the file")
    steward.send("Keep it as a draft")
    look.at((lead, "two texts"), (steward, "untrusted file"))

    # a value that was tried, and a day that is over; a change that cannot be answered without a reason
    lead.go("/parameters/thin_max?value=6&slug=all")
    lead.fill("Propose it to a second person", {"In force from": "2026-01-01"})
    lead.send("Propose it to a second person")
    steward.go("/proposals/1")
    steward.send("Decline it")
    look.at((lead, "a value tried"), (steward, "no reason"))


def test_a_reader_who_may_not_write_has_pages_that_serve_them(
    visit: Callable[..., Visitor], demo: Demo, look: Look
) -> None:
    one, two = visit("novak"), visit("novak")
    for left, right in (("", "/decision"), ("/inventory", "/opinions")):
        one.go(demo.journeys["LF-0433"] + left)
        two.go(demo.journeys["LF-0433"] + right)
        look.at((one, f"reader {left}"), (two, f"reader {right}"))
