"""What the board's template shows: one frozen dataclass, made from one snapshot of the read models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.decision.wording import count
from core.journey.hold import GATES
from core.journey.journey import MATCH_SYSTEMS
from projections import board as boards
from projections import people
from projections.board import DECIDE_SOON_DAYS, NO_CONTACT_DAYS
from web.board.query import ME
from web.board.rows import Line, lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from core.people.access import Principal
    from projections.board import BoardPage, MatchDay
    from web.board.query import BoardQuery

__all__ = ["BoardScreen", "board_screen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number that leads to the people behind it."""

    label: str
    value: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the table; its link orders by it, the other way round when it is the order already."""

    label: str
    href: str
    sort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """A filter that is chosen from a list of (value, label)."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A filter that is set: in words, the address without it, and how many students that gives (None = not counted)."""

    words: str
    href: str
    students: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardScreen:
    """A cohort, as one person sees it.

    Args:
        query: what the address asks for.
        page: of the read model.
        title: heading of the page.
        since: how long ago Match Day was, or "".
        as_of: when this page was made.
        playbook: label of the playbook in force.
        lines: the rows in words.
        counts: numbers that lead to people.
        columns: of the table.
        selects: filters to choose from.
        orders: every order, for the form.
        chosen: the filters that are set.
        others: the person's other cohorts, with their addresses.
        mine: whether the board shows the person's own journeys.
        mine_href: the way to them, or back to everybody.
        leads: who can bring students in, when there are none.
    """

    query: BoardQuery
    page: BoardPage
    title: str
    since: str
    as_of: datetime
    playbook: str
    lines: tuple[Line, ...]
    counts: tuple[Count, ...]
    columns: tuple[Column, ...]
    selects: tuple[Select, ...]
    orders: tuple[tuple[str, str], ...]
    chosen: tuple[Chosen, ...]
    others: tuple[tuple[str, str], ...]
    mine: bool
    mine_href: str
    leads: tuple[str, ...]

    @property
    def first(self) -> int:
        """Number of the first row."""
        return (self.page.number - 1) * self.page.size + 1

    @property
    def last(self) -> int:
        """Number of the last row."""
        return self.first + len(self.lines) - 1


def board_screen(
    db: Connection, query: BoardQuery, who: Principal, *, names: Mapping[str, str], playbook: str, now: datetime
) -> BoardScreen:
    """Read a board and put it into words.

    Args:
        db: one snapshot of the read models.
        query: what the address asks for.
        who: the person who looks.
        names: specialty slug → name.
        playbook: label of the one in force.
        now: at the school [timezone-aware, in its zone].
    """
    today = now.date()
    found = boards.page(
        db, query.cohort, filters=query.filters_for(who.member_id), sort=query.sort, number=query.number, today=today
    )
    mine = query.filters.advisor == ME
    selects = _selects(query, found)
    return BoardScreen(
        query=query,
        page=found,
        title=f"My journeys, cohort {query.cohort}" if mine else f"Cohort {query.cohort}",
        since=_since(boards.match_days(db, query.cohort), today),
        as_of=now,
        playbook=playbook,
        lines=lines(found.rows, names=names, today=today, now=now),
        counts=_counts(query, found),
        columns=_columns(query),
        selects=selects,
        orders=_orders(query),
        chosen=_chosen(db, query, who, selects, today, count=bool(found.students and not found.total)),
        others=tuple((cohort, query.elsewhere(cohort).href()) for cohort in who.cohorts if cohort != query.cohort),
        mine=mine,
        mine_href=query.href(advisor=None if mine else ME, needs=None),
        leads=_leads(db, query.cohort) if not found.students else (),
    )


# The order of the columns is the order in which an advisor asks: who, where to, what do the rules say, what now.
_COLUMNS = {
    "student": "Student",
    "specialty": "Dream field",
    "profile": "Profile",
    "recommendation": "Recommendation",
    "decision": "Decision",
    "champion": "Champion",
    "opinions": "Opinions",
    "gates": "Gates",
    "next": "Next milestone",
    "contact": "Last contact",
    "advisor": "Advisor",
}
_ORDERS = {
    "student": "Name",
    "reference": "Reference",
    "next": "Next milestone, earliest first",
    "contact": "Last contact, longest ago first",
    "-changed": "Last changed first",
    "specialty": "Dream field",
    "profile": "Profile",
    "recommendation": "Recommendation",
    "decision": "Decision",
    "-champion": "Champion, highest first",
    "opinions": "Opinions, fewest first",
    "gates": "Gates, open first",
    "advisor": "Advisor",
}
# A first click on these shows the end that people look for.
_HIGHEST_FIRST = {"champion"}


def _columns(query: BoardQuery) -> tuple[Column, ...]:
    found: list[Column] = []
    for key, label in _COLUMNS.items():
        current = query.sort.key == key
        down = not query.sort.descending if current else key in _HIGHEST_FIRST
        state = ("descending" if query.sort.descending else "ascending") if current else ""
        found.append(Column(label=label, href=query.href(sort=f"{'-' if down else ''}{key}"), sort=state))
    return tuple(found)


def _orders(query: BoardQuery) -> tuple[tuple[str, str], ...]:
    now = str(query.sort)
    if now in _ORDERS:
        return tuple(_ORDERS.items())
    label = _ORDERS.get(query.sort.key) or _ORDERS[f"-{query.sort.key}"]
    return ((now, f"{label.partition(',')[0]}, the other way round"), *_ORDERS.items())


