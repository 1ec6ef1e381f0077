"""Use cases around a journey: contact logged, note added, ladder chosen, placement recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.advising.desk import Desk, JourneyCommand, Receipt
from core.journey import contacts, placements
from core.ladders import ladders_for
from core.people.access import Permission, Principal
from core.plan.path import SEATS, follow_placement
from core.plan.windows import settle
from core.values import one_of, past

if TYPE_CHECKING:
    from datetime import date

    from core.journal.root import Stamp
    from core.journey.journey import Journey

__all__ = [
    "AddNote",
    "ChooseLadder",
    "LogContact",
    "RecordPlacement",
    "add_note",
    "choose_ladder",
    "log_contact",
    "record_placement",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogContact(JourneyCommand):
    """Somebody of the team spoke with the student."""

    channel: str
    summary: str
    happened_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote(JourneyCommand):
    """A note for the team, or shared with the student."""

    visibility: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseLadder(JourneyCommand):
    """The student chose a ladder of the playbook in force."""

    ladder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlacement(JourneyCommand):
    """Where the student went; income in USD per year, for a practice only."""

    kind: str
    specialty: str
    place: str
    starts_on: date | None = None
    income_usd: int | None = None


def log_contact(desk: Desk, who: Principal, command: LogContact) -> Receipt:
    """Log a conversation with the student."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        today = desk.today()
        on = past("happened_on", command.happened_on or today, today)
        contacts.log_contact(
            journey,
            channel=command.channel,
            summary=command.summary,
            stamp=stamp.on(on if on != today else None),
        )

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def add_note(desk: Desk, who: Principal, command: AddNote) -> Receipt:
    """Add a note."""
    return desk.change_journey(
        who,
        Permission.WRITE_JOURNEY,
        command,
        lambda journey, stamp: contacts.add_note(
            journey, visibility=command.visibility, body=command.body, stamp=stamp
        ),
    )


def choose_ladder(desk: Desk, who: Principal, command: ChooseLadder) -> Receipt:
    """Choose a ladder; it must be one of the dream field in the playbook in force."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        playbook = desk.playbook()
        known = {ladder.id: ladder for ladder in ladders_for(playbook.content, journey.specialty)}
        chosen = known[one_of("ladder", command.ladder, known or ("none: no ladder is known for this specialty",))]
        contacts.choose_ladder(journey, chosen.id, title=chosen.title, playbook=playbook.digest, stamp=stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)


def record_placement(desk: Desk, who: Principal, command: RecordPlacement) -> Receipt:
    """Record where the student went; a year in a SOAP, preliminary or transitional place brings its own plan."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        playbook = desk.playbook()
        playbook.specialty(command.specialty)
        placements.record_placement(
            journey,
            command.kind,
            specialty=command.specialty,
            place=command.place,
            income_usd=command.income_usd,
            starts_on=command.starts_on,
            stamp=stamp,
        )
        if command.kind in SEATS:
            calendar = desk.calendar(journey.specialty)
            follow_placement(journey, calendar, year_begins=command.starts_on, today=desk.today(), stamp=stamp)
        settle(journey, stamp=stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)
