"""Read model of the cohort board: one row for each journey, filters that combine, counts that lead to their people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Integer, Text, bindparam, case, func, select

from core.decision.tree import OUTCOMES
from core.values import one_of
from projections.board_counts import JOURNEY_ID, lots, total, ways
from projections.board_filters import (
    COHORT,
    DECIDE_SOON_DAYS,
    DECISIONS,
    GATES_SHOWN,
    NEEDS,
    NO_CONTACT_DAYS,
    PROFILES,
    RECOMMENDATIONS,
    Filters,
    built_once,
    narrowed,
)
from projections.board_row import BoardRow, made
from projections.board_table import BOARD
from projections.kept import Present
from projections.people import actor_name
from projections.people_tables import MEMBER, SPECIALTY
from projections.rows import Plain, among, listed
from projections.wording import specialty_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Connection, Select

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
    "overdue_journeys",
    "page",
    "recommendation",
]

PAGE_SIZE = 50


class Sort(msgspec.Struct, frozen=True, kw_only=True):
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


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a filter's list."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortSize:
    """A cohort with the number of its journeys."""

    cohort: str
    journeys: int


class MatchDay(msgspec.Struct, frozen=True, kw_only=True):
    """A Match Day of a cohort, and the number of journeys that have it."""

    match_system: str
    on: date
    students: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """A page of a cohort's board.

    `total` is after all filters; `counts` and `students_filtered` after all but `needs`, so that each number is what a
    click on it gives; `students` is the whole cohort. `match_days` begin with the one that most journeys have. `erased`
    counts erased journeys of the whole institution, for nothing says any more which cohort they were of.
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
    match_days: tuple[MatchDay, ...]
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
_BY_OTHERS = ("specialty", "advisor")  # orders by names that stand in other tables
_RECOMMENDATION = Plain(select(BOARD.c.recommendation).where(bindparam("journey_id", type_=Text()) == JOURNEY_ID))


