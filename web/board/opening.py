"""The form that opens one journey, for a student who is in no roster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.advising.journeys import OpenJourney, open_journey
from core.errors import Conflict
from core.journey.journey import MATCH_STATUSES, MATCH_SYSTEMS, NewJourney
from core.values import NAME_MAX
from projections import journey as journeys
from web.edge import house, who
from web.schemas import Choice, Day, Email, FormSchema, Words

if TYPE_CHECKING:
    from uuid import UUID

    from core.advising.desk import Receipt
    from web.schemas import Form

__all__ = ["already_open", "open_form", "opened"]


class _OpenForm(FormSchema):
    student_ref = Words("Student reference", longest=NAME_MAX, required=True)
    name = Words("Full name", longest=NAME_MAX, required=True)
    email = Email("E-mail of the student")
    match_system = Choice("Match system", MATCH_SYSTEMS, required=True)
    match_status = Choice("Match status", MATCH_STATUSES, required=True)
    match_day = Day("Match Day", required=True)
    learned_on = Day("Day the student learned the status", required=True)


def open_form() -> type[FormSchema]:
    """Return the form; the dream fields are those of the playbook in force, by name."""
    found = sorted(house().desk.playbook().specialties.items(), key=lambda pair: pair[1].name.casefold())
    options = {slug: specialty.name for slug, specialty in found}
    made: type[FormSchema] = _OpenForm.from_dict({"specialty": Choice("Dream field", options, required=True)})  # type: ignore[assignment] # a subclass of ours
    return made


def opened(cycle: int, form: Form) -> Receipt | None:
    """Open the journey that a form describes; None when it has to be shown again, with its errors."""
    new: dict[str, Any] = {**form.values, "cycle": cycle}
    command = OpenJourney(command_id=form.command_id, new=NewJourney(**new))
    try:
        return form.send(lambda: open_journey(house().desk, who(), command))
    except Conflict:
        system = MATCH_SYSTEMS[form.values["match_system"]]
        form.errors["student_ref"] = f"This student's journey of {system} {cycle} is open already."
        return None


def already_open(cycle: int, form: Form) -> UUID | None:
    """Return the journey that stands in the way of a new one, so that the page can lead there."""
    reference, system = str(form.typed["student_ref"]).strip(), form.typed["match_system"]
    if not reference or "student_ref" not in form.errors:
        return None
    with house().views.read() as db:
        found = journeys.by_reference(db, reference, cycle)
    return next((one.journey_id for one in found if one.match_system == system), None)
