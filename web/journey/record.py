"""One journey as the person at the page may see it: what every page of this package starts from."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, url_for
from markupsafe import Markup

from core.errors import InvalidValue, NotFound, RecordErased
from core.journey.inventory import FactKind, in_record, kinds_for
from core.journey.journey import Journey
from core.people.access import Permission, require
from projections import board as boards
from projections import journey as journeys
from projections import timeline
from projections.past import began_with, told_later
from web.edge import finish, house, may, must_read, settled, who
from web.journey.words import OUTCOMES, called, clock_time, lowered, weekday
from web.live import live_journey
from web.past import Slider, asked, snapshot, stay, then

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from core.advising.desk import Receipt
    from core.decision.playbook import Playbook, Specialty
    from core.people.institution import Institution
    from projections.sheet import JourneySheet, Moment
    from projections.timeline import Entry
    from web.live import Live
    from web.past import Then
    from web.schemas import Form

__all__ = ["Record", "blueprint", "done", "here", "opened", "read", "read_to_write", "specialty_names", "told"]

blueprint = Blueprint("journey", "web.journey")
blueprint.app_url_defaults(stay)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A journey, and who looks at it when.

    Args:
        sheet: the read model.
        at: now.
        today: the calendar date in the institution's zone.
        zone: that zone.
        specialty: the dream field in the playbook in force; None where no pack declares it any more.
        kinds: every fact that may be recorded, and what was recorded and nobody asks any more.
        playbook: label and digest of the playbook in force.
        may_write: whether the person may write on this journey.
        may_lead: whether they may also assign an advisor and open gates.
        live: what a page about it carries to stay current; None at an earlier moment, when nothing can be written.
        then: the earlier moment at which the page looks, or None; `at` and `today` are of that moment.
        later: what had happened by then and was recorded only afterwards.
        slider: the way through the past.
    """

    sheet: JourneySheet
    at: datetime
    today: date
    zone: ZoneInfo
    specialty: Specialty | None
    kinds: Mapping[str, FactKind]
    playbook: str
    may_write: bool
    may_lead: bool
    live: Live | None
    then: Then | None
    later: tuple[Entry, ...]
    slider: Slider

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
    def unknown(self) -> tuple[tuple[str, str, str, str], ...]:
        """What had happened by then and was recorded only afterwards: what, in detail, when it was, when recorded."""
        return tuple(
            (one.title, one.detail, self.day(one.happened_on), self.moment(one.recorded_at))
            for one in self.later
            if one.happened_on
        )

    @property
    def endpoint(self) -> str:
        """The page at hand."""
        return request.endpoint or "journey.sheet"

    @property
    def crumbs(self) -> tuple[tuple[str, str], ...]:
        """The way back up: cohort, then student."""
        cohort = url_for("board.cohort", cohort=self.sheet.cohort)
        return ((f"Cohort {self.sheet.cohort}", cohort), (self.sheet.name, here(self, "sheet")))


def read(db: Connection, journey_id: UUID) -> Record:
    """Read a journey for a page, as it stands.

    Args:
        db: the snapshot that the whole page is read from.
        journey_id: which journey.

    Raises:
        NotFound: there is none, or the person may not know of it.
        RecordErased: it was erased.
    """
    sheet = journeys.sheet(db, journey_id)
    if sheet is None:
        raise NotFound("there is no such journey, or it is not in your cohorts")
    if sheet.erased:
        raise RecordErased("this record was erased: nothing can be read from it or added to it")
    must_read(sheet.target)
    desk = house().desk
    today = desk.today()
    return Record(
        sheet=sheet,
        at=house().clock(),
        today=today,
        zone=desk.institution().zone,
        specialty=_specialty(desk.playbook(), sheet.specialty),
        kinds=_kinds(desk.content(), sheet),
        playbook=_named(desk.institution()),
        may_write=may(Permission.WRITE_JOURNEY, sheet.target),
        may_lead=may(Permission.OVERRIDE_GATE, sheet.target),
        live=live_journey(db, journey_id, today),
        then=None,
        later=(),
        slider=_slider(sheet, sheet.version, sheet.version - 1, today, today),
    )


@contextmanager
def opened(journey_id: UUID) -> Iterator[tuple[Connection, Record]]:
    """Give a journey for a page that can also be looked at as it was, and the rows that the page is read from.

    Raises:
        NotFound: as `read`; or the journey was not there yet at the moment that the address names.
        RecordErased: as `read`.
        InvalidValue: the address names no moment.
    """
    with house().views.read() as db:
        record = read(db, journey_id)  # who may read it is decided by the roles of today
        if not asked():
            yield db, record
            return
    with snapshot(journey_id) as db:
        yield db, _as_it_was(db, record)


def _as_it_was(db: Connection, now: Record) -> Record:
    moment = then()
    sheet = journeys.sheet(db, now.journey_id)
    if moment is None or sheet is None:
        raise NotFound(f"this journey was not there yet at that moment; it begins on {_began(now)}")
    began = began_with(db, now.journey_id, sheet.version)
    with house().views.read() as today:
        later = told_later(today, now.journey_id, version=sheet.version, on=moment.today)
    playbook = moment.playbook
    return replace(
        now,
        sheet=sheet,
        at=moment.at,
        today=moment.today,
        zone=moment.institution.zone,
        specialty=_specialty(playbook, sheet.specialty) if playbook else None,
        kinds=_kinds(moment.institution.playbook or {"packs": []}, sheet),
        playbook=_named(moment.institution),
        may_write=False,
        may_lead=False,
        live=None,
        then=moment,
        later=later,
        slider=_slider(now.sheet, sheet.version, began - 1, moment.today, now.today),
    )


def _began(now: Record) -> str:
    with house().views.read() as db:
        first = timeline.at(db, now.journey_id, [1])[1]
    return now.moment(first.recorded_at)


def _slider(newest: JourneySheet, version: int, back: int, day: date, last: date) -> Slider:
    label = f"Event {version} of {newest.version}"
    return Slider(name="event", low=1, high=newest.version, value=version, back=back, label=label, day=day, last=last)


def _named(institution: Institution) -> str:
    label, digest = (institution.playbook or {}).get("label", "none"), institution.playbook_digest or ""
    return f"{label} {digest.removeprefix('sha256:')[:8]}"


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


def _kinds(content: Mapping[str, Any], sheet: JourneySheet) -> Mapping[str, FactKind]:
    return in_record(kinds_for(content, sheet.specialty), sheet.facts)


def _specialty(playbook: Playbook, slug: str) -> Specialty | None:
    try:
        return playbook.specialty(slug)
    except InvalidValue:
        return None
