"""Facts: recorded group by group; confirmed, disputed and corrected one by one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import redirect

from core.advising import assessments
from core.advising.assessments import ConfirmFact, CorrectFact, DisputeFact, RecordFact
from core.errors import NotFound
from core.journey.inventory import show
from core.journey.journey import Journey
from core.people.access import Permission
from core.values import SOURCE_MAX
from web.edge import house, needs, who
from web.journey.fact_fields import GROUPS, SOURCE_HINT, chosen, fact_field, facts_form, started
from web.journey.record import blueprint, here, read_to_write, told
from web.journey.task import Task, asking, perform
from web.journey.words import lowered
from web.schemas import Choices, Form, FormSchema, Words, blank

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from core.advising.desk import Receipt
    from core.journey.fact_kinds import FactKind
    from core.journey.journey import Fact
    from projections.sheet import SheetFact
    from web.journey.record import Record


RECORD = Task(
    heading="Record: {group}",
    lead="What you leave as it is stays as it is, with its own source. None is a value: record it.",
    button="Record the facts",
    message="Recorded.",
    back="inventory",
)


@blueprint.route("/journeys/<uuid:journey_id>/inventory/<group>", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def record_facts(journey_id: UUID, group: str) -> ResponseReturnValue:
    """Record the facts of one group."""
    record = read_to_write(journey_id)
    kinds = tuple(kind for kind in record.kinds.values() if kind.group == group)
    if not kinds:
        raise NotFound("there is no such group of facts")
    held = {one.name: record.sheet.facts[one.name] for one in kinds if one.name in record.sheet.facts}
    start = {one.name: started(one, held[one.name].value) for one in kinds if one.name in held}
    send = partial(_record, record, kinds)
    about = [one.changed_version for one in held.values()]
    group = lowered(GROUPS[group])
    return perform(RECORD, record, send, schema=facts_form(kinds), start=start, about=about, group=group)


def _record(record: Record, kinds: tuple[FactKind, ...], form: Form) -> Receipt | None:
    """Record each fact that was given another value; one command a fact, all made from the form's own id."""
    receipt, given = None, _given(kinds, form)
    for name, value in (_news(record, given, form) or _insisted(record, given)).items():
        more = {"name": name, "value": value, "source": form.values["source"]}
        command = RecordFact(**_part(record, form, name), **more, happened_on=form.values["happened_on"])
        receipt = assessments.record_fact(house().desk, who(), command)
    if receipt is None:
        form.errors["_form"] = "Nothing is different from what is recorded: write at least one value."
    return receipt


def _part(record: Record, form: Form, name: str) -> dict[str, Any]:
    """Return what each of the commands of one form says; each has an id of its own, made from the form's."""
    return {**told(record, form), "command_id": f"{form.command_id}:{name}"}


def _given(kinds: tuple[FactKind, ...], form: Form) -> dict[str, Any]:
    """Return the values of the fields that were not left empty."""
    given = {one.name: chosen(one, form) for one in kinds}
    return {name: value for name, value in given.items() if value is not None}


