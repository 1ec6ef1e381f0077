"""What every aggregate and every event of ours has in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003 - the mapper reads annotations at run time
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from eventsourcing.domain import AggregateCreated, AggregateEvent, BaseAggregate

from core.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Created", "Erased", "Event", "Root", "Stamp", "replay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who caused an event, by which command, and when; put on every event a command triggers.

    Args:
        actor: id of the member who acted, or the name of the part of the program that did.
        command_id: made by the client; a repeat of the command finds it and has no second effect.
        recorded_at: when it is written down [timezone-aware, UTC].
        happened_on: the calendar date on which it happened, where that differs from the date of recording.
    """

    actor: str
    command_id: str
    recorded_at: datetime
    happened_on: date | None = None

    def on(self, happened_on: date | None) -> Stamp:
        """Return the same stamp for something that happened on another date."""
        return Stamp(
            actor=self.actor, command_id=self.command_id, recorded_at=self.recorded_at, happened_on=happened_on
        )


class Root(BaseAggregate[UUID]):
    """Base of all aggregates.

    `commands` holds the ids of the commands already in the stream; `erased` is true once the key is destroyed.
    """

    class Event(AggregateEvent):
        """Base of all events: actor, command and, where it differs, the date on which it happened.

        A subclass names its fields, its `TOPIC` and an `apply` that only sets state: no check belongs there, for it
        would run again on every replay, and a rule tightened later would make old streams unloadable.
        """

        TOPIC: ClassVar[str] = ""
        actor: str
        command_id: str
        happened_on: date | None

        @property
        def recorded_at(self) -> datetime:
            """When the event was recorded [timezone-aware, UTC]."""
            return self.timestamp

    TOPIC: ClassVar[str]

    def __init__(self) -> None:
        self.commands: set[str] = set()
        self.erased = False

    @classmethod
    def begin(cls, created: type[Any], *, stream_id: UUID, stamp: Stamp, **fields: Any) -> Self:
        """Start a stream with its first event."""
        root = cls._create(
            created,
            id=stream_id,
            actor=stamp.actor,
            command_id=stamp.command_id,
            happened_on=stamp.happened_on,
            timestamp=stamp.recorded_at,
            **fields,
        )
        root.commands.add(stamp.command_id)
        return root

    def record(self, event: type[Event], stamp: Stamp, **fields: Any) -> None:
        """Trigger an event: build it, apply it, and keep it until the aggregate is saved."""
        self.trigger_event(
            event,
            actor=stamp.actor,
            command_id=stamp.command_id,
            happened_on=stamp.happened_on,
            timestamp=stamp.recorded_at,
            **fields,
        )
        self.commands.add(stamp.command_id)


Event = Root.Event


class Created(Root.Event, AggregateCreated):
    """Base of the first event of a stream.

    `subject` names the person (or the institution) under whose key the whole stream is sealed.
    """

    subject: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What is left of an event whose key was destroyed: its place, its kind and its time, nothing of a person.

    Every fold handles it: an aggregate becomes an erased shell, a read model keeps a tombstone.
    """

    originator_id: UUID
    originator_version: int
    topic: str
    recorded_at: datetime
    root: type[Root]

    def mutate(self, aggregate: Root | None) -> Root:
        """Return the aggregate as an erased shell at this version."""
        if aggregate is None:
            aggregate = self.root.__new__(self.root)
            aggregate.__base_init__(self.originator_id, self.originator_version, self.recorded_at)
            Root.__init__(aggregate)
        aggregate.erased = True
        aggregate.version = self.originator_version
        return aggregate


def replay(aggregate: Root | None, events: Iterable[Event | Erased]) -> Root | None:
    """Fold events into an aggregate.

    The library's own projector checks a protocol for each event, which costs three times the rest of a load.

    Raises:
        StoreError: an event in the middle, or the first one, is gone.
    """
    for event in events:
        if isinstance(event, Erased):
            aggregate = event.mutate(aggregate)
            continue
        if aggregate is None and isinstance(event, Created):
            aggregate = event.mutate(None)
        elif aggregate is None or event.originator_version != aggregate.version + 1:
            gone = 1 if aggregate is None else aggregate.version + 1
            raise StoreError(f"stream {event.originator_id} lacks its event {gone}; restore the journal from a backup")
        else:
            event.apply(aggregate)
            aggregate.version = event.originator_version
            aggregate.modified_on = event.timestamp
        if aggregate is not None:
            aggregate.commands.add(event.command_id)
    return aggregate
