"""Use case: the student asks for time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.advising.desk import Desk, JourneyCommand, Receipt
from core.journey import time_requests
from core.people.access import Permission, Principal

if TYPE_CHECKING:
    from datetime import date

    from core.journal.root import Stamp
    from core.journey.journey import Journey

__all__ = ["RequestTime", "request_time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTime(JourneyCommand):
    """The student asks for time until a day, with their reason if they give one."""

    until: date
    reason: str = ""


def request_time(desk: Desk, who: Principal, command: RequestTime) -> Receipt:
    """Record that the student asks for time."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        time_requests.request_time(journey, command.until, reason=command.reason, today=desk.today(), stamp=stamp)

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)
