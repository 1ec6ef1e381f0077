"""Folding: how the rows of one file are carried to the end of the journal, a pass and a transaction at a time.

A pass moves the position only from where it found it, so two at work on one file cannot fold an event twice. When a
pass fails, smaller ones find the event; it is tried again, then each read model takes it alone, those that cannot go on
without it, and the event is parked.
"""

from __future__ import annotations

import gc
import logging
import time
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.errors import StoreError
from core.journal.root import Erased
from core.journal.store import Recorded
from core.journey.journey import Journey, student_subject
from core.people.member import Member, member_subject
from projections import timeline
from projections.files import in_use
from projections.model import JOURNEY_TOPICS, topic_of
from projections.parking import is_of_the_store, park, reason_of
from projections.people_tables import MEMBER
from projections.rows import OWN, STATE, mark_of
from projections.standing import JOURNEY
from projections.working import REMEMBERED, Working, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from uuid import UUID

    from sqlalchemy import Connection

    from core.journal.keys import Keys
    from core.journal.store import Journal, Unreadable
    from projections.model import ReadModel
    from projections.store import Views

__all__ = ["BATCH", "Folding", "no_search_for_cycles"]

# Events a transaction, while no more than `REMEMBERED` journeys are touched: a journey's rows are written once in each.
# Only a runner that fell behind has so many; they take half a second.
BATCH = 10_000
READ = 2000  # events read and opened at once
TRIES = 3  # of an event by itself, before it is parked
RETRY_S = 0.1
_log = logging.getLogger("rungwise.views")


