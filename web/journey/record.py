"""One journey as the person at the page may see it: what every page of this package starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, url_for
from markupsafe import Markup

from core.errors import InvalidValue, NotFound, RecordErased
from core.journey.journey import Journey
from core.people.access import Permission, require
from projections import board as boards
from projections import journey as journeys
from web.edge import finish, house, may, must_read, settled, who
from web.journey.words import OUTCOMES, called, clock_time, lowered, weekday
from web.live import live_journey

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from core.advising.desk import Receipt
    from core.decision.playbook import Specialty
    from projections.sheet import JourneySheet, Moment
    from web.live import Live
    from web.schemas import Form

__all__ = ["Record", "blueprint", "done", "here", "read", "read_to_write", "specialty_names", "told"]

blueprint = Blueprint("journey", "web.journey")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A journey, and who looks at it when.

    Args:
        sheet: the read model.
        at: now.
        today: the calendar date in the institution's zone.
        zone: that zone.
        specialty: the dream field in the playbook in force; None where no pack declares it any more.
        playbook: label and digest of the playbook in force.
        may_write: whether the person may write on this journey.
        may_lead: whether they may also assign an advisor and open gates.
        live: what a page about it carries to stay current.
    """

    sheet: JourneySheet
    at: datetime
    today: date
    zone: ZoneInfo
    specialty: Specialty | None
    playbook: str
    may_write: bool
    may_lead: bool
    live: Live

    @property
    def first(self) -> str:
        """How people call the student."""
        return called(self.sheet.name)

    @property
    def field(self) -> str:
        """The dream field within a sentence: "ortho"."""
        known = self.specialty
        return known.short if known and known.short != self.sheet.specialty_name else self.dream

    @property
    def dream(self) -> str:
        """The dream field in full, within a sentence: "orthopedic surgery"."""
        return lowered(self.sheet.specialty_name)

    @property
    def journey_id(self) -> UUID:
        """Id of the journey."""
        return self.sheet.journey_id

    @property
    def as_of(self) -> str:
        """When the page is read, with the year, for paper."""
        return f"{self.today:%A, %B} {self.today.day}, {self.today.year}, {clock_time(self.at, self.zone)}"

    def day(self, on: date) -> str:
        """Return a date as the pages write it."""
        return weekday(on, self.today)

    def moment(self, at: datetime) -> str:
        """Return a moment in the institution's zone."""
        return f"{self.day(at.astimezone(self.zone).date())}, {clock_time(at, self.zone)}"

    def date_of(self, said: Moment) -> date:
        """Return the day something happened, or was recorded where that is the same."""
        return said.happened_on or said.recorded_at.astimezone(self.zone).date()

    @property
    def crumbs(self) -> tuple[tuple[str, str], ...]:
        """The way back up: cohort, then student."""
        cohort = url_for("board.cohort", cohort=self.sheet.cohort)
        return ((f"Cohort {self.sheet.cohort}", cohort), (self.sheet.name, here(self, "sheet")))


def read(db: Connection, journey_id: UUID, sheet: JourneySheet | None = None) -> Record:
    """Read a journey for a page.

    Args:
        db: the snapshot that the whole page is read from.
        journey_id: which journey.
        sheet: of it, where it is read already.

    Raises:
        NotFound: there is none, or the person may not know of it.
        RecordErased: it was erased.
    """
    sheet = sheet or journeys.sheet(db, journey_id)
    if sheet is None:
        raise NotFound("there is no such journey, or it is not in your cohorts")
    if sheet.erased:
        raise RecordErased("this record was erased: nothing can be read from it or added to it")
    must_read(sheet.target)
    desk = house().desk
    institution = desk.institution()
    label, digest = (institution.playbook or {}).get("label", "none"), institution.playbook_digest or ""
    return Record(
        sheet=sheet,
        at=house().clock(),
        today=desk.today(),
        zone=institution.zone,
        specialty=_specialty(sheet.specialty),
        playbook=f"{label} {digest.removeprefix('sha256:')[:8]}",
        may_write=may(Permission.WRITE_JOURNEY, sheet.target),
        may_lead=may(Permission.OVERRIDE_GATE, sheet.target),
        live=live_journey(db, journey_id, desk.today()),
    )


def read_to_write(journey_id: UUID) -> Record:
    """Read a journey for a form.

    Raises:
        NotAllowed: the person may read it, but not write on it.
    """
    with house().views.read() as db:
        record = read(db, journey_id)
    require(who(), Permission.WRITE_JOURNEY, record.sheet.target)
    return record


def here(record: Record, endpoint: str, **values: Any) -> str:
    """Return the address of another page of the same journey."""
    return url_for(f"journey.{endpoint}", journey_id=record.journey_id, **values)


def done(record: Record, receipt: Receipt, url: str, message: str) -> Response:
    """End a form that wrote; where it moved the recommendation, say from what to what, with the way to the reasons."""
    before = record.sheet.recommendation.outcome if record.sheet.recommendation else None
    now = None if receipt.repeated else _outcome(record, receipt)
    if now is None or now == before:
        return finish(receipt, url, message)
    moved = Markup("{} The recommendation changed{} to “{}”: <a href='{}'>see why</a>.").format(
        message,
        f" from “{OUTCOMES[before]}”" if before else "",
        OUTCOMES[now],
        here(record, "decision"),
    )
    return finish(receipt, url, moved)


def _outcome(record: Record, receipt: Receipt) -> str | None:
    """Return what the rules say after a write; from the journal while the rows do not show it."""
    if settled(receipt):
        with house().views.read() as db:
            return boards.recommendation(db, record.journey_id)
    found = house().desk.journal.get(Journey, record.journey_id).recommendation
    return found["outcome"] if found else None


def told(record: Record, form: Form) -> dict[str, Any]:
    """Return what every command of a form says: its id, what was seen, which journey."""
    return {"command_id": form.command_id, "seen": form.seen, "journey_id": record.journey_id}


def specialty_names() -> dict[str, str]:
    """Return every specialty of the playbook in force: slug → name, by name."""
    known = house().desk.playbook().specialties
    return dict(sorted(((slug, one.name) for slug, one in known.items()), key=lambda pair: pair[1].casefold()))


def _specialty(slug: str) -> Specialty | None:
    try:
        return house().desk.playbook().specialty(slug)
    except InvalidValue:
        return None
