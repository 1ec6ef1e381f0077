"""The decisions register: what was recommended, what was decided, and what the team thought of it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request, stream_with_context, url_for

from core.journey.decisions import REASON_CODES
from core.journey.hold import GATES, OVERRIDE_CODES
from core.journey.inventory import FACTS
from core.people.access import Permission, require
from projections import people, register
from projections.register import Wanted
from projections.wording import specialty_name
from web.board.export import csv_lines
from web.edge import house, needs, page, who
from web.live import live_cohort
from web.registers.place import Place, blueprint, day_of, member_of, page_number, people_options, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask.typing import ResponseReturnValue

    from projections.register import RegisterPage, RegisterRow

__all__: list[str] = []

_RELATIONS: Final = {
    "agrees": "Agrees with the recommendation",
    "differs": "Against the recommendation",
    "contested": "On a contested recommendation",
    "not_decidable": "While not yet decidable",
    "own_gate": "Has a gate of its own",
}
_STANCES: Final = {"concurs": "Concurs", "dissents": "Dissents", "none": "No word yet"}
_GATES: Final = {"passed": "Passed", "overridden": "Overridden"}
_STATES: Final = {"standing": "Stands", "reversed": "Reversed"}
_COUNTS: Final = {
    "decisions": "decisions",
    "against": "against the recommendation",
    "contested": "on a contested one",
    "not_decidable": "while not decidable",
    "overridden": "gates overridden",
    "dissents": "advisor dissents",
    "unheard": "no word of the advisor",
    "reversed": "reversed",
}
_MODES: Final = FACTS["planned_year"].choices
_NAMES: Final = tuple(one.name for one in fields(Wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One view of the register, as the address names it; the advisor may be "me"."""

    cohort: str
    wanted: Wanted
    number: int = 1

    @classmethod
    def read(cls, cohort: str) -> Query:
        """Read the address of the request.

        Raises:
            InvalidValue: a date that is none, or a page that is no number.
        """
        given: dict[str, Any] = {name: text for name in _NAMES if (text := request.args.get(name, "").strip())}
        given |= {name: day_of(name, given[name]) for name in ("since", "until") if name in given}
        return cls(cohort=cohort, wanted=Wanted(**given), number=page_number() or 1)

    @property
    def asked(self) -> Wanted:
        """What the read model is asked for."""
        return replace(self.wanted, advisor=member_of(self.wanted.advisor))

    @property
    def active(self) -> dict[str, str]:
        """The filters that are set, as text."""
        return {name: str(value) for name in _NAMES if (value := getattr(self.wanted, name)) is not None}

    def href(self, endpoint: str = "registers.decisions", /, **changes: Any) -> str:
        """Return the address of the same view with changes: a filter (None lifts it), or `number`."""
        wanted: dict[str, Any] = self.active | changes
        number = wanted.pop("number", 1)
        return url_for(endpoint, cohort=self.cohort, **wanted, page=number if number > 1 else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A decision as it is read."""

    row: RegisterRow
    detail: str
    relation: str
    why: str
    when: str
    override: str
    stance: str
    reversed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsPage:
    """The register.

    Args:
        place: the cohort.
        query: what the address asks for.
        found: a page of the read model.
        lines: its rows in words.
        counts: label, number, address and whether it is the current view.
        selects: filters to choose from.
    """

    place: Place
    query: Query
    found: RegisterPage
    lines: tuple[Line, ...]
    counts: tuple[dict[str, Any], ...]
    selects: tuple[tuple[str, str, str, list[tuple[str, str]]], ...]

    @property
    def first(self) -> int:
        """Number of the first row."""
        return (self.found.number - 1) * register.PAGE_SIZE + 1


@blueprint.get("/decisions")
@needs(Permission.READ_COHORT)
def decisions(cohort: str) -> ResponseReturnValue:
    """Show the register."""
    here, query = place(cohort, "registers.decisions"), Query.read(cohort)
    with house().views.read() as db:
        found = register.page(db, cohort, query.asked, number=query.number)
        names = people.specialties(db)
        selects = _selects(query, people_options(db, query.wanted.advisor))
        live = live_cohort(db, cohort, here.today)
    view = DecisionsPage(
        place=here,
        query=query,
        found=found,
        lines=tuple(_line(here, row, names) for row in found.rows),
        counts=tuple(_count(query, name, number) for name, number in found.counts.items()),
        selects=selects,
    )
    return page("registers/decisions.html", view=view, live=live)


@blueprint.get("/decisions.csv")
@needs(Permission.EXPORT_COHORT)
def decisions_export(cohort: str) -> ResponseReturnValue:
    """Send every row of the register as a file."""
    here, query = place(cohort), Query.read(cohort)
    require(who(), Permission.EXPORT_COHORT, here.target)
    text = stream_with_context(_export(query))
    next(text)  # ask before the first byte is sent: a filter that is not there still becomes a page
    headers = {"Content-Disposition": f'attachment; filename="decisions-{cohort}-{here.today.isoformat()}.csv"'}
    return Response(text, mimetype="text/csv", headers=headers)


def _export(query: Query) -> Iterator[str]:
    with house().views.read() as db:
        names = people.specialties(db)
        rows = register.every_row(db, query.cohort, query.asked)
        first = tuple(islice(rows, 1))
        yield ""
        yield from csv_lines(chain(first, rows), names, _COLUMNS)


def _count(query: Query, name: str, number: int) -> dict[str, Any]:
    click = register.COUNTS[name]
    if click is None:
        lifted = {one[0] for one in register.COUNTS.values() if one}
        href = query.href(**dict.fromkeys(lifted))
        label, current = "decision" if number == 1 else _COUNTS[name], not lifted & set(query.active)
    else:
        href, label = query.href(**{click[0]: click[1]}), _COUNTS[name]
        current = query.active.get(click[0]) == click[1]
    return {"label": label, "value": number, "href": href, "current": current}


def _selects(query: Query, members: list[tuple[str, str]]) -> tuple[tuple[str, str, str, list[tuple[str, str]]], ...]:
    lists: tuple[tuple[str, str, str, list[tuple[str, str]]], ...] = (
        ("kind", "Decision", "All", list(GATES.items())),
        ("relation", "And recommendation", "All", list(_RELATIONS.items())),
        ("gate", "Gate", "All", list(_GATES.items())),
        ("stance", "Word of the advisor", "All", list(_STANCES.items())),
        ("state", "State", "All", list(_STATES.items())),
        ("advisor", "Advisor", "Everyone", [*members, ("none", "Nobody yet")]),
    )
    return tuple(
        (name, label, query.active.get(name, ""), [("", every), *options]) for name, label, every, options in lists
    )


def _line(here: Place, row: RegisterRow, names: Mapping[str, str]) -> Line:
    field = specialty_name(row.specialty, dict(names)) if row.specialty else ""
    why = REASON_CODES.get(row.reason_code, row.reason_code) if row.reason_code else ""
    return Line(
        row=row,
        detail=_joined(_MODES.get(row.mode, row.mode) if row.mode else "", field),
        relation="" if row.relation == "own_gate" else _RELATIONS.get(row.relation, row.relation),
        why=_joined(why, row.reason),
        when=here.day(row.decided_on),
        override=_joined(OVERRIDE_CODES.get(row.override_code, row.override_code), row.override_text, row.override_by)
        if row.override_code
        else "",
        stance=_joined(row.stance_text, row.stance_by, here.moment(row.stance_at)) if row.stance_at else "",
        reversed=_joined(row.reversed_reason, row.reversed_by, here.moment(row.reversed_at)) if row.reversed_at else "",
    )


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


_OUTCOMES: Final = {
    "REAPPLY": "reapply",
    "PIVOT_NOW": "pivot now",
    "CONTESTED": "contested",
    "INDETERMINATE": "not yet decidable",
}
_COLUMNS: Final[Mapping[str, Any]] = {
    "Reference": lambda r, _: r.student_ref,
    "Name": lambda r, _: r.name,
    "Dream field": lambda r, _: r.dream_field,
    "Advisor": lambda r, _: r.advisor_name,
    "Decided on": lambda r, _: r.decided_on,
    "Recorded by": lambda r, _: r.actor_name,
    "Recommendation then": lambda r, _: _OUTCOMES.get(r.outcome, r.outcome) if r.outcome else "none yet",
    "Decision": lambda r, _: GATES.get(r.kind, r.kind),
    "Year spent as": lambda r, _: _MODES.get(r.mode, r.mode) if r.mode else "",
    "New field": lambda r, names: specialty_name(r.specialty, names) if r.specialty else "",
    "Decision and recommendation": lambda r, _: _RELATIONS.get(r.relation, r.relation).lower(),
    "Reason": lambda r, _: REASON_CODES.get(r.reason_code, r.reason_code),
    "In the student's words": lambda r, _: r.reason,
    "Gate": lambda r, _: "overridden" if r.override_code else "passed",
    "Overridden because": lambda r, _: OVERRIDE_CODES.get(r.override_code, r.override_code),
    "Overridden by": lambda r, _: r.override_by,
    "What was said to override": lambda r, _: r.override_text,
    "Advisor's word": lambda r, _: _STANCES[r.stance or "none"].lower(),
    "Word from": lambda r, _: r.stance_by,
    "Why": lambda r, _: r.stance_text,
    "Reversed": lambda r, _: r.reversed_at.date() if r.reversed_at else "",
    "Reversed by": lambda r, _: r.reversed_by,
    "Reversed because": lambda r, _: r.reversed_reason,
}
