"""The playbook's windows as dates (playbook §9 PLAN, §1 WEEK1, *Reading (clocks)*)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.journey.journey import correct_details
from core.journey.milestones import complete_milestone, reschedule_milestone
from core.plan.windows import WINDOWS, add_months, first_milestones, milestone, realign, settle, suggested
from tests.builders import (
    INVENTORY,
    Step,
    decided,
    facts,
    heard,
    path_ready,
    pd,
    pivot,
    planned,
    recommended,
    related_pd,
    stamp,
)
from tests.scenario import event, given

MATCH_DAY = date(2026, 3, 20)
DAY_1 = date(2026, 3, 16)
DAYS: dict[str, Any] = {"match_day": MATCH_DAY, "learned_on": DAY_1}


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 20), 3, date(2026, 6, 20)),
        (date(2026, 3, 20), 12, date(2027, 3, 20)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_are_calendar_months_clipped_to_the_months_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(("code", "due"), [("WEEK1.tell", 17), ("WEEK1.inventory", 18), ("WEEK1.opinions", 22)])
def test_the_first_week_counts_from_day_1_inclusive(code: str, due: int) -> None:
    assert milestone(code, **DAYS).due_on == date(2026, 3, due)


@pytest.mark.parametrize(
    ("code", "due"),
    [
        ("PLAN.3.decide", date(2026, 6, 20)),
        ("PLAN.6r.role", date(2026, 9, 20)),
        ("PLAN.6p.niches", date(2026, 9, 20)),
        ("PLAN.12.record", date(2027, 3, 20)),
    ],
)
def test_the_plan_counts_from_match_day(code: str, due: date) -> None:
    made = milestone(code, **DAYS)
    assert (made.due_on, made.milestone_id, made.code) == (due, code, code)
    assert made.source.startswith(f"playbook {code}: ")


def test_each_window_counts_either_days_or_months() -> None:
    assert all((window.days is None) != (window.months is None) for window in WINDOWS.values())


def test_every_journey_starts_with_its_first_week_and_the_day_to_decide() -> None:
    assert [m.code for m in first_milestones(**DAYS)] == [
        "WEEK1.tell",
        "WEEK1.inventory",
        "WEEK1.opinions",
        "PLAN.3.decide",
    ]


def test_each_branch_has_its_own_suggestions_and_those_of_everyone() -> None:
    reapply, pivoting = ({m.code for m in suggested(branch, **DAYS)} for branch in ("reapply", "pivot"))
    assert {"PLAN.6r.role", "PLAN.6r.projects", "PLAN.6r.letter"} == reapply - pivoting
    assert {"PLAN.6p.niches", "PLAN.6p.rotations", "PLAN.6p.network"} == pivoting - reapply
    assert {"PLAN.12.record", "PLAN.12.strategic"} <= reapply & pivoting


def on_the_plan() -> list[Step]:
    return [
        planned(m.milestone_id, code=m.code, title=m.title, due_on=m.due_on, source=m.source)
        for m in first_milestones(**DAYS)
    ]


def statuses(journey: Any) -> dict[str, str]:
    return {code: held.status for code, held in journey.milestones.items() if held.status != "planned"}


def test_a_complete_inventory_completes_its_milestone() -> None:
    scenario = given(on_the_plan(), facts(INVENTORY))
    journey = scenario.when(settle).then(event("milestone.completed", milestone_id="WEEK1.inventory"))
    assert statuses(journey) == {"WEEK1.inventory": "completed"}
    scenario.when(settle).then_nothing()


@pytest.mark.parametrize("name", INVENTORY)
def test_an_inventory_with_a_hole_completes_nothing(name: str) -> None:
    given(on_the_plan(), facts(INVENTORY, without=name)).when(settle).then_nothing()


def test_two_outside_opinions_complete_their_milestone_and_one_does_not() -> None:
    given(on_the_plan(), heard("a", pd())).when(settle).then_nothing()
    given(on_the_plan(), heard("a", pd()), heard("b", related_pd())).when(settle).then(
        event("milestone.completed", milestone_id="WEEK1.opinions")
    )


def test_a_standing_path_decision_completes_the_day_to_decide() -> None:
    journey = given(path_ready(), recommended("PIVOT_NOW"), decided(pivot()), on_the_plan()).when(settle).root
    assert statuses(journey)["PLAN.3.decide"] == "completed"


def test_a_milestone_that_is_not_on_the_plan_is_not_settled() -> None:
    given(path_ready()).when(settle).then_nothing()


def test_open_milestones_move_along_when_the_day_they_count_from_was_wrong() -> None:
    scenario = given(on_the_plan())
    scenario.when(correct_details, {"match_day": date(2026, 3, 21), "learned_on": date(2026, 3, 17)}, reason="x")
    journey = scenario.when(realign, MATCH_DAY, DAY_1).then(*[event("milestone.rescheduled")] * 4)
    assert [m.due_on for m in journey.milestones.values()] == [
        date(2026, 3, 18),
        date(2026, 3, 19),
        date(2026, 3, 23),
        date(2026, 6, 21),
    ]


def test_milestones_with_a_date_of_their_own_or_already_over_stay_where_they_are() -> None:
    own = date(2026, 4, 30)
    scenario = given(
        on_the_plan(),
        lambda journey, at: reschedule_milestone(journey, "WEEK1.opinions", due_on=own, reason="x", stamp=at),
        lambda journey, at: complete_milestone(journey, "WEEK1.tell", evidence="x", stamp=at),
    )
    scenario.when(correct_details, {"learned_on": date(2026, 3, 17)}, reason="x")
    scenario.when(realign, MATCH_DAY, DAY_1, stamp=stamp()).then(
        event("milestone.rescheduled", milestone_id="WEEK1.inventory", due_on=date(2026, 3, 19))
    )


def test_nothing_moves_when_nothing_was_wrong() -> None:
    given(on_the_plan()).when(realign, MATCH_DAY, DAY_1).then_nothing()
