"""Read model of the cohort board: one row for each journey, filters that combine, counts that lead to their people."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import case, func, select, true

from core.decision.tree import OUTCOMES
from core.values import one_of
from projections.board_filters import (
    DECIDE_SOON_DAYS,
    DECISIONS,
    GATES_SHOWN,
    NEEDS,
    NO_CONTACT_DAYS,
    PROFILES,
    RECOMMENDATIONS,
    Filters,
    conditions,
    narrowed,
    narrowing,
)
from projections.board_table import BOARD
from projections.people import actor_name
from projections.people_tables import MEMBER, SPECIALTY
from projections.rows import STATE
from projections.wording import specialty_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from sqlalchemy import ColumnElement, Connection, Row, Select

__all__ = [
    "DECIDE_SOON_DAYS",
    "DECISIONS",
    "GATES_SHOWN",
    "NEEDS",
    "NO_CONTACT_DAYS",
    "PAGE_SIZE",
    "PROFILES",
    "RECOMMENDATIONS",
    "SORTS",
    "BoardPage",
    "BoardRow",
    "Choice",
    "CohortSize",
    "Filters",
    "MatchDay",
    "Sort",
    "cohorts",
    "every_row",
    "match_days",
    "overdue_journeys",
    "page",
]

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """An order, written "champion" or, from the other end, "-champion"; what is not known comes last."""

    key: str = "student"
    descending: bool = False

    @classmethod
    def parse(cls, text: str) -> Sort:
        """Read an order.

        Raises:
            InvalidValue: there is no such order.
        """
        return cls(key=one_of("sort", text.removeprefix("-"), SORTS), descending=text.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A journey on the board; of an erased one only its place and its last change are left."""

    journey_id: UUID
    version: int
    erased: bool
    changed_position: int
    changed_at: datetime
    changed_by: str
    changed_words: str
    student_ref: str
    name: str
    cohort: str
    specialty: str
    specialty_name: str
    match_system: str
    match_status: str
    match_day: date
    learned_on: date
    advisor_id: str | None
    advisor_name: str | None
    team: str | None
    last_contact_on: date | None
    days_since_contact: int | None
    profile_kind: str | None
    profile_row: str | None
    profile_dissent: tuple[str, ...]
    profile_reachable: tuple[str, ...]
    recommendation: str | None
    recommendation_position: int | None
    recommendation_version: int | None
    decision: str | None
    decision_mode: str | None
    decision_specialty: str | None
    decision_relation: str | None
    decision_stance: str | None
    soap_decision: str | None
    soap_specialty: str | None
    placement: str | None
    placement_specialty: str | None
    champion: int | None
    champion_asked: bool
    opinions: int
    opinions_pending: int
    path_missing: tuple[str, ...]
    soap_missing: tuple[str, ...]
    overridden: tuple[str, ...]
    disputed: int
    next_title: str | None
    next_code: str | None
    next_due_on: date | None
    overdue: int
    decide_by: date
    decide_in_days: int | None

    @property
    def against(self) -> bool:
        """Whether the path decision differs from the recommendation that stood when it was made."""
        return self.decision_relation == "differs"

    @property
    def path_open(self) -> bool:
        """Whether nothing is missing before a path decision."""
        return not self.path_missing

    @property
    def soap_open(self) -> bool:
        """Whether nothing is missing before a SOAP decision."""
        return not self.soap_missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An entry of a filter's list."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortSize:
    """A cohort with the number of its journeys."""

    cohort: str
    journeys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchDay:
    """A Match Day of a cohort, and the number of journeys that have it."""

    match_system: str
    on: date
    students: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """A page of a cohort's board.

    `total` is after all filters; `counts` and `students_filtered` after all but `needs`, so that each number is what a
    click on it gives; `students` is the whole cohort. `erased` counts erased journeys of the whole institution, for
    nothing says any more which cohort they were of.
    """

    cohort: str
    rows: tuple[BoardRow, ...]
    total: int
    number: int
    pages: int
    size: int
    students: int
    students_filtered: int
    counts: Mapping[str, int]
    erased: int
    advisors: tuple[Choice, ...]
    specialties: tuple[Choice, ...]
    position: int
    filters: Filters = field(default_factory=Filters)
    sort: Sort = field(default_factory=Sort)


