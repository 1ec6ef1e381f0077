"""One deed of the demonstration: a line of a story becomes a command, and its use case is called.

Most lines carry the fields of their command under the same names; the few that do not are put into shape here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.advising import (
    assessments,
    contacts,
    decisions,
    feedback,
    findings,
    journeys,
    members,
    milestones,
    playbooks,
    roster,
    scenarios,
    time_requests,
)
from core.advising.due import run_due
from core.errors import InvalidValue
from core.income import compare, read_scenario
from core.journey.decisions import NewDecision, Remedy
from core.journey.feedback import Reviewer, Said
from core.journey.journey import Journey, NewJourney, StoredWeakness, journey_id
from core.journey.milestones import NewMilestone
from core.people.member import member_id
from core.plan.windows import milestone
from plugins.host import playbook_content
from plugins.income import load_tables
from plugins.kit.new import new_pack
from web.demo import cohorts
from web.demo.script import FOLDER, JourneyName

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from core.advising.desk import Desk, Receipt
    from core.people.access import Principal
    from web.demo.script import Deed

__all__ = ["Stage", "perform"]

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the story is played: the desk, `school.toml`, and the packs of its playbooks."""

    desk: Desk
    school: Fields
    packs: list[Fields]

    def person(self, key: str) -> str:
        """Return the member id of a person of `school.toml`."""
        return str(member_id(self.desk.journal.keys, self.school["people"][key]["email"]))

    def journey_id(self, name: JourneyName) -> UUID:
        """Return the id of a journey in this store."""
        return journey_id(self.desk.journal.keys, name.ref, name.cycle, name.system)

    def playbook(self, label: str) -> Fields:
        """Return the content of a playbook, with the cutoffs that the school set with it."""
        return playbook_content(label, self.packs) | {"cutoffs": self.school["cutoffs"].get(label, {})}


def perform(stage: Stage, deed: Deed) -> None:
    """Do one deed.

    Raises:
        InvalidValue: the line names a deed that is not known.
        RungwiseError: the use case refuses it.
    """
    if deed.do == "found":
        members.found(stage.desk, members.Found(**_founding(stage, deed)))
        return
    if deed.do == "tick":
        _tick(stage, deed)
        return
    who = stage.desk.principal(stage.person(deed.by))
    if deed.do in _STAFF:
        _STAFF[deed.do](stage, who, deed)
        return
    if deed.do not in _DEEDS or deed.journey is None:
        raise InvalidValue("do", deed.do, "one of " + ", ".join((*_STAFF, *_DEEDS)))
    use_case, command, shape = _DEEDS[deed.do]
    fields = shape(stage, deed)
    journey = stage.journey_id(deed.journey)
    use_case(stage.desk, who, command(command_id=deed.command_id, journey_id=journey, **fields))


def _founding(stage: Stage, deed: Deed) -> Fields:
    steward = stage.school["people"][stage.school["steward"]]
    return {
        "command_id": deed.command_id,
        "name": stage.school["name"],
        "time_zone": stage.school["time_zone"],
        "steward_name": steward["name"],
        "steward_email": steward["email"],
        "playbook": stage.playbook(stage.school["label"]),
    }


def _add_member(stage: Stage, who: Principal, deed: Deed) -> Receipt:
    one = stage.school["people"][deed.fields["who"]]
    command = members.AddMember(command_id=deed.command_id, name=one["name"], email=one["email"], team=one.get("team"))
    return members.add_member(stage.desk, who, command)


def _grant(stage: Stage, who: Principal, deed: Deed) -> Receipt:
    command = members.GrantRole(
        command_id=deed.command_id,
        member_id=stage.person(deed.fields["who"]),
        role=deed.fields["role"],
        cohort=deed.fields["cohort"],
    )
    return members.grant_role(stage.desk, who, command)


def _leave(stage: Stage, who: Principal, deed: Deed) -> Receipt:
    command = members.DeactivateMember(command_id=deed.command_id, member_id=stage.person(deed.fields["who"]))
    return members.deactivate_member(stage.desk, who, command)


def _set(stage: Stage, who: Principal, deed: Deed) -> Receipt:
    return members.change_setting(stage.desk, who, members.ChangeSetting(command_id=deed.command_id, **deed.fields))


def _publish(stage: Stage, who: Principal, deed: Deed) -> Receipt:
    command = members.PublishPlaybook(
        command_id=deed.command_id, content=stage.playbook(deed.fields["label"]), note=deed.fields["note"]
    )
    return members.publish_playbook(stage.desk, who, command)


