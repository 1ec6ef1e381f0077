"""From facts to a decision at the desk: advice follows the evidence, the gate holds, one command is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.advising.assessments import (
    AssessWeaknesses,
    ConfirmFact,
    CorrectFact,
    DisputeFact,
    RecordFact,
    assess_weaknesses,
    confirm_fact,
    correct_fact,
    dispute_fact,
    record_fact,
)
from core.advising.decisions import (
    Concur,
    Dissent,
    OverrideGate,
    RecordDecision,
    ReverseDecision,
    concur,
    dissent,
    override_gate,
    record_decision,
    reverse_decision,
)
from core.advising.feedback import (
    DeclineOpinion,
    MarkTrust,
    ReceiveOpinion,
    RequestOpinion,
    WithdrawOpinion,
    decline_opinion,
    mark_trust,
    receive_opinion,
    request_opinion,
    withdraw_opinion,
)
from core.advising.journeys import AssignAdvisor, assign_advisor
from core.advising.members import (
    AddMember,
    ChangeTeam,
    DeactivateMember,
    add_member,
    change_team,
    deactivate_member,
)
from core.advising.milestones import PlanMilestone, plan_milestone
from core.decision.recommendation import evaluate
from core.errors import Conflict, GateClosed, InvalidValue, NotAllowed
from core.journey.evidence import evidence_of
from tests.builders import INVENTORY, TODAY, new_milestone, pd, pivot, reapply, related_pd, said, weakness
from tests.scenario import refused

if TYPE_CHECKING:
    from uuid import UUID

    from tests.scenario import Team

ISSUED = "decision.recommendation-issued"


def fact(team: Team, stream: UUID, name: str, value: Any, **fields: Any) -> None:
    team.do(record_fact, RecordFact, journey_id=stream, name=name, value=value, source="ERAS", **fields)


def opinion(team: Team, stream: UUID, opinion_id: str, reviewer: Any, answer: Any) -> None:
    team.do(receive_opinion, ReceiveOpinion, journey_id=stream, opinion_id=opinion_id, reviewer=reviewer, said=answer)


def near_competitive(team: Team, grade: int = 3, **changes: Any) -> UUID:
    """A journey with a full inventory, two opinions, one weakness that 12 months mend, and no money pressure."""
    stream = team.open()
    known = INVENTORY | {"step2": 250, "interviews_offered": 7, "research": "multiple", "financial_pressure": False}
    for name, value in (known | changes).items():
        fact(team, stream, name, value)
    opinion(team, stream, "dream", pd(), said(grade))
    opinion(team, stream, "related", related_pd(), said(4))
    team.do(assess_weaknesses, AssessWeaknesses, journey_id=stream, weaknesses=(weakness(),), source="opinions")
    return stream


def outcome(team: Team, stream: UUID) -> str:
    recommendation = team.journey(stream).recommendation
    assert recommendation is not None
    return str(recommendation["outcome"])


def test_the_recommendation_follows_the_evidence_and_says_on_which_events_it_stands(team: Team) -> None:
    stream = near_competitive(team)
    journey = team.journey(stream)
    recommendation = journey.recommendation
    assert recommendation is not None
    assert (recommendation["outcome"], recommendation["playbook"]) == ("REAPPLY", team.desk.playbook().digest)
    fresh = evaluate(evidence_of(journey, as_of=TODAY), team.desk.playbook()).to_dict()
    assert fresh == recommendation
    [rule] = [one for one in recommendation["rules"] if one["id"] == "PIVOT.interviews"]
    assert rule["refs"] == [journey.facts["interviews_offered"].version]


def test_a_fact_that_no_rule_reads_brings_no_new_recommendation(team: Team) -> None:
    stream = near_competitive(team)
    before = team.journey(stream).version
    fact(team, stream, "visa", "j1")
    assert team.topics(stream, after=before) == ["assessment.fact-recorded"]


def test_the_same_said_again_is_not_issued_again(team: Team) -> None:
    stream = near_competitive(team)
    before = team.journey(stream).version
    fact(team, stream, "research", "multiple", happened_on=TODAY.replace(month=3))
    assert team.topics(stream, after=before) == ["assessment.fact-recorded"]


def test_a_corrected_fact_brings_a_new_recommendation_and_a_dispute_does_not(team: Team) -> None:
    stream = near_competitive(team)
    before = team.journey(stream).version
    team.do(dispute_fact, DisputeFact, journey_id=stream, name="interviews_offered", reason="two were mine")
    assert team.topics(stream, after=before) == ["assessment.fact-disputed"]
    correction = {"name": "interviews_offered", "value": 2, "source": "mail", "reason": "checked"}
    team.do(correct_fact, CorrectFact, journey_id=stream, **correction)
    assert outcome(team, stream) == "PIVOT_NOW"


def test_the_students_own_word_is_recorded_on_their_behalf(team: Team) -> None:
    stream = near_competitive(team)
    facts = team.journey(stream).facts
    assert (facts["financial_pressure"].on_behalf, facts["step2"].on_behalf) == (True, False)
    team.do(confirm_fact, ConfirmFact, journey_id=stream, name="step2")
    assert team.desk.journal.stream(stream)[-1].on_behalf is True  # type: ignore[union-attr]


def test_money_pressure_makes_a_reapply_contested_and_asks_for_a_reason(team: Team) -> None:
    stream = near_competitive(team, financial_pressure=True)
    assert outcome(team, stream) == "CONTESTED"
    with refused(InvalidValue, "reason_code"):
        team.do(record_decision, RecordDecision, journey_id=stream, decision=reapply())


def test_a_reapply_decision_and_its_first_milestones_are_one_transaction(team: Team) -> None:
    stream = near_competitive(team)
    before = team.journey(stream).version
    milestones = (new_milestone("m-1"), new_milestone("m-2"))
    team.do(
        record_decision, RecordDecision, command_id="whole", journey_id=stream, decision=reapply(milestones=milestones)
    )
    first = ["decision.gate-passed", "decision.recorded", "milestone.planned", "milestone.planned"]
    assert team.topics(stream, after=before)[:4] == first
    new = [event for event in team.desk.journal.stream(stream) if event.originator_version > before]
    assert {event.command_id for event in new} == {"whole"}  # type: ignore[union-attr]
    plan = team.journey(stream).milestones
    assert (plan["m-1"].status, plan["m-2"].status, plan["PLAN.3.decide"].status) == ("planned", "planned", "completed")


def test_a_reapply_decision_whose_plan_clashes_is_not_recorded_at_all(team: Team) -> None:
    stream = near_competitive(team)
    team.do(plan_milestone, PlanMilestone, journey_id=stream, milestone=new_milestone("first", title="Another thing"))
    before = team.journey(stream).version
    with refused(Conflict, "Another thing is already on the plan for 2026-05-01; reschedule it instead"):
        team.do(record_decision, RecordDecision, journey_id=stream, decision=reapply())
    assert team.topics(stream, after=before) == []


def test_a_decision_against_the_recommendation_needs_its_reason_and_keeps_it(team: Team) -> None:
    stream = near_competitive(team, grade=1)
    assert outcome(team, stream) == "PIVOT_NOW"
    with refused(InvalidValue, "reason_code"):
        team.do(record_decision, RecordDecision, journey_id=stream, decision=reapply())
    against = reapply(reason_code="calling", reason="One more try, knowing the odds")
    team.do(record_decision, RecordDecision, journey_id=stream, decision=against)
    assert team.journey(stream).decisions["d-1"].relation == "differs"


def test_only_a_lead_opens_a_gate_by_hand(team: Team) -> None:
    stream = team.open()
    by_hand = {"journey_id": stream, "decision": "pivot", "code": "deadline", "why": "the list closes today"}
    for who in (team.advisor, team.colleague, team.steward):
        with refused(NotAllowed, "override a gate"):
            team.do(override_gate, OverrideGate, who, **by_hand)
    team.do(override_gate, OverrideGate, team.lead, **by_hand)
    choice = pivot(reason_code="money", reason="two loans")
    team.do(record_decision, RecordDecision, journey_id=stream, decision=choice)
    assert team.journey(stream).overrides["pivot"].actor == team.lead.member_id


def test_an_override_does_not_outlive_what_it_was_given_for(team: Team) -> None:
    stream = team.open()
    for name, value in INVENTORY.items():
        fact(team, stream, name, value)
    opinion(team, stream, "dream", pd(), said(3))
    team.do(override_gate, OverrideGate, team.lead, journey_id=stream, decision="pivot", code="other", why="x")
    team.do(withdraw_opinion, WithdrawOpinion, journey_id=stream, opinion_id="dream", reason="x")
    choice = pivot(reason_code="money", reason="two loans")
    with pytest.raises(GateClosed) as shut:
        team.do(record_decision, RecordDecision, journey_id=stream, decision=choice)
    assert shut.value.missing == ("opinion_dream_field",)


def test_a_pivot_goes_to_a_specialty_that_the_playbook_knows(team: Team) -> None:
    with refused(InvalidValue, "specialty: 'sorcery'"):
        team.do(record_decision, RecordDecision, journey_id=team.open(), decision=pivot(specialty="sorcery"))


def test_a_blank_year_that_was_decided_on_is_advised_against(team: Team) -> None:
    stream = near_competitive(team)
    team.do(record_decision, RecordDecision, journey_id=stream, decision=reapply(mode="blank"))
    recommendation = team.journey(stream).recommendation
    assert recommendation is not None
    assert "blank-year" in recommendation["warnings"]
    assert recommendation["outcome"] == "REAPPLY"
    team.do(reverse_decision, ReverseDecision, journey_id=stream, decision_id="d-1", reason="she found a lab")
    recommendation = team.journey(stream).recommendation
    assert recommendation is not None
    assert "blank-year" not in recommendation["warnings"]


def test_concurrence_dissent_and_reversal_follow_a_decision(team: Team) -> None:
    stream = near_competitive(team)
    team.do(record_decision, RecordDecision, journey_id=stream, decision=reapply())
    before = team.journey(stream).version
    team.do(dissent, Dissent, journey_id=stream, decision_id="d-1", why="too thin")
    team.do(concur, Concur, journey_id=stream, decision_id="d-1", note="on reflection")
    team.do(reverse_decision, ReverseDecision, journey_id=stream, decision_id="d-1", reason="an offer came")
    happened = team.topics(stream, after=before)
    assert happened[:3] == ["decision.dissent-recorded", "decision.concurrence-recorded", "decision.reversed"]
    plan_follows = {"milestone.rescheduled", "milestone.waived"}
    assert set(happened[3:]) - plan_follows <= {"decision.recommendation-issued"}  # the year is not decided any more


class TestOpinions:
    def test_asked_and_declined_decides_and_not_asked_does_not(self, team: Team) -> None:
        stream = near_competitive(team)
        team.do(withdraw_opinion, WithdrawOpinion, journey_id=stream, opinion_id="dream", reason="x")
        assert outcome(team, stream) == "INDETERMINATE"
        due = TODAY.replace(day=20)
        ask = {"opinion_id": "second", "reviewer": pd("Dr. Heron"), "due_on": due}
        team.do(request_opinion, RequestOpinion, journey_id=stream, **ask)
        assert outcome(team, stream) == "INDETERMINATE"
        team.do(decline_opinion, DeclineOpinion, journey_id=stream, opinion_id="second", dated=TODAY, why="busy")
        assert outcome(team, stream) == "PIVOT_NOW"

    def test_where_trust_is_asked_for_a_statement_counts_once_it_is_trusted(self, team: Team) -> None:
        stream = team.open(student_ref="S-300", specialty="urology")
        fact(team, stream, "interviews_offered", 7)
        opinion(team, stream, "a", pd(specialty="urology"), said(1))
        assert outcome(team, stream) == "INDETERMINATE"
        team.do(mark_trust, MarkTrust, journey_id=stream, opinion_id="a", trusted=True)
        assert outcome(team, stream) == "PIVOT_NOW"

    def test_the_assigned_advisor_and_a_colleague_on_the_team_give_no_outside_opinion(self, team: Team) -> None:
        stream = team.open()
        for who in (team.advisor, team.colleague, team.lead):  # all of the team north
            inside = {"opinion_id": "o", "reviewer": pd(f" {who.name.upper()} "), "due_on": TODAY}
            with refused(InvalidValue, "somebody outside the advising team"):
                team.do(request_opinion, RequestOpinion, journey_id=stream, **inside)
        outside = {"opinion_id": "outside", "reviewer": pd(team.stranger.name), "due_on": TODAY}
        team.do(request_opinion, RequestOpinion, journey_id=stream, **outside)
        own = {"opinion_id": "o", "reviewer": pd(team.advisor.name, role="school_advisor"), "said": said(2)}
        team.do(receive_opinion, ReceiveOpinion, journey_id=stream, **own)

    def test_who_joined_the_team_or_came_over_is_inside_and_who_left_is_not(self, team: Team) -> None:
        stream = team.open()
        joined = team.do(add_member, AddMember, team.steward, name="Dr. New", email="n@school.example", team="north")
        team.do(change_team, ChangeTeam, team.steward, member_id=team.stranger.member_id, team="north")
        for name in ("Dr. New", team.stranger.name):
            ask = {"opinion_id": name, "reviewer": pd(name), "due_on": TODAY}
            with refused(InvalidValue, "somebody outside the advising team"):
                team.do(request_opinion, RequestOpinion, journey_id=stream, **ask)
        team.do(deactivate_member, DeactivateMember, team.steward, member_id=str(joined.stream))
        ask = {"opinion_id": "o", "reviewer": pd("Dr. New"), "due_on": TODAY}
        team.do(request_opinion, RequestOpinion, journey_id=stream, **ask)

    def test_a_reviewer_of_a_field_nobody_knows_is_refused(self, team: Team) -> None:
        wrong = {"opinion_id": "o", "reviewer": pd(specialty="sorcery"), "due_on": TODAY}
        with refused(InvalidValue, "specialty: 'sorcery'"):
            team.do(request_opinion, RequestOpinion, journey_id=team.open(), **wrong)

    def test_an_answer_of_tomorrow_is_refused(self, team: Team) -> None:
        stream = team.open()
        team.do(assign_advisor, AssignAdvisor, team.lead, journey_id=stream, advisor_id=team.lead.member_id)
        with refused(InvalidValue, "dated: '2026-04-02'"):
            opinion(team, stream, "o", pd(), said(3, dated=TODAY.replace(day=2)))
        team.do(request_opinion, RequestOpinion, journey_id=stream, opinion_id="o", reviewer=pd(), due_on=TODAY)
        tomorrow = {"opinion_id": "o", "dated": TODAY.replace(day=2), "why": "x"}
        with refused(InvalidValue, "dated: '2026-04-02'"):
            team.do(decline_opinion, DeclineOpinion, journey_id=stream, **tomorrow)
