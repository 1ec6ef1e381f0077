"""Read model of the timeline: one row for each event of a journey, in plain words, with who and when.

The rows also hold what pages show of an event beyond the state of the journey (`BODIES`), so that the journey page
needs one query for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text, Uuid, bindparam, func, select, true

from core.journal.root import Erased
from core.journey import assessments as a
from core.journey import contacts as c
from core.journey import decisions as d
from core.journey import feedback as f
from core.journey.findings import FindingRecorded
from core.journey.placements import PlacementRecorded
from core.journey.quarters import QuarterRecorded
from core.journey.scenarios import ScenarioSaved
from core.journey.time_requests import TimeRequested
from projections.model import JOURNEY_TOPICS, ReadModel
from projections.people import actor_name
from projections.people_tables import INSTITUTION, MEMBER
from projections.rows import METADATA, Plain, put
from projections.standing import is_late

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from uuid import UUID

    from sqlalchemy import ColumnElement, Connection, Select

    from core.journal.store import Recorded
    from projections.working import Working

__all__ = [
    "BODIES",
    "LEADS",
    "MODEL",
    "TIMELINE",
    "Entry",
    "TimelinePage",
    "at",
    "named",
    "of_topics",
    "page",
    "recorded_between",
    "told",
]

PAGE_SIZE = 100
LINES_HELD = 20_000  # of a pass before they are written, for they take much room

TIMELINE = Table(
    "timeline",
    METADATA,
    Column("journey_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("cohort", Text),  # of an erased event nobody knows it any more
    Column("topic", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("happened_on", Text),
    Column("late", Boolean, nullable=False),
    Column("leads", Boolean, nullable=False),  # what a command was about; the events after it followed from it
    Column("erased", Boolean, nullable=False),
    Column("actor", Text, nullable=False),
    Column("about", Text),  # the member whom the event is about: the advisor who was assigned
    Column("title", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("body", LargeBinary),  # last, so that a reader of the rest never touches it
    sqlite_with_rowid=False,  # the rows of one journey lie together
)
LEADS = TIMELINE.c.leads == true()  # said in the same words where it is asked for, or the index is not found
Index("timeline_by_cohort", TIMELINE.c.cohort, TIMELINE.c.position, sqlite_where=LEADS)

# What a page shows of an event that the state of the journey does not hold.
BODIES: dict[str, tuple[str, ...]] = {
    a.WeaknessesAssessed.TOPIC: ("source",),
    f.OpinionRequested.TOPIC: ("opinion_id",),
    f.OpinionReceived.TOPIC: ("opinion_id",),
    f.OpinionDeclined.TOPIC: ("opinion_id", "why"),
    f.OpinionWithdrawn.TOPIC: ("opinion_id", "reason"),
    d.DecisionRecorded.TOPIC: ("decision_id", "recommendation_version", "reason_code", "reason", "remedies"),
    d.ConcurrenceRecorded.TOPIC: ("decision_id", "text"),
    d.DissentRecorded.TOPIC: ("decision_id", "text"),
    d.DecisionReversed.TOPIC: ("decision_id", "reason"),
    TimeRequested.TOPIC: ("until", "reason"),
    PlacementRecorded.TOPIC: ("kind", "specialty", "place", "income_usd"),
    c.ContactLogged.TOPIC: ("channel", "summary"),
    c.NoteAdded.TOPIC: ("visibility", "body"),
    c.LadderChosen.TOPIC: ("ladder", "title", "playbook"),
    FindingRecorded.TOPIC: ("decision_id", "about", "level", "text"),
    ScenarioSaved.TOPIC: ("scenario_id", "kind", "name", "model"),  # the rest is read from the journal, by version
    QuarterRecorded.TOPIC: ("quarter", "work_rvu", "procedures", "satisfaction_pct", "source"),
}
_encode = msgspec.json.Encoder().encode


def _fold(work: Working, one: Recorded) -> None:
    event = one.event
    place = (event.originator_id.hex, event.originator_version, one.position)
    at = work.at
    title, detail = work.said
    if isinstance(event, Erased):
        work.lines.append((*place, None, event.topic, at, None, False, False, True, "", None, title, detail, None))
        return
    topic, on = type(event).TOPIC, event.happened_on
    late = on is not None and is_late(on, event.recorded_at, work.zone)
    about = event.advisor if isinstance(event, c.AdvisorAssigned) else None
    names = BODIES.get(topic)
    body = _encode({name: event.__dict__[name] for name in names}) if names else None
    day = on.isoformat() if on else None
    standing = work.standing
    when = (topic, at, day, late, standing.leads, False)
    work.lines.append((*place, standing.journey.cohort, *when, event.actor, about, title, detail, body))
    if len(work.lines) == LINES_HELD:
        _finish(work)


def _finish(work: Working) -> None:
    work.lines.sort()  # in the order of the keys they are written faster
    put(work.db, TIMELINE, work.lines)
    work.lines.clear()


MODEL = ReadModel(name="timeline", tables=(TIMELINE,), topics=JOURNEY_TOPICS, fold=_fold, finish=_finish)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An event as a person reads it; of an erased one only place, kind and time are left."""

    position: int
    version: int
    topic: str
    title: str
    detail: str
    recorded_at: datetime
    happened_on: date | None
    late: bool
    erased: bool
    actor: str
    actor_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePage:
    """Entries, the newest first; `total` of the whole journey."""

    entries: tuple[Entry, ...]
    total: int
    number: int
    pages: int


