"""Outside opinions (playbook WEEK1.opinions): each in full, what it counts for, and the reasons they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.journey.feedback import ADVICE, GRADES, REASONS, ROLES
from core.people.access import Permission
from web.edge import needs, page
from web.journey.record import blueprint, opened
from web.journey.words import listed

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from projections.sheet import SheetOpinion
    from web.journey.record import Record

__all__ = ["OpinionRow", "opinion_rows", "shared_words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRow:
    """An opinion as pages show it.

    Args:
        opinion: as the read model has it.
        role: in words.
        words: in the person's own words, the first answer that there is.
        against: what counted against the application.
        stands: how it counts, in words.
        may_answer, may_withdraw, may_trust: which forms make sense.
    """

    opinion: SheetOpinion
    role: str
    words: str
    against: str
    stands: str
    may_answer: bool
    may_withdraw: bool
    may_trust: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionsPage:
    """What the page of opinions shows."""

    record: Record
    rows: tuple[OpinionRow, ...]
    shared: str
    trusted_only: bool


@blueprint.get("/journeys/<uuid:journey_id>/opinions")
@needs(Permission.READ_JOURNEY)
def opinions(journey_id: UUID) -> ResponseReturnValue:
    """Show every opinion in full."""
    with opened(journey_id) as (_, record):
        trusted_only = record.specialty is not None and record.specialty.trusted_statements_only
        shown = OpinionsPage(
            record=record, rows=opinion_rows(record), shared=shared_words(record), trusted_only=trusted_only
        )
    return page("journey/opinions.html", view=shown, advice=ADVICE, grades=GRADES)


def opinion_rows(record: Record) -> tuple[OpinionRow, ...]:
    """Return the opinions as pages show them: standing ones first, then asked, then withdrawn ones."""
    order = {"received": 0, "declined": 0, "requested": 1, "withdrawn": 2}
    own = record.sheet.specialty
    ranked = sorted(
        record.sheet.opinions, key=lambda one: (order[one.status], one.specialty != own, one.role == "faculty")
    )
    return tuple(_row(record, one) for one in ranked)


def shared_words(record: Record) -> str:
    """Return the reasons that more than one person named: "Research (3 people)"."""
    return listed([f"{REASONS.get(name, name)} ({people} people)" for name, people in record.sheet.shared_reasons])


def _row(record: Record, one: SheetOpinion) -> OpinionRow:
    heard = one.status in ("received", "declined")
    dream_director = one.specialty == record.sheet.specialty and one.role in ("pd", "apd")
    trusted_only = record.specialty is not None and record.specialty.trusted_statements_only
    return OpinionRow(
        opinion=one,
        role=ROLES.get(one.role, one.role),
        words=one.next_cycle or one.killed or ADVICE.get(one.advice, "") * (one.advice != "not_said"),
        against=", ".join(REASONS.get(name, name) for name in one.reasons) or (one.killed if one.next_cycle else ""),
        stands=_stands(one, dream_director=dream_director, trusted_only=trusted_only),
        may_answer=record.may_write and one.status in ("requested", "declined"),
        may_withdraw=record.may_write and heard,
        may_trust=record.may_write and one.status == "received" and trusted_only and dream_director,
    )


def _stands(one: SheetOpinion, *, dream_director: bool, trusted_only: bool) -> str:
    """Return how an opinion counts (playbook §4, S; WEEK1.opinions), in words."""
    if one.status == "withdrawn":
        return "withdrawn: as if never made"
    if one.status == "requested":
        return "asked, not answered yet"
    if one.role == "school_advisor":
        return "the school's own advisor: counts as neither of the two"
    if dream_director and trusted_only and one.trusted is not True:
        marked = "marked as not trusted" if one.trusted is False else "not marked as trusted yet"
        return f"{marked}: does not count for the recommendation"
    if dream_director:
        return "counts for the recommendation"
    return "informs: related field" if one.related else "informs"
