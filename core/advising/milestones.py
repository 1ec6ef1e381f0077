"""Use cases on milestones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.advising.desk import Desk, JourneyCommand, Receipt
from core.errors import InvalidValue
from core.journey import milestones
from core.people.access import Permission, Principal

if TYPE_CHECKING:
    from datetime import date

    from core.journal.root import Stamp
    from core.journey.journey import Journey
    from core.journey.milestones import NewMilestone

__all__ = [
    "CompleteMilestone",
    "MissMilestone",
    "PlanMilestone",
    "RescheduleMilestone",
    "WaiveMilestone",
    "complete_milestone",
    "miss_milestone",
    "plan_milestone",
    "reschedule_milestone",
    "waive_milestone",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMilestone(JourneyCommand):
    """Put a milestone on the plan."""

    milestone: NewMilestone


@dataclass(frozen=True, slots=True, kw_only=True)
class RescheduleMilestone(JourneyCommand):
    """Give a milestone another date."""

    milestone_id: str
    due_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteMilestone(JourneyCommand):
    """A milestone is reached."""

    milestone_id: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveMilestone(JourneyCommand):
    """A milestone is given up."""

    milestone_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissMilestone(JourneyCommand):
    """The last day of a milestone is over."""

    milestone_id: str


def plan_milestone(desk: Desk, who: Principal, command: PlanMilestone) -> Receipt:
    """Plan a milestone; one of the playbook or of a pack with the earlier of its window and the cycle date."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        calendar = desk.calendar(journey.specialty)
        milestones.plan_milestone(journey, calendar.bound(command.milestone, journey), stamp=stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def reschedule_milestone(desk: Desk, who: Principal, command: RescheduleMilestone) -> Receipt:
    """Reschedule a milestone to today or a later day: one in the past would be missed as soon as it is saved."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        held, today = journey.milestones.get(command.milestone_id), desk.today()
        if held is not None and command.due_on < today and command.due_on != held.due_on:
            raise InvalidValue("due_on", command.due_on.isoformat(), f"{today.isoformat()} or later")
        milestones.reschedule_milestone(
            journey,
            command.milestone_id,
            due_on=command.due_on,
            reason=command.reason,
            stamp=stamp,
            seen=command.seen,
        )

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def complete_milestone(desk: Desk, who: Principal, command: CompleteMilestone) -> Receipt:
    """Complete a milestone."""
    return desk.change_journey(
        who,
        Permission.WRITE_JOURNEY,
        command,
        lambda journey, stamp: milestones.complete_milestone(
            journey, command.milestone_id, evidence=command.evidence, stamp=stamp, seen=command.seen
        ),
    )


def waive_milestone(desk: Desk, who: Principal, command: WaiveMilestone) -> Receipt:
    """Waive a milestone."""
    return desk.change_journey(
        who,
        Permission.WRITE_JOURNEY,
        command,
        lambda journey, stamp: milestones.waive_milestone(
            journey, command.milestone_id, reason=command.reason, stamp=stamp, seen=command.seen
        ),
    )


def miss_milestone(desk: Desk, who: Principal, command: MissMilestone) -> Receipt:
    """Mark a milestone as missed once its last day is over."""
    return desk.change_journey(
        who,
        Permission.WRITE_JOURNEY,
        command,
        lambda journey, stamp: milestones.miss_milestone(
            journey, command.milestone_id, today=desk.today(), stamp=stamp
        ),
    )
