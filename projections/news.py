"""What is new: for each cohort and journey the position of its last change, held in memory.

Pages that are open ask every second, hundreds of them at once, and nearly always nothing is new: the answer must not
cost a query. One thread looks how far the rows are folded, by whichever process, and reads what changed since.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from core.errors import InvalidValue, NotFound, RecordErased, RungwiseError, StoreError
from core.journal.sqlite import connect
from core.journey.journey import Target
from projections.board_table import BOARD
from projections.files import in_use
from projections.rows import Plain
from projections.store import STATE, STATE_NAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy import Connection

    from projections.store import Views

__all__ = ["Mark", "News", "mark"]

LOOK_S = 0.05  # a change is known this long after it was folded
DAY_S = 1.0  # how often the calendar is looked at
STALE_S = 5.0  # what nobody could look at for so long is not passed on as the present
STOP_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a page has read; written "1234.0-views-2.739783" in the addresses it asks.

    Args:
        position: of the journal.
        edition: of the rows: another one after an erasure, and when they were made again; both move no position.
        day: at the school: what is due, late or long ago changes at midnight although nothing was recorded.
    """

    position: int
    edition: str
    day: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a mark.

        Raises:
            InvalidValue: it is none.
        """
        with suppress(ValueError, OverflowError):
            if found := _MARK.fullmatch(text):
                return cls(position=int(found[1]), edition=found[2], day=date.fromordinal(int(found[3])))
        raise InvalidValue("after", text, "the mark that a page carries")

    def __str__(self) -> str:
        return f"{self.position}.{self.edition}.{self.day.toordinal()}"

    def beyond(self, read: Mark) -> bool:
        """Whether there is something that a page with this mark does not show."""
        return self.position > read.position or (self.edition, self.day) != (read.edition, read.day)


_MARK = re.compile(r"(\d{1,19})\.([a-z0-9-]{1,40})\.(\d{1,7})", re.ASCII)
_UNREAD = Target(cohort="", advisor=None, team=None)
_OWN = STATE.c.name == STATE_NAME
_STATE = f"SELECT position, erasures FROM {STATE.name} WHERE name = ?"
_MARK_NOW = Plain(select(STATE.c.position, STATE.c.erasures).where(_OWN))
_ROW = select(
    BOARD.c.journey_id, BOARD.c.changed_position, BOARD.c.erased, BOARD.c.cohort, BOARD.c.advisor, BOARD.c.team
)


def mark(db: Connection, today: date) -> Mark:
    """Return how far a page has read that is made from this snapshot."""
    row = _MARK_NOW(db).one()
    return Mark(position=row.position, edition=_edition(row.erasures, db.info["file"]), day=today)


def _edition(erasures: int, file: str) -> str:
    return f"{erasures}-{file.removesuffix('.db')}"


class News:
    """The last change of each cohort and journey, in any process that serves pages.

    Args:
        views: are read.
        today: gives the calendar date at the school.
        look_s: how often the rows are looked at [s].
    """

    def __init__(self, views: Views, today: Callable[[], date], *, look_s: float = LOOK_S) -> None:
        self._views = views
        self._today = today
        self._look_s = look_s
        self._floor = 0  # what is not in memory changed here at the latest
        self._changed: dict[str | UUID, int] = {}
        self._targets: dict[UUID, Target | None] = {}  # of journeys that were asked for; None = erased
        self._seen: Mark | None = None
        self._watch: tuple[Path, sqlite3.Connection] | None = None  # the file in use: asked so often, without a pool
        self._heeded: dict[Callable[[], int], int] = {}
        self.stirred_at = float("inf")
        self._looked_at = self._dated_at = float("-inf")
        self._day = date.min
        self._stopping = threading.Event()
        self._reading = threading.Lock()  # so that a row read for one request does not replace a newer one
        self._thread: threading.Thread | None = None

    def of(self, topic: str | UUID) -> Mark:
        """Return how far a page has to have read to show the newest of a cohort or journey.

        Raises:
            StoreError: nobody could look for some time.
        """
        if self._thread is None:
            self._start()
        if time.monotonic() - self._looked_at > STALE_S or self._seen is None:
            raise StoreError("the read models cannot be read at this moment: what is new is not known")
        seen = self._seen
        return Mark(position=self._changed.get(topic, self._floor), edition=seen.edition, day=seen.day)

    def target(self, journey_id: UUID) -> Target:
        """Return what access to a journey depends on, as of its last change; read once, then from memory.

        Raises:
            NotFound: there is no such journey.
            RecordErased: it was erased.
        """
        if self._thread is None:
            self._start()
        if (found := self._targets.get(journey_id, _UNREAD)) is _UNREAD:
            found = self._read(journey_id)
        if found is None:
            raise RecordErased("this record was erased")
        return found

    def heed(self, changes: Callable[[], int]) -> None:
        """Notice also what is written elsewhere: `stirred_at` [time.monotonic] says when anything last was.

        Args:
            changes: gives a number that is another one after each write.
        """
        self._heeded[changes] = -1

    def catch_up(self) -> None:
        """Look now, in this thread.

        Raises:
            StoreError: the rows cannot be read.
        """
        with self._reading:
            self._look()

    def stop(self) -> None:
        """Stop looking."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(STOP_S)
        self._leave()

    def _read(self, journey_id: UUID) -> Target | None:
        with self._reading, self._views.read() as db:
            row = db.execute(_ROW.where(BOARD.c.journey_id == journey_id)).first()
            if row is None:
                raise NotFound("there is no such journey, or it is not in your cohorts")
            found = self._targets[journey_id] = _target(row)
        return found

    def _start(self) -> None:
        """Begin to look, when the first page asks: a process that serves nobody has no such thread."""
        with self._reading:
            if self._thread is None:
                self._look()
                self._thread = threading.Thread(target=self._follow, name="rungwise-news", daemon=True)
                self._thread.start()

    def _follow(self) -> None:
        while not self._stopping.wait(self._look_s):
            with suppress(SQLAlchemyError, sqlite3.Error, RungwiseError):  # tried again; meanwhile `of` says so
                self.catch_up()

    def _look(self) -> None:
        """Take in what was folded since the last look."""
        now, seen = time.monotonic(), self._seen
        if now - self._dated_at >= DAY_S:
            self._day, self._dated_at = self._today(), now
        elsewhere = {changes: changes() for changes in self._heeded}
        found = self._state()
        if seen is None or found.edition != seen.edition or found.position < seen.position:
            self._forget(found.position)
        elif found.position > seen.position:
            self._take(seen.position)
        if found != seen or elsewhere != self._heeded:
            self._heeded, self.stirred_at = elsewhere, time.monotonic()
        self._seen, self._looked_at = found, time.monotonic()

    def _state(self) -> Mark:
        file = in_use(self._views.path)
        if self._watch is None or self._watch[0] != file:
            self._leave()
            self._watch = (file, connect(file, synchronous="NORMAL"))
        position, erasures = self._watch[1].execute(_STATE, (STATE_NAME,)).fetchone()
        return Mark(position=position, edition=_edition(erasures, file.name), day=self._day)

    def _leave(self) -> None:
        if self._watch is not None:
            self._watch[1].close()
            self._watch = None

    def _forget(self, position: int) -> None:
        """Begin anew: at the first look, and when rows changed without an event."""
        self._floor = position
        self._changed.clear()
        self._targets.clear()

    def _take(self, after: int) -> None:
        changed: dict[str | UUID, int] = {}
        with self._views.read() as db:
            for row in db.execute(_ROW.where(BOARD.c.changed_position > after).order_by(BOARD.c.changed_position)):
                changed[row.journey_id] = changed[row.cohort or ""] = row.changed_position
                if row.journey_id in self._targets:
                    self._targets[row.journey_id] = _target(row)
        self._changed |= changed


def _target(row: Any) -> Target | None:
    return None if row.erased else Target(cohort=row.cohort, advisor=row.advisor, team=row.team)
