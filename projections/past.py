"""The past: the read models of a few streams as they were at a moment, folded into memory from the journal.

It is the same fold that makes today's pages, over the streams that a page is about and of the institution and its
people, so a page of the past is made by the program of the page of today, and comes out the same on every replay.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from sqlalchemy import create_engine, func, select
from sqlalchemy.pool import StaticPool

from core.errors import InvalidValue
from core.journal.root import replay
from projections import timeline
from projections.board_table import BOARD
from projections.board_table import MODEL as BOARD_MODEL
from projections.folding import no_search_for_cycles
from projections.people_tables import MEMBER
from projections.people_tables import MODEL as PEOPLE_MODEL
from projections.registry import MODELS
from projections.rows import METADATA, STATE, STATE_NAME, shape
from projections.timeline import LEADS, TIMELINE
from projections.working import Working, fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from core.journal.store import Journal, Recorded
    from core.people.institution import Institution
    from projections.model import ReadModel
    from projections.timeline import Entry

__all__ = ["Cut", "Past", "began_with", "cohort_at", "journey_at", "position_after", "told_later"]

_BOARD = (PEOPLE_MODEL, BOARD_MODEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The moment up to which something is looked at.

    Args:
        position: of the journal, inclusive; None = any.
        before: recorded before this moment [timezone-aware]; None = whenever.
    """

    position: int | None = None
    before: datetime | None = None


class Past:
    """Read models in memory, as `Views` gives them.

    Args:
        journal: is read.
        streams: the journeys.
        members: the streams of the people who may be named.
        cut: up to when.
        models: what is folded.

    Attributes:
        institution: as it stood then, with the playbook in force.
        position: of the newest event within the cut.
        recorded_at: when that was recorded.

    Raises:
        InvalidValue: the institution was not there yet.
    """

    def __init__(
        self,
        journal: Journal,
        streams: Collection[UUID],
        members: Collection[UUID],
        cut: Cut,
        models: Sequence[ReadModel],
    ) -> None:
        own = journal.keys.institution
        events = _within(journal.read_streams({own, *members, *streams}, cut.position), cut.before)
        told = [one for one in events if one.event.originator_id == own]
        if not told:
            raise InvalidValue("at", "this moment", "a moment after the records of this institution were begun")
        self.institution = cast("Institution", replay(None, [one.event for one in told]))
        self.position = events[-1].position
        self.recorded_at = events[-1].event.recorded_at
        self._engine = create_engine("sqlite://", creator=_empty, poolclass=StaticPool, hide_parameters=True)
        with self._engine.begin() as db:
            row = {"institution": str(own), "shape": shape(), "mark": "", "erasures": 0, "clean": 0}
            db.execute(STATE.insert(), {"name": STATE_NAME, "position": self.position, **row})
            work = Working()
            with no_search_for_cycles():
                work.begin(db, None)
                fold(work, models, events)
                for model in models:
                    model.finish(work)

    def close(self) -> None:
        """Forget it all."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection."""
        with self._engine.connect() as db:
            yield db


def journey_at(journal: Journal, db: Connection, journey_id: UUID, cut: Cut) -> Past:
    """Return all read models of one journey as they were.

    Args:
        journal: is read.
        db: of today's read models: who the people are.
        journey_id: which.
        cut: up to when.
    """
    return Past(journal, [journey_id], _members(db), cut, MODELS)


def cohort_at(journal: Journal, db: Connection, cohort: str, cut: Cut) -> Past:
    """Return the board of a cohort as it was; a journey never changes its cohort.

    Args:
        journal: is read.
        db: of today's read models: which journeys and people there are.
        cohort: which.
        cut: up to when.
    """
    journeys = db.scalars(select(BOARD.c.journey_id).where(BOARD.c.cohort == cohort)).all()
    return Past(journal, journeys, _members(db), cut, _BOARD)


def position_after(db: Connection, journey_id: UUID, version: int) -> int | None:
    """Return the position at which an event of a journey and all that followed from it by itself were recorded."""
    own = TIMELINE.c.journey_id == journey_id
    when = select(TIMELINE.c.recorded_at).where(own, TIMELINE.c.version == version).scalar_subquery()
    after = (TIMELINE.c.version >= version, TIMELINE.c.recorded_at == when)
    position: int | None = db.execute(select(func.max(TIMELINE.c.position)).where(own, *after)).scalar()
    return position


def began_with(db: Connection, journey_id: UUID, version: int) -> int:
    """Return the version of the first event that was recorded together with one: what somebody did, in one command."""
    own = TIMELINE.c.journey_id == journey_id
    when = select(TIMELINE.c.recorded_at).where(own, TIMELINE.c.version == version).scalar_subquery()
    first = select(func.min(TIMELINE.c.version)).where(own, TIMELINE.c.recorded_at == when)
    return db.execute(first).scalar() or version


def told_later(db: Connection, journey_id: UUID, *, version: int, on: date) -> tuple[Entry, ...]:
    """Return what had happened by a day and was recorded only after a version: nobody could know it from the record."""
    own = (TIMELINE.c.journey_id == journey_id, TIMELINE.c.version > version, LEADS)
    versions = select(TIMELINE.c.version).where(*own, TIMELINE.c.happened_on <= on.isoformat())
    return tuple(entry for _, entry in sorted(timeline.at(db, journey_id, db.scalars(versions)).items()))


def _members(db: Connection) -> Sequence[UUID]:
    return db.scalars(select(MEMBER.c.member_id)).all()


def _within(events: Sequence[Recorded], before: datetime | None) -> list[Recorded]:
    """Return the events that were recorded before a moment: of each stream, those up to the first that was not."""
    if before is None:
        return list(events)
    over: set[UUID] = set()
    kept: list[Recorded] = []
    for one in events:
        stream = one.event.originator_id
        if one.event.recorded_at >= before:
            over.add(stream)
        elif stream not in over:
            kept.append(one)
    return kept


def _empty() -> sqlite3.Connection:
    """Return a file in memory with all tables and no rows."""
    db = sqlite3.connect(":memory:", check_same_thread=False)
    db.deserialize(_tables())
    return db


@cache
def _tables() -> bytes:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    METADATA.create_all(engine)
    with closing(cast("sqlite3.Connection", engine.raw_connection().driver_connection)) as db:
        return db.serialize()
