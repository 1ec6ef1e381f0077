"""The windows of the playbook and of its packs as dates (playbook §9 PLAN, §1 WEEK1, *Reading (clocks)*).

Offsets of the plan count in calendar months from the journey's Match Day; those of the first week in days from Day 1,
the date on which the student learned the status. Windows are inclusive, to the end of the last day.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from core.journey.hold import PATH_KINDS, check_gate
from core.journey.milestones import NewMilestone, complete_milestone, reschedule_milestone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.journal.root import Stamp
    from core.journey.journey import Journey

__all__ = [
    "AT_THE_START",
    "BOUNDED",
    "WINDOWS",
    "Window",
    "add_months",
    "first_milestones",
    "milestone",
    "realign",
    "settle",
    "suggested",
    "windows_for",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A milestone of the playbook, or of a pack.

    Args:
        code: playbook id, or the id that the pack gives it.
        title: what is to be done.
        branch: whom it concerns.
        days: last day, counted from Day 1 (Day 1 is 1); or None.
        months: last day, counted in months from Match Day; or None.
        seat: it belongs to a year in a SOAP, preliminary or transitional place.
        advised_by: who advises it, where a pack brings it; empty = the playbook.
    """

    code: str
    title: str
    branch: Literal["everyone", "reapply", "pivot"] = "everyone"
    days: int | None = None
    months: int | None = None
    seat: bool = False
    advised_by: str = ""


# Source: playbook §1 (WEEK1), §9 (PLAN) and §6 (YEAR). YEAR gives no last days. Our reading: what is to be done early
# or from day one stands in the row of 6 months, the rest in that of 12: the year is called a 12-month audition.
WINDOWS: dict[str, Window] = {
    window.code: window
    for window in (
        Window(code="WEEK1.tell", title="Tell two or three trusted people", days=2),
        Window(code="WEEK1.inventory", title="Complete the one-page inventory", days=3),
        Window(code="WEEK1.opinions", title="Hear two outside opinions", days=7),
        Window(code="PLAN.3.assess", title="Take an honest look at the application: inventory and profile", months=3),
        Window(
            code="PLAN.3.conversations",
            title="Have two frank conversations with faculty or program directors",
            months=3,
        ),
        Window(code="PLAN.3.decide", title="Decide the path", months=3),
        Window(
            code="PLAN.3.top10",
            title="Be in the top 10% of the program for work ethic and reliability",
            months=3,
            seat=True,
        ),
        Window(
            code="PLAN.6r.role",
            title="Secure a research or clinical year with responsibility",
            branch="reapply",
            months=6,
        ),
        Window(
            code="PLAN.6r.projects",
            title="Be on projects that yield within 6 to 9 months",
            branch="reapply",
            months=6,
        ),
        Window(code="PLAN.6r.letter", title="Win one letter writer who knows the plan", branch="reapply", months=6),
        Window(code="PLAN.6p.niches", title="Learn the high-value niches of the new field", branch="pivot", months=6),
        Window(
            code="PLAN.6p.rotations", title="Do rotations and electives toward the new field", branch="pivot", months=6
        ),
        Window(code="PLAN.6p.network", title="Read and meet people in the new field", branch="pivot", months=6),
        Window(code="PLAN.12.record", title="Show a record that repairs the old weaknesses", months=12),
        Window(code="PLAN.12.strategic", title="Apply with a strategy and a sponsor", months=12),
        Window(code="PLAN.12.longgame", title="Weigh money, lifestyle and meaning over a 30-year career", months=12),
        Window(
            code="YEAR.reapply.letter",
            title="Tell one or two key faculty members about the plan, and earn their letter",
            branch="reapply",
            months=6,
            seat=True,
        ),
        Window(
            code="YEAR.reapply.field",
            title="Keep one foot in the dream field: research, electives, conferences, case reports",
            branch="reapply",
            months=12,
            seat=True,
        ),
        Window(
            code="YEAR.pivot.niches",
            title="See who does procedures, and where the program's residents match for fellowship",
            branch="pivot",
            months=6,
            seat=True,
        ),
        Window(
            code="YEAR.pivot.place",
            title="Get into a categorical place as soon as possible",
            branch="pivot",
            months=12,
            seat=True,
        ),
        Window(
            code="YEAR.pivot.reputation",
            title="Build a good name in the new field",
            branch="pivot",
            months=12,
            seat=True,
        ),
    )
}
_BEFORE_DECIDING_MONTHS = 3  # PLAN.3.decide
AT_THE_START = ("WEEK1.tell", "WEEK1.inventory", "WEEK1.opinions", "PLAN.3.decide")
#: Those that a cycle date may bound: the news comes before every date of the next cycle.
BOUNDED = tuple(code for code in WINDOWS if code not in AT_THE_START)


