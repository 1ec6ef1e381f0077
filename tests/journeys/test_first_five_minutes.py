"""The first five minutes of README.md, as they are written there, by a person who has only a keyboard."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from web.demo import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor

SAMPLE = Path("web/static/sample-roster.csv")


@pytest.fixture
def lead(visit: Callable[..., Visitor]) -> Visitor:
    """The lead, who has signed in with the address and the password that were printed."""
    visitor = visit()
    visitor.go("/")
    visitor.keyboard.write("E-mail", "okafor@larkfield.example")
    visitor.keyboard.write("Password", PASSWORD)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    expect(visitor.heading).to_have_text("Cohort 2026")
    return visitor


def look_at(lead: Visitor, file: Path) -> None:
    """Choose a roster and look at what it would do."""
    keys = lead.keyboard
    keys.follow("Import")
    keys.reach("Roster file (CSV)")
    with lead.page.expect_file_chooser() as chooser:
        lead.page.keyboard.press("Enter")
    chooser.value.set_files(file)
    keys.follow("Look at the file")


def test_a_lead_imports_the_sample_roster_and_importing_it_again_changes_nothing(
    lead: Visitor, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    # the sample file is downloaded
    lead.keyboard.follow("Import")
    lead.keyboard.reach("Download the sample")
    with lead.page.expect_download() as download:
        lead.page.keyboard.press("Enter")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.read_bytes() == SAMPLE.read_bytes()
    students = [row["name"] for row in csv.DictReader(io.StringIO(file.read_text("utf-8")))]

    # the preview says what would be written, and nothing is
    look_at(lead, file)
    lead.reads("nothing is written yet", f"{len(students)} new")
    for student in students:
        lead.reads(student)
    colleague = visit("chen")
    colleague.go("/cohorts/2026?q=LF-05")
    colleague.reads("Nobody fits this filter")

    # confirmed, they are on the board
    lead.keyboard.follow(f"Import {len(students)} rows")
    expect(lead.notices.last).to_have_text(
        f"Imported {len(students)} rows from sample-roster.csv: {len(students)} new."
    )
    colleague.go("/cohorts/2026?q=LF-05")
    for student in students:
        colleague.reads(student)

    # the same file again has nothing to write
    look_at(lead, file)
    lead.reads("Nothing to change", f"{len(students)} unchanged", "Importing this file would write nothing.")
    expect(lead.main.get_by_role("button", name="Import")).to_have_count(0)


def record_the_money_situation(lead: Visitor) -> None:
    keys = lead.keyboard
    keys.write("Name or reference", "LF-0433")
    with lead.page.expect_navigation():
        lead.page.keyboard.press("Enter")
    keys.follow("Nora Brambling")
    expect(lead.heading).to_have_text("Nora Brambling")
    keys.follow("Inventory")
    keys.follow("Record: Plans and money")
    keys.choose("Another year is a serious money burden", "No")
    keys.write("Source", "Nora, on the telephone, after she asked her parents")
    keys.follow("Record the facts")
    expect(lead.notices.last).to_have_text("Recorded.")
    lead.reads("Nora, on the telephone, after she asked her parents")
    keys.follow("Back to Nora Brambling")


def record_the_answer_of_the_director(lead: Visitor) -> None:
    keys = lead.keyboard
    keys.follow("Opinions in full")
    keys.follow("Record the answer of Dr. A. Sandpiper")
    expect(lead.heading).to_have_text("Record the opinion of Dr. A. Sandpiper")
    keys.write("What would you do next cycle?", "I would look at her with the others.")
    keys.reach("Reapply, a related specialty, or a gap year?")
    lead.page.keyboard.type("Related")
    keys.write("What specifically counted against the application?", "There is one project only.")
    keys.tick("Research", "The same, coded")
    keys.reach("Would they champion another try?")
    lead.page.keyboard.type("1")
    keys.tick("They have seen the full file")
    keys.follow("Record the opinion")


def read_why(lead: Visitor) -> None:
    lead.keyboard.follow("see why")
    expect(lead.heading).to_have_text("Pivot now is what the rules say")
    lead.reads("The recommendation changed from “not yet decidable” to “pivot now”.", "Dr. A. Sandpiper")
    expect(lead.page.get_by_role("img", name="The path through the tree")).to_be_visible()
    decisive = lead.page.locator("tr.is-decisive").filter(has_text="PIVOT.champion")
    for words in ("decided the result", "holds", "Sandpiper"):
        expect(decisive).to_contain_text(words)
    lead.reads("Advice only: it does not change the result.", "What would flip it", "For Nora.")


def decide_against_it(lead: Visitor) -> str:
    """Choose to reapply, first without a reason; return the milestone that was ticked."""
    keys = lead.keyboard
    keys.choose("What did Nora decide?", "Reapply")
    keys.reach("How the year will be spent")
    lead.page.keyboard.type("Research")
    keys.write("Remedy for research", "Two projects with Dr. Ruff, one of them a case series")
    keys.reach("", "Milestones that Nora commits to")
    lead.page.keyboard.press("Space")
    milestone = lead.page.locator("label").filter(has=lead.page.locator(":checked")).last.inner_text().strip()

    kept = lead.typed("Record the decision")
    keys.follow("Record the decision")
    expect(lead.faults).to_have_text(
        [
            "Main reason: Choose the main reason: this decision does not simply follow the recommendation.",
            "In Nora's words: Write at least one sentence in the student's words.",
        ]
    )
    assert lead.typed("Record the decision") == kept
    expect(lead.page.locator("#path-errors")).to_be_focused()
    expect(lead.page.locator("#path-errors")).to_be_in_viewport()

    keys.reach("Main reason")  # the list on top leads to the field
    lead.page.keyboard.press("Enter")
    expect(lead.page.get_by_role("combobox", name="Main reason")).to_be_focused()
    lead.page.keyboard.type("Accepts")
    keys.write("In Nora's words", "I know the odds. I want one more honest try.")
    keys.follow("Record the decision")
    expect(lead.notices.last).to_have_text("The decision is recorded.")
    return milestone.partition(", by ")[0]


def test_a_fact_and_an_opinion_change_the_recommendation_and_the_student_decides_against_it(
    lead: Visitor, visit: Callable[..., Visitor]
) -> None:
    # not yet decidable, and still so when the money situation is known
    record_the_money_situation(lead)
    journey = lead.page.url
    decision = lead.page.locator("#decision")
    expect(decision).to_contain_text("Not yet decidable")

    # the program director's answer decides, and the page says why
    record_the_answer_of_the_director(lead)
    expect(lead.notices.last).to_have_text(
        "Opinion recorded. The recommendation changed from “not yet decidable” to “pivot now”: see why."
    )
    read_why(lead)

    # the student decides otherwise; all of it is kept beside the recommendation, which stands as it was said
    milestone = decide_against_it(lead)
    expect(lead.heading).to_have_text("Pivot now is what the rules say")
    for words in (
        "Reapply, Research",
        "yes, it differs from the recommendation",
        "I know the odds. I want one more honest try.",
        "Two projects with Dr. Ruff, one of them a case series",
        "Adaeze Okafor",
    ):
        expect(lead.page.locator("#decided")).to_contain_text(words)
    lead.page.goto(journey)
    for words in ("Pivot now", "Reapply", "against the recommendation"):
        expect(decision).to_contain_text(words)
    expect(lead.page.locator("#plan")).to_contain_text(milestone)

    # and a colleague sees it on the board
    colleague = visit("chen")
    colleague.go("/cohorts/2026?decision=against&q=LF-0433")
    row = colleague.page.get_by_role("row").filter(has_text="Nora Brambling")
    for words in ("Pivot now", "Reapply", "Against the recommendation", "1 of 5"):
        expect(row).to_contain_text(words)
