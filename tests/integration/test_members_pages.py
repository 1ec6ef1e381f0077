"""The steward's pages: members, roles, links, settings, the playbook in force."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from core.people.member import Member, member_id
from tests.integration.conftest import PASSWORD, id_of, send
from tests.integration.forms import hidden_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from web.house import House


@pytest.fixture
def ada(client_of: Callable[[str], FlaskClient]) -> FlaskClient:
    return client_of("steward")


def member(school: House, role: str) -> Member:
    return school.desk.journal.get(Member, UUID(id_of(school, role)))


def test_the_list_shows_who_works_here_in_which_role(ada: FlaskClient) -> None:
    text = ada.get("/members").text
    for words in ("Ada Steward", "Lena Lead", "Lead of 2026", "abel@school.example", "no role yet", "no password yet"):
        assert words in text


def test_a_new_member_gets_a_link_shown_once_that_sets_their_password_once(
    ada: FlaskClient, app: Flask, school: House
) -> None:
    answer = send(ada, "/members/new", name="Eve Example", email="eve@school.example", team="North")
    assert answer.status_code == 303
    shown = ada.get(answer.headers["Location"]).text
    [link] = re.findall(r"http://localhost(/welcome/[\w-]+)", shown)
    assert "/welcome/" not in ada.get(answer.headers["Location"]).text, "shown this once"

    browser = app.test_client()
    for _ in range(2):
        assert browser.get(link).status_code == 200, "looking does not use it up"
    fields = {"password": "eve has a long one", "password_again": "eve has a long one"}
    assert send(browser, link, **fields).status_code == 303
    assert browser.get(link).status_code == 404, "used up"
    signed_in = send(browser, "/sign-in", email="eve@school.example", password="eve has a long one")
    assert signed_in.status_code == 303
    eve = school.desk.principal(str(member_id(school.desk.journal.keys, "eve@school.example")))
    assert (eve.name, eve.team) == ("Eve Example", "North")


def test_a_link_ends_after_three_days_and_with_the_next_one(school: House, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = school.access.credentials
    moment = [school.access.now()]
    monkeypatch.setattr(credentials, "_now", lambda: moment[0])
    first, second = credentials.invite("m"), credentials.invite("m")
    assert credentials.invited(second) == "m"
    with pytest.raises(Exception, match="used already"):
        credentials.invited(first)
    moment[0] += 72 * 3600 + 1
    with pytest.raises(Exception, match="older than three days"):
        credentials.invited(second)


def test_an_address_is_a_member_only_once(ada: FlaskClient, school: House) -> None:
    head = school.desk.journal.head()
    answer = send(ada, "/members/new", name="Another Abel", email="ABEL@school.example")
    assert answer.status_code == 422
    assert "is a member already" in answer.text
    assert 'value="Another Abel"' in answer.text
    assert school.desk.journal.head() == head


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "This is needed: text of 1 to 200 characters."),
        ({"name": "x" * 201}, "This has 201 characters: at most 200 are allowed."),
        ({"email": "eve"}, "“eve” is not allowed: an address such as name@school.example."),
        ({"email": ""}, "This is needed: an address such as name@school.example."),
        ({"nickname": "E"}, "nickname: this form has no such field."),
    ],
)
def test_a_member_that_cannot_be_added_says_why_at_the_field(
    ada: FlaskClient, school: House, fields: dict[str, str], sentence: str
) -> None:
    head = school.desk.journal.head()
    answer = send(ada, "/members/new", **({"name": "Eve", "email": "eve@school.example"} | fields))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert school.desk.journal.head() == head


def test_a_double_click_adds_one_member(ada: FlaskClient, school: House) -> None:
    hidden = hidden_of(ada.get("/members/new").text, "/members/new")
    data = hidden | {"name": "Eve Example", "email": "eve@school.example"}
    first = ada.post("/members/new", data=data)
    head = school.desk.journal.head()
    second = ada.post("/members/new", data=data)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert school.desk.journal.head() == head
    assert "This was saved already" in ada.get(second.headers["Location"]).text


def test_a_role_is_granted_for_a_cohort_and_taken_away(ada: FlaskClient, school: House) -> None:
    sheet = f"/members/{id_of(school, 'nobody')}"
    assert send(ada, f"{sheet}/roles", page=sheet, role="advisor", cohort="2027").status_code == 303
    assert member(school, "nobody").grants == {("advisor", "2027")}
    assert "Advisor of 2027" in ada.get(sheet).text
    assert send(ada, f"{sheet}/roles/revoke", page=sheet, role="advisor", cohort="2027").status_code == 303
    assert member(school, "nobody").grants == set()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"role": "lead", "cohort": ""}, "a cycle such as 2026 for every other role"),
        ({"role": "steward", "cohort": "2026"}, "none for a steward"),
        ({"role": "king", "cohort": "2026"}, "“king” is not allowed: one of Steward, Lead, Advisor, Auditor."),
        ({"role": "lead", "cohort": "soon"}, "“soon” is not allowed: a whole number from 2000 to 2100."),
        ({"role": "lead", "cohort": "1999"}, "1999 is too low: a whole number from 2000 to 2100."),
    ],
)
def test_a_role_that_cannot_be_granted_says_why(
    ada: FlaskClient, school: House, fields: dict[str, str], sentence: str
) -> None:
    sheet = f"/members/{id_of(school, 'nobody')}"
    answer = send(ada, f"{sheet}/roles", page=sheet, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert member(school, "nobody").grants == set()


def test_the_last_steward_cannot_take_the_role_from_themselves(ada: FlaskClient, school: House) -> None:
    sheet = f"/members/{id_of(school, 'steward')}"
    answer = send(ada, f"{sheet}/roles/revoke", page=sheet, role="steward")
    assert answer.status_code == 409
    assert "another steward can" in answer.text
    assert ("steward", None) in member(school, "steward").grants


def test_somebody_moves_to_another_team_and_to_none(ada: FlaskClient, school: House) -> None:
    sheet = f"/members/{id_of(school, 'advisor')}"
    assert send(ada, f"{sheet}/team", page=sheet, team="South").status_code == 303
    assert member(school, "advisor").team == "South"
    assert send(ada, f"{sheet}/team", page=sheet, team="").status_code == 303
    assert member(school, "advisor").team is None


def test_somebody_who_leaves_can_no_longer_sign_in(ada: FlaskClient, app: Flask, school: House) -> None:
    sheet = f"/members/{id_of(school, 'advisor')}"
    assert send(ada, f"{sheet}/deactivate", page=sheet).status_code == 303
    assert "Deactivated" in ada.get(sheet).text
    assert not member(school, "advisor").active
    answer = send(app.test_client(), "/sign-in", email="abel@school.example", password=PASSWORD)
    assert answer.status_code == 422


def test_a_deactivation_is_confirmed_and_a_steward_can_take_somebody_back(ada: FlaskClient, school: House) -> None:
    sheet = f"/members/{id_of(school, 'advisor')}"
    shown = ada.get(sheet).text
    assert "<details><summary>Deactivate Abel Advisor</summary>" in shown
    assert '<option value="" selected>Choose' in shown, "no role is chosen before somebody chooses"
    send(ada, f"{sheet}/deactivate", page=sheet)
    assert send(ada, f"{sheet}/reactivate", page=sheet).status_code == 303
    assert "Deactivated" not in ada.get(sheet).text
    assert (member(school, "advisor").active, member(school, "advisor").grants) == (True, set())


def test_an_unknown_member_is_not_found(ada: FlaskClient) -> None:
    assert ada.get(f"/members/{UUID(int=5)}").status_code == 404


def test_settings_are_changed_together_and_only_where_they_differ(ada: FlaskClient, school: House) -> None:
    head = school.desk.journal.head()
    same = {"name": "Larkfield School of Medicine", "time_zone": "America/Chicago"}
    assert send(ada, "/institution", **same, support_contact="Dean's office, 555 0100").status_code == 303
    assert school.desk.institution().settings["support_contact"] == "Dean's office, 555 0100"
    assert school.desk.journal.head() == head + 1
    assert "Dean&#39;s office" in ada.get("/institution").text


def test_a_time_zone_that_does_not_exist_changes_no_setting(ada: FlaskClient, school: House) -> None:
    head = school.desk.journal.head()
    answer = send(ada, "/institution", name="Other", time_zone="Chicago", support_contact="x")
    assert answer.status_code == 422
    assert "“Chicago” is not allowed: a name of the time zone database, such as America/Chicago." in answer.text
    assert 'value="Other"' in answer.text
    assert school.desk.journal.head() == head
