"""As of: pages of an earlier moment look like those of today, say which moment it is, and nothing is written there."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.advising import assessments
from core.advising.assessments import RecordFact
from tests.integration.forms import forms_of
from tests.integration.journey.conftest import Student, open_student, text_of
from tests.integration.pages import links, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.integration.conftest import TickingClock
    from web.house import House

    Clients = Callable[[str | None], FlaskClient]

BANNER = "what the team knew then."
PAGES = ("", "/decision", "/inventory", "/opinions", "/ladders")


@pytest.fixture
def lived(priya: Student, clock: TickingClock) -> Student:
    """Told to pivot on June 16; two weeks later Dr. Ibis withdraws nothing, but a second director will champion."""
    priya.everything(grade=1)
    clock.move(days=14)
    priya.opinion("Dr. Heron", 4, dated=date(2026, 6, 29))
    clock.move(days=1)
    return priya


def writing(html: str) -> list[str]:
    """Where the forms of a page go that write."""
    return [action for action, hidden in forms_of(html) if "command_id" in hidden]


def test_every_page_of_a_journey_says_the_moment_and_offers_nothing_to_write(
    lived: Student, client_of: Clients
) -> None:
    client = client_of("lead")
    for path in PAGES:
        page = client.get(f"{lived.url}{path}?at=2026-06-20")
        assert page.status_code == 200
        assert f"As of Saturday, June 20, 2026: {BANNER}" in text_of(page.text), path
        assert writing(page.text) == [], path
        assert 'id="live"' not in page.text


def test_what_the_rules_said_then_stands_there_and_what_they_say_today_does_not(
    lived: Student, client_of: Clients
) -> None:
    client = client_of("advisor")
    then = words(client.get(f"{lived.url}/decision?at=2026-06-20").text)
    today = words(client.get(f"{lived.url}/decision").text)
    assert "Pivot now is what the rules say" in then
    assert "Dr. Heron" not in then
    assert "Reapply is what the rules say" in today
    assert BANNER not in today


def test_the_links_of_a_page_of_the_past_stay_there_and_one_leads_back(lived: Student, client_of: Clients) -> None:
    page = client_of("advisor").get(f"{lived.url}?at=2026-06-20").text
    found = links(page)
    assert found["Path, rules and what would flip it"] == f"{lived.url}/decision?at=2026-06-20"
    assert found["Cohort 2026"] == "/cohorts/2026?at=2026-06-20"
    assert found["Back to today"] == lived.url
    assert found["Cohort"] == "/cohorts/2026"  # the navigation is of today


def test_a_position_and_a_step_of_the_slider_lead_to_the_same_page_as_often_as_one_asks(
    lived: Student, client_of: Clients
) -> None:
    client = client_of("advisor")
    entries = lived.sheet()
    position = entries.position
    by_position = client.get(f"{lived.url}/decision?position={position}").text
    again = client.get(f"{lived.url}/decision?position={position}").text
    by_event = client.get(f"{lived.url}/decision?event={entries.version}").text
    assert words(by_position) == words(again) == words(by_event)
    assert f"Event {entries.version} of {entries.version}" in words(by_position)


def test_a_late_entry_is_visible_as_late_and_as_not_known_then(
    lived: Student, client_of: Clients, school: House
) -> None:
    visa = RecordFact(**lived.told(), name="visa", value="j1", source="letter", happened_on=date(2026, 6, 1))
    assessments.record_fact(school.desk, lived.lead(), visa)
    lived.follow()
    client = client_of("advisor")
    then = words(client.get(f"{lived.url}?at=2026-06-20").text)
    assert "Had happened, and was not recorded yet:" in then
    assert re.search(r"Visa.*happened on Monday, June 1 ; recorded Wednesday, July 1", then.replace(";", " ;"))
    assert "recorded late; happened Monday, June 1" in words(client.get(lived.url).text)


def test_the_playbook_and_the_ladders_are_those_that_were_in_force(
    priya: Student, client_of: Clients, clock: TickingClock, request: pytest.FixtureRequest
) -> None:
    clock.move(days=2)
    request.getfixturevalue("packed")
    client = client_of("advisor")
    assert "Playbook in force: test" in words(client.get(f"{priya.url}/ladders?at=2026-06-17").text)
    assert "No ladder is known" in words(client.get(f"{priya.url}/ladders?at=2026-06-17").text)
    assert "Playbook in force: 2026" in words(client.get(f"{priya.url}/ladders?at=2026-06-18").text)


def test_the_board_of_a_day_shows_the_students_as_they_stood_with_its_filters(
    lived: Student, client_of: Clients, clock: TickingClock, school: House
) -> None:
    clock.move(days=1)
    open_student(school, "dermatology", name="Nils Wren", student_ref="LF-2")
    client = client_of("lead")
    then = client.get("/cohorts/2026?at=2026-06-20&recommendation=PIVOT_NOW").text
    today = client.get("/cohorts/2026").text
    assert f"As of Saturday, June 20, 2026: {BANNER}" in words(then)
    assert "Priya Heron" in words(then)
    assert "Nils Wren" not in words(client.get("/cohorts/2026?at=2026-06-20").text)
    assert "Nils Wren" in words(today)
    assert links(then)["Priya Heron"] == f"{lived.url}?at=2026-06-20"
    assert links(then)["Back to today"] == "/cohorts/2026?recommendation=PIVOT_NOW"
    assert links(today)["Priya Heron"] == lived.url  # nothing of the past is kept for today
    assert not {"Export CSV", "Hand over", "Open a journey"} & links(then).keys()
    assert writing(then) == []
    assert writing(client.get("/cohorts/2026?recommendation=REAPPLY").text) != []


def test_a_board_before_anybody_was_there_says_so(lived: Student, client_of: Clients) -> None:
    del lived
    page = client_of("lead").get("/cohorts/2026?position=8")
    assert "At that moment nobody of this cohort was recorded." in words(page.text)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("at=2026-13-01", "a date such as 2026-05-01"),
        ("at=2031-01-01", "a day up to today"),
        ("position=0", "a whole number from 1"),
        ("position=999999", "a whole number from 1"),
        ("event=x", "the number of an event of this journey"),
        ("at=1999-01-01", "after the records of this institution were begun"),
    ],
)
def test_a_moment_that_is_none_is_refused_in_a_sentence(
    lived: Student, client_of: Clients, asked: str, sentence: str
) -> None:
    page = client_of("advisor").get(f"{lived.url}?{asked}")
    assert page.status_code == 422
    assert sentence in words(page.text)


def test_a_journey_that_was_not_open_yet_says_when_it_begins(
    school: House, client_of: Clients, clock: TickingClock
) -> None:
    clock.move(days=3)
    late = open_student(school)
    page = client_of("advisor").get(f"{late.url}?at=2026-06-17")
    assert page.status_code == 404
    assert "it begins on Friday, June 19" in words(page.text)


def test_who_may_not_read_a_journey_today_reads_no_day_of_it(lived: Student, client_of: Clients) -> None:
    for role in ("steward", "nobody"):
        assert client_of(role).get(f"{lived.url}?at=2026-06-20").status_code in (403, 404)
        assert client_of(role).get("/cohorts/2026?at=2026-06-20").status_code in (403, 404)
