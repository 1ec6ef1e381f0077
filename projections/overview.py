"""What a cohort looks like as a whole: how its students flow, where the tree ended, which ladders, whose caseload.

Every number is of the board's rows, by the board's own conditions, so that a click on it shows exactly those students.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import and_, case, func, select

from projections.board_counts import ways
from projections.board_filters import COHORT, built_once, conditions, narrowed, news_to, quiet_for
from projections.board_table import BOARD
from projections.kept import Present
from projections.people_tables import MEMBER, SPECIALTY
from projections.wording import specialty_name

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement, Connection, Select

    from projections.board_filters import Filters, Seen

__all__ = [
    "Caseload",
    "EndCount",
    "FlowCount",
    "Holder",
    "LadderCount",
    "News",
    "caseloads",
    "ends",
    "flow",
    "holders",
    "ladders",
    "news",
]


class FlowCount(msgspec.Struct, frozen=True, kw_only=True):
    """Students who went the same way: profile row, recommendation, path decision, placement; None = not (yet) so."""

    profile: str | None
    recommendation: str | None
    decision: str | None
    placed: str | None
    students: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCount:
    """Students whose walk through the tree ended at a place (`standing.TREE_ENDS`), by what the rules then said."""

    end: str | None
    recommendation: str | None
    students: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderCount:
    """Students of a dream field who chose a ladder; None = none yet, `pivoting` of them decided to pivot."""

    specialty: str
    specialty_name: str
    ladder: str | None
    students: int
    pivoting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    """The journeys of an advisor, counted; of nobody where `advisor_id` is None.

    Args:
        students: all of them.
        undecided: without a path decision.
        gate_open: undecided, and nothing is missing before the decision; `gate_closed`: something is.
        decide_soon: undecided with the day within a week, or past it.
        quiet: nobody spoke with them for the days asked for.
        overdue: with a milestone past its day.
        news: changed by somebody else since the reader looked.
    """

    advisor_id: str | None
    advisor_name: str
    students: int
    undecided: int
    gate_open: int
    gate_closed: int
    decide_soon: int
    quiet: int
    overdue: int
    news: int


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A journey that changed: its last change, by whom and when (ISO 8601, UTC)."""

    journey_id: UUID
    name: str
    student_ref: str
    changed_words: str
    changed_by: str
    changed_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A student, and whose they are."""

    journey_id: UUID
    name: str
    student_ref: str
    advisor_id: str | None
    advisor_name: str | None


def flow(
    db: Connection, cohort: str, filters: Filters, today: date, present: Present | None = None
) -> tuple[FlowCount, ...]:
    """Return how the students of a view of a cohort flow; one query.

    Args:
        db: from `Views.read`.
        cohort: which.
        filters: what it is narrowed to.
        today: at the school.
        present: the cohort in this snapshot, with what was counted for earlier pages.
    """
    found: Counter[tuple[str | None, ...]] = Counter()
    for way, students in ways(db, filters, today, present or Present(db, cohort)).items():
        if filters.needs is None or filters.needs in way.needs:
            found[way.profile, way.recommendation, way.decision, way.placed] += students
    return tuple(
        FlowCount(profile=way[0], recommendation=way[1], decision=way[2], placed=way[3], students=students)
        for way, students in sorted(found.items(), key=lambda one: [part or "" for part in one[0]])
    )


def ends(db: Connection, cohort: str, filters: Filters, today: date) -> tuple[EndCount, ...]:
    """Return where the walks through the tree ended, for the students of a view of a cohort; one query."""
    rows = db.execute(_grouped(filters, today, BOARD.c.tree_end, BOARD.c.recommendation), {"cohort": cohort})
    return tuple(EndCount(end=r[0], recommendation=r[1], students=r.students) for r in rows)


def ladders(db: Connection, cohort: str, filters: Filters, today: date) -> tuple[LadderCount, ...]:
    """Return which ladders were chosen by how many, by dream field, for the students of a view of a cohort."""
    b = BOARD.c
    query = (
        select(b.specialty, SPECIALTY.c.name, b.ladder, func.count().label("students"), _those(b.decision == "pivot"))
        .outerjoin(SPECIALTY, SPECIALTY.c.slug == b.specialty)
        .where(*narrowed(cohort, filters, today))
        .group_by(b.specialty, b.ladder)
    )
    found = [
        LadderCount(
            specialty=row[0],
            specialty_name=specialty_name(row[0], {row[0]: row[1]} if row[1] else {}),
            ladder=row[2],
            students=row.students,
            pivoting=row[4],
        )
        for row in db.execute(query)
    ]
    return tuple(sorted(found, key=lambda one: (one.specialty_name, -one.students, one.ladder or "")))


def caseloads(db: Connection, cohort: str, *, quiet_days: int, seen: Seen, today: date) -> tuple[Caseload, ...]:
    """Return the caseload of everybody who has journeys in a cohort, by name; one query.

    Args:
        db: from `Views.read`.
        cohort: which.
        quiet_days: from how many days on "not spoken to" counts.
        seen: what the reader has looked at.
        today: at the school.
    """
    b, needs = BOARD.c, conditions(today)
    undecided = b.decision.is_(None)
    numbers: dict[str, ColumnElement[bool]] = {
        "undecided": undecided,
        "gate_open": and_(undecided, b.path_lacks == 0),
        "gate_closed": and_(undecided, b.path_lacks > 0),
        "decide_soon": needs["decide_soon"],
        "quiet": quiet_for(quiet_days, today),
        "overdue": needs["overdue"],
        "news": news_to(seen),
    }
    query = (
        select(
            b.advisor,
            func.coalesce(MEMBER.c.name, b.advisor).label("name"),
            func.count().label("students"),
            *(_those(one).label(name) for name, one in numbers.items()),
        )
        .outerjoin(MEMBER, MEMBER.c.actor == b.advisor)
        .where(b.cohort == cohort)
        .group_by(b.advisor)
    )
    found = [
        Caseload(
            advisor_id=row.advisor,
            advisor_name=row.name or "",
            students=row.students,
            **{name: getattr(row, name) for name in numbers},
        )
        for row in db.execute(query)
    ]
    return tuple(sorted(found, key=lambda one: (one.advisor_id is None, one.advisor_name.casefold())))


def news(db: Connection, cohort: str, filters: Filters, today: date, *, most: int) -> tuple[News, ...]:
    """Return the journeys of a view of a cohort by their last change, the newest first.

    Args:
        db: from `Views.read`.
        cohort: which.
        filters: what it is narrowed to; `news` makes it those that a person has not seen.
        today: at the school.
        most: how many at most.
    """
    b = BOARD.c
    who = func.coalesce(func.nullif(MEMBER.c.name, ""), b.changed_by).label("changed_by")
    query = (
        select(b.journey_id, b.name, b.student_ref, b.changed_words, who, b.changed_at)
        .outerjoin(MEMBER, MEMBER.c.actor == b.changed_by)
        .where(*narrowed(cohort, filters, today))
        .order_by(b.changed_position.desc())
        .limit(most)
    )
    return tuple(News(**row._mapping) for row in db.execute(query))  # noqa: SLF001 - its public name


def holders(db: Connection, cohort: str, journeys: Collection[UUID]) -> tuple[Holder, ...]:
    """Return whose some journeys of a cohort are, by the students' names; those of other cohorts are left out."""
    b = BOARD.c
    name = func.coalesce(MEMBER.c.name, b.advisor).label("advisor_name")
    query = (
        select(b.journey_id, b.name, b.student_ref, b.advisor.label("advisor_id"), name)
        .outerjoin(MEMBER, MEMBER.c.actor == b.advisor)
        .where(b.cohort == cohort, b.journey_id.in_(journeys))
        .order_by(b.search, b.journey_id)
    )
    return tuple(Holder(**row._mapping) for row in db.execute(query))  # noqa: SLF001 - its public name


@built_once
def _grouped(filters: Filters, today: date, *by: ColumnElement[Any]) -> Select[Any]:
    query: Select[Any] = select(*by, func.count().label("students"))
    return query.where(*narrowed(COHORT, filters, today)).group_by(*by)


def _those(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
