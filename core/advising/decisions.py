"""Use cases on decisions: the student's decision, the advisor's stance, gates opened by hand, reversals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.advising.desk import Desk, JourneyCommand, Receipt, advise
from core.journey import decisions, hold
from core.journey.hold import PATH_KINDS
from core.people.access import Permission, Principal
from core.plan.path import follow_decision, follow_reversal, with_dates

if TYPE_CHECKING:
    from core.journal.root import Stamp
    from core.journey.decisions import NewDecision
    from core.journey.journey import Journey

__all__ = [
    "Concur",
    "Dissent",
    "OverrideGate",
    "RecordDecision",
    "RenewAdvice",
    "ReverseDecision",
    "concur",
    "dissent",
    "override_gate",
    "record_decision",
    "renew_advice",
    "reverse_decision",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDecision(JourneyCommand):
    """The student decided; for a reapply decision with its plan."""

    decision: NewDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideGate(JourneyCommand):
    """A lead opens a gate although something is missing."""

    decision: str
    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concur(JourneyCommand):
    """The advisor agrees with a decision."""

    decision_id: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent(JourneyCommand):
    """The advisor thinks otherwise."""

    decision_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseDecision(JourneyCommand):
    """The student takes a decision back."""

    decision_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewAdvice(JourneyCommand):
    """Let the playbook in force say what it says; what was said before stays in the record."""


def record_decision(desk: Desk, who: Principal, command: RecordDecision) -> Receipt:
    """Record a decision and, with a path decision, the rest of its plan.

    See `core.journey.decisions.record_decision` for what it refuses, and `core.plan.path` for what it plans.
    """

    def decide(journey: Journey, stamp: Stamp) -> None:
        playbook, today = desk.playbook(), desk.today()
        if command.decision.specialty:
            playbook.specialty(command.decision.specialty)
        calendar = desk.calendar(journey.specialty)
        decision = with_dates(journey, command.decision, calendar, today=today)
        decisions.record_decision(journey, decision, stamp=stamp, seen=command.seen)
        if decision.kind in PATH_KINDS:
            follow_decision(journey, calendar, today=today, stamp=stamp)
        advise(desk, journey, stamp)  # the year that was decided on is evidence too (FAQ.blank)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def override_gate(desk: Desk, who: Principal, command: OverrideGate) -> Receipt:
    """Open a gate by hand; needs a lead."""
    return desk.change_journey(
        who,
        Permission.OVERRIDE_GATE,
        command,
        lambda journey, stamp: hold.override_gate(
            journey, command.decision, code=command.code, why=command.why, stamp=stamp
        ),
    )


def concur(desk: Desk, who: Principal, command: Concur) -> Receipt:
    """Record the advisor's concurrence."""
    return desk.change_journey(
        who,
        Permission.WRITE_JOURNEY,
        command,
        lambda journey, stamp: decisions.concur(journey, command.decision_id, note=command.note, stamp=stamp),
    )


def dissent(desk: Desk, who: Principal, command: Dissent) -> Receipt:
    """Record the advisor's dissent."""
    return desk.change_journey(
        who,
        Permission.WRITE_JOURNEY,
        command,
        lambda journey, stamp: decisions.dissent(journey, command.decision_id, why=command.why, stamp=stamp),
    )


def reverse_decision(desk: Desk, who: Principal, command: ReverseDecision) -> Receipt:
    """Record that the student took a decision back; the path is then to be decided again."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        decisions.reverse_decision(journey, command.decision_id, reason=command.reason, stamp=stamp)
        follow_reversal(journey, desk.calendar(journey.specialty), command.decision_id, stamp=stamp)
        advise(desk, journey, stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def renew_advice(desk: Desk, who: Principal, command: RenewAdvice) -> Receipt:
    """Issue the recommendation anew under the playbook in force; where that says the same already, it is quiet.

    A decision that stands keeps the recommendation that it was made on.
    """

    def decide(journey: Journey, stamp: Stamp) -> None:
        advise(desk, journey, stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)
