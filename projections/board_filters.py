"""What the cohort board can be narrowed to, and what its counts count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from sqlalchemy import Text, and_, bindparam, cast, func, or_, select, true

from core.decision.tree import OUTCOMES
from core.errors import InvalidValue
from core.journey.hold import GATES, PATH_KINDS
from core.values import one_of
from projections.board_table import BOARD, PLACED
from projections.standing import TREE_ENDS, searchable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from sqlalchemy import ColumnElement

__all__ = [
    "COHORT",
    "DECIDE_SOON_DAYS",
    "DECISIONS",
    "GATES_SHOWN",
    "NEEDS",
    "NO_CONTACT_DAYS",
    "PATHS",
    "PLACEMENTS_SHOWN",
    "PROFILES",
    "QUIET_DAYS_MAX",
    "RECOMMENDATIONS",
    "Filters",
    "Seen",
    "built_once",
    "conditions",
    "days_of",
    "narrowed",
    "narrowing",
    "news_to",
    "quiet_for",
]

DECIDE_SOON_DAYS = 7  # the board's counts, as the look of the product names them
NO_CONTACT_DAYS = 14
PROFILES = ("near-competitive", "borderline", "undermatched", "unknown")
RECOMMENDATIONS = (*OUTCOMES, "none")
DECISIONS = ("none", "any", "against", "dissent", *GATES)
GATES_SHOWN = ("path_open", "path_closed", "soap_open", "soap_closed", "overridden", "disputed")
PATHS = (*PATH_KINDS, "none")
PLACEMENTS_SHOWN = (*PLACED, "none")
QUIET_DAYS_MAX = 999
_GOING = BOARD.c.going == true()
NEEDS = ("decide_soon", "not_decidable", "contested", "no_contact", "overdue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a person has looked at.

    Args:
        member: id of the person, as events carry it; their own changes are no news to them.
        since: the position up to which they have seen the whole cohort.
        journeys: position by the journey's id [32 digits], of what they opened since.
    """

    member: str
    since: int = 0
    journeys: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a board is narrowed to; all of it combines, None is open.

    Args:
        q: part of a name or a reference.
        advisor: id of a member, or "none" for nobody.
        specialty: slug of the dream field.
        profile: one of `PROFILES`.
        recommendation: one of `RECOMMENDATIONS`.
        decision: one of `DECISIONS`; a kind is the path decision or the SOAP decision that stands.
        gate: one of `GATES_SHOWN`.
        needs: one of `NEEDS`.
        path: the path decision that stands, or "none"; beside `decision`, which may ask for more than one.
        placement: one of `PLACEMENTS_SHOWN`.
        ladder: id of the ladder chosen, or "none".
        end: where the walk through the tree ended, one of `TREE_ENDS`.
        quiet: for at least so many days nobody spoke with them [days, as text].
        news: what somebody has seen: what others changed beyond that.
    """

    q: str = ""
    advisor: str | None = None
    specialty: str | None = None
    profile: str | None = None
    recommendation: str | None = None
    decision: str | None = None
    gate: str | None = None
    needs: str | None = None
    path: str | None = None
    placement: str | None = None
    ladder: str | None = None
    end: str | None = None
    quiet: str | None = None
    news: Seen | str | None = None


S = TypeVar("S")
COHORT: ColumnElement[str] = bindparam("cohort", type_=Text())  # in statements that are built once for all cohorts
_STATEMENTS = 256  # views in use at a time, far beyond what people of one institution look at in a day


def built_once(build: Callable[..., S]) -> Callable[..., S]:
    """Keep the statements that a function builds from filters and more: to build one takes longer than to run it.

    What a person typed, or has looked at, is not kept.
    """
    kept = lru_cache(maxsize=_STATEMENTS)(build)

    @wraps(build)
    def built(filters: Filters, *more: Any) -> S:
        own = bool(filters.q) or isinstance(filters.news, Seen)
        return (build if own else kept)(filters, *more)

    return built


def narrowed(cohort: ColumnElement[str] | str, filters: Filters, today: date) -> list[ColumnElement[bool]]:
    """Return the conditions of a view of a cohort: all filters.

    Raises:
        InvalidValue: a filter has a value that is not there.
    """
    needs = [conditions(today)[one_of("needs", filters.needs, NEEDS)]] if filters.needs else []
    return [BOARD.c.cohort == cohort, *narrowing(filters, today), *needs]


def narrowing(filters: Filters, today: date) -> Iterator[ColumnElement[bool]]:
    """Give the conditions of all filters but `needs`.

    Raises:
        InvalidValue: a filter has a value that is not there.
    """
    b = BOARD.c
    if filters.q.strip():
        yield b.search.contains(searchable(filters.q.strip()), autoescape=True)
    if filters.advisor:
        yield b.advisor.is_(None) if filters.advisor == "none" else b.advisor == filters.advisor
    if filters.specialty:
        yield b.specialty == filters.specialty
    if filters.profile:
        known = one_of("profile", filters.profile, PROFILES) != "unknown"
        yield b.profile_row == filters.profile if known else b.profile_row.is_(None)
    if filters.recommendation:
        known = one_of("recommendation", filters.recommendation, RECOMMENDATIONS) != "none"
        yield b.recommendation == filters.recommendation if known else b.recommendation.is_(None)
    if filters.decision:
        yield _decided(one_of("decision", filters.decision, DECISIONS))
    if filters.gate:
        yield _gate(one_of("gate", filters.gate, GATES_SHOWN))
    yield from _drilled(filters)
    if filters.quiet:
        yield quiet_for(days_of(filters.quiet), today)
    if isinstance(filters.news, Seen):
        yield news_to(filters.news)


def _drilled(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """Give the conditions by which a picture leads to its people."""
    parts = (
        ("path", filters.path, BOARD.c.decision, PATHS),
        ("placement", filters.placement, BOARD.c.placed, PLACEMENTS_SHOWN),
        ("ladder", filters.ladder, BOARD.c.ladder, None),
        ("end", filters.end, BOARD.c.tree_end, (*TREE_ENDS, "none")),
    )
    for name, wanted, column, allowed in parts:
        if wanted:
            yield column.is_(None) if _checked(name, wanted, allowed) == "none" else column == wanted


def _checked(name: str, wanted: str, allowed: Collection[str] | None) -> str:
    return wanted if allowed is None else one_of(name, wanted, allowed)


def _decided(wanted: str) -> ColumnElement[bool]:
    b = BOARD.c
    match wanted:
        case "none":
            return b.decision.is_(None)
        case "any":
            return b.decision.is_not(None)
        case "against":
            return b.decision_relation == "differs"
        case "dissent":
            return b.decision_stance == "dissents"
        case kind:
            return or_(b.decision == kind, b.soap_decision == kind)


def _gate(wanted: str) -> ColumnElement[bool]:
    b = BOARD.c
    conditions: dict[str, ColumnElement[bool]] = {
        "path_open": b.path_lacks == 0,
        "path_closed": b.path_lacks > 0,
        "soap_open": b.soap_lacks == 0,
        "soap_closed": b.soap_lacks > 0,
        "overridden": b.overridden != "[]",
        "disputed": b.disputed > 0,
    }
    return conditions[wanted]


def conditions(today: date) -> Mapping[str, ColumnElement[bool]]:
    """Return the condition of each of `NEEDS` on a day; a journey that ended needs nothing."""
    b = BOARD.c
    soon = (today + timedelta(days=DECIDE_SOON_DAYS)).isoformat()
    return {
        "decide_soon": and_(_GOING, b.decision.is_(None), b.decide_by <= soon),
        "not_decidable": and_(_GOING, func.coalesce(b.recommendation, "INDETERMINATE") == "INDETERMINATE"),
        "contested": and_(_GOING, b.recommendation == "CONTESTED"),
        "no_contact": quiet_for(NO_CONTACT_DAYS, today),
        "overdue": or_(b.missed > 0, b.next_due_on < today.isoformat()),
    }


def quiet_for(days: int, today: date) -> ColumnElement[bool]:
    """Return the condition that nobody spoke with a student for so many days, whose journey goes on.

    As long as nobody did, the days count from the day on which the student learned the status.
    """
    since = (today - timedelta(days=days)).isoformat()
    return and_(_GOING, func.coalesce(BOARD.c.last_contact_on, BOARD.c.learned_on) <= since)


def days_of(text: str) -> int:
    """Read a number of days.

    Raises:
        InvalidValue: it is none, or out of range.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(QUIET_DAYS_MAX)) and int(text) > 0):
        raise InvalidValue("quiet", text, f"a whole number of days from 1 to {QUIET_DAYS_MAX}")
    return int(text)


def news_to(seen: Seen) -> ColumnElement[bool]:
    """Return the condition that somebody else changed a journey since a person has seen it."""
    b = BOARD.c
    marks = msgspec.json.encode([f"{journey}:{at}" for journey, at in seen.journeys.items()]).decode()
    known = select(func.json_each(marks).table_valued("value").c.value)
    # a journey is seen as it stood at the position of its newest event, so the two are compared as one
    mark = cast(b.journey_id, Text) + ":" + cast(b.changed_position, Text)
    return and_(b.changed_position > seen.since, b.changed_by != seen.member, mark.not_in(known))
