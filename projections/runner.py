"""The runner: keeps the read models of one institution up with its journal, and makes them again when that is due."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from core.errors import Conflict, StoreError
from core.journal.sqlite import connect
from projections.folding import BATCH, Folding
from projections.parking import reason_of
from projections.rebuild import rebuild
from projections.registry import MODELS
from projections.rows import OWN, STATE
from projections.status import Status, digest, status

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from core.journal.store import Journal
    from projections.model import ReadModel
    from projections.store import Views

__all__ = ["BATCH", "Runner", "Status", "digest", "status"]

POLL_S = 0.01  # how soon a write of another process is seen; a look takes some microseconds
ERASED_S = 0.25  # how soon an erasure of another process is
RETRY_FIRST_S, RETRY_LAST_S = 0.5, 30.0
REMAKE_RETRY_S = 600.0
STOP_S = 5.0  # how long a stop waits for the pass at hand; what is cut off is folded at the next start
_LOOK_S = 0.005  # how often a waiting page looks whether another process moved the position
_TOLD_S = 0.05  # and how often where this process moves it, which tells those who wait
_log = logging.getLogger("rungwise.views")


class Runner:
    """Keeps the read models of one institution up with its journal.

    Args:
        journal: is read.
        views: is written.
        models: what is folded.
        batch: events a transaction.
        poll_s: how often the thread looks for writes of other processes [s].
        clock: says when an event was parked [timezone-aware].
    """

    def __init__(
        self,
        journal: Journal,
        views: Views,
        models: Sequence[ReadModel] = MODELS,
        *,
        batch: int = BATCH,
        poll_s: float = POLL_S,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._journal = journal
        self._views = views
        self._models = tuple(models)
        self._poll_s = poll_s
        self._clock = clock
        self._error: str | None = None
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._moved = threading.Condition()
        self._working = threading.Lock()  # the thread and a caller of catch_up take turns
        self._thread: threading.Thread | None = None
        self._remaking: threading.Thread | None = None
        self._remake_after = 0.0
        self._folding = Folding(journal, views, self._models, batch=batch, clock=clock, pause=self._stopping.wait)

    def start(self) -> None:
        """Follow the journal in a daemon thread; a second call is quiet."""
        if self._thread is None or not self._thread.is_alive():
            self._stopping.clear()
            self._thread = threading.Thread(target=self._follow, name="rungwise-views", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop following and making again, after the pass at hand."""
        self._stopping.set()
        self._wake.set()
        for thread in (self._thread, self._remaking):
            if thread is not None:
                thread.join(STOP_S)
        self._thread = self._remaking = None

    def poke(self) -> None:
        """Say that this process wrote to the journal."""
        self._wake.set()

    def wait_for(self, position: int, timeout_s: float = 2.0) -> bool:
        """Wait until the rows are folded up to a position; False when the time is over before."""
        until = time.monotonic() + timeout_s
        look_s = _LOOK_S if self._thread is None else _TOLD_S
        self.poke()
        with self._moved:  # held while it looks, or it could be told between the look and the wait
            while self._views.position() < position:
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._moved.wait(min(left, look_s))
        return True

    def catch_up(self) -> int:
        """Fold all there is, now, in this thread; return the position.

        An event that a read model cannot take is parked (`Status.parked`), and everything else goes on.

        Raises:
            StoreError: the journal cannot be read, the rows cannot be written, or too many events are parked.
        """
        with self._working:
            fault = None
            try:
                self._folding.to_the_end()
            except Exception as error:  # noqa: BLE001 - whatever it is, those who wait are told and the status says it
                fault = error
            return self._settled(fault)

    def rebuild(self) -> int:
        """Make the rows again beside those in use, and put them in their place; return the position.

        Raises:
            Conflict: they are being made again already.
            StoreError: the journal cannot be read, or too many events are parked.
        """
        rebuild(self._journal, self._views, self._models, clock=self._clock)
        return self.catch_up()

    def start_rebuild(self) -> None:
        """Make the rows again in a daemon thread, unless that is being done already in some process."""
        if self._remaking is None or not self._remaking.is_alive():
            self._remaking = threading.Thread(target=self._rebuild, name="rungwise-rebuild", daemon=True)
            self._remaking.start()

    def status(self) -> Status:
        """Return how far the read models are."""
        alive = self._thread is not None and self._thread.is_alive()
        return status(self._journal, self._views, running=alive, error=self._error)

    def _rebuild(self) -> None:
        try:
            rebuild(self._journal, self._views, self._models, clock=self._clock, stopped=self._stopping.is_set)
        except Conflict:
            pass  # another process does it
        except Exception as error:  # noqa: BLE001 - the rows in use stay in use, and the thread has nobody to tell
            self._remake_after = time.monotonic() + REMAKE_RETRY_S
            _log.warning("the read models could not be made again: %s", reason_of(error))

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
                _log.warning("the read models wait %.1f s and try again: %s", retry_s, reason_of(error))
                self._stopping.wait(retry_s)
                retry_s = min(retry_s * 2, RETRY_LAST_S)

    def _await_news(self, watch: sqlite3.Connection, seen: int) -> None:
        """Wait for an event or an erasure; after an erasure a file without its traces is due."""
        due = 0.0
        while not (self._wake.wait(self._poll_s) or _data_version(watch) != seen):
            if time.monotonic() < due:
                continue
            due = time.monotonic() + ERASED_S
            state, destroyed = self._views.state(), len(self._journal.keys.destroyed())
            if state.clean != destroyed and time.monotonic() > self._remake_after:
                self.start_rebuild()
            if state.erasures != destroyed:
                break
        self._wake.clear()

    def _settled(self, fault: Exception | None) -> int:
        """Tell those who wait, keep what is wrong or that nothing is, and return the position."""
        with self._moved:
            self._moved.notify_all()
        text = None
        if fault is not None:
            text = ("the rows cannot be written: " if isinstance(fault, DBAPIError) else "") + reason_of(fault)
        self._error = text
        state = self._views.state()
        if text != state.error:
            with suppress(DBAPIError), self._views.write() as db:  # a full disk cannot be told to the disk
                db.execute(STATE.update().where(OWN).values(error=text))
        if fault is not None:
            raise StoreError(text or "") from fault
        return int(state.position)


def _data_version(watch: sqlite3.Connection) -> int:
    """Return a number that changes when any other connection, of any process, writes to the file."""
    return int(watch.execute("PRAGMA data_version").fetchone()[0])
