"""One student who is in no roster: a lead opens the journey by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import send
from tests.integration.forms import hidden_of
from tests.integration.pages import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.integration.board.conftest import Team

OPEN = "/cohorts/2026/open"
NEW = {
    "student_ref": "N-1",
    "name": "Nia Wren",
    "email": "nia@school.example",
    "match_system": "nrmp",
    "match_status": "pgy1_only",
    "match_day": "2026-03-20",
    "learned_on": "2026-03-16",
    "specialty": "dermatology",
}


def test_a_journey_that_was_opened_by_hand_stands_on_the_board(lena: FlaskClient) -> None:
    answer = send(lena, OPEN, **NEW)
    assert answer.status_code == 303
    assert "/journeys/" in answer.headers["Location"]
    said = words(lena.get("/cohorts/2026").text)
    assert "The journey of Nia Wren is open." in said
    assert "Nia Wren N-1" in said
    assert "Dermatology" in said


def test_sending_the_form_twice_opens_one_journey(lena: FlaskClient) -> None:
    fields = hidden_of(lena.get(OPEN).text, OPEN) | NEW
    first, second = lena.post(OPEN, data=fields), lena.post(OPEN, data=fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]


@pytest.mark.usefixtures("cohort")
def test_a_journey_that_is_open_already_is_named_and_a_click_away(lena: FlaskClient, team: Team) -> None:
    answer = send(lena, OPEN, **NEW | {"student_ref": "S-1"})
    assert answer.status_code == 422
    assert "This student's journey of NRMP 2026 is open already." in words(answer.text)
    assert f'<a href="/journeys/{team.of("S-1")}">go to this student' in answer.text
    assert 'value="Nia Wren"' in answer.text, "what was typed is kept"


def test_the_same_student_may_have_a_journey_for_each_match_system(lena: FlaskClient) -> None:
    assert send(lena, OPEN, **NEW).status_code == 303
    other = NEW | {"match_system": "aua", "match_day": "2026-02-02", "specialty": "urology"}
    assert send(lena, OPEN, **other).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "This is needed: text of 1 to 200 characters."),
        ("match_day", "2025-03-21", "“2025-03-21” is not allowed: a date in the cycle 2026."),
        ("match_day", "20 March", "“20 March” is not allowed: a date such as 2026-06-16."),
        ("specialty", "alchemy", "“alchemy” is not allowed: one of "),
    ],
)
def test_an_answer_that_cannot_be_used_gets_one_sentence_and_the_rest_is_kept(
    lena: FlaskClient, field: str, value: str, sentence: str
) -> None:
    answer = send(lena, OPEN, **NEW | {field: value})
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert 'value="N-1"' in answer.text
    assert "Nia" not in words(lena.get("/cohorts/2026").text)


@pytest.mark.parametrize("role", ["advisor", "steward"])
def test_only_a_lead_opens_a_journey(client_of: Callable[[str], FlaskClient], role: str) -> None:
    assert client_of(role).get(OPEN).status_code == 403
