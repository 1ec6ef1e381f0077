"""The working set: the journeys that a pass touches, and what all read models need to know of the institution.

It outlives a pass: what was touched last is remembered, so that a journey in work is neither read nor decoded again.
What is remembered is only good as long as nobody else writes the rows, and as no pass is undone; then it is forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from core.journal.root import Erased
from projections.model import JOURNEY_TOPICS, topic_of
from projections.people_tables import ASKED, INSTITUTION, SPECIALTY
from projections.rows import PARKED
from projections.standing import Standing
from projections.wording import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import Connection

    from core.journal.store import Recorded
    from projections.model import ReadModel

__all__ = ["REMEMBERED", "Working", "fold"]

REMEMBERED = 1000  # journeys between two passes; one takes about 20 KB
_LOAD = "SELECT journey_id, version, position, state FROM journey WHERE journey_id IN (SELECT value FROM json_each(?))"


class Working:
    """What the read models of one file share.

    Args:
        remembered: how many journeys are kept between two passes.

    Attributes:
        db: the write transaction of the pass.
        standings: every journey that the pass touched so far, as it stands after the events folded so far.
        standing: of the journey of the event being folded.
        said: title and detail of the event being folded, when it is one of a journey.
        at: when the event being folded was recorded [ISO 8601].
        names: specialty slug → name, and what packs ask → label, as of the event being folded.
        zone: in which days begin and end.
        lines: rows of the timeline to write.
        issued: rows of recommendations to write, by journey and slot.
        decided: rows of the decisions register to write; `judged` and `undone` are what was said to decisions later.
    """

    db: Connection
    standing: Standing
    zone: ZoneInfo

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self.forget()

    def forget(self) -> None:
        """Forget everything: the next pass reads what it needs."""
        self._resting: dict[UUID, Standing] = {}
        self._place: object = None
        self.clear()

    def clear(self) -> None:
        """Be ready for the next pass."""
        self.standings: dict[UUID, Standing] = {}
        self.said = ("", "")
        self.at = ""
        self.lines: list[tuple[object, ...]] = []
        self.issued: dict[tuple[str, int], tuple[object, ...]] = {}
        self.decided: list[tuple[object, ...]] = []
        self.judged: list[tuple[object, ...]] = []
        self.undone: list[tuple[object, ...]] = []

    def begin(self, db: Connection, place: object) -> None:
        """Begin a pass.

        Args:
            db: its write transaction.
            place: file and position where it begins; where that is not the end of the pass before, or is not
                known, all is forgotten.
        """
        self.db = db
        if place is not None and self._place == place:
            return
        self.forget()
        self.names: dict[str, str] = {
            key: name for table in (SPECIALTY, ASKED) for key, name in db.execute(select(table))
        }
        self.settle(db.execute(select(INSTITUTION.c.time_zone)).scalar() or "UTC")
        self.gaps = set(db.scalars(select(PARKED.c.stream)))

    def end(self, place: object) -> None:
        """Remember what was touched last; the pass was kept."""
        self._resting |= self.standings
        self._place = place
        self.clear()
        self._make_room()

    def settle(self, time_zone: str) -> None:
        """Let days begin and end in a time zone from here on."""
        self.zone = ZoneInfo(time_zone)

    def meet(self, streams: Iterable[UUID]) -> None:
        """Bring in the journeys that come next; of a new one there is nothing yet."""
        unknown = []
        for stream in streams:
            if (resting := self._resting.pop(stream, None)) is not None:
                self.standings[stream] = resting
            elif stream not in self.standings:
                unknown.append(stream)
        if unknown:
            by_id = {stream.hex: stream for stream in unknown}
            wanted = msgspec.json.encode(list(by_id)).decode()
            for journey_id, *kept in self.db.exec_driver_sql(_LOAD, (wanted,)):
                self.standings[by_id[journey_id]] = Standing.restore(by_id[journey_id], *kept)
        self._make_room()

    def _make_room(self) -> None:
        """Give up those that were not touched for the longest time; their rows are written."""
        while self._resting and len(self._resting) + len(self.standings) > self._remembered:
            del self._resting[next(iter(self._resting))]

    def tell(self, one: Recorded) -> None:
        """Put the event to come into words."""
        self.said = _NO_WORDS
        if not isinstance(one.event, Erased):
            self.said = tell(one.event, self._met(one.event.originator_id).journey, self.names)

    def advance(self, one: Recorded) -> None:
        """Let a journey stand as it does after its event."""
        event = one.event
        stream = event.originator_id
        self.at = event.recorded_at.isoformat()
        if isinstance(event, Erased):
            self.said = ("Erased", "")
            self.standing = self.standings[stream] = Standing.erased(event, one.position)
            return
        self.standing = self._met(stream)
        if stream in self.gaps and self.standing.journey.version:  # events before are parked: it goes on without them
            self.standing.journey.version = event.originator_version - 1
        self.standing.advance(event, one.position, self.at, self.said[0], self.zone)

    def _met(self, stream: UUID) -> Standing:
        standing = self.standings.get(stream)
        if standing is None:
            standing = self.standings[stream] = Standing.empty(stream)
        return standing


_NO_WORDS = ("Recorded", "")


def fold(work: Working, models: Sequence[ReadModel], events: Sequence[Recorded]) -> None:
    """Fold events into all read models, in order; their rows are written by `ReadModel.finish`."""
    topics = [topic_of(one.event) for one in events]
    takers = {topic: _takers(models, topic) for topic in set(topics)}
    work.meet({one.event.originator_id for one, topic in zip(events, topics, strict=True) if topic in JOURNEY_TOPICS})
    for one, topic in zip(events, topics, strict=True):
        if topic in JOURNEY_TOPICS:
            work.tell(one)
            work.advance(one)
        for take in takers[topic]:
            take(work, one)


def _takers(models: Sequence[ReadModel], topic: str) -> list[Callable[[Working, Recorded], None]]:
    return [model.fold for model in models if model.fold and topic in model.topics]
