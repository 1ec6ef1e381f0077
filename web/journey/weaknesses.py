"""The main weaknesses of an application, each with its remedy and the months that takes (playbook REAPPLY.fix)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from marshmallow import ValidationError, validates_schema

from core.advising.assessments import AssessWeaknesses, assess_weaknesses
from core.journey.assessments import MONTHS_MAX
from core.journey.journey import StoredWeakness
from core.people.access import Permission
from core.values import NAME_MAX, SOURCE_MAX
from web.edge import house, needs, who
from web.journey.fact_fields import SOURCE_HINT
from web.journey.record import blueprint, read_to_write, told
from web.journey.task import Task, asking, perform
from web.schemas import Choice, Form, FormSchema, Tick, Whole, Words

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from core.advising.desk import Receipt
    from web.fields import Labelled
    from web.journey.record import Record

__all__ = ["KINDS", "weaknesses"]

#: Kinds of a weakness. Source: playbook §4, REAPPLY.fix; the kind never changes a verdict.
KINDS: Final = {"research": "Research", "step2": "Step 2", "letters": "Letters", "other": "Something else"}
ROWS_MIN: Final = 4
ROWS_MAX: Final = 8  # as many as the one-page inventory holds on paper


class WeaknessesForm(FormSchema):
    """The main weaknesses, or that none was found; the rows are added for each journey."""

    none_found = Tick("Assessed, and none was found", metadata={"hint": "Only when no weakness is listed below."})

    @validates_schema
    def none_or_some(self, data: dict[str, Any], **_: Any) -> None:
        """None found, or at least one; a remedy without a kind says nothing."""
        given = [n for n in _rows(data) if data[f"kind_{n}"]]
        if data["none_found"] and given:
            raise ValidationError("Either none was found, or weaknesses are listed: not both.", "none_found")
        if not data["none_found"] and not given:
            raise ValidationError("Choose at least one weakness, or tick that none was found.", "kind_1")
        for n in _rows(data):
            if n not in given and (data[f"remedy_{n}"] or data[f"months_{n}"] is not None):
                raise ValidationError("Choose which weakness this remedy is for.", f"kind_{n}")


ASSESS = Task(
    heading="Main weaknesses and their remedies",
    lead="A real remedy in time is what makes another try sensible: one or two projects with a strong mentor, a "
    "Step 2 now in hand, rotations with strong letter writers. Empty rows are left out.",
    button="Record the weaknesses",
    message="Recorded.",
    back="inventory",
    template="journey/weaknesses.html",
)


@blueprint.route("/journeys/<uuid:journey_id>/weaknesses", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def weaknesses(journey_id: UUID) -> ResponseReturnValue:
    """Assess the main weaknesses."""
    record = read_to_write(journey_id)
    held = len(record.sheet.weaknesses.weaknesses) if record.sheet.weaknesses else 0
    schema = _form(max(ROWS_MIN, min(held + 1, ROWS_MAX), held))
    about = [record.sheet.weaknesses.said.version] if record.sheet.weaknesses else []
    return perform(ASSESS, record, partial(_assess, record), schema=schema, start=_start(record), about=about)


def _form(rows: int) -> type[FormSchema]:
    asked: dict[str, Labelled] = {}
    for n in range(1, rows + 1):
        asked[f"kind_{n}"] = Choice("What it is", KINDS, metadata={"legend": f"Weakness {n}", "quiet": True})
        asked[f"remedy_{n}"] = Words("Remedy", longest=NAME_MAX, metadata={"quiet": True})
        asked[f"months_{n}"] = Whole(
            "Months it takes", high=MONTHS_MAX, metadata={"hint": "Empty while unknown.", "quiet": True}
        )
    asked["source"] = Words(
        "Source", longest=SOURCE_MAX, required=True, metadata={"hint": SOURCE_HINT, "legend": "Where this comes from"}
    )
    return asking(asked, WeaknessesForm)


def _start(record: Record) -> dict[str, Any]:
    assessed = record.sheet.weaknesses
    if assessed is None:
        return {}
    start: dict[str, Any] = {"none_found": not assessed.weaknesses}
    for n, weakness in enumerate(assessed.weaknesses, 1):
        start |= {f"kind_{n}": weakness.kind, f"remedy_{n}": weakness.remedy, f"months_{n}": weakness.months}
    return start


def _assess(record: Record, form: Form) -> Receipt:
    values = form.values
    listed = tuple(
        StoredWeakness(kind=values[f"kind_{n}"], remedy=values[f"remedy_{n}"], months=values[f"months_{n}"])
        for n in _rows(values)
        if values[f"kind_{n}"]
    )
    command = AssessWeaknesses(**told(record, form), weaknesses=listed, source=values["source"])
    return assess_weaknesses(house().desk, who(), command)


def _rows(data: dict[str, Any]) -> range:
    return range(1, sum(key.startswith("kind_") for key in data) + 1)
