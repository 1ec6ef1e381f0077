"""What a board offers to choose from: columns to order by, counts, filters, and the filters that are set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.journey.hold import GATES
from projections import board as boards
from projections.board import DECIDE_SOON_DAYS, NO_CONTACT_DAYS
from web.board.drill import drilled_words, ladder_titles
from web.board.flow import PLACEMENTS
from web.board.query import ME
from web.edge import house

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from core.people.access import Principal
    from projections.board import BoardPage
    from projections.kept import Kept, Present
    from web.board.query import BoardQuery

__all__ = ["Chosen", "Column", "Count", "Select", "chosen", "columns", "counts", "orders", "selects"]


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
    short: str
    href: str
    students: int | None = None


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


def columns(query: BoardQuery) -> tuple[Column, ...]:
    """Return the columns, each with the address that orders by it."""
    found: list[Column] = []
    for key, label in _COLUMNS.items():
        current = query.sort.key == key
        down = not query.sort.descending if current else key in _HIGHEST_FIRST
        state = ("descending" if query.sort.descending else "ascending") if current else ""
        found.append(Column(label=label, href=query.href(sort=f"{'-' if down else ''}{key}"), sort=state))
    return tuple(found)


def orders(query: BoardQuery) -> tuple[tuple[str, str], ...]:
    """Return every order for the form, which on a phone is the only way to one."""
    now = str(query.sort)
    if now in _ORDERS:
        return tuple(_ORDERS.items())
    label = _ORDERS.get(query.sort.key) or _ORDERS[f"-{query.sort.key}"]
    return ((now, f"{label.partition(',')[0]}, the other way round"), *_ORDERS.items())


_COUNTS = {
    "decide_soon": f"decide within {DECIDE_SOON_DAYS} days, or past their day",
    "not_decidable": "not yet decidable",
    "contested": "contested",
    "no_contact": f"no contact for {NO_CONTACT_DAYS} days",
    "overdue": "milestones overdue",
}


def counts(query: BoardQuery, found: BoardPage, once: Kept) -> tuple[Count, ...]:
    """Return everybody, and those who need something."""
    needs = query.filters.needs
    hrefs = once(("counts", replace(query, number=1)), lambda: {key: query.href(needs=key) for key in (None, *_COUNTS)})
    everybody = Count(
        label="student" if found.students_filtered == 1 else "students",
        value=found.students_filtered,
        href=hrefs[None],
        current=not needs,
    )
    rest = (
        Count(label=label, value=found.counts[key], href=hrefs[key], current=needs == key)
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


def selects(query: BoardQuery, found: BoardPage) -> tuple[Select, ...]:
    """Return the filters that are lists."""
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
        ("placement", "Placement", own.placement, PLACEMENTS),
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


def chosen(
    db: Connection,
    query: BoardQuery,
    who: Principal,
    selects: Sequence[Select],
    today: date,
    *,
    count: bool,
    present: Present | None = None,
) -> tuple[Chosen, ...]:
    """Return the filters that are set; when nobody fits them all, with how many there are without each."""
    words = {one.name: dict(one.options).get(one.value, one.value) for one in selects}
    titles = ladder_titles(house().desk.institution().playbook or {"packs": []}) if query.filters.ladder else {}
    labels = {one.name: one.label for one in selects}
    found: list[Chosen] = []
    for name, value in query.active.items():
        students = None
        if count:
            without = query.without(name).filters_for(who.member_id)
            students = boards.page(db, query.cohort, filters=without, today=today, present=present).total
        if name in words:
            short = words[name]
        else:
            short = value if name == "q" else _COUNTS[value] if name == "needs" else drilled_words(name, value, titles)
        said = f"“{value}”" if name == "q" else short
        if name in labels and value != ME:
            said = f"{labels[name]}: {short}"
        found.append(Chosen(words=said, short=short, href=query.href(**{name: None}), students=students))
    return tuple(found)
