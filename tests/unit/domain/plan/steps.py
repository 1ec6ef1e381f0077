"""What tests of the plan share: journeys on which a path may be decided, and what the tables ask."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from core.journey import decisions, placements
from core.plan.calendars import Calendar
from core.plan.path import follow_decision
from core.plan.windows import first_milestones
from tests.builders import (
    TODAY,
    Step,
    decided,
    path_ready,
    pivot,
    planned,
    reapply,
    recommended,
    weakness,
    weaknesses,
)
from tests.scenario import Scenario, given

if TYPE_CHECKING:
    from core.journey.journey import Journey

DAYS: dict[str, Any] = {"match_day": date(2026, 3, 20), "learned_on": date(2026, 3, 16)}
LATER: dict[str, Any] = {"reason_code": "family", "reason": "I want to stay near my parents."}
NO_DATES = Calendar()
THREE, SIX, TWELVE = date(2026, 6, 20), date(2026, 9, 20), date(2027, 3, 20)
BEFORE_DECIDING = {"PLAN.3.assess", "PLAN.3.conversations"}
EVERYONE = {"PLAN.12.record", "PLAN.12.strategic", "PLAN.12.longgame"}
REAPPLY = {"PLAN.6r.role", "PLAN.6r.projects", "PLAN.6r.letter"}
PIVOT = {"PLAN.6p.niches", "PLAN.6p.rotations", "PLAN.6p.network"}
SEAT = {"PLAN.3.top10"}
SEAT_REAPPLY = {"YEAR.reapply.letter", "YEAR.reapply.field"}
SEAT_PIVOT = {"YEAR.pivot.place", "YEAR.pivot.reputation", "YEAR.pivot.niches"}


def ready(outcome: str = "CONTESTED") -> list[Step]:
    """A journey on which either path may be decided, with the plan that it was opened with."""
    opened = [
        planned(one.milestone_id, code=one.code, title=one.title, due_on=one.due_on, source=one.source)
        for one in first_milestones(**DAYS)
    ]
    return [*opened, *path_ready(), weaknesses(weakness()), recommended(outcome)]


def follow(today: date = TODAY, calendar: Calendar = NO_DATES) -> Step:
    return lambda journey, at: follow_decision(journey, calendar, today=today, stamp=at)


def reverse(decision_id: str = "d-1") -> Step:
    return lambda journey, at: decisions.reverse_decision(journey, decision_id, reason="x", stamp=at)


def placed(kind: str) -> Step:
    return lambda journey, at: placements.record_placement(journey, kind, specialty="x", place="Willow Bend", stamp=at)


def after(*steps: Step | list[Step], today: date = TODAY) -> Scenario:
    """Follow the decision that these steps end with."""
    return given(ready(), *steps).when(follow_decision, NO_DATES, today=today)


def new_codes(scenario: Scenario) -> set[str]:
    return {one.code for one in scenario.happened if one.TOPIC == "milestone.planned"}


def statuses(journey: Journey, codes: set[str]) -> set[str]:
    return {journey.milestones[code].status for code in codes}


REAPPLIES = decided(reapply(**LATER))
PIVOTS = decided(pivot(**LATER))


def row(**changes: Any) -> dict[str, Any]:
    given_: dict[str, Any] = {
        "id": "ERAS.applications",
        "date": "2026-08-26",
        "source": "ERAS timeline as loaded by the school",
        "cycle": 2027,
        "codes": ["PLAN.6r.letter", "PLAN.12.strategic"],
    }
    return {key: value for key, value in (given_ | changes).items() if value is not None}
