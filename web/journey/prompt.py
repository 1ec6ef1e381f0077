"""What a next thing is, and the turns of phrase that all of them share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from core.journey.hold import PATH_KINDS, need_label
from web.journey.words import due, listed, lowered, weekday

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from projections.sheet import JourneySheet, SheetDecision

__all__ = ["NextThing", "by", "deadline", "labels", "last_day", "milestone_by", "some", "standing_path"]

#: Within so many days the deadline of the path decision is named with everything that stands before it. Our reading.
DEADLINE_DAYS: Final = 14
_NAMED_MAX: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NextThing:
    """What to do, why, and where.

    Args:
        lead: the thing, in one sentence.
        why: what stands behind it.
        button: what the link says; empty = there is nothing to open.
        endpoint: of the page where it is done.
        values: of the address, beside the journey's id.
    """

    lead: str
    why: str = ""
    button: str = ""
    endpoint: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def standing_path(sheet: JourneySheet) -> SheetDecision | None:
    """Return the path decision that stands, if one does."""
    return next((d for d in sheet.decisions if d.kind in PATH_KINDS and d.reversed_reason is None), None)


def by(on: date | None, today: date) -> str:
    """Return "Saturday, June 20, in 4 days"."""
    return "" if on is None else f"{weekday(on, today)}, {due(on, today)}"


def labels(names: Sequence[str]) -> list[str]:
    """Return what people read for the needs of a gate."""
    return [need_label(name) for name in names]


def some(parts: list[str]) -> str:
    """Return the first three by name, and how many more."""
    named = [lowered(part) for part in parts[:_NAMED_MAX]]
    more = len(parts) - len(named)
    return f"{', '.join(named)} and {more} more" if more else listed(named)


def last_day(sheet: JourneySheet) -> date | None:
    """Return the last day for the path decision, where it is on the plan (PLAN.3.decide)."""
    return next((m.due_on for m in sheet.milestones if m.code == "PLAN.3.decide"), None)


def deadline(sheet: JourneySheet, today: date) -> str:
    """Return a sentence with the last day for the path decision, once that is near."""
    last = last_day(sheet)
    if last is None or (last - today).days > DEADLINE_DAYS:
        return ""
    verb = "was" if last < today else "is"
    return f" The path {verb} to be decided by {by(last, today)}."


def milestone_by(sheet: JourneySheet, code: str, today: date) -> str:
    """Return by when a milestone is due that still lies ahead: " by Friday, June 19, in 3 days"."""
    on = next((m.due_on for m in sheet.milestones if m.code == code and m.status == "planned"), None)
    return f" by {by(on, today)}" if on is not None and on >= today else ""
