"""Outside opinions asked for, received, declined, withdrawn and trusted (WEEK1.opinions)."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import Conflict, InvalidValue, NotFound
from core.journey.evidence import evidence_of
from core.journey.feedback import (
    decline_opinion,
    mark_trust,
    receive_opinion,
    request_opinion,
    shared_reasons,
    withdraw_opinion,
)
from tests.builders import TODAY, asked, heard, pd, related_pd, said, withdrawn
from tests.scenario import event, given

DUE = date(2026, 4, 9)


def test_a_request_is_kept_with_the_day_an_answer_is_agreed_for() -> None:
    journey = (
        given()
        .when(request_opinion, "o-1", pd(" Dr. Ibis "), due_on=DUE)
        .then(event("feedback.opinion-requested", opinion_id="o-1", reviewer=pd("Dr. Ibis"), due_on=DUE))
    )
    assert (journey.opinions["o-1"].status, journey.opinions["o-1"].said) == ("requested", None)


def test_a_request_needs_a_name_and_a_known_role() -> None:
    given().when(request_opinion, "o-1", pd(" "), due_on=DUE).then_refused(InvalidValue, "by")
    given().when(request_opinion, "o-1", pd(role="dean"), due_on=DUE).then_refused(InvalidValue, "role: 'dean'")


def test_the_same_request_twice_is_refused() -> None:
    given(asked("o-1")).when(request_opinion, "o-1", pd(), due_on=DUE).then_refused(Conflict, "exists already")


def test_an_opinion_is_received_whether_or_not_it_was_asked_for() -> None:
    for steps in ([], [asked("o-1")]):
        journey = (
            given(steps)
            .when(receive_opinion, "o-1", pd(), said(3), today=TODAY)
            .then(event("feedback.opinion-received", said=said(3)))
        )
        assert journey.opinions["o-1"].status == "received"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (said(5), "champion_grade: 5"),
        (said(-1), "champion_grade: -1"),
        (said(dated=date(2026, 4, 2)), "dated: '2026-04-02' is not allowed (2026-04-01 or earlier)"),
        (said(advice="sail"), "advice: 'sail'"),
        (said(reasons=("luck",)), "reasons: 'luck'"),
        (said(killed="x" * 2001), "killed"),
        (said(None), "opinion: 'no answer'"),
        (said(None, next_cycle="  "), "next_cycle"),
    ],
)
def test_an_answer_that_is_not_allowed_is_refused(answer: object, sentence: str) -> None:
    given().when(receive_opinion, "o-1", pd(), answer, today=TODAY).then_refused(InvalidValue, sentence)


@pytest.mark.parametrize("grade", [0, 1, 2, 3, 4])
def test_every_champion_grade_from_0_to_4_is_allowed(grade: int) -> None:
    given().when(receive_opinion, "o", pd(), said(grade), today=TODAY).then(event("feedback.opinion-received"))


def test_an_opinion_that_was_received_or_withdrawn_is_not_received_again() -> None:
    given(heard("o")).when(receive_opinion, "o", pd(), said(), today=TODAY).then_refused(Conflict, "already received")
    given(heard("o"), withdrawn("o")).when(receive_opinion, "o", pd(), said(), today=TODAY).then_refused(
        Conflict, "already withdrawn"
    )


def test_asked_and_declined_is_a_statement_of_grade_0() -> None:
    journey = (
        given(asked("o"))
        .when(decline_opinion, "o", dated=TODAY, why="no answer by the agreed date")
        .then(event("feedback.opinion-declined", why="no answer by the agreed date"))
    )
    [statement] = evidence_of(journey, as_of=TODAY).statements
    assert (statement.champion_grade, statement.withdrawn) == (0, False)


def test_only_somebody_who_was_asked_and_has_not_answered_can_decline() -> None:
    given().when(decline_opinion, "o", dated=TODAY, why="x").then_refused(NotFound, "no opinion o")
    given(heard("o")).when(decline_opinion, "o", dated=TODAY, why="x").then_refused(Conflict, "already received")
    given(asked("o")).when(decline_opinion, "o", dated=TODAY, why="").then_refused(InvalidValue, "why")


def test_somebody_who_declined_may_answer_after_all() -> None:
    scenario = given(asked("o")).when(decline_opinion, "o", dated=TODAY, why="busy")
    journey = scenario.when(receive_opinion, "o", pd(), said(4), today=TODAY).then(event("feedback.opinion-received"))
    assert [s.champion_grade for s in evidence_of(journey, as_of=TODAY).statements] == [4]


def test_a_withdrawn_opinion_is_marked_in_the_evidence() -> None:
    journey = (
        given(heard("o")).when(withdraw_opinion, "o", reason="new facts").then(event("feedback.opinion-withdrawn"))
    )
    assert evidence_of(journey, as_of=TODAY).statements[0].withdrawn


def test_withdrawing_twice_is_quiet_and_withdrawing_what_was_not_said_is_refused() -> None:
    given(heard("o"), withdrawn("o")).when(withdraw_opinion, "o", reason="x").then_nothing()
    given(asked("o")).when(withdraw_opinion, "o", reason="x").then_refused(Conflict, "has not said anything yet")
    given(heard("o")).when(withdraw_opinion, "o", reason="").then_refused(InvalidValue, "reason")
    given().when(withdraw_opinion, "o", reason="x").then_refused(NotFound)


def test_the_student_marks_whom_they_trust() -> None:
    scenario = given(heard("o"))
    journey = scenario.when(mark_trust, "o", trusted=True, on_behalf=True).then(
        event("feedback.trust-marked", trusted=True, on_behalf=True)
    )
    assert journey.opinions["o"].said.trusted is True
    scenario.when(mark_trust, "o", trusted=True).then_nothing()
    scenario.when(mark_trust, "o", trusted=False).then(event("feedback.trust-marked", trusted=False))


def test_trust_needs_something_that_was_said() -> None:
    given(asked("o")).when(mark_trust, "o", trusted=True).then_refused(Conflict, "has not said anything yet")
    given().when(mark_trust, "o", trusted=True).then_refused(NotFound)


def test_statements_stand_in_the_order_in_which_they_were_received() -> None:
    steps = asked("first"), heard("second", pd("Dr. Heron")), heard("first", pd("Dr. Ibis"))
    assert [s.by for s in evidence_of(given(*steps).root, as_of=TODAY).statements] == ["Dr. Heron", "Dr. Ibis"]


def test_one_person_written_in_two_ways_is_one_person() -> None:
    steps = heard("1", pd("Dr. Ibis")), heard("2", pd("DR. IBIS"))
    assert {s.by for s in evidence_of(given(*steps).root, as_of=TODAY).statements} == {"Dr. Ibis"}


def test_a_request_and_an_opinion_without_a_grade_are_no_statements() -> None:
    steps = asked("1"), heard("2", related_pd(), said(None, killed="Letters"))
    assert evidence_of(given(*steps).root, as_of=TODAY).statements == ()


def test_a_reason_named_by_two_people_is_a_pattern() -> None:
    steps = [
        heard("1", pd("Dr. Ibis"), said(reasons=("letters", "research"))),
        heard("2", pd("dr. ibis"), said(reasons=("letters",))),
        heard("3", pd("Dr. Heron"), said(reasons=("research", "step2"))),
        heard("4", pd("Dr. Egret"), said(reasons=("research", "step2"))),
        heard("5", pd("Dr. Crane"), said(reasons=("letters",))),
        withdrawn("5"),
    ]
    assert shared_reasons(given(steps).root.opinions.values()) == [("research", 3), ("step2", 2)]
    assert shared_reasons([]) == []
