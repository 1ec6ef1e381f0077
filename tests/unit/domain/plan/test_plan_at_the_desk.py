"""The plan at the desk: one command, one save."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from core.advising.contacts import RecordPlacement, record_placement
from core.advising.decisions import (
    OverrideGate,
    RecordDecision,
    ReverseDecision,
    override_gate,
    record_decision,
    reverse_decision,
)
from core.advising.members import PublishPlaybook, publish_playbook
from core.advising.milestones import PlanMilestone, plan_milestone
from core.errors import InvalidValue
from core.journal.root import Stamp
from core.plan.windows import milestone
from tests.builders import Step, path_ready, pivot, reapply, recommended, weakness, weaknesses
from tests.unit.domain.plan.steps import (
    BEFORE_DECIDING,
    DAYS,
    EVERYONE,
    LATER,
    PIVOT,
    PIVOTS,
    REAPPLY,
    SIX,
    THREE,
    row,
    statuses,
)

if TYPE_CHECKING:
    from uuid import UUID

    from core.journey.decisions import NewDecision
    from tests.scenario import Team


def at_the_desk(team: Team, *more: Step) -> UUID:
    """A journey at the desk on which either path may be decided."""
    stream = team.open()
    journey = team.journey(stream)
    steps = [*path_ready(), weaknesses(weakness(months=18)), recommended("CONTESTED"), *more]
    for number, step in enumerate(steps):
        step(journey, Stamp(actor="setup", command_id=f"s-{number}", recorded_at=team.clock()))
    team.desk.journal.save(journey)
    return stream


def decide(team: Team, stream: UUID, new: NewDecision) -> None:
    team.do(record_decision, RecordDecision, journey_id=stream, decision=new)


def chosen(*codes: str) -> dict[str, Any]:
    return LATER | {"milestones": tuple(milestone(code, **DAYS) for code in codes)}


def test_one_command_writes_the_decision_what_was_chosen_and_the_rest_of_the_plan(team: Team) -> None:
    stream = at_the_desk(team)
    before = team.journey(stream).version
    decide(team, stream, reapply(**chosen("PLAN.6r.letter")))
    journey = team.journey(stream)
    new = [one for one in team.desk.journal.stream(stream) if one.originator_version > before]
    assert len({one.command_id for one in new}) == 1  # type: ignore[union-attr]
    planned_codes = [one.code for one in new if getattr(one, "TOPIC", "") == "milestone.planned"]  # type: ignore[union-attr]
    assert planned_codes[0] == "PLAN.6r.letter"
    assert sorted(planned_codes) == sorted(BEFORE_DECIDING | REAPPLY | EVERYONE)
    assert statuses(journey, BEFORE_DECIDING | {"PLAN.3.decide"}) == {"completed"}


def test_the_desk_switches_path_and_back_in_one_save_each(team: Team) -> None:
    stream = at_the_desk(team)
    decide(team, stream, reapply(**chosen("PLAN.6r.letter")))
    team.do(reverse_decision, ReverseDecision, journey_id=stream, decision_id="d-1", reason="the loan was refused")
    journey = team.journey(stream)
    assert (statuses(journey, REAPPLY), statuses(journey, EVERYONE)) == ({"waived"}, {"planned"})
    assert journey.milestones["PLAN.6r.role"].note == "the path changed: the decision was taken back"
    assert journey.milestones["PLAN.3.decide"].status == "planned"
    decide(team, stream, pivot(decision_id="d-2", **LATER))
    assert statuses(team.journey(stream), REAPPLY) == {"waived"}
    team.do(reverse_decision, ReverseDecision, journey_id=stream, decision_id="d-2", reason="the loan was given")
    decide(team, stream, reapply(decision_id="d-3", **chosen("PLAN.6r.letter")))
    journey = team.journey(stream)
    assert (statuses(journey, REAPPLY | EVERYONE), statuses(journey, PIVOT)) == ({"planned"}, {"waived"})
    assert len(journey.milestones) == len({held.code for held in journey.milestones.values()})


def test_a_decision_of_soap_week_leaves_the_plan_as_it_is(team: Team) -> None:
    stream = at_the_desk(team, PIVOTS)  # decided before decisions planned anything
    team.do(
        override_gate,
        OverrideGate,
        team.lead,
        journey_id=stream,
        decision="soap_take_part",
        code="deadline",
        why="the list opens at noon",
    )
    before = set(team.journey(stream).milestones)
    decide(team, stream, pivot(decision_id="soap", kind="soap_take_part", specialty=None))
    assert set(team.journey(stream).milestones) == before


def test_a_place_is_recorded_with_its_year_and_the_year_says_when_it_begins(team: Team) -> None:
    stream = team.open()
    place = {"kind": "preliminary_surgery", "specialty": "preliminary-surgery", "place": "Willow Bend"}
    team.do(record_placement, RecordPlacement, journey_id=stream, starts_on=date(2026, 7, 1), **place)
    top10 = team.journey(stream).milestones["PLAN.3.top10"]
    assert (top10.due_on, top10.status) == (THREE, "planned")
    assert top10.source.endswith("; cannot be shown by then: the year begins on 2026-07-01")


def test_a_place_recorded_years_later_plans_nothing(team: Team) -> None:
    stream = team.open()
    before = set(team.journey(stream).milestones)
    team.clock.forward(days=3 * 365)
    place = {"kind": "transitional_year", "specialty": "transitional-year", "place": "Lakeshore"}
    team.do(record_placement, RecordPlacement, journey_id=stream, **place)
    assert set(team.journey(stream).milestones) == before


def publish(team: Team, *rows: dict[str, Any]) -> None:
    content = team.desk.playbook().content | {"calendar": list(rows)}
    team.do(publish_playbook, PublishPlaybook, team.steward, content=content)


def test_a_calendar_is_loaded_with_the_playbook_and_bounds_what_is_chosen_planned_and_added(team: Team) -> None:
    publish(team, row(codes=["PLAN.6r.letter", "PLAN.12.strategic", "PLAN.6r.role"]))
    stream = at_the_desk(team)
    team.do(plan_milestone, PlanMilestone, journey_id=stream, milestone=milestone("PLAN.6r.role", **DAYS))
    decide(team, stream, reapply(**chosen("PLAN.6r.letter")))
    plan = team.journey(stream).milestones
    bounded = ("PLAN.6r.role", "PLAN.6r.letter", "PLAN.12.strategic")
    assert {plan[code].due_on for code in bounded} == {date(2026, 8, 26)}
    assert plan["PLAN.6r.projects"].due_on == SIX


def test_a_milestone_that_was_chosen_after_its_cycle_date_keeps_the_day_it_was_shown_with(team: Team) -> None:
    publish(team, row())
    stream = at_the_desk(team)
    team.clock.forward(days=160)  # 8 September
    decide(team, stream, reapply(**chosen("PLAN.6r.letter")))
    plan = team.journey(stream).milestones
    assert plan["PLAN.6r.letter"].due_on == SIX
    assert "PLAN.12.strategic" not in plan


def test_a_playbook_with_a_broken_calendar_is_refused(team: Team) -> None:
    with pytest.raises(InvalidValue, match=r"calendar/ERAS\.applications/source"):
        publish(team, row(source=None))
    assert "calendar" not in team.desk.playbook().content


def test_a_chosen_record_of_repair_warns_as_well(team: Team) -> None:
    stream = at_the_desk(team)
    decide(team, stream, reapply(**chosen("PLAN.12.record")))
    source = team.journey(stream).milestones["PLAN.12.record"].source
    assert source.endswith("; cannot be shown by then: the remedies take until 2027-09-20")
