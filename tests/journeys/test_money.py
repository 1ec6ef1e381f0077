"""A person with a browser on the money pages: pictures follow a slider, a button does it without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.test_accessibility import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor
    from tests.journeys.conftest import Demo

STUDENT = "LF-0433"


def fill_offers(visitor: Visitor) -> None:
    visitor.page.select_option("#o-field", "pain-medicine")
    given = {"name": "Lakeside Group", "base_usd": "350000", "units": "7000", "threshold_units": "5000"}
    given |= {"usd_per_unit": "60", "noncompete_miles": "25", "noncompete_months": "18"}
    for name, value in given.items():
        visitor.page.fill(f"#o-offer1_{name}", value)


def test_pictures_and_numbers_follow_a_slider_and_the_form_keeps_what_was_typed(
    visit: Callable[..., Visitor], demo: Demo
) -> None:
    chen = visit("chen")
    chen.go(f"{demo.journeys[STUDENT]}/money")
    chen.page.evaluate("window.same = true")
    chen.page.locator("#m-name").fill("Not saved yet")
    chen.page.locator("#m-balance").fill("200000")
    expect(chen.page.locator("output[for=m-balance]")).to_have_text("$200,000")
    chen.reads("Asked, not guessed. The comparison waits for this", "the yearly rate of your loan papers")
    expect(chen.page.locator("#answer .fans")).to_have_count(0)
    chen.page.locator("#m-rate").fill("7.94")
    fans = chen.page.locator("#answer .fans svg")
    expect(fans).not_to_have_count(0)
    before = chen.page.locator("#answer").inner_html()
    chen.page.locator("#m-a_procedures").fill("30")
    expect(chen.page.locator("output[for=m-a_procedures]")).to_have_text("30 %")
    chen.page.wait_for_function("before => document.getElementById('answer').innerHTML !== before", arg=before)
    assert chen.page.evaluate("window.same"), "the page was loaded again"
    expect(chen.page.locator("#m-name")).to_have_value("Not saved yet")


def test_why_opens_what_a_figure_stands_on(visit: Callable[..., Visitor], demo: Demo) -> None:
    chen = visit("chen")
    chen.go(f"{demo.journeys[STUDENT]}/money")
    why = chen.page.locator("#why-b")
    expect(why).to_be_hidden()
    chen.page.locator("a[href='#why-b']").click()
    expect(why).to_be_visible()
    expect(why).to_contain_text("USD a year")


def test_without_script_a_button_does_it(visit: Callable[..., Visitor], demo: Demo) -> None:
    chen = visit("chen", java_script_enabled=False)
    chen.go(f"{demo.journeys[STUDENT]}/money")
    chen.page.locator("#m-balance").fill("200000")
    chen.page.locator("#m-rate").fill("7.94")
    chen.send("Recalculate")
    expect(chen.page.locator("#m-rate")).to_have_value("7.94")
    expect(chen.page.locator("output[for=m-balance]")).to_have_text("$200,000")
    expect(chen.page.locator("#answer .fans svg")).not_to_have_count(0)


@pytest.mark.parametrize("phone", [False, True])
def test_what_is_saved_can_be_read_by_everybody_and_opens_as_it_was(
    visit: Callable[..., Visitor], demo: Demo, *, phone: bool
) -> None:
    okafor, look = visit("okafor", phone=phone), Look()
    okafor.go(f"{demo.journeys[STUDENT]}/money")
    look.at((okafor, "paths compared"))
    okafor.page.locator("#m-name").fill("Paths of June")
    okafor.send("Save on the journey")
    okafor.reads("Computed again just now: every number agrees within $1", "This is not financial advice")
    look.at((okafor, "a saved comparison"))
    okafor.go(f"{demo.journeys[STUDENT]}/offers")
    fill_offers(okafor)
    okafor.send("Compare the offers")
    okafor.reads("within 25 miles of each place of work (1,963 square miles around one), for 18 months")
    okafor.send("Save on the journey")
    look.at((okafor, "saved offers"))
    okafor.go(f"{demo.journeys[STUDENT]}/value")
    okafor.fill("Record the quarter", {"Quarter": "2026-Q1", "Work RVUs": "2000", "Source": "report"})
    okafor.send("Record the quarter")
    okafor.reads("114% of the 1,750 that the offer counts on")
    look.at((okafor, "the value tracker"))
    assert look.wrong == []
