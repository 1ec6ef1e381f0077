"""Another path: what is given up, what stays, and what coming back plans again."""

from __future__ import annotations

from datetime import date

from core.journey.milestones import complete_milestone, miss_milestone, reschedule_milestone, waive_milestone
from tests.builders import Step, decided, pivot, planned, reapply
from tests.scenario import given
from tests.unit.domain.plan.steps import (
    BEFORE_DECIDING,
    EVERYONE,
    LATER,
    PIVOT,
    REAPPLIES,
    REAPPLY,
    SEAT,
    SEAT_REAPPLY,
    SIX,
    after,
    follow,
    ready,
    reverse,
    statuses,
)


def to_pivot() -> list[Step]:
    return [REAPPLIES, follow(), reverse(), decided(pivot(decision_id="d-2", **LATER)), follow()]


def test_a_switch_waives_what_only_the_old_path_asked_and_keeps_what_both_ask() -> None:
    scenario = after(to_pivot()[:-1])
    journey = scenario.root
    assert statuses(journey, REAPPLY) == {"waived"}
    assert {journey.milestones[code].note for code in REAPPLY} == {"the path changed: pivot to another specialty"}
    assert statuses(journey, EVERYONE | BEFORE_DECIDING) == {"planned"}
    assert statuses(journey, PIVOT) == {"planned"}
    assert journey.milestones["first"].status == "planned"  # the team's own: only the team knows
    assert [one.TOPIC for one in scenario.history].count("milestone.waived") == len(REAPPLY)


def test_what_was_reached_before_a_switch_stays_reached() -> None:
    done: Step = lambda journey, at: complete_milestone(journey, "PLAN.6r.role", evidence="contract", stamp=at)  # noqa: E731
    journey = given(ready(), REAPPLIES, follow(), done, to_pivot()[2:]).root
    assert {code: journey.milestones[code].status for code in REAPPLY} == {
        "PLAN.6r.role": "completed",
        "PLAN.6r.projects": "waived",
        "PLAN.6r.letter": "waived",
    }


def test_what_the_old_path_missed_is_waived_too() -> None:
    missed: Step = lambda journey, at: miss_milestone(journey, "PLAN.6r.role", today=date(2026, 9, 21), stamp=at)  # noqa: E731
    journey = given(ready(), REAPPLIES, follow(), missed, to_pivot()[2:]).root
    assert journey.milestones["PLAN.6r.role"].status == "waived"


def test_what_somebody_planned_for_another_path_by_hand_is_left_alone() -> None:
    by_hand = planned("PLAN.6p.niches", code="PLAN.6p.niches", due_on=SIX)
    assert given(ready(), by_hand, REAPPLIES, follow()).root.milestones["PLAN.6p.niches"].status == "planned"
    since = planned("PLAN.6r.letter", code="PLAN.6r.letter", due_on=SIX)
    journey = given(ready(), to_pivot(), since, follow()).root
    assert journey.milestones["PLAN.6r.letter"].status == "planned"


def test_another_mode_of_the_same_path_gives_up_the_year_alone() -> None:
    seat = decided(reapply(mode="transitional_year", **LATER))
    lab = decided(reapply(decision_id="d-2", mode="research_year", **LATER))
    journey = given(ready(), seat, follow(), reverse(), lab, follow()).root
    assert statuses(journey, SEAT | SEAT_REAPPLY) == {"waived"}
    assert statuses(journey, REAPPLY | EVERYONE) == {"planned"}


def test_who_leaves_medicine_gives_up_the_whole_plan() -> None:
    leave = decided(pivot(decision_id="d-2", kind="leave_medicine", **LATER))
    journey = given(ready(), REAPPLIES, follow(), reverse(), leave, follow()).root
    assert statuses(journey, REAPPLY | EVERYONE | BEFORE_DECIDING) == {"waived"}


def test_coming_back_to_a_path_plans_again_what_the_switch_waived_with_the_day_it_had() -> None:
    own_day = date(2026, 11, 15)
    moved: Step = lambda journey, at: reschedule_milestone(  # noqa: E731
        journey, "PLAN.6r.letter", due_on=own_day, reason="Dr. Ibis is away", stamp=at
    )
    waived: Step = lambda journey, at: waive_milestone(journey, "PLAN.6r.role", reason="has a post", stamp=at)  # noqa: E731
    back = [reverse("d-2"), decided(reapply(decision_id="d-3", **LATER))]
    scenario = after(REAPPLIES, follow(), moved, waived, to_pivot()[2:], back)  # type: ignore[arg-type]
    plan = scenario.root.milestones
    assert {code: plan[code].status for code in REAPPLY} == {
        "PLAN.6r.role": "waived",  # by a person, for another reason
        "PLAN.6r.projects": "planned",
        "PLAN.6r.letter": "planned",
    }
    assert (plan["PLAN.6r.projects"].due_on, plan["PLAN.6r.letter"].due_on) == (SIX, own_day)
    assert statuses(scenario.root, PIVOT) == {"waived"}
    assert {one.TOPIC for one in scenario.happened} == {"milestone.waived", "milestone.rescheduled"}


def test_coming_back_after_the_last_day_leaves_it_waived() -> None:
    back = [reverse("d-2"), decided(reapply(decision_id="d-3", **LATER))]
    journey = given(ready(), to_pivot(), back, follow(today=date(2026, 9, 21))).root
    assert statuses(journey, REAPPLY) == {"waived"}
    assert statuses(journey, EVERYONE) == {"planned"}
