"""How many students of a board need something, and which way they went: counted together, for all its numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Text, case, func, select, type_coerce
from sqlalchemy import cast as as_type

from projections.board_filters import COHORT, NEEDS, Filters, built_once, conditions, narrowing
from projections.board_table import BOARD
from projections.rows import Plain, among, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection

    from projections.kept import Present

__all__ = ["JOURNEY_ID", "Lot", "Way", "lots", "total", "ways"]

JOURNEY_ID: ColumnElement[str] = type_coerce(BOARD.c.journey_id, Text())  # as it is stored: 32 digits
_UNIT = "\x1f"  # no value holds this separator


@dataclass(frozen=True, slots=True)
class Way:
    """What students have in common that a board counts: what they need, and the way they went; None = not (yet) so."""

    needs: frozenset[str]
    profile: str | None
    recommendation: str | None
    decision: str | None
    placed: str | None


@dataclass(frozen=True, slots=True)
class Lot:
    """What students have in common that the lists of a board are made of."""

    advisor: str | None
    specialty: str
    match_system: str
    match_day: str


def ways(db: Connection, filters: Filters, today: date, present: Present) -> Mapping[Way, int]:
    """Return the students of a view of a cohort, whatever they need, by what is counted of them.

    Of the whole cohort, and of an advisor's own, only the journeys that changed are looked at again: these two views
    everybody has, and of all others too much would have to be kept.

    Args:
        db: the snapshot.
        filters: what the view is narrowed to; `needs` plays no part.
        today: at the school.
        present: the cohort in that snapshot.
    """
    filters = replace(filters, needs=None)
    if filters == Filters(advisor=filters.advisor):
        each = _each_way(filters, today)
        found: Mapping[str, int] = present.tally(
            ("ways", filters.advisor, today),
            lambda those: _found(db, *each, present, those),
            lambda: _counted(db, _ways(filters, today), present),
        )
    else:
        found = present.counted("ways", filters, today, lambda: _counted(db, _ways(filters, today), present))
    return {_way(text): students for text, students in found.items()}


def total(counted: Mapping[Way, int]) -> Counter[str]:
    """Return how many students need what."""
    found: Counter[str] = Counter()
    for way, students in counted.items():
        for need in way.needs:
            found[need] += students
    return found


def lots(db: Connection, present: Present) -> Mapping[Lot, int]:
    """Return the students of a cohort by what its lists are made of."""
    found = present.tally(
        ("lots",), lambda those: _found(db, *_EACH_LOT, present, those), lambda: _counted(db, _LOTS, present)
    )
    return {_lot(text): students for text, students in found.items()}


def _found(
    db: Connection, every: Plain, some: Plain, present: Present, journeys: Collection[str] | None
) -> Mapping[str, str]:
    rows = every(db, cohort=present.cohort) if journeys is None else some(db, journeys=listed(journeys))
    return dict(cast("list[tuple[str, str]]", rows.all()))


def _counted(db: Connection, query: Plain, present: Present) -> Mapping[str, int]:
    return dict(cast("list[tuple[str, int]]", query(db, cohort=present.cohort).all()))


def _text(first: ColumnElement[Any], *parts: ColumnElement[Any]) -> ColumnElement[str]:
    text: ColumnElement[str] = func.coalesce(as_type(first, Text()), "")
    for part in parts:
        text = text + _UNIT + func.coalesce(part, "")
    return text


def _way_parts(today: date) -> tuple[ColumnElement[Any], ...]:
    needs = conditions(today)
    marks: ColumnElement[Any] = case((needs[NEEDS[0]], 1), else_=0)
    for number, need in enumerate(NEEDS[1:], 1):
        marks = marks + case((needs[need], 1 << number), else_=0)
    return marks, BOARD.c.profile_row, BOARD.c.recommendation, BOARD.c.decision, BOARD.c.placed


@lru_cache(maxsize=10_000)
def _way(text: str) -> Way:
    marks, *rest = text.split(_UNIT)
    needs = frozenset(need for number, need in enumerate(NEEDS) if int(marks) >> number & 1)
    return Way(needs, *(part or None for part in rest))


@lru_cache(maxsize=10_000)
def _lot(text: str) -> Lot:
    advisor, *rest = text.split(_UNIT)
    return Lot(advisor or None, *rest)


@built_once
def _ways(filters: Filters, today: date) -> Plain:
    return _together(_way_parts(today), *narrowing(filters, today))


def _together(parts: Sequence[ColumnElement[Any]], *conditions: ColumnElement[bool]) -> Plain:
    """Return the query of how many have which text; the text is made once for all that have it."""
    named = [part.label(f"part_{number}") for number, part in enumerate(parts)]
    counted = func.count().label("students")
    inner = select(*named, counted).where(BOARD.c.cohort == COHORT, *conditions).group_by(*named).subquery()
    return Plain(select(_text(*(inner.c[part.name] for part in named)), inner.c.students))


@built_once
def _each_way(filters: Filters, today: date) -> tuple[Plain, Plain]:
    return _each(_text(*_way_parts(today)), *narrowing(filters, today))


def _each(text: ColumnElement[str], *conditions: ColumnElement[bool]) -> tuple[Plain, Plain]:
    """Return the query of a text for each journey of a cohort, and for some."""
    query = select(JOURNEY_ID, text).where(*conditions)
    # with the cohort, SQLite would look at all of it for some
    return Plain(query.where(BOARD.c.cohort == COHORT)), Plain(query.where(among(BOARD.c.journey_id)))


_LOT = (BOARD.c.advisor, BOARD.c.specialty, BOARD.c.match_system, BOARD.c.match_day)
_EACH_LOT = _each(_text(*_LOT))
_LOTS = _together(_LOT)
