"""Use case: journeys of a cohort are handed over to another advisor, many at once, with a note for the team.

Each journey is a command of its own with an id made from the whole one's, and is saved by itself: what cannot be
handed over is told, everything else is done, and sending the same again does only what is left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from core.advising.desk import Command, Desk, JourneyCommand, Receipt
from core.advising.journeys import may_advise
from core.errors import Conflict, InvalidValue, NotFound, RungwiseError
from core.journey import contacts
from core.journey.journey import Target
from core.people.access import Permission, Principal, require
from core.people.member import Member
from core.values import text

if TYPE_CHECKING:
    from core.journal.root import Stamp
    from core.journey.journey import Journey

__all__ = ["HANDED_MAX", "HandOver", "Handed", "HandedOver", "Kept", "hand_over"]

HANDED_MAX = 200  # journeys at once: a whole caseload, and still one request
NOTE_MAX = 1900  # characters; with who it came from it stays a note


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A journey to hand over, with the advisor that the person saw; None = nobody."""

    journey_id: UUID
    holder: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Command):
    """Give journeys of a cohort to an advisor.

    Args:
        cohort: whose journeys they are.
        journeys: which; at most `HANDED_MAX`.
        advisor_id: who takes over; needs a role in the cohort.
        note: what they need to know; becomes a note for the team on each journey.
    """

    cohort: str
    journeys: tuple[Handed, ...]
    advisor_id: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A journey that stays where it is, and why, in one sentence."""

    handed: Handed
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What a hand-over did.

    Args:
        done: handed over, now or by the same command before.
        already: had this advisor before; nothing was written.
        kept: stay where they are.
        receipt: of the last one that was written; None when none was.
    """

    done: tuple[UUID, ...]
    already: tuple[UUID, ...]
    kept: tuple[Kept, ...]
    receipt: Receipt | None


def hand_over(desk: Desk, who: Principal, command: HandOver) -> HandedOver:
    """Hand journeys over, one by one.

    Raises:
        NotAllowed: the person may not assign advisors in this cohort.
        InvalidValue: nobody or too many, an advisor who may not advise in this cohort, or no note.
    """
    require(who, Permission.ASSIGN_ADVISOR, Target(cohort=command.cohort, advisor=None, team=None))
    if not 1 <= len(command.journeys) <= HANDED_MAX:
        raise InvalidValue("journeys", len(command.journeys), f"1 to {HANDED_MAX} journeys at once")
    advisor = may_advise(desk, command.advisor_id, command.cohort)
    command = replace(command, note=text("note", command.note, NOTE_MAX))
    done: list[UUID] = []
    already: list[UUID] = []
    kept: list[Kept] = []
    receipts: list[Receipt] = []
    for handed in {one.journey_id: one for one in command.journeys}.values():
        try:
            receipt = _hand_over(desk, who, command, handed, advisor)
        except RungwiseError as error:
            kept.append(Kept(handed=handed, reason=str(error)))
            continue
        if receipt is None:
            already.append(handed.journey_id)
        else:
            receipts.append(receipt)
            done.append(handed.journey_id)
    last = max(receipts, key=lambda one: one.position, default=None)
    return HandedOver(done=tuple(done), already=tuple(already), kept=tuple(kept), receipt=last)


def _hand_over(desk: Desk, who: Principal, command: HandOver, handed: Handed, advisor: Member) -> Receipt | None:
    """Hand one journey over; None when the advisor had it already."""
    one = JourneyCommand(command_id=f"{command.command_id}.{handed.journey_id.hex}", journey_id=handed.journey_id)
    had: list[bool] = []

    def decide(journey: Journey, stamp: Stamp) -> None:
        had.append((journey.advisor, journey.team) == (str(advisor.id), advisor.team))
        if had[-1]:
            return
        if journey.cohort != command.cohort:
            raise NotFound("this journey is not of this cohort")
        if journey.advisor not in (handed.holder, str(advisor.id)):
            raise Conflict(f"given to {_name(desk, journey.advisor)} since you looked")
        contacts.assign_advisor(journey, str(advisor.id), team=advisor.team, stamp=stamp)
        before = f"from {_name(desk, handed.holder)} " if handed.holder else ""
        body = f"Handed over {before}to {advisor.name}: {command.note}"
        contacts.add_note(journey, visibility="team", body=body, stamp=stamp)

    receipt = desk.change_journey(who, Permission.ASSIGN_ADVISOR, one, decide)
    return None if had and had[-1] else receipt


def _name(desk: Desk, member_id: str | None) -> str:
    """Return a member's name; of one who was erased only that somebody was there."""
    if member_id is None:
        return "nobody"
    try:
        return desk.journal.get(Member, UUID(member_id)).name
    except (RungwiseError, ValueError):
        return "somebody else"
