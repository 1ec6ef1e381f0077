"""Importing a roster in the browser: what cannot be read, what stays out, what changed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import roster

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor
    from tests.journeys.conftest import Demo

HEADER = "student_ref,name,specialty,match_day,learned_on"
ROW = "LF-0900,Piet Dodo,derm,2026-03-20,2026-03-16"


@pytest.fixture
def lead(visit: Callable[..., Visitor]) -> Visitor:
    visitor = visit("okafor")
    visitor.go("/import")
    return visitor


def look_at(lead: Visitor, text: str | bytes, name: str = "roster.csv") -> None:
    lead.page.get_by_label("Roster file").set_input_files(roster(text, name))
    lead.send("Look at the file")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "an empty file"),
        (f"{HEADER.replace('name', 'full_name')}\n{ROW}", "full_name"),
        ("student_ref,name\nLF-0900,Piet Dodo", "specialty, match_day, learned_on"),
        (f"{HEADER},name\n{ROW},Piet", "each column once"),
        (f"{HEADER}\n{ROW}".encode() + b"\nLF-0901,M\xfcller,derm,2026-03-20,2026-03-16", "line 3"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8"),
        (f'{HEADER}\nLF-0900,"Piet Dodo,derm,2026-03-20', "line 2"),
    ],
    ids=["empty", "unknown column", "missing columns", "column twice", "not UTF-8", "a picture", "open quote"],
)
def test_a_file_that_cannot_be_read_gets_one_sentence_and_another_can_be_chosen(
    lead: Visitor, content: str | bytes, sentence: str
) -> None:
    look_at(lead, content)
    expect(lead.heading).to_have_text("Import a roster")
    expect(lead.faults).to_have_count(1)
    expect(lead.faults).to_contain_text(sentence)
    expect(lead.faults).to_contain_text("roster.csv")
    look_at(lead, f"{HEADER}\n{ROW}")
    lead.reads("1 new")


def test_without_a_file_the_form_says_so(lead: Visitor) -> None:
    lead.send("Look at the file")
    expect(lead.faults).to_have_text(["Roster file (CSV): This is needed: a file."])


def test_a_faulty_row_is_shown_with_line_column_value_and_what_is_allowed_and_stays_out(lead: Visitor) -> None:
    rows = [
        HEADER + ",step2,advisor_email",
        "LF-0910,Good Row,derm,2026-03-20,2026-03-16,240,chen@larkfield.example",
        "LF-0911,Bad Score,derm,2026-03-20,2026-03-16,2388,",
        "LF-0912,Bad Field,basket weaving,2026-03-20,2026-03-16,,",
        "LF-0913,Bad Day,derm,20.3.2026,2026-03-16,,",
        "LF-0914,,derm,2026-03-20,2026-03-16,,",
        "LF-0915,Bad Advisor,derm,2026-03-20,2026-03-16,,nobody@larkfield.example",
        "LF-0910,Twice,derm,2026-03-20,2026-03-16,,",
    ]
    look_at(lead, "\n".join(rows))
    faulty = lead.page.get_by_role("region", name="Faulty rows").locator("tbody tr")
    told = [
        ("3", "step2", "2388", "a whole number from 1 to 300"),
        ("4", "specialty", "basket weaving", "a specialty the playbook knows"),
        ("5", "match_day", "20.3.2026", "a date as 2026-03-20 (year-month-day)"),
        ("6", "name", "empty", "full name"),
        ("7", "advisor_email", "nobody@larkfield.example", "member"),
        ("8", "student_ref", "LF-0910", "one row a student; line 2 has the same one"),
    ]
    expect(faulty).to_have_count(len(told))
    for row, words in zip(faulty.all(), told, strict=True):
        for word in words:
            expect(row).to_contain_text(word)
    lead.reads("6 faulty rows stay out")
    lead.send("Import 1 row")
    expect(lead.notices.last).to_contain_text("Imported 1 row from roster.csv: 1 new. 6 faulty rows stayed out.")
    lead.reads("Good Row")
    expect(lead.main).not_to_contain_text("Bad Score")


def test_what_changed_since_the_preview_is_shown_again_and_nothing_is_written(
    lead: Visitor, visit: Callable[..., Visitor], demo: Demo
) -> None:
    file = f"{HEADER},applications_sent\nLF-0433,Nora Brambling,orthopaedic-surgery,2026-03-20,2026-03-16,79"
    look_at(lead, file)
    lead.reads("1 changed", "71", "79")

    colleague = visit("chen")
    colleague.go(demo.journeys["LF-0433"] + "/facts/applications_sent")
    answers = {"Programs applied to": "74", "Source": "Score report", "Why it is corrected": "A slip in the roster"}
    colleague.fill("Correct it", answers)
    colleague.send("Correct it")

    lead.send("Import 1 row")
    expect(lead.page.get_by_role("alert")).to_contain_text(
        "The records changed since you looked; nothing was written. This is what the file would do now."
    )
    # the word of the person who corrected it stays
    lead.reads("1 corrected or confirmed by hand", "74", "Nothing to change")
    colleague.go(demo.journeys["LF-0433"] + "/facts/applications_sent")
    expect(colleague.page.get_by_label("Programs applied to")).to_have_value("74")


def test_the_preview_is_for_the_one_who_chose_the_file_alone(lead: Visitor, visit: Callable[..., Visitor]) -> None:
    look_at(lead, f"{HEADER}\n{ROW}")
    other = visit("chen")
    other.expects.add(403)
    other.page.goto(lead.page.url)
    expect(other.heading).to_have_text("This is not yours to do")
    lead.go(lead.page.url.removeprefix(lead.server.url)[:-4] + "none")
    expect(lead.heading).to_have_text("Import a roster")
    expect(lead.page.get_by_role("alert")).to_be_visible()
