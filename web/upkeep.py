"""How far the pages are behind what was recorded, what they lack, and making them again; for stewards."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, url_for

from core.people.access import Permission
from projections.registry import MODELS
from web.edge import house, needs, page
from web.verify import last_verified, verify

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from projections.parking import Parked
    from projections.status import Status
    from web.verify import Verified

__all__ = ["PARTS", "blueprint"]

blueprint = Blueprint("upkeep", __name__, url_prefix="/institution/upkeep")

# What people know a read model by.
PARTS = {
    "people": "Members, cohorts and settings",
    "timeline": "Timelines of journeys",
    "journey": "Journey pages",
    "recommended": "Recommendations on journey pages",
    "board": "Cohort boards",
    "register": "Decisions register",
}
VERIFY_WAIT_S = 2.0  # a walk over some ten thousand events is over by then; a longer one goes on by itself
SHOWN = 50  # parked events on the page; `rungwise views status` prints all


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A read model: its name for people, and how many events it lacks."""

    name: str
    lacks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A parked event, and the parts of the pages that lack it."""

    event: Parked
    parts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """The page; `more` is how many parked events it leaves out, `verified` is None before the first walk."""

    status: Status
    verified: Verified | None
    parts: tuple[Part, ...]
    missing: tuple[Missing, ...]
    more: int
    zone: str


@blueprint.get("")
@needs(Permission.MANAGE_SETTINGS)
def overview() -> ResponseReturnValue:
    """Show how far the pages are."""
    status = house().runner.status()
    parts = (Part(name=PARTS[one.name], lacks=sum(one.name in p.models for p in status.parked)) for one in MODELS)
    missing = [Missing(event=one, parts=", ".join(PARTS[m] for m in one.models)) for one in status.parked[:SHOWN]]
    view = Upkeep(
        status=status,
        verified=last_verified(house()),
        parts=tuple(parts),
        missing=tuple(missing),
        more=max(0, len(status.parked) - SHOWN),
        zone=str(house().desk.institution().zone),
    )
    return page("institution/upkeep.html", view=view)


@blueprint.post("")
@needs(Permission.MANAGE_SETTINGS)
def again() -> ResponseReturnValue:
    """Make the read models again; whoever reads meanwhile reads those in use."""
    house().runner.start_rebuild()
    flash("The pages are being made again. Everybody can go on working meanwhile.", "ok")
    return redirect(url_for("upkeep.overview"), code=303)


@blueprint.post("/verify")
@needs(Permission.MANAGE_SETTINGS)
def verify_now() -> ResponseReturnValue:
    """Verify the journal beside all other work; the page says what was found."""
    name = f"verify {house().settings.data_dir}"
    walking = next((one for one in threading.enumerate() if one.name == name), None)
    if walking is None:  # a second press waits for the first walk
        walking = threading.Thread(target=verify, args=(house(),), name=name, daemon=True)
        walking.start()
    walking.join(VERIFY_WAIT_S)
    if walking.is_alive():
        flash("The journal is being verified; look again in some minutes. Everybody can go on working meanwhile.", "")
    return redirect(url_for("upkeep.overview"), code=303)
