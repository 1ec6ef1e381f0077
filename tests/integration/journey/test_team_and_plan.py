"""Contacts, notes, advisor, details, placements and milestones in the browser; and who may use the forms."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from flask import url_for

from tests.integration.conftest import id_of, send
from tests.integration.journey.conftest import Student, open_student, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.integration.conftest import TickingClock
    from web.house import House

    Clients = Callable[[str | None], FlaskClient]


def test_a_contact_is_logged_with_its_day_and_a_day_to_come_is_refused(priya: Student, client_of: Clients) -> None:
    client, url = client_of("advisor"), f"{priya.url}/contacts/new"
    future = send(client, url, channel="call", happened_on="2026-06-17", summary="Spoke")
    assert future.status_code == 422
    assert "2026-06-16 or earlier" in future.text
    assert send(client, url, channel="call", happened_on="2026-06-15", summary="Spoke").status_code == 303
    assert priya.sheet().last_contact_on == date(2026, 6, 15)
    assert "last contact yesterday" in text_of(client.get(priya.url).text)


@pytest.mark.parametrize("visibility", ["team", "shared"])
def test_a_note_says_who_reads_it(priya: Student, client_of: Clients, visibility: str) -> None:
    client = client_of("advisor")
    assert send(client, f"{priya.url}/notes/new", body="Sleeps better.", visibility=visibility).status_code == 303
    assert priya.sheet().notes[0].visibility == visibility
    assert "Sleeps better." in client.get(priya.url).text


def test_only_a_lead_assigns_and_only_somebody_of_the_cohort(school: House, client_of: Clients) -> None:
    student = open_student(school, advisor=None)
    url = f"{student.url}/advisor"
    assert client_of("advisor").get(url).status_code == 403
    lead = client_of("lead")
    assert "Ada Steward" not in text_of(lead.get(url).text)
    assert send(lead, url, advisor=id_of(school, "steward")).status_code == 422
    assert send(lead, url, advisor=id_of(school, "colleague")).status_code == 303
    assert student.sheet().advisor_name == "Cora Colleague"


def test_details_are_corrected_with_a_reason_and_only_what_changed_is_sent(priya: Student, client_of: Clients) -> None:
    client, url = client_of("advisor"), f"{priya.url}/details"
    held = {
        "name": "Priya Heron",
        "match_status": "unmatched",
        "match_day": "2026-03-20",
        "learned_on": "2026-03-16",
        "specialty": "orthopaedic-surgery",
        "reason": "roster slip",
    }
    assert "change at least one detail" in send(client, url, **held).text
    wrong = send(client, url, **(held | {"match_day": "2025-03-20"}))
    assert "a date in the cycle 2026" in wrong.text
    changed = held | {"specialty": "neurosurgery", "email": "priya@school.example"}
    assert send(client, url, **changed).status_code == 303
    sheet = priya.sheet()
    assert (sheet.specialty_name, sheet.email, sheet.name) == ("Neurosurgery", "priya@school.example", "Priya Heron")


def test_an_income_belongs_to_a_practice_only(priya: Student, client_of: Clients) -> None:
    client, url = client_of("advisor"), f"{priya.url}/placements/new"
    place = {
        "kind": "preliminary_surgery",
        "specialty": "anesthesiology",
        "place": "Prairie",
        "starts_on": "2026-07-01",
    }
    refused = send(client, url, **place, income_usd="70000")
    assert refused.status_code == 422
    assert "for a practice only" in refused.text
    assert send(client, url, **place).status_code == 303
    practice = place | {"kind": "practice", "place": "A group", "income_usd": "650000"}
    assert send(client, url, **practice).status_code == 303
    page = text_of(client.get(priya.url).text)
    assert "$650,000 a year" in page
    assert "Practice: A group" in page


def test_a_milestone_of_the_playbook_keeps_its_window_and_an_own_one_needs_a_day(
    priya: Student, client_of: Clients
) -> None:
    client, url = client_of("advisor"), f"{priya.url}/milestones/new"
    assert "needs a last day" in send(client, url, title="Call the lab").text
    assert "Either choose one" in send(client, url).text
    assert send(client, url, code="PLAN.6p.network").status_code == 303
    assert send(client, url, title="Call the lab", due_on="2026-07-03").status_code == 303
    plan = {one.title: one for one in priya.sheet().milestones}
    assert plan["Read and meet people in the new field"].due_on == date(2026, 9, 20)
    assert plan["Call the lab"].source == "agreed with the student"
    assert "by Friday, July 3, in 17 days" in text_of(client.get(priya.url).text)


def test_a_milestone_is_moved_reached_given_up_or_missed_with_its_words(
    priya: Student, client_of: Clients, clock: TickingClock
) -> None:
    client = client_of("advisor")
    url = f"{priya.url}/milestones/PLAN.3.decide"
    early = send(client, url, happened="miss")
    assert "Its last day is not over yet" in early.text
    assert "Choose the new day" in send(client, url, happened="reschedule", words="Exams").text
    assert "Write at least one sentence" in send(client, url, happened="waive").text
    assert send(client, url, happened="reschedule", due_on="2026-06-17", words="Exams").status_code == 303
    clock.move(days=3)
    assert "was due Wednesday, June 17" in text_of(client_of("advisor").get(priya.url).text)
    assert send(client, url, happened="miss").status_code == 303
    assert send(client, url, happened="complete", words="Decided on the phone.").status_code == 303
    held = next(one for one in priya.sheet().milestones if one.code == "PLAN.3.decide")
    assert (held.status, held.note) == ("completed", "Decided on the phone.")
    assert "nothing more can be recorded on it" in client.get(url).text
    assert send(client, f"{priya.url}/milestones/WEEK1.tell", happened="waive", words="Told.").status_code == 303
    assert client.get(f"{priya.url}/milestones/none").status_code == 404


def test_people_who_only_read_are_refused_every_form(priya: Student, app: Flask, client_of: Clients) -> None:
    priya.everything()
    client = client_of("colleague")
    token = {"group": "scores", "name": "step2", "opinion_id": "opinion-ibis", "milestone_id": "PLAN.3.decide"}
    token["letter"] = "a"
    tries = {"journey.what_if"}  # the lab works on a copy and writes nothing: who may read may try
    writing = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("journey.") and "POST" in rule.methods and rule.endpoint not in tries
    ]
    assert len(writing) > 20
    app.config["WTF_CSRF_ENABLED"] = False  # so that only the permission can refuse
    for rule in writing:
        values = {"journey_id": priya.journey_id, "decision_id": "d", **token}
        with app.test_request_context():
            url = url_for(rule.endpoint, **{key: value for key, value in values.items() if key in rule.arguments})
        assert client.post(url, data={"command_id": "c"}).status_code == 403, url
        if "GET" in rule.methods and rule.endpoint != "journey.ladders":
            assert client.get(url).status_code == 403, url


def test_a_milestone_gets_no_new_day_that_is_over(priya: Student, client_of: Clients) -> None:
    client, url = client_of("advisor"), f"{priya.url}/milestones/PLAN.3.decide"
    for day, status in (("2020-01-01", 422), ("2026-06-15", 422), ("2026-06-16", 303)):
        answer = send(client, url, happened="reschedule", due_on=day, words="Away")
        assert answer.status_code == status, day
        assert ("2026-06-16 or later" in text_of(answer.text)) is (status == 422)
