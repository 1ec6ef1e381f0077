"""Quarters of a practice: what one does is what pay is argued with (playbook BIZ.value)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from core.errors import InvalidValue
from core.journal.root import Root, Stamp
from core.values import SOURCE_MAX, text

if TYPE_CHECKING:
    from datetime import date

    from core.journey.journey import Journey

__all__ = ["PROCEDURES_MAX", "SATISFACTION_MAX", "WORK_RVU_MAX", "QuarterRecorded", "record_quarter"]

WORK_RVU_MAX: Final = 25_000  # a quarter; far beyond what any specialty bills
PROCEDURES_MAX: Final = 10_000
SATISFACTION_MAX: Final = 100  # percent
_QUARTER: Final = re.compile(r"(20\d\d)-Q([1-4])")


class QuarterRecorded(Root.Event):
    """What a physician did in a quarter, such as "2034-Q2"; None = not known. The newest of a quarter counts."""

    TOPIC: ClassVar[str] = "practice.quarter-recorded"
    quarter: str
    work_rvu: int | None
    procedures: int | None
    satisfaction_pct: int | None
    source: str

    def apply(self, journey: Journey) -> None:
        """Change nothing: no rule looks at it."""


def record_quarter(
    journey: Journey,
    quarter: str,
    *,
    work_rvu: int | None,
    procedures: int | None,
    satisfaction_pct: int | None,
    source: str,
    today: date,
    stamp: Stamp,
) -> None:
    """Record a quarter.

    Args:
        journey: changed in place.
        quarter: such as "2034-Q2"; one that has begun.
        work_rvu: work RVUs billed.
        procedures: done.
        satisfaction_pct: of the patients, in percent.
        source: where the numbers come from.
        today: the calendar date in the institution's zone.
        stamp: who, by which command, when.

    Raises:
        InvalidValue: no such quarter, one still to come, a number out of bounds, or no number at all.
    """
    found = _QUARTER.fullmatch(quarter)
    if found is None:
        raise InvalidValue("quarter", quarter, "a year and a quarter, such as 2034-Q2")
    now = (today.year, (today.month + 2) // 3)
    if (int(found[1]), int(found[2])) > now:
        raise InvalidValue("quarter", quarter, f"{now[0]}-Q{now[1]} or earlier")
    _check("work_rvu", work_rvu, WORK_RVU_MAX)
    _check("procedures", procedures, PROCEDURES_MAX)
    _check("satisfaction_pct", satisfaction_pct, SATISFACTION_MAX)
    if work_rvu is None and procedures is None and satisfaction_pct is None:
        raise InvalidValue("work_rvu", "", "at least one of work RVUs, procedures and satisfaction")
    journey.record(
        QuarterRecorded,
        stamp,
        quarter=quarter,
        work_rvu=work_rvu,
        procedures=procedures,
        satisfaction_pct=satisfaction_pct,
        source=text("source", source, SOURCE_MAX),
    )


def _check(what: str, value: int | None, most: int) -> None:
    if value is not None and not 0 <= value <= most:
        raise InvalidValue(what, value, f"a whole number from 0 to {most}")
