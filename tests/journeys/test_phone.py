"""The board and a journey on a phone, by touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.journeys.browsing import Visitor

TARGET_PX = 24  # WCAG 2.2, 2.5.8: the least size of what is touched


@pytest.fixture
def phone(visit: Callable[..., Visitor]) -> Visitor:
    return visit("chen", phone=True)


def tap(visitor: Visitor, what: Locator) -> None:
    with visitor.page.expect_navigation():
        what.tap()


def test_an_advisor_finds_a_student_on_the_phone_and_logs_a_call(phone: Visitor) -> None:
    # the board is read as cards: no head, a label before each value
    phone.go("/cohorts/2026")
    tap(phone, phone.link("My journeys"))
    expect(phone.heading).to_have_text("My journeys, cohort 2026")
    expect(phone.page.locator(".board thead")).not_to_be_in_viewport()
    contact = phone.page.locator("td[data-l=Contact]").first
    assert "Contact" in contact.evaluate("cell => getComputedStyle(cell, '::before').content")

    # an order, which a phone has in the form alone
    phone.fill("Show", {"Name or reference": "bram", "Order": "Last contact, longest ago first"})
    tap(phone, phone.page.get_by_role("button", name="Show"))
    student = phone.page.get_by_role("link", name="Nora Brambling")
    box = student.bounding_box()
    assert box is not None
    assert box["height"] >= TARGET_PX
    tap(phone, student)
    expect(phone.heading).to_have_text("Nora Brambling")

    # the timeline picture gives way to the list of what happened
    expect(phone.page.locator("article.w")).to_be_hidden()
    expect(phone.page.locator("#happened").get_by_role("listitem").first).to_be_visible()

    tap(phone, phone.link("Log a contact"))
    phone.page.get_by_label("Call", exact=True).tap()
    phone.page.get_by_label("What was said").fill("She is on the train; we speak tonight")
    tap(phone, phone.page.get_by_role("button", name="Log the contact"))
    expect(phone.notices.last).to_have_text("Contact logged.")
    expect(phone.page.locator("#contacts")).to_contain_text("She is on the train; we speak tonight")


def test_the_tree_and_the_ladders_are_drawn_for_a_narrow_page(phone: Visitor) -> None:
    phone.go("/cohorts/2026?q=LF-0433")
    tap(phone, phone.page.get_by_role("link", name="Nora Brambling"))
    tap(phone, phone.link("Path, rules and what would flip it"))
    for picture in phone.page.get_by_role("img").all():
        box = picture.bounding_box()
        if box is not None:  # the wide twin is not drawn
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360
    expect(phone.page.get_by_role("img", name="The path through the tree")).to_be_visible()
    phone.page.go_back()
    tap(phone, phone.link("Compare the ladders"))
    expect(phone.page.get_by_role("img").first).to_be_visible()
