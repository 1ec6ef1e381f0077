"""The decision page: what the rules say and why, what would flip it, what the student decided, what each needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.advising import decisions
from core.advising.decisions import Concur, Dissent, ReverseDecision
from core.base_rates import rates_for
from core.errors import GateClosed, NotFound
from core.journey.decisions import (
    REASON_CODES,
    ConcurrenceRecorded,
    DecisionRecorded,
    DecisionReversed,
    DissentRecorded,
)
from core.journey.hold import GATES, PATH_KINDS, GateOverridden, GatePassed, need_label
from core.journey.inventory import FACTS
from core.journey.recommendations import RecommendationIssued
from core.journey.time_requests import TimeRequested
from core.people.access import Permission
from projections import people, timeline
from web.edge import house, needs, page, who
from web.journey.decision_forms import (
    StanceForm,
    closed_gate,
    path_form,
    path_start,
    pivot_plan,
    record_decision,
    soap_form,
    tell_empty,
)
from web.journey.flips import Flips, Gap, flips, gaps
from web.journey.gates import GateLine, gate_lines, where_recorded
from web.journey.meanwhile import Meanwhile, changed_meanwhile, decided_on
from web.journey.pictures import tree_picture
from web.journey.prompt import standing_path
from web.journey.record import blueprint, done, here, opened, read_to_write, told
from web.journey.renewal import renewal
from web.journey.rungs import happening
from web.journey.task import Control, Task, controls, perform
from web.journey.trace import (
    Behind,
    Move,
    Reading,
    RuleGroup,
    Turn,
    caused,
    last_turn,
    moved,
    outcomes,
    readings,
    refs_of,
    rule_groups,
    tally,
)
from web.journey.words import WARNINGS
from web.schemas import FormSchema, Words, blank, load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from flask.typing import ResponseReturnValue
    from markupsafe import Markup
    from sqlalchemy import Connection

    from core.advising.desk import Receipt
    from core.base_rates import BaseRate
    from projections.sheet import SheetDecision
    from projections.timeline import Entry
    from web.journey.record import Record
    from web.journey.renewal import Renewal
    from web.journey.rungs import Happening
    from web.schemas import Form

__all__: list[str] = []

#: The record of a decision: each of these is an event of its own, and none is ever changed.
RECORD: Final = tuple(
    event.TOPIC
    for event in (
        RecommendationIssued,
        TimeRequested,
        GatePassed,
        GateOverridden,
        DecisionRecorded,
        ConcurrenceRecorded,
        DissentRecorded,
        DecisionReversed,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A form with its controls by name."""

    form: Form
    controls: dict[str, Control]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """A decision as the page shows it; `then` is what the rules said at the time, where they say something else now."""

    decision: SheetDecision
    label: str
    detail: str
    reason: str
    path: bool
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The recommendation, explained; absent on the page while there is none."""

    picture: Markup
    playbook: str
    digest: str
    groups: tuple[RuleGroup, ...]
    gaps: tuple[Gap, ...]
    flips: Flips
    warnings: tuple[tuple[str, str], ...]
    moved: Move | None
    turn: Turn | None
    turned_by: Behind | None
    readings: tuple[Reading, ...]
    tally: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPage:
    """What the decision page shows.

    Args:
        record: the journey.
        why: the recommendation, explained.
        renewal: what a newer playbook would say, where it says something else of the dream field.
        standing: the path decision that stands.
        soap: SOAP decisions that stand, the newest first.
        past: decisions that were reversed.
        in_order: what was recommended, decided, said of it, passed and opened, each by itself, the oldest first.
        gates: what each irreversible decision still needs.
        path, soap_asked, stance: the forms; None for readers, and where they make no sense.
        pivot_plan: what a pivot puts on the plan by itself.
        rates: base rates that speak of the dream field and of the chosen ladder.
        meanwhile: what changed since a form of the page was begun.
        closed: what a refused decision lacks, with where it is recorded; `closed_kind` is that decision.
    """

    record: Record
    why: Why | None
    renewal: Renewal | None
    standing: DecisionLine | None
    soap: tuple[DecisionLine, ...]
    past: tuple[DecisionLine, ...]
    in_order: tuple[Happening, ...]
    gates: tuple[GateLine, ...]
    path: Asked | None
    pivot_plan: tuple[str, ...]
    rates: tuple[BaseRate, ...]
    soap_asked: Asked | None
    stance: Asked | None
    meanwhile: Meanwhile | None
    closed: tuple[tuple[str, str], ...]
    closed_kind: str


@blueprint.get("/journeys/<uuid:journey_id>/decision")
@needs(Permission.READ_JOURNEY)
def decision(journey_id: UUID) -> ResponseReturnValue:
    """Show what the rules say, why, and what the student decided."""
    return _show(journey_id)


@blueprint.post("/journeys/<uuid:journey_id>/decision")
@needs(Permission.WRITE_JOURNEY)
def record_path(journey_id: UUID) -> ResponseReturnValue:
    """Record the path decision."""
    record = read_to_write(journey_id)
    return _decide(record, load(path_form(record), form="path", start=path_start(record)))


@blueprint.post("/journeys/<uuid:journey_id>/decision/soap")
@needs(Permission.WRITE_JOURNEY)
def record_soap(journey_id: UUID) -> ResponseReturnValue:
    """Record a decision of SOAP week."""
    record = read_to_write(journey_id)
    return _decide(record, load(soap_form(record), form="soap"))


def _decide(record: Record, form: Form) -> ResponseReturnValue:
    tell_empty(record, form)
    lacks = () if form.ok else closed_gate(record, form)  # an empty field shall not hide what the gate needs as well
    try:
        if form.ok and (receipt := form.send(lambda: record_decision(record, form))):
            return done(record, receipt, here(record, "decision"), "The decision is recorded.")
    except GateClosed as error:
        lacks = (*error.missing, *error.disputed)
    closed = tuple((need_label(name), where_recorded(record, name)) for name in lacks)
    return _show(record.journey_id, answered=form, closed=closed, status=409 if closed else 422)


@blueprint.post("/journeys/<uuid:journey_id>/decisions/<decision_id>/stance")
@needs(Permission.WRITE_JOURNEY)
def record_stance(journey_id: UUID, decision_id: str) -> ResponseReturnValue:
    """Record the advisor's concurrence or dissent."""
    record = read_to_write(journey_id)
    form = load(StanceForm, form="stance")
    if form.ok and (receipt := form.send(lambda: _stance(record, decision_id, form))):
        return done(record, receipt, here(record, "decision", _anchor="stance"), "Recorded beside the decision.")
    return _show(journey_id, answered=form, status=422)


