"""What packs add to a plan: milestones of a missed field, and cycle dates (playbook §9 PLAN, *Reading (clocks)*)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from core.advising.contacts import RecordPlacement, record_placement
from core.advising.decisions import ReverseDecision, reverse_decision
from core.advising.journeys import CorrectDetails, correct_details
from core.advising.members import PublishPlaybook, publish_playbook
from core.advising.milestones import PlanMilestone, plan_milestone
from core.plan.calendars import Calendar
from core.plan.windows import WINDOWS, suggested, windows_for
from tests.builders import ORTHO, pivot, reapply
from tests.playbooks import minimal_content, pack
from tests.unit.domain.plan.steps import DAYS, LATER, statuses
from tests.unit.domain.plan.test_plan_at_the_desk import at_the_desk, chosen, decide

if TYPE_CHECKING:
    from tests.scenario import Team


def template(**changes: Any) -> dict[str, Any]:
    """A milestone of a pack as a playbook holds it."""
    given: dict[str, Any] = {
        "id": "BONE.away-letter",
        "specialties": [ORTHO],
        "title": "Win a letter away from home",
        "branch": "reapply",
        "months": 7,
        "source": "our advising team",
    }
    return given | changes


def cycle_date(**changes: Any) -> dict[str, Any]:
    """A cycle date of a pack as a playbook holds it."""
    given: dict[str, Any] = {
        "id": "BONE.letters",
        "date": "2026-09-23",
        "source": "the board, seen 2026-06-01",
        "cycle": 2027,
        "codes": ["BONE.away-letter", "PLAN.12.strategic"],
        "match_system": None,
        "specialties": [],
    }
    return given | changes


def brought(milestones: list[dict[str, Any]] | None = None, *dates: dict[str, Any]) -> dict[str, Any]:
    """The small playbook with a pack that brings these milestones and cycle dates."""
    content = minimal_content()
    bone = pack("bone", milestones=milestones or [template()], calendars=list(dates))
    return content | {"packs": [*content["packs"], bone]}


def publish(team: Team, *packs: dict[str, Any]) -> None:
    content = team.desk.playbook().content
    content["packs"] += packs
    team.do(publish_playbook, PublishPlaybook, team.steward, content=content)


BONE = pack("bone", milestones=[template(), template(id="BONE.niche", branch="pivot", months=2)])
OURS = {"BONE.away-letter"}


def test_a_pack_adds_milestones_for_those_who_missed_its_specialty_and_nobody_else() -> None:
    assert set(windows_for(brought(), ORTHO)) - set(WINDOWS) == OURS
    assert windows_for(brought(), "dermatology") == WINDOWS


def test_a_playbook_from_before_packs_brought_milestones_and_dates_gives_the_windows_alone() -> None:
    calendar = Calendar.of(minimal_content(), ORTHO)
    assert (calendar.windows, calendar.dates) == (WINDOWS, ())


def test_a_milestone_of_a_pack_counts_from_match_day_and_says_who_advises_it() -> None:
    new = next(m for m in suggested("reapply", **DAYS, windows=windows_for(brought(), ORTHO)) if m.code in OURS)
    assert (new.due_on, new.title) == (date(2026, 10, 20), "Win a letter away from home")
    assert new.source == "pack BONE.away-letter: 7 months from Match Day (our advising team)"
    assert new.code not in {m.code for m in suggested("pivot", **DAYS, windows=windows_for(brought(), ORTHO))}


def test_a_milestone_of_a_pack_is_suggested_although_its_day_comes_before_the_day_of_the_decision() -> None:
    windows = windows_for(brought([template(months=2)]), ORTHO)
    assert {m.code for m in suggested("reapply", **DAYS, windows=windows)} >= OURS


def test_a_decision_plans_what_the_pack_asks_of_its_branch_and_a_reversal_gives_it_up(team: Team) -> None:
    publish(team, BONE)
    stream = at_the_desk(team)
    decide(team, stream, reapply(**chosen("PLAN.6r.letter")))
    held = team.journey(stream).milestones
    assert (held["BONE.away-letter"].due_on, held["BONE.away-letter"].status) == (date(2026, 10, 20), "planned")
    assert "BONE.niche" not in held

    team.do(reverse_decision, ReverseDecision, journey_id=stream, decision_id="d-1", reason="the loan was refused")
    assert statuses(team.journey(stream), OURS) == {"waived"}

    decide(team, stream, pivot(decision_id="d-2", **LATER))
    assert statuses(team.journey(stream), {"BONE.niche"}) == {"planned"}
    assert statuses(team.journey(stream), OURS) == {"waived"}


def test_a_milestone_of_a_pack_for_another_specialty_stays_out_of_the_plan(team: Team) -> None:
    publish(team, pack("skin", milestones=[template(specialties=["dermatology"])]))
    stream = at_the_desk(team)
    decide(team, stream, reapply(**chosen("PLAN.6r.letter")))
    assert "BONE.away-letter" not in team.journey(stream).milestones


def test_a_place_for_the_year_plans_nothing_of_a_pack(team: Team) -> None:
    publish(team, pack("bone", milestones=[template(branch="everyone")]))
    stream = team.open()
    place = {"kind": "transitional_year", "specialty": "transitional-year", "place": "Lakeshore"}
    team.do(record_placement, RecordPlacement, journey_id=stream, **place)
    assert "BONE.away-letter" not in team.journey(stream).milestones


def test_a_milestone_that_a_withdrawn_pack_once_brought_stays_on_the_plan_as_it_was(team: Team) -> None:
    before = team.desk.playbook().content
    publish(team, BONE)
    stream = at_the_desk(team)
    decide(team, stream, reapply(**chosen("PLAN.6r.letter")))
    team.do(publish_playbook, PublishPlaybook, team.steward, content=before)
    team.do(reverse_decision, ReverseDecision, journey_id=stream, decision_id="d-1", reason="the loan was refused")
    assert statuses(team.journey(stream), OURS) == {"planned"}


def test_an_open_milestone_of_a_pack_moves_along_with_match_day(team: Team) -> None:
    publish(team, BONE)
    stream = at_the_desk(team)
    decide(team, stream, reapply(**chosen("PLAN.6r.letter")))
    team.do(
        correct_details,
        CorrectDetails,
        team.lead,
        journey_id=stream,
        changes={"match_day": date(2026, 3, 18)},
        reason="the wrong day was typed",
    )
    assert team.journey(stream).milestones["BONE.away-letter"].due_on == date(2026, 10, 18)


def due(content: dict[str, Any], code: str, specialty: str = ORTHO) -> tuple[date, str]:
    class Clocks:
        match_day, learned_on, cycle, match_system = DAYS["match_day"], DAYS["learned_on"], 2026, "nrmp"

    new = Calendar.of(content, specialty).milestone(code, Clocks())
    return new.due_on, new.source


def test_the_earlier_of_a_milestones_own_day_and_the_cycle_date_of_a_pack_counts() -> None:
    content = brought(None, cycle_date())
    says = "BONE.letters of the cycle 2027 (the board, seen 2026-06-01)"
    assert due(content, "BONE.away-letter") == (date(2026, 9, 23), f"pack BONE.away-letter: {says}")
    assert due(content, "PLAN.12.strategic") == (date(2026, 9, 23), f"playbook PLAN.12.strategic: {says}")
    assert due(brought(None, cycle_date(date="2026-12-01")), "BONE.away-letter")[0] == date(2026, 10, 20)


def test_a_cycle_date_of_a_pack_binds_only_the_specialties_and_the_match_that_it_names() -> None:
    ours, whole = date(2026, 9, 23), date(2027, 3, 20)
    everyone = brought(None, cycle_date())
    derm = brought(None, cycle_date(specialties=["dermatology"]))
    aua = brought(None, cycle_date(match_system="aua"))
    assert due(everyone, "PLAN.12.strategic", "urology")[0] == ours
    assert [due(derm, "PLAN.12.strategic", slug)[0] for slug in ("dermatology", ORTHO)] == [ours, whole]
    assert due(aua, "PLAN.12.strategic")[0] == whole


def test_dates_of_the_institution_and_of_packs_count_together() -> None:
    school = {"id": "School.letters", "date": "2026-08-03", "source": "the dean", "cycle": 2027}
    content = brought(None, cycle_date()) | {"calendar": [school | {"codes": ["PLAN.12.strategic"]}]}
    assert due(content, "PLAN.12.strategic")[0] == date(2026, 8, 3)
    assert due(content, "BONE.away-letter")[0] == date(2026, 9, 23)


def test_a_cycle_date_of_a_pack_bounds_what_is_planned_by_hand(team: Team) -> None:
    publish(team, BONE | {"calendars": [cycle_date()]})
    stream = team.open()
    new = team.desk.calendar(ORTHO).milestone("BONE.away-letter", team.journey(stream))
    team.do(plan_milestone, PlanMilestone, journey_id=stream, milestone=new)
    assert team.journey(stream).milestones["BONE.away-letter"].due_on == date(2026, 9, 23)
