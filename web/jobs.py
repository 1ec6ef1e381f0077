"""The clock of the house: a ticker, in the process that leads, for what is to happen without anybody asking for it."""

from __future__ import annotations

import logging
import time
from datetime import UTC, timedelta
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from apscheduler.executors.debug import DebugExecutor  # type: ignore[import-untyped] # the library ships no types
from apscheduler.jobstores.memory import MemoryJobStore  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]

from core.advising.due import run_due
from core.advising.playbooks import publish_due
from core.errors import RungwiseError
from projections.board import overdue_journeys
from web.house import system_clock
from web.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from uuid import UUID

    from web.house import House

__all__ = ["TICK_S", "start_jobs"]

TICK_S = 60  # a milestone is marked as missed at most this long after its last day is over
# After a start everybody comes back at once, and the walk begins by reading the whole file: ten minutes are theirs.
VERIFY_AFTER_S = 600
VERIFY_EVERY = timedelta(days=1)
REST = 9  # times as long as a journey took: whoever waits for a page or saves goes first, the tick has a tenth
_log = logging.getLogger("rungwise.jobs")


def start_jobs(house: House) -> BackgroundScheduler:
    """Start the ticker; call it in one process only, the one that leads.

    It ticks at once and then every `TICK_S`. Each job asks the school's own clock what is due, which in a
    demonstration is not the machine's, and does nothing the second time. Soon after the start and then every day the
    journal is verified, in its own thread: that takes some minutes, for a million events twenty.

    Args:
        house: of this process.

    Returns:
        The running scheduler; its one thread is a daemon, so that it never holds up the end of the process.
    """
    scheduler = BackgroundScheduler(
        daemon=True,
        timezone=UTC,
        jobstores={"default": MemoryJobStore()},
        # runs a job in the scheduler's own thread: the threads of a pool are not daemons
        executors={"default": DebugExecutor()},
        job_defaults={"coalesce": True, "misfire_grace_time": None},
    )
    scheduler.add_job(_Days(house).tick, "interval", seconds=TICK_S, next_run_time=system_clock(), id="days")
    scheduler.add_job(
        partial(_verify_beside, house),
        "interval",
        seconds=VERIFY_EVERY.total_seconds(),
        next_run_time=system_clock() + timedelta(seconds=VERIFY_AFTER_S),
        id="verify",
    )
    scheduler.start()
    return scheduler


def _verify_beside(house: House) -> Thread:
    """Verify in a thread of its own: the ticks do not wait for it, nor do the pages (`verify` pauses)."""
    thread = Thread(target=_verify, args=(house,), name="rungwise-verify", daemon=True)
    thread.start()
    return thread


def _verify(house: House) -> None:
    try:
        done = verify(house)
    except Exception as error:  # noqa: BLE001 - a ticker must not end
        _log.warning(
            "the journal could not be verified: %s", error if isinstance(error, RungwiseError) else type(error)
        )
        return
    if done.findings:
        _log.error("the journal has %d faults, the first is: %s", done.findings, done.first)


class _Days:
    """Puts approved changes of the playbook in force and marks overdue milestones, once a day as soon as it begins."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._done_on: date | None = None

    def tick(self) -> None:
        """Do the day's work unless it is done; whatever goes wrong is logged, and the next tick tries again."""
        try:
            self._tick()
        except Exception as error:  # noqa: BLE001 - a ticker must not end
            why = error if isinstance(error, RungwiseError) else type(error).__name__
            _log.warning("the work of the day waits for the next tick: %s", why)

    def _tick(self) -> None:
        house = self._house
        if not house.founded:
            return
        now = house.clock()
        today = now.astimezone(house.desk.institution().zone).date()
        if today == self._done_on:
            return
        if published := publish_due(house.desk, now=now):
            _log.info("%d changes of the playbook came into force", published)
        current = house.runner.wait_for(house.desk.journal.head())
        with house.views.read() as db:
            journeys = overdue_journeys(db, today)
        done = run_due(house.desk, now=now, journeys=_paced(journeys))
        if journeys:
            _log.info("%d milestones of %d journeys marked as missed", done.missed, len(journeys))
        if current:  # behind, the read models may not know of all journeys yet: the next tick looks again
            self._done_on = today


def _paced(journeys: Iterable[UUID]) -> Iterator[UUID]:
    for one in journeys:
        began = time.monotonic()
        yield one
        time.sleep(REST * (time.monotonic() - began))