def _draft(stage: Stage, who: Principal, deed: Deed) -> Receipt:
    """Begin a pack from the template, and leave something in it unwritten."""
    text = new_pack(deed.fields["name"], stage.packs, deed.at.year).replace(deed.fields["before"], deed.fields["after"])
    command = playbooks.SavePack(command_id=deed.command_id, name=deed.fields["name"], text=text)
    return playbooks.save_pack(stage.desk, who, command)


def _propose(stage: Stage, who: Principal, deed: Deed) -> Receipt:
    return playbooks.propose_change(stage.desk, who, playbooks.ProposeChange(command_id=deed.command_id, **deed.fields))


def _import(stage: Stage, who: Principal, deed: Deed) -> Receipt:
    """Import a roster: a file that lies here, or the one that a table stands for."""
    cycle, name = deed.fields["cycle"], deed.fields.get("file")
    if name is not None:
        content = (FOLDER / name).read_bytes()
    else:
        system = deed.fields["system"]
        emails = {key: one["email"] for key, one in stage.school["people"].items()}
        name, content = f"roster-{cycle}-{system}.csv", cohorts.roster(cycle, system, emails)
    command = roster.ImportRoster(command_id=deed.command_id, cycle=cycle, file_name=name, content=content)
    return roster.apply(stage.desk, who, command)


def _tick(stage: Stage, deed: Deed) -> None:
    """Do what the daily job does on the morning after the last day of a milestone, for the students of a table."""
    match = deed.fields["cycle"], deed.fields["system"]
    names = [JourneyName(ref=row.ref, cycle=row.cycle, system=row.system) for row in cohorts.read_rows()]
    found = [stage.journey_id(name) for name in names if (name.cycle, name.system) == match]
    run_due(stage.desk, now=deed.at, journeys=found)


def _open(stage: Stage, who: Principal, deed: Deed) -> Receipt:
    name = deed.journey
    if name is None:
        raise InvalidValue("do", deed.do, "a line of a student's story")
    new = NewJourney(student_ref=name.ref, cycle=name.cycle, match_system=name.system, **deed.fields)
    return journeys.open_journey(stage.desk, who, journeys.OpenJourney(command_id=deed.command_id, new=new))


def _as_written(stage: Stage, deed: Deed) -> Fields:  # noqa: ARG001 - one signature for all shapes
    return {key: tuple(value) if isinstance(value, list) else value for key, value in deed.fields.items()}


def _weaknesses(stage: Stage, deed: Deed) -> Fields:  # noqa: ARG001
    found = tuple(
        StoredWeakness(kind=one["kind"], remedy=one.get("remedy"), months=one.get("months"))
        for one in deed.fields["found"]
    )
    return {"weaknesses": found, "source": deed.fields["source"]}


def _asked(stage: Stage, deed: Deed) -> Fields:
    return {
        "opinion_id": deed.fields["of"],
        "reviewer": _reviewer(stage, deed.fields),
        "due_on": deed.fields["due_on"],
    }


def _opinion(stage: Stage, deed: Deed) -> Fields:
    """A line without a grade says nothing about another try; one without a date was said on the day it is recorded."""
    fields = _as_written(stage, deed)
    said = Said(
        dated=fields.get("dated", stage.desk.today()),
        champion_grade=fields.get("grade"),
        saw_full_file=fields.get("saw_full_file", False),
        trusted=fields.get("trusted"),
        next_cycle=fields.get("next_cycle", ""),
        advice=fields.get("advice", "not_said"),
        killed=fields.get("killed", ""),
        reasons=fields.get("reasons", ()),
    )
    return {"opinion_id": fields["of"], "reviewer": _reviewer(stage, fields), "said": said}


def _declined(stage: Stage, deed: Deed) -> Fields:
    return {
        "opinion_id": deed.fields["of"],
        "dated": deed.fields.get("dated", stage.desk.today()),
        "why": deed.fields["why"],
    }


def _of_opinion(stage: Stage, deed: Deed) -> Fields:  # noqa: ARG001
    rest = {key: value for key, value in deed.fields.items() if key != "of"}
    return {"opinion_id": deed.fields["of"], **rest}


def _reviewer(stage: Stage, fields: Fields) -> Reviewer:
    return Reviewer(**stage.school["reviewers"][fields["of"]], related=fields.get("related", False))


def _decided(stage: Stage, deed: Deed) -> Fields:
    fields = dict(deed.fields)
    remedies = tuple(Remedy(weakness=kind, remedy=text) for kind, text in fields.pop("remedies", {}).items())
    planned = tuple(_window(stage, deed, code) for code in fields.pop("plan", []))
    own = tuple(_own_milestone(one) for one in fields.pop("own", []))
    decision = NewDecision(remedies=remedies, milestones=(*planned, *own), **fields)
    return {"decision": decision}


