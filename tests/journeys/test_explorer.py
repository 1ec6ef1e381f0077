"""A person at the ladder explorer: from a journey to two climbs side by side, one of them attached, without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.test_accessibility import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor
    from tests.journeys.conftest import Demo


def test_two_climbs_are_compared_shared_and_one_is_attached_without_script(
    visit: Callable[..., Visitor], demo: Demo
) -> None:
    chen, ruiz, look = visit("chen", java_script_enabled=False), visit("ruiz"), Look()
    chen.go(f"{demo.journeys['LF-0433']}/ladders")
    chen.follow("Filter and compare")
    chen.fill("Show", {"What draws the student?": ["Procedures", "Lifestyle"]})
    chen.send("Show")
    chen.reads("4 of 9 climbs serve procedures and lifestyle")
    for title in ("Anesthesiology → pain medicine", "PM&R → musculoskeletal medicine"):
        chen.page.get_by_label(f"Compare: {title}").check()
    with chen.page.expect_navigation():
        chen.page.get_by_role("button", name="Compare the ticked climbs").last.click()
    chen.reads("Comparing 2 of 9 climbs", "Side by side")

    # whoever opens the address sees the same
    ruiz.go(chen.page.url.removeprefix(chen.server.url))
    expect(ruiz.page.locator(".climbs > li")).to_have_count(2)
    look.at((ruiz, "two climbs compared"))

    with chen.page.expect_navigation():
        chen.page.locator(".climbs > li", has_text="Anesthesiology").get_by_role("button").click()
    chen.reads("Nora chose this ladder.")
    assert look.wrong == []
