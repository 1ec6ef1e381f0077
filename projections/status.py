"""How far the read models are, and what they lack; the same from any process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select

from projections.files import being_made
from projections.parking import Parked, parked
from projections.registry import MODELS
from projections.rows import OWN, STATE, digest_of

if TYPE_CHECKING:
    from core.journal.store import Journal
    from projections.store import Views

__all__ = ["Status", "digest", "status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How far the read models are.

    Args:
        position: folded up to here.
        head: newest event of the journal.
        lag: positions between the two; gaps are legal, so it can be more than the events.
        rate_per_s: events a second in the pass folded last.
        state: current, behind, or degraded: an event is parked, or they cannot go on.
        running: whether this process follows the journal.
        error: why they cannot go on, one sentence.
        parked: the events that some of them lack.
        degraded: names of the read models that lack one; the others have everything up to the position.
        remaking: how far they are being made again by now, in whichever process.
    """

    position: int
    head: int
    lag: int
    rate_per_s: float | None
    state: Literal["current", "behind", "degraded"]
    running: bool
    error: str | None
    parked: tuple[Parked, ...]
    degraded: tuple[str, ...]
    remaking: int | None


def status(journal: Journal, views: Views, *, running: bool = False, error: str | None = None) -> Status:
    """Return how far the read models are.

    Args:
        journal: its head is looked at.
        views: the read models.
        running: whether the asking process follows the journal.
        error: what that process knows and could not write down.
    """
    with views.read() as db:
        state: Any = db.execute(select(STATE).where(OWN)).one()
        lacking = parked(db)
    head = journal.head()
    error = error or state.error
    behind = state.position < head
    names = {name for one in lacking for name in one.models}
    return Status(
        position=state.position,
        head=head,
        lag=max(0, head - state.position),
        rate_per_s=state.rate,
        state="degraded" if error or lacking else "behind" if behind else "current",
        running=running,
        error=error,
        parked=lacking,
        degraded=tuple(model.name for model in MODELS if model.name in names),
        remaking=being_made(views.path.parent),
    )


def digest(views: Views, name: str) -> str:
    """Return a digest of all rows of one read model, the same after a rebuild.

    Raises:
        StopIteration: there is no read model of this name.
    """
    model = next(model for model in MODELS if model.name == name)
    with views.read() as db:
        return digest_of(db, model.tables)