def _planned(stage: Stage, deed: Deed) -> Fields:
    code = deed.fields.get("code")
    return {"milestone": _window(stage, deed, code) if code else _own_milestone(deed.fields)}


def _window(stage: Stage, deed: Deed, code: str) -> NewMilestone:
    if deed.journey is None:
        raise InvalidValue("do", deed.do, "a line of a student's story")
    journey = stage.desk.journal.get(Journey, stage.journey_id(deed.journey))
    return milestone(code, match_day=journey.match_day, learned_on=journey.learned_on)


def _own_milestone(fields: Fields) -> NewMilestone:
    return NewMilestone(code="own", **fields)


def _finding(stage: Stage, deed: Deed) -> Fields:  # noqa: ARG001
    return {"decision_id": None} | deed.fields


def _compared(stage: Stage, deed: Deed) -> Fields:
    """A comparison of paths by income, as the page of money keeps it; the line has what `docs/scenario.toml` tells."""
    inputs = {"seed": 20260616, "draws": 10_000, "start_year": deed.at.year, **deed.fields["inputs"]}
    institution = stage.desk.institution()
    result = compare(read_scenario(inputs, load_tables(), institution.playbook or {})).to_dict()
    return {
        "scenario_id": deed.command_id,
        "kind": "income",
        "name": deed.fields["name"],
        "inputs": inputs,
        "model": result["model_version"],
        "seed": result["seed"],
        "playbook": institution.playbook_digest,
        "result": result,
    }


def _assigned(stage: Stage, deed: Deed) -> Fields:
    return {"advisor_id": stage.person(deed.fields["to"])}


_STAFF: dict[str, Callable[[Stage, Principal, Deed], Receipt]] = {
    "setting": _set,
    "member": _add_member,
    "grant": _grant,
    "leaves": _leave,
    "playbook": _publish,
    "draft": _draft,
    "proposes": _propose,
    "roster": _import,
    "opened": _open,
}
# What a line says is done → the use case, its command, and how the line becomes the command's fields.
_DEEDS: dict[str, tuple[Callable[..., Receipt], type[Any], Callable[[Stage, Deed], Fields]]] = {
    "assigned": (journeys.assign_advisor, journeys.AssignAdvisor, _assigned),
    "fact": (assessments.record_fact, assessments.RecordFact, _as_written),
    "confirms": (assessments.confirm_fact, assessments.ConfirmFact, _as_written),
    "disputes": (assessments.dispute_fact, assessments.DisputeFact, _as_written),
    "corrected": (assessments.correct_fact, assessments.CorrectFact, _as_written),
    "weaknesses": (assessments.assess_weaknesses, assessments.AssessWeaknesses, _weaknesses),
    "asked": (feedback.request_opinion, feedback.RequestOpinion, _asked),
    "opinion": (feedback.receive_opinion, feedback.ReceiveOpinion, _opinion),
    "declined": (feedback.decline_opinion, feedback.DeclineOpinion, _declined),
    "withdrawn": (feedback.withdraw_opinion, feedback.WithdrawOpinion, _of_opinion),
    "trust": (feedback.mark_trust, feedback.MarkTrust, _of_opinion),
    "decided": (decisions.record_decision, decisions.RecordDecision, _decided),
    "override": (decisions.override_gate, decisions.OverrideGate, _as_written),
    "asks_time": (time_requests.request_time, time_requests.RequestTime, _as_written),
    "concurs": (decisions.concur, decisions.Concur, _as_written),
    "dissents": (decisions.dissent, decisions.Dissent, _as_written),
    "reversed": (decisions.reverse_decision, decisions.ReverseDecision, _as_written),
    "planned": (milestones.plan_milestone, milestones.PlanMilestone, _planned),
    "rescheduled": (milestones.reschedule_milestone, milestones.RescheduleMilestone, _as_written),
    "completed": (milestones.complete_milestone, milestones.CompleteMilestone, _as_written),
    "waived": (milestones.waive_milestone, milestones.WaiveMilestone, _as_written),
    "missed": (milestones.miss_milestone, milestones.MissMilestone, _as_written),
    "contact": (contacts.log_contact, contacts.LogContact, _as_written),
    "note": (contacts.add_note, contacts.AddNote, _as_written),
    "ladder": (contacts.choose_ladder, contacts.ChooseLadder, _as_written),
    "placed": (contacts.record_placement, contacts.RecordPlacement, _as_written),
    "compared": (scenarios.save_scenario, scenarios.SaveScenario, _compared),
    "quarter": (scenarios.record_quarter, scenarios.RecordQuarter, _as_written),
    "finding": (findings.record_finding, findings.RecordFinding, _finding),
}
