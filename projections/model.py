"""What a read model is: its tables, the events it folds, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.journal.root import Erased, Event
from core.journal.topics import TOPICS
from core.journey.journey import Journey

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Table

    from core.journal.store import Recorded
    from projections.working import Working

__all__ = ["JOURNEY_TOPICS", "ReadModel", "topic_of"]

JOURNEY_TOPICS = frozenset(name for name, topic in TOPICS.items() if topic.root is Journey)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadModel:
    """One read model.

    Args:
        name: of its file.
        tables: its own; no other read model writes them.
        topics: the events it folds; each may also come as an `Erased` tombstone.
        fold: takes one event; a journey stands in the working set as it does after the event. None = `finish` does it
            all from the journeys that the pass touched.
        finish: writes the rows of the pass.
    """

    name: str
    tables: tuple[Table, ...]
    topics: frozenset[str]
    fold: Callable[[Working, Recorded], None] | None = None
    finish: Callable[[Working], None]


def topic_of(event: Event | Erased) -> str:
    """Return the stored topic of an event, erased or not."""
    return event.topic if isinstance(event, Erased) else type(event).TOPIC
