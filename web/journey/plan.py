"""The plan: milestones put on it, reached, moved, given up or missed (playbook PLAN)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from marshmallow import ValidationError, validates_schema

from core.advising import milestones
from core.advising.milestones import (
    CompleteMilestone,
    MissMilestone,
    PlanMilestone,
    RescheduleMilestone,
    WaiveMilestone,
)
from core.errors import NotFound
from core.journey.milestones import NewMilestone
from core.people.access import Permission
from core.values import NAME_MAX
from web.edge import house, needs, who
from web.journey.record import blueprint, read_to_write, told
from web.journey.task import Task, asking, item_id, perform
from web.schemas import Choice, Day, Form, FormSchema, Words

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from core.advising.desk import Receipt
    from core.journey.milestones import Milestone
    from web.journey.record import Record

__all__ = ["OWN_SOURCE"]

#: Where the date of a milestone comes from that the team made itself.
OWN_SOURCE: Final = "agreed with the student"


class PlanForm(FormSchema):
    """A milestone of the playbook, or one of the team's own."""

    code = Choice("From the playbook", {})
    title = Words(
        "Or in your own words",
        longest=NAME_MAX,
        metadata={"hint": "What is to be done, for example: two rotations in the new field."},
    )
    due_on = Day("By", metadata={"hint": "The last day. Left empty, a milestone of the playbook keeps its own window."})

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        """Either a milestone of the playbook, or a title and a day."""
        if bool(data["code"]) == bool(data["title"]):
            raise ValidationError("Either choose one from the playbook, or write your own.", "title")
        if data["title"] and data["due_on"] is None:
            raise ValidationError("Your own milestone needs a last day.", "due_on")


PLAN = Task(heading="Plan a milestone", button="Plan it", message="On the plan.")


@blueprint.route("/journeys/<uuid:journey_id>/milestones/new", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def plan_milestone(journey_id: UUID) -> ResponseReturnValue:
    """Put a milestone on the plan."""
    record = read_to_write(journey_id)

    def send(form: Form) -> Receipt:
        command = PlanMilestone(**told(record, form), milestone=_new(record, form))
        return milestones.plan_milestone(house().desk, who(), command)

    schema = asking({"code": Choice("From the playbook", _open_codes(record))}, PlanForm)
    return perform(PLAN, record, send, schema=schema)


def _open_codes(record: Record) -> dict[str, str]:
    """Return the milestones of the playbook that are not on the plan yet, each with its last day."""
    held = {one.milestone_id for one in record.sheet.milestones}
    calendar = house().desk.calendar(record.sheet.specialty)
    new = (calendar.milestone(code, record.sheet) for code in calendar.windows if code not in held)
    return {one.code: f"{one.title} (by {record.day(one.due_on)})" for one in new}


def _new(record: Record, form: Form) -> NewMilestone:
    values = form.values
    if values["code"]:
        made = house().desk.calendar(record.sheet.specialty).milestone(values["code"], record.sheet)
        if values["due_on"] is None or values["due_on"] == made.due_on:
            return made
        return NewMilestone(
            milestone_id=made.code, code=made.code, title=made.title, due_on=values["due_on"], source=OWN_SOURCE
        )
    own = item_id("milestone", form)
    return NewMilestone(milestone_id=own, code="own", title=values["title"], due_on=values["due_on"], source=OWN_SOURCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneBeside:
    """What the page of a milestone shows over its form."""

    milestone: Milestone
    by: str
    changed_by: str


_HAPPENED: Final = {
    "complete": "It is reached",
    "reschedule": "It gets another day",
    "waive": "It is given up",
    "miss": "It was missed",
}


class MilestoneForm(FormSchema):
    """What became of a milestone."""

    happened = Choice(
        "What happened?",
        _HAPPENED,
        required=True,
        metadata={
            "consequences": {
                "complete": "Write the evidence below.",
                "reschedule": "Choose the new day, and write the reason.",
                "waive": "Write the reason. It stays in the record.",
                "miss": "Only once its last day is over. It can still be reached or moved later.",
            }
        },
    )
    due_on = Day("New day", metadata={"hint": "Only when it gets another day."})
    words = Words("The evidence, or the reason", metadata={"hint": "Not needed for a milestone that was missed."})

    @validates_schema
    def words_where_needed(self, data: dict[str, Any], **_: Any) -> None:
        """Another day needs the day; all but a miss need words."""
        if data.get("happened") == "reschedule" and data["due_on"] is None:
            raise ValidationError("Choose the new day.", "due_on")
        if data.get("happened") != "miss" and not data["words"]:
            raise ValidationError("Write at least one sentence.", "words")


MILESTONE = Task(
    schema=MilestoneForm,
    heading="{title}",
    button="Record it",
    message="Recorded.",
    template="journey/milestone.html",
)


@blueprint.route("/journeys/<uuid:journey_id>/milestones/<milestone_id>", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def milestone(journey_id: UUID, milestone_id: str) -> ResponseReturnValue:
    """Say what became of a milestone."""
    record = read_to_write(journey_id)
    held = next((one for one in record.sheet.milestones if one.milestone_id == milestone_id), None)
    if held is None:
        raise NotFound("there is no such milestone on this journey")
    changed_by = record.sheet.names.get(held.actor, held.actor)
    beside = MilestoneBeside(milestone=held, by=record.day(held.due_on), changed_by=changed_by)
    send = partial(_happened, record, held)
    return perform(MILESTONE, record, send, beside=beside, about=[held.version], title=held.title)


def _happened(record: Record, held: Milestone, form: Form) -> Receipt | None:
    desk, actor = house().desk, who()
    told_of = {**told(record, form), "milestone_id": held.milestone_id}
    words = form.values["words"]
    match form.values["happened"]:
        case "complete":
            return milestones.complete_milestone(desk, actor, CompleteMilestone(**told_of, evidence=words))
        case "reschedule":
            command = RescheduleMilestone(**told_of, due_on=form.values["due_on"], reason=words)
            return milestones.reschedule_milestone(desk, actor, command)
        case "waive":
            return milestones.waive_milestone(desk, actor, WaiveMilestone(**told_of, reason=words))
    if held.due_on >= record.today:
        form.errors["happened"] = f"Its last day is not over yet: {record.day(held.due_on)}."
        return None
    return milestones.miss_milestone(desk, actor, MissMilestone(**told_of))