def _insisted(record: Record, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a colleague recorded otherwise meanwhile: who sends it with a source means what the form shows."""
    held = record.sheet.facts
    return {name: value for name, value in given.items() if name in held and held[name].value != value}


def _news(record: Record, given: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """Return what was given and is neither what is recorded nor what the form began with."""
    facts, seen = record.sheet.facts, form.seen or 0
    began: Mapping[str, Fact | SheetFact] = facts
    if 0 < seen < record.sheet.version:  # what was left as it was must not undo what a colleague recorded meanwhile
        began = house().desk.journal.get(Journey, record.journey_id, seen).facts
    return {
        name: value
        for name, value in given.items()
        if all(name not in held or held[name].value != value or held[name].disputed for held in (facts, began))
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class FactBeside:
    """What the page of one fact shows beside its form."""

    fact: SheetFact
    shown: str
    label: str
    confirm: Form
    confirm_href: str
    dispute_href: str


CORRECT = Task(
    heading="{label}",
    button="Correct it",
    message="Corrected; the old value stays in the record.",
    back="inventory",
    template="journey/fact.html",
)


@blueprint.route("/journeys/<uuid:journey_id>/facts/<name>", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def fact(journey_id: UUID, name: str) -> ResponseReturnValue:
    """Correct a recorded fact; from here it is also confirmed or disputed."""
    record = read_to_write(journey_id)
    kind = record.kinds.get(name)
    if kind is None:
        raise NotFound("there is no such fact")
    held = record.sheet.facts.get(name)
    if held is None:
        return redirect(here(record, "record_facts", group=kind.group, _anchor=f"f-{name}"))
    schema, beside, start = _correct_form(kind), _beside(record, held), {name: started(kind, held.value)}
    send = partial(_correct, record, kind)
    about = [held.changed_version]
    return perform(CORRECT, record, send, schema=schema, start=start, beside=beside, about=about, label=beside.label)


def _correct_form(kind: FactKind) -> type[FormSchema]:
    asked: dict[str, Any] = {
        kind.name: fact_field(kind, required=True),
        "source": Words("Source", longest=SOURCE_MAX, required=True, metadata={"hint": SOURCE_HINT}),
        "reason": Words("Why it is corrected", required=True),
    }
    return asking(asked)


def _beside(record: Record, held: SheetFact) -> FactBeside:
    return FactBeside(
        fact=held,
        shown=show(held.name, held.value),
        label=record.kinds[held.name].label,
        confirm=blank(FormSchema, form="confirm", seen=record.sheet.version),
        confirm_href=here(record, "confirm_fact", name=held.name),
        dispute_href=here(record, "dispute_fact", name=held.name),
    )


def _correct(record: Record, kind: FactKind, form: Form) -> Receipt:
    given = {"source": form.values["source"], "reason": form.values["reason"]}
    command = CorrectFact(**told(record, form), name=kind.name, value=chosen(kind, form), **given)
    return assessments.correct_fact(house().desk, who(), command)


class DisputeForm(FormSchema):
    """Why the student says that a value is wrong."""

    reason = Words("What the student says is wrong", required=True, metadata={"hint": "In the student's words."})


DISPUTE = Task(
    schema=DisputeForm,
    heading="Dispute: {label}",
    lead="Recorded is {value}, from {source}. A disputed fact still counts as known, is marked, and keeps every "
    "decision that needs it shut until it is confirmed or corrected.",
    button="Record the dispute",
    message="Marked as disputed, on {first}'s behalf.",
    back="inventory",
)


@blueprint.route("/journeys/<uuid:journey_id>/facts/<name>/dispute", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def dispute_fact(journey_id: UUID, name: str) -> ResponseReturnValue:
    """Dispute a fact on the student's behalf."""
    record = read_to_write(journey_id)
    held = _held(record, name)

    def send(form: Form) -> Receipt:
        command = DisputeFact(**told(record, form), name=name, reason=form.values["reason"])
        return assessments.dispute_fact(house().desk, who(), command)

    value, label = show(name, held.value), record.kinds[name].label
    about = [held.changed_version]
    return perform(DISPUTE, record, send, about=about, label=label, value=value, source=held.source)


def _held(record: Record, name: str) -> SheetFact:
    if name not in record.sheet.facts:
        raise NotFound("nothing is recorded under this name yet")
    return record.sheet.facts[name]


CONFIRM = Task(
    heading="Confirm facts with {first}",
    lead="Tick what {first} says is right. A dispute about it is over then.",
    button="Confirm them",
    message="Confirmed, on {first}'s behalf.",
    back="inventory",
)


@blueprint.route("/journeys/<uuid:journey_id>/inventory/confirm", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def confirm_facts(journey_id: UUID) -> ResponseReturnValue:
    """Confirm the ticked facts on the student's behalf."""
    record = read_to_write(journey_id)

    def send(form: Form) -> Receipt | None:
        return _confirm(record, form.values["names"], form)

    about = [one.changed_version for one in record.sheet.facts.values()]
    return perform(CONFIRM, record, send, schema=_confirm_form(record), about=about)


@blueprint.post("/journeys/<uuid:journey_id>/facts/<name>/confirm")
@needs(Permission.WRITE_JOURNEY)
def confirm_fact(journey_id: UUID, name: str) -> ResponseReturnValue:
    """Confirm one fact on the student's behalf."""
    record = read_to_write(journey_id)
    _held(record, name)
    return perform(CONFIRM, record, partial(_confirm, record, [name]))


def _confirm_form(record: Record) -> type[FormSchema]:
    open_facts = {
        name: f"{record.kinds[name].label}: {show(name, one.value)}{' (disputed)' if one.disputed else ''}"
        for name, one in record.sheet.facts.items()
        if not one.confirmed
    }
    asked: dict[str, Any] = {"names": Choices("Facts that nobody confirmed yet", open_facts, required=True)}
    return asking(asked)


def _confirm(record: Record, names: list[str], form: Form) -> Receipt | None:
    receipt = None
    for name in names:
        command = ConfirmFact(**_part(record, form, name), name=name)
        receipt = assessments.confirm_fact(house().desk, who(), command)
    return receipt
