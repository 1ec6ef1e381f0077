"""Every use case names its permission: the matrix use case by person, generated; an unlisted use case fails here."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import core.advising
from core.advising import (
    assessments,
    code_plugins,
    contacts,
    decisions,
    feedback,
    findings,
    handover,
    journeys,
    members,
    milestones,
    playbooks,
    roster,
    scenarios,
    time_requests,
)
from core.errors import NotAllowed, RungwiseError
from core.people.access import Permission, Principal
from tests.builders import TODAY, new_journey, new_milestone, pd, pivot, said
from tests.scenario import team_copy

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tests.scenario import Team

P = Permission


@dataclass(frozen=True)
class UseCase:
    """The permission a use case asks for, and a command for it."""

    permission: Permission
    command: Callable[[Team, UUID], Any]


def on_journey(command: type[Any], permission: Permission = P.WRITE_JOURNEY, /, **fields: Any) -> UseCase:
    return UseCase(permission, lambda team, stream: command(command_id=team.id(), journey_id=stream, **fields))


def on_member(kind: type[Any], **fields: Any) -> UseCase:
    return UseCase(
        P.MANAGE_MEMBERS,
        lambda team, _: kind(command_id=team.id(), member_id=team.colleague.member_id, **fields),
    )


def importing(team: Team, _: UUID) -> roster.ImportRoster:
    return roster.ImportRoster(command_id=team.id(), cycle=2026, file_name="a.csv", content=b"name\n")


USE_CASES: dict[Any, UseCase] = {
    assessments.record_fact: on_journey(assessments.RecordFact, name="visa", value="j1", source="x"),
    assessments.confirm_fact: on_journey(assessments.ConfirmFact, name="step2"),
    assessments.dispute_fact: on_journey(assessments.DisputeFact, name="step2", reason="x"),
    assessments.correct_fact: on_journey(assessments.CorrectFact, name="step2", value=1, source="x", reason="x"),
    assessments.assess_weaknesses: on_journey(assessments.AssessWeaknesses, weaknesses=(), source="x"),
    contacts.log_contact: on_journey(contacts.LogContact, channel="call", summary="x"),
    contacts.add_note: on_journey(contacts.AddNote, visibility="team", body="x"),
    contacts.choose_ladder: on_journey(contacts.ChooseLadder, ladder="ORTHO.anes-pain"),
    contacts.record_placement: on_journey(contacts.RecordPlacement, kind="matched", specialty="pmr", place="x"),
    decisions.record_decision: on_journey(decisions.RecordDecision, decision=pivot()),
    decisions.override_gate: on_journey(
        decisions.OverrideGate, P.OVERRIDE_GATE, decision="pivot", code="deadline", why="x"
    ),
    decisions.concur: on_journey(decisions.Concur, decision_id="d-1"),
    decisions.dissent: on_journey(decisions.Dissent, decision_id="d-1", why="x"),
    decisions.renew_advice: on_journey(decisions.RenewAdvice),
    decisions.reverse_decision: on_journey(decisions.ReverseDecision, decision_id="d-1", reason="x"),
    feedback.request_opinion: on_journey(feedback.RequestOpinion, opinion_id="o", reviewer=pd(), due_on=TODAY),
    feedback.receive_opinion: on_journey(feedback.ReceiveOpinion, opinion_id="o", reviewer=pd(), said=said()),
    feedback.decline_opinion: on_journey(feedback.DeclineOpinion, opinion_id="o", dated=TODAY, why="x"),
    feedback.withdraw_opinion: on_journey(feedback.WithdrawOpinion, opinion_id="o", reason="x"),
    feedback.mark_trust: on_journey(feedback.MarkTrust, opinion_id="o", trusted=True),
    findings.record_finding: on_journey(
        findings.RecordFinding, P.RECORD_FINDING, decision_id=None, about="gate", level="remark", words="x"
    ),
    scenarios.save_scenario: on_journey(
        scenarios.SaveScenario, scenario_id="s", kind="income", name="x", inputs={}, model="1", result={}
    ),
    scenarios.record_quarter: on_journey(
        scenarios.RecordQuarter, quarter="2026-Q1", work_rvu=1, procedures=None, satisfaction_pct=None, source="x"
    ),
    time_requests.request_time: on_journey(time_requests.RequestTime, until=TODAY + timedelta(days=5)),
    handover.hand_over: UseCase(
        P.ASSIGN_ADVISOR,
        lambda team, stream: handover.HandOver(
            command_id=team.id(),
            cohort="2026",
            journeys=(handover.Handed(journey_id=stream, holder=None),),
            advisor_id="nobody",
            note="x",
        ),
    ),
    journeys.correct_details: on_journey(journeys.CorrectDetails, changes={"name": "R"}, reason="x"),
    journeys.assign_advisor: on_journey(journeys.AssignAdvisor, P.ASSIGN_ADVISOR, advisor_id="nobody"),
    journeys.open_journey: UseCase(
        P.IMPORT_ROSTER, lambda team, _: journeys.OpenJourney(command_id=team.id(), new=new_journey(student_ref="S-9"))
    ),
    members.add_member: UseCase(
        P.MANAGE_MEMBERS, lambda team, _: members.AddMember(command_id=team.id(), name="N", email="n@x.example")
    ),
    members.grant_role: on_member(members.GrantRole, role="lead", cohort="2026"),
    members.revoke_role: on_member(members.RevokeRole, role="lead", cohort="2026"),
    members.change_team: on_member(members.ChangeTeam, team="west"),
    members.deactivate_member: on_member(members.DeactivateMember),
    members.reactivate_member: on_member(members.ReactivateMember),
    members.change_setting: UseCase(
        P.MANAGE_SETTINGS, lambda team, _: members.ChangeSetting(command_id=team.id(), name="name", value="N")
    ),
    members.publish_playbook: UseCase(
        P.PUBLISH_PLAYBOOK, lambda team, _: members.PublishPlaybook(command_id=team.id(), content={})
    ),
    milestones.plan_milestone: on_journey(milestones.PlanMilestone, milestone=new_milestone()),
    milestones.reschedule_milestone: on_journey(
        milestones.RescheduleMilestone, milestone_id="m", due_on=date(2026, 9, 1), reason="x"
    ),
    milestones.complete_milestone: on_journey(milestones.CompleteMilestone, milestone_id="m", evidence="x"),
    milestones.waive_milestone: on_journey(milestones.WaiveMilestone, milestone_id="m", reason="x"),
    milestones.miss_milestone: on_journey(milestones.MissMilestone, milestone_id="m"),
    playbooks.save_pack: UseCase(
        P.WRITE_PACKS, lambda team, _: playbooks.SavePack(command_id=team.id(), name="eyes", text="x")
    ),
    playbooks.import_pack: UseCase(
        P.WRITE_PACKS, lambda team, _: playbooks.ImportPack(command_id=team.id(), data=b"{}")
    ),
    playbooks.propose_change: UseCase(
        P.WRITE_PACKS,
        lambda team, _: playbooks.ProposeChange(
            command_id=team.id(), kind="withdrawal", subject="eyes", effective_on=TODAY, note="x"
        ),
    ),
    playbooks.approve_proposal: UseCase(
        P.APPROVE_PLAYBOOK, lambda team, _: playbooks.ApproveProposal(command_id=team.id(), proposal=1)
    ),
    playbooks.decline_proposal: UseCase(
        P.WRITE_PACKS, lambda team, _: playbooks.DeclineProposal(command_id=team.id(), proposal=1, reason="x")
    ),
    playbooks.trust_publisher: UseCase(
        P.TRUST_PUBLISHER, lambda team, _: playbooks.TrustPublisher(command_id=team.id(), name="x", public_key="0" * 64)
    ),
    playbooks.forget_publisher: UseCase(
        P.TRUST_PUBLISHER, lambda team, _: playbooks.ForgetPublisher(command_id=team.id(), public_key="0" * 64)
    ),
    code_plugins.approve_plugin: UseCase(
        P.APPROVE_PLUGIN,
        lambda team, _: code_plugins.ApprovePlugin(
            command_id=team.id(), name="space", distribution="space", version="1", digest=f"sha256:{'0' * 64}"
        ),
    ),
    code_plugins.revoke_plugin: UseCase(
        P.APPROVE_PLUGIN, lambda team, _: code_plugins.RevokePlugin(command_id=team.id(), name="space")
    ),
    roster.preview: UseCase(P.IMPORT_ROSTER, importing),
    roster.apply: UseCase(P.IMPORT_ROSTER, importing),
}
#: Use cases before there is anybody to ask: the founding of a store.
WITHOUT_A_PERSON = {members.found}

#: Who holds which permission on a journey of the advisor's (a lead of another cycle has the
#: playbook alone, which is all leads').
PEOPLE: dict[str, set[Permission]] = {
    "nobody": set(),
    "steward": {
        P.MANAGE_MEMBERS,
        P.MANAGE_SETTINGS,
        P.PUBLISH_PLAYBOOK,
        P.WRITE_PACKS,
        P.APPROVE_PLAYBOOK,
        P.TRUST_PUBLISHER,
        P.APPROVE_PLUGIN,
    },
    "lead": {
        P.WRITE_JOURNEY,
        P.ASSIGN_ADVISOR,
        P.OVERRIDE_GATE,
        P.IMPORT_ROSTER,
        P.WRITE_PACKS,
        P.APPROVE_PLAYBOOK,
    },
    "lead of another cycle": {P.WRITE_PACKS, P.APPROVE_PLAYBOOK},
    "advisor": {P.WRITE_JOURNEY},
    "colleague": {P.WRITE_JOURNEY},
    "stranger": set(),
    "auditor": {P.RECORD_FINDING},
}


def person(team: Team, name: str) -> Principal:
    if name == "nobody":
        return Principal(member_id=team.stranger.member_id, name="Nobody", team="north", grants=frozenset())
    if name == "lead of another cycle":
        return Principal(
            member_id=team.lead.member_id, name="Other", team="south", grants=frozenset({("lead", "2025")})
        )
    if name == "auditor":
        return Principal(
            member_id=team.stranger.member_id, name="Auditor", team="north", grants=frozenset({("auditor", "2026")})
        )
    who: Principal = getattr(team, name)
    return who


def test_every_use_case_is_listed_with_its_permission() -> None:
    found = set()
    for module in pkgutil.iter_modules(core.advising.__path__, "core.advising."):
        loaded = importlib.import_module(module.name)
        for name in getattr(loaded, "__all__", ()):
            function = getattr(loaded, name)
            if inspect.isfunction(function) and "command" in inspect.signature(function).parameters:
                found.add(function)
    assert found == USE_CASES.keys() | WITHOUT_A_PERSON


@pytest.fixture(scope="module")
def journey_of_the_advisor(founded: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    team = team_copy(founded, tmp_path_factory.mktemp("permissions"))
    yield team, team.open()
    team.close()


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("use_case", USE_CASES, ids=lambda f: f.__name__)
def test_who_lacks_the_permission_is_refused_and_nothing_is_written(
    journey_of_the_advisor: tuple[Team, UUID], use_case: Any, name: str
) -> None:
    team, stream = journey_of_the_advisor
    case = USE_CASES[use_case]
    head = team.desk.journal.head()
    if case.permission in PEOPLE[name]:
        try:
            use_case(team.desk, person(team, name), case.command(team, stream))
        except NotAllowed:
            raise
        except RungwiseError:
            pass  # allowed to ask; what it asked for was not there
    else:
        with pytest.raises(NotAllowed, match=case.permission.value):
            use_case(team.desk, person(team, name), case.command(team, stream))
        assert team.desk.journal.head() == head
