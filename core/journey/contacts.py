"""The team around a journey: advisor assigned, contact logged, note added, ladder chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from core.journal.root import Root, Stamp
from core.values import one_of, text

if TYPE_CHECKING:
    from core.journey.journey import Journey

__all__ = [
    "CHANNELS",
    "VISIBILITIES",
    "AdvisorAssigned",
    "ContactLogged",
    "LadderChosen",
    "NoteAdded",
    "add_note",
    "assign_advisor",
    "choose_ladder",
    "log_contact",
]

CHANNELS = {"meeting": "Meeting", "call": "Call", "video": "Video call", "email": "Email", "message": "Message"}
VISIBILITIES = {"team": "Advisors only", "shared": "Shared with the student"}


class AdvisorAssigned(Root.Event):
    """A member of the team took over this journey; the team is the one they were on that day."""

    TOPIC: ClassVar[str] = "contact.advisor-assigned"
    advisor: str
    team: str | None

    def apply(self, journey: Journey) -> None:
        """Set advisor and team."""
        journey.advisor = self.advisor
        journey.team = self.team


class ContactLogged(Root.Event):
    """Somebody of the team spoke with the student."""

    TOPIC: ClassVar[str] = "contact.logged"
    channel: str
    summary: str

    def apply(self, journey: Journey) -> None:
        """Count the conversation."""
        journey.conversations += 1


class NoteAdded(Root.Event):
    """A note was written, for the team or shared with the student."""

    TOPIC: ClassVar[str] = "contact.note-added"
    visibility: str
    body: str

    def apply(self, journey: Journey) -> None:
        """Change nothing: a note is only read."""


class LadderChosen(Root.Event):
    """The student chose a ladder to climb (playbook LADDER)."""

    TOPIC: ClassVar[str] = "contact.ladder-chosen"
    ladder: str
    title: str
    playbook: str

    def apply(self, journey: Journey) -> None:
        """Set the ladder."""
        journey.ladder = self.ladder


def assign_advisor(journey: Journey, advisor: str, *, team: str | None, stamp: Stamp) -> None:
    """Assign an advisor; the same one again is quiet."""
    if (journey.advisor, journey.team) != (advisor, team):
        journey.record(AdvisorAssigned, stamp, advisor=advisor, team=team)


def log_contact(journey: Journey, *, channel: str, summary: str, stamp: Stamp) -> None:
    """Log a conversation with the student.

    Raises:
        InvalidValue: unknown channel, or no summary.
    """
    journey.record(ContactLogged, stamp, channel=one_of("channel", channel, CHANNELS), summary=text("summary", summary))


def add_note(journey: Journey, *, visibility: str, body: str, stamp: Stamp) -> None:
    """Add a note.

    Raises:
        InvalidValue: unknown visibility, or no text.
    """
    journey.record(NoteAdded, stamp, visibility=one_of("visibility", visibility, VISIBILITIES), body=text("note", body))


def choose_ladder(journey: Journey, ladder: str, *, title: str, playbook: str, stamp: Stamp) -> None:
    """Choose a ladder; the same one again is quiet.

    Args:
        journey: changed in place.
        ladder: id of a ladder of the playbook in force.
        title: its title on that day, so that it stays readable when the pack is gone.
        playbook: digest of the playbook it was read from.
        stamp: who, by which command, when.
    """
    if journey.ladder != ladder:
        journey.record(LadderChosen, stamp, ladder=ladder, title=title, playbook=playbook)
