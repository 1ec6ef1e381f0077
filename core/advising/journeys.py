"""Use cases on whole journeys: opened, details corrected, advisor assigned."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from core.advising.desk import Command, Desk, JourneyCommand, Receipt, advise
from core.errors import Conflict, InvalidValue, NotFound
from core.journey import contacts, journey, milestones
from core.journey.journey import MATCH_SYSTEMS, Journey, NewJourney, Target, journey_id
from core.people.access import Permission, Principal, require
from core.people.institution import cohort_id, create_cohort
from core.people.member import Member
from core.plan.windows import first_milestones, realign
from core.values import past

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.journal.root import Stamp

__all__ = [
    "AssignAdvisor",
    "CorrectDetails",
    "OpenJourney",
    "assign_advisor",
    "begin_journey",
    "correct_details",
    "ensure_cohort",
    "may_advise",
    "open_journey",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJourney(Command):
    """A student did not match: begin their journey."""

    new: NewJourney


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDetails(JourneyCommand):
    """Correct what a journey was opened with."""

    changes: Mapping[str, str | date]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignAdvisor(JourneyCommand):
    """Give a journey to an advisor."""

    advisor_id: str


def open_journey(desk: Desk, who: Principal, command: OpenJourney) -> Receipt:
    """Open a journey with its first milestones and its first recommendation.

    Raises:
        Conflict: this student's journey of this cycle and match system is open already.
    """
    new = command.new
    require(who, Permission.IMPORT_ROSTER, Target(cohort=str(new.cycle), advisor=None, team=None))
    stamp = desk.stamp(who.member_id, command)
    stream = journey_id(desk.journal.keys, new.student_ref, new.cycle, new.match_system)

    def make() -> Journey:
        begun = begin_journey(desk, new, stamp)
        advise(desk, begun, stamp)
        ensure_cohort(desk, new.cycle, stamp)
        return begun

    return desk.begin(Journey, stream, command, make)


def begin_journey(desk: Desk, new: NewJourney, stamp: Stamp) -> Journey:
    """Return a new journey, not yet saved and not yet advised, with its first milestones."""
    past("learned_on", new.learned_on, desk.today())
    desk.playbook().specialty(new.specialty)
    begun = journey.open_journey(replace(new, earlier_journey=_earlier(desk, new)), keys=desk.journal.keys, stamp=stamp)
    for milestone in first_milestones(match_day=begun.match_day, learned_on=begun.learned_on):
        milestones.plan_milestone(begun, milestone, stamp=stamp)
    return begun


def correct_details(desk: Desk, who: Principal, command: CorrectDetails) -> Receipt:
    """Correct name, address, status, dates or dream field."""

    def decide(root: Journey, stamp: Stamp) -> None:
        if "specialty" in command.changes:
            desk.playbook().specialty(str(command.changes["specialty"]))
        if isinstance(learned := command.changes.get("learned_on"), date):
            past("learned_on", learned, desk.today())
        clocks = root.match_day, root.learned_on
        journey.correct_details(root, command.changes, reason=command.reason, stamp=stamp)
        realign(root, *clocks, stamp=stamp, windows=desk.calendar(root.specialty).windows)
        advise(desk, root, stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def assign_advisor(desk: Desk, who: Principal, command: AssignAdvisor) -> Receipt:
    """Assign an advisor, who must hold a role in the journey's cohort."""

    def decide(root: Journey, stamp: Stamp) -> None:
        advisor = may_advise(desk, command.advisor_id, root.cohort)
        contacts.assign_advisor(root, str(advisor.id), team=advisor.team, stamp=stamp)

    return desk.change_journey(who, Permission.ASSIGN_ADVISOR, command, decide)


def may_advise(desk: Desk, member_id: str, cohort: str) -> Member:
    """Return the member when they may advise in a cohort.

    Raises:
        InvalidValue: unknown, deactivated, or without a role in this cohort.
    """
    try:
        member = desk.journal.get(Member, UUID(member_id))
    except (ValueError, NotFound):
        raise InvalidValue("advisor", member_id, "a member of the advising team") from None
    if not {("advisor", cohort), ("lead", cohort)} & member.grants:
        raise InvalidValue("advisor", member.name, f"a member with the role advisor or lead in cohort {cohort}")
    return member


def ensure_cohort(desk: Desk, cycle: int, stamp: Stamp) -> None:
    """Begin and save the cohort of a cycle unless it exists."""
    if not desk.journal.has(cohort_id(desk.journal.keys, cycle)):
        with suppress(Conflict):  # somebody began it at the same moment
            desk.journal.save(create_cohort(cycle, keys=desk.journal.keys, stamp=stamp))


def _earlier(desk: Desk, new: NewJourney) -> UUID | None:
    """Return the journey of the same student that came before this one, if there is one.

    Two misses of one student in one cycle are two journeys, and so are those of two cycles; the later links to the one
    before it. Years between two journeys are as good as never.
    """
    for cycle in (new.cycle, new.cycle - 1):
        for system in MATCH_SYSTEMS:
            stream = journey_id(desk.journal.keys, new.student_ref, cycle, system)
            if (cycle, system) != (new.cycle, new.match_system) and desk.journal.has(stream):
                other = desk.journal.get(Journey, stream)
                if other.match_day <= new.match_day:
                    return stream
    return None
