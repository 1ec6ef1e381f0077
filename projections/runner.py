"""The runner: reads the journal onwards and folds it into the read models, a batch and a transaction at a time.

One code path for catching up, following and rebuilding. A pass moves the position only from where it found it, so two
runners on one file cannot fold an event twice. An event that cannot be folded stops the position before it: what was
folded stays readable, the status says degraded and why, and the runner tries again until it can go on.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError

from core.errors import RungwiseError, StoreError
from core.journal.sqlite import connect
from projections.registry import MODELS
from projections.rows import STATE, STATE_NAME, digest_of, mark_of
from projections.working import fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from core.journal.store import Journal, Recorded
    from projections.model import ReadModel
    from projections.store import Views

__all__ = ["BATCH", "Runner", "Status", "digest", "status"]

BATCH = 2000  # events a transaction: measured, the gain ends here while the working set still fits a small machine
POLL_S = 0.25  # how soon a write of another process is seen
RETRY_FIRST_S, RETRY_LAST_S = 0.5, 30.0
STOP_S = 5.0  # how long a stop waits for the pass at hand; what is cut off is folded at the next start
_LOOK_S = 0.02  # how often a waiting page looks whether another process moved the position
_log = logging.getLogger("rungwise.views")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How far the read models are.

    Args:
        position: folded up to here.
        head: newest event of the journal.
        lag: positions between the two; gaps are legal, so it can be more than the events.
        rate_per_s: events a second in the last run that folded any; None in another process.
        state: current, behind, or degraded when an event cannot be folded.
        running: whether this process follows the journal.
        error: why it is degraded, one sentence.
        error_position: the event after this position is the one.
    """

    position: int
    head: int
    lag: int
    rate_per_s: float | None
    state: Literal["current", "behind", "degraded"]
    running: bool
    error: str | None
    error_position: int | None


