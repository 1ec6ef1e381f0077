"""The working set of one pass: the journeys it touches, and what all of them need to know of the institution."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.journal.root import Erased
from projections.model import JOURNEY_TOPICS, topic_of
from projections.people_tables import INSTITUTION, SPECIALTY
from projections.standing import JOURNEY, Standing
from projections.wording import tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import Connection

    from core.journal.store import Recorded
    from projections.model import ReadModel

__all__ = ["Working", "fold"]


class Working:
    """What the read models of one pass share.

    Args:
        db: the write transaction of the pass.
        events: what the pass folds.

    Attributes:
        standings: every journey that the pass touches, as it stands after the events folded so far.
        said: title and detail of the event being folded, when it is one of a journey.
        names: specialty slug → name, as of the event being folded.
        zone: in which days begin and end.
        lines: rows of the timeline to write.
        decided: rows of the decisions register to write; `judged` and `undone` are what was said to decisions later.
    """

    def __init__(self, db: Connection, events: Iterable[Recorded]) -> None:
        self.db = db
        self.said = ("", "")
        self.lines: list[tuple[object, ...]] = []
        self.decided: list[tuple[object, ...]] = []
        self.judged: list[tuple[object, ...]] = []
        self.undone: list[tuple[object, ...]] = []
        self.names: dict[str, str] = {row.slug: row.name for row in db.execute(select(SPECIALTY))}
        self.settle(db.execute(select(INSTITUTION.c.time_zone)).scalar() or "UTC")
        touched = {one.event.originator_id for one in events if topic_of(one.event) in JOURNEY_TOPICS}
        self.standings = _load(db, touched)

    def settle(self, time_zone: str) -> None:
        """Let days begin and end in a time zone from here on."""
        self.zone = ZoneInfo(time_zone)

    def advance(self, one: Recorded) -> None:
        """Let a journey stand as it does after its event."""
        event = one.event
        stream = event.originator_id
        if isinstance(event, Erased):
            self.said = ("Erased", "")
            self.standings[stream] = Standing.erased(event, one.position)
            return
        standing = self.standings.get(stream)
        if standing is None:
            standing = self.standings[stream] = Standing.empty(stream)
        self.said = tell(event, standing.journey, self.names)
        standing.advance(event, one.position, self.said[0], self.zone)


def fold(db: Connection, models: Sequence[ReadModel], events: Sequence[Recorded]) -> None:
    """Fold events into all read models, in order, and write their rows."""
    work = Working(db, events)
    by_topic = {
        topic: [model.fold for model in models if model.fold and topic in model.topics]
        for topic in {topic_of(one.event) for one in events}
    }
    for one in events:
        topic = topic_of(one.event)
        if topic in JOURNEY_TOPICS:
            work.advance(one)
        for fold_one in by_topic[topic]:
            fold_one(work, one)
    for model in models:
        model.finish(work)


def _load(db: Connection, streams: set[UUID]) -> dict[UUID, Standing]:
    kept = (JOURNEY.c.journey_id, JOURNEY.c.version, JOURNEY.c.position, JOURNEY.c.state)
    rows = db.execute(select(*kept).where(JOURNEY.c.journey_id.in_(streams)))
    return {row[0]: Standing.restore(*row) for row in rows}
