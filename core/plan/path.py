"""What a path decision and a place for the year do to the plan (playbook §9 PLAN, §6 YEAR).

Either plans, in the same save, what the tables ask and the plan does not hold yet. A milestone whose last day is over
by then is left out: it could only ever be missed, and the date of the decision shows why.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.journey.hold import GATES, PATH_KINDS
from core.journey.milestones import NewMilestone, plan_milestone, reopen_milestone, waive_milestone
from core.journey.placements import SEATS
from core.plan.windows import WINDOWS, add_months
from core.values import SOURCE_MAX

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.journal.root import Stamp
    from core.journey.decisions import Decision, NewDecision
    from core.journey.journey import Journey
    from core.plan.calendars import Calendar

__all__ = ["PATH_CHANGED", "SEATS", "follow_decision", "follow_placement", "follow_reversal", "too_early", "with_dates"]

_TAKEN_BACK = "the decision was taken back"
PATH_CHANGED = "the path changed: "  # how the reason begins by which a switch waives; coming back undoes these only


def with_dates(journey: Journey, new: NewDecision, calendar: Calendar, *, today: date) -> NewDecision:
    """Return a decision whose chosen milestones have the dates that count, and what speaks against them.

    A cycle date that is over does not count here: the student chose the milestone with the day it has.
    """
    bounded = ((one, calendar.bound(one, journey)) for one in new.milestones)
    dated = (late if late.due_on >= today else one for one, late in bounded)
    return replace(new, milestones=tuple(_warned(journey, one, reapplies=new.kind == "reapply") for one in dated))


def follow_decision(journey: Journey, calendar: Calendar, *, today: date, stamp: Stamp) -> None:
    """Bring the plan in line with the path decision that was just recorded.

    What only an earlier, reversed decision asked for is waived, unless somebody changed it since; what such a switch
    once waived and this decision asks for again is planned again with the date it had. Then the rest is planned.

    Args:
        journey: with the decision; changed in place.
        calendar: windows and cycle dates of the journey's dream field.
        today: in the institution's zone.
        stamp: of the command that recorded the decision.
    """
    path = _standing(journey)
    if path is None:
        return
    asked = _asked(journey, path, calendar)
    before = {code for old in _reversed(journey) for code in _asked(journey, old, calendar)}
    reason = PATH_CHANGED + GATES[path.kind][0].lower() + GATES[path.kind][1:]
    for held in list(journey.milestones.values()):
        given_up = held.code in before and held.code not in asked and held.version < path.version
        if given_up and held.status in ("planned", "missed"):
            waive_milestone(journey, held.milestone_id, reason=reason, stamp=stamp)
    _plan(journey, asked, calendar, today=today, stamp=stamp)


def follow_reversal(journey: Journey, calendar: Calendar, decision_id: str, *, stamp: Stamp) -> None:
    """Bring the plan in line with a path decision that was just taken back: the path is to be decided again.

    What only that decision's branch asked for is waived; a decision that asks for it again plans it again.

    Args:
        journey: with the reversal; changed in place.
        calendar: windows and cycle dates of the journey's dream field.
        decision_id: of the decision that was taken back.
        stamp: of the command that took it back.
    """
    old = journey.decisions[decision_id]
    if old.kind not in PATH_KINDS:
        return
    reopen_milestone(journey, "PLAN.3.decide", reason=_TAKEN_BACK, stamp=stamp)
    for code in _asked(journey, old, calendar):
        held, window = journey.milestones.get(code), calendar.windows[code]
        of_branch = window.branch != "everyone" or (window.seat and not _in_seat(journey))
        if of_branch and held is not None and held.status in ("planned", "missed"):
            waive_milestone(journey, code, reason=PATH_CHANGED + _TAKEN_BACK, stamp=stamp)


def follow_placement(
    journey: Journey, calendar: Calendar, *, year_begins: date | None, today: date, stamp: Stamp
) -> None:
    """Plan what a year in the place that was just recorded asks: of everyone, and of the path that stands.

    Args:
        journey: with the placement, one of `SEATS`; changed in place.
        calendar: windows and cycle dates of the journey's dream field.
        year_begins: the first day in that place, where it is known.
        today: in the institution's zone.
        stamp: of the command that recorded the placement.
    """
    path = _standing(journey)
    windows = calendar.windows
    of_all = [code for code, one in windows.items() if one.branch == "everyone"]
    asked = _asked(journey, path, calendar) if path else of_all
    of_the_year = [code for code in asked if windows[code].seat]
    _plan(journey, of_the_year, calendar, year_begins=year_begins, today=today, stamp=stamp)


def too_early(code: str, due_on: date, *, repaired_by: date | None, year_begins: date | None) -> str:
    """Return why the evidence of a milestone cannot exist on its last day, or nothing (*Reading (clocks)*).

    Args:
        code: playbook id.
        due_on: the last day.
        repaired_by: when all remedies can be done at the earliest; None = not known, or nothing is repaired.
        year_begins: the first day in the place whose year the milestone belongs to; None = not known.
    """
    if code == "PLAN.12.record" and repaired_by is not None and repaired_by > due_on:
        return f"cannot be shown by then: the remedies take until {repaired_by.isoformat()}"
    window = WINDOWS.get(code)
    if window is not None and window.seat and year_begins is not None and year_begins > due_on:
        return f"cannot be shown by then: the year begins on {year_begins.isoformat()}"
    return ""


def _standing(journey: Journey) -> Decision | None:
    made = (one for one in journey.decisions.values() if one.kind in PATH_KINDS and one.reversed_reason is None)
    return next(made, None)


def _reversed(journey: Journey) -> list[Decision]:
    return [one for one in journey.decisions.values() if one.kind in PATH_KINDS and one.reversed_reason is not None]


def _asked(journey: Journey, path: Decision, calendar: Calendar) -> list[str]:
    """Return what the tables, and packs for the dream field, ask after a path decision.

    Our reading: delaying graduation and resigning a post are in neither branch, so the rows of everyone remain, without
    those of a year in a place that is resigned; who leaves medicine is asked nothing.
    """
    if path.kind == "leave_medicine":
        return []
    placed = path.kind != "resign_post" and _in_seat(journey)
    seat = path.mode in SEATS or placed
    return [
        code
        for code, one in calendar.windows.items()
        if one.months and one.branch in ("everyone", path.kind) and (seat or not one.seat)
    ]


def _in_seat(journey: Journey) -> bool:
    return any(one.kind in SEATS for one in journey.placements)


def _plan(
    journey: Journey,
    codes: Iterable[str],
    calendar: Calendar,
    *,
    today: date,
    stamp: Stamp,
    year_begins: date | None = None,
) -> None:
    by_code = {held.code: held for held in journey.milestones.values()}
    path = _standing(journey)
    for code in codes:
        held = by_code.get(code)
        if held is None:
            new = calendar.milestone(code, journey)
        elif held.status == "waived" and held.note.startswith(PATH_CHANGED):
            new = NewMilestone(
                milestone_id=held.milestone_id, code=code, title=held.title, due_on=held.due_on, source=held.source
            )
        else:
            continue
        if new.due_on >= today:
            reapplies = path is not None and path.kind == "reapply"
            new = _warned(journey, new, reapplies=reapplies, year_begins=year_begins)
            plan_milestone(journey, new, stamp=stamp)


def _warned(journey: Journey, new: NewMilestone, *, reapplies: bool, year_begins: date | None = None) -> NewMilestone:
    """Return a milestone that says beside its date why it cannot be reached by then, where the record shows it.

    Remedies are counted from Match Day, the earliest day on which they can have begun.
    """
    months = [one.months for one in journey.weaknesses or () if one.months is not None] if reapplies else []
    repaired_by = add_months(journey.match_day, max(months)) if months else None
    why = too_early(new.code, new.due_on, repaired_by=repaired_by, year_begins=year_begins)
    source = f"{new.source}; {why}"
    return replace(new, source=source) if why and len(source) <= SOURCE_MAX else new
