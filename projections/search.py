"""The search of the auditor's desk: every event of a cohort by person, kind, time and actor, what followed included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from core.journey.assessments import ProfileClassified
from core.journey.hold import GateOverridden, GatePassed
from core.journey.recommendations import RecommendationIssued
from core.values import one_of
from projections.activity import KIND_EVENTS
from projections.standing import JOURNEY, searchable
from projections.timeline import TIMELINE, named, recorded_between, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Connection

__all__ = ["KINDS", "PAGE_SIZE", "Hit", "SearchPage", "Sought", "search"]

PAGE_SIZE: Final = 50
#: What the activity knows, and what only follows from it.
_KINDS: Final[Mapping[str, tuple[Any, ...]]] = {
    **KIND_EVENTS,
    "recommendations": (RecommendationIssued, ProfileClassified),
    "gates": (GatePassed, GateOverridden),
}
KINDS: Final = tuple(_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for; all of it combines, None is open.

    Args:
        text: a part of the student's name or reference.
        kind: one of `KINDS`.
        actor: id of who did it.
        since, until: days on which it was recorded, at the school, inclusive.
    """

    text: str | None = None
    kind: str | None = None
    actor: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An event, and whose it is."""

    position: int
    version: int
    journey_id: UUID
    name: str
    student_ref: str
    title: str
    detail: str
    recorded_at: datetime
    happened_on: date | None
    late: bool
    actor_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Hits, the newest first; `older` is the position to go on below, None at the end."""

    hits: tuple[Hit, ...]
    older: int | None


_COLUMNS: Final = ("position", "version", "journey_id", "title", "detail", "recorded_at", "happened_on", "late")
_HITS = named(
    select(*(TIMELINE.c[name] for name in _COLUMNS), JOURNEY.c.name, JOURNEY.c.student_ref)
    .select_from(TIMELINE)
    .join(JOURNEY, JOURNEY.c.journey_id == TIMELINE.c.journey_id)
)


def search(db: Connection, cohort: str, sought: Sought, *, before: int | None = None) -> SearchPage:
    """Return a page of events of a cohort.

    Args:
        db: from `Views.read`.
        cohort: which.
        sought: what is looked for.
        before: position that the page ends below; None = it begins with the newest.

    Raises:
        InvalidValue: there is no such kind.
    """
    query = _HITS.where(JOURNEY.c.cohort == cohort, *_narrowing(db, sought))
    if before is not None:
        query = query.where(TIMELINE.c.position < before)
    rows = db.execute(query.order_by(TIMELINE.c.position.desc()).limit(PAGE_SIZE + 1)).all()
    hits = tuple(_hit(row) for row in rows[:PAGE_SIZE])
    return SearchPage(hits=hits, older=hits[-1].position if len(rows) > PAGE_SIZE else None)


def _narrowing(db: Connection, sought: Sought) -> Iterator[ColumnElement[bool]]:
    if sought.text:
        yield JOURNEY.c.search.contains(searchable(sought.text), autoescape=True)
    if sought.kind:
        yield TIMELINE.c.topic.in_([event.TOPIC for event in _KINDS[one_of("kind", sought.kind, KINDS)]])
    if sought.actor:
        yield TIMELINE.c.actor == sought.actor
    yield from recorded_between(db, sought.since, sought.until)


def _hit(row: Any) -> Hit:
    return Hit(
        position=row.position,
        version=row.version,
        journey_id=row.journey_id,
        name=row.name,
        student_ref=row.student_ref,
        title=row.title,
        late=row.late,
        actor_name=row.actor_name,
        **told(row),
    )