class Runner:
    """Keeps the read models of one institution up with its journal.

    Args:
        journal: is read.
        views: is written.
        models: what is folded.
        batch: events a transaction.
        poll_s: how often the thread looks for writes of other processes [s].
    """

    def __init__(
        self,
        journal: Journal,
        views: Views,
        models: Sequence[ReadModel] = MODELS,
        *,
        batch: int = BATCH,
        poll_s: float = POLL_S,
    ) -> None:
        self._journal = journal
        self._views = views
        self._models = tuple(models)
        self._batch = batch
        self._poll_s = poll_s
        self._rate: float | None = None
        self._error: str | None = None
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._moved = threading.Condition()
        self._working = threading.Lock()  # the thread and a caller of catch_up take turns
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Follow the journal in a daemon thread; a second call is quiet."""
        if self._thread is None or not self._thread.is_alive():
            self._stopping.clear()
            self._thread = threading.Thread(target=self._follow, name="rungwise-views", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop following, after the pass at hand."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(STOP_S)
            self._thread = None

    def poke(self) -> None:
        """Say that this process wrote to the journal."""
        self._wake.set()

    def wait_for(self, position: int, timeout_s: float = 2.0) -> bool:
        """Wait until the rows are folded up to a position; False when the time is over before."""
        until = time.monotonic() + timeout_s
        self.poke()
        while self._views.position() < position:
            left = until - time.monotonic()
            if left <= 0:
                return False
            with self._moved:
                self._moved.wait(min(left, _LOOK_S))
        return True

    def catch_up(self) -> int:
        """Fold all there is, now, in this thread; return the position.

        Raises:
            StoreError: an event cannot be folded; all before it are.
        """
        with self._working:
            return self._settled(self._rebuilt() if self._forgot() else self._drained())

    def rebuild(self) -> int:
        """Fold the whole journal again in one transaction; readers see the old rows until it is done.

        Raises:
            StoreError: an event cannot be folded; all before it are.
        """
        with self._working:
            return self._settled(self._rebuilt())

    def status(self) -> Status:
        """Return how far the read models are."""
        alive = self._thread is not None and self._thread.is_alive()
        return _status(self._journal, self._views, rate_per_s=self._rate, running=alive, error=self._error)

    def _follow(self) -> None:
        """Run until stopped; whatever goes wrong is noted and tried again, later and later."""
        retry_s = RETRY_FIRST_S
        while not self._stopping.is_set():
            try:
                with closing(connect(self._journal.path, synchronous="FULL")) as watch:
                    while not self._stopping.is_set():
                        seen = _data_version(watch)
                        self.catch_up()
                        retry_s = RETRY_FIRST_S
                        self._await_news(watch, seen)
            except Exception as error:  # noqa: BLE001 - the thread must not die; catch_up noted what it could
                _log.warning("the read models wait %.1f s and try again: %s", retry_s, _reason(error))
                self._stopping.wait(retry_s)
                retry_s = min(retry_s * 2, RETRY_LAST_S)

    def _await_news(self, watch: sqlite3.Connection, seen: int) -> None:
        while not (self._wake.wait(self._poll_s) or _data_version(watch) != seen or self._forgot()):
            pass
        self._wake.clear()

    def _forgot(self) -> bool:
        """Say whether a key was destroyed that the rows do not know of: they hold what was sealed under it."""
        return bool(_state(self._views).erasures != len(self._journal.keys.destroyed()))

    def _drained(self) -> Exception | None:
        """Fold from where the rows are to the end; return what stopped it, or None."""

        def step(limit: int) -> int:
            position = self._views.position()
            events = self._journal.read_log(position, limit)
            if events:
                with self._views.write() as db:
                    self._move(db, position, events)
            return len(events)

        return self._to_the_end(step)

    def _rebuilt(self) -> Exception | None:
        """Fold from the first event; return what stopped it, or None."""

        def step(limit: int) -> int:
            position = db.execute(select(STATE.c.position).where(_OWN)).scalar_one()
            events = self._journal.read_log(position, limit)
            with db.begin_nested():
                if events:
                    self._move(db, position, events)
            return len(events)

        with self._views.write() as db:
            for table in (table for model in self._models for table in model.tables):
                db.execute(table.delete())
            erasures = len(self._journal.keys.destroyed())
            db.execute(STATE.update().where(_OWN).values(position=0, mark="", erasures=erasures))
            fault = self._to_the_end(step)
        self._views.shrink_log()
        return fault

    def _to_the_end(self, step: Callable[[int], int]) -> Exception | None:
        """Take steps until nothing is left; after a fault smaller ones, so that all before the event is folded."""
        limit, total, started = self._batch, 0, time.perf_counter()
        while True:
            try:
                folded = step(limit)
            except _OvertakenError:
                continue  # another runner was first: go on from where it is
            except OperationalError as error:
                return error  # the disk or the lock, not the event
            except Exception as error:  # noqa: BLE001 - any fold may meet what it does not expect
                if limit == 1:
                    return error
                limit = max(1, limit // 2)
                continue
            total += folded
            if not folded:
                if total:
                    self._rate = total / (time.perf_counter() - started)
                return None

    def _move(self, db: Connection, position: int, events: Sequence[Recorded]) -> None:
        last = events[-1]
        mark = mark_of(last.event.originator_id, last.event.originator_version)
        guard = STATE.update().where(_OWN, STATE.c.position == position)
        if db.execute(guard.values(position=last.position, mark=mark)).rowcount != 1:
            raise _OvertakenError
        fold(db, self._models, events)

    def _settled(self, fault: Exception | None) -> int:
        """Tell those who wait, keep what is wrong or that nothing is, and return the position."""
        with self._moved:
            self._moved.notify_all()
        state = _state(self._views)
        text = None
        if fault is not None:
            what = "the rows cannot be written" if isinstance(fault, OperationalError) else _cannot_fold(state.position)
            text = f"{what}: {_reason(fault)}"
        self._error = text
        if text != state.error:
            with suppress(OperationalError), self._views.write() as db:  # a full disk cannot be told to the disk
                db.execute(STATE.update().where(_OWN).values(error=text))
        if text is not None:
            raise StoreError(text) from fault
        return int(state.position)


class _OvertakenError(Exception):
    """Another runner moved the position first."""


def digest(views: Views, name: str) -> str:
    """Return a digest of all rows of one read model, the same after a rebuild.

    Raises:
        StopIteration: there is no read model of this name.
    """
    model = next(model for model in MODELS if model.name == name)
    with views.read() as db:
        return digest_of(db, model.tables)


def status(journal: Journal, views: Views) -> Status:
    """Return how far the read models are, as seen from a process that does not fold them."""
    return _status(journal, views, rate_per_s=None, running=False)


_OWN = STATE.c.name == STATE_NAME


def _state(views: Views) -> Any:
    with views.read() as db:
        return db.execute(select(STATE.c.position, STATE.c.erasures, STATE.c.error).where(_OWN)).one()


def _status(
    journal: Journal, views: Views, *, rate_per_s: float | None, running: bool, error: str | None = None
) -> Status:
    state, head = _state(views), journal.head()
    error = error or state.error
    behind = state.position < head
    return Status(
        position=state.position,
        head=head,
        lag=max(0, head - state.position),
        rate_per_s=rate_per_s,
        state="degraded" if error else "behind" if behind else "current",
        running=running,
        error=error,
        error_position=state.position if error else None,
    )


def _data_version(watch: sqlite3.Connection) -> int:
    """Return a number that changes when any other connection, of any process, writes to the file."""
    return int(watch.execute("PRAGMA data_version").fetchone()[0])


def _cannot_fold(position: int) -> str:
    return f"the event after position {position} cannot be folded"


def _reason(error: BaseException) -> str:
    """Return what went wrong without a student's data: a text of our own, or only the kind and the place."""
    if isinstance(error, RungwiseError):
        return str(error)
    if isinstance(error, DBAPIError):
        return f"{type(error.orig).__name__}: {error.orig}"
    places = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
    return f"{type(error).__name__}{where}"
