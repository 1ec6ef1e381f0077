"""Use cases on feedback: outside opinions asked for, received, declined, withdrawn, and trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.advising.desk import Desk, JourneyCommand, Receipt, advise
from core.errors import InvalidValue
from core.journey import feedback
from core.people.access import Permission, Principal
from core.values import past

if TYPE_CHECKING:
    from datetime import date

    from core.journal.root import Stamp
    from core.journey.feedback import Reviewer, Said
    from core.journey.journey import Journey

__all__ = [
    "DeclineOpinion",
    "MarkTrust",
    "ReceiveOpinion",
    "RequestOpinion",
    "WithdrawOpinion",
    "decline_opinion",
    "mark_trust",
    "receive_opinion",
    "request_opinion",
    "withdraw_opinion",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOpinion(JourneyCommand):
    """Somebody was asked for an opinion."""

    opinion_id: str
    reviewer: Reviewer
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveOpinion(JourneyCommand):
    """An opinion came in."""

    opinion_id: str
    reviewer: Reviewer
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineOpinion(JourneyCommand):
    """Somebody declined, or did not answer by the agreed date."""

    opinion_id: str
    dated: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOpinion(JourneyCommand):
    """The author took an opinion back."""

    opinion_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkTrust(JourneyCommand):
    """The student says whether they trust the author; recorded on their behalf."""

    opinion_id: str
    trusted: bool


def request_opinion(desk: Desk, who: Principal, command: RequestOpinion) -> Receipt:
    """Record a request; see `core.journey.feedback.request_opinion` for what it refuses."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        _refuse_insider(desk, who, journey, command.reviewer)
        desk.playbook().specialty(command.reviewer.specialty)
        feedback.request_opinion(journey, command.opinion_id, command.reviewer, due_on=command.due_on, stamp=stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def receive_opinion(desk: Desk, who: Principal, command: ReceiveOpinion) -> Receipt:
    """Record an opinion; see `core.journey.feedback.receive_opinion` for what it refuses."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        _refuse_insider(desk, who, journey, command.reviewer)
        desk.playbook().specialty(command.reviewer.specialty)
        feedback.receive_opinion(
            journey, command.opinion_id, command.reviewer, command.said, today=desk.today(), stamp=stamp
        )
        advise(desk, journey, stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def decline_opinion(desk: Desk, who: Principal, command: DeclineOpinion) -> Receipt:
    """Record a refusal or a silence as grade 0."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        dated = past("dated", command.dated, desk.today())
        feedback.decline_opinion(journey, command.opinion_id, dated=dated, why=command.why, stamp=stamp)
        advise(desk, journey, stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def withdraw_opinion(desk: Desk, who: Principal, command: WithdrawOpinion) -> Receipt:
    """Record that an opinion was taken back."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        feedback.withdraw_opinion(journey, command.opinion_id, reason=command.reason, stamp=stamp)
        advise(desk, journey, stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def mark_trust(desk: Desk, who: Principal, command: MarkTrust) -> Receipt:
    """Record, on the student's behalf, whether they trust the author."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        feedback.mark_trust(journey, command.opinion_id, trusted=command.trusted, stamp=stamp, on_behalf=True)
        advise(desk, journey, stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def _refuse_insider(desk: Desk, who: Principal, journey: Journey, reviewer: Reviewer) -> None:
    """Playbook, *Reading (opinions)*: neither the assigned advisor nor somebody of the same advising team."""
    if reviewer.role == "school_advisor":
        return  # may be written down; it counts as neither of the two
    insiders = {who.name.casefold()} if who.team == journey.team else set()
    for member in desk.members():
        if str(member.id) == journey.advisor or (member.team is not None and member.team == journey.team):
            insiders.add(member.name.casefold())
    if reviewer.by.strip().casefold() in insiders:
        raise InvalidValue(
            "by", reviewer.by, "somebody outside the advising team; record a colleague with the role school_advisor"
        )
