"""The student asks for time: that too is recorded, beside what the rules say and what is decided later."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from core.errors import Conflict, InvalidValue
from core.journal.root import Root, Stamp
from core.journey.hold import GATES, PATH_KINDS
from core.values import remark

if TYPE_CHECKING:
    from core.journey.journey import Journey

__all__ = ["LONGEST_DAYS", "TimeRequested", "request_time"]

LONGEST_DAYS: Final = 366  # a cycle; whoever waits longer has decided something


class TimeRequested(Root.Event):
    """The student asked for time before deciding, until a day; nothing is moved or waived by it."""

    TOPIC: ClassVar[str] = "decision.time-requested"
    until: date
    reason: str

    def apply(self, journey: Journey) -> None:
        """Change nothing: pages read it where it happened."""


def request_time(journey: Journey, until: date, *, reason: str, today: date, stamp: Stamp) -> None:
    """Record that the student asks for time before deciding the path.

    Args:
        journey: changed in place.
        until: the day until which they ask.
        reason: why, in the student's words; may be empty, for nobody owes a reason for thinking.
        today: the calendar date in the institution's zone.
        stamp: who wrote it down, by which command, when.

    Raises:
        InvalidValue: the day is not ahead, or more than a cycle away; or the reason is too long.
        Conflict: a path decision stands.
    """
    if not 0 < (until - today).days <= LONGEST_DAYS:
        raise InvalidValue("until", until.isoformat(), f"a day after {today.isoformat()}, within {LONGEST_DAYS} days")
    for held in journey.decisions.values():
        if held.kind in PATH_KINDS and held.reversed_reason is None:
            raise Conflict(f"a decision stands already ({GATES[held.kind]}); there is nothing left to wait for")
    journey.record(TimeRequested, stamp, until=until, reason=remark("reason", reason))
