"""What the cohort board can be narrowed to, and what its counts count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_

from core.decision.tree import OUTCOMES
from core.journey.hold import GATES
from core.values import one_of
from projections.board_table import BOARD
from projections.standing import searchable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import ColumnElement

__all__ = [
    "DECIDE_SOON_DAYS",
    "DECISIONS",
    "GATES_SHOWN",
    "NEEDS",
    "NO_CONTACT_DAYS",
    "PROFILES",
    "RECOMMENDATIONS",
    "Filters",
    "conditions",
    "narrowing",
]

DECIDE_SOON_DAYS = 7  # the board's counts, as the look of the product names them
NO_CONTACT_DAYS = 14
PROFILES = ("near-competitive", "borderline", "undermatched", "unknown")
RECOMMENDATIONS = (*OUTCOMES, "none")
DECISIONS = ("none", "any", "against", "dissent", *GATES)
GATES_SHOWN = ("path_open", "path_closed", "soap_open", "soap_closed", "overridden", "disputed")
NEEDS = ("decide_soon", "not_decidable", "contested", "no_contact", "overdue")


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
    """

    q: str = ""
    advisor: str | None = None
    specialty: str | None = None
    profile: str | None = None
    recommendation: str | None = None
    decision: str | None = None
    gate: str | None = None
    needs: str | None = None


def narrowing(filters: Filters) -> Iterator[ColumnElement[bool]]:
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
    """Return the condition of each of `NEEDS` on a day."""
    b = BOARD.c
    soon = (today + timedelta(days=DECIDE_SOON_DAYS)).isoformat()
    quiet_since = (today - timedelta(days=NO_CONTACT_DAYS)).isoformat()
    return {
        "decide_soon": and_(b.decision.is_(None), b.decide_by <= soon),
        "not_decidable": func.coalesce(b.recommendation, "INDETERMINATE") == "INDETERMINATE",
        "contested": b.recommendation == "CONTESTED",
        # nobody spoke with them yet: the days count from the day on which they learned their status
        "no_contact": func.coalesce(b.last_contact_on, b.learned_on) <= quiet_since,
        "overdue": or_(b.missed > 0, b.next_due_on < today.isoformat()),
    }
