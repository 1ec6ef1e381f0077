"""Read model of the decisions register: every decision beside what the rules said when it was made."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Index, Integer, Table, Text, Uuid, and_, case, func, select, true

from core.journal.root import Erased
from core.journey.decisions import ConcurrenceRecorded, DecisionRecorded, DecisionReversed, DissentRecorded
from core.journey.hold import GATES, check_gate
from core.values import one_of
from projections.board_table import BOARD
from projections.model import ReadModel
from projections.people import actor_name
from projections.people_tables import MEMBER, SPECIALTY
from projections.rows import METADATA, put
from projections.wording import specialty_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from sqlalchemy import ColumnElement, Connection, Row

    from core.journal.store import Recorded
    from core.journey.journey import Journey
    from projections.working import Working

__all__ = [
    "COUNTS",
    "DECISION",
    "MODEL",
    "RELATIONS",
    "STANCES",
    "RegisterPage",
    "RegisterRow",
    "Wanted",
    "every_row",
    "page",
]

PAGE_SIZE = 50

DECISION = Table(
    "decision",
    METADATA,
    Column("journey_id", Uuid, primary_key=True),
    Column("decision_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("cohort", "decided_on", "recorded_at", "actor", "kind")),
    *(Column(name, Text) for name in ("mode", "specialty")),
    Column("outcome", Text),  # what the rules said when it was made
    Column("relation", Text, nullable=False),
    *(Column(name, Text) for name in ("reason_code", "reason")),
    *(Column(name, Text) for name in ("override_by", "override_code", "override_text")),
    *(Column(name, Text) for name in ("stance", "stance_by", "stance_at", "stance_text")),
    *(Column(name, Text) for name in ("reversed_by", "reversed_at", "reversed_reason")),
    sqlite_with_rowid=False,
)
Index("decision_by_cohort", DECISION.c.cohort, DECISION.c.position)
_NAMES = tuple(DECISION.c.keys())
_STANCES = {ConcurrenceRecorded.TOPIC: "concurs", DissentRecorded.TOPIC: "dissents"}
_OF = "WHERE journey_id = ? AND decision_id = ?"
_JUDGED = f"UPDATE decision SET stance = ?, stance_by = ?, stance_at = ?, stance_text = ? {_OF}"
_UNDONE = f"UPDATE decision SET reversed_by = ?, reversed_at = ?, reversed_reason = ? {_OF}"


def _fold(work: Working, one: Recorded) -> None:
    event: Any = one.event
    if isinstance(event, Erased):
        return
    place, at = (event.originator_id.hex, event.decision_id), work.at
    if isinstance(event, DecisionRecorded):
        journey = work.standing.journey
        on = event.happened_on or event.recorded_at.astimezone(work.zone).date()
        work.decided.append(_made(journey, event, one.position, on.isoformat()))
    elif isinstance(event, DecisionReversed):
        work.undone.append((event.actor, at, event.reason, *place))
    else:
        work.judged.append((_STANCES[event.TOPIC], event.actor, at, event.text, *place))


def _made(journey: Journey, event: DecisionRecorded, position: int, on: str) -> tuple[object, ...]:
    """Return the row of a decision, with the override that let it pass: one whose gate was still closed."""
    override = journey.overrides.get(event.kind)
    if override is not None and check_gate(journey, event.kind).is_open:
        override = None
    row = {name: getattr(event, name, None) for name in _NAMES} | {
        "journey_id": journey.id.hex,
        "version": event.originator_version,
        "position": position,
        "cohort": journey.cohort,
        "decided_on": on,
        "recorded_at": event.recorded_at.isoformat(),
        "outcome": journey.recommendation["outcome"] if journey.recommendation else None,
        "override_by": override and override.actor,
        "override_code": override and override.code,
        "override_text": override and override.text,
    }
    return tuple(row[name] for name in _NAMES)


def _finish(work: Working) -> None:
    """Write what was decided, then what was said to it; of an erased journey nothing is left."""
    put(work.db, DECISION, work.decided)
    for statement, rows in ((_JUDGED, work.judged), (_UNDONE, work.undone)):
        if rows:
            work.db.exec_driver_sql(statement, rows)
    erased = [(one.journey.id.hex,) for one in work.standings.values() if one.journey.erased]
    if erased:
        work.db.exec_driver_sql("DELETE FROM decision WHERE journey_id = ?", erased)


_TOPICS = frozenset({DecisionRecorded.TOPIC, DecisionReversed.TOPIC, *_STANCES})
MODEL = ReadModel(name="register", tables=(DECISION,), topics=_TOPICS, fold=_fold, finish=_finish)

RELATIONS = ("agrees", "differs", "contested", "not_decidable", "own_gate")
STANCES = ("concurs", "dissents", "none")
GATES_PASSED = ("passed", "overridden")
STATES = ("standing", "reversed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the register is narrowed to; all of it combines, None is open.

    Args:
        relation: one of `RELATIONS`; "differs" is against the recommendation.
        stance: of the advisor, one of `STANCES`.
        gate: "passed" with everything recorded, or "overridden" by a lead.
        state: "standing", or "reversed" by the student.
        kind: a key of `core.journey.hold.GATES`.
        advisor: id of the journey's advisor, or "none".
        since: first day, inclusive; likewise `until`, the last day.
    """

    relation: str | None = None
    stance: str | None = None
    gate: str | None = None
    state: str | None = None
    kind: str | None = None
    advisor: str | None = None
    since: date | None = None
    until: date | None = None


