"""Ladders of the dream field as climbs (playbook LADDER): doors with reasons, pay with its source, one to choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import render_template
from markupsafe import Markup

from core.advising import assessments, contacts
from core.advising.assessments import RecordFact
from core.advising.contacts import ChooseLadder
from core.journey.inventory import FACTS
from core.ladders import Guidance, guidance_for, ladders_for, steered, tracks_in
from core.people.access import Permission
from core.values import SOURCE_MAX
from web.edge import house, needs, page, who
from web.journey.record import blueprint, done, here, opened, read_to_write, told
from web.journey.task import Task, perform
from web.ladders import TrackRow, climb_of, track_rows
from web.pictures.climbs import ClimbsPicture, climbs
from web.schemas import Choice, FormSchema, Words, blank, load

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from core.advising.desk import Receipt
    from core.ladders import Ladder
    from web.journey.record import Record
    from web.schemas import Form

__all__ = ["slot_of", "stands_on"]

_IMAGING: Final = "imaging"
#: Kinds of placement whose field is the one a student trains in now; it stands on the first rung of its ladders.
_TRAINING: Final = ("categorical", "matched", "training_begun")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaddersPage:
    """What the page of ladders shows.

    Args:
        record: the journey.
        picture: the climbs; empty where no ladder is known.
        known: how many ladders there are.
        packs: titles of the packs they come from; `house` when one is not from the source document.
        guidance: typical miss, gate questions and notes of the field.
        drive: what the student really wanted, in words; empty when it is not recorded.
        loves_imaging: they want imaging itself: the playbook has no ladder for that, and says so.
        drive_form: asks for it; None for readers.
        stands: the student trains in a field that a ladder begins with.
        tracks: income tracks, where no ladder is known.
    """

    record: Record
    picture: Markup
    known: int
    packs: tuple[str, ...]
    house: bool
    guidance: Guidance
    drive: str
    loves_imaging: bool
    drive_form: Form | None
    stands: bool
    tracks: tuple[TrackRow, ...]


class DriveForm(FormSchema):
    """What the student really wanted."""

    drive = Choice(
        "What draws the student most?", dict(FACTS["drive"].choices), required=True, metadata={"radio": True}
    )
    source = Words("Source", longest=SOURCE_MAX, required=True)


class ChooseForm(FormSchema):
    """The ladder chosen."""

    ladder = Words("Ladder", longest=100, required=True)


@blueprint.get("/journeys/<uuid:journey_id>/ladders")
@needs(Permission.READ_JOURNEY)
def ladders(journey_id: UUID) -> ResponseReturnValue:
    """Show the ladders of the dream field."""
    with opened(journey_id) as (_, record):
        return page("journey/ladders.html", view=_page(record))


def _page(record: Record) -> LaddersPage:
    institution = record.then.institution if record.then else house().desk.institution()
    content = institution.playbook or {"packs": []}
    found = ladders_for(content, record.sheet.specialty)
    fact = record.sheet.facts.get("drive")
    drive = str(fact.value) if fact else None
    seen = record.sheet.version
    return LaddersPage(
        record=record,
        picture=_picture(record, steered(found, drive)) if found else Markup(),
        known=len(found),
        packs=tuple(dict.fromkeys(one.pack for one in found)),
        house=any(one.house for one in found),
        guidance=guidance_for(content, record.sheet.specialty),
        drive=FACTS["drive"].choices.get(drive or "", ""),
        loves_imaging=drive == _IMAGING,
        drive_form=blank(DriveForm, form="drive", seen=seen, **_drive_start(record)) if record.may_write else None,
        stands=any(stands_on(record, ladder) is not None for ladder in found),
        tracks=() if found else track_rows(tracks_in(content), content),
    )


def _picture(record: Record, found: tuple[Ladder, ...]) -> Markup:
    drawn = (climb_of(one, standing=stands_on(record, one), slot=slot_of(record, one)) for one in found)
    return climbs(ClimbsPicture(prefix="climbs", climbs=tuple(drawn), title=f"Ladders after {record.dream}"))


def stands_on(record: Record, ladder: Ladder) -> int | None:
    """Return the rung of the field the student trains in now; None where the ladder has none."""
    training = next((one.specialty for one in reversed(record.sheet.placements) if one.kind in _TRAINING), None)
    return next((i for i, rung in enumerate(ladder.rungs) if training is not None and rung.slug == training), None)


def slot_of(record: Record, ladder: Ladder) -> Markup:
    """Return what stands at the foot of a climb: chosen, or the button that chooses it."""
    chosen = record.sheet.ladder is not None and record.sheet.ladder.ladder == ladder.id
    form = blank(ChooseForm, form="ladder", seen=record.sheet.version) if record.may_write and not chosen else None
    shown = render_template("journey/choose.html", record=record, ladder=ladder, chosen=chosen, form=form)
    return Markup(shown)  # noqa: S704 - a template of ours, escaped by Jinja


@blueprint.post("/journeys/<uuid:journey_id>/ladders")
@needs(Permission.WRITE_JOURNEY)
def choose_ladder(journey_id: UUID) -> ResponseReturnValue:
    """Choose a ladder."""
    record = read_to_write(journey_id)
    form = load(ChooseForm, form="ladder")
    chosen = form.values.get("ladder", "")
    command = ChooseLadder(**told(record, form), ladder=chosen)
    receipt = contacts.choose_ladder(house().desk, who(), command)
    return done(record, receipt, here(record, "ladders"), f"Ladder chosen for {record.first}.")


DRIVE = Task(
    schema=DriveForm,
    heading="What draws {first} most?",
    lead="The answer chooses which ladders come first. It never changes the recommendation.",
    button="Show these first",
    message="Recorded. Nothing is left out, only the order follows.",
    back="ladders",
)


@blueprint.route("/journeys/<uuid:journey_id>/drive", methods=["GET", "POST"])
@needs(Permission.WRITE_JOURNEY)
def record_drive(journey_id: UUID) -> ResponseReturnValue:
    """Record what the student really wanted; it steers the order of ladders, never the recommendation."""
    record = read_to_write(journey_id)

    def send(form: Form) -> Receipt:
        value, source = form.values["drive"], form.values["source"]
        command = RecordFact(**told(record, form), name="drive", value=value, source=source)
        return assessments.record_fact(house().desk, who(), command)

    return perform(DRIVE, record, send, start=_drive_start(record))


def _drive_start(record: Record) -> dict[str, Any]:
    fact = record.sheet.facts.get("drive")
    return {"drive": fact.value if fact else None, "source": f"{record.first}, in conversation"}
