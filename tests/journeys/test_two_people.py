"""Two people at once, a button pressed twice, a form that was open too long: nothing is lost, nothing is done twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor
    from tests.journeys.conftest import Demo

CORRECTED = "Corrected; the old value stays in the record."


def correction(value: str, source: str) -> dict[str, Any]:
    return {"Step 2 CK": value, "Source": source, "Why it is corrected": f"{source} says so"}


@pytest.mark.parametrize(("choice", "kept"), [("Save mine", "245"), ("Keep theirs", "243")])
def test_the_second_of_two_who_change_the_same_fact_sees_both_and_chooses(
    visit: Callable[..., Visitor], demo: Demo, choice: str, kept: str
) -> None:
    ref = {"Save mine": "LF-0435", "Keep theirs": "LF-0438"}[choice]
    address = demo.journeys[ref] + "/facts/step2"
    first, second = visit("chen"), visit("ruiz")
    for one in (first, second):
        one.go(address)
    second.fill("Correct it", correction("245", "The student"))
    first.fill("Correct it", correction("243", "The score report"))
    first.send("Correct it")
    expect(first.notices.last).to_have_text(CORRECTED)

    # the second sees the change around the form, which stays as it is
    expect(second.page.locator(".live")).to_contain_text("Updated just now")
    second.send("Correct it")
    expect(second.heading).to_have_text("Somebody changed this at the same time")
    second.reads("Mei Chen changed this meanwhile", "243", "245", "The student says so")

    if choice == "Save mine":
        second.send(choice)
        expect(second.notices.last).to_have_text(CORRECTED)
    else:
        second.follow(choice)
    second.go(address)
    expect(second.page.get_by_label("Step 2 CK")).to_have_value(kept)


def test_two_who_change_different_facts_of_one_student_do_not_notice_each_other(
    visit: Callable[..., Visitor], demo: Demo
) -> None:
    journey = demo.journeys["LF-0450"]
    first, second = visit("chen"), visit("ruiz")
    first.go(journey + "/facts/step2")
    second.go(journey + "/facts/publications")
    first.fill("Correct it", correction("251", "The score report"))
    second.fill("Correct it", {"Publications": "6", "Source": "CV", "Why it is corrected": "One came out"})
    first.send("Correct it")
    second.send("Correct it")
    expect(second.notices.last).to_have_text(CORRECTED)
    second.go(journey + "/inventory")
    second.reads("251", "The score report", "CV")


def test_a_button_pressed_twice_has_one_effect(visit: Callable[..., Visitor], demo: Demo) -> None:
    visitor = visit("chen")
    visitor.go(demo.journeys["LF-0433"] + "/notes/new")
    visitor.fill("Add the note", {"Note": "Pressed in a hurry", "Who reads it": "Advisors only"})
    visitor.page.get_by_role("button", name="Add the note").dblclick()
    expect(visitor.heading).to_have_text("Nora Brambling")
    visitor.go(demo.journeys["LF-0433"])
    expect(visitor.page.locator("#notes").get_by_text("Pressed in a hurry")).to_have_count(1)


def test_a_form_sent_again_after_going_back_says_that_it_was_saved_already(
    visit: Callable[..., Visitor], demo: Demo
) -> None:
    visitor = visit("chen")
    visitor.go(demo.journeys["LF-0433"] + "/notes/new")
    answers = {"Note": "Sent, and sent again", "Who reads it": "Advisors only"}
    visitor.fill("Add the note", answers)
    hidden = visitor.form("Add the note").locator("[name=command_id]").input_value()
    visitor.send("Add the note")
    visitor.go(demo.journeys["LF-0433"] + "/notes/new")
    visitor.fill("Add the note", answers)
    # as a browser that kept the page would send it
    visitor.form("Add the note").locator("[name=command_id]").evaluate("(field, id) => field.value = id", hidden)
    visitor.send("Add the note")
    expect(visitor.notices.last).to_have_text("This was saved already; nothing was done twice.")
    expect(visitor.page.locator("#notes").get_by_text("Sent, and sent again")).to_have_count(1)


def test_a_form_that_was_open_too_long_keeps_what_was_typed_and_can_be_sent_again(
    visit: Callable[..., Visitor], demo: Demo
) -> None:
    visitor = visit("chen")
    visitor.go(demo.journeys["LF-0433"] + "/contacts/new")
    words = "She rang about the loan, and we spoke for an hour"
    visitor.fill("Log the contact", {"How": "Call", "On": "2026-06-15", "What was said": words})
    visitor.context.clear_cookies(name="form")
    visitor.send("Log the contact")
    expect(visitor.heading).to_have_text("This form was open too long")
    visitor.reads("Nothing is lost", words)
    visitor.send("Send it again")
    expect(visitor.notices.last).to_have_text("Contact logged.")
    expect(visitor.page.locator("#contacts")).to_contain_text(words)


def test_who_was_signed_out_meanwhile_signs_in_in_another_tab_and_sends_the_form_again(
    visit: Callable[..., Visitor], demo: Demo
) -> None:
    visitor = visit()
    visitor.go("/sign-in")
    visitor.sign_in("chen")
    visitor.go(demo.journeys["LF-0433"] + "/contacts/new")
    words = "We met in the corridor"
    visitor.fill("Log the contact", {"How": "Meeting", "On": "2026-06-15", "What was said": words})
    visitor.context.clear_cookies(name="rungwise")
    visitor.send("Log the contact")
    expect(visitor.heading).to_have_text("You were signed out")
    visitor.reads("What was said", words)

    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("link", name="Sign in again in a new tab").click()
    other_tab = opened.value
    other_tab.get_by_label("E-mail").fill("chen@larkfield.example")
    other_tab.get_by_label("Password").fill("larkfield-demo")
    other_tab.get_by_role("button", name="Sign in").click()
    expect(other_tab.get_by_role("heading", level=1)).to_have_text("Cohort 2026")

    # the token in the first tab is of the session before: at most one more press of a button, and all is still there
    visitor.send("Send it again")
    if visitor.heading.inner_text() == "This form was open too long":
        visitor.reads(words)
        visitor.send("Send it again")
    expect(visitor.notices.last).to_have_text("Contact logged.")
    expect(visitor.page.locator("#contacts")).to_contain_text(words)


def test_an_advisor_of_another_team_reads_and_finds_no_form(visit: Callable[..., Visitor], demo: Demo) -> None:
    other = visit("novak")
    other.expects.add(403)
    journey = demo.journeys["LF-0433"]
    for page in ("", "/inventory", "/opinions", "/decision", "/ladders"):
        other.go(journey + page)
        other.reads("Nora", "You can read this record.")
        expect(other.main.locator("form[method=post]")).to_have_count(0)  # one that looks back writes nothing
    for page in ("/notes/new", "/facts/step2", "/opinions/ask", "/milestones/PLAN.3.decide", "/advisor"):
        other.go(journey + page)
        expect(other.heading).to_have_text("This is not yours to do")


@pytest.mark.parametrize(
    ("name", "ref", "answered"),
    [
        ("novak", "LF-0433", (403, "This is not yours to do")),  # the cohort is theirs, the team is another
        ("novak", "LF-0238", (404, "There is nothing here")),  # of a cohort that is not theirs: it does not exist
        ("sundqvist", "LF-0433", (403, "This is not yours to do")),  # stewards read no journeys
    ],
)
def test_a_form_sent_past_the_pages_is_refused(
    visit: Callable[..., Visitor], demo: Demo, name: str, ref: str, answered: tuple[int, str]
) -> None:
    status, heading = answered
    other = visit(name)
    other.go("/password")
    token = other.form("Change the password").locator("[name=csrf_token]").input_value()
    sent: dict[str, str | float | bool] = {
        "csrf_token": token,
        "command_id": "past-the-pages",
        "body": "Hello",
        "visibility": "team",
    }
    answer = other.context.request.post(f"{other.server.url}{demo.journeys[ref]}/notes/new", form=sent)
    assert answer.status == status
    assert heading in answer.text()
    lead = visit("okafor")
    lead.go(demo.journeys[ref])
    expect(lead.main).not_to_contain_text("Hello")