def _stance(record: Record, decision_id: str, form: Form) -> Receipt:
    command, words = {**told(record, form), "decision_id": decision_id}, form.values["reason"] or ""
    if form.values["stance"] == "concurs":
        return decisions.concur(house().desk, who(), Concur(**command, note=words))
    return decisions.dissent(house().desk, who(), Dissent(**command, why=words))


class ReverseForm(FormSchema):
    """Why a decision is taken back."""

    reason = Words("Why it is taken back", required=True)


REVERSE = Task(
    schema=ReverseForm,
    heading="Take back: {decision}",
    lead="The decision stays in the record, with this reason. Another one can be recorded afterwards.",
    button="Record the reversal",
    message="The decision is taken back; it stays in the record.",
    back="decision",
)


@blueprint.route("/journeys/<uuid:journey_id>/decisions/<decision_id>/reverse", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def reverse_decision(journey_id: UUID, decision_id: str) -> ResponseReturnValue:
    """Record that the student takes a decision back."""
    record = read_to_write(journey_id)
    held = next((one for one in record.sheet.decisions if one.decision_id == decision_id), None)
    if held is None:
        raise NotFound("there is no such decision on this journey")

    def send(form: Form) -> Receipt:
        command = ReverseDecision(**told(record, form), decision_id=decision_id, reason=form.values["reason"])
        return decisions.reverse_decision(house().desk, who(), command)

    about = [one.version for one in (held.said, held.reversed_said) if one]
    return perform(REVERSE, record, send, about=about, decision=GATES[held.kind])


def _show(
    journey_id: UUID,
    *,
    answered: Form | None = None,
    closed: tuple[tuple[str, str], ...] = (),
    status: int = 200,
) -> ResponseReturnValue:
    """Show the page, with a form that came back where there is one."""
    with opened(journey_id) as (db, record):
        entries = timeline.of_topics(db, journey_id, RECORD)
        why, newer = _why(db, record, entries), renewal(db, record)
    standing, told = standing_path(record.sheet), outcomes(entries)
    lines = [_line(one, told) for one in record.sheet.decisions]
    shown = DecisionPage(
        record=record,
        why=why,
        renewal=newer,
        standing=_line(standing, told) if standing else None,
        soap=tuple(one for one in lines if not one.path and one.decision.reversed_reason is None),
        past=tuple(one for one in lines if one.decision.reversed_reason is not None),
        in_order=tuple(happening(record, one) for one in entries),
        gates=gate_lines(record),
        path=None if standing else _asked(record, "path", answered),
        pivot_plan=pivot_plan(record),
        rates=_rates(record),
        soap_asked=_asked(record, "soap", answered),
        stance=_asked(record, "stance", answered) if standing else None,
        meanwhile=changed_meanwhile(record, decided_on(record)),
        closed=closed,
        closed_kind=answered.name if answered and closed else "",
    )
    return page("journey/decision.html", status, view=shown)


def _rates(record: Record) -> tuple[BaseRate, ...]:
    content = (record.then.institution if record.then else house().desk.institution()).playbook or {"packs": []}
    field, ladder = record.sheet.specialty, record.sheet.ladder
    return (*rates_for(content, field), *(rates_for(content, field, ladder.ladder) if ladder else ()))


def _asked(record: Record, name: str, answered: Form | None) -> Asked | None:
    """Return a form of the page: the one that came back, or a new one; None for people who only read."""
    if not record.may_write:
        return None
    schema = StanceForm if name == "stance" else _FORMS[name](record)
    start = path_start(record) if name == "path" else {}
    came_back = answered is not None and answered.name == name
    form = (
        answered if answered is not None and came_back else blank(schema, form=name, seen=record.sheet.version, **start)
    )
    return Asked(form=form, controls={one.name: one for one in controls(schema, form)})


def _why(db: Connection, record: Record, in_order: tuple[Entry, ...]) -> Why | None:
    said = record.sheet.recommendation
    if said is None:
        return None
    turn = last_turn(record, in_order)
    if turn is not None and turn.version == said.said.version:
        turn = None  # what moved the outcome is what the page tells first
    around = {turn.version - 1, turn.version - 2} if turn else set()
    entries = timeline.at(db, record.journey_id, refs_of(said) | around)
    labels = {one.digest: one.label for one in people.playbooks(db)}
    return Why(
        picture=tree_picture(record, said),
        playbook=labels.get(said.playbook, "a playbook that is not listed"),
        digest=said.playbook.removeprefix("sha256:")[:8],
        groups=rule_groups(record, said, entries),
        gaps=gaps(record, said),
        flips=flips(record, said),
        warnings=tuple(WARNINGS[code] for code in said.result["warnings"] if code in WARNINGS),
        moved=moved(record, entries),
        turn=turn,
        turned_by=caused(record, turn.version, entries) if turn else None,
        readings=readings(said),
        tally=tally(said),
    )


def _line(one: SheetDecision, told: Mapping[int, str]) -> DecisionLine:
    then = told.get(one.recommendation_version, "")
    mode = FACTS["planned_year"].choices.get(one.mode, one.mode) if one.mode else ""
    return DecisionLine(
        decision=one,
        label=GATES[one.kind],
        detail=", ".join(part for part in (mode, one.specialty_name) if part),
        reason=REASON_CODES.get(one.reason_code, one.reason_code) if one.reason_code else "",
        path=one.kind in PATH_KINDS,
        then=then if then != next(reversed(list(told.values())), "") else "",
    )


_FORMS: Final[dict[str, Callable[[Record], type[FormSchema]]]] = {"path": path_form, "soap": soap_form}