_COUNTS = {
    "decide_soon": f"decide within {DECIDE_SOON_DAYS} days",
    "not_decidable": "not yet decidable",
    "contested": "contested",
    "no_contact": f"no contact for {NO_CONTACT_DAYS} days",
    "overdue": "milestones overdue",
}


def _counts(query: BoardQuery, found: BoardPage) -> tuple[Count, ...]:
    needs = query.filters.needs
    everybody = Count(
        label="student" if found.students_filtered == 1 else "students",
        value=found.students_filtered,
        href=query.href(needs=None),
        current=not needs,
    )
    rest = (
        Count(label=label, value=found.counts[key], href=query.href(needs=key), current=needs == key)
        for key, label in _COUNTS.items()
    )
    return (everybody, *rest)


_PROFILES = {
    "near-competitive": "near-competitive",
    "borderline": "borderline",
    "undermatched": "undermatched",
    "unknown": "not yet known",
}
_RECOMMENDATIONS = {
    "REAPPLY": "Reapply",
    "PIVOT_NOW": "Pivot now",
    "CONTESTED": "Contested",
    "INDETERMINATE": "Not yet decidable",
    "none": "None yet",
}
_DECISIONS = {
    "none": "None yet",
    "any": "Any decision",
    "against": "Against the recommendation",
    "dissent": "Advisor dissents",
    **GATES,
}
_GATES = {
    "path_open": "Path gate open",
    "path_closed": "Path gate closed",
    "soap_open": "SOAP gate open",
    "soap_closed": "SOAP gate closed",
    "overridden": "A gate overridden",
    "disputed": "A fact disputed",
}


def _selects(query: BoardQuery, found: BoardPage) -> tuple[Select, ...]:
    own = query.filters
    people_of = {ME: "My journeys", "none": "Nobody yet", **{c.value: c.label for c in found.advisors}}
    fields = {c.value: c.label for c in found.specialties}
    lists: tuple[tuple[str, str, str | None, Mapping[str, str]], ...] = (
        ("advisor", "Advisor", own.advisor, people_of),
        ("specialty", "Dream field", own.specialty, fields),
        ("profile", "Profile", own.profile, _PROFILES),
        ("recommendation", "Recommendation", own.recommendation, _RECOMMENDATIONS),
        ("decision", "Decision", own.decision, _DECISIONS),
        ("gate", "Gates", own.gate, _GATES),
    )
    return tuple(
        Select(
            name=name,
            label=label,
            value=value or "",
            options=(("", "Everyone" if name == "advisor" else "All"), *_with_current(options, value)),
        )
        for name, label, value, options in lists
    )


def _with_current(options: Mapping[str, str], value: str | None) -> tuple[tuple[str, str], ...]:
    """Keep a filter that names somebody who has left, or a field that nobody is in: it can be seen and lifted."""
    stranger = () if not value or value in options else ((value, "No longer in this cohort"),)
    return (*options.items(), *stranger)


def _chosen(
    db: Connection, query: BoardQuery, who: Principal, selects: Sequence[Select], today: date, *, count: bool
) -> tuple[Chosen, ...]:
    """Return the filters that are set; when nobody fits them all, with how many there are without each."""
    words = {one.name: dict(one.options).get(one.value, one.value) for one in selects}
    labels = {one.name: one.label for one in selects}
    found: list[Chosen] = []
    for name, value in query.active.items():
        students = None
        if count:
            without = query.without(name).filters_for(who.member_id)
            students = boards.page(db, query.cohort, filters=without, today=today).total
        if name == "q":
            said = f"“{value}”"
        elif name == "needs":
            said = _COUNTS[value]
        else:
            said = f"{labels[name]}: {words[name]}"
        found.append(Chosen(words=said, href=query.href(**{name: None}), students=students))
    return tuple(found)


def _leads(db: Connection, cohort: str) -> tuple[str, ...]:
    return tuple(m.name for m in people.advisors(db, cohort) if ("lead", cohort) in m.grants)


def _since(days: Sequence[MatchDay], today: date) -> str:
    """Say how long ago Match Day was; each match system has its own (playbook, *Reading (clocks)*)."""
    if not days:
        return ""
    if len(days) == 1:
        return f"{_ago('Match Day', days[0].on, today)}, {_long(days[0].on)}"
    told = [
        f"{MATCH_SYSTEMS.get(d.match_system, d.match_system)} {_long(d.on)} ({count(d.students, 'student')})"
        for d in days[:3]
    ]
    more = [f"{len(days) - 3} more"] if len(days) > 3 else []  # noqa: PLR2004 - three are read at a glance
    first = days[0]
    system = MATCH_SYSTEMS.get(first.match_system, first.match_system)
    return f"{_ago(f'{system} Match Day', first.on, today)} · Match Days: " + ", ".join([*told, *more])


def _ago(what: str, on: date, today: date) -> str:
    days = (today - on).days
    if days == 0:
        return f"Today is {what}"
    return f"{count(days, 'day')} since {what}" if days > 0 else f"{count(-days, 'day')} until {what}"


def _long(on: date) -> str:
    return f"{on:%A, %B} {on.day}, {on.year}"