def add_months(day: date, months: int) -> date:
    """Return the date a number of calendar months later, clipped to the month's end."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month0 + 1, day=min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def windows_for(content: Mapping[str, Any], specialty: str) -> dict[str, Window]:
    """Return the milestones for those who missed a specialty: the playbook's, then what packs add to them.

    Args:
        content: of a playbook; one from before packs brought milestones has none.
        specialty: slug of the missed specialty.
    """
    added = (row for pack in content["packs"] for row in pack.get("milestones", ()) if specialty in row["specialties"])
    return WINDOWS | {
        row["id"]: Window(
            code=row["id"],
            title=row["title"],
            branch=row["branch"],
            months=row["months"],
            advised_by=row["source"],
        )
        for row in added
    }


def milestone(code: str, *, match_day: date, learned_on: date, windows: Mapping[str, Window] = WINDOWS) -> NewMilestone:
    """Return a milestone with its last day.

    Raises:
        KeyError: the code is not one of `windows`.
    """
    window = windows[code]
    if window.days is not None:
        due = learned_on + timedelta(days=window.days - 1)
        source = f"playbook {code}: day {window.days} from the day the status was learned"
    else:
        due = add_months(match_day, window.months or 0)
        source = f"playbook {code}: {window.months} months from Match Day"
        if window.advised_by:
            source = f"pack {code}: {window.months} months from Match Day ({window.advised_by})"
    return NewMilestone(milestone_id=code, code=code, title=window.title, due_on=due, source=source)


def first_milestones(*, match_day: date, learned_on: date) -> tuple[NewMilestone, ...]:
    """Return what every journey starts with: the first week, and the day by which the path is decided."""
    return tuple(milestone(code, match_day=match_day, learned_on=learned_on) for code in AT_THE_START)


def suggested(
    branch: Literal["reapply", "pivot"],
    *,
    match_day: date,
    learned_on: date,
    windows: Mapping[str, Window] = WINDOWS,
) -> tuple[NewMilestone, ...]:
    """Return the milestones that a decision for this branch could start with.

    The playbook's first three months lead up to the decision, and what a year in a place asks comes with that place.
    """
    return tuple(
        milestone(code, match_day=match_day, learned_on=learned_on, windows=windows)
        for code, window in windows.items()
        if window.branch in (branch, "everyone")
        and not window.seat
        and (window.advised_by or (window.months or 0) > _BEFORE_DECIDING_MONTHS)
    )


def realign(
    journey: Journey, match_day: date, learned_on: date, *, stamp: Stamp, windows: Mapping[str, Window] = WINDOWS
) -> None:
    """Move the open milestones along when Match Day or Day 1 turned out to be another day.

    A milestone that the team gave a date of its own stays where it is.

    Args:
        journey: with the corrected days; changed in place.
        match_day: as it was before.
        learned_on: as it was before.
        stamp: who, by which command, when.
        windows: those of the journey's dream field.
    """
    for code in [code for code in windows if code in journey.milestones]:
        held = journey.milestones[code]
        was = milestone(code, match_day=match_day, learned_on=learned_on, windows=windows).due_on
        now = milestone(code, match_day=journey.match_day, learned_on=journey.learned_on, windows=windows).due_on
        if held.status in ("planned", "missed") and held.due_on == was != now:
            reschedule_milestone(journey, code, due_on=now, reason="the day it counts from was corrected", stamp=stamp)


def settle(journey: Journey, *, stamp: Stamp) -> None:
    """Complete the milestones that the record itself shows to be reached."""
    gate = check_gate(journey, "pivot")
    lacks = set(gate.missing)
    decided = any(d.kind in PATH_KINDS and d.reversed_reason is None for d in journey.decisions.values())
    opinions = {"opinion_dream_field", "opinion_related_field"}
    heard = not lacks & opinions, "two outside opinions are recorded"
    assessed = not lacks - opinions, "the inventory is recorded and a profile stands"
    placed = any(one.kind in ("categorical", "matched") for one in journey.placements)
    reached = {
        "WEEK1.inventory": (not lacks - opinions - {"profile"}, "every fact that a decision needs is recorded"),
        "WEEK1.opinions": heard,
        "PLAN.3.assess": assessed,
        "PLAN.3.conversations": heard,  # playbook, *Reading (opinions)*: the two opinions are the two conversations
        "PLAN.3.decide": (decided, "the decision is recorded"),
        "YEAR.pivot.place": (placed, "a place is recorded"),
    }
    for code, (is_reached, evidence) in reached.items():
        held = journey.milestones.get(code)
        if is_reached and held is not None and held.status in ("planned", "missed"):
            complete_milestone(journey, code, evidence=evidence, stamp=stamp)