class Folding:
    """Folds the journal into the rows of one file.

    Args:
        journal: is read.
        views: is written.
        models: what is folded.
        batch: events a transaction.
        remembered: journeys kept between two transactions, and the most that one may touch before it ends.
        clock: says when an event was parked [timezone-aware]; None = nobody does.
        pause: waits before an event is tried again [s].
    """

    def __init__(
        self,
        journal: Journal,
        views: Views,
        models: Sequence[ReadModel],
        *,
        batch: int = BATCH,
        remembered: int = REMEMBERED,
        clock: Callable[[], datetime] | None = None,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._journal = journal
        self._views = views
        self._models = tuple(models)
        self._batch = self._limit = batch
        self._remembered = remembered
        self._clock = clock
        self._pause = pause
        self._tried = 0
        self._work = Working(remembered)

    def to_the_end(self) -> None:
        """Fold all there is.

        Raises:
            StoreError: the journal cannot be read, or too many events are parked.
            DBAPIError: the rows cannot be written.
        """
        while self.step():
            pass

    def step(self) -> int:
        """Take one pass; return how many events it folded or parked, 0 at the end.

        Raises:
            StoreError: the journal cannot be read, or too many events are parked.
            DBAPIError: the rows cannot be written.
        """
        while True:
            try:
                with no_search_for_cycles():
                    taken = self._alone() if self._tried == TRIES else self._pass()
            except _OvertakenError:
                continue  # another was first: go on from where it is
            except Exception as error:
                self._work.forget()  # what this pass did to it is undone in the rows alone
                if self._tried == TRIES or isinstance(error, _JournalError) or is_of_the_store(error):
                    self._tried = 0
                    raise
                if self._limit > 1:
                    self._limit = 1 if isinstance(error, _UnreadableError) else self._limit // 2
                    continue
                self._tried += 1
                self._pause(RETRY_S)
                continue
            self._tried, self._limit = 0, min(self._limit * 2, self._batch)
            return taken

    def _pass(self) -> int:
        state, started = self._views.state(), time.perf_counter()
        if state.erasures != len(self._journal.keys.destroyed()):
            self._forget()
        events, unreadable = self._read(state.position, self._limit)
        if not events:
            if unreadable is not None:
                raise _UnreadableError(unreadable.reason)
            return 0
        with self._views.write() as db:
            self._claim(db, state.position)
            total = len(events)
            fold(self._work, self._models, events)
            while unreadable is None and total < self._limit and len(self._work.standings) < self._remembered:
                more, unreadable = self._read(events[-1].position, self._limit - total)
                if not more:
                    break
                events, total = more, total + len(more)
                fold(self._work, self._models, events)
            for model in self._models:
                model.finish(self._work)
            last = events[-1]
            mark = mark_of(last.event.originator_id, last.event.originator_version)
            _move(db, state.position, last.position, mark, total / (time.perf_counter() - started))
        self._work.end(self._place(last.position))
        return total

    def _read(self, after: int, limit: int) -> tuple[list[Recorded], Unreadable | None]:
        try:
            return self._journal.read_on(after, min(limit, READ))
        except StoreError as error:
            raise _JournalError(str(error)) from None

    def _alone(self) -> int:
        """Let each read model take the next event by itself, and park it for those that cannot."""
        position = self._views.position()
        events, unreadable = self._read(position, 1)
        with self._views.write() as db:
            self._claim(db, position)
            if unreadable is not None:
                own, place = unreadable.position, (unreadable.stream, unreadable.version, unreadable.topic)
                reasons = _all_of(self._models, unreadable)
            else:
                (one,) = events
                own, place = one.position, (one.event.originator_id, one.event.originator_version, topic_of(one.event))
                reasons = self._take(one)
            park(db, own, place, reasons, self._clock() if self._clock else None)
            _move(db, position, own, mark_of(*place[:2]), None)
        self._work.forget()
        for name, reason in reasons.items():
            _log.warning("event %d (%s) is parked, %s goes on without it: %s", own, place[2], name, reason)
        return 1

    def _take(self, one: Recorded) -> dict[str, str]:
        """Fold an event into each read model by itself; return why some could not take it."""
        reasons: dict[str, str] = {}
        topic, work = topic_of(one.event), self._work
        if topic in JOURNEY_TOPICS:
            try:
                work.meet([one.event.originator_id])
                try:
                    work.tell(one)
                except Exception as error:  # noqa: BLE001 - words fail: only where they are shown is anything missing
                    reasons[timeline.MODEL.name] = reason_of(error)
                work.advance(one)
            except Exception as error:  # noqa: BLE001 - any fold may meet what it does not expect
                return {model.name: reason_of(error) for model in self._models if topic in model.topics}
        for model in self._models:
            try:
                with work.db.begin_nested():
                    if model.fold and topic in model.topics and model.name not in reasons:
                        model.fold(work, one)
                    model.finish(work)
            except Exception as error:
                if is_of_the_store(error):
                    raise
                reasons[model.name] = reason_of(error)
        return reasons

    def _claim(self, db: Connection, position: int) -> None:
        """Begin the working set at a position, unless somebody moved it or destroyed a key since it was looked at."""
        state = db.execute(_STATE).one()
        if state.position != position or state.erasures != len(self._journal.keys.destroyed()):
            raise _OvertakenError
        self._work.begin(db, self._place(position))

    def _place(self, position: int) -> tuple[str, int]:
        return in_use(self._views.path).name, position

    def _forget(self) -> None:
        """Make tombstones of what was sealed under destroyed keys, as a rebuild would."""
        known = len(self._journal.keys.destroyed())
        with self._views.write() as db:
            self._work.begin(db, None)
            fold(self._work, self._models, list(_tombstones(db, self._journal.keys)))
            for model in self._models:
                model.finish(self._work)
            db.execute(STATE.update().where(OWN).values(erasures=known))
        self._work.forget()
        self._views.shrink_log()


_STATE = select(STATE.c.position, STATE.c.erasures).where(OWN)


class _OvertakenError(Exception):
    """Another moved the position first."""


class _UnreadableError(StoreError):
    """The next event does not open."""


class _JournalError(StoreError):
    """The journal itself cannot be read."""


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Let Python not look for cycles in a pass: there are none, and looking took a third of its time."""
    held = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if held:
            gc.enable()


def _move(db: Connection, position: int, to: int, mark: str, rate: float | None) -> None:
    moved = {"position": to, "mark": mark} | ({} if rate is None else {"rate": rate})
    if db.execute(STATE.update().where(OWN, STATE.c.position == position).values(moved)).rowcount != 1:
        raise _OvertakenError


def _all_of(models: Sequence[ReadModel], one: Unreadable) -> dict[str, str]:
    """Return the reason for every read model that takes the topic; for all, if none knows it."""
    concerned = [model.name for model in models if one.topic in model.topics] or [model.name for model in models]
    return dict.fromkeys(concerned, one.reason)


def _tombstones(db: Connection, keys: Keys) -> Iterator[Recorded]:
    """Give the events of all records whose key was destroyed and that the rows still show, as they are read now."""
    gone = {subject for subject, _ in keys.destroyed()}
    journeys = db.execute(select(JOURNEY.c.journey_id, JOURNEY.c.student_ref).where(JOURNEY.c.state.is_not(None)))
    for journey_id in [row[0] for row in journeys if student_subject(keys, row[1]) in gone]:
        yield from _told(db, journey_id)
    for (member_id,) in db.execute(select(MEMBER.c.member_id).where(~MEMBER.c.erased)).all():
        if member_subject(member_id) in gone:
            yield Recorded(0, Erased(member_id, 1, Member.Created.TOPIC, _NEVER, Member))


def _told(db: Connection, journey_id: UUID) -> Iterator[Recorded]:
    t = timeline.TIMELINE.c
    lines = select(t.position, t.version, t.topic, t.recorded_at).where(t.journey_id == journey_id).order_by(t.version)
    for position, version, topic, at in db.execute(lines).all():
        yield Recorded(position, Erased(journey_id, version, topic, datetime.fromisoformat(at), Journey))


_NEVER = datetime.min  # noqa: DTZ901 - a member's row holds no time
