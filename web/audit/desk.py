"""The desk of a cohort: search its events by person, kind, time and actor; findings beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, request, url_for

from core.people.access import Permission, require
from projections import search as events
from projections.search import Sought
from web.edge import house, needs, page, who
from web.registers.place import Place, day_of, member_of, page_number, people_options, place

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from projections.search import Hit, SearchPage

__all__ = ["blueprint"]

blueprint = Blueprint("audit", "web.audit")

_KINDS: Final = {
    "decisions": "Decisions",
    "gates": "Gates passed and opened",
    "recommendations": "Recommendations",
    "facts": "Facts",
    "opinions": "Opinions",
    "milestones": "Milestones",
    "contacts": "Conversations and notes",
    "advisors": "Advisors",
    "ladders": "Ladders and placements",
    "journeys": "Journeys opened, details",
    "findings": "Findings",
}
_NAMES: Final = ("person", "kind", "actor", "since", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """The desk.

    Args:
        place: the cohort.
        active: what is looked for, by name, as in the address.
        selects: lists to choose from.
        hits: events, the newest first, each with when in words.
        older: address of the next page, or "".
        findings: address of all findings, or "" where they are what is shown.
    """

    place: Place
    active: dict[str, str]
    selects: tuple[tuple[str, str, str, list[tuple[str, str]]], ...]
    hits: tuple[tuple[Hit, str], ...]
    older: str
    findings: str


@blueprint.get("/cohorts/<cohort>/audit")
@needs(Permission.READ_FINDINGS)
def desk(cohort: str) -> ResponseReturnValue:
    """Show the events that fit, all of them without a search."""
    here = place(cohort, "audit.desk")
    require(who(), Permission.READ_FINDINGS, here.target)
    active = {name: text for name in _NAMES if (text := request.args.get(name, "").strip())}
    sought = Sought(
        text=active.get("person"),
        kind=active.get("kind"),
        actor=member_of(active.get("actor")),
        since=day_of("since", active.get("since")),
        until=day_of("until", active.get("until")),
    )
    with house().views.read() as db:
        found = events.search(db, cohort, sought, before=page_number("before"))
        members = people_options(db, active.get("actor"))
    return page("audit/desk.html", view=_screen(here, active, found, members))


def _screen(here: Place, active: dict[str, str], found: SearchPage, members: list[tuple[str, str]]) -> DeskPage:
    def href(**more: Any) -> str:
        return url_for("audit.desk", cohort=here.cohort, **more)

    return DeskPage(
        place=here,
        active=active,
        selects=(
            ("kind", "What", active.get("kind", ""), [("", "Everything"), *_KINDS.items()]),
            ("actor", "By", active.get("actor", ""), [("", "Everyone"), *members]),
        ),
        hits=tuple((one, here.moment(one.recorded_at)) for one in found.hits),
        older=href(**active, before=found.older) if found.older else "",
        findings="" if active.get("kind") == "findings" else href(kind="findings"),
    )
