"""The cohort board: counts, filters, order, pages, the file."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import roster

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor

BOARD = "/cohorts/2026"
PAGE = 50


@pytest.fixture
def lead(visit: Callable[..., Visitor]) -> Visitor:
    visitor = visit("okafor")
    visitor.go(BOARD)
    return visitor


def students(visitor: Visitor) -> list[str]:
    """The references of the students on the page, in order."""
    return visitor.page.locator(".board tbody th .muted").all_inner_texts()


def address(visitor: Visitor) -> dict[str, str]:
    """What the address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(visitor.page.url).query).items()}


def numbers(visitor: Visitor) -> list[tuple[int, str]]:
    """Every number on top of the board that is a link, with where it leads."""
    links = visitor.page.get_by_role("list", name="Students by what they need").get_by_role("link").all()
    return [(int(link.locator("b").inner_text()), link.get_attribute("href") or "") for link in links]


@pytest.mark.parametrize("given", ["", "?recommendation=PIVOT_NOW", "?advisor=me&gate=path_open"])
def test_every_number_leads_to_exactly_as_many_people(lead: Visitor, given: str) -> None:
    lead.go(BOARD + given)
    found = numbers(lead)
    assert len(found) == 6
    for number, href in found:
        lead.go(href)
        assert len(students(lead)) == number, href


def test_the_numbers_of_the_demonstration_are_not_all_zero(lead: Visitor) -> None:
    # or the test before would say nothing
    assert all(number > 0 for number, _ in numbers(lead))


def test_filters_combine_and_live_in_the_address(lead: Visitor, visit: Callable[..., Visitor]) -> None:
    everybody = students(lead)
    lead.fill("Show", {"Advisor": "Mei Chen", "Recommendation": "Pivot now"})
    lead.send("Show")
    rows = lead.page.locator(".board tbody tr")
    expect(rows).not_to_have_count(0)
    for row in rows.all():
        expect(row).to_contain_text("Mei Chen")
        expect(row).to_contain_text("Pivot now")
    both = students(lead)
    assert len(both) < len(everybody)
    lead.reads(f"{len(both)} of {len(everybody)} students", "Advisor: Mei Chen", "Recommendation: Pivot now")

    # the address can be kept, and given to a colleague
    colleague = visit("chen")
    colleague.page.goto(lead.page.url)
    assert students(colleague) == both

    # each filter can be lifted alone
    lead.follow("clear the filter Advisor: Mei Chen")
    assert "recommendation" in address(lead)
    assert not address(lead).get("advisor")
    assert len(both) < len(students(lead)) < len(everybody)


def test_a_name_or_a_reference_finds_a_student(lead: Visitor) -> None:
    for words, found in (("bramb", "LF-0433"), ("lf-0439", "LF-0439"), ("Łukasz", "LF-0439")):
        lead.fill("Show", {"Name or reference": words})
        lead.send("Show")
        assert students(lead) == [found]


def test_a_column_orders_the_board_and_its_second_click_the_other_way_round(lead: Visitor) -> None:
    header = lead.page.get_by_role("columnheader", name=re.compile("^Champion"))
    grades: list[list[str]] = []
    for order in ("descending", "ascending"):
        lead.follow("Champion")
        expect(header).to_have_attribute("aria-sort", order)
        grades.append(lead.page.locator("td[data-l=Champion]").all_inner_texts())
    known = [[cell for cell in cells if "of 5" in cell] for cells in grades]
    assert known[0] == sorted(known[0], reverse=True)
    assert known[1] == sorted(known[1])
    assert len(set(known[0])) > 1


def test_the_form_offers_every_order_and_keeps_it_with_the_filters(lead: Visitor) -> None:
    lead.fill("Show", {"Order": "Reference", "Gates": "Path gate open"})
    lead.send("Show")
    assert address(lead)["sort"] == "reference"
    assert students(lead) == sorted(students(lead))
    lead.follow("clear the filter Gates: Path gate open")
    assert address(lead)["sort"] == "reference"


def test_nobody_fits_says_how_many_there_are_without_each_filter(lead: Visitor) -> None:
    lead.go(BOARD + "?profile=undermatched&recommendation=REAPPLY")
    expect(lead.page.get_by_role("heading", name="Nobody fits these 2 filters")).to_be_visible()
    ways = lead.main.locator("a").get_by_text(re.compile("^Without")).all()
    assert len(ways) == 2
    for href, number in [(way.get_attribute("href"), way.inner_text().rpartition(": ")[2]) for way in ways]:
        lead.go(href or "")
        assert len(students(lead)) == int(number) > 0
    lead.page.go_back()
    lead.page.go_back()
    lead.follow("Clear all")
    assert len(students(lead)) > 2


def test_an_order_that_is_not_there_gets_one_sentence(lead: Visitor) -> None:
    lead.expects.add(422)
    lead.go(BOARD + "?sort=luck")
    expect(lead.heading).to_have_text("This needs a change")
    lead.reads("“luck” is not allowed")


def test_the_file_holds_the_same_rows_in_the_same_order(lead: Visitor) -> None:
    lead.go(BOARD + "?recommendation=PIVOT_NOW&sort=-student")
    shown = students(lead)
    with lead.page.expect_download() as download:
        lead.link("Export CSV").click()
    assert download.value.suggested_filename == "cohort-2026-2026-06-16.csv"
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert [row["Reference"] for row in rows] == shown
    assert {row["Recommendation"] for row in rows} == {"pivot now"}


def test_an_advisor_is_not_offered_what_only_a_lead_may_do(visit: Callable[..., Visitor]) -> None:
    advisor = visit("chen")
    advisor.go(BOARD)
    expect(advisor.link("My journeys")).to_be_visible()
    for name in ("Export CSV", "Open a journey"):
        expect(advisor.link(name)).to_have_count(0)
    advisor.expects.add(403)
    advisor.go(BOARD + "/export.csv")
    expect(advisor.heading).to_have_text("This is not yours to do")


def test_my_journeys_are_those_of_the_person_signed_in(visit: Callable[..., Visitor]) -> None:
    advisor = visit("chen")
    advisor.go(BOARD)
    advisor.follow("My journeys")
    expect(advisor.heading).to_have_text("My journeys, cohort 2026")
    assert set(advisor.page.locator("td[data-l=Advisor]").all_inner_texts()) == {"Mei Chen"}
    advisor.follow("Everybody")
    expect(advisor.heading).to_have_text("Cohort 2026")


def test_a_cohort_with_more_students_than_a_page_holds_comes_in_pages(lead: Visitor) -> None:
    already = len(students(lead))
    more = PAGE + 5 - already
    lines = ["student_ref,name,specialty,match_day,learned_on"]
    lines += [f"LF-9{n:03},Extra Student {n:03},derm,2026-03-20,2026-03-16" for n in range(more)]
    lead.go("/import")
    lead.page.get_by_label("Roster file").set_input_files(roster("\n".join(lines), "more.csv"))
    lead.send("Look at the file")
    lead.send(f"Import {more} rows")

    lead.go(BOARD)
    first = students(lead)
    assert len(first) == PAGE
    lead.reads(f"{PAGE} of {PAGE + 5} students")
    lead.follow("Next", exact=True)
    second = students(lead)
    assert len(second) == 5
    assert not set(first) & set(second)
    lead.follow("Previous", exact=True)
    assert students(lead) == first
