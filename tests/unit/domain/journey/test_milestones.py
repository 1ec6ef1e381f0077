"""Milestones planned, rescheduled, completed, waived and missed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.errors import Conflict, InvalidValue, NotFound
from core.journey.journey import ChangedMeanwhile
from core.journey.milestones import (
    complete_milestone,
    miss_milestone,
    plan_milestone,
    reschedule_milestone,
    waive_milestone,
)
from tests.builders import LEAD, Step, new_milestone, planned, stamp
from tests.scenario import event, given

JUNE = date(2026, 6, 1)


def completed(at: str = "done") -> Step:
    return lambda journey, stamped: complete_milestone(journey, "own-1", evidence=at, stamp=stamped)


def waived() -> Step:
    return lambda journey, stamped: waive_milestone(journey, "own-1", reason="moved away", stamp=stamped)


def missed() -> Step:
    return lambda journey, stamped: miss_milestone(journey, "own-1", today=date(2026, 5, 2), stamp=stamped)


def test_a_planned_milestone_carries_its_day_and_where_the_day_comes_from() -> None:
    journey = (
        given()
        .when(plan_milestone, new_milestone(title=" Call ", source=" team "))
        .then(event("milestone.planned", title="Call", due_on=date(2026, 5, 1), source="team", code="own"))
    )
    assert journey.milestones["own-1"].status == "planned"


def test_a_milestone_needs_title_and_source() -> None:
    given().when(plan_milestone, new_milestone(title=" ")).then_refused(InvalidValue, "title")
    given().when(plan_milestone, new_milestone(source="")).then_refused(InvalidValue, "source")


def test_planning_the_same_milestone_again_is_quiet_and_with_another_day_refused() -> None:
    given(planned()).when(plan_milestone, new_milestone()).then_nothing()
    given(planned()).when(plan_milestone, new_milestone(due_on=JUNE)).then_refused(
        Conflict, "Call the lab is already on the plan for 2026-05-01; reschedule it instead"
    )


def test_a_rescheduled_milestone_has_the_new_day_and_the_reason() -> None:
    journey = (
        given(planned())
        .when(reschedule_milestone, "own-1", due_on=JUNE, reason="lab closed")
        .then(event("milestone.rescheduled", due_on=JUNE, reason="lab closed"))
    )
    assert (journey.milestones["own-1"].due_on, journey.milestones["own-1"].note) == (JUNE, "lab closed")


def test_rescheduling_to_the_same_day_is_quiet_and_needs_a_reason_otherwise() -> None:
    given(planned()).when(reschedule_milestone, "own-1", due_on=date(2026, 5, 1), reason="").then_nothing()
    given(planned()).when(reschedule_milestone, "own-1", due_on=JUNE, reason="").then_refused(InvalidValue, "reason")


def test_a_milestone_of_ones_own_is_not_due_before_the_status_was_learned() -> None:
    learned = given().root.learned_on
    given().when(plan_milestone, new_milestone(due_on=learned - timedelta(days=1))).then_refused(
        InvalidValue, f"{learned.isoformat()} or later"
    )
    given().when(plan_milestone, new_milestone(due_on=learned)).then(event("milestone.planned"))


def test_a_missed_milestone_that_is_rescheduled_is_planned_again() -> None:
    journey = (
        given(planned(), missed())
        .when(reschedule_milestone, "own-1", due_on=JUNE, reason="x")
        .then(event("milestone.rescheduled"))
    )
    assert journey.milestones["own-1"].status == "planned"


def test_a_completed_milestone_carries_its_evidence() -> None:
    journey = (
        given(planned())
        .when(complete_milestone, "own-1", evidence=" mail of May 1 ")
        .then(event("milestone.completed", evidence="mail of May 1"))
    )
    assert (journey.milestones["own-1"].status, journey.milestones["own-1"].note) == ("completed", "mail of May 1")


def test_a_missed_milestone_may_still_be_completed_or_waived() -> None:
    given(planned(), missed()).when(complete_milestone, "own-1", evidence="x").then(event("milestone.completed"))
    given(planned(), missed()).when(waive_milestone, "own-1", reason="x").then(event("milestone.waived"))


def test_a_waived_milestone_carries_its_reason() -> None:
    journey = (
        given(planned())
        .when(waive_milestone, "own-1", reason="moved away")
        .then(event("milestone.waived", reason="moved away"))
    )
    assert journey.milestones["own-1"].status == "waived"


def test_completing_and_waiving_need_evidence_and_reason() -> None:
    given(planned()).when(complete_milestone, "own-1", evidence=" ").then_refused(InvalidValue, "evidence")
    given(planned()).when(waive_milestone, "own-1", reason=" ").then_refused(InvalidValue, "reason")


def test_completing_and_waiving_twice_are_quiet() -> None:
    given(planned(), completed()).when(complete_milestone, "own-1", evidence="again", seen=1).then_nothing()
    given(planned(), waived()).when(waive_milestone, "own-1", reason="again", seen=1).then_nothing()


def test_what_is_over_stays_over() -> None:
    over = "is already completed"
    given(planned(), completed()).when(waive_milestone, "own-1", reason="x").then_refused(Conflict, over)
    given(planned(), completed()).when(reschedule_milestone, "own-1", due_on=JUNE, reason="x").then_refused(
        Conflict, over
    )
    given(planned(), waived()).when(complete_milestone, "own-1", evidence="x").then_refused(Conflict, "already waived")


def test_a_milestone_is_missed_when_its_last_day_is_over_and_not_on_it() -> None:
    scenario = given(planned())
    scenario.when(miss_milestone, "own-1", today=date(2026, 5, 1)).then_nothing()
    journey = scenario.when(miss_milestone, "own-1", today=date(2026, 5, 2)).then(event("milestone.missed"))
    assert journey.milestones["own-1"].status == "missed"
    scenario.when(miss_milestone, "own-1", today=date(2026, 5, 3)).then_nothing()


def test_what_is_completed_or_waived_is_never_missed() -> None:
    for over in (completed(), waived()):
        given(planned(), over).when(miss_milestone, "own-1", today=JUNE).then_nothing()


@pytest.mark.parametrize(
    ("decide", "words"),
    [
        (reschedule_milestone, {"due_on": JUNE, "reason": "x"}),
        (complete_milestone, {"evidence": "x"}),
        (waive_milestone, {"reason": "x"}),
        (miss_milestone, {"today": JUNE}),
    ],
)
def test_what_is_not_on_the_plan_is_not_found(decide: Any, words: dict[str, Any]) -> None:
    given().when(decide, "own-1", **words).then_refused(NotFound, "there is no milestone own-1")


@pytest.mark.parametrize(
    ("decide", "words", "yours"),
    [
        (reschedule_milestone, {"due_on": JUNE, "reason": "x"}, "reschedule to 2026-06-01"),
        (complete_milestone, {"evidence": "x"}, "complete"),
        (waive_milestone, {"reason": "x"}, "waive"),
    ],
)
def test_a_milestone_that_somebody_changed_meanwhile_shows_both_versions(
    decide: Any, words: dict[str, Any], yours: str
) -> None:
    scenario = given(planned()).when(
        reschedule_milestone, "own-1", due_on=date(2026, 5, 9), reason="x", stamp=stamp("theirs", LEAD)
    )
    clash = scenario.when(decide, "own-1", **words, seen=2).then_refused(ChangedMeanwhile)
    assert (clash.theirs, clash.yours, clash.who) == ("planned, 2026-05-09", yours, LEAD)
    scenario.when(decide, "own-1", **words, seen=clash.version)
    assert len(scenario.happened) == 1
