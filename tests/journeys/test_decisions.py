"""Decisions in the browser: gates, what a lead may open, what the advisor thinks, what is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor
    from tests.journeys.conftest import Demo

PIVOT = {
    "What did Kofi decide?": "Pivot to another specialty",
    "New field": "Anesthesiology",
    "Main reason": "Family or place",
    "In Kofi's words": "My brother is there, and so is the work I like.",
}
OPEN_GATE = "Open the gate and record the decision"


def test_a_closed_gate_lists_what_is_missing_and_an_advisor_cannot_open_it(
    visit: Callable[..., Visitor], demo: Demo
) -> None:
    advisor = visit("chen")
    advisor.go(demo.journeys["LF-0422"] + "/decision")
    advisor.fill("Record the decision", PIVOT)
    typed = advisor.typed("Record the decision")
    advisor.send("Record the decision")
    refusal = advisor.page.get_by_role("alert").filter(has_text="Not yet: this cannot be undone")
    expect(refusal).to_contain_text("Interviews offered")
    assert advisor.typed("Record the decision") == typed
    expect(advisor.page.get_by_role("button", name=OPEN_GATE)).to_have_count(0)
    advisor.reads("A lead of the cohort can open the gate with a reason.")
    # the list leads to where each thing is recorded
    with advisor.page.expect_navigation():
        refusal.get_by_role("link").first.click()
    expect(advisor.main.get_by_role("button", name="Kofi confirms it")).to_be_visible()


def test_a_lead_opens_the_gate_with_a_coded_reason_and_words_which_stay_in_the_record(
    visit: Callable[..., Visitor], demo: Demo
) -> None:
    lead = visit("okafor")
    lead.go(demo.journeys["LF-0422"] + "/decision")
    lead.fill("Record the decision", PIVOT)
    lead.send("Record the decision")
    why = "The place is held until noon; he knows that the number is disputed."
    lead.fill("Record the decision", {"In words": why})
    typed = lead.typed("Record the decision")
    lead.send(OPEN_GATE)
    expect(lead.faults).to_have_text(["Why it cannot wait: Choose why it cannot wait."])
    assert lead.typed("Record the decision") == typed
    lead.fill("Record the decision", {"Why it cannot wait": "A deadline falls before the facts can be had"})
    lead.send(OPEN_GATE)
    expect(lead.notices.last).to_have_text("The decision is recorded.")
    expect(lead.page.locator("#gates")).to_contain_text("Adaeze Okafor")
    lead.go(demo.journeys["LF-0422"])
    lead.reads(why)
    lead.go("/cohorts/2026?gate=overridden&q=LF-0422")
    lead.reads("Kofi Avocet", "Gate overridden: pivot to another specialty")


def test_a_decision_of_soap_week_is_judged_by_its_own_gate(visit: Callable[..., Visitor], demo: Demo) -> None:
    advisor = visit("chen")
    advisor.go(demo.journeys["LF-0433"] + "/decision")
    soap = advisor.page.locator("#soap")
    soap.locator("summary").click()
    button = "Record the SOAP decision"
    advisor.send(button)
    expect(advisor.faults).to_have_count(1)
    expect(advisor.faults).to_contain_text("What did Nora decide?")
    advisor.fill(
        button,
        {
            "What did Nora decide?": "Decline a SOAP offer",
            "Field of the place": "General surgery",
            "Main reason": "Knows something the record does not hold",
            "In the student's words": "I would rather choose with a clear head.",
        },
    )
    advisor.send(button)
    expect(advisor.notices.last).to_have_text("The decision is recorded.")
    expect(soap).to_contain_text("I would rather choose with a clear head.")
    # the path is still to be decided
    expect(advisor.main.get_by_role("button", name="Record the decision", exact=True)).to_be_visible()


def test_an_advisor_dissents_with_words_or_concurs_and_the_student_may_take_the_decision_back(
    visit: Callable[..., Visitor], demo: Demo
) -> None:
    advisor = visit("ruiz")
    decision = demo.journeys["LF-0412"] + "/decision"
    advisor.go(decision)
    advisor.fill(
        "Record the decision",
        {"What did Priya decide?": "Pivot to another specialty", "New field": "Anesthesiology"},
    )
    advisor.send("Record the decision")
    expect(advisor.notices.last).to_have_text("The decision is recorded.")
    decided = advisor.page.locator("#decided")
    expect(decided).to_contain_text("no, it agrees with the recommendation")

    # dissent needs words; what was chosen is kept
    advisor.fill("Record what you think", {"What do you think of it?": "I think otherwise"})
    advisor.send("Record what you think")
    expect(advisor.faults).to_have_text(["In your words: Write why you think otherwise."])
    expect(advisor.page.get_by_label("I think otherwise")).to_be_checked()
    advisor.fill("Record what you think", {"In your words": "PM&R would be nearer to what she likes."})
    advisor.send("Record what you think")
    expect(decided).to_contain_text("thinks otherwise")
    expect(decided).to_contain_text("PM&R would be nearer to what she likes.")

    # a second thought is another event beside the first
    advisor.fill("Record what you think", {"What do you think of it?": "I concur", "In your words": "We talked."})
    advisor.send("Record what you think")
    expect(decided).to_contain_text("concurs")

    # taken back: it stays in the record, and another one can be recorded
    advisor.follow("Take the decision back")
    advisor.send("Record the reversal")
    expect(advisor.faults).to_contain_text("Why it is taken back: This is needed")
    advisor.fill("Record the reversal", {"Why it is taken back": "She visited, and it is not for her."})
    advisor.send("Record the reversal")
    expect(advisor.notices.last).to_have_text("The decision is taken back; it stays in the record.")
    past = advisor.page.get_by_role("article").filter(has_text="Taken back")
    expect(past.first).to_contain_text("She visited, and it is not for her.")
    expect(advisor.main.get_by_role("button", name="Record the decision", exact=True)).to_be_visible()


def test_only_what_the_chosen_path_asks_for_is_shown(visit: Callable[..., Visitor], demo: Demo) -> None:
    advisor = visit("novak")
    advisor.go(demo.journeys["LF-0407"] + "/decision")
    form = advisor.form("Record the decision")
    mode = form.get_by_label("How the year will be spent")
    field = form.get_by_role("combobox", name="New field", include_hidden=True)
    expect(mode).to_be_hidden()
    expect(field).to_be_hidden()
    advisor.fill("Record the decision", {"What did Imogen decide?": "Reapply"})
    expect(mode).to_be_visible()
    expect(field).to_be_hidden()
    advisor.fill("Record the decision", {"What did Imogen decide?": "Pivot"})
    expect(mode).to_be_hidden()
    expect(field).to_be_visible()


def test_a_plan_without_anything_in_it_is_named_field_by_field(visit: Callable[..., Visitor], demo: Demo) -> None:
    advisor = visit("abara")
    advisor.go(demo.journeys["LF-0463"] + "/decision")
    advisor.fill(
        "Record the decision",
        {
            "What did Wanda decide?": "Reapply",
            "Main reason": "This field or nothing",
            "In Wanda's words": "I cannot see myself anywhere else.",
        },
    )
    typed = advisor.typed("Record the decision")
    advisor.send("Record the decision")
    for sentence in ("Choose how the year will be spent.", "Tick at least one milestone, or write your own."):
        expect(advisor.faults.filter(has_text=sentence)).to_have_count(1)
    assert advisor.typed("Record the decision") == typed
