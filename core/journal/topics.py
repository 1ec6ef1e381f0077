"""The allow-list: every stored topic and the class it means.

A topic stands in the store for ever: it is never renamed, never given to another class, never removed. A row with any
other topic is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsourcing.utils import register_topic

from core.journal.mapper import Topic
from core.journey import (
    assessments,
    contacts,
    decisions,
    feedback,
    findings,
    hold,
    milestones,
    placements,
    quarters,
    recommendations,
    scenarios,
    time_requests,
)
from core.journey.journey import DetailsCorrected, Journey
from core.people import institution, member, packs, plugins, proposals

if TYPE_CHECKING:
    from core.journal.root import Event, Root

__all__ = ["TOPICS"]

_EVENTS: dict[type[Root], tuple[type[Event], ...]] = {
    Journey: (
        Journey.Created,
        DetailsCorrected,
        assessments.FactRecorded,
        assessments.FactConfirmed,
        assessments.FactDisputed,
        assessments.FactCorrected,
        assessments.WeaknessesAssessed,
        assessments.ProfileClassified,
        feedback.OpinionRequested,
        feedback.OpinionReceived,
        feedback.OpinionDeclined,
        feedback.OpinionWithdrawn,
        feedback.TrustMarked,
        recommendations.RecommendationIssued,
        hold.GatePassed,
        hold.GateOverridden,
        decisions.DecisionRecorded,
        decisions.ConcurrenceRecorded,
        decisions.DissentRecorded,
        decisions.DecisionReversed,
        time_requests.TimeRequested,
        milestones.MilestonePlanned,
        milestones.MilestoneRescheduled,
        milestones.MilestoneCompleted,
        milestones.MilestoneWaived,
        milestones.MilestoneMissed,
        placements.PlacementRecorded,
        contacts.AdvisorAssigned,
        contacts.ContactLogged,
        contacts.NoteAdded,
        contacts.LadderChosen,
        findings.FindingRecorded,
        scenarios.ScenarioSaved,
        quarters.QuarterRecorded,
    ),
    member.Member: (
        member.Member.Created,
        member.RoleGranted,
        member.RoleRevoked,
        member.TeamChanged,
        member.MemberDeactivated,
        member.MemberReactivated,
    ),
    institution.Institution: (
        institution.Institution.Created,
        institution.SettingChanged,
        institution.PlaybookPublished,
        packs.PackSaved,
        proposals.ChangeProposed,
        proposals.ProposalApproved,
        proposals.ProposalDeclined,
        proposals.ProposalPublished,
        packs.PublisherTrusted,
        packs.PublisherForgotten,
        plugins.PluginApproved,
        plugins.PluginRevoked,
    ),
    institution.Cohort: (institution.Cohort.Created, institution.RosterImported),
}

TOPICS: dict[str, Topic] = {
    event.TOPIC: Topic(name=event.TOPIC, event=event, root=root) for root, events in _EVENTS.items() for event in events
}

for _topic in TOPICS.values():
    register_topic(_topic.name, _topic.event)
for _root in _EVENTS:
    register_topic(_root.TOPIC, _root)
