"""Ten minutes in the browser: a pack is written, proposed, approved by another person, and then on the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor
    from tests.journeys.conftest import Demo

SELECTED = "text => text.value.slice(text.selectionStart, text.selectionEnd)"


def test_a_new_specialty_comes_from_its_first_line_to_the_board(visit: Callable[..., Visitor], demo: Demo) -> None:
    lead, steward = visit("okafor"), visit("sundqvist")

    # begun from the example
    lead.go("/packs")
    lead.follow("Write a new pack")
    lead.fill("Begin", {"Specialty": "Ophthalmology"})
    lead.send("Begin")
    text = lead.page.get_by_label("Text of the pack")
    findings = lead.page.get_by_role("region", name="Findings")
    expect(findings).to_contain_text("No findings: this pack can be proposed.")

    # who is signed out meanwhile is told beside the text, which stays
    cookies = lead.context.cookies()
    lead.context.clear_cookies()
    text.press("End")
    text.press_sequentially(" and mine")
    told = lead.main.get_by_text("The check does not answer, or you were signed out. What you typed stays here.")
    expect(told).to_be_visible()
    lead.context.add_cookies(cookies)  # type: ignore[arg-type] # as they were

    # a slip is found while it is written, and leads to its line
    written = text.input_value().replace("An example from the template", "As our graduates do it")
    text.fill(written.replace('door = "narrow"', 'door = "ajar"'))
    expect(findings).to_contain_text("one of open, narrow, nearly-closed")
    expect(told).to_be_hidden()
    findings.get_by_role("link").first.click()
    assert text.evaluate(SELECTED) == 'door = "ajar"'
    lead.send("Save the draft")
    expect(lead.notices.last).to_have_text("Saved. 1 finding is left.")
    expect(text).to_have_value(written.replace('door = "narrow"', 'door = "ajar"'))

    # somebody else saves meanwhile: both are shown, and what was typed stays
    steward.go("/pack/ophthalmology/edit")
    steward.page.get_by_label("Text of the pack").fill(written.replace("1.0.0", "0.9.0"))
    steward.send("Save the draft")
    text.fill(written)
    expect(findings).to_contain_text("No findings")
    lead.send("Save the draft")
    lead.reads("Ingrid Sundqvist saved this pack at", "Where the two differ", 'version = "0.9.0"')
    expect(text).to_have_value(written)
    lead.send("Save mine in place of the stored one")
    expect(lead.notices.last).to_have_text("Saved, without findings.")

    # seen before it is proposed
    lead.follow("See what it would change")
    lead.reads("No past student would be advised otherwise.", "New: specialty Ophthalmology")
    lead.fill("Propose it to a second person", {"What changes, and why": "Our first pack of ophthalmology."})
    lead.send("Propose it to a second person")
    lead.reads("It waits for a second person.")
    expect(lead.page.get_by_role("button", name="Approve it")).to_have_count(0)

    # answered by another
    steward.go("/packs")
    steward.follow("Pack Ophthalmology, version 1.0.0")
    steward.reads("Our first pack of ophthalmology.", "No past student would be advised otherwise.")
    steward.send("Approve it")
    expect(steward.notices.last).to_have_text("Approved: it is in force.")

    # on the board: the playbook, and the climb of her who missed it
    lead.go("/cohorts/2026")
    lead.reads("2026-06-16")
    lead.go(demo.journeys["LF-0468"] + "/ladders")
    lead.reads("As our graduates do it")
