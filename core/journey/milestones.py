"""Milestones: planned, rescheduled, completed with evidence, waived with a reason, missed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from core.errors import Conflict, InvalidValue, NotFound
from core.journal.root import Root, Stamp
from core.journey.journey import refuse_if_changed
from core.values import NAME_MAX, SOURCE_MAX, text

if TYPE_CHECKING:
    from core.journey.journey import Journey

__all__ = [
    "Milestone",
    "MilestoneCompleted",
    "MilestoneMissed",
    "MilestonePlanned",
    "MilestoneRescheduled",
    "MilestoneWaived",
    "NewMilestone",
    "complete_milestone",
    "miss_milestone",
    "plan_milestone",
    "reopen_milestone",
    "reschedule_milestone",
    "waive_milestone",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMilestone:
    """A milestone to plan.

    Args:
        milestone_id: stable within the journey.
        code: playbook id (WEEK1.*, PLAN.*, YEAR.*), or "own" for one the team made.
        title: what is to be done, in words.
        due_on: the last day, inclusive.
        source: where the date comes from, for example "playbook: 3 months from Match Day".
    """

    milestone_id: str
    code: str
    title: str
    due_on: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A milestone as it stands; `note` is the evidence, or the reason of a waiver."""

    milestone_id: str
    code: str
    title: str
    due_on: date
    source: str
    status: Literal["planned", "completed", "waived", "missed"]
    version: int
    actor: str
    note: str = ""


class _MilestoneChanged(Root.Event):
    milestone_id: str

    def change(
        self,
        journey: Journey,
        *,
        status: Literal["planned", "completed", "waived", "missed"],
        note: str = "",
        due_on: date | None = None,
    ) -> None:
        old = journey.milestones[self.milestone_id]
        journey.milestones[self.milestone_id] = replace(
            old,
            status=status,
            note=note,
            due_on=due_on or old.due_on,
            version=self.originator_version,
            actor=self.actor,
        )


class MilestonePlanned(Root.Event):
    """A milestone was put on the plan."""

    TOPIC: ClassVar[str] = "milestone.planned"
    milestone_id: str
    code: str
    title: str
    due_on: date
    source: str

    def apply(self, journey: Journey) -> None:
        """Add it to the plan."""
        journey.milestones[self.milestone_id] = Milestone(
            milestone_id=self.milestone_id,
            code=self.code,
            title=self.title,
            due_on=self.due_on,
            source=self.source,
            status="planned",
            version=self.originator_version,
            actor=self.actor,
        )


class MilestoneRescheduled(_MilestoneChanged):
    """A milestone got another date, with the reason."""

    TOPIC: ClassVar[str] = "milestone.rescheduled"
    due_on: date
    reason: str

    def apply(self, journey: Journey) -> None:
        """Set the new date; a milestone that was missed, waived or reached is planned again."""
        self.change(journey, status="planned", note=self.reason, due_on=self.due_on)


class MilestoneCompleted(_MilestoneChanged):
    """A milestone was reached, with the evidence."""

    TOPIC: ClassVar[str] = "milestone.completed"
    evidence: str

    def apply(self, journey: Journey) -> None:
        """Mark it as completed."""
        self.change(journey, status="completed", note=self.evidence)


class MilestoneWaived(_MilestoneChanged):
    """A milestone was given up, with the reason."""

    TOPIC: ClassVar[str] = "milestone.waived"
    reason: str

    def apply(self, journey: Journey) -> None:
        """Mark it as waived."""
        self.change(journey, status="waived", note=self.reason)


class MilestoneMissed(_MilestoneChanged):
    """The last day of a milestone passed and it was still planned."""

    TOPIC: ClassVar[str] = "milestone.missed"

    def apply(self, journey: Journey) -> None:
        """Mark it as missed; it can still be completed, rescheduled or waived."""
        self.change(journey, status="missed")


