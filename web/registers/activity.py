"""The activity of a cohort: who did what on which journey and when, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from flask import request, url_for

from core.decision.wording import count
from core.people.access import Permission
from projections import activity as activities
from projections.activity import Wanted
from web.edge import house, needs, page
from web.live import live_cohort
from web.registers.place import Place, blueprint, day_of, member_of, page_number, people_options, place

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue

    from projections.activity import ActivityPage, Deed

__all__: list[str] = []

_KINDS: Final = {
    "decisions": "Decisions and gates",
    "facts": "Facts",
    "opinions": "Opinions",
    "milestones": "Milestones",
    "contacts": "Conversations and notes",
    "advisors": "Advisors",
    "ladders": "Ladders and placements",
    "journeys": "Journeys opened, details",
    "findings": "Audit findings",
    "money": "Scenarios and quarters",
}
_FOLLOWED_TOLD: Final = 2  # titles of what followed; the rest is counted, the journey has all of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A deed as it is read."""

    deed: Deed
    time: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityScreen:
    """The activity.

    Args:
        place: the cohort.
        active: the filters that are set, by name, as in the address.
        days: each day with its deeds.
        selects: filters to choose from.
        newer: address of the page before, or "".
        older: likewise of the next.
    """

    place: Place
    active: dict[str, str]
    days: tuple[tuple[str, tuple[Line, ...]], ...]
    selects: tuple[tuple[str, str, str, list[tuple[str, str]]], ...]
    newer: str
    older: str


@blueprint.get("/activity")
@needs(Permission.READ_COHORT)
def activity(cohort: str) -> ResponseReturnValue:
    """Show what happened."""
    here = place(cohort, "registers.activity")
    active = {name: text for name in ("actor", "kind", "day") if (text := request.args.get(name, "").strip())}
    wanted = Wanted(actor=member_of(active.get("actor")), kind=active.get("kind"), day=day_of("day", active.get("day")))
    before, after = page_number("before"), page_number("after")
    with house().views.read() as db:
        found = activities.page(db, cohort, wanted, before=before, after=after)
        members = people_options(db, active.get("actor"))
        live = live_cohort(db, cohort, here.today) if before is None and after is None else None
    return page("registers/activity.html", view=_screen(here, active, found, members), live=live)


def _screen(here: Place, active: dict[str, str], found: ActivityPage, members: list[tuple[str, str]]) -> ActivityScreen:
    def href(**more: Any) -> str:
        return url_for("registers.activity", cohort=here.cohort, **(active | more))

    days = groupby(found.deeds, key=lambda deed: deed.recorded_at.astimezone(here.zone).date())
    newest, oldest = (found.deeds[0].position, found.deeds[-1].position) if found.deeds else (0, 0)
    return ActivityScreen(
        place=here,
        active=active,
        days=tuple((_heading(here, on), tuple(_line(here, deed) for deed in deeds)) for on, deeds in days),
        selects=(
            ("actor", "By", active.get("actor", ""), [("", "Everyone"), *members]),
            ("kind", "What", active.get("kind", ""), [("", "Everything"), *_KINDS.items()]),
        ),
        newer=href(after=newest) if found.newer and newest else "",
        older=href(before=oldest) if found.older and oldest else "",
    )


def _line(here: Place, deed: Deed) -> Line:
    local = deed.recorded_at.astimezone(here.zone)
    told, rest = deed.followed[:_FOLLOWED_TOLD], len(deed.followed) - _FOLLOWED_TOLD
    followed = [*told, *([f"and {count(rest, 'more line')}"] if rest > 0 else [])]
    late = f"recorded late; happened {here.day(deed.happened_on)}" if deed.late and deed.happened_on else ""
    return Line(
        deed=deed,
        time=f"{local.hour % 12 or 12}:{local:%M %p}",
        detail=" · ".join(part for part in (deed.detail, late, *followed) if part),
    )


def _heading(here: Place, on: date) -> str:
    days = (here.today - on).days
    near = {0: "Today, ", 1: "Yesterday, "}.get(days, "")
    return f"{near}{on:%A, %B} {on.day}" + ("" if on.year == here.today.year else f", {on.year}")
