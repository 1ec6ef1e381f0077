"""The student asks for time before deciding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.advising import time_requests
from core.advising.time_requests import RequestTime
from core.people.access import Permission
from web.edge import house, needs, who
from web.journey.record import blueprint, read_to_write, told
from web.journey.task import Task, perform
from web.schemas import Day, FormSchema, Words

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from core.advising.desk import Receipt
    from web.schemas import Form

__all__: list[str] = []


class TimeForm(FormSchema):
    """Until when, and why if they say so."""

    until = Day("Until", required=True)
    reason = Words(
        "In their words", metadata={"hint": "Nobody owes a reason for thinking; write one down if it was given."}
    )


ASK = Task(
    schema=TimeForm,
    heading="{first} asks for time",
    lead="It is recorded beside what the rules say. No date on the plan moves by it; move those that should.",
    button="Record it",
    message="Recorded: {first} asks for time.",
    back="decision",
)


@blueprint.route("/journeys/<uuid:journey_id>/time", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def request_time(journey_id: UUID) -> ResponseReturnValue:
    """Record that the student asks for time."""
    record = read_to_write(journey_id)

    def send(form: Form) -> Receipt:
        command = RequestTime(**told(record, form), until=form.values["until"], reason=form.values["reason"] or "")
        return time_requests.request_time(house().desk, who(), command)

    return perform(ASK, record, send)
