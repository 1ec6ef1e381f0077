"""The journey page: who, the one next thing, where it stands, what was said, what is planned, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import request

from core.errors import RecordErased
from core.journey.hold import GATES
from core.journey.inventory import FACTS
from core.journey.journey import MATCH_STATUSES, MATCH_SYSTEMS
from core.journey.placements import PLACEMENTS
from core.people.access import Permission
from projections import journey as journeys
from projections import timeline
from web.edge import house, needs, page, who
from web.journey.inventory import Cell, cell_of
from web.journey.next_thing import NextThing, next_thing, where_it_stands
from web.journey.opinions import OpinionRow, opinion_rows, shared_words
from web.journey.panels import panels
from web.journey.pictures import timeline_picture
from web.journey.prompt import standing_path
from web.journey.record import blueprint, here, opened
from web.journey.renewal import newer_playbook
from web.journey.rungs import Happening, Rung, contacts, happening, notes, placements, rungs
from web.journey.words import rule_sentence, since

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue
    from markupsafe import Markup

    from projections.timeline import TimelinePage
    from web.code_plugins import Panels
    from web.journey.record import Record

__all__: list[str] = []

ENTRIES: Final = 20
#: The facts of the inventory that the journey page itself shows; the inventory shows all.
_SHOWN: Final = (
    "step2",
    "step1",
    "class_standing",
    "research",
    "interviews_offered",
    "applications_sent",
    "red_flags",
    "financial_pressure",
)


_READABLE: Final = ("journey.decision", "journey.inventory", "journey.ladders", "journey.opinions")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPage:
    """What the journey page shows.

    Args:
        record: the journey.
        about: the line under the name.
        next: the one next thing, and `next_href` where it is done.
        picture: events and plans on one rail.
        says: what the rules say, in one sentence; empty while there is no recommendation.
        said_at: since when.
        decision: what the student decided, in words; empty = nothing yet.
        facts: the most asked for facts, and how many of all are recorded.
        opinions: with the reasons they share.
        rungs: the plan.
        happened: a page of the timeline; `pages` has its numbers.
        zone: name of the zone in which times are given.
        panels: what plugins show.
        newer: whether a newer playbook says something else of the dream field; the decision page tells it.
    """

    record: Record
    about: str
    next: NextThing
    next_href: str
    picture: Markup
    says: str
    said_at: str
    decision: str
    facts: tuple[Cell, ...]
    facts_known: int
    facts_all: int
    disputed: int
    opinions: tuple[OpinionRow, ...]
    shared: str
    rungs: tuple[Rung, ...]
    happened: tuple[Happening, ...]
    pages: TimelinePage
    zone: str
    contacts: tuple[Happening, ...]
    notes: tuple[Happening, ...]
    placements: tuple[Happening, ...]
    panels: Panels
    newer: bool


@blueprint.get("/journeys/<uuid:journey_id>")
@needs(Permission.READ_JOURNEY)
def sheet(journey_id: UUID) -> ResponseReturnValue:
    """Show a journey; an erased one is a tombstone."""
    number = request.args.get("page", default=1, type=int)
    try:
        with opened(journey_id) as (db, record):
            happened = timeline.page(db, journey_id, number=max(number, 1), size=ENTRIES)
            newer = newer_playbook(db, record)
    except RecordErased:
        with house().views.read() as db:
            return page("journey/erased.html", 410, view=journeys.sheet(db, journey_id))
    if record.then is None:
        house().access.looked.at_journey(who().member_id, journey_id, record.sheet.position)
    return page("journey/sheet.html", view=_page(record, happened, newer is not None))


def _page(record: Record, happened: TimelinePage, newer: bool) -> SheetPage:  # noqa: FBT001 - one of its parts
    own = record.may_write or record.then is not None  # looking back, it is nobody's task any more
    todo = (next_thing if own else where_it_stands)(record.sheet, record.today)
    return SheetPage(
        record=record,
        about=_about(record),
        next=todo,
        next_href=_next_href(record, todo),
        picture=timeline_picture(record),
        says=_says(record),
        said_at=record.moment(record.sheet.recommendation.said.recorded_at) if record.sheet.recommendation else "",
        decision=_decision(record),
        facts=tuple(cell_of(record, name) for name in (*_SHOWN, *_of_packs(record))),
        facts_known=len(record.sheet.facts),
        facts_all=len(record.kinds),
        disputed=sum(fact.disputed is not None for fact in record.sheet.facts.values()),
        opinions=opinion_rows(record),
        shared=shared_words(record),
        rungs=rungs(record),
        happened=tuple(happening(record, one) for one in happened.entries),
        pages=happened,
        zone=str(record.zone),
        contacts=contacts(record),
        notes=notes(record),
        placements=placements(record),
        panels=panels(record),
        newer=newer,
    )


def _of_packs(record: Record) -> tuple[str, ...]:
    """Return what packs ask of this field, recorded or not."""
    return tuple(name for name, kind in record.kinds.items() if kind.group == "pack")


def _next_href(record: Record, todo: NextThing) -> str:
    """Return where the next thing is done; empty for people who may not open that page."""
    may_open = todo.endpoint in _READABLE or record.may_write
    if not todo.endpoint or not may_open or (todo.endpoint == "journey.assign" and not record.may_lead):
        return ""
    return here(record, todo.endpoint.removeprefix("journey."), **todo.values)


def _about(record: Record) -> str:
    """Return who this is in one line: the miss, the place, the advisor, the last contact."""
    one = record.sheet
    miss = (
        f"Did not match in {record.dream}"
        if one.match_status == "unmatched"
        else f"{MATCH_STATUSES[one.match_status]}; missed {record.dream}"
    )
    place = one.placements[-1] if one.placements else None
    parts = [
        one.student_ref,
        miss,
        f"{MATCH_SYSTEMS[one.match_system]} {one.cycle}",
        f"{PLACEMENTS[place.kind]}: {place.place}" if place else "",
        f"advisor {one.advisor_name}" if one.advisor_name else "no advisor yet",
        f"last contact {since(one.last_contact_on, record.today)}" if one.last_contact_on else "no contact yet",
    ]
    return " · ".join(part for part in parts if part)


def _says(record: Record) -> str:
    """Return why the rules say what they say, in one sentence."""
    said = record.sheet.recommendation
    if said is None:
        return ""
    rules = {rule["id"]: rule["why"] for rule in said.result["rules"]}
    conditions = {one.id: one.sentence for one in record.specialty.conditions} if record.specialty else {}
    for rule in said.result["decided_by"][:1]:
        sentence = rule_sentence(rule, record.field, conditions)
        return f"{sentence}." if sentence.casefold() == rules[rule].casefold() else f"{sentence}: {rules[rule]}."
    if said.outcome == "INDETERMINATE":
        lacking = len(said.result["missing"])
        return f"Not yet: {lacking} {'thing' if lacking == 1 else 'things'} that the rules turn on still missing."
    return f"Every condition holds: {rules['REAPPLY.interviews']}; {rules['REAPPLY.pd']}; {rules['REAPPLY.fix']}."


def _decision(record: Record) -> str:
    one, asked = standing_path(record.sheet), record.sheet.time_requests
    if one is None:
        return f"none yet; asked for time until {record.day(asked[0].until)}" if asked else ""
    mode = FACTS["planned_year"].choices.get(one.mode, one.mode) if one.mode else None
    against = {"differs": "against the recommendation", "not_decidable": "while not yet decidable"}.get(one.relation)
    stance = {"concurs": "the advisor concurs", "dissents": "the advisor thinks otherwise"}.get(one.stance or "")
    on = record.day(record.date_of(one.said))
    return ", ".join(part for part in (GATES[one.kind], mode, one.specialty_name, on, against, stance) if part)
