"""Who changed what a form is about while somebody was filling it in: said before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request

from projections import timeline
from web.edge import house, who
from web.journey.words import clock_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web.journey.record import Record

__all__ = ["Meanwhile", "changed_meanwhile", "decided_on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """A change that came between a form and its sending."""

    by: str
    at: str
    what: str


def changed_meanwhile(record: Record, about: Iterable[int | None]) -> Meanwhile | None:
    """Return the last change of what a form is about that its reader had not seen when it was opened.

    Args:
        record: the journey as it stands.
        about: versions at which the items of the form changed last; None for what is not there.
    """
    since = request.args.get("since", type=int)  # an open page with a half-filled form sends what the form has seen
    newer = [version for version in about if version and since is not None and version > since]
    if not newer:
        return None
    with house().views.read() as db:
        entry = timeline.at(db, record.journey_id, newer).get(max(newer))
    if entry is None:
        return None
    return Meanwhile(
        by="You" if entry.actor == who().member_id else entry.actor_name,
        at=clock_time(entry.recorded_at, record.zone),
        what=": ".join(part for part in (entry.title, entry.detail) if part),
    )


def decided_on(record: Record) -> list[int | None]:
    """Return the versions of what the forms of the decision page are about: what the rules say, and each decision."""
    said = record.sheet.recommendation
    moments = [said.said if said else None]
    for one in record.sheet.decisions:
        moments += [one.said, one.stance_said, one.reversed_said]
    return [moment.version if moment else None for moment in moments]
