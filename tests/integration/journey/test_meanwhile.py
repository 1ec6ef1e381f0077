"""While somebody fills in a form, somebody else changes what it is about: the page says so before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import send
from tests.integration.forms import hidden_of
from tests.integration.journey.conftest import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.integration.journey.conftest import Student

BY_ITSELF = {"HX-Request": "true"}
SAID = "changed this at 9:00 AM."


def refetch(browser: FlaskClient, url: str, since: int | None) -> str:
    answer = browser.get(url, query_string={} if since is None else {"since": since}, headers=BY_ITSELF)
    assert answer.status_code == 200
    return text_of(answer.text)


@pytest.fixture
def advisor(client_of: Callable[[str], FlaskClient]) -> FlaskClient:
    return client_of("advisor")


def test_a_half_filled_form_says_who_changed_its_fact_when_and_to_what(advisor: FlaskClient, priya: Student) -> None:
    priya.facts(step2=238)
    seen = priya.sheet().version
    priya.facts(step2=241)
    for form in ("/facts/step2", "/facts/step2/dispute", "/inventory/scores", "/inventory/confirm"):
        said = refetch(advisor, priya.url + form, seen)
        assert f"Lena Lead {SAID} Fact recorded: Step 2" in said, form
        assert "241" in said
        assert "Yours is not saved and not lost." in said


def test_a_form_about_something_else_says_nothing(advisor: FlaskClient, priya: Student) -> None:
    priya.facts(step2=238, publications=2)
    seen = priya.sheet().version
    priya.facts(step2=241)
    for form in ("/facts/publications", "/inventory/research", "/notes/new", "/contacts/new", "/opinions/ask"):
        assert SAID not in refetch(advisor, priya.url + form, seen), form


def test_a_form_that_nobody_typed_in_is_fresh_and_needs_no_warning(advisor: FlaskClient, priya: Student) -> None:
    priya.facts(step2=238)
    priya.facts(step2=241)
    assert SAID not in refetch(advisor, priya.url + "/facts/step2", None)
    assert 'value="241"' in advisor.get(priya.url + "/facts/step2").text


def test_a_change_of_ones_own_in_another_tab_is_named_as_that(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    priya.facts(step2=238)
    seen = priya.sheet().version
    priya.facts(step2=241)
    assert f"You {SAID}" in refetch(client_of("lead"), priya.url + "/facts/step2", seen)


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 30])
def test_a_version_that_is_none_says_nothing_and_breaks_nothing(
    advisor: FlaskClient, priya: Student, since: str
) -> None:
    priya.facts(step2=238)
    answer = advisor.get(f"{priya.url}/facts/step2", query_string={"since": since}, headers=BY_ITSELF)
    assert answer.status_code == 200


def test_a_milestone_an_opinion_and_the_weaknesses_say_so_too(advisor: FlaskClient, priya: Student) -> None:
    trust = f"{priya.url}/opinions/{priya.opinion()}/trust"
    milestone = f"{priya.url}/milestones/WEEK1.tell"
    priya.weaknesses(12)
    seen = priya.sheet().version
    assert send(advisor, trust, trusted="yes").status_code == 303
    assert send(advisor, milestone, happened="reschedule", due_on="2026-06-30", words="A holiday").status_code == 303
    priya.weaknesses(6)
    for form, title in ((trust, "Trusted"), (milestone, "Milestone"), (f"{priya.url}/weaknesses", "Weaknesses")):
        assert title in refetch(advisor, form, seen).partition(SAID)[2][:80], form


def test_the_decision_page_says_that_the_recommendation_changed_while_its_form_is_half_filled(
    advisor: FlaskClient, priya: Student
) -> None:
    priya.everything(grade=3)
    seen = priya.sheet().version
    assert SAID not in refetch(advisor, priya.url + "/decision", seen)
    priya.facts(interviews_offered=0)
    assert SAID in refetch(advisor, priya.url + "/decision", seen)


def test_a_form_keeps_a_place_on_the_decision_page_when_it_makes_no_sense_any_more(
    advisor: FlaskClient, priya: Student
) -> None:
    page = advisor.get(priya.url + "/decision").text
    assert page.count('id="decide"') == page.count('id="stance"') == 1
    assert '<article id="stance" hidden></article>' in page


def test_what_was_left_as_it_was_does_not_undo_what_a_colleague_recorded_meanwhile(
    advisor: FlaskClient, priya: Student
) -> None:
    priya.facts(step2=238, step1="pass")
    url = f"{priya.url}/inventory/scores"
    page = advisor.get(url)
    hidden = hidden_of(page.text, url)
    priya.facts(step2=241)  # meanwhile
    left = {"step2": "238", "step1": "fail", "source": "transcript"}
    answer = advisor.post(url, data=hidden | left)
    assert answer.status_code == 303, text_of(answer.text)
    facts = priya.sheet().facts
    assert (facts["step2"].value, facts["step1"].value) == (241, "fail")


def test_what_both_changed_shows_both_and_asks(advisor: FlaskClient, priya: Student) -> None:
    priya.facts(step2=238)
    url = f"{priya.url}/facts/step2"
    hidden = hidden_of(advisor.get(url).text, url)
    priya.facts(step2=241)
    sent = {"step2": "245", "source": "transcript", "reason": "A slip"}
    answer = advisor.post(url, data=hidden | sent)
    assert answer.status_code == 409
    assert "Stored now 241 Yours, not saved 245" in text_of(answer.text)
    assert priya.sheet().facts["step2"].value == 241


def test_who_sends_what_a_colleague_changed_meanwhile_sees_both_and_chooses(
    advisor: FlaskClient, priya: Student
) -> None:
    priya.facts(step2=255, step1="pass")
    url = f"{priya.url}/inventory/scores"
    hidden = hidden_of(advisor.get(url).text, url)
    priya.facts(step2=240)  # meanwhile
    sent = {"step2": "255", "step1": "pass", "source": "score report"}
    answer = advisor.post(url, data=hidden | sent)
    assert answer.status_code == 409
    page = text_of(answer.text)
    assert "Stored now 240 Yours, not saved 255" in page
    assert "What you typed Step 2 CK 255 Source score report Save mine" in page  # the rest stood there already
    assert priya.sheet().facts["step2"].value == 240
    assert advisor.post(url, data=hidden_of(answer.text, url)).status_code == 303  # save mine
    held = priya.sheet().facts["step2"]
    assert (held.value, held.source) == (255, "score report")


def test_what_was_typed_is_told_in_the_words_of_the_form(advisor: FlaskClient, priya: Student) -> None:
    priya.everything(grade=1)
    url = f"{priya.url}/decision"
    hidden = hidden_of(advisor.get(url).text, url)
    priya.opinion("Dr. Wader", 4)
    sent = {"kind": "pivot", "specialty": "anesthesiology", "reason_code": "accepts_odds", "reason": "I like it."}
    answer = advisor.post(url, data=hidden | sent)
    assert answer.status_code == 409
    told = text_of(answer.text).partition("What you typed")[2]
    assert "Pivot to another specialty" in told
    assert "I like it." in told
    assert "accepts_odds" not in told
    assert "anesthesiology" not in told.replace("Anesthesiology", "")


def test_a_form_without_change_can_be_sent(advisor: FlaskClient, priya: Student) -> None:
    assert send(advisor, f"{priya.url}/inventory/scores", step2="238", source="transcript").status_code == 303
