"""Drift: decisions that would be advised otherwise today, by what moved the rules, with what is not as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.advising import decisions, members
from core.advising.decisions import RecordDecision
from core.advising.drift import what_moved
from core.advising.members import PublishPlaybook
from core.decision.drift import drift_of
from core.errors import NotAllowed
from core.journey.decisions import NewDecision
from core.journey.evidence import evidence_of
from tests.integration.conftest import id_of
from tests.integration.journey.conftest import Student, follow
from tests.integration.pages import links, words
from tests.playbooks import minimal_content

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.integration.conftest import TickingClock
    from web.house import House

    Clients = Callable[[str | None], FlaskClient]


@pytest.fixture
def pivoted(priya: Student, clock: TickingClock) -> Student:
    """Told to pivot by the champion rule, and pivots."""
    priya.everything(grade=2)
    decision = NewDecision(decision_id="path", kind="pivot", specialty="anesthesiology")
    decisions.record_decision(priya.house.desk, priya.lead(), RecordDecision(**priya.told(), decision=decision))
    priya.follow()
    clock.move(days=1)
    return priya


def publish(house: House, **parameters: int) -> None:
    steward = house.desk.principal(id_of(house, "steward"))
    content = minimal_content() | {"label": "changed", "parameters": parameters}
    command = PublishPlaybook(command_id=f"playbook-{parameters}", content=content, note="changed")
    members.publish_playbook(house.desk, steward, command)
    follow(house)


def drift_page(client: FlaskClient) -> str:
    return words(client.get("/cohorts/2026/drift").text)


def test_while_nothing_moved_no_decision_is_listed(pivoted: Student, client_of: Clients) -> None:
    del pivoted
    client = client_of("advisor")
    assert "No decision drifted" in drift_page(client)
    assert "advised otherwise today" not in words(client.get("/cohorts/2026").text)


def test_a_new_statement_moves_it_and_is_named_with_what_was_before(pivoted: Student, client_of: Clients) -> None:
    pivoted.opinion("Dr. Heron", 4)
    client = client_of("advisor")
    page = drift_page(client)
    assert "New facts: 1" in page
    assert "New playbook" not in page
    assert "Then Pivot now now Reapply" in page
    assert "What Dr. Heron says: 4 of 5 (" in page
    assert "before: nothing that stands" in page
    assert "(PIVOT.champion): does not hold: the best grade from ortho program directors is 4 of 5; 3 is needed" in page
    board = client.get("/cohorts/2026").text
    assert "1 decision would be advised otherwise today." in words(board)
    assert links(board)["See what moved: new facts or a new playbook"] == "/cohorts/2026/drift"


def test_a_new_playbook_moves_it_without_a_write_on_the_journey(
    pivoted: Student, client_of: Clients, school: House
) -> None:
    publish(school, champion_min=2)
    page = drift_page(client_of("lead"))
    assert "New playbook: 1" in page
    assert "New facts" not in page
    assert "Facts that changed" not in page
    assert "2 is needed" in page
    assert pivoted.sheet().recommendation is not None


def test_what_both_would_do_alone_stands_under_each(pivoted: Student, client_of: Clients, school: House) -> None:
    pivoted.opinion("Dr. Heron", 4)
    publish(school, champion_min=2)
    page = drift_page(client_of("lead"))
    assert "New facts: 1" in page
    assert "New playbook: 1" in page
    assert "moved as well by: new playbook" in page


def test_what_only_the_two_together_do_stands_under_both(pivoted: Student, client_of: Clients, school: House) -> None:
    pivoted.opinion("Dr. Heron", 3)  # moves it to reapply under the playbook of then
    publish(school, champion_min=4)  # and back: neither the rules of today nor the facts of then alone say so
    client = client_of("lead")
    assert "No decision drifted" in drift_page(client)
    publish(school, champion_min=3, max_fix_months=6)  # now the remedy takes too long: pivot all the same
    assert "No decision drifted" in drift_page(client)


def test_a_decision_that_was_taken_back_is_not_listed(pivoted: Student, client_of: Clients) -> None:
    pivoted.opinion("Dr. Heron", 4)
    command = decisions.ReverseDecision(**pivoted.told(), decision_id="path", reason="a director called")
    decisions.reverse_decision(pivoted.house.desk, pivoted.lead(), command)
    pivoted.follow()
    assert "No decision drifted" in drift_page(client_of("lead"))


def test_the_way_back_to_the_decision_is_the_page_of_that_moment(pivoted: Student, client_of: Clients) -> None:
    pivoted.opinion("Dr. Heron", 4)
    client = client_of("advisor")
    href = next(h for label, h in links(client.get("/cohorts/2026/drift").text).items() if "As it was" in label)
    then = words(client.get(href).text)
    assert "Pivot now is what the rules say" in then
    assert "what the team knew then" in then


def test_who_may_not_read_the_cohort_sees_no_drift(pivoted: Student, client_of: Clients) -> None:
    for role in ("steward", "nobody"):
        assert client_of(role).get("/cohorts/2026/drift").status_code in (403, 404)
    nobody = pivoted.house.desk.principal(id_of(pivoted.house, "nobody"))
    with pytest.raises(NotAllowed):
        list(what_moved(pivoted.house.desk, nobody, [(pivoted.journey_id, 1)]))


def test_a_result_of_another_program_is_told_apart_from_facts_and_playbook(pivoted: Student) -> None:
    desk = pivoted.house.desk
    sheet = pivoted.sheet()
    ((then, now, none),) = what_moved(desk, pivoted.lead(), [(pivoted.journey_id, sheet.version)])
    assert none is None
    said: dict[str, Any] = {**(then.recommendation or {}), "outcome": "REAPPLY"}
    seen = {"then": evidence_of(then, as_of=desk.today()), "now": evidence_of(now, as_of=desk.today())}
    found = drift_of(said, old=desk.playbook(), new=desk.playbook(), **seen)
    assert found is not None
    assert (found.by_engine, found.by_facts, found.by_playbook) == (True, False, False)
    assert found.facts == ()
