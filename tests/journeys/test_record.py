"""The record of a decision in the browser: in order, in the hand, and at the auditor's desk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.journeys.test_accessibility import Look
from web.packet.explain import explain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Download

    from tests.journeys.browsing import Visitor
    from tests.journeys.conftest import Demo

FINDING = "Both outside opinions come from one department."


def taken_out(visitor: Visitor, link: str) -> Download:
    """Follow a link that hands over a file."""
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name=link, exact=True).click()
    return waiting.value


def test_each_step_of_a_decision_stands_by_itself_and_in_order(visit: Callable[..., Visitor], demo: Demo) -> None:
    reader = visit("okafor")
    reader.go(demo.journeys["LF-0452"] + "/decision")  # decided, taken back and decided again
    steps = reader.page.locator("#in-order li b").all_inner_texts()
    decided = [number for number, step in enumerate(steps) if step.startswith("Decision: ")]
    undone = next(number for number, step in enumerate(steps) if step.startswith("Decision reversed: "))
    assert decided[0] < undone < decided[1]
    assert all(steps[number - 1].startswith("Gate ") for number in decided)
    assert steps[0].startswith("Recommendation: ")


def test_a_student_asks_for_time_and_the_journey_says_so(visit: Callable[..., Visitor], demo: Demo) -> None:
    advisor, nora = visit("chen"), demo.journeys["LF-0433"]
    advisor.go(nora + "/decision")
    advisor.follow("Nora asks for time")
    advisor.fill("Record it", {"Until": "2026-06-16", "In their words": "To hear Dr. Sandpiper first."})
    advisor.send("Record it")
    expect(advisor.faults).to_have_count(1)
    advisor.fill("Record it", {"Until": "2026-06-30"})
    advisor.send("Record it")
    expect(advisor.notices.last).to_have_text("Recorded: Nora asks for time.")
    advisor.reads("Nora asked for time until Tuesday, June 30.", "To hear Dr. Sandpiper first.")
    expect(advisor.page.locator("#in-order")).to_contain_text("The student asked for time")
    advisor.go(nora)
    advisor.reads("none yet; asked for time until Tuesday, June 30")


def test_one_click_gives_the_record_as_pdf_and_another_as_data_that_evaluates_again(
    visit: Callable[..., Visitor], demo: Demo, tmp_path: Path
) -> None:
    lead = visit("okafor")
    lead.go(demo.journeys["LF-0238"] + "/decision")
    paper, data = taken_out(lead, "decision record (PDF)"), taken_out(lead, "the same as data (JSON)")
    for download, ending in ((paper, "pdf"), (data, "json")):
        assert re.fullmatch(rf"decision-record-[0-9a-f]{{8}}-\d+\.{ending}", download.suggested_filename)
        download.save_as(tmp_path / f"record.{ending}")
    text = " ".join("".join(page.extract_text() for page in PdfReader(tmp_path / "record.pdf").pages).split())
    for words in ("Rowan Woodlark", "Pivot to another specialty", "Edith Moorhouse", "Dr. H. Crane", "$650,000"):
        assert words in text
    found = explain((tmp_path / "record.json").read_bytes())
    assert [one for one in found if not one.matches] == []


def test_an_auditor_searches_goes_through_the_checklist_and_the_lead_reads_what_was_found(
    visit: Callable[..., Visitor], demo: Demo
) -> None:
    steward, auditor, lead = visit("sundqvist"), visit("novak"), visit("okafor")
    steward.go("/members")
    steward.follow("Novak")
    steward.fill("Grant the role", {"Role": "Auditor", "Cohort (match year)": "2026"})
    steward.send("Grant the role")

    look = Look()
    auditor.go("/cohorts/2026")
    auditor.page.get_by_role("navigation").get_by_role("link", name="Audit", exact=True).click()
    auditor.fill("Search", {"Student": "LF-0452", "What": "Decisions"})
    auditor.send("Search")
    expect(auditor.main.get_by_role("table")).to_contain_text("Decision reversed")
    look.at((auditor, "audit.desk"))
    auditor.page.set_viewport_size({"width": 1280, "height": 900})
    with auditor.page.expect_navigation():
        auditor.main.get_by_role("table").get_by_role("link").first.click()
    auditor.reads(
        "Were there two outside opinions, and by whom?", "Evaluated again from the record: everything matches."
    )
    look.at((auditor, "audit.journey"))
    auditor.page.set_viewport_size({"width": 1280, "height": 900})

    auditor.follow("Record a finding", exact=True)
    about = {"What it concerns": "The outside opinions", "How it weighs": "To be put right"}
    auditor.fill("Record the finding", about)
    auditor.send("Record the finding")
    expect(auditor.faults).to_have_count(1)
    look.at((auditor, "audit.record_finding"))
    auditor.page.set_viewport_size({"width": 1280, "height": 900})
    auditor.fill("Record the finding", {"What you found": FINDING})
    auditor.send("Record the finding")
    expect(auditor.notices.last).to_have_text("The finding is recorded.")
    auditor.reads(FINDING)

    lead.go("/cohorts/2026/audit")
    lead.follow("What auditors found in this cohort")
    lead.reads(FINDING)
    lead.go(demo.journeys["LF-0452"] + "/decision")
    lead.reads(FINDING)
    assert not look.wrong, "\n".join(look.wrong)
