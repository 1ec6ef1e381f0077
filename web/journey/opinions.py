"""Outside opinions (playbook WEEK1.opinions): each in full, what it counts for, and the reasons they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.journey.feedback import ADVICE, GRADES, PD_LEVEL, REASONS, ROLES
from core.people.access import Permission
from web.edge import needs, page
from web.journey.record import blueprint, opened
from web.journey.words import listed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from projections.sheet import SheetOpinion
    from web.journey.record import Record

__all__ = ["OpinionRow", "dream_director", "opinion_rows", "same_author", "shared_words", "standing_answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRow:
    """An opinion as pages show it.

    Args:
        opinion: as the read model has it.
        role: in words.
        words: in the person's own words, the first answer that there is.
        against: what counted against the application.
        stands: how it counts, in words.
        replaced: whether a newer answer of the same person stands in its place.
        may_answer, may_withdraw, may_trust: which forms make sense.
    """

    opinion: SheetOpinion
    role: str
    words: str
    against: str
    stands: str
    replaced: bool
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
    newer = _replaced(record)
    return tuple(_row(record, one, newer.get(one.opinion_id)) for one in ranked)


def same_author(by: str, role: str, specialty: str) -> tuple[str, str, str]:
    """Return what makes two answers those of one person: name, field, and whether that is a director's word."""
    return by.strip().casefold(), specialty, "pd" if role in PD_LEVEL else role


def standing_answer(record: Record, author: tuple[str, str, str], *, but: str = "") -> SheetOpinion | None:
    """Return the graded answer of a person that the rules take: the newest, on equal dates the later (playbook §4).

    Args:
        record: the journey.
        author: as `same_author` names them.
        but: id of an opinion to leave out.
    """
    given = [
        one
        for one in record.sheet.opinions
        if one.opinion_id != but and same_author(one.by, one.role, one.specialty) == author and _weighed(record, one)
    ]
    return max(reversed(given), key=lambda one: one.dated or record.sheet.learned_on, default=None)


def _replaced(record: Record) -> Mapping[str, SheetOpinion]:
    """Return the newer answer of the same person, for each answer that has one."""
    found = {}
    for one in record.sheet.opinions:
        newest = standing_answer(record, same_author(one.by, one.role, one.specialty))
        if newest is not None and newest is not one and _weighed(record, one):
            found[one.opinion_id] = newest
    return found


def _weighed(record: Record, one: SheetOpinion) -> bool:
    """Say whether an answer is among those of which the newest counts: filter first (playbook §4, S)."""
    if one.status not in ("received", "declined") or one.grade is None:
        return False
    asks_trust = record.specialty is not None and record.specialty.trusted_statements_only
    return one.trusted is True or not (asks_trust and dream_director(record, one))


def dream_director(record: Record, one: SheetOpinion) -> bool:
    """Say whether somebody is a director of the dream field: their word alone opens the way to reapply."""
    return one.specialty == record.sheet.specialty and one.role in PD_LEVEL


def shared_words(record: Record) -> str:
    """Return the reasons that more than one person named: "Research (3 people)"."""
    return listed([f"{REASONS.get(name, name)} ({people} people)" for name, people in record.sheet.shared_reasons])


def _row(record: Record, one: SheetOpinion, newer: SheetOpinion | None) -> OpinionRow:
    heard = one.status in ("received", "declined")
    dream = one.specialty == record.sheet.specialty
    director = dream_director(record, one)
    trusted_only = record.specialty is not None and record.specialty.trusted_statements_only
    replaced = f"replaced by the newer of {record.day(newer.dated)}" if newer and newer.dated else ""
    return OpinionRow(
        opinion=one,
        role=ROLES.get(one.role, one.role),
        words=one.next_cycle or one.killed,
        against=", ".join(REASONS.get(name, name) for name in one.reasons) or (one.killed if one.next_cycle else ""),
        stands=replaced or _stands(one, dream=dream, trusted_only=trusted_only),
        replaced=bool(replaced),
        may_answer=record.may_write and one.status in ("requested", "declined"),
        may_withdraw=record.may_write and heard,
        may_trust=record.may_write and one.status == "received" and trusted_only and director,
    )


def _stands(one: SheetOpinion, *, dream: bool, trusted_only: bool) -> str:
    """Return how an opinion counts (playbook §4, S; WEEK1.opinions), in words."""
    if one.status == "withdrawn":
        return "withdrawn: as if never made"
    if one.status == "requested":
        return "asked, not answered yet"
    if one.role == "school_advisor":
        return "the school's own advisor: counts as neither of the two"
    director = one.role in PD_LEVEL
    if dream and director and trusted_only and one.trusted is not True:
        marked = "marked as not trusted" if one.trusted is False else "not marked as trusted yet"
        return f"{marked}: does not count for the recommendation"
    weight = "counts for" if dream and director else "informs"
    # which stand as one of the two is the rule of core.journey.feedback.outside_opinions
    field = "dream" if dream and one.role in (*PD_LEVEL, "faculty") else ""
    field = "related" if one.related and not dream and director else field
    two = f"one of the two outside opinions: {field} field; " if field and one.status == "received" else ""
    return f"{two}{weight} the recommendation"
