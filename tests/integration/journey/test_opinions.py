"""Opinions in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.conftest import send
from tests.integration.forms import hidden_of
from tests.integration.journey.conftest import ORTHO, Student, open_student, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from web.house import House

    Clients = Callable[[str | None], FlaskClient]

ANSWER = {
    "by": "Dr. Ibis",
    "role": "pd",
    "specialty": ORTHO,
    "next_cycle": "I would not spend another year on it.",
    "advice": "related",
    "killed": "Research depth.",
    "reasons": ["research", "step2"],
    "champion_grade": "4",
    "saw_full_file": "yes",
    "dated": "2026-06-15",
}


def test_an_opinion_is_recorded_with_the_three_questions_and_its_grade_is_shown_out_of_five(
    priya: Student, client_of: Clients
) -> None:
    client = client_of("advisor")
    assert send(client, f"{priya.url}/opinions/new", **ANSWER).location == f"{priya.url}/opinions"
    (held,) = priya.sheet().opinions
    assert (held.by, held.grade, held.reasons) == ("Dr. Ibis", 4, ("research", "step2"))
    page = text_of(client.get(f"{priya.url}/opinions").text)
    assert "5 of 5" in page
    assert "I would not spend another year on it." in page
    assert "counts for the recommendation" in page
    assert "Monday, June 15" in page


def test_an_opinion_without_any_answer_or_of_tomorrow_is_refused_at_its_field(
    priya: Student, client_of: Clients
) -> None:
    client, url = client_of("advisor"), f"{priya.url}/opinions/new"
    tomorrow = send(client, url, **(ANSWER | {"dated": "2026-06-17"}))
    assert tomorrow.status_code == 422
    assert "2026-06-16 or earlier" in tomorrow.text
    empty = send(client, url, **(ANSWER | {"champion_grade": "none", "next_cycle": "", "killed": ""}))
    assert "a champion grade or an answer to one of the three questions" in empty.text
    assert "Dr. Ibis" in empty.text


def test_the_advisor_is_no_outside_opinion(priya: Student, client_of: Clients) -> None:
    answer = send(client_of("advisor"), f"{priya.url}/opinions/new", **(ANSWER | {"by": "Abel Advisor"}))
    assert answer.status_code == 422
    assert "somebody outside the advising team" in answer.text


def test_a_request_is_answered_under_the_same_opinion(priya: Student, client_of: Clients) -> None:
    client = client_of("advisor")
    asked = {"by": "Dr. Kestrel", "role": "pd", "specialty": "anesthesiology", "related": "yes", "due_on": "2026-06-20"}
    assert send(client, f"{priya.url}/opinions/ask", **asked).status_code == 303
    (request,) = priya.sheet().opinions
    page = client.get(f"{priya.url}/opinions/{request.opinion_id}/answer").text
    assert 'value="Dr. Kestrel"' in page
    answer = ANSWER | {key: asked[key] for key in ("by", "role", "specialty", "related")}
    assert send(client, f"{priya.url}/opinions/{request.opinion_id}/answer", **answer).status_code == 303
    (held,) = priya.sheet().opinions
    assert (held.opinion_id, held.status, held.related) == (request.opinion_id, "received", True)


def test_no_answer_by_the_agreed_day_is_recorded_as_grade_0(priya: Student, client_of: Clients) -> None:
    client = client_of("advisor")
    asked = {"by": "Dr. Ibis", "role": "pd", "specialty": ORTHO, "due_on": "2026-06-20"}
    send(client, f"{priya.url}/opinions/ask", **asked)
    (request,) = priya.sheet().opinions
    url = f"{priya.url}/opinions/{request.opinion_id}/declined"
    assert send(client, url, dated="2026-06-16", why="No answer by the agreed day.").status_code == 303
    (held,) = priya.sheet().opinions
    assert (held.status, held.grade) == ("declined", 0)
    assert "0 of 5" in client.get(f"{priya.url}/opinions").text


def test_a_withdrawn_opinion_says_why_and_counts_no_more(priya: Student, client_of: Clients) -> None:
    opinion_id = priya.opinion("Dr. Ibis", 1)
    client, url = client_of("advisor"), f"{priya.url}/opinions/{opinion_id}/withdraw"
    assert send(client, url).status_code == 422
    assert send(client, url, reason="Spoke too soon.").status_code == 303
    page = text_of(client.get(f"{priya.url}/opinions").text)
    assert "withdrawn: as if never made" in page
    assert "Spoke too soon." in page
    assert client.get(f"{priya.url}/opinions/nobody/withdraw").status_code == 404


def test_reasons_that_two_people_share_show_as_a_pattern(priya: Student, client_of: Clients) -> None:
    priya.opinion("Dr. Ibis", 1, reasons=("research",))
    priya.opinion("Dr. Kestrel", 4, specialty="anesthesiology", related=True, reasons=("research", "letters"))
    for path in ("", "/opinions"):
        assert "Research (2 people)" in text_of(client_of("advisor").get(priya.url + path).text)


def test_trust_is_asked_only_where_the_field_needs_it(school: House, client_of: Clients) -> None:
    ent, ortho = open_student(school, "otolaryngology"), open_student(school)
    opinion_id = ent.opinion("Dr. Wader", 4, specialty="otolaryngology")
    ortho.opinion()
    client = client_of("advisor")
    assert "trust" not in client.get(f"{ortho.url}/opinions").text
    before = text_of(client.get(f"{ent.url}/opinions").text)
    assert "not marked as trusted yet: does not count for the recommendation" in before
    assert send(client, f"{ent.url}/opinions/{opinion_id}/trust", trusted="yes").status_code == 303
    assert "counts for the recommendation" in text_of(client.get(f"{ent.url}/opinions").text)
    assert ent.sheet().opinions[0].trusted is True


def test_a_second_answer_of_the_same_person_says_what_it_replaces_before_it_is_saved(
    priya: Student, client_of: Clients
) -> None:
    priya.opinion("Dr. Ibis", 1)
    client, url = client_of("advisor"), f"{priya.url}/opinions/new"
    assert 'name="replaces"' not in client.get(url).text
    told = send(client, url, **(ANSWER | {"by": "dr. ibis", "role": "apd"}))
    assert told.status_code == 422
    said = "Dr. Ibis answered on Monday, June 1: grade 1. The new answer replaces it in the rules; both stay"
    assert said in text_of(told.text)
    assert len(priya.sheet().opinions) == 1
    again = hidden_of(told.text, url) | ANSWER | {"replaces": "yes"}
    assert client.post(url, data=again).status_code == 303
    assert len(priya.sheet().opinions) == 2
    page = text_of(client.get(f"{priya.url}/opinions").text)
    assert page.count("replaced by the newer of Monday, June 15") == 1
    assert page.count("counts for the recommendation") == 1


def test_an_earlier_answer_recorded_late_says_that_the_newer_one_stays(priya: Student, client_of: Clients) -> None:
    priya.opinion("Dr. Ibis", 3)
    client, url = client_of("advisor"), f"{priya.url}/opinions/new"
    told = send(client, url, **(ANSWER | {"dated": "2026-05-20"}))
    assert "That one is newer and stays the one that counts." in text_of(told.text)
    for other in ({"by": "Dr. Wader"}, {"specialty": "anesthesiology"}, {"champion_grade": "none"}):
        assert send(client, url, **(ANSWER | other)).status_code == 303, other


def test_nothing_stands_in_quotation_marks_that_nobody_said(priya: Student, client_of: Clients) -> None:
    priya.opinion("Dr. Ibis", 1, next_cycle="", advice="related")
    page = text_of(client_of("advisor").get(priya.url).text)
    assert "“Move to a related specialty”" not in page
    assert "1 of 5 not said" in page


def test_an_open_request_leads_to_its_answer_from_the_journey_and_from_what_is_missing(
    priya: Student, client_of: Clients
) -> None:
    client, empty = client_of("advisor"), f'href="{priya.url}/opinions/new">Record it'
    priya.facts(interviews_offered=4)
    assert empty in client.get(f"{priya.url}/decision").text
    asked = {"by": "Dr. Ibis", "role": "pd", "specialty": ORTHO, "due_on": "2026-06-20"}
    send(client, f"{priya.url}/opinions/ask", **(asked | {"by": "Dr. Wader", "role": "faculty"}))
    assert empty in client.get(f"{priya.url}/decision").text  # what a faculty member says does not decide it
    send(client, f"{priya.url}/opinions/ask", **asked)
    request = next(one for one in priya.sheet().opinions if one.by == "Dr. Ibis")
    answer = f'href="{priya.url}/opinions/{request.opinion_id}/answer"'
    page = client.get(f"{priya.url}/decision").text
    assert f"{answer}>Record it" in page
    assert empty not in page
    assert f"{answer}>asked, not answered yet" in client.get(priya.url).text
    assert answer not in client_of("colleague").get(priya.url).text
