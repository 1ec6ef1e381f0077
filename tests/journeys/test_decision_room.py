"""The decision room in the browser: why, as of then, what drifted, what if; each for everybody and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.test_accessibility import look

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor
    from tests.journeys.conftest import Demo
    from tests.journeys.test_accessibility import Look

__all__ = ["look"]

REASON = {"Source": "A call", "Why it is corrected": "Counted again"}


def test_a_team_walks_back_through_a_journey_by_date_and_by_slider_and_comes_home(
    visit: Callable[..., Visitor], demo: Demo, look: Look
) -> None:
    advisor, other = visit("chen"), visit("chen")
    journey = demo.journeys["LF-0433"]
    advisor.go(journey)
    advisor.page.locator("details.moments summary").click()
    advisor.page.get_by_label("End of the day").fill("2026-04-20")
    advisor.send("Show that day")
    expect(advisor.main).to_contain_text("As of Monday, April 20, 2026: what the team knew then.")
    assert advisor.page.url.endswith("?at=2026-04-20")
    advisor.follow("Path, rules and what would flip it")
    assert "at=2026-04-20" in advisor.page.url
    expect(advisor.main.get_by_role("button", name="Record the decision")).to_have_count(0)

    slider = advisor.page.get_by_role("slider")
    expect(slider).to_be_visible()
    slider.focus()
    slider.press("Home")
    with advisor.page.expect_navigation():
        advisor.page.locator("form:has([type=range])").get_by_role("button", name="Show").click()
    assert advisor.page.url.endswith("?event=1")
    advisor.reads("Event 21 of")  # the roster came in at once, with all that followed from it
    advisor.follow("One on")
    assert advisor.page.url.endswith("?event=22")
    advisor.follow("One back")
    advisor.reads("Event 21 of")
    other.go("/cohorts/2026?at=2026-04-20")
    look.at((advisor, "decision then"), (other, "board then"))

    other.follow("Nora Brambling")
    assert "at=2026-04-20" in other.page.url
    advisor.follow("Back to today")
    expect(advisor.main.get_by_role("button", name="Record the decision", exact=True)).to_be_visible()


def test_a_page_of_the_past_says_its_moment_on_paper(visit: Callable[..., Visitor], demo: Demo) -> None:
    advisor = visit("chen", phone=True)
    advisor.page.emulate_media(media="print")
    for path in ("", "/decision", "/inventory"):
        advisor.go(f"{demo.journeys['LF-0433']}{path}?at=2026-04-20")
        expect(advisor.main.get_by_text("As of Monday, April 20, 2026: what the team knew then.")).to_be_visible()


def test_a_decision_that_drifts_appears_on_the_board_with_what_moved_it(
    visit: Callable[..., Visitor], demo: Demo, look: Look
) -> None:
    lead, advisor = visit("okafor"), visit("novak")
    pavel = demo.journeys["LF-0452"]
    lead.go("/cohorts/2026/drift")
    before = lead.main.locator("article.drifted").count()
    lead.go(f"{pavel}/facts/interviews_offered")
    lead.fill("Correct it", {"Interviews offered": "1", **REASON})
    lead.send("Correct it")
    lead.go("/cohorts/2026")
    lead.follow("See what moved")
    drifted = lead.main.locator("article.drifted").filter(has_text="Pavel")
    expect(drifted).to_contain_text("Interviews offered: 1")
    expect(drifted).to_contain_text("PIVOT.interviews")
    assert lead.main.locator("article.drifted").count() == before + 1
    advisor.go("/cohorts/2026/drift")
    look.at((lead, "drift"), (advisor, "drift of a reader"))
    with lead.page.expect_navigation():
        drifted.get_by_role("link", name="As it was decided").click()
    lead.reads("what the team knew then.")


def test_two_variants_are_compared_and_one_is_filed(visit: Callable[..., Visitor], demo: Demo, look: Look) -> None:
    lead, other = visit("okafor"), visit("okafor")
    journey = demo.journeys["LF-0433"]
    lead.go(f"{journey}/decision")
    lead.follow("Try other facts in the what-if lab")
    offers = lead.page.get_by_role("group", name="Interviews offered")
    offers.get_by_label("Variant A").fill("1")
    lead.send("Add a variant")
    offers.get_by_label("Variant B").fill("a few")
    lead.send("Compare")
    expect(lead.faults).to_contain_text("a whole number")
    offers.get_by_label("Variant B").fill("9")
    lead.send("Compare")
    expect(lead.main.locator("article.supposed")).to_have_count(3)
    expect(lead.main.locator("article.supposed").nth(1)).to_contain_text("Pivot now")
    other.go(f"{journey}/what-if")
    look.at((lead, "two variants"), (other, "the lab"))
    lead.page.emulate_media(media="print")
    expect(lead.main.get_by_text("Hypothetical.", exact=True)).to_be_visible()
    lead.page.emulate_media(media="screen")

    lead.page.get_by_label("Name of the scenario").fill("One offer")
    lead.send("File variant A")
    expect(lead.notices.last).to_have_text("“One offer” is filed as a scenario.")
    with lead.page.expect_navigation():
        lead.main.get_by_role("listitem").get_by_role("link", name="One offer").click()
    lead.reads("Hypothetical.", "Interviews offered: 1", "Pivot now")
    lead.go(f"{journey}/decision")
    expect(lead.heading).not_to_contain_text("Pivot now")


def test_two_offers_show_both_readings_of_the_source(visit: Callable[..., Visitor], demo: Demo, look: Look) -> None:
    lead, other = visit("okafor"), visit("okafor")
    journey = demo.journeys["LF-0470"]
    lead.go(f"{journey}/facts/interviews_offered")
    lead.fill("Correct it", {"Interviews offered": "2", **REASON})
    lead.send("Correct it")
    lead.go(f"{journey}/decision")
    readings = lead.page.locator("#readings")
    expect(readings).to_contain_text("At least a handful (in force)")
    expect(readings).to_contain_text("Any interview offer, word for word")
    other.go(f"{journey}/decision?at=2026-05-01")
    look.at((lead, "both readings"), (other, "one reading"))
