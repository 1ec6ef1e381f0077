"""Placements: where the year, and later the career, actually went (playbook YEAR, CASE.ortho238)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from core.errors import InvalidValue
from core.journal.root import Root, Stamp
from core.journey.hold import PATH_KINDS
from core.values import NAME_MAX, one_of, text

if TYPE_CHECKING:
    from datetime import date

    from core.journey.journey import Journey

__all__ = ["PLACEMENTS", "SEATS", "Placement", "PlacementRecorded", "ended", "record_placement"]

PLACEMENTS = {
    "soap_place": "SOAP place",
    "preliminary_surgery": "Preliminary surgery year",
    "preliminary_medicine": "Preliminary medicine year",
    "transitional_year": "Transitional year",
    "research_year": "Research year",
    "categorical": "Categorical place",
    "matched": "Matched",
    "training_begun": "Training begun",
    "training_finished": "Training finished",
    "practice": "Practice",
}
# Kinds of placement, and modes of a decision, that are a year in a SOAP, preliminary or transitional place (YEAR).
SEATS = frozenset({"soap_place", "preliminary_surgery", "preliminary_medicine", "transitional_year"})
_FOR_GOOD = frozenset({"categorical", "matched"})
_ONE_YEAR = SEATS | {"research_year"}
INCOME_MAX_USD = 10_000_000  # a typing guard, not a claim about pay


class Placement(NamedTuple):
    """Where the student went, and by which event that was recorded."""

    kind: str
    specialty: str
    version: int


class PlacementRecorded(Root.Event):
    """A place was taken, a training step begun or finished, or practice started; income in USD per year, gross."""

    TOPIC: ClassVar[str] = "placement.recorded"
    kind: str
    specialty: str
    place: str
    income_usd: int | None

    def apply(self, journey: Journey) -> None:
        """Add it to the list."""
        journey.placements.append(Placement(self.kind, self.specialty, self.originator_version))


def ended(journey: Journey) -> Placement | None:
    """Return the placement with which the journey ended, or None while it goes on.

    Our reading, for the playbook names no end: practice, or a matched or categorical place in the dream field or in the
    field that the student decided on. A year in another place afterwards, or a path decision recorded afterwards that
    leads elsewhere, opens it again.
    """
    standing = (one for one in journey.decisions.values() if one.kind in PATH_KINDS and one.reversed_reason is None)
    path = next(standing, None)
    chosen = path.specialty if path and path.kind == "pivot" else None
    found: Placement | None = None
    for place in journey.placements:
        if place.kind == "practice" or (place.kind in _FOR_GOOD and place.specialty in (journey.specialty, chosen)):
            found = place
        elif place.kind in _ONE_YEAR:
            found = None
    leads_on = found and path and path.recorded_version > found.version and (path.specialty or journey.specialty)
    return None if found and leads_on and leads_on != found.specialty else found


def record_placement(
    journey: Journey,
    kind: str,
    *,
    specialty: str,
    place: str,
    stamp: Stamp,
    income_usd: int | None = None,
    starts_on: date | None = None,
) -> None:
    """Record where the student went.

    Args:
        journey: changed in place.
        kind: one of `PLACEMENTS`.
        specialty: slug of the field.
        place: the program or practice, in words.
        stamp: who, by which command, when; its `happened_on` is the day it began.
        income_usd: gross income per year [USD], for a practice only.
        starts_on: the day it begins, where that is not the day of recording.

    Raises:
        InvalidValue: unknown kind, no place, or an income where none belongs or out of range.
    """
    one_of("placement", kind, PLACEMENTS)
    place = text("place", place, NAME_MAX)
    if income_usd is not None and (kind != "practice" or not 0 <= income_usd <= INCOME_MAX_USD):
        raise InvalidValue("income_usd", income_usd, f"0 to {INCOME_MAX_USD} USD per year, for a practice only")
    journey.record(
        PlacementRecorded,
        stamp.on(starts_on) if starts_on else stamp,
        kind=kind,
        specialty=specialty,
        place=place,
        income_usd=income_usd,
    )
