"""Everything on the journey page that stands in order of time: entries, milestones, contacts, notes, placements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.journey.contacts import CHANNELS, VISIBILITIES
from core.journey.placements import PLACEMENTS
from web.journey.record import here
from web.journey.words import due

if TYPE_CHECKING:
    from core.journey.milestones import Milestone
    from projections.timeline import Entry
    from web.journey.record import Record

__all__ = ["Happening", "Rung", "contacts", "happening", "notes", "placements", "rungs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of what happened."""

    title: str
    when: str
    detail: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A milestone as a rung; `state` as the stylesheet names it, `href` where it can still change."""

    title: str
    when: str
    detail: str
    state: str
    href: str


def rungs(record: Record) -> tuple[Rung, ...]:
    """Return the plan as rungs; the nearest open milestone is the next, unless the journey ended."""
    goes_on = record.sheet.ended is None
    coming = [m for m in record.sheet.milestones if m.status == "planned" and m.due_on >= record.today and goes_on]
    first = coming[0].milestone_id if coming else ""
    return tuple(_rung(record, one, first) for one in record.sheet.milestones)


def _rung(record: Record, one: Milestone, first: str) -> Rung:
    left = one.status == "planned" and record.sheet.ended is not None
    over = one.status == "planned" and one.due_on < record.today and not left
    day = record.day(one.due_on)
    when = {
        "planned": "left open; the journey ended"
        if left
        else f"was due {day}, {due(one.due_on, record.today)}"
        if over
        else f"by {day}, {due(one.due_on, record.today)}",
        "completed": "reached",
        "waived": "waived",
        "missed": f"missed, was due {day}",
    }[one.status]
    state = "next" if one.milestone_id == first else {"planned": "to-come", "missed": "missed"}.get(one.status, "")
    still = record.may_write and one.status in ("planned", "missed")
    return Rung(
        title=one.title,
        when=when,
        detail=one.note,
        state="missed" if over else "" if left else state,
        href=here(record, "milestone", milestone_id=one.milestone_id) if still else "",
    )


def happening(record: Record, one: Entry) -> Happening:
    """Return an entry of the timeline, with who and when."""
    recorded = record.moment(one.recorded_at)
    late = f"recorded late; happened {record.day(one.happened_on)}" if one.late and one.happened_on else ""
    on = f"on {record.day(one.happened_on)}" if one.happened_on and not one.late else ""
    by = f"by {one.actor_name}" if one.actor_name else ""
    detail = " · ".join(part for part in (one.detail, on, late, by) if part)
    return Happening(
        title="This entry was erased" if one.erased else one.title, when=recorded, detail=detail, late=one.late
    )


def contacts(record: Record) -> tuple[Happening, ...]:
    """Return the conversations, the newest first."""
    return tuple(
        Happening(
            title=CHANNELS.get(one.channel, one.channel),
            when=record.day(record.date_of(one.said)),
            detail=f"{one.summary} · by {one.said.actor_name}",
            late=one.said.late,
        )
        for one in record.sheet.contacts
    )


def notes(record: Record) -> tuple[Happening, ...]:
    """Return the notes, the newest first."""
    return tuple(
        Happening(
            title=VISIBILITIES.get(one.visibility, one.visibility),
            when=record.moment(one.said.recorded_at),
            detail=f"{one.body} · by {one.said.actor_name}",
            late=False,
        )
        for one in record.sheet.notes
    )


def placements(record: Record) -> tuple[Happening, ...]:
    """Return the placements, the newest first."""
    return tuple(
        Happening(
            title=PLACEMENTS.get(one.kind, one.kind),
            when=record.day(record.date_of(one.said)),
            detail=" · ".join(
                part
                for part in (
                    one.place,
                    one.specialty_name,
                    f"${one.income_usd:,} a year" if one.income_usd is not None else "",
                )
                if part
            ),
            late=one.said.late,
        )
        for one in reversed(record.sheet.placements)
    )
