"""Opening, correcting and assigning whole journeys."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from core.advising.assessments import RecordFact, record_fact
from core.advising.contacts import (
    ChooseLadder,
    LogContact,
    RecordPlacement,
    choose_ladder,
    log_contact,
    record_placement,
)
from core.advising.journeys import (
    AssignAdvisor,
    CorrectDetails,
    OpenJourney,
    assign_advisor,
    correct_details,
    open_journey,
)
from core.advising.members import GrantRole, grant_role
from core.advising.milestones import CompleteMilestone, MissMilestone, complete_milestone, miss_milestone
from core.errors import Conflict, InvalidValue, RecordErased
from core.journey.journey import student_subject
from core.people.institution import Cohort, cohort_id
from tests.builders import NOW, new_journey
from tests.scenario import refused

if TYPE_CHECKING:
    from uuid import UUID

    from tests.scenario import Team


def opened(team: Team, **changes: Any) -> UUID:
    return open_journey(team.desk, team.lead, OpenJourney(command_id=team.id(), new=new_journey(**changes))).stream


def test_an_opened_journey_has_its_first_week_and_its_first_recommendation(team: Team) -> None:
    stream = opened(team)
    assert team.topics(stream) == [
        "journey.created",
        *["milestone.planned"] * 4,
        "assessment.profile-classified",
        "decision.recommendation-issued",
    ]
    journey = team.journey(stream)
    assert journey.recommendation is not None
    assert journey.recommendation["outcome"] == "INDETERMINATE"
    assert {event.command_id for event in team.desk.journal.stream(stream)} == {"c-1"}  # type: ignore[union-attr]


def test_the_first_journey_of_a_cycle_begins_its_cohort_and_the_second_does_not(team: Team) -> None:
    opened(team)
    opened(team, student_ref="S-200")
    assert team.topics(cohort_id(team.desk.journal.keys, 2026)) == ["cohort.created"]
    assert team.desk.journal.get(Cohort, cohort_id(team.desk.journal.keys, 2026)).cycle == 2026


@pytest.mark.parametrize("change", [{"specialty": "sorcery"}, {"name": " "}, {"match_day": date(2025, 3, 20)}])
def test_a_journey_that_is_refused_leaves_nothing_behind(team: Team, change: dict[str, Any]) -> None:
    head = team.desk.journal.head()
    with refused(InvalidValue, next(iter(change))):
        opened(team, **change)
    assert team.desk.journal.head() == head


def test_two_misses_of_one_student_are_two_journeys_and_the_later_links_to_the_earlier(team: Team) -> None:
    urology = opened(team, match_system="aua", match_day=date(2026, 2, 2), learned_on=date(2026, 2, 2))
    nrmp = opened(team)
    assert urology != nrmp
    assert team.journey(nrmp).earlier_journey == urology
    assert team.journey(urology).earlier_journey is None


def test_an_earlier_miss_that_is_written_down_later_does_not_link_forward(team: Team) -> None:
    nrmp = opened(team)
    urology = opened(team, match_system="aua", match_day=date(2026, 2, 2), learned_on=date(2026, 2, 2))
    assert (team.journey(nrmp).earlier_journey, team.journey(urology).earlier_journey) == (None, None)


def test_a_student_who_tries_again_has_a_journey_of_each_cycle_and_the_later_links_to_the_earlier(team: Team) -> None:
    first = opened(team)
    grant = GrantRole(command_id=team.id(), member_id=team.lead.member_id, role="lead", cohort="2027")
    grant_role(team.desk, team.steward, grant)
    team.clock.now = datetime(2027, 3, 16, 15, tzinfo=UTC)
    lead = team.desk.principal(team.lead.member_id)
    new = new_journey(cycle=2027, match_day=date(2027, 3, 19), learned_on=date(2027, 3, 15))
    second = open_journey(team.desk, lead, OpenJourney(command_id=team.id(), new=new)).stream
    assert (team.journey(first).earlier_journey, team.journey(second).earlier_journey) == (None, first)


def test_an_erased_student_gets_no_new_journey(team: Team) -> None:
    opened(team)
    team.desk.journal.keys.destroy(student_subject(team.desk.journal.keys, "S-100"), NOW)
    for system in ("nrmp", "aua"):
        with refused(RecordErased):
            opened(team, match_system=system)


def test_a_corrected_dream_field_brings_another_recommendation(team: Team) -> None:
    stream = team.open()
    before = team.journey(stream).version
    change = {"changes": {"specialty": "dermatology"}, "reason": "typing error"}
    team.do(correct_details, CorrectDetails, journey_id=stream, **change)
    assert team.topics(stream, after=before) == ["journey.details-corrected", "decision.recommendation-issued"]
    with refused(InvalidValue, "specialty: 'sorcery'"):
        team.do(correct_details, CorrectDetails, journey_id=stream, changes={"specialty": "sorcery"}, reason="x")


def test_a_corrected_day_1_moves_the_first_week_along(team: Team) -> None:
    stream = team.open()
    team.do(complete_milestone, CompleteMilestone, journey_id=stream, milestone_id="WEEK1.tell", evidence="told")
    team.do(correct_details, CorrectDetails, journey_id=stream, changes={"learned_on": date(2026, 3, 18)}, reason="x")
    due = {code: m.due_on.isoformat() for code, m in team.journey(stream).milestones.items()}
    assert due == {
        "WEEK1.tell": "2026-03-17",
        "WEEK1.inventory": "2026-03-20",
        "WEEK1.opinions": "2026-03-24",
        "PLAN.3.decide": "2026-06-20",
    }


def test_only_a_member_with_a_role_in_the_cohort_advises(team: Team) -> None:
    stream = opened(team)
    team.do(assign_advisor, AssignAdvisor, team.lead, journey_id=stream, advisor_id=team.advisor.member_id)
    assert team.journey(stream).target.team == "north"
    for nobody in (team.steward.member_id, "no id", str(stream)):
        with refused(InvalidValue, "advisor"):
            team.do(assign_advisor, AssignAdvisor, team.lead, journey_id=stream, advisor_id=nobody)


def test_what_happened_in_the_future_is_refused_and_what_happened_today_names_no_other_day(team: Team) -> None:
    stream = team.open()
    for use_case, command in (
        (record_fact, {"name": "visa", "value": "j1", "source": "x"}),
        (log_contact, {"channel": "call", "summary": "x"}),
    ):
        kind = RecordFact if use_case is record_fact else LogContact
        with refused(InvalidValue, "happened_on: '2026-04-02' is not allowed (2026-04-01 or earlier)"):
            team.do(use_case, kind, journey_id=stream, happened_on=date(2026, 4, 2), **command)
        team.do(use_case, kind, journey_id=stream, happened_on=date(2026, 4, 1), **command)
        assert team.desk.journal.stream(stream)[-1].happened_on is None  # type: ignore[union-attr]


def test_a_chosen_ladder_is_one_of_the_dream_field(team: Team) -> None:
    stream = team.open()
    team.do(choose_ladder, ChooseLadder, journey_id=stream, ladder="ORTHO.anes-pain")
    assert team.journey(stream).ladder == "ORTHO.anes-pain"
    with refused(InvalidValue, "ladder: 'DERM.im-rheum'"):
        team.do(choose_ladder, ChooseLadder, journey_id=stream, ladder="DERM.im-rheum")


def test_a_placement_names_a_specialty_that_the_playbook_knows(team: Team) -> None:
    stream = team.open()
    placement = {"journey_id": stream, "kind": "categorical", "place": "Lakeside", "starts_on": date(2026, 7, 1)}
    team.do(record_placement, RecordPlacement, specialty="anesthesiology", **placement)
    with refused(InvalidValue, "specialty: 'sorcery'"):
        team.do(record_placement, RecordPlacement, specialty="sorcery", **placement)


def test_a_milestone_is_missed_by_the_institutions_calendar(team: Team) -> None:
    stream = team.open()
    team.clock.now = NOW.replace(month=6, day=21, hour=4, minute=59)  # June 20, one minute to midnight in Chicago
    team.do(miss_milestone, MissMilestone, journey_id=stream, milestone_id="PLAN.3.decide")
    assert team.journey(stream).milestones["PLAN.3.decide"].status == "planned"
    team.clock.forward(minutes=1)
    team.do(miss_milestone, MissMilestone, journey_id=stream, milestone_id="PLAN.3.decide")
    assert team.journey(stream).milestones["PLAN.3.decide"].status == "missed"
    with refused(Conflict, "exists already"):
        opened(team)