def page(
    db: Connection,
    cohort: str,
    *,
    filters: Filters = _EVERYTHING,
    sort: Sort = _BY_NAME,
    number: int = 1,
    today: date,
    present: Present | None = None,
) -> BoardPage:
    """Return a page of a cohort; the same few queries whatever its size.

    Args:
        db: from `Views.read`.
        cohort: which.
        filters: what it is narrowed to.
        sort: in which order.
        number: of the page, from 1; past the end it is the last one.
        today: at the school.
        present: the cohort in this snapshot, with what was made and counted for earlier pages.

    Raises:
        InvalidValue: a filter that is not there.
    """
    present = present or Present(db, cohort)
    wanted = one_of("needs", filters.needs, NEEDS) if filters.needs else None
    counted = ways(db, filters, today, present)
    counts = total(counted)
    everybody = sum(counted.values())
    students = counts[wanted] if wanted else everybody
    pages = max(1, -(-students // PAGE_SIZE))
    number = min(max(number, 1), pages)
    place = {"first": (number - 1) * PAGE_SIZE, "most": PAGE_SIZE}
    places = _places(filters, sort, today)(db, cohort=cohort, **place).all()
    return BoardPage(
        cohort=cohort,
        rows=_found(db, places, today, present),
        total=students,
        number=number,
        pages=pages,
        size=PAGE_SIZE,
        students_filtered=everybody,
        counts={need: counts[need] for need in NEEDS},
        erased=present.erased,
        **_lists(db, present),
        position=present.position,
        filters=filters,
        sort=sort,
    )


def _found(db: Connection, places: Sequence[Any], today: date, present: Present) -> tuple[BoardRow, ...]:
    """Return the rows of some journeys, given as id and position of the last change; only those not kept are read."""
    kept = {place: ("row", *place, today, present.names) for place in map(tuple, places)}
    found: dict[tuple[Any, ...], BoardRow | None] = {place: present.kept.known(key) for place, key in kept.items()}
    lacking = [place[0] for place, row in found.items() if row is None]
    if lacking:
        for row in _ROWS(db, journeys=listed(lacking)):
            place = (row.journey_id, row.changed_position)
            found[place] = made(row, today)
            present.kept.keep(kept[place], found[place])
    return tuple(row for row in found.values() if row is not None)


def every_row(
    db: Connection,
    cohort: str,
    *,
    filters: Filters = _EVERYTHING,
    sort: Sort = _BY_NAME,
    today: date,
) -> Iterator[BoardRow]:
    """Give all rows of a view, without pages, in its order; to be read while the connection is open."""
    for row in _whole(filters, sort, today)(db, cohort=cohort):
        yield made(row, today)


def cohorts(db: Connection) -> tuple[CohortSize, ...]:
    """Return the cohorts that have journeys, the newest first."""
    query = select(BOARD.c.cohort, func.count().label("journeys")).where(~BOARD.c.erased).group_by(BOARD.c.cohort)
    rows = db.execute(query.order_by(BOARD.c.cohort.desc()))
    return tuple(CohortSize(cohort=row.cohort, journeys=row.journeys) for row in rows)


def recommendation(db: Connection, journey_id: UUID) -> str | None:
    """Return the outcome that the rules give for a journey, None before they give any."""
    found: str | None = _RECOMMENDATION(db, journey_id=journey_id.hex).scalar()
    return found


def overdue_journeys(db: Connection, today: date) -> tuple[UUID, ...]:
    """Return the journeys of the institution with a planned milestone that was due before today."""
    # while anything is planned, the next milestone is the earliest of what is planned
    planned_before = (BOARD.c.planned_due != "[]", BOARD.c.next_due_on < today.isoformat())
    return tuple(db.scalars(select(BOARD.c.journey_id).where(*planned_before).order_by(BOARD.c.journey_id)))


def _with_names(query: Select[Any]) -> Select[Any]:
    """Join what a row names, for an order or for the row itself."""
    return query.outerjoin(SPECIALTY, SPECIALTY.c.slug == BOARD.c.specialty).outerjoin(
        MEMBER, MEMBER.c.actor == BOARD.c.advisor
    )


_WHOLE = (
    _with_names(
        select(
            BOARD,
            _LABEL.label("specialty_label"),
            MEMBER.c.name.label("advisor_name"),
            actor_name(BOARD.c.changed_by, _CHANGER).label("changer"),
        )
    )
).outerjoin(_CHANGER, _CHANGER.c.actor == BOARD.c.changed_by)
_ROWS = Plain(_WHOLE.where(among(BOARD.c.journey_id)))


@built_once
def _places(filters: Filters, sort: Sort, today: date) -> Plain:
    """Return the query of which journeys stand on a page: their ids, and the positions of their last changes."""
    query = select(JOURNEY_ID.label("journey_id"), BOARD.c.changed_position)
    if sort.key in _BY_OTHERS:
        query = _with_names(query)
    ordered = _ordered(query, filters, sort, today)
    return Plain(ordered.limit(bindparam("most", type_=Integer())).offset(bindparam("first", type_=Integer())))


@built_once
def _whole(filters: Filters, sort: Sort, today: date) -> Plain:
    return Plain(_ordered(_WHOLE, filters, sort, today))


def _ordered(query: Select[Any], filters: Filters, sort: Sort, today: date) -> Select[Any]:
    order = [(by.desc() if sort.descending else by.asc()).nulls_last() for by in _ORDERS[sort.key]]
    by_name = BOARD.c.search.desc() if sort.key == "student" and sort.descending else BOARD.c.search.asc()
    return query.where(*narrowed(COHORT, filters, today)).order_by(*order, by_name, BOARD.c.journey_id)


def _lists(db: Connection, present: Present) -> dict[str, Any]:
    """Return what there is to choose from in a cohort, whatever it is narrowed to, its Match Days, and its size."""
    advisors: dict[str, str] = {}
    specialties: dict[str, str] = {}
    days: Counter[tuple[str, str]] = Counter()
    for lot, students in lots(db, present).items():
        if lot.advisor in present.members:
            advisors[lot.advisor] = present.members[lot.advisor]
        specialties[lot.specialty] = specialty_name(lot.specialty, present.specialties)
        days[lot.match_system, lot.match_day] += students
    return {
        "students": days.total(),
        "advisors": tuple(Choice(value=v, label=n) for v, n in sorted(advisors.items(), key=lambda one: one[::-1])),
        "specialties": tuple(Choice(value=v, label=n) for v, n in sorted(specialties.items(), key=lambda one: one[1])),
        "match_days": tuple(
            MatchDay(match_system=system, on=date.fromisoformat(day), students=students)
            for (system, day), students in sorted(days.items(), key=lambda one: (-one[1], one[0]))
        ),
    }
