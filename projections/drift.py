"""Drift: decisions that stand although the rules would say something else today than when each was made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, select

from core.decision.recommendation import evaluate
from core.errors import InvalidValue
from core.journey.evidence import evidence_of
from core.journey.hold import PATH_KINDS
from projections.register import DECISION
from projections.rows import Plain, among, listed
from projections.standing import JOURNEY, Standing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, MutableMapping

    from sqlalchemy import Connection

    from core.decision.playbook import Playbook
    from projections.kept import Present

__all__ = ["Drifted", "count_drifted", "drifted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """A path decision that stands, and would be advised otherwise today.

    Args:
        version: of the decision in its journey; `position`, in the journal.
        before: outcome that the rules said when it was made.
        now: outcome that they say of today's facts under today's playbook.
    """

    journey_id: UUID
    student_ref: str
    name: str
    kind: str
    specialty: str | None
    decided_on: date
    version: int
    position: int
    before: str
    now: str


_STANDING = (
    select(
        *(DECISION.c[name] for name in ("journey_id", "kind", "specialty", "decided_on", "version", "position")),
        DECISION.c.outcome,
        JOURNEY.c.student_ref,
        JOURNEY.c.name,
        JOURNEY.c.version.label("journey_version"),
    )
    .join(JOURNEY, JOURNEY.c.journey_id == DECISION.c.journey_id)
    .where(DECISION.c.reversed_at.is_(None))
    .where(DECISION.c.kind.in_(PATH_KINDS), DECISION.c.outcome.is_not(None))
)
_OF_COHORT = _STANDING.where(DECISION.c.cohort == bindparam("cohort"))
_STATES = (
    "SELECT journey_id, version, position, state FROM journey WHERE journey_id IN (SELECT value FROM json_each(?))"
)
_BY_NAME = _OF_COHORT.order_by(JOURNEY.c.search, DECISION.c.position)
_EVERY = Plain(_OF_COHORT)
_SOME = Plain(_STANDING.where(among(DECISION.c.journey_id)))  # with the cohort, SQLite would look at all of it


def drifted(
    db: Connection, cohort: str, playbook: Playbook, today: date, known: MutableMapping[UUID, tuple[int, str]]
) -> tuple[Drifted, ...]:
    """Return the drifted decisions of a cohort by name; two queries, and one evaluation for each journey that changed.

    A dream field that the playbook does not know any more cannot be evaluated; such a decision is not listed.

    Args:
        db: from `Views.read`.
        cohort: which.
        playbook: in force.
        today: at the school; a statement dated later does not count yet.
        known: what was found before under the same playbook on the same day; it is added to.
    """
    rows = db.execute(_BY_NAME, {"cohort": cohort}).all()
    stale = [row.journey_id.hex for row in rows if known.get(row.journey_id, (0, ""))[0] != row.journey_version]
    if stale:
        known.update((UUID(text), found) for text, found in _outcomes(db, stale, playbook, today))
    return tuple(_made(row, now) for row in rows if (now := known[row.journey_id][1]) and now != row.outcome)


def count_drifted(db: Connection, present: Present, playbook: Playbook, today: date) -> int:
    """Return how many drifted decisions a cohort has; only journeys that changed since the last count are looked at."""

    def count(journeys: Collection[str] | None) -> Mapping[str, int]:
        if journeys is None:
            rows = _EVERY(db, cohort=present.cohort).all()
        else:
            rows = _SOME(db, journeys=listed(journeys)).all()
        now = dict(_outcomes(db, {row.journey_id for row in rows}, playbook, today))
        return Counter(row.journey_id for row in rows if now[row.journey_id][1] not in ("", row.outcome))

    return sum(each * journeys for each, journeys in present.tally(("drift", playbook.digest, today), count).items())


def _outcomes(
    db: Connection, journeys: Collection[str], playbook: Playbook, today: date
) -> Iterator[tuple[str, tuple[int, str]]]:
    if not journeys:
        return
    for text, version, *kept in db.exec_driver_sql(_STATES, (listed(journeys),)):
        journey = Standing.restore(UUID(text), version, *kept).journey
        try:
            outcome: str = evaluate(evidence_of(journey, as_of=today), playbook, flips=False).outcome
        except InvalidValue:
            outcome = ""
        yield text, (version, outcome)


def _made(row: Any, now: str) -> Drifted:
    return Drifted(
        journey_id=row.journey_id,
        student_ref=row.student_ref,
        name=row.name,
        kind=row.kind,
        specialty=row.specialty,
        decided_on=date.fromisoformat(row.decided_on),
        version=row.version,
        position=row.position,
        before=row.outcome,
        now=now,
    )
