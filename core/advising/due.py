"""The daily tick: planned milestones whose last day is over become missed, unless the journey ended.

It acts for nobody and asks for no permission; its events carry its own name. Which journeys may hold such a milestone
is told from outside, where a read model knows, so that not all are loaded; each is judged again before it is changed.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.advising.desk import Command
from core.errors import RecordErased
from core.journal.root import Stamp
from core.journey.journey import Journey
from core.journey.milestones import miss_milestone
from core.journey.placements import ended

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from core.advising.desk import Desk

__all__ = ["ACTOR", "Ticked", "run_due"]

ACTOR = "daily tick"
_log = logging.getLogger("rungwise.due")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What a tick did.

    Args:
        missed: milestones marked as missed.
        erased: journeys of which nothing can be read any more.
        failed: journeys passed over because of an error, which is logged.
    """

    missed: int
    erased: int
    failed: int


def run_due(desk: Desk, *, now: datetime, journeys: Iterable[UUID]) -> Ticked:
    """Mark the overdue milestones of these journeys as missed; a repeat on the same day has no second effect.

    Args:
        desk: of the institution.
        now: on which day it is, in the institution's zone, is told by this [timezone-aware].
        journeys: ids of those with a planned milestone that was due before today.
    """
    today = now.astimezone(desk.institution().zone).date()
    missed = erased = failed = 0
    for stream in journeys:
        try:
            missed += _mark(desk, stream, today, now)
        except RecordErased:
            erased += 1
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one journey, the others are due as well
            failed += 1
            # the kind of error only: its sentence may speak of the student
            _log.warning("the milestones of journey %s were passed over: %s", stream, type(error).__name__)
    return Ticked(missed=missed, erased=erased, failed=failed)


def _mark(desk: Desk, stream: UUID, today: date, now: datetime) -> int:
    """Mark what is overdue on one journey, in one save; return how many milestones."""
    tick = f"{ACTOR} {today.isoformat()}"
    marked = 0

    def decide(journey: Journey) -> None:
        nonlocal marked
        if ended(journey) is not None:  # what was still planned is neither reached nor missed any more
            return
        before = journey.version
        for milestone_id in list(journey.milestones):
            # a milestone that was put back into the past since today's tick is left to whoever did that, until tomorrow
            stamp = Stamp(actor=ACTOR, command_id=f"{tick} {milestone_id}", recorded_at=now)
            if stamp.command_id not in journey.commands:
                miss_milestone(journey, milestone_id, today=today, stamp=stamp)
        marked = journey.version - before

    # Each milestone has its own command id, so that of the tick as a whole never stands in a stream.
    desk.change(Journey, stream, Command(command_id=tick), decide)
    return marked
