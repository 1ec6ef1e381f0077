"""The team around a journey: contacts, notes, the assigned advisor, details corrected, placements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.advising import contacts, journeys
from core.advising.contacts import AddNote, LogContact, RecordPlacement
from core.advising.journeys import AssignAdvisor, CorrectDetails
from core.journey.contacts import CHANNELS, VISIBILITIES
from core.journey.journey import DETAILS, MATCH_STATUSES
from core.journey.placements import INCOME_MAX_USD, PLACEMENTS
from core.people.access import Permission, require
from core.values import NAME_MAX
from projections import people
from web.edge import house, needs, who
from web.journey.record import blueprint, read, read_to_write, specialty_names, told
from web.journey.task import Task, asking, perform
from web.schemas import Choice, Day, Email, Form, FormSchema, Whole, Words

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from core.advising.desk import Receipt
    from web.journey.record import Record

__all__: list[str] = []


class ContactForm(FormSchema):
    """A conversation with the student."""

    channel = Choice("How", CHANNELS, required=True, metadata={"radio": True})
    happened_on = Day("On", required=True)
    summary = Words("What was said", required=True, metadata={"hint": "The team reads it."})


LOG_CONTACT = Task(
    schema=ContactForm, heading="Log a contact with {first}", button="Log the contact", message="Contact logged."
)


@blueprint.route("/journeys/<uuid:journey_id>/contacts/new", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def log_contact(journey_id: UUID) -> ResponseReturnValue:
    """Log a conversation with the student."""
    record = read_to_write(journey_id)

    def send(form: Form) -> Receipt:
        return contacts.log_contact(house().desk, who(), LogContact(**told(record, form), **form.values))

    return perform(LOG_CONTACT, record, send, start={"happened_on": record.today})


class NoteForm(FormSchema):
    """A note."""

    body = Words("Note", required=True)
    visibility = Choice("Who reads it", VISIBILITIES, required=True, metadata={"radio": True})


ADD_NOTE = Task(schema=NoteForm, heading="Add a note", button="Add the note", message="Note added.")


@blueprint.route("/journeys/<uuid:journey_id>/notes/new", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def add_note(journey_id: UUID) -> ResponseReturnValue:
    """Add a note, for the team or shared with the student."""
    record = read_to_write(journey_id)

    def send(form: Form) -> Receipt:
        return contacts.add_note(house().desk, who(), AddNote(**told(record, form), **form.values))

    return perform(ADD_NOTE, record, send, start={"visibility": "team"})


ASSIGN = Task(
    heading="Assign an advisor to {first}",
    lead="The advisor and their team can write on this journey from then on.",
    button="Assign",
    message="Advisor assigned.",
)


@blueprint.route("/journeys/<uuid:journey_id>/advisor", methods=["GET", "POST"])
@needs(Permission.ASSIGN_ADVISOR)
def assign(journey_id: UUID) -> ResponseReturnValue:
    """Give the journey to an advisor; needs a lead."""
    with house().views.read() as db:
        record = read(db, journey_id)
        able = {str(one.member_id): _on_team(one) for one in people.advisors(db, record.sheet.cohort)}
    require(who(), Permission.ASSIGN_ADVISOR, record.sheet.target)

    def send(form: Form) -> Receipt:
        command = AssignAdvisor(**told(record, form), advisor_id=form.values["advisor"])
        return journeys.assign_advisor(house().desk, who(), command)

    schema = asking({"advisor": Choice("Advisor", able, required=True)})
    return perform(ASSIGN, record, send, schema=schema, start={"advisor": record.sheet.advisor_id})


def _on_team(member: people.MemberRow) -> str:
    return f"{member.name} (team {member.team})" if member.team else member.name


class DetailsForm(FormSchema):
    """What the journey was opened with; what is left as it is stays."""

    name = Words("Name", longest=NAME_MAX, required=True)
    email = Email("E-mail")
    match_status = Choice("Match status", MATCH_STATUSES, required=True)
    match_day = Day("Match Day", required=True, metadata={"hint": "The plan's months count from it."})
    learned_on = Day("Status learned on", required=True, metadata={"hint": "Day 1 of the first week."})
    specialty = Choice("Dream field", {}, required=True)
    reason = Words("Why it is corrected", required=True)


CORRECT_DETAILS = Task(
    heading="Correct the details",
    lead="The student reference, the cycle and the match system cannot change: another miss is another journey.",
    button="Correct the details",
    message="Details corrected.",
)


@blueprint.route("/journeys/<uuid:journey_id>/details", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def correct_details(journey_id: UUID) -> ResponseReturnValue:
    """Correct what the journey was opened with."""
    record = read_to_write(journey_id)
    held = {name: getattr(record.sheet, name) for name in DETAILS}

    def send(form: Form) -> Receipt | None:
        return _correct(record, held, form)

    schema = asking({"specialty": Choice("Dream field", specialty_names(), required=True)}, DetailsForm)
    return perform(CORRECT_DETAILS, record, send, schema=schema, start=held)


def _correct(record: Record, held: dict[str, Any], form: Form) -> Receipt | None:
    changes = {name: value for name in DETAILS if (value := form.values[name]) not in (None, held[name])}
    if not changes:
        form.errors["_form"] = "Nothing is different from what is recorded: change at least one detail."
        return None
    command = CorrectDetails(**told(record, form), changes=changes, reason=form.values["reason"])
    return journeys.correct_details(house().desk, who(), command)


class PlacementForm(FormSchema):
    """Where the student went."""

    kind = Choice("What it is", PLACEMENTS, required=True)
    specialty = Choice("Field", {}, required=True)
    place = Words("Program or practice", longest=NAME_MAX, required=True)
    starts_on = Day("Begins on", metadata={"hint": "Where that is not today."})
    income_usd = Whole(
        "Income a year, in dollars",
        high=INCOME_MAX_USD,
        metadata={"hint": "For a practice only: gross, as the student tells it."},
    )


RECORD_PLACEMENT = Task(
    heading="Record a placement",
    lead="A SOAP place, a year, a match, a training step begun or finished, or practice.",
    button="Record the placement",
    message="Placement recorded.",
)


@blueprint.route("/journeys/<uuid:journey_id>/placements/new", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def record_placement(journey_id: UUID) -> ResponseReturnValue:
    """Record where the student went."""
    record = read_to_write(journey_id)

    def send(form: Form) -> Receipt:
        return contacts.record_placement(house().desk, who(), RecordPlacement(**told(record, form), **form.values))

    schema = asking({"specialty": Choice("Field", specialty_names(), required=True)}, PlacementForm)
    return perform(RECORD_PLACEMENT, record, send, schema=schema)
