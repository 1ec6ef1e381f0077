"""Preview: which past students another playbook would advise otherwise, by running numbers and never by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.decision.preview import compare, may_differ
from core.journey.evidence import evidence_of
from projections.standing import JOURNEY, Standing

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from core.decision.playbook import Playbook
    from core.decision.preview import Compared

__all__ = ["Preview", "Previewed", "preview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """A student whom the other playbook would advise otherwise.

    Args:
        number: counts the rows of this preview, and names nobody.
        cohort: the match year.
        specialty: slug of the dream field.
        compared: outcomes before and now, and the rules that changed them; now None = the specialty is unknown to it.
    """

    number: int
    cohort: str
    specialty: str
    compared: Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What another playbook would change.

    Args:
        journeys: how many there are in all.
        touched: of a specialty on which the playbooks can differ; those were judged by both.
        rows: who would be advised otherwise, newest cohort first.
    """

    journeys: int
    touched: int
    rows: tuple[Previewed, ...]


_JOURNEYS = (
    select(*(JOURNEY.c[name] for name in ("journey_id", "version", "position", "cohort", "specialty", "state")))
    .where(JOURNEY.c.state.is_not(None))
    .order_by(JOURNEY.c.cohort.desc(), JOURNEY.c.journey_id)  # an id is an HMAC: the order tells nothing of a person
)
_COUNTED = "SELECT specialty, count(*) FROM journey WHERE state IS NOT NULL GROUP BY specialty"


def preview(db: Connection, before: Playbook, now: Playbook, today: date) -> Preview:
    """Judge every journey's evidence by two playbooks; two queries.

    Args:
        db: from `Views.read`.
        before: in force.
        now: proposed.
        today: at the school; a statement dated later does not count yet.
    """
    counted: dict[str, int] = {row[0]: row[1] for row in db.exec_driver_sql(_COUNTED)}
    touched = [specialty for specialty in counted if may_differ(specialty, before, now)]
    rows: list[Previewed] = []
    for row in db.execute(_JOURNEYS.where(JOURNEY.c.specialty.in_(touched))):
        journey = Standing.restore(row.journey_id, row.version, row.position, row.state).journey
        if found := compare(evidence_of(journey, as_of=today), before, now):
            made = Previewed(number=len(rows) + 1, cohort=row.cohort, specialty=row.specialty, compared=found)
            rows.append(made)
    return Preview(journeys=sum(counted.values()), touched=sum(counted[one] for one in touched), rows=tuple(rows))
