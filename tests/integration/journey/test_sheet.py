"""The journey page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.advising import assessments, contacts
from core.advising.assessments import RecordFact
from core.advising.contacts import AddNote
from core.journey.journey import student_subject
from tests.integration.conftest import send
from tests.integration.journey.conftest import ORTHO, Student, open_student, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from web.house import House

    Clients = Callable[[str | None], FlaskClient]

PAGES = ("", "/inventory", "/opinions", "/decision", "/ladders")


def test_a_fresh_journey_says_who_what_is_next_and_what_is_not_there_yet(priya: Student, client_of: Clients) -> None:
    page = text_of(client_of("advisor").get(priya.url).text)
    assert "Priya Heron" in page
    assert "Did not match in orthopedic surgery" in page
    assert "advisor Abel Advisor" in page
    assert "Complete the inventory with Priya" in page
    assert "Two are needed before the path can be decided" in page
    assert "No conversation is recorded yet." in page
    assert "times in America/Chicago" in page


def test_what_happened_tells_who_and_when_with_the_weekday(priya: Student, client_of: Clients) -> None:
    priya.facts(step2=238)
    page = text_of(client_of("advisor").get(priya.url).text)
    assert "Tuesday, June 16, 9:00 AM" in page
    assert "238 · from ERAS export · by Lena Lead" in page


def test_what_happened_comes_in_pages(priya: Student, school: House, client_of: Clients) -> None:
    lead = priya.lead()
    for number in range(30):
        command = RecordFact(**priya.told(), name="applications", value=number, source="the plan")
        assessments.record_fact(school.desk, lead, command)
    priya.follow()
    client = client_of("advisor")
    first, second = client.get(priya.url), client.get(priya.url, query_string={"page": 2})
    assert "page=2#happened" in first.text
    assert "Journey opened" not in text_of(first.text)
    last = client.get(priya.url, query_string={"page": 99})
    assert (second.status_code, last.status_code) == (200, 200)
    assert client.get(priya.url, query_string={"page": "x"}).status_code == 200


def test_the_decision_card_says_in_one_sentence_what_the_rules_say(priya: Student, client_of: Clients) -> None:
    priya.everything(grade=1)
    page = text_of(client_of("advisor").get(priya.url).text)
    assert "No program director in ortho will champion another try: the best grade" in page
    assert "since Tuesday, June 16, 9:00 AM" in page
    assert "Decide the path with Priya by Saturday, June 20, in 4 days" in page


def test_an_advisor_of_another_team_reads_everything_has_no_form_and_learns_who_can_write(
    priya: Student, client_of: Clients
) -> None:
    priya.everything()
    client = client_of("colleague")
    for path in PAGES:
        answer = client.get(priya.url + path)
        assert answer.status_code == 200
        assert "Abel Advisor, their team and every lead of cohort 2026 can write on it." in text_of(answer.text)
        assert "csrf_token" not in answer.text.partition("<main")[2]
        assert "/new" not in answer.text


def test_the_next_thing_offers_its_button_only_to_people_who_may_do_it(school: House, client_of: Clients) -> None:
    student = open_student(school, advisor=None)
    button = f'href="{student.url}/advisor"'
    assert button in client_of("lead").get(student.url).text
    page = client_of("colleague").get(student.url).text
    assert "Next for a lead of the cohort: give Priya an advisor." in page
    assert button not in page


def test_to_somebody_without_the_cohort_a_journey_does_not_exist(priya: Student, client_of: Clients) -> None:
    steward, nobody, advisor = client_of("steward"), client_of(None), client_of("advisor")
    for path in PAGES:
        assert steward.get(priya.url + path).status_code in (403, 404)
        assert nobody.get(priya.url + path).status_code == 302
        assert advisor.get("/journeys/00000000-0000-0000-0000-000000000000" + path).status_code == 404


def test_an_erased_journey_is_a_tombstone(priya: Student, school: House, client_of: Clients) -> None:
    keys = school.desk.journal.keys
    keys.destroy(student_subject(keys, f"LF-{ORTHO}"), school.clock())
    school.runner.catch_up()
    client = client_of("advisor")
    for path in PAGES:
        answer = client.get(priya.url + path)
        assert answer.status_code == 410
        assert "This record was erased" in text_of(answer.text)
        assert "Priya" not in answer.text


def test_hostile_text_is_shown_as_text(school: House, client_of: Clients) -> None:
    evil = '<script>alert("x")</script>'
    student = open_student(school, name=f"Mal {evil} Heron" + " Long" * 30)
    student.facts(no_go_list=evil, honors=evil)
    student.opinion(f"Dr. {evil}", 1, killed=evil, next_cycle=evil)
    note = AddNote(**student.told(), visibility="team", body=evil)
    contacts.add_note(school.desk, student.lead(), note)
    student.follow()
    client = client_of("advisor")
    for path in PAGES:
        page = client.get(student.url + path).text
        assert evil not in page
        assert "alert(" in page or path == "/ladders"


def test_who_may_only_read_is_told_where_it_stands_and_is_given_no_task(priya: Student, client_of: Clients) -> None:
    priya.everything(grade=1)
    send(client_of("advisor"), f"{priya.url}/decision", kind="pivot", specialty="anesthesiology")
    priya.follow()
    assert "The one next thing Say what you think of Priya's decision" in text_of(client_of("lead").get(priya.url).text)
    page = text_of(client_of("auditor").get(priya.url).text)
    assert "The one next thing" not in page
    assert "Where it stands Priya decided: pivot to another specialty" in page
    assert "Next for Abel Advisor: say what you think of Priya's decision." in page