def plan_milestone(journey: Journey, new: NewMilestone, *, stamp: Stamp) -> None:
    """Put a milestone on the plan; planning the same one with the same date again is quiet.

    One that was given up is taken up again, with the date it gets now.

    Raises:
        InvalidValue: no title or no source; or one of the team's own is due before the status was learned.
        Conflict: a milestone with this id is on the plan with another date or title.
    """
    title = text("title", new.title, NAME_MAX)
    source = text("source", new.source, SOURCE_MAX)
    if new.code == "own" and new.due_on < journey.learned_on:  # the playbook's own days are computed
        raise InvalidValue("due_on", new.due_on.isoformat(), f"{journey.learned_on.isoformat()} or later")
    old = journey.milestones.get(new.milestone_id)
    if old is not None and old.status == "waived":
        due_on, reason = new.due_on, "planned again"
        journey.record(MilestoneRescheduled, stamp, milestone_id=new.milestone_id, due_on=due_on, reason=reason)
        return
    if old is not None:
        if (old.title, old.due_on) == (title, new.due_on):
            return
        raise Conflict(f"{old.title} is already on the plan for {old.due_on.isoformat()}; reschedule it instead")
    journey.record(
        MilestonePlanned,
        stamp,
        milestone_id=new.milestone_id,
        code=new.code,
        title=title,
        due_on=new.due_on,
        source=source,
    )


def reschedule_milestone(
    journey: Journey, milestone_id: str, *, due_on: date, reason: str, stamp: Stamp, seen: int | None = None
) -> None:
    """Give a planned or missed milestone another date; the same date again is quiet.

    Raises:
        NotFound: it is not on the plan.
        Conflict: it is completed or waived, or somebody else changed it since.
        InvalidValue: no reason.
    """
    old = _open(journey, milestone_id, seen, f"reschedule to {due_on.isoformat()}")
    if old.due_on != due_on:
        journey.record(
            MilestoneRescheduled, stamp, milestone_id=milestone_id, due_on=due_on, reason=text("reason", reason)
        )


def reopen_milestone(journey: Journey, milestone_id: str, *, reason: str, stamp: Stamp) -> None:
    """Plan a milestone again that was reached, with the day it had; anything else is quiet."""
    old = journey.milestones.get(milestone_id)
    if old is not None and old.status == "completed":
        journey.record(
            MilestoneRescheduled, stamp, milestone_id=milestone_id, due_on=old.due_on, reason=text("reason", reason)
        )


def complete_milestone(
    journey: Journey, milestone_id: str, *, evidence: str, stamp: Stamp, seen: int | None = None
) -> None:
    """Mark a planned or missed milestone as reached; a second time is quiet.

    Raises:
        NotFound: it is not on the plan.
        Conflict: it was waived, or somebody else changed it since.
        InvalidValue: no evidence.
    """
    if _stands(journey, milestone_id, "completed"):
        return
    _open(journey, milestone_id, seen, "complete")
    journey.record(MilestoneCompleted, stamp, milestone_id=milestone_id, evidence=text("evidence", evidence))


def waive_milestone(journey: Journey, milestone_id: str, *, reason: str, stamp: Stamp, seen: int | None = None) -> None:
    """Give a planned or missed milestone up; a second time is quiet.

    Raises:
        NotFound: it is not on the plan.
        Conflict: it was completed, or somebody else changed it since.
        InvalidValue: no reason.
    """
    if _stands(journey, milestone_id, "waived"):
        return
    _open(journey, milestone_id, seen, "waive")
    journey.record(MilestoneWaived, stamp, milestone_id=milestone_id, reason=text("reason", reason))


def miss_milestone(journey: Journey, milestone_id: str, *, today: date, stamp: Stamp) -> None:
    """Mark a planned milestone as missed once its last day is over; anything else is quiet.

    Raises:
        NotFound: it is not on the plan.
    """
    milestone = _on_plan(journey, milestone_id)
    if milestone.status == "planned" and milestone.due_on < today:
        journey.record(MilestoneMissed, stamp, milestone_id=milestone_id)


def _on_plan(journey: Journey, milestone_id: str) -> Milestone:
    milestone = journey.milestones.get(milestone_id)
    if milestone is None:
        raise NotFound(f"there is no milestone {milestone_id} on this journey")
    return milestone


def _stands(journey: Journey, milestone_id: str, status: str) -> bool:
    return _on_plan(journey, milestone_id).status == status


def _open(journey: Journey, milestone_id: str, seen: int | None, yours: str) -> Milestone:
    milestone = _on_plan(journey, milestone_id)
    refuse_if_changed(
        milestone.title,
        changed_version=milestone.version,
        seen=seen,
        theirs=f"{milestone.status}, {milestone.due_on.isoformat()}",
        yours=yours,
        who=milestone.actor,
    )
    if milestone.status in ("completed", "waived"):
        raise Conflict(f"{milestone.title} is already {milestone.status}")
    return milestone