# What the counts count: the filter that a click sets, and its value; the first lifts them all.
COUNTS: Mapping[str, tuple[str, str] | None] = {
    "decisions": None,
    "against": ("relation", "differs"),
    "contested": ("relation", "contested"),
    "not_decidable": ("relation", "not_decidable"),
    "overridden": ("gate", "overridden"),
    "dissents": ("stance", "dissents"),
    "unheard": ("stance", "none"),
    "reversed": ("state", "reversed"),
}
_COUNTED = {one[0] for one in COUNTS.values() if one}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """A decision as it stands in the register.

    `outcome` is what the rules said when it was made; `actor_name` recorded it. What stands under `override_`,
    `stance_` and `reversed_` is empty where nothing of the kind happened.
    """

    journey_id: UUID
    student_ref: str
    name: str
    dream_field: str
    advisor_name: str | None
    decision_id: str
    version: int
    position: int
    decided_on: date
    recorded_at: datetime
    actor_name: str
    kind: str
    mode: str | None
    specialty: str | None
    outcome: str | None
    relation: str
    reason_code: str | None
    reason: str
    override_by: str | None
    override_code: str | None
    override_text: str | None
    stance: str | None
    stance_by: str | None
    stance_at: datetime | None
    stance_text: str | None
    reversed_by: str | None
    reversed_at: datetime | None
    reversed_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """A page of the register; each of `counts` is what a click on it gives, `recorded` is the whole cohort."""

    rows: tuple[RegisterRow, ...]
    total: int
    recorded: int
    number: int
    pages: int
    counts: Mapping[str, int]


