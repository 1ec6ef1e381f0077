"""Use case: an auditor records a finding."""

from __future__ import annotations

from dataclasses import dataclass

from core.advising.desk import Desk, JourneyCommand, Receipt
from core.journey import findings
from core.people.access import Permission, Principal

__all__ = ["RecordFinding", "record_finding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFinding(JourneyCommand):
    """What an auditor found, about one decision or the whole journey."""

    decision_id: str | None
    about: str
    level: str
    words: str


def record_finding(desk: Desk, who: Principal, command: RecordFinding) -> Receipt:
    """Record a finding."""
    return desk.change_journey(
        who,
        Permission.RECORD_FINDING,
        command,
        lambda journey, stamp: findings.record_finding(
            journey,
            command.decision_id,
            about=command.about,
            level=command.level,
            words=command.words,
            stamp=stamp,
        ),
    )