_EVERYTHING, _BY_NAME = Filters(), Sort()
_CHANGER = MEMBER.alias("changer")
_LABEL = func.coalesce(SPECIALTY.c.name, BOARD.c.specialty)
_PROFILE_RANK = case({name: rank for rank, name in enumerate(PROFILES)}, value=BOARD.c.profile_row)
_OUTCOME_RANK = case({name: rank for rank, name in enumerate(OUTCOMES)}, value=BOARD.c.recommendation)
_ORDERS: Mapping[str, tuple[ColumnElement[Any], ...]] = {
    "student": (),
    "reference": (BOARD.c.student_ref,),
    "specialty": (_LABEL,),
    "profile": (_PROFILE_RANK,),
    "recommendation": (_OUTCOME_RANK,),
    "decision": (func.coalesce(BOARD.c.decision, BOARD.c.soap_decision),),
    "champion": (BOARD.c.champion,),
    "opinions": (BOARD.c.opinions, BOARD.c.opinions_pending),
    "gates": (BOARD.c.path_lacks, BOARD.c.soap_lacks),
    "next": (BOARD.c.next_due_on,),
    "contact": (BOARD.c.last_contact_on,),
    "advisor": (MEMBER.c.name,),
    "changed": (BOARD.c.changed_position,),
}
SORTS = tuple(_ORDERS)


