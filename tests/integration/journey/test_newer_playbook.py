"""A newer playbook: told on the board and on the decision page, taken up by the advisor, and never by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.advising import decisions
from core.advising.decisions import RecordDecision
from core.advising.playbooks import ApproveProposal, ProposeChange, approve_proposal, propose_change
from core.journey.decisions import NewDecision
from tests.asked import asking
from tests.integration.conftest import id_of, send
from tests.integration.forms import hidden_of
from tests.integration.journey.conftest import Student, follow, open_student, text_of
from web.packet.explain import explain

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from web.house import House

    Clients = Callable[[str | None], FlaskClient]

NEWER = "Newer playbook available"
BOARD = "/cohorts/2026"


def change(house: House, subject: str, change: dict[str, Any], kind: str = "parameter") -> None:
    """Put a change of the playbook in force, as the lead and the steward would."""
    desk, number = house.desk, len(house.desk.institution().proposals) + 1
    lead, steward = (desk.principal(id_of(house, role)) for role in ("lead", "steward"))
    asked: dict[str, Any] = {"kind": kind, "subject": subject, "change": change, "note": "x"}
    command = ProposeChange(command_id=f"propose-{number}", effective_on=desk.today(), **asked)
    propose_change(desk, lead, command)
    approve_proposal(desk, steward, ApproveProposal(command_id=f"approve-{number}", proposal=number))
    follow(house)


@pytest.fixture
def advised(priya: Student) -> Student:
    """Told to try again under the first playbook."""
    priya.everything(grade=3)
    return priya


def decision_page(client: FlaskClient, student: Student) -> str:
    return text_of(client.get(f"{student.url}/decision").text)


def test_it_is_told_on_the_board_of_each_student_it_is_about_and_of_no_other(
    advised: Student, client_of: Clients
) -> None:
    other = open_student(advised.house, "dermatology", name="Ada Finch")
    other.facts(step2=238)
    client = client_of("advisor")
    assert NEWER not in text_of(client.get(BOARD).text)
    change(advised.house, "orthopaedic-surgery:handful_min", {"value": 5})
    board = client.get(BOARD).text
    assert board.count(NEWER) == 1
    assert NEWER in text_of(board.split("Priya Heron")[1].split("</tr>")[0])
    assert f"{advised.url}/decision#newer" in client.get(advised.url).text
    assert NEWER not in client.get(other.url).text
    change(advised.house, "handful_min", {"value": 4})
    assert client.get(BOARD).text.count(NEWER) == 2


def test_a_playbook_that_says_the_same_of_the_dream_field_is_no_news(advised: Student, client_of: Clients) -> None:
    cutoff = {"step2": 240, "source": "NRMP, 2024", "date": "2026-01-01"}
    change(advised.house, "urology", {"cutoff": cutoff}, kind="cutoff")
    client = client_of("advisor")
    assert NEWER not in client.get(BOARD).text
    assert NEWER not in client.get(f"{advised.url}/decision").text


def test_the_decision_page_says_what_the_newer_one_would_say_before_anything_is_done(
    advised: Student, client_of: Clients
) -> None:
    client = client_of("advisor")
    assert NEWER not in decision_page(client, advised)
    change(advised.house, "handful_min", {"value": 5})
    page = decision_page(client, advised)
    assert "Reapply is what the rules say" in page
    assert (
        f"{NEWER}. This advice is of playbook test. Playbook 2026-06-16, in force since Tuesday, June 16, "
        "says something else of orthopedic surgery. Of the same facts it says: Pivot now"
    ) in page
    change(advised.house, "handful_min", {"value": 4})
    assert "The outcome would stay the same." in decision_page(client, advised)


def test_the_advisor_brings_the_advice_up_to_date_and_the_old_one_stays_in_the_record(
    advised: Student, client_of: Clients
) -> None:
    change(advised.house, "handful_min", {"value": 5})
    client = client_of("advisor")
    before = advised.sheet().recommendation
    answer = send(client, f"{advised.url}/decision/renew", page=f"{advised.url}/decision")
    assert answer.status_code == 303
    follow(advised.house)
    page = decision_page(client, advised)
    assert "Pivot now is what the rules say" in page
    assert NEWER not in page
    assert "What was said before stays in the record" not in page
    assert NEWER not in client.get(BOARD).text
    sheet = advised.sheet()
    assert before is not None
    assert sheet.recommendation is not None
    assert sheet.previous is not None
    assert (sheet.previous.playbook, sheet.previous.outcome) == (before.playbook, "REAPPLY")
    assert (sheet.recommendation.playbook, sheet.recommendation.outcome) == (
        advised.house.desk.playbook().digest,
        "PIVOT_NOW",
    )


def test_sent_twice_it_is_done_once(advised: Student, client_of: Clients) -> None:
    change(advised.house, "handful_min", {"value": 5})
    client = client_of("advisor")
    fields = hidden_of(client.get(f"{advised.url}/decision").text, f"{advised.url}/decision/renew")
    for _ in range(2):
        assert client.post(f"{advised.url}/decision/renew", data=fields).status_code == 303
    follow(advised.house)
    sheet = advised.sheet()
    version = sheet.version
    client.post(f"{advised.url}/decision/renew", data=fields | {"renew-command_id": "another"})
    follow(advised.house)
    assert advised.sheet().version == version, "there is nothing newer to say"


def test_who_may_only_read_sees_it_and_is_given_no_button(advised: Student, client_of: Clients) -> None:
    change(advised.house, "handful_min", {"value": 5})
    page = client_of("colleague").get(f"{advised.url}/decision").text
    assert NEWER in page
    assert "Bring the advice up to date" not in page


def test_a_decision_made_before_keeps_its_playbook_and_still_explains_itself(
    advised: Student, client_of: Clients
) -> None:
    plan = NewDecision(decision_id="path", kind="pivot", specialty="anesthesiology", reason_code="money", reason="x")
    decisions.record_decision(advised.house.desk, advised.lead(), RecordDecision(**advised.told(), decision=plan))
    follow(advised.house)
    client = client_of("advisor")
    record = f"{advised.url}/decision-record.json?decision=path"
    before = client.get(record).get_json()
    change(advised.house, "handful_min", {"value": 5})
    send(client, f"{advised.url}/decision/renew", page=f"{advised.url}/decision")
    follow(advised.house)
    after = client.get(record).get_json()
    assert after["playbook"] == before["playbook"]
    assert after["recommendation"] == before["recommendation"]
    assert [one for one in explain(client.get(record).data) if not one.matches] == []


def test_the_board_asks_no_more_of_the_read_models_than_before(advised: Student, client_of: Clients) -> None:
    client = client_of("advisor")

    def queries(specialty: str) -> list[str]:
        change(advised.house, f"{specialty}:handful_min", {"value": 5})
        client.get(BOARD)
        with asking(advised.house.views) as asked:
            assert (NEWER in client.get(BOARD).text) is (specialty != "urology")
        return asked

    unchanged, newer = queries("urology"), queries("orthopaedic-surgery")
    assert len(unchanged) == len(newer) > 0
    assert not [one for one in newer if "playbook" in one]
