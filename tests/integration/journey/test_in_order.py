"""The record of a decision in order, and the student who asks for time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.conftest import send
from tests.integration.journey.conftest import Student, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    Clients = Callable[[str | None], FlaskClient]

AGAINST: dict[str, Any] = {
    "kind": "reapply",
    "mode": "research_year",
    "remedy_1": "Two projects",
    "reapply_milestones": ["PLAN.6r.role"],
    "reason_code": "accepts_odds",
    "reason": "I want to try once more.",
}


def in_order(client: FlaskClient, student: Student) -> str:
    page = client.get(f"{student.url}/decision").text
    return text_of(page.partition('id="in-order"')[2].partition("</article>")[0])


def test_each_step_stands_by_itself_in_the_order_in_which_it_happened(priya: Student, client_of: Clients) -> None:
    client = client_of("advisor")
    priya.everything(grade=1)
    assert send(client, f"{priya.url}/time", until="2026-06-30", reason="To hear one more.").status_code == 303
    priya.follow()
    assert send(client, f"{priya.url}/decision", **AGAINST).status_code == 303
    priya.follow()
    decision_id = priya.sheet().decisions[0].decision_id
    page = f"{priya.url}/decision"
    url = f"{priya.url}/decisions/{decision_id}/stance"
    assert send(client, url, page=page, stance="dissents", reason="The odds are thin.").status_code == 303
    priya.follow()
    url = f"{priya.url}/decisions/{decision_id}/reverse"
    assert send(client, url, reason="A place came up.").status_code == 303
    priya.follow()
    told = in_order(client, priya)
    steps = (
        "Recommendation: pivot now",
        "The student asked for time",
        "Gate passed: reapply in the dream field",
        "Decision: reapply in the dream field",
        "Advisor dissents",
        "Decision reversed: reapply in the dream field",
    )
    places = [told.find(step) for step in steps]
    assert -1 not in places
    assert places == sorted(places)
    for words in ("To hear one more.", "The odds are thin.", "A place came up.", "I want to try once more."):
        assert words in told


@pytest.mark.parametrize("left_out", ["reason_code", "reason"])
def test_a_decision_against_the_recommendation_needs_both_reasons(
    priya: Student, client_of: Clients, left_out: str
) -> None:
    priya.everything(grade=1)
    answer = send(client_of("advisor"), f"{priya.url}/decision", **(AGAINST | {left_out: ""}))
    assert answer.status_code == 422
    assert priya.sheet().decisions == ()


def test_a_reversal_needs_a_reason(priya: Student, client_of: Clients) -> None:
    client = client_of("advisor")
    priya.everything(grade=1)
    send(client, f"{priya.url}/decision", kind="pivot", specialty="anesthesiology")
    priya.follow()
    url = f"{priya.url}/decisions/{priya.sheet().decisions[0].decision_id}/reverse"
    assert send(client, url, reason=" ").status_code == 422
    assert priya.sheet().decisions[0].reversed_reason is None


def test_that_the_student_asked_for_time_shows_on_the_journey_and_the_decision_page(
    priya: Student, client_of: Clients
) -> None:
    client = client_of("advisor")
    assert "Priya asks for time" in text_of(client.get(f"{priya.url}/decision").text)
    send(client, f"{priya.url}/time", until="2026-06-30", reason="To hear one more.")
    priya.follow()
    journey = text_of(client.get(priya.url).text)
    assert "none yet; asked for time until Tuesday, June 30" in journey
    assert "The student asked for time" in journey
    page = text_of(client.get(f"{priya.url}/decision").text)
    assert "Priya asked for time until Tuesday, June 30. To hear one more." in page


def test_once_decided_the_request_is_history(priya: Student, client_of: Clients) -> None:
    client = client_of("advisor")
    priya.everything(grade=1)
    send(client, f"{priya.url}/time", until="2026-06-30")
    send(client, f"{priya.url}/decision", kind="pivot", specialty="anesthesiology")
    priya.follow()
    page = text_of(client.get(f"{priya.url}/decision").text)
    assert "asked for time until Tuesday" not in page
    assert "Priya asks for time" not in page
    assert send(client, f"{priya.url}/time", until="2026-07-30").status_code == 409


@pytest.mark.parametrize(
    ("until", "said"), [("", "Until"), ("2026-06-16", "a day after 2026-06-16"), ("2028-01-01", "within 366 days")]
)
def test_a_day_that_cannot_be_asked_for_says_what_is_allowed(
    priya: Student, client_of: Clients, until: str, said: str
) -> None:
    answer = send(client_of("advisor"), f"{priya.url}/time", until=until, reason="x")
    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert priya.sheet().time_requests == ()


@pytest.mark.parametrize(
    ("role", "status"), [("lead", 200), ("advisor", 200), ("colleague", 403), ("auditor", 403), ("nobody", 403)]
)
def test_who_writes_it_down(priya: Student, client_of: Clients, role: str, status: int) -> None:
    assert client_of(role).get(f"{priya.url}/time").status_code == status