_ABOUT = MEMBER.alias("about_member")


def named(query: Select[Any]) -> Select[Any]:
    """Add to a query of events the names of who did each (`actor_name`) and whom it is about (`about`)."""
    columns = (actor_name(TIMELINE.c.actor), func.coalesce(_ABOUT.c.name, TIMELINE.c.about).label("about"))
    members = (MEMBER, MEMBER.c.actor == TIMELINE.c.actor), (_ABOUT, _ABOUT.c.actor == TIMELINE.c.about)
    query = query.add_columns(*columns)
    for table, on in members:
        query = query.outerjoin(table, on)
    return query


def told(row: Any) -> dict[str, Any]:
    """Return of a row of a `named` query what every reader of events shows alike: detail, moment and day."""
    return {
        "detail": " · ".join(part for part in (row.about, row.detail) if part),
        "recorded_at": datetime.fromisoformat(row.recorded_at),
        "happened_on": date.fromisoformat(row.happened_on) if row.happened_on else None,
    }


def recorded_between(db: Connection, since: date | None, until: date | None) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that an event was recorded on some days at the school, both included; None is open."""
    if since is None and until is None:
        return
    zone = ZoneInfo(db.scalar(select(INSTITUTION.c.time_zone)) or "UTC")
    if since is not None:
        yield TIMELINE.c.recorded_at >= datetime.combine(since, time(), zone).astimezone(UTC).isoformat()
    if until is not None:
        end = datetime.combine(until + timedelta(days=1), time(), zone)
        yield TIMELINE.c.recorded_at < end.astimezone(UTC).isoformat()


_SHOWN = ("version", "position", "topic", "title", "detail", "recorded_at", "happened_on", "late", "erased", "actor")
_ENTRIES = named(select(*(TIMELINE.c[name] for name in _SHOWN)).select_from(TIMELINE))
_OWN = TIMELINE.c.journey_id == bindparam("journey_id", type_=Uuid())
_PAGE = Plain(
    _ENTRIES.add_columns(select(func.count()).where(_OWN).scalar_subquery().label("total"))
    .where(_OWN)
    .order_by(TIMELINE.c.version.desc())
    .limit(bindparam("most", type_=Integer()))
    .offset(bindparam("first", type_=Integer()))
)


def page(db: Connection, journey_id: UUID, *, number: int = 1, size: int = PAGE_SIZE) -> TimelinePage:
    """Return a page of a journey's timeline.

    Args:
        db: from `Views.read`.
        journey_id: of the journey; an unknown one has no entries.
        number: of the page, from 1.
        size: entries a page.
    """
    place = {"most": size, "first": (max(number, 1) - 1) * size}
    rows = _PAGE(db, journey_id=journey_id.hex, **place).all()
    count = rows[0].total if rows else 0
    return TimelinePage(
        entries=tuple(_entry(row) for row in rows), total=count, number=number, pages=max(1, -(-count // size))
    )


def at(db: Connection, journey_id: UUID, versions: Iterable[int]) -> Mapping[int, Entry]:
    """Return the events at some versions of a journey: what stands behind a rule, by its `refs`."""
    query = _ENTRIES.where(TIMELINE.c.journey_id == journey_id, TIMELINE.c.version.in_(set(versions)))
    return {row.version: _entry(row) for row in db.execute(query)}


def of_topics(db: Connection, journey_id: UUID, topics: Iterable[str]) -> tuple[Entry, ...]:
    """Return the events of some kinds of a journey, in order."""
    query = _ENTRIES.where(TIMELINE.c.journey_id == journey_id, TIMELINE.c.topic.in_(tuple(topics)))
    return tuple(_entry(row) for row in db.execute(query.order_by(TIMELINE.c.version)))


def _entry(row: Any) -> Entry:
    return Entry(
        position=row.position,
        version=row.version,
        topic=row.topic,
        title=row.title,
        late=bool(row.late),
        erased=bool(row.erased),
        actor=row.actor,
        actor_name=row.actor_name,
        **told(row),
    )
