"""One row of the board in words: what a person reads in each cell, and the notes under the name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core.decision.wording import count
from core.journey.hold import GATES
from core.journey.inventory import FACTS
from core.journey.journey import MATCH_SYSTEMS
from projections.board import DECIDE_SOON_DAYS, NO_CONTACT_DAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from projections.board import BoardRow
    from projections.kept import Kept

__all__ = ["Line", "lines", "short_day"]

# Our choice: a change is "just now" for as long as a colleague may still be at the same student.
JUST_NOW = timedelta(minutes=15)
# Oak marks what is new; when a roster has just changed half of the page, nothing is marked.
JUST_NOW_MAX = 5
NEWER = "Newer playbook available"
_MODES = FACTS["planned_year"].choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row as it is read.

    Args:
        row: the row itself, for what needs no words.
        just: what changed a moment ago and by whom, or "".
        notes: what sets this student apart, each a few words.
        waiting: in place of the path decision: until when.
        decision_detail: how the year will be spent, or the new field; before a path decision the SOAP decision.
        path_gate: how the gate of the path decision stands.
        soap_gate: how the gate of the SOAP decision stands.
        opinions_note: asked and not yet answered.
        next_when: day of the next milestone, or by how much it is overdue.
        late: a milestone is past its day and not done.
        contact: how long ago somebody spoke with the student.
        quiet: that is `NO_CONTACT_DAYS` or more, while the journey goes on; as long as nobody spoke, the days count
            from the status learned.
    """

    row: BoardRow
    just: str
    notes: tuple[str, ...]
    waiting: str
    decision_detail: str
    path_gate: str
    soap_gate: str
    opinions_note: str
    next_when: str
    late: bool
    contact: str
    quiet: bool

    def __hash__(self) -> int:  # equal lines have it in common, and the row has fifty fields
        return hash((self.row, self.just))


def lines(
    rows: Sequence[BoardRow],
    *,
    names: Mapping[str, str],
    today: date,
    now: datetime,
    once: Kept,
    read: int | None = None,
    newer: Callable[[BoardRow], bool] | None = None,
) -> tuple[Line, ...]:
    """Put rows into words.

    Args:
        rows: of one page.
        names: specialty slug → name.
        today: at the school.
        now: the same moment, to tell what changed just now [timezone-aware].
        once: gives the words of the same row on the same day.
        read: position up to which an open page has shown everything already: what changed since is marked in any case.
        newer: says whether advice was given before a playbook that says something else.
    """
    fresh = {row.journey_id for row in rows if timedelta(0) <= now - row.changed_at < JUST_NOW}
    if len(fresh) > JUST_NOW_MAX:
        fresh = set()
    if read is not None:
        fresh |= {row.journey_id for row in rows if row.changed_position > read}
    marked = ((row, (row.journey_id in fresh, newer is not None and newer(row))) for row in rows)
    return tuple(_kept(row, names, today, marks, once) for row, marks in marked)


def _kept(row: BoardRow, names: Mapping[str, str], today: date, marks: tuple[bool, bool], once: Kept) -> Line:
    used = (names.get(row.decision_specialty or ""), names.get(row.soap_specialty or ""))
    return once((row, used, today, marks), lambda: _line(row, names=names, today=today, fresh=marks[0], old=marks[1]))


def _line(row: BoardRow, *, names: Mapping[str, str], today: date, fresh: bool, old: bool) -> Line:
    return Line(
        row=row,
        just=f"{row.changed_words} just now, {row.changed_by}" if fresh else "",
        notes=(*_notes(row), NEWER) if old else _notes(row),
        waiting=_waiting(row),
        decision_detail=_detail(row, names),
        path_gate=_gate("Path", row.path_missing),
        soap_gate=_gate("SOAP", row.soap_missing),
        opinions_note=f"{row.opinions_pending} asked" if row.opinions_pending else "",
        next_when=_next_when(row, today),
        late=row.overdue > 0,
        contact=_contact(row.days_since_contact),
        quiet=row.going and (today - (row.last_contact_on or row.learned_on)).days >= NO_CONTACT_DAYS,
    )


def _notes(row: BoardRow) -> tuple[str, ...]:
    found: list[str] = []
    if row.match_system != "nrmp":  # a student may have two journeys in one cycle, one for each match system
        found.append(MATCH_SYSTEMS.get(row.match_system, row.match_system))
    if row.against:
        found.append("Against the recommendation")
    if row.decision_stance == "dissents":
        found.append("The advisor dissents")
    found += [f"Gate overridden: {_lower(GATES.get(kind, kind))}" for kind in row.overridden]
    if row.disputed:
        found.append(count(row.disputed, "disputed fact"))
    return tuple(found)


def _waiting(row: BoardRow) -> str:
    days = row.decide_in_days
    if days is None or days > DECIDE_SOON_DAYS:
        return "no decision yet"
    if days < 0:
        return f"was due {count(-days, 'day')} ago"
    return "due today" if days == 0 else f"due in {count(days, 'day')}"


def _detail(row: BoardRow, names: Mapping[str, str]) -> str:
    if row.decision_mode:
        return _MODES.get(row.decision_mode, row.decision_mode)
    if row.decision or not row.soap_decision:
        return _name(row.decision_specialty, names)
    place = _name(row.soap_specialty, names)
    return GATES.get(row.soap_decision, row.soap_decision) + (f", {place}" if place else "")


def _name(slug: str | None, names: Mapping[str, str]) -> str:
    return names.get(slug, slug.replace("-", " ").capitalize()) if slug else ""


def _gate(name: str, missing: Sequence[str]) -> str:
    return f"{name}: {len(missing)} to go" if missing else f"{name} open"


def _next_when(row: BoardRow, today: date) -> str:
    due = row.next_due_on
    if due is None:
        return ""
    if due >= today:
        return short_day(due, today) + (f", {row.overdue} overdue" if row.overdue else "")
    return f"Overdue {count((today - due).days, 'day')}"


def _contact(days: int | None) -> str:
    if days is None:
        return "none yet"
    return "today" if days <= 0 else count(days, "day")


def short_day(on: date, today: date) -> str:
    """Return a day with its weekday, with the year only where it is another one: "Sat, Jun 20"."""
    return f"{on:%a, %b} {on.day}" + ("" if on.year == today.year else f", {on.year}")


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]
