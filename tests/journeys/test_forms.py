"""Every form of a journey: bad input gets one sentence at its field, nothing typed is lost, then it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.forms import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor
    from tests.journeys.conftest import Demo
    from tests.journeys.forms import Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.at} {case.field}")
def test_a_form_says_one_sentence_at_the_field_keeps_what_was_typed_and_records_it_once_corrected(
    case: Case, visit: Callable[..., Visitor], demo: Demo
) -> None:
    visitor = visit(case.who)
    journey = demo.journeys[case.ref]
    page, _, link = case.at.partition(" > ")
    visitor.go(f"{journey}/{page}")
    if link:
        visitor.follow(link)

    visitor.fill(case.button, {**case.good, **case.wrong})
    typed = visitor.typed(case.button)
    visitor.send(case.button)
    expect(visitor.faults).to_have_count(1)
    expect(visitor.faults).to_contain_text(f"{case.field}: ")
    expect(visitor.faults).to_contain_text(case.sentence)
    error = visitor.form(case.button).locator(".err")
    expect(error).to_have_count(1)
    expect(error).to_contain_text(case.sentence)
    told = visitor.page.locator(f"[aria-describedby~={error.get_attribute('id')}]")
    expect(told.or_(told.locator("xpath=..")).filter(has_text=case.field)).not_to_have_count(0)
    assert visitor.typed(case.button) == typed

    visitor.fill(case.button, case.good)
    visitor.send(case.button)
    expect(visitor.notices.last).to_have_text(case.told)
    if case.seen_at:
        visitor.go(journey + case.seen_at)
    visitor.reads(case.leaves)


def test_a_fact_is_confirmed_with_one_button(visit: Callable[..., Visitor], demo: Demo) -> None:
    visitor = visit("chen")
    visitor.go(demo.journeys["LF-0433"] + "/facts/interviews_ranked")
    visitor.send("Nora confirms it")
    expect(visitor.notices.last).to_have_text("Confirmed, on Nora's behalf.")
    visitor.go(demo.journeys["LF-0433"] + "/facts/interviews_ranked")
    visitor.reads("5 (confirmed)")


def test_a_ladder_is_chosen_where_it_is_drawn(visit: Callable[..., Visitor], demo: Demo) -> None:
    visitor = visit("chen")
    visitor.go(demo.journeys["LF-0433"] + "/ladders")
    with visitor.page.expect_navigation():
        visitor.main.get_by_role("button", name="Choose for Nora").first.click()
    expect(visitor.notices.last).to_have_text("Ladder chosen for Nora.")
    expect(visitor.main.get_by_text("Nora chose this ladder.")).to_have_count(1)


def test_a_form_that_is_left_as_it_was_says_that_nothing_is_different(
    visit: Callable[..., Visitor], demo: Demo
) -> None:
    visitor = visit("chen")
    visitor.go(demo.journeys["LF-0431"] + "/inventory/applications")
    visitor.fill("Record the facts", {"Source": "ERAS export"})
    visitor.send("Record the facts")
    expect(visitor.faults).to_have_text(["Nothing is different from what is recorded: write at least one value."])
    expect(visitor.page.get_by_label("Source")).to_have_value("ERAS export")


def test_a_lead_opens_a_journey_by_hand_and_a_second_try_leads_to_the_first(visit: Callable[..., Visitor]) -> None:
    lead = visit("okafor")
    answers = {
        "Student reference": "LF-0777",
        "Full name": "Ayla Crossbill",
        "Dream field": "Urology",
        "Match Day": "2026-02-02",
        "Day the student learned the status": "2026-02-02",
    }
    lead.go("/cohorts/2026/open")
    lead.fill("Open the journey", answers | {"Match Day": "2025-02-02"})
    typed = lead.typed("Open the journey")
    lead.send("Open the journey")
    expect(lead.faults).to_have_count(1)
    expect(lead.faults).to_contain_text("Match Day: ")
    assert lead.typed("Open the journey") == typed
    lead.fill("Open the journey", answers)
    lead.send("Open the journey")
    expect(lead.notices.last).to_have_text("The journey of Ayla Crossbill is open.")
    expect(lead.heading).to_have_text("Ayla Crossbill")

    lead.go("/cohorts/2026/open")
    lead.fill("Open the journey", answers)
    lead.send("Open the journey")
    lead.follow("go to this student")
    expect(lead.heading).to_have_text("Ayla Crossbill")
