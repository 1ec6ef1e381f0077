"""On paper: the inventory is one page, always; the board lies on its side with its head on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.journeys.paper import sheets

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor
    from tests.journeys.conftest import Demo

LETTER = (612, 792)  # points
COLUMNS = ("Student", "Recommendation", "Decision", "Next milestone", "Advisor")
NOT_ON_PAPER = ("Sign out", "Skip to content", "Demonstration:", "Import")
BY_LENGTH = "() => document.querySelector('.sheet').offsetHeight"


@pytest.fixture
def lead(visit: Callable[..., Visitor]) -> Visitor:
    return visit("okafor")


def fill_the_inventory(lead: Visitor, journey: str) -> None:
    """Record a long value, with a long source, for everything that takes one."""
    source = "A conversation with the student, both parents and the registrar, written down on the same evening"
    long = "Nothing north of the river or west of the mountains, no program without a child-care place, " * 4
    by_group: dict[str, dict[str, Any]] = {
        "standing": {"Honors": long},
        "soap": {"The student's own no-go list": long},
        "plans": {
            "Another year is a serious money burden": "Yes",
            "Applications planned next cycle": "92",
            "Willing to move anywhere": "No",
            "Length of the research plan (months)": "18",
            "What the student really wanted": "Procedures",
            "How the year would be spent": "Other supervised clinical work",
            "Reason for a blank year": "Another reason",
            "Proof that skills are kept up": ["Continuing medical education", "Part-time clinical work"],
        },
    }
    for group, answers in by_group.items():
        lead.go(f"{journey}/inventory/{group}")
        lead.fill("Record the facts", answers | {"Source": source})
        lead.send("Record the facts")
        expect(lead.notices.last).to_contain_text("Recorded.")


def test_every_inventory_is_one_page_of_letter_and_of_a4(lead: Visitor, demo: Demo) -> None:
    heights: dict[str, int] = {}
    lead.page.emulate_media(media="print")
    for journey in sorted(set(demo.journeys.values())):
        lead.go(f"{journey}/inventory")
        heights[journey] = lead.page.evaluate(BY_LENGTH)
    assert len(heights) > 40
    longest = sorted(heights, key=heights.__getitem__)[-3:]
    for journey in (*longest, demo.journeys["LF-0470"]):
        lead.go(f"{journey}/inventory")
        for paper in ("Letter", "A4"):
            assert len(sheets(lead.page.pdf(format=paper))) == 1, f"{journey} on {paper}"


def test_an_inventory_with_a_long_text_in_every_field_is_still_one_page(lead: Visitor, demo: Demo) -> None:
    journey = demo.journeys["LF-0470"]
    fill_the_inventory(lead, journey)
    lead.go(f"{journey}/inventory")
    for paper in ("Letter", "A4"):
        assert len(sheets(lead.page.pdf(format=paper))) == 1, paper


def test_an_inventory_on_paper_says_whose_it_is_as_of_when_by_which_playbook_and_no_more(
    lead: Visitor, demo: Demo
) -> None:
    lead.go(demo.journeys["LF-0433"] + "/inventory")
    [page] = sheets(lead.page.pdf(format="Letter"))
    assert (round(page.width), round(page.height)) == LETTER
    for words in (
        "Nora Brambling",
        "LF-0433",
        "As of Tuesday, June 16, 2026",
        "playbook 2026.1",
        "not recorded",
        "241",
    ):
        assert page.says(words), words
    for words in (*NOT_ON_PAPER, "Back to Nora", "Change", "Assess"):
        assert not page.says(words), words


def test_the_board_lies_on_its_side_with_its_head_on_every_page(lead: Visitor) -> None:
    lead.go("/cohorts/2026")
    students = lead.page.locator(".board tbody th a").all_inner_texts()
    pages = sheets(lead.page.pdf(prefer_css_page_size=True))
    assert len(pages) > 1
    with_rows = [page for page in pages if any(page.says(student) for student in students)]
    assert len(with_rows) > 1
    for page in with_rows:
        assert page.width > page.height
        for column in COLUMNS:
            assert page.says(column), column
    for student in students:
        assert any(page.says(student) for page in pages), student
    assert pages[0].says("Cohort 2026")
    assert pages[0].says("as of Tuesday, June 16, 2026")
    assert pages[0].says("playbook 2026.1")
    for words in NOT_ON_PAPER:
        assert not any(page.says(words) for page in pages), words


@pytest.mark.parametrize("page", ["", "/decision", "/opinions", "/ladders"])
def test_other_pages_say_on_paper_whose_they_are_as_of_when_and_by_which_playbook(
    lead: Visitor, demo: Demo, page: str
) -> None:
    lead.go(demo.journeys["LF-0433"] + page)
    printed = sheets(lead.page.pdf(format="Letter"))
    assert printed[0].width < printed[0].height
    for words in ("Nora Brambling", "LF-0433", "as of Tuesday, June 16, 2026", "playbook 2026.1"):
        assert printed[0].says(words), words
    for words in (*NOT_ON_PAPER, "Record the decision", "Choose for Nora"):
        assert not any(one.says(words) for one in printed), words


def test_paper_is_light_even_where_the_screen_is_dark(lead: Visitor, demo: Demo) -> None:
    lead.page.emulate_media(media="print", color_scheme="dark")
    lead.go(demo.journeys["LF-0433"] + "/decision")
    ink, paper = lead.page.evaluate(
        "() => { const one = getComputedStyle(document.body); return [one.color, one.backgroundColor]"
        ".map(color => color.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0)) }"
    )
    assert ink < paper
