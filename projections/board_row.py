"""A row of the cohort board as pages take it, made from a row of the table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from projections.board_table import BOARD
from projections.wording import specialty_name

__all__ = ["BoardRow", "made"]


class BoardRow(msgspec.Struct, frozen=True, kw_only=True):
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
    going: bool

    def __hash__(self) -> int:  # equal rows have it in common; fifty fields would cost fifty times as much
        return self.changed_position

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


_PLAIN = set(BoardRow.__struct_fields__) & set(BOARD.c.keys())
_DAYS = ("match_day", "learned_on", "last_contact_on", "next_due_on", "decide_by")
_LISTS = ("profile_dissent", "profile_reachable", "path_missing", "soap_missing", "overridden")
_TRUTHS = ("erased", "champion_asked", "going")
_words = msgspec.json.Decoder(tuple[str, ...]).decode


def made(row: Any, today: date) -> BoardRow:
    """Make a row of one as it is stored; on another day, days and what is overdue are other ones."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    values |= {name: date.fromisoformat(values[name]) if values[name] else None for name in _DAYS}
    values |= {name: _words(values[name]) if values[name] else () for name in _LISTS}
    days = (today - values["last_contact_on"]).days if values["last_contact_on"] else None
    late = sum(due < today.isoformat() for due in _words(row.planned_due))
    return BoardRow(
        **{
            **values,
            "journey_id": UUID(row.journey_id),
            **{name: bool(values[name]) for name in _TRUTHS},
            "changed_at": datetime.fromisoformat(row.changed_at),
            "changed_by": row.changer,
            "specialty_name": specialty_name(row.specialty, {row.specialty: row.specialty_label}),
            "advisor_id": row.advisor,
            "advisor_name": row.advisor_name or row.advisor,
            "days_since_contact": days,
            "overdue": row.missed + late,
            "decide_in_days": (values["decide_by"] - today).days if row.going and not row.decision else None,
        }
    )
