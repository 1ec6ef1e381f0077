"""The forms of outside opinions: asked for, received, declined, withdrawn, and trusted by the student."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from flask import request

from core.advising import feedback
from core.advising.feedback import DeclineOpinion, MarkTrust, ReceiveOpinion, RequestOpinion, WithdrawOpinion
from core.errors import NotFound
from core.journey.feedback import ADVICE, GRADES, REASONS, ROLES, Reviewer, Said
from core.people.access import Permission
from core.values import NAME_MAX
from web.edge import house, needs, who
from web.journey.opinions import same_author, standing_answer
from web.journey.record import blueprint, read_to_write, specialty_names, told
from web.journey.task import Task, asking, item_id, perform
from web.schemas import Choice, Choices, Day, Form, FormSchema, Tick, Words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from core.advising.desk import Receipt
    from projections.sheet import SheetOpinion
    from web.journey.record import Record

__all__: list[str] = []

#: Days in which an answer is asked for when nobody chose a day: the window of WEEK1.opinions.
ANSWER_DAYS: Final = 7
#: The box that somebody ticks who knows that this person answered already.
REPLACES: Final = "replaces"


class ReviewerForm(FormSchema):
    """Who is asked."""

    by = Words(
        "Name",
        longest=NAME_MAX,
        required=True,
        metadata={"hint": "Somebody outside the advising team.", "legend": "Who"},
    )
    role = Choice("Role", ROLES, required=True)
    specialty = Choice("Specialty", {}, required=True)
    related = Tick(
        "A related field",
        metadata={
            "hint": "One of the two opinions comes from a program director of a field that you record as related."
        },
    )


class AskForm(ReviewerForm):
    """A request for an opinion."""

    due_on = Day("Answer agreed by", required=True, metadata={"hint": "No answer by this day counts as grade 0."})


class SaidForm(FormSchema):
    """The answers to the three questions, and the champion grade."""

    next_cycle = Words(
        "What would you do next cycle?", metadata={"legend": "The three questions", "hint": "In their words."}
    )
    advice = Choice("Reapply, a related specialty, or a gap year?", ADVICE, required=True)
    killed = Words("What specifically counted against the application?", metadata={"hint": "In their words."})
    reasons = Choices("The same, coded", REASONS, metadata={"hint": "So that shared reasons show as patterns."})
    champion_grade = Choice(
        "Would they champion another try?",
        {"none": "Not asked about it", **{str(grade): f"{grade}: {words}" for grade, words in GRADES.items()}},
        required=True,
        metadata={
            "legend": "Champion grade",
            "hint": "How far this person goes for another try in the dream field, in what they said.",
        },
    )
    saw_full_file = Tick(
        "They have seen the full file", metadata={"hint": "Grade 4 with the full file seen is shown as 5."}
    )
    dated = Day("Said on", required=True)


class AnswerForm(SaidForm, ReviewerForm):
    """An opinion that came in."""


def _with_specialties(form: type[FormSchema]) -> type[FormSchema]:
    return asking({"specialty": Choice("Specialty", specialty_names(), required=True)}, form)


ASK = Task(
    heading="Ask for an opinion",
    lead="Two are needed: one from {field}, honest; one from a program director or associate director of a closely "
    "related field. Nobody is contacted from here: it records that you asked.",
    button="Record the request",
    message="Recorded: the opinion is asked for.",
    back="opinions",
)


@blueprint.route("/journeys/<uuid:journey_id>/opinions/ask", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def ask_opinion(journey_id: UUID) -> ResponseReturnValue:
    """Record that somebody was asked."""
    record = read_to_write(journey_id)

    def send(form: Form) -> Receipt:
        new, asked = item_id("opinion", form), _reviewer(form.values)
        command = RequestOpinion(**told(record, form), opinion_id=new, reviewer=asked, due_on=form.values["due_on"])
        return feedback.request_opinion(house().desk, who(), command)

    start = {"specialty": record.sheet.specialty, "due_on": record.today + timedelta(days=ANSWER_DAYS)}
    return perform(ASK, record, send, schema=_with_specialties(AskForm), start=start)


RECEIVE = Task(
    heading="Record {whose}",
    lead="Write down what was said, as it was said. An opinion can be withdrawn later; it stays in the record.",
    button="Record the opinion",
    message="Opinion recorded.",
    back="opinions",
)


@blueprint.route("/journeys/<uuid:journey_id>/opinions/new", methods=["GET", "POST"])
@blueprint.route("/journeys/<uuid:journey_id>/opinions/<opinion_id>/answer", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def receive_opinion(journey_id: UUID, opinion_id: str | None = None) -> ResponseReturnValue:
    """Record an opinion, asked for before or not."""
    record = read_to_write(journey_id)
    asked = _opinion(record, opinion_id) if opinion_id else None
    start: dict[str, Any] = {"dated": record.today, "specialty": record.sheet.specialty}
    if asked is not None:
        start |= {"by": asked.by, "role": asked.role, "specialty": asked.specialty, "related": asked.related}
    whose = f"the opinion of {asked.by}" if asked else "an opinion"
    schema = _with_specialties(AnswerForm)
    if request.method == "POST" and _earlier(record, request.form, opinion_id) is not None:
        schema = asking({REPLACES: Tick("Record it beside the earlier answer")}, schema)
    return perform(RECEIVE, record, partial(_receive, record, opinion_id), schema=schema, start=start, whose=whose)


def _earlier(record: Record, given: Mapping[str, Any], asked: str | None) -> SheetOpinion | None:
    """Return the answer of the same person that the rules take so far; of an answer without a grade nothing hangs."""
    if given.get("champion_grade") == "none":
        return None
    author = same_author(*(str(given.get(name) or "") for name in ("by", "role", "specialty")))
    return standing_answer(record, author, but=asked or "")


def _said_before(record: Record, held: SheetOpinion, dated: date) -> str:
    """Return what becomes of the earlier answer of the same person: the newest of each counts (playbook §4, S)."""
    when = record.day(held.dated) if held.dated else "an earlier day"
    first = f"{held.by} answered on {when}: grade {held.grade}."
    if held.dated is not None and dated < held.dated:
        return f"{first} That one is newer and stays the one that counts. Tick this to keep both in the record."
    return f"{first} The new answer replaces it in the rules; both stay in the record. Tick this to go on."


def _receive(record: Record, asked: str | None, form: Form) -> Receipt | None:
    values, opinion_id = form.values, asked or item_id("opinion", form)
    earlier = _earlier(record, values, opinion_id)
    if earlier is not None and not values.get(REPLACES):
        form.errors[REPLACES] = _said_before(record, earlier, values["dated"])
        return None
    held = next((one for one in record.sheet.opinions if one.opinion_id == opinion_id), None)
    said = Said(
        dated=values["dated"],
        champion_grade=None if values["champion_grade"] == "none" else int(values["champion_grade"]),
        saw_full_file=values["saw_full_file"],
        trusted=held.trusted if held else None,
        next_cycle=values["next_cycle"] or "",
        advice=values["advice"],
        killed=values["killed"] or "",
        reasons=tuple(values["reasons"]),
    )
    command = ReceiveOpinion(**told(record, form), opinion_id=opinion_id, reviewer=_reviewer(values), said=said)
    return feedback.receive_opinion(house().desk, who(), command)


class DeclinedForm(FormSchema):
    """Asked, and no opinion came."""

    why = Words(
        "What happened",
        required=True,
        metadata={"hint": "For example: declined by e-mail; or no answer by the agreed day."},
    )
    dated = Day("On", required=True)


DECLINE = Task(
    schema=DeclinedForm,
    heading="{by} declined, or did not answer",
    lead="Asked and declined, or no answer by the agreed day, is recorded as champion grade 0.",
    button="Record it as grade 0",
    message="Recorded as grade 0.",
    back="opinions",
)


@blueprint.route("/journeys/<uuid:journey_id>/opinions/<opinion_id>/declined", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def decline_opinion(journey_id: UUID, opinion_id: str) -> ResponseReturnValue:
    """Record that somebody declined, or did not answer by the agreed day."""
    record = read_to_write(journey_id)
    one = _opinion(record, opinion_id)

    def send(form: Form) -> Receipt:
        command = DeclineOpinion(**told(record, form), opinion_id=opinion_id, **form.values)
        return feedback.decline_opinion(house().desk, who(), command)

    return perform(DECLINE, record, send, about=[one.version], start={"dated": record.today}, by=one.by)


class WithdrawForm(FormSchema):
    """Why an opinion is taken back."""

    reason = Words("Why it is withdrawn", required=True)


WITHDRAW = Task(
    schema=WithdrawForm,
    heading="Withdraw the opinion of {by}",
    lead="From then on it is as if it had never been given. What was said stays in the record.",
    button="Record the withdrawal",
    message="Withdrawn.",
    back="opinions",
)


@blueprint.route("/journeys/<uuid:journey_id>/opinions/<opinion_id>/withdraw", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def withdraw_opinion(journey_id: UUID, opinion_id: str) -> ResponseReturnValue:
    """Record that the author takes an opinion back."""
    record = read_to_write(journey_id)
    one = _opinion(record, opinion_id)

    def send(form: Form) -> Receipt:
        command = WithdrawOpinion(**told(record, form), opinion_id=opinion_id, **form.values)
        return feedback.withdraw_opinion(house().desk, who(), command)

    return perform(WITHDRAW, record, send, about=[one.version], by=one.by)


class TrustForm(FormSchema):
    """Whether the student trusts somebody."""

    trusted = Choice(
        "Does the student trust this person's word?",
        {"yes": "Yes", "no": "No"},
        required=True,
        metadata={"radio": True},
    )


TRUST = Task(
    schema=TrustForm,
    heading="Does {first} trust {by}?",
    lead="In {field} only what a program director whom the student trusts says counts for the recommendation. This is "
    "{first}'s own word, recorded on their behalf.",
    button="Record it",
    message="Recorded, on {first}'s behalf.",
    back="opinions",
)


@blueprint.route("/journeys/<uuid:journey_id>/opinions/<opinion_id>/trust", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def mark_trust(journey_id: UUID, opinion_id: str) -> ResponseReturnValue:
    """Record, on the student's behalf, whether they trust the author."""
    record = read_to_write(journey_id)
    one = _opinion(record, opinion_id)

    def send(form: Form) -> Receipt:
        command = MarkTrust(**told(record, form), opinion_id=opinion_id, trusted=form.values["trusted"] == "yes")
        return feedback.mark_trust(house().desk, who(), command)

    start = {} if one.trusted is None else {"trusted": "yes" if one.trusted else "no"}
    return perform(TRUST, record, send, about=[one.version], start=start, by=one.by)


def _opinion(record: Record, opinion_id: str) -> SheetOpinion:
    found = next((one for one in record.sheet.opinions if one.opinion_id == opinion_id), None)
    if found is None:
        raise NotFound("there is no such opinion on this journey")
    return found


def _reviewer(values: Mapping[str, Any]) -> Reviewer:
    return Reviewer(by=values["by"], role=values["role"], specialty=values["specialty"], related=values["related"])
