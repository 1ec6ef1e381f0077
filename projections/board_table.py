"""The cohort board, folded: one row for each journey, made anew from how the journey stands after a pass."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, Uuid, true

from core.decision.evidence import newest_statements
from core.journey.evidence import evidence_of
from core.journey.feedback import PD_LEVEL
from core.journey.hold import PATH_KINDS, SOAP_KINDS, check_gate
from core.journey.placements import ended
from core.plan.path import SEATS
from core.plan.windows import WINDOWS, add_months
from projections.journey import OPINION_NEEDS
from projections.model import JOURNEY_TOPICS, ReadModel
from projections.rows import METADATA, put
from projections.standing import searchable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.journey.decisions import Decision
    from core.journey.journey import Journey
    from projections.standing import Standing
    from projections.working import Working

__all__ = ["BOARD", "ERASED", "MODEL", "PLACED"]

# Placements in the groups that a cohort is looked at by, in the order of a career.
PLACED = ("research", "seat", "dream", "other")

_LIST = Text  # a JSON array of words, in the order in which it is shown
BOARD = Table(
    "board",
    METADATA,
    Column("journey_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changed_position", Integer, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("changed_at", "changed_by", "changed_words")),
    Column("erased", Boolean, nullable=False),
    *(Column(name, Text) for name in ("student_ref", "name", "search", "cohort")),
    *(Column(name, Text) for name in ("specialty", "match_system", "match_status", "match_day", "learned_on")),
    *(Column(name, Text) for name in ("advisor", "team", "last_contact_on")),
    *(Column(name, Text) for name in ("profile_kind", "profile_row")),
    *(Column(name, _LIST) for name in ("profile_dissent", "profile_reachable")),
    Column("recommendation", Text),
    *(Column(name, Integer) for name in ("recommendation_position", "recommendation_version")),
    *(Column(name, Text) for name in ("decision", "decision_mode", "decision_specialty")),
    *(Column(name, Text) for name in ("decision_relation", "decision_stance", "soap_decision", "soap_specialty")),
    *(Column(name, Text) for name in ("placement", "placement_specialty", "placed", "ladder", "tree_end")),
    Column("champion", Integer),
    Column("champion_asked", Boolean),
    *(Column(name, Integer) for name in ("opinions", "opinions_pending")),
    *(Column(name, _LIST) for name in ("path_missing", "soap_missing", "overridden")),
    *(Column(name, Integer) for name in ("path_lacks", "soap_lacks", "disputed")),
    *(Column(name, Text) for name in ("next_title", "next_code", "next_due_on", "decide_by")),
    Column("planned_due", _LIST),  # the last days of the milestones that are planned
    Column("missed", Integer),
    Column("going", Boolean),  # not `ended`: then nobody is waited for any more
)
# the order by name, whole: a later page of it is reached without a look at the rows before
Index("board_by_cohort", BOARD.c.cohort, BOARD.c.search, BOARD.c.journey_id)
# finds an advisor's own, and covers what a cohort's lists offer to choose from
Index("board_lists", *(BOARD.c[name] for name in ("cohort", "advisor", "specialty", "match_system", "match_day")))
# covers the flow of a whole cohort and its counts, so that they read no row
_FLOW = ("cohort", "profile_row", "recommendation", "decision", "placed")
_COUNTED = ("decide_by", "last_contact_on", "learned_on", "missed", "next_due_on", "going")
Index("board_flow", *(BOARD.c[name] for name in (*_FLOW, *_COUNTED)))
Index("board_changes", BOARD.c.changed_position)
# finds what changed of a cohort since, and gives the order "last changed first"
Index("board_changed", BOARD.c.cohort, BOARD.c.changed_position)
ERASED = BOARD.c.erased == true()  # said in the same words where it is asked for, or the index is not found
Index("board_erased", BOARD.c.erased, sqlite_where=ERASED)
_NAMES = tuple(BOARD.c.keys())
_encode = msgspec.json.Encoder().encode


def _finish(work: Working) -> None:
    """Write a row for each journey of the pass.

    Rows are taken by name: a journey that was erased has no more than its place.
    """
    rows = map(_row, work.standings.values())
    put(work.db, BOARD, [tuple(map(row.get, _NAMES)) for row in rows])


MODEL = ReadModel(name="board", tables=(BOARD,), topics=JOURNEY_TOPICS, finish=_finish)


def _row(standing: Standing) -> dict[str, object]:
    one, beside = standing.journey, standing.beside
    row: dict[str, object] = {
        "journey_id": one.id.hex,
        "version": one.version,
        "changed_position": standing.position,
        "changed_at": beside.changed_at,
        "changed_by": beside.changed_by,
        "changed_words": beside.changed_words,
        "erased": one.erased,
    }
    if one.erased:
        return row
    placement, placement_specialty = beside.placement or (None, None)
    return {
        **row,
        "student_ref": one.student_ref,
        "name": one.name,
        "search": searchable(one.name, one.student_ref),
        "cohort": one.cohort,
        "specialty": one.specialty,
        "match_system": one.match_system,
        "match_status": one.match_status,
        "match_day": one.match_day.isoformat(),
        "learned_on": one.learned_on.isoformat(),
        "advisor": one.advisor,
        "team": one.team,
        "last_contact_on": _day(beside.last_contact_on),
        "recommendation": one.recommendation["outcome"] if one.recommendation else None,
        "recommendation_position": beside.recommendation_at,
        "recommendation_version": one.recommendation_version or None,
        "placement": placement,
        "placement_specialty": placement_specialty,
        "placed": _placed(placement, dream=placement_specialty == one.specialty),
        "ladder": one.ladder,
        "tree_end": beside.tree_end,
        "disputed": sum(fact.disputed is not None for fact in one.facts.values()),
        "overridden": _words(one.overrides),
        **_profile(one),
        **_decisions(one),
        **_champion(one),
        **_gates(one),
        **_milestones(one),
    }


def _placed(placement: str | None, *, dream: bool) -> str | None:
    """Return which of `PLACED` a placement is: a year on the way (playbook §6 YEAR), or a field to stay in."""
    if placement is None:
        return None
    if placement == "research_year":
        return "research"
    if placement in SEATS:
        return "seat"
    return "dream" if dream else "other"


def _profile(one: Journey) -> Mapping[str, object]:
    profile = one.profile
    if profile is None:
        return {}
    return {
        "profile_kind": profile["kind"],
        "profile_row": profile["row"],
        "profile_dissent": _words(profile.get("dissent", ())),
        "profile_reachable": _words(profile.get("reachable", ())),
    }


def _decisions(one: Journey) -> Mapping[str, object]:
    """The path decision that stands, and the latest of the SOAP decisions that do."""
    path: Decision | None = None
    soap: Decision | None = None
    for decision in one.decisions.values():
        if decision.reversed_reason is None:
            if decision.kind in PATH_KINDS:
                path = decision
            elif decision.kind in SOAP_KINDS:
                soap = decision
    return {
        "decision": path and path.kind,
        "decision_mode": path and path.mode,
        "decision_specialty": path and path.specialty,
        "decision_relation": path and path.relation,
        "decision_stance": path and path.stance,
        "soap_decision": soap and soap.kind,
        "soap_specialty": soap and soap.specialty,
    }


def _champion(one: Journey) -> Mapping[str, object]:
    """The best standing statement of the dream field's program directors, newest of each (playbook §4).

    Filtered as the rule filters, but for the student's mark of trust: whether a specialty asks for it is content of
    the playbook in force, and a row must not change when no event of its journey came. So in such a specialty the
    board may show a grade that does not count; the recommendation beside it always follows the rule.
    """
    mine = [o for o in one.opinions.values() if o.reviewer.specialty == one.specialty and o.reviewer.role in PD_LEVEL]
    asked = any(opinion.status == "requested" for opinion in mine)
    pending = sum(opinion.status == "requested" for opinion in one.opinions.values())
    best = None
    if any(opinion.said is not None for opinion in mine):
        standing = newest_statements(
            evidence_of(one, as_of=date.max).statements,
            specialty=one.specialty,
            roles=frozenset(PD_LEVEL),
            as_of=date.max,
            trusted_only=False,
        )
        best = max((said.shown_grade for said in standing), default=None)
    return {"champion": best, "champion_asked": asked, "opinions_pending": pending}


def _gates(one: Journey) -> Mapping[str, object]:
    """One gate of each group: all path decisions ask for the same, and so do all SOAP decisions (playbook §4)."""
    path, soap = check_gate(one, "pivot"), check_gate(one, "soap_take_part")
    lacks, soap_lacks = (*path.missing, *path.disputed), (*soap.missing, *soap.disputed)
    return {
        "opinions": sum(need in path.known for need in OPINION_NEEDS),
        "path_missing": _words(lacks),
        "path_lacks": len(lacks),
        "soap_missing": _words(soap_lacks),
        "soap_lacks": len(soap_lacks),
    }


def _milestones(one: Journey) -> Mapping[str, object]:
    going = ended(one) is None  # else nothing is due any more
    still_open = (m for m in one.milestones.values() if m.status in ("planned", "missed") and going)
    due = sorted(still_open, key=lambda m: (m.due_on, m.version))
    planned = [m for m in due if m.status == "planned"]
    following = next(iter(planned or due), None)
    decide = one.milestones.get("PLAN.3.decide")
    months = WINDOWS["PLAN.3.decide"].months or 0
    by = decide.due_on if decide else add_months(one.match_day, months)
    return {
        "next_title": following and following.title,
        "next_code": following and following.code,
        "next_due_on": _day(following.due_on) if following else None,
        "decide_by": by.isoformat(),
        "planned_due": _words([m.due_on.isoformat() for m in planned]),
        "missed": len(due) - len(planned),
        "going": going,
    }


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _words(words: object) -> str:
    return _encode(list(words)).decode()  # type: ignore[call-overload]
