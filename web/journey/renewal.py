"""Advice of an older playbook: what the newer one would say, and the way to let it say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import redirect

from core.advising.decisions import RenewAdvice, renew_advice
from core.decision.recommendation import evaluate
from core.journey.evidence import evidence_of
from core.journey.journey import Journey
from core.people.access import Permission
from web.edge import house, needs, who
from web.journey.record import blueprint, done, here, read_to_write, told
from web.newer import Published
from web.schemas import FormSchema, blank, load

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from flask.typing import ResponseReturnValue
    from sqlalchemy import Connection

    from projections.people import PlaybookRow
    from web.journey.record import Record
    from web.schemas import Form

__all__ = ["Renewal", "newer_playbook", "renewal"]


class RenewForm(FormSchema):
    """It asks for nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A newer playbook that says something else of the dream field.

    Args:
        label: of the playbook.
        since: the day from which it is in force.
        outcome: what its rules say of the facts as they stand; None where it does not know the dream field.
        form: to bring the advice up to date; None for people who only read.
    """

    label: str
    since: date
    outcome: str | None
    form: Form | None


def newer_playbook(db: Connection, record: Record) -> PlaybookRow | None:
    """Return the playbook in force where the advice is of an earlier one and it says something else; else None."""
    said = record.sheet.recommendation
    if said is None or record.live is None or record.sheet.ended:
        return None
    return Published(db, house().once.of(record.live.after.edition)).newer_than(record.sheet.specialty, said.playbook)


def renewal(db: Connection, record: Record) -> Renewal | None:
    """Return what a newer playbook would say, or None where the advice is of the one in force or nothing differs.

    Args:
        db: the snapshot of the page.
        record: the journey.
    """
    row = newer_playbook(db, record)
    if row is None:
        return None
    outcome = None
    if record.specialty is not None:
        journey = house().desk.journal.get(Journey, record.journey_id)
        playbook = house().desk.playbook()
        outcome = evaluate(evidence_of(journey, as_of=record.today), playbook, flips=False).outcome
    may_renew = record.may_write and record.specialty is not None
    return Renewal(
        label=row.label,
        since=row.since.astimezone(record.zone).date(),
        outcome=outcome,
        form=blank(RenewForm, form="renew", seen=record.sheet.version) if may_renew else None,
    )


@blueprint.post("/journeys/<uuid:journey_id>/decision/renew")
@needs(Permission.WRITE_JOURNEY)
def renew(journey_id: UUID) -> ResponseReturnValue:
    """Let the playbook in force say what it says."""
    record = read_to_write(journey_id)
    form = load(RenewForm, form="renew")
    back = here(record, "decision")
    if receipt := form.send(lambda: renew_advice(house().desk, who(), RenewAdvice(**told(record, form)))):
        return done(record, receipt, back, "The advice is up to date; what was said before stays in the record.")
    return redirect(back, code=303)
