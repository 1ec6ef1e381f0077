"""The ladders after one missed specialty: filtered by drive, compared, and one attached to a journey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import redirect, render_template, url_for
from markupsafe import Markup

from core.errors import NotFound
from core.journey.journey import Target
from core.ladders import Guidance, guidance_for, ladders_for, tracks_in
from core.people.access import Permission, Principal, allowed
from projections import board, people
from web.edge import house, may, needs_sign_in, page, who
from web.explorer.asked import DRIVES, Asked, blueprint, content, packs_of
from web.journey.ladders import slot_of, stands_on
from web.journey.record import read
from web.journey.words import listed, lowered
from web.ladders import TrackRow, climb_of, facts_of, track_rows
from web.pictures.climbs import Climb, ClimbsPicture, climbs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from flask.typing import ResponseReturnValue
    from sqlalchemy import Connection

    from core.ladders import Ladder
    from web.journey.record import Record

__all__ = ["FieldPage"]

COMPARED_MAX: Final = 4
"""Climbs that stand in one row of a desk's screen. House promise."""
_IMAGING: Final = "imaging"
#: What it means where a pack leaves a label empty that is no fact it might lack.
_UNSAID: Final = {"For whom": "everybody", "Usual pivot for": "none named", "Serves": "none named"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPage:
    """The ladders after one missed specialty.

    Args:
        asked: what the address asks for.
        name: of the specialty; `field` is the name within a sentence.
        guidance: typical miss and notes.
        record: the journey a climb can be attached to, or None; `students` whose it may be, as (id, name).
        known: how many ladders there are; `titles` of those shown, in the order of the packs.
        picture: those shown.
        compared: rows of what the compared climbs are like, by label; empty where none is compared.
        rest: climbs that could be compared too, as (id, title).
        gone: ids in the address that the playbook in force does not name.
        too_many: how many climbs were ticked, where it is more than can be compared.
        no_imaging: imaging itself is asked for, and no ladder of the field serves it (playbook LADDER, radiology).
        stands: the student trains in a field that a climb shown begins with.
        packs: title and version of each pack; `house` when one is not from the source document.
        tracks: income tracks, and `authors` who may write a pack, where no ladder is known.
        today: for paper, with the label of the playbook in force.
    """

    asked: Asked
    name: str
    guidance: Guidance
    record: Record | None
    students: tuple[tuple[str, str], ...]
    known: int
    titles: tuple[str, ...]
    picture: Markup
    compared: tuple[tuple[str, tuple[str, ...]], ...]
    rest: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    too_many: int
    no_imaging: bool
    stands: bool
    packs: tuple[str, ...]
    house: bool
    tracks: tuple[TrackRow, ...]
    authors: str
    today: date
    playbook: str

    @property
    def field(self) -> str:
        """The specialty within a sentence."""
        return lowered(self.name)

    @property
    def drives(self) -> list[tuple[str, str]]:
        """What there is to tick."""
        return [(drive, words.capitalize()) for drive, words in DRIVES.items()]


@blueprint.get("/<specialty>")
@needs_sign_in
def field(specialty: str) -> ResponseReturnValue:
    """Show the ladders after one missed specialty."""
    known = house().desk.playbook().specialties.get(specialty)
    if known is None:
        raise NotFound("no pack of the playbook in force names this specialty")
    asked = Asked.read(specialty)
    with house().views.read() as db:
        record = read(db, asked.journey) if asked.journey else None
        if record and record.sheet.specialty != specialty:
            return redirect(url_for("explorer.field", specialty=record.sheet.specialty, journey=asked.journey))
        view = _view(db, asked, known.name, record)
    return page("explorer/field.html", 422 if view.too_many else 200, view=view)


def _view(db: Connection, asked: Asked, name: str, record: Record | None) -> FieldPage:
    book = content()
    found = ladders_for(book, asked.specialty)
    picked = tuple(one for one in found if one.id in asked.picks)
    too_many = len(picked) if len(picked) > COMPARED_MAX else 0
    comparing = bool(picked) and not too_many
    shown = picked if comparing else tuple(one for one in found if {*asked.drives} <= {*one.drives})
    drawn = tuple(_climb(one, asked, record, comparing=comparing) for one in shown)
    title = f"Ladders after {lowered(name)}"
    return FieldPage(
        asked=asked,
        name=name,
        guidance=guidance_for(book, asked.specialty),
        record=record,
        students=_students(db, asked.specialty, record) if found else (),
        known=len(found),
        titles=tuple(one.title for one in shown),
        picture=climbs(ClimbsPicture(prefix="climbs", climbs=drawn, title=title)) if drawn else Markup(),
        compared=_side_by_side(picked, drawn) if comparing else (),
        rest=tuple((one.id, one.title) for one in found if one not in shown) if comparing else (),
        gone=tuple(sorted({*asked.picks} - {one.id for one in found})),
        too_many=too_many,
        no_imaging=_IMAGING in asked.drives and not any(_IMAGING in one.drives for one in found),
        stands=any(climb.standing is not None for climb in drawn),
        packs=packs_of(book, asked.specialty),
        house=any(one.house for one in found),
        tracks=() if found else track_rows(tracks_in(book), book),
        authors="" if found else listed(_authors(db)),
        today=house().desk.today(),
        playbook=book.get("label", "none"),
    )


def _climb(ladder: Ladder, asked: Asked, record: Record | None, *, comparing: bool) -> Climb:
    """Return a climb with its tick, and the button that attaches it to the journey at hand."""
    tick = render_template("explorer/tick.html", ladder=ladder, ticked=ladder.id in asked.picks)
    return climb_of(
        ladder,
        standing=stands_on(record, ladder) if record else None,
        facts=not comparing,
        slot=Markup(tick) + (slot_of(record, ladder) if record else Markup()),  # noqa: S704 - a template of ours
    )


def _side_by_side(ladders: Sequence[Ladder], drawn: Sequence[Climb]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what each climb is like, a row a label; what no climb says is left out, and pay stands with its bars."""
    rows = {"Years": tuple(climb.road for climb in drawn), "Narrowest door": tuple(climb.door for climb in drawn)}
    for labels in zip(*(facts_of(one) for one in ladders), strict=True):
        label, texts = labels[0][0], tuple(text for _, text in labels)
        if any(texts):
            rows[label] = tuple(text or _UNSAID.get(label, "") for text in texts)
    return tuple(rows.items())


def _students(db: Connection, specialty: str, record: Record | None) -> tuple[tuple[str, str], ...]:
    """Return whose journeys of a specialty the person may write on; the one at hand stays even if they may not."""
    own: dict[str, str] = {}
    if may(Permission.WRITE_JOURNEY):
        wanted, today = board.Filters(specialty=specialty), house().desk.today()
        for cohort in who().cohorts:
            for row in board.every_row(db, cohort, filters=wanted, today=today):
                target = Target(cohort=cohort, advisor=row.advisor_id, team=row.team)
                if not row.erased and may(Permission.WRITE_JOURNEY, target):
                    own[str(row.journey_id)] = f"{row.name}, cohort {cohort}"
    if record is not None:
        own.setdefault(str(record.journey_id), record.sheet.name)
    return tuple(own.items())


def _authors(db: Connection) -> list[str]:
    """Return who may write a pack."""
    found = []
    for one in people.members(db):
        grants = frozenset(one.grants)
        person = Principal(member_id=str(one.member_id), name=one.name, team=one.team, grants=grants)
        if one.active and allowed(person, Permission.WRITE_PACKS):
            found.append(one.name)
    return found