def page(
    db: Connection,
    cohort: str,
    *,
    filters: Filters = _EVERYTHING,
    sort: Sort = _BY_NAME,
    number: int = 1,
    today: date,
) -> BoardPage:
    """Return a page of a cohort; the same few queries whatever its size.

    Args:
        db: from `Views.read`.
        cohort: which.
        filters: what it is narrowed to.
        sort: in which order.
        number: of the page, from 1; past the end it is the last one.
        today: at the school.

    Raises:
        InvalidValue: a filter that is not there.
    """
    counted = db.execute(_counting(cohort, filters, today)).one()
    pages = max(1, -(-counted.total // PAGE_SIZE))
    number = min(max(number, 1), pages)
    shown = _rows(cohort, filters, sort, today).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return BoardPage(
        cohort=cohort,
        rows=tuple(_row(row, today) for row in db.execute(shown)),
        total=counted.total,
        number=number,
        pages=pages,
        size=PAGE_SIZE,
        students=counted.students,
        students_filtered=counted.students_filtered,
        counts={need: getattr(counted, need) for need in NEEDS},
        erased=counted.erased,
        advisors=_advisors(db, cohort),
        specialties=_specialties(db, cohort),
        position=counted.position,
        filters=filters,
        sort=sort,
    )


def every_row(
    db: Connection,
    cohort: str,
    *,
    filters: Filters = _EVERYTHING,
    sort: Sort = _BY_NAME,
    today: date,
) -> Iterator[BoardRow]:
    """Give all rows of a view, without pages, in its order; to be read while the connection is open."""
    for row in db.execute(_rows(cohort, filters, sort, today)):
        yield _row(row, today)


def cohorts(db: Connection) -> tuple[CohortSize, ...]:
    """Return the cohorts that have journeys, the newest first."""
    query = select(BOARD.c.cohort, func.count().label("journeys")).where(~BOARD.c.erased).group_by(BOARD.c.cohort)
    rows = db.execute(query.order_by(BOARD.c.cohort.desc()))
    return tuple(CohortSize(cohort=row.cohort, journeys=row.journeys) for row in rows)


def match_days(db: Connection, cohort: str) -> tuple[MatchDay, ...]:
    """Return the Match Days of a cohort, the one that most journeys have first; each match system has its own."""
    of = (BOARD.c.match_system, BOARD.c.match_day)
    query = select(*of, func.count().label("students")).where(BOARD.c.cohort == cohort).group_by(*of)
    rows = db.execute(query.order_by(func.count().desc(), *of))
    return tuple(
        MatchDay(match_system=r.match_system, on=date.fromisoformat(r.match_day), students=r.students) for r in rows
    )


def overdue_journeys(db: Connection, today: date) -> tuple[UUID, ...]:
    """Return the journeys of the institution with a planned milestone that was due before today."""
    # while anything is planned, the next milestone is the earliest of what is planned
    planned_before = (BOARD.c.planned_due != "[]", BOARD.c.next_due_on < today.isoformat())
    return tuple(db.scalars(select(BOARD.c.journey_id).where(*planned_before).order_by(BOARD.c.journey_id)))


def _counting(cohort: str, filters: Filters, today: date) -> Any:
    needs = conditions(today)
    wanted = needs[one_of("needs", filters.needs, NEEDS)] if filters.needs else true()
    students = select(func.count()).where(BOARD.c.cohort == cohort).scalar_subquery()
    erased = select(func.count()).where(BOARD.c.erased).scalar_subquery()
    return select(
        func.count().label("students_filtered"),
        _sum(wanted).label("total"),
        *(_sum(needs[need]).label(need) for need in NEEDS),
        students.label("students"),
        erased.label("erased"),
        select(STATE.c.position).limit(1).scalar_subquery().label("position"),
    ).where(BOARD.c.cohort == cohort, *narrowing(filters, today))


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _rows(cohort: str, filters: Filters, sort: Sort, today: date) -> Select[Any]:
    query = (
        select(
            BOARD,
            _LABEL.label("specialty_label"),
            MEMBER.c.name.label("advisor_name"),
            actor_name(BOARD.c.changed_by, _CHANGER).label("changer"),
        )
        .outerjoin(SPECIALTY, SPECIALTY.c.slug == BOARD.c.specialty)
        .outerjoin(MEMBER, MEMBER.c.actor == BOARD.c.advisor)
        .outerjoin(_CHANGER, _CHANGER.c.actor == BOARD.c.changed_by)
        .where(*narrowed(cohort, filters, today))
    )
    order = [(by.desc() if sort.descending else by.asc()).nulls_last() for by in _ORDERS[sort.key]]
    by_name = BOARD.c.search.desc() if sort.key == "student" and sort.descending else BOARD.c.search.asc()
    return query.order_by(*order, by_name, BOARD.c.journey_id)


def _advisors(db: Connection, cohort: str) -> tuple[Choice, ...]:
    query = select(BOARD.c.advisor, MEMBER.c.name).distinct().join(MEMBER, MEMBER.c.actor == BOARD.c.advisor)
    rows = db.execute(query.where(BOARD.c.cohort == cohort).order_by(MEMBER.c.name, BOARD.c.advisor))
    return tuple(Choice(value=row.advisor, label=row.name) for row in rows)


def _specialties(db: Connection, cohort: str) -> tuple[Choice, ...]:
    query = select(BOARD.c.specialty, SPECIALTY.c.name).distinct()
    rows = db.execute(query.outerjoin(SPECIALTY, SPECIALTY.c.slug == BOARD.c.specialty).where(BOARD.c.cohort == cohort))
    found = [
        Choice(value=row.specialty, label=specialty_name(row.specialty, {row.specialty: row.name})) for row in rows
    ]
    return tuple(sorted(found, key=lambda choice: choice.label))


_PLAIN = {one.name for one in fields(BoardRow)} & set(BOARD.c.keys())
_DAYS = ("match_day", "learned_on", "last_contact_on", "next_due_on", "decide_by")
_LISTS = ("profile_dissent", "profile_reachable", "path_missing", "soap_missing", "overridden")
_words = msgspec.json.Decoder(tuple[str, ...]).decode


def _row(row: Row[Any], today: date) -> BoardRow:
    held = row._mapping  # noqa: SLF001 - its public name
    made: dict[str, Any] = {name: held[name] for name in _PLAIN}
    made |= {name: date.fromisoformat(held[name]) if held[name] else None for name in _DAYS}
    made |= {name: _words(held[name]) if held[name] else () for name in _LISTS}
    days = (today - made["last_contact_on"]).days if made["last_contact_on"] else None
    late = sum(due < today.isoformat() for due in _words(row.planned_due))
    return BoardRow(
        **{
            **made,
            "changed_at": datetime.fromisoformat(row.changed_at),
            "changed_by": row.changer,
            "specialty_name": specialty_name(row.specialty, {row.specialty: row.specialty_label}),
            "advisor_id": row.advisor,
            "advisor_name": row.advisor_name or row.advisor,
            "days_since_contact": days,
            "overdue": row.missed + late,
            "decide_in_days": None if row.decision else (made["decide_by"] - today).days,
        }
    )
