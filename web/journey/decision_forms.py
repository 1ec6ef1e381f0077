"""The forms of a decision: what they ask, and the commands they become (playbook DECIDE.plan, WEEK1.hold)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

from marshmallow import ValidationError, validates_schema

from core.advising import decisions
from core.advising.decisions import OverrideGate, RecordDecision
from core.journey.decisions import REASON_CODES, NewDecision, Remedy, relation
from core.journey.hold import GATES, OVERRIDE_CODES, PATH_KINDS, SOAP_KINDS
from core.journey.inventory import FACTS
from core.journey.milestones import NewMilestone
from core.plan.path import PATH_CHANGED
from core.plan.windows import suggested
from core.values import NAME_MAX
from web.edge import house, who
from web.journey.plan import OWN_SOURCE
from web.journey.record import specialty_names, told
from web.journey.task import asking, item_id
from web.journey.weaknesses import KINDS
from web.schemas import Choice, Choices, Day, FormSchema, Tick, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.advising.desk import Receipt
    from web.fields import Labelled
    from web.journey.record import Record
    from web.schemas import Form

__all__ = [
    "StanceForm",
    "closed_gate",
    "path_form",
    "path_start",
    "pivot_plan",
    "record_decision",
    "soap_form",
    "tell_empty",
]

OWN_ROWS: Final = 2
_BRANCHES: Final = ("reapply", "pivot")
#: What a decision plans beside what is ticked (`core.plan.path`).
_THE_REST: Final = (
    "The others go on the plan by themselves, and so does what a year in a SOAP, preliminary or transitional place "
    "asks; each can be moved or waived later."
)
#: How a decision stands to the recommendation, under each choice.
_RELATIONS: Final[Mapping[str, str]] = {
    "agrees": "Agrees with the recommendation.",
    "differs": "Differs from the recommendation: a reason is needed.",
    "contested": "The recommendation is contested: the student's own deliberation is needed as the reason.",
    "not_decidable": "The rules cannot decide yet: a reason is needed.",
    "own_gate": "Judged by its own gate, not by the recommendation.",
}


class _GateFields(FormSchema):
    """How a lead opens a gate, in the same form; asked for only once the gate refused."""

    override = Tick("Open the gate")
    override_code = Choice("Why it cannot wait", OVERRIDE_CODES)
    override_text = Words("In words", metadata={"hint": "It becomes part of the record, with what was missing."})

    @validates_schema
    def reason_of_override(self, data: dict[str, Any], **_: Any) -> None:
        """An override has a code and words."""
        if data["override"] and not data["override_code"]:
            raise ValidationError("Choose why it cannot wait.", "override_code")
        if data["override"] and not data["override_text"]:
            raise ValidationError("Write at least one sentence.", "override_text")


class PathForm(_GateFields):
    """The path decision; remedies and milestones are added for each journey."""

    kind = Choice("What did the student decide?", PATH_KINDS, required=True, metadata={"consequences": {}})
    specialty = Choice("New field", {})
    mode = Choice("How the year will be spent", dict(FACTS["planned_year"].choices))
    reapply_milestones = Choices("Milestones", {})
    own_1 = Words("A milestone of your own", longest=NAME_MAX)
    own_1_by = Day("By")
    own_2 = Words("Another one", longest=NAME_MAX)
    own_2_by = Day("By")
    reason_code = Choice("Main reason", REASON_CODES)
    reason = Words("In the student's words")

    @validates_schema
    def whole_milestones(self, data: dict[str, Any], **_: Any) -> None:
        """An own milestone has both a title and a last day."""
        for n in range(1, OWN_ROWS + 1):
            if bool(data[f"own_{n}"]) != (data[f"own_{n}_by"] is not None):
                missing = f"own_{n}" if data[f"own_{n}_by"] else f"own_{n}_by"
                raise ValidationError("A milestone needs both: what is to be done, and by when.", missing)


class SoapForm(_GateFields):
    """A decision of SOAP week."""

    kind = Choice("What did the student decide?", SOAP_KINDS, required=True, metadata={"consequences": {}})
    specialty = Choice("Field of the place", {})
    reason_code = Choice("Main reason", REASON_CODES)
    reason = Words("In the student's words")


class StanceForm(FormSchema):
    """What the advisor thinks of a decision."""

    stance = Choice(
        "What do you think of it?",
        {"concurs": "I concur", "dissents": "I think otherwise"},
        required=True,
        metadata={"consequences": {"dissents": "Write why. The student can read it."}},
    )
    reason = Words("In your words", metadata={"quiet": True})

    @validates_schema
    def words_of_dissent(self, data: dict[str, Any], **_: Any) -> None:
        """Dissent says why; a note on concurrence is short."""
        if data.get("stance") == "dissents" and not data["reason"]:
            raise ValidationError("Write why you think otherwise.", "reason")
        if data.get("stance") == "concurs" and len(data["reason"] or "") > NAME_MAX:
            raise ValidationError(f"At most {NAME_MAX} characters are kept beside “I concur”.", "reason")


def path_form(record: Record) -> type[FormSchema]:
    """Return the form of the path decision for a journey."""
    follows = {kind: _RELATIONS[relation(kind, _outcome(record))] for kind in PATH_KINDS}
    asked: dict[str, Labelled] = {
        "kind": Choice(
            f"What did {record.first} decide?", PATH_KINDS, required=True, metadata={"consequences": follows}
        ),
        "specialty": Choice("New field", specialty_names()),
        "reason": Words(f"In {record.first}'s words", metadata={"hint": "Shared with the student, kept forever."}),
    }
    asked["reapply_milestones"] = Choices(
        f"Milestones that {record.first} commits to",
        _milestones(record, "reapply"),
        metadata={"hint": "At least one, here or in own words. " + _THE_REST},
    )
    for n, weakness in enumerate(_weaknesses(record), 1):
        asked[f"remedy_{n}"] = Words(f"Remedy for {_kind(weakness.kind)}", longest=NAME_MAX)
    return asking(asked, PathForm)


def path_start(record: Record) -> dict[str, Any]:
    """Return what the form of the path decision starts from: the remedies that were assessed."""
    start: dict[str, Any] = {f"remedy_{n}": weakness.remedy for n, weakness in enumerate(_weaknesses(record), 1)}
    planned = record.sheet.facts.get("planned_year")
    return start | {"mode": planned.value if planned else None}


def soap_form(record: Record) -> type[FormSchema]:
    """Return the form of a SOAP decision for a journey."""
    follows = dict.fromkeys(SOAP_KINDS, "")
    follows["soap_take_part"] = "Rungwise never contacts a program: during SOAP nobody may do so for an applicant."
    asked: dict[str, Labelled] = {
        "kind": Choice(
            f"What did {record.first} decide?", SOAP_KINDS, required=True, metadata={"consequences": follows}
        ),
        "specialty": Choice("Field of the place", specialty_names()),
    }
    return asking(asked, SoapForm)


def record_decision(record: Record, form: Form) -> Receipt:
    """Record a decision; where a lead opens the gate in the same form, that first.

    Raises:
        GateClosed: something is missing.
    """
    desk, actor, values = house().desk, who(), form.values
    if values["override"]:
        opening = {**told(record, form), "command_id": f"{form.command_id}:gate"}
        why = {"code": values["override_code"], "why": values["override_text"]}
        decisions.override_gate(desk, actor, OverrideGate(**opening, decision=values["kind"], **why))
    command = RecordDecision(**told(record, form), decision=_new(record, form))
    return decisions.record_decision(desk, actor, command)


def tell_empty(record: Record, form: Form) -> None:
    """Say beside each field what the chosen decision needs there and does not have: all of it at once.

    It judges nothing: what is left empty all the same, `core.journey.decisions` refuses. Where the recommendation
    changed meanwhile nothing is asked: that is to be read first, and is refused there.
    """
    kind, typed, said = form.typed["kind"], form.typed, record.sheet.recommendation
    if said is not None and form.seen is not None and said.said.version > form.seen:
        return
    wanted: dict[str, str] = {}
    if kind in GATES and relation(kind, _outcome(record)) in ("differs", "contested", "not_decidable"):
        wanted["reason_code"] = "Choose the main reason: this decision does not simply follow the recommendation."
        wanted["reason"] = "Write at least one sentence in the student's words."
    if kind == "pivot":
        wanted["specialty"] = "Choose the new field."
    if kind == "reapply":  # DECIDE.plan
        wanted["mode"] = "Choose how the year will be spent."
        for n, _ in enumerate(_weaknesses(record), 1):
            wanted[f"remedy_{n}"] = "Each main weakness needs a remedy."
        if not any(typed[f"own_{n}"] for n in range(1, OWN_ROWS + 1)):
            wanted["reapply_milestones"] = "Tick at least one milestone, or write your own."
    for place, sentence in wanted.items():
        if not typed[place] or not str(typed[place]).strip():
            form.errors.setdefault(place, sentence)


def closed_gate(record: Record, form: Form) -> tuple[str, ...]:
    """Return what the gate of the chosen decision lacks, as the page knows it, unless a lead opened it."""
    kind = form.typed["kind"]
    gate = record.sheet.gates.get(kind)
    if gate is None or gate.is_open or form.typed["override"]:
        return ()
    opened = [name for one in record.sheet.overrides if one.decision == kind for name in (*one.missing, *one.disputed)]
    return tuple(name for name in (*gate.missing, *gate.disputed) if name not in opened)


def pivot_plan(record: Record) -> tuple[str, ...]:
    """Return what a pivot puts on the plan by itself, in words."""
    return tuple(_milestones(record, "pivot").values())


def _new(record: Record, form: Form) -> NewDecision:
    values = form.values
    reapply = values["kind"] == "reapply"
    takes_field = values["kind"] in ("pivot", "soap_accept")
    weaknesses = _weaknesses(record) if reapply else ()
    given = ((weakness.kind, values.get(f"remedy_{n}")) for n, weakness in enumerate(weaknesses, 1))
    return NewDecision(
        decision_id=item_id("decision", form),
        kind=values["kind"],
        mode=values["mode"] if reapply else None,
        specialty=values["specialty"] if takes_field else None,
        reason_code=values["reason_code"],
        reason=values["reason"] or "",
        remedies=tuple(Remedy(weakness=kind, remedy=remedy) for kind, remedy in given if remedy),
        milestones=_planned(record, form) if values["kind"] in _BRANCHES else (),
    )


def _planned(record: Record, form: Form) -> tuple[NewMilestone, ...]:
    values, branch = form.values, form.values["kind"]
    chosen = values["reapply_milestones"] if branch == "reapply" else ()
    ticked = [one for one in _suggested(record, branch) if one.code in chosen]
    own = [
        NewMilestone(
            milestone_id=f"{item_id('milestone', form)}-{n}",
            code="own",
            title=values[f"own_{n}"],
            due_on=values[f"own_{n}_by"],
            source=OWN_SOURCE,
        )
        for n in range(1, OWN_ROWS + 1)
        if values[f"own_{n}"]
    ]
    return (*ticked, *own)


def _suggested(record: Record, branch: str) -> tuple[NewMilestone, ...]:
    """Return the playbook's milestones for a branch that lie ahead, each with the day it has or will have on the plan.

    Left out is what was reached, was missed, or was waived by a person; what a change of path waived is planned again.
    """
    sheet = record.sheet
    held = {one.milestone_id: one for one in sheet.milestones}
    calendar = house().desk.calendar(sheet.specialty)
    of_branch: Literal["reapply", "pivot"] = "reapply" if branch == "reapply" else "pivot"
    found = []
    days = {"match_day": sheet.match_day, "learned_on": sheet.learned_on}
    for one in suggested(of_branch, **days, windows=calendar.windows):
        new = calendar.bound(one, sheet)
        if (old := held.get(one.code)) is not None:
            new = replace(one, title=old.title, due_on=old.due_on, source=old.source)
            if old.status != "planned" and not (old.status == "waived" and old.note.startswith(PATH_CHANGED)):
                continue
        found.append(new)
    return tuple(one for one in found if one.due_on >= record.today)


def _milestones(record: Record, branch: str) -> dict[str, str]:
    """Return the milestones of a branch in words, with the last day and where it comes from."""
    shown = {}
    for one in _suggested(record, branch):
        _, _, where = one.source.partition(": ")
        shown[one.code] = f"{one.title}, by {record.day(one.due_on)} ({where or one.source})"
    return shown


def _weaknesses(record: Record) -> tuple[Any, ...]:
    return record.sheet.weaknesses.weaknesses if record.sheet.weaknesses else ()


def _kind(kind: str) -> str:
    label = KINDS[kind]
    return label if kind == "step2" else label.lower()


def _outcome(record: Record) -> str | None:
    return record.sheet.recommendation.outcome if record.sheet.recommendation else None