def page(db: Connection, cohort: str, wanted: Wanted, *, number: int = 1) -> RegisterPage:
    """Return a page of a cohort's register, the newest decision first; two queries whatever its size.

    Args:
        db: from `Views.read`.
        cohort: which.
        wanted: what it is narrowed to.
        number: of the page, from 1; past the end it is the last one.

    Raises:
        InvalidValue: a filter has a value that is not there.
    """
    asked = _conditions(wanted)
    counted = db.execute(_counting(cohort, asked)).one()
    pages = max(1, -(-counted.total // PAGE_SIZE))
    number = min(max(number, 1), pages)
    shown = _rows(cohort, asked).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return RegisterPage(
        rows=tuple(_row(row) for row in db.execute(shown)),
        total=counted.total,
        recorded=counted.recorded,
        number=number,
        pages=pages,
        counts={name: getattr(counted, name) for name in COUNTS},
    )


def every_row(db: Connection, cohort: str, wanted: Wanted) -> Iterator[RegisterRow]:
    """Give all rows of a view of the register; to be read while the connection is open."""
    for row in db.execute(_rows(cohort, _conditions(wanted))):
        yield _row(row)


def _conditions(wanted: Wanted) -> dict[str, ColumnElement[bool]]:
    """Return the condition of each filter that is set, by its name."""
    d = DECISION.c
    lists = {"relation": RELATIONS, "stance": STANCES, "gate": GATES_PASSED, "state": STATES, "kind": GATES}
    for name, allowed in lists.items():
        if (value := getattr(wanted, name)) is not None:
            one_of(name, value, tuple(allowed))
    made: dict[str, ColumnElement[bool] | None] = {
        "relation": d.relation == wanted.relation,
        "stance": d.stance.is_(None) if wanted.stance == "none" else d.stance == wanted.stance,
        "gate": d.override_code.is_(None) if wanted.gate == "passed" else d.override_code.is_not(None),
        "state": d.reversed_at.is_(None) if wanted.state == "standing" else d.reversed_at.is_not(None),
        "kind": d.kind == wanted.kind,
        "advisor": BOARD.c.advisor.is_(None) if wanted.advisor == "none" else BOARD.c.advisor == wanted.advisor,
        "since": d.decided_on >= wanted.since.isoformat() if wanted.since else None,
        "until": d.decided_on <= wanted.until.isoformat() if wanted.until else None,
    }
    return {name: one for name, one in made.items() if one is not None and getattr(wanted, name) is not None}


def _counting(cohort: str, asked: Mapping[str, ColumnElement[bool]]) -> Any:
    """Ask for all numbers at once; each obeys every filter but the one that a click on it sets."""

    def those(lifted: set[str], *more: ColumnElement[bool]) -> ColumnElement[int]:
        kept = and_(true(), *(one for name, one in asked.items() if name not in lifted), *more)
        return func.coalesce(func.sum(case((kept, 1), else_=0)), 0)

    def clicked(name: str, value: Any) -> ColumnElement[int]:
        return those({name}, *_conditions(replace(Wanted(), **{name: value})).values())

    values = {name: clicked(*one) if one else those(_COUNTED) for name, one in COUNTS.items()}
    return (
        select(func.count().label("recorded"), those(set()).label("total"), *(v.label(n) for n, v in values.items()))
        .select_from(DECISION.join(BOARD, BOARD.c.journey_id == DECISION.c.journey_id))
        .where(DECISION.c.cohort == cohort)
    )


_ACTORS = {name: MEMBER.alias(f"{name}_member") for name in ("actor", "override_by", "stance_by", "reversed_by")}
_ADVISOR = MEMBER.alias("advisor_member")
_DREAM = BOARD.c.specialty.label("dream_slug")


def _rows(cohort: str, asked: Mapping[str, ColumnElement[bool]]) -> Any:
    joined = DECISION.join(BOARD, BOARD.c.journey_id == DECISION.c.journey_id)
    joined = joined.outerjoin(SPECIALTY, SPECIALTY.c.slug == BOARD.c.specialty)
    joined = joined.outerjoin(_ADVISOR, _ADVISOR.c.actor == BOARD.c.advisor)
    for name, member in _ACTORS.items():
        joined = joined.outerjoin(member, member.c.actor == DECISION.c[name])
    said = (actor_name(DECISION.c[name], member).label(f"{name}_name") for name, member in _ACTORS.items())
    who = (BOARD.c.student_ref, BOARD.c.name, _DREAM, SPECIALTY.c.name.label("dream_name"))
    shown = select(DECISION, *who, func.coalesce(_ADVISOR.c.name, BOARD.c.advisor).label("advisor_name"), *said)
    return (
        shown.select_from(joined)
        .where(DECISION.c.cohort == cohort, *asked.values())
        .order_by(DECISION.c.position.desc())
    )


_PLAIN = {one.name for one in fields(RegisterRow)} & set(_NAMES)


def _row(row: Row[Any]) -> RegisterRow:
    held = row._mapping  # noqa: SLF001 - its public name
    made: dict[str, Any] = {name: held[name] for name in _PLAIN}
    times = {name: _moment(held[name]) for name in ("recorded_at", "stance_at", "reversed_at")}
    names = {name: held[f"{name}_name"] for name in ("override_by", "stance_by", "reversed_by")}
    return RegisterRow(
        **{
            **made,
            **times,
            **names,
            "decided_on": date.fromisoformat(row.decided_on),
            "actor_name": row.actor_name,
            "student_ref": row.student_ref,
            "name": row.name,
            "dream_field": specialty_name(row.dream_slug, {row.dream_slug: row.dream_name} if row.dream_name else {}),
            "advisor_name": row.advisor_name,
        }
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
