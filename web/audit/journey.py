"""The audit of one journey: each decision with its checklist and its findings, and the form for another finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request, url_for

from core.advising import findings
from core.advising.findings import RecordFinding
from core.journey.findings import ABOUT, LEVELS
from core.journey.hold import GATES
from core.people.access import Permission, require
from projections import people
from web.audit.checklist import checklist
from web.audit.desk import blueprint
from web.edge import finish, house, may, needs, page, who
from web.journey.record import read
from web.journey.task import asking, controls
from web.packet.build import Taken, packet_of
from web.schemas import Choice, Words, blank, load

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from projections.sheet import SheetDecision, SheetFinding
    from web.audit.checklist import Check
    from web.journey.record import Record
    from web.journey.task import Control
    from web.schemas import Form, FormSchema

__all__: list[str] = []

WHOLE = "journey"  # a finding about no one decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding as it is read."""

    level: str
    about: str
    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """A decision with its checklist and its findings."""

    decision: SheetDecision
    label: str
    decided: str
    checks: tuple[Check, ...]
    look: int
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """The audit of a journey; `may_find` says whether the person may record a finding."""

    record: Record
    decisions: tuple[Audited, ...]
    findings: tuple[Found, ...]
    may_find: bool
    desk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPage:
    """The form for a finding."""

    record: Record
    form: Form
    controls: tuple[Control, ...]
    back: str


@blueprint.get("/journeys/<uuid:journey_id>/audit")
@needs(Permission.READ_FINDINGS)
def journey(journey_id: UUID) -> ResponseReturnValue:
    """Show every decision of a journey with its checklist."""
    with house().views.read() as db:
        record = read(db, journey_id)
        names = people.names(db)
    require(who(), Permission.READ_FINDINGS, record.sheet.target)
    taken = Taken(by=who().name, at=house().clock(), names=names)
    return page("audit/journey.html", view=_page(record, taken))


def _page(record: Record, taken: Taken) -> AuditPage:
    return AuditPage(
        record=record,
        decisions=tuple(_audited(record, one, taken) for one in record.sheet.decisions),
        findings=_findings(record, None),
        may_find=may(Permission.RECORD_FINDING, record.sheet.target),
        desk=url_for("audit.desk", cohort=record.sheet.cohort),
    )


def _audited(record: Record, one: SheetDecision, taken: Taken) -> Audited:
    checks = checklist(packet_of(house().desk, record.journey_id, taken, decision_id=one.decision_id))
    return Audited(
        decision=one,
        label=", ".join(part for part in (GATES[one.kind], one.specialty_name) if part),
        decided=f"{record.moment(one.said.recorded_at)}, written down by {one.said.actor_name}",
        checks=checks,
        look=sum(check.state == "look" for check in checks),
        findings=_findings(record, one.decision_id),
    )


def _findings(record: Record, decision_id: str | None) -> tuple[Found, ...]:
    held = [one for one in record.sheet.findings if one.decision_id == decision_id]
    return tuple(_found(record, one) for one in held)


def _found(record: Record, one: SheetFinding) -> Found:
    return Found(
        level=LEVELS.get(one.level, one.level),
        about=ABOUT.get(one.about, one.about),
        text=one.text,
        by=f"{record.moment(one.said.recorded_at)} · {one.said.actor_name}",
    )


@blueprint.route("/journeys/<uuid:journey_id>/audit/findings/new", methods=["GET", "POST"])
@needs(Permission.RECORD_FINDING)
def record_finding(journey_id: UUID) -> ResponseReturnValue:
    """Record a finding about a decision, or the whole journey."""
    with house().views.read() as db:
        record = read(db, journey_id)
    require(who(), Permission.RECORD_FINDING, record.sheet.target)
    schema, back = _asked(record), url_for("audit.journey", journey_id=journey_id)
    if request.method == "GET":
        start: dict[str, Any] = {name: text for name in ("decision", "about") if (text := request.args.get(name))}
        form = blank(schema, seen=record.sheet.version, **({"decision": WHOLE} | start))
    else:
        form = load(schema)
        if form.ok and (receipt := form.send(lambda: _send(record, form))):
            return finish(receipt, back, "The finding is recorded.")
    shown = FindingPage(record=record, form=form, controls=controls(schema, form), back=back)
    return page("audit/finding.html", 200 if request.method == "GET" else 422, view=shown)


def _asked(record: Record) -> type[FormSchema]:
    decided = {
        one.decision_id: f"{GATES[one.kind]}, {record.day(record.date_of(one.said))}" for one in record.sheet.decisions
    }
    return asking(
        {
            "decision": Choice("About", {**decided, WHOLE: "The journey as a whole"}, required=True),
            "about": Choice("What it concerns", ABOUT, required=True),
            "level": Choice("How it weighs", LEVELS, required=True, metadata={"radio": True}),
            "words": Words("What you found", required=True, metadata={"hint": "The leads of the cohort read it."}),
        }
    )


def _send(record: Record, form: Form) -> Any:
    values = form.values
    command = RecordFinding(
        command_id=form.command_id,
        seen=form.seen,
        journey_id=record.journey_id,
        decision_id=None if values["decision"] == WHOLE else values["decision"],
        about=values["about"],
        level=values["level"],
        words=values["words"],
    )
    return findings.record_finding(house().desk, who(), command)
