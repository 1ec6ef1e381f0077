"""Hand-over in the browser: tick, choose, look once more, confirm; what cannot be handed over is told."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from core.advising import journeys
from core.journey.journey import student_subject
from tests.integration.conftest import id_of
from tests.integration.forms import forms_of, hidden_of
from tests.integration.pages import links, rows_of, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.integration.board.conftest import Team
    from tests.integration.conftest import TickingClock
    from web.house import House

LIST = "/cohorts/2026/hand-over"
DONE = f"{LIST}/done"
NOTE = "Abel is on leave."


def ticks(html: str) -> dict[str, tuple[str, bool]]:
    """The value of each tick by the student's reference, and whether it is set."""
    found = re.findall(r'name="journeys" value="([^"]+)"( checked)?> [^<]+<span class="muted">([^<]+)', html)
    return {ref: (value, bool(checked)) for value, checked, ref in found}


def preview(client: FlaskClient, house: House, refs: list[str], url: str = LIST, **changes: str) -> TestResponse:
    html = client.get(url).text
    fields = {"advisor_id": id_of(house, "colleague"), "note": NOTE} | changes
    return client.post(url, data=post_form(html) | fields | {"journeys": [ticks(html)[ref][0] for ref in refs]})


def post_form(html: str) -> dict[str, str]:
    """The hidden fields of the form that is sent, not of the filter above it."""
    return next(hidden for _, hidden in forms_of(html) if "command_id" in hidden)


def confirm(client: FlaskClient, html: str, url: str = DONE) -> TestResponse:
    journeys_ = re.findall(r'<input type="hidden" name="journeys" value="([^"]+)"', html)
    return client.post(url, data=hidden_of(html, DONE) | {"journeys": journeys_})


@pytest.mark.usefixtures("cohort")
def test_the_list_is_filtered_as_the_board_and_can_be_ticked_at_once(lena: FlaskClient) -> None:
    assert links(lena.get("/cohorts/2026?specialty=urology").text)["Hand over"] == f"{LIST}?specialty=urology"
    narrowed = lena.get(f"{LIST}?advisor=none").text
    assert list(ticks(narrowed)) == ["S-6"]
    everybody = lena.get(LIST).text
    assert [checked for _, checked in ticks(everybody).values()] == [False] * 6
    every = lena.get(links(everybody)["Tick all"]).text
    assert [checked for _, checked in ticks(every).values()] == [True] * 6
    assert links(narrowed)["Tick all"] == f"{LIST}?advisor=none&all=1"


@pytest.mark.usefixtures("cohort")
def test_the_preview_says_from_whom_to_whom_and_writes_nothing(lena: FlaskClient, school: House) -> None:
    head = school.desk.journal.head()
    html = preview(lena, school, ["S-1", "S-2", "S-6"]).text
    said = words(html)
    assert "Hand over 2 journeys to Cora Colleague" in said
    assert "nobody (1), Abel Advisor (1)" in said
    assert "Cora Colleague has already: Ben Lark." in said
    assert NOTE in said
    assert school.desk.journal.head() == head


def test_confirmed_it_is_done_with_a_note_for_the_team_and_the_board_shows_it(
    cohort: Team, lena: FlaskClient, school: House
) -> None:
    page = preview(lena, school, ["S-1", "S-6"]).text
    answer = confirm(lena, page)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/cohorts/2026?advisor={id_of(school, 'colleague')}"
    html = lena.get(answer.headers["Location"]).text
    assert "2 students handed over to Cora Colleague." in words(html)
    assert [row[0].split(" S-")[0] for row in rows_of(html)] == [
        "=cmd|<b>Fay</b>",
        "Ada Heron",
        "Ben Lark",
        "Cem Finch",
        "Eva Teal",
    ]
    sheet = words(lena.get(f"/journeys/{cohort.of('S-1')}").text)
    assert f"Handed over from Abel Advisor to Cora Colleague: {NOTE}" in sheet

    assert "already; nothing was done twice" in words(lena.get(confirm(lena, page).headers["Location"]).text)
    assert words(lena.get(f"/journeys/{cohort.of('S-1')}").text).count(NOTE) == sheet.count(NOTE)


def test_what_changed_meanwhile_stays_is_told_and_can_be_handed_over_all_the_same(
    cohort: Team, lena: FlaskClient, school: House, clock: TickingClock
) -> None:
    page = preview(lena, school, ["S-1", "S-4", "S-6"]).text
    given = journeys.AssignAdvisor(
        command_id=cohort.command(), journey_id=cohort.of("S-1"), advisor_id=id_of(school, "lead")
    )
    cohort.does(journeys.assign_advisor(school.desk, cohort.lead, given))
    keys = school.desk.journal.keys
    keys.destroy(student_subject(keys, "S-4"), clock.now)
    school.runner.catch_up()

    answer = confirm(lena, page)

    assert answer.status_code == 409
    said = words(answer.text)
    assert "1 of 3 handed over to Cora Colleague" in said
    assert "2 students stay where they are." in said
    assert "Ada Heron : given to Lena Lead since you looked" in said
    assert "A record that is not in this cohort any more" in said
    assert "Dee Plover" not in said

    again = confirm(lena, answer.text)
    assert again.status_code == 303
    assert "1 student handed over to Cora Colleague." in words(lena.get(again.headers["Location"]).text)


@pytest.mark.usefixtures("cohort")
def test_a_form_that_lacks_something_comes_back_with_what_was_chosen(lena: FlaskClient, school: House) -> None:
    answer = preview(lena, school, ["S-1"], url=f"{LIST}?specialty=orthopaedic-surgery", note="", advisor_id="")
    assert answer.status_code == 422
    assert "2 answers need a change" in words(answer.text)
    assert ticks(answer.text)["S-1"][1]
    assert list(ticks(answer.text)) == ["S-1"], "the filter stays"
    fields = post_form(lena.get(LIST).text) | {"advisor_id": id_of(school, "colleague"), "note": NOTE}
    nobody = lena.post(LIST, data=fields)
    assert nobody.status_code == 422
    assert "Nobody is ticked: 1 to 200 students" in words(nobody.text)
    strange = lena.post(LIST, data=fields | {"journeys": "everybody"})
    assert strange.status_code == 422
    unknown = lena.post(LIST, data=fields | {"journeys": str(school.desk.journal.keys.institution)})
    assert "None of them is in this cohort any more" in words(unknown.text)


@pytest.mark.usefixtures("cohort")
def test_only_a_lead_hands_over_and_only_a_lead_is_offered_it(
    client_of: Callable[[str], FlaskClient], school: House
) -> None:
    advisor = client_of("advisor")
    assert advisor.get(LIST).status_code == 403
    hidden = hidden_of(advisor.get("/password").text, "/password")
    for url in (LIST, DONE):
        assert advisor.post(url, data=hidden).status_code == 403
    for page in ("/cohorts/2026", "/cohorts/2026/caseload"):
        assert not [label for label in links(advisor.get(page).text) if label.startswith("Hand over")]
    offered = links(client_of("lead").get("/cohorts/2026/caseload").text)
    assert offered["Hand over the journeys of Abel Advisor"] == f"{LIST}?advisor={id_of(school, 'advisor')}"


@pytest.mark.usefixtures("cohort")
def test_everybody_who_has_that_advisor_already_is_nothing_to_do(lena: FlaskClient, school: House) -> None:
    answer = preview(lena, school, ["S-2"])
    assert "Hand over 0 journeys" in words(answer.text)
    assert 'action="' + DONE not in unescape(answer.text)
