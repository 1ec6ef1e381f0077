"""Use cases on assessments: every change of evidence also brings profile and recommendation up to date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.advising.desk import Desk, JourneyCommand, Receipt, advise
from core.journey import assessments
from core.journey.inventory import FACTS, FactKind, kinds_for
from core.people.access import Permission, Principal
from core.plan.windows import settle
from core.values import past

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.journal.root import Stamp
    from core.journey.journey import Journey, StoredWeakness

__all__ = [
    "AssessWeaknesses",
    "ConfirmFact",
    "CorrectFact",
    "DisputeFact",
    "RecordFact",
    "assess_weaknesses",
    "confirm_fact",
    "correct_fact",
    "dispute_fact",
    "record_fact",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact(JourneyCommand):
    """Write a fact down; `happened_on` where that is not today."""

    name: str
    value: object
    source: str
    happened_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmFact(JourneyCommand):
    """The student confirms a fact; recorded on their behalf."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeFact(JourneyCommand):
    """The student disputes a fact; recorded on their behalf."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectFact(JourneyCommand):
    """Replace a recorded value by the right one."""

    name: str
    value: object
    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessWeaknesses(JourneyCommand):
    """Record the main weaknesses and their remedies."""

    weaknesses: tuple[StoredWeakness, ...]
    source: str


def record_fact(desk: Desk, who: Principal, command: RecordFact) -> Receipt:
    """Record a fact; see `core.journey.assessments.record_fact` for what it refuses."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        today = desk.today()
        on = command.happened_on
        if on is not None:
            past("happened_on", on, today)
        assessments.record_fact(
            journey,
            command.name,
            command.value,
            source=command.source,
            stamp=stamp.on(on if on != today else None),
            seen=command.seen,
            on_behalf=_students_own(command.name),
            kinds=_kinds(desk, journey, command.name),
        )
        _advise_if_it_decides(desk, journey, command.name, stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def confirm_fact(desk: Desk, who: Principal, command: ConfirmFact) -> Receipt:
    """Confirm a fact on the student's behalf."""
    return desk.change_journey(
        who,
        Permission.WRITE_JOURNEY,
        command,
        lambda journey, stamp: assessments.confirm_fact(
            journey,
            command.name,
            stamp=stamp,
            seen=command.seen,
            on_behalf=True,
            kinds=_kinds(desk, journey, command.name),
        ),
    )


def dispute_fact(desk: Desk, who: Principal, command: DisputeFact) -> Receipt:
    """Dispute a fact on the student's behalf."""
    return desk.change_journey(
        who,
        Permission.WRITE_JOURNEY,
        command,
        lambda journey, stamp: assessments.dispute_fact(
            journey,
            command.name,
            reason=command.reason,
            stamp=stamp,
            seen=command.seen,
            on_behalf=True,
            kinds=_kinds(desk, journey, command.name),
        ),
    )


def correct_fact(desk: Desk, who: Principal, command: CorrectFact) -> Receipt:
    """Correct a fact; see `core.journey.assessments.correct_fact` for what it refuses."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        assessments.correct_fact(
            journey,
            command.name,
            command.value,
            source=command.source,
            reason=command.reason,
            stamp=stamp,
            seen=command.seen,
            on_behalf=_students_own(command.name),
            kinds=_kinds(desk, journey, command.name),
        )
        _advise_if_it_decides(desk, journey, command.name, stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def assess_weaknesses(desk: Desk, who: Principal, command: AssessWeaknesses) -> Receipt:
    """Assess the main weaknesses; see `core.journey.assessments.assess_weaknesses` for what it refuses."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        assessments.assess_weaknesses(
            journey, command.weaknesses, source=command.source, stamp=stamp, seen=command.seen
        )
        advise(desk, journey, stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def _kinds(desk: Desk, journey: Journey, name: str) -> Mapping[str, FactKind]:
    """Return the facts that may be recorded; packs are asked only for a fact that is not the playbook's own."""
    return FACTS if name in FACTS else kinds_for(desk.content(), journey.specialty)


def _students_own(name: str) -> bool:
    """Until students sign in themselves, their own word is recorded on their behalf."""
    kind = FACTS.get(name)
    return kind is not None and kind.students_own


def _advise_if_it_decides(desk: Desk, journey: Journey, name: str, stamp: Stamp) -> None:
    if name in FACTS and FACTS[name].decides:
        advise(desk, journey, stamp)
    else:
        settle(journey, stamp=stamp)
