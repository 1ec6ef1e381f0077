"""The activity of a cohort: who did what on which journey and when, read from the timeline.

One line for each deed: what a command was about. What followed from it, such as a new recommendation, stands with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, select

from core.journey import assessments as a
from core.journey import contacts as c
from core.journey import decisions as d
from core.journey import feedback as f
from core.journey import milestones as m
from core.journey.findings import FindingRecorded
from core.journey.hold import GateOverridden, GatePassed
from core.journey.journey import DetailsCorrected, Journey
from core.journey.placements import PlacementRecorded
from core.journey.quarters import QuarterRecorded
from core.journey.scenarios import ScenarioSaved
from core.journey.time_requests import TimeRequested
from core.values import one_of
from projections.board_table import BOARD
from projections.timeline import LEADS, TIMELINE, named, recorded_between, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Connection, Row

__all__ = ["KINDS", "KIND_EVENTS", "PAGE_SIZE", "ActivityPage", "Deed", "Wanted", "page"]

PAGE_SIZE = 50

# What people look for, and the events that are it.
KIND_EVENTS: Mapping[str, tuple[Any, ...]] = {
    "decisions": (
        d.DecisionRecorded,
        d.ConcurrenceRecorded,
        d.DissentRecorded,
        d.DecisionReversed,
        GateOverridden,
        TimeRequested,
    ),
    "facts": (a.FactRecorded, a.FactConfirmed, a.FactDisputed, a.FactCorrected, a.WeaknessesAssessed),
    "opinions": (
        f.OpinionRequested,
        f.OpinionReceived,
        f.OpinionDeclined,
        f.OpinionWithdrawn,
        f.TrustMarked,
    ),
    "milestones": (
        m.MilestonePlanned,
        m.MilestoneRescheduled,
        m.MilestoneCompleted,
        m.MilestoneWaived,
        m.MilestoneMissed,
    ),
    "contacts": (c.ContactLogged, c.NoteAdded),
    "advisors": (c.AdvisorAssigned,),
    "ladders": (c.LadderChosen, PlacementRecorded),
    "journeys": (Journey.Created, DetailsCorrected),
    "findings": (FindingRecorded,),
    "money": (ScenarioSaved, QuarterRecorded),
}
KINDS = tuple(KIND_EVENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the activity is narrowed to; all of it combines, None is open.

    Args:
        actor: id of who did it.
        kind: one of `KINDS`.
        day: on which it was recorded, at the school.
    """

    actor: str | None = None
    kind: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody did on a journey, with the titles of what followed from it."""

    position: int
    journey_id: UUID
    name: str
    student_ref: str
    title: str
    detail: str
    recorded_at: datetime
    happened_on: date | None
    late: bool
    actor: str
    actor_name: str
    followed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """Deeds, the newest first; `newer` and `older` say whether there are more on either side."""

    deeds: tuple[Deed, ...]
    newer: bool
    older: bool


_LATER, _NEXT = TIMELINE.alias("later"), TIMELINE.alias("next_deed")
_END = (
    select(func.min(_NEXT.c.version))
    .where(_NEXT.c.journey_id == TIMELINE.c.journey_id, _NEXT.c.version > TIMELINE.c.version, _NEXT.c.leads)
    .correlate(TIMELINE)
    .scalar_subquery()
)
_FOLLOWED = (
    select(func.json_group_array(_LATER.c.title))
    .where(
        _LATER.c.journey_id == TIMELINE.c.journey_id,
        _LATER.c.version > TIMELINE.c.version,
        _LATER.c.version < func.coalesce(_END, _LATER.c.version + 1),
        _LATER.c.recorded_at == TIMELINE.c.recorded_at,
        _LATER.c.topic != GatePassed.TOPIC,  # it stands before the decision it belongs to, and says no more
    )
    .correlate(TIMELINE)
    .scalar_subquery()
)
_SHOWN = ("position", "journey_id", "title", "detail", "recorded_at", "happened_on", "late", "actor")
_DEEDS = named(
    select(*(TIMELINE.c[name] for name in _SHOWN), BOARD.c.name, BOARD.c.student_ref, _FOLLOWED.label("followed"))
    .select_from(TIMELINE)
    .join(BOARD, BOARD.c.journey_id == TIMELINE.c.journey_id)
)


def page(
    db: Connection, cohort: str, wanted: Wanted, *, before: int | None = None, after: int | None = None
) -> ActivityPage:
    """Return a page of a cohort's activity; two queries whatever its size.

    Args:
        db: from `Views.read`.
        cohort: which.
        wanted: what it is narrowed to.
        before: position of the journal that the page ends below; None = it begins with the newest.
        after: in its place: the position that the page begins above.

    Raises:
        InvalidValue: there is no such kind.
    """
    position = TIMELINE.c.position
    query: Any = _DEEDS.where(TIMELINE.c.cohort == cohort, LEADS, *_narrowing(db, wanted))
    if after is not None:
        rows = db.execute(query.where(position > after).order_by(position).limit(PAGE_SIZE + 1)).all()
        more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE][::-1]
        return ActivityPage(deeds=tuple(_deed(row) for row in rows), newer=more, older=True)
    if before is not None:
        query = query.where(position < before)
    rows = db.execute(query.order_by(position.desc()).limit(PAGE_SIZE + 1)).all()
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return ActivityPage(deeds=tuple(_deed(row) for row in rows), newer=before is not None, older=more)


def _narrowing(db: Connection, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.actor:
        yield TIMELINE.c.actor == wanted.actor
    if wanted.kind:
        yield TIMELINE.c.topic.in_([event.TOPIC for event in KIND_EVENTS[one_of("kind", wanted.kind, KINDS)]])
    yield from recorded_between(db, wanted.day, wanted.day)


_titles = msgspec.json.Decoder(tuple[str, ...]).decode


def _deed(row: Row[Any]) -> Deed:
    return Deed(
        position=row.position,
        journey_id=row.journey_id,
        name=row.name,
        student_ref=row.student_ref,
        title=row.title,
        late=row.late,
        actor=row.actor,
        actor_name=row.actor_name,
        followed=_titles(row.followed),
        **told(row),
    )
