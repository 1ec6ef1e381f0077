"""The steward at work: members, roles, links, settings, the playbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor


@pytest.fixture
def steward(visit: Callable[..., Visitor]) -> Visitor:
    visitor = visit("sundqvist")
    visitor.go("/")
    expect(visitor.heading).to_have_text("Members")
    return visitor


def test_a_new_member_sets_a_password_with_a_link_gets_a_role_moves_and_leaves(
    steward: Visitor, visit: Callable[..., Visitor]
) -> None:
    # added, after a slip in the address
    steward.follow("Add a member")
    answers = {"Name": "Ottilie Fieldfare", "E-mail": "fieldfare@larkfield.example", "Advising team": "Elm"}
    steward.fill("Add the member", answers | {"E-mail": "fieldfare"})
    typed = steward.typed("Add the member")
    steward.send("Add the member")
    expect(steward.faults).to_contain_text("E-mail: “fieldfare” is not allowed: an address such as name@school.example")
    assert steward.typed("Add the member") == typed
    steward.fill("Add the member", answers)
    steward.send("Add the member")
    expect(steward.notices.last).to_have_text("Added.")
    link = steward.main.locator("code").first.inner_text()
    sheet = steward.page.url
    steward.page.goto(sheet)
    expect(steward.main).not_to_contain_text("/welcome/")

    # the link sets a password, once
    newcomer = visit()
    newcomer.page.goto(link)
    short = {"New password": "too short", "The same again": "too short"}
    newcomer.fill("Set the password", short)
    newcomer.send("Set the password")
    expect(newcomer.faults).to_contain_text("New password: This has 9 characters: 12 to")
    words = "a rung a day is enough"
    newcomer.fill("Set the password", {"New password": words, "The same again": words})
    newcomer.send("Set the password")
    expect(newcomer.notices.last).to_have_text("Your password is set. Sign in with it.")
    newcomer.sign_in("fieldfare", words)
    expect(newcomer.heading).to_have_text("You have no role yet")

    # a role opens a cohort, taking it away closes it
    steward.fill("Grant the role", {"Role": "Advisor", "Cohort (match year)": "20226"})
    steward.send("Grant the role")
    expect(steward.faults).to_contain_text("20226 is too high")
    expect(steward.page.get_by_label("Cohort (match year)")).to_have_value("20226")
    steward.fill("Grant the role", {"Cohort (match year)": "2026"})
    steward.send("Grant the role")
    expect(steward.notices.last).to_have_text("The role is granted.")
    newcomer.go("/")
    expect(newcomer.heading).to_have_text("Cohort 2026")
    steward.fill("Change the team", {"Advising team": "Linden"})
    steward.send("Change the team")
    expect(steward.page.get_by_label("Advising team")).to_have_value("Linden")
    newcomer.expects.add(403)  # the board that is still open asks once more, and learns it
    steward.send("Take away Advisor of 2026")
    newcomer.go("/")
    expect(newcomer.heading).to_have_text("You have no role yet")

    # who leaves is signed out at once
    steward.page.locator("summary", has_text="Deactivate Ottilie Fieldfare").click()
    steward.send("Yes, deactivate Ottilie Fieldfare")
    steward.reads("Deactivated: cannot sign in.")
    newcomer.go("/")
    expect(newcomer.heading).to_have_text("Sign in")
    newcomer.sign_in("fieldfare", words)
    expect(newcomer.faults).to_contain_text("do not belong together")


def test_an_address_that_is_a_members_already_gets_one_sentence(steward: Visitor) -> None:
    steward.go("/members/new")
    steward.fill("Add the member", {"Name": "Another Chen", "E-mail": "chen@larkfield.example"})
    steward.send("Add the member")
    expect(steward.faults).to_have_text(["E-mail: Somebody with this address is a member already; look in the list."])


def test_a_setting_that_is_not_allowed_gets_one_sentence_and_a_good_one_is_on_every_page(
    steward: Visitor, visit: Callable[..., Visitor]
) -> None:
    steward.go("/institution")
    steward.fill("Save the settings", {"Name of the institution": "Larkfield Medical School", "Time zone": "Chicago"})
    typed = steward.typed("Save the settings")
    steward.send("Save the settings")
    expect(steward.faults).to_have_count(1)
    expect(steward.faults).to_contain_text("Time zone: “Chicago” is not allowed: ")
    assert steward.typed("Save the settings") == typed
    steward.fill("Save the settings", {"Time zone": "America/Denver"})
    steward.send("Save the settings")
    stranger = visit()
    stranger.go("/sign-in")
    stranger.reads("Larkfield Medical School")


def test_the_playbook_in_force_leads_to_its_packs(steward: Visitor) -> None:
    steward.go("/institution")
    steward.reads("2026.1", "2014.1")
    steward.follow("Packs, and what waits to change")
    expect(steward.heading).to_have_text("Packs")
    expect(steward.page.locator("tbody tr")).not_to_have_count(0)


def test_a_steward_reads_no_journeys_and_is_told_who_does(steward: Visitor) -> None:
    steward.expects.add(403)
    steward.go("/cohorts/2026")
    expect(steward.heading).to_have_text("Students' journeys are not part of your role")
    steward.reads("somebody needs the role advisor or lead in it; a steward gives it on the members page.")


def test_an_advisor_finds_no_way_to_members_and_settings(visit: Callable[..., Visitor]) -> None:
    advisor = visit("chen")
    advisor.expects.add(403)
    advisor.go("/cohorts/2026")
    for name in ("Members", "Institution", "Import"):
        expect(advisor.page.get_by_role("navigation", name="Main").get_by_role("link", name=name)).to_have_count(0)
    for path in ("/members", "/institution", "/import"):
        advisor.go(path)
        expect(advisor.heading).to_have_text("This is not yours to do")
