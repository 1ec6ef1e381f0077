"""What plugins show of a journey: they get a view without names and free words, and the page waits for none of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rungwise import FactView, JourneyView, MilestoneView
from web.code_plugins import Panels
from web.edge import house
from web.journey.prompt import standing_path

if TYPE_CHECKING:
    from web.journey.record import Record

__all__ = ["journey_view", "panels"]


def panels(record: Record) -> Panels:
    """Ask the plugins for panels on a journey as it is today; on a page of the past nobody is asked."""
    if record.then is not None:
        return Panels()
    return house().plugins.panels(partial(journey_view, record), record.today)


def journey_view(record: Record) -> JourneyView:
    """Return a journey as plugins see it."""
    one = record.sheet
    decided = standing_path(one)
    return JourneyView(
        specialty=one.specialty,
        specialty_name=one.specialty_name,
        cycle=one.cycle,
        match_system=one.match_system,
        match_status=one.match_status,
        facts={
            name: FactView(value=fact.value, confirmed=fact.confirmed, disputed=fact.disputed is not None)
            for name, fact in one.facts.items()
            if name in record.kinds and record.kinds[name].kind != "text"  # what is written freely may name people
        },
        outcome=one.recommendation.outcome if one.recommendation else None,
        profile=one.profile["row"] if one.profile else None,
        decision=decided.kind if decided else None,
        ladder=one.ladder.ladder if one.ladder else None,
        milestones=tuple(
            MilestoneView(code=goal.code, due_on=goal.due_on, status=goal.status) for goal in one.milestones
        ),
    )
