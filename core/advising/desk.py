"""The desk on which every use case works: the journal, the clock, the institution and the playbook in force."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from core.decision.playbook import Playbook
from core.decision.recommendation import evaluate
from core.errors import Conflict, InvalidValue, NotAllowed, NotFound, RecordErased
from core.journal.root import Stamp
from core.journey.assessments import classify_profile
from core.journey.evidence import evidence_of
from core.journey.journey import Journey
from core.journey.recommendations import issue_recommendation
from core.people.access import Permission, Principal, require
from core.people.institution import Institution, PlaybookPublished
from core.people.member import Member
from core.plan.calendars import Calendar
from core.plan.windows import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from core.journal.root import Root
    from core.journal.store import Journal

__all__ = ["Command", "Desk", "JourneyCommand", "Receipt", "advise"]

R = TypeVar("R", bound="Root")
# Each attempt decides again on a newer version. Writers of one process take turns on a stream (TURNS locks, a stream
# always has the same one), so only writers of other processes can be first, and rarely often in a row.
ATTEMPTS = 24
TURNS = 64
READERS = 64  # that at once may hold different answers
ALL = 2**63 - 1  # no limit
_ID_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Base of all commands; `command_id` is made by the client, so that a repeat has no second effect."""

    command_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyCommand(Command):
    """A command on one journey; `seen` is the version the person had before them, None for a program."""

    journey_id: UUID
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a command did.

    Args:
        position: the read models show the effect once they reach it.
        stream: of the aggregate it concerned.
        version: of the aggregate afterwards.
        repeated: the command had been done before; nothing was written.
    """

    position: int
    stream: UUID
    version: int
    repeated: bool


@dataclass(kw_only=True)
class Desk:
    """Everything a use case needs, for one institution.

    Args:
        journal: the open journal.
        clock: returns now [timezone-aware, UTC].
    """

    journal: Journal
    clock: Callable[[], datetime]
    _institution: Institution | None = field(default=None, init=False)
    # when it was brought up to date: threads that read a page hold what they were told at its beginning
    _institution_as_of: deque[tuple[int, ...]] = field(default_factory=lambda: deque(maxlen=READERS), init=False)
    _known: dict[UUID, tuple[tuple[int, ...], Member]] = field(default_factory=dict, init=False)
    _playbook: Playbook | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _joined: list[UUID] = field(default_factory=list, init=False)
    _joined_up_to: int = field(default=0, init=False)
    _turns: tuple[threading.Lock, ...] = field(
        default_factory=lambda: tuple(threading.Lock() for _ in range(TURNS)), init=False
    )

    def institution(self) -> Institution:
        """Return the institution as it stands.

        Raises:
            NotFound: the store was never founded.
        """
        with self._lock:
            now, held = self.journal.changes(), self._institution
            if held is None or now not in self._institution_as_of:
                known = self.journal.keys.institution
                self._institution = held = self.journal.refresh(held) if held else self.journal.get(Institution, known)
                self._institution_as_of.appendleft(now)
            return held

    def playbook(self) -> Playbook:
        """Return the playbook in force.

        Raises:
            NotFound: none was published yet.
        """
        institution = self.institution()
        if institution.playbook is None:
            raise NotFound("no playbook is in force yet; a steward publishes one")
        held = self._playbook
        if held is None or held.digest != institution.playbook_digest:
            held = Playbook.from_content(institution.playbook)
            self._playbook = held
        return held

    def content(self) -> Mapping[str, Any]:
        """Return the content of the playbook in force, to be read only; without a playbook it has no packs."""
        return self.institution().playbook or {"packs": []}

    def calendar(self, specialty: str) -> Calendar:
        """Return the windows and cycle dates that count for those who missed a specialty."""
        return Calendar.of(self.content(), specialty)

    def published(self) -> tuple[PlaybookPublished, ...]:
        """Return every playbook that came into force, the oldest first, as it lies in the journal."""
        events = self.journal.stream(self.journal.keys.institution)
        return tuple(one for one in events if isinstance(one, PlaybookPublished))

    def today(self) -> date:
        """Return the calendar date in the institution's time zone."""
        return self.clock().astimezone(self.institution().zone).date()

    def stamp(self, actor: str, command: Command) -> Stamp:
        """Return the stamp for a command's events.

        Raises:
            InvalidValue: the command id is empty or too long.
        """
        if not 1 <= len(command.command_id) <= _ID_MAX:
            raise InvalidValue("command_id", command.command_id, f"text of 1 to {_ID_MAX} characters")
        return Stamp(actor=actor, command_id=command.command_id, recorded_at=self.clock())

    def principal(self, member_id: str) -> Principal:
        """Return who a member is now.

        Raises:
            NotFound: unknown member.
            NotAllowed: the member was deactivated.
        """
        try:
            stream = UUID(member_id)
        except ValueError:
            raise NotFound(f"there is no member {member_id}") from None
        with self._lock:
            member = self._member(stream)
            if not member.active:
                raise NotAllowed(f"{member.name} was deactivated")
            return Principal.of(member)

    def _member(self, stream: UUID) -> Member:
        """Return a member as they stand; read again only when something was written since."""
        now = self.journal.changes()
        as_of, member = self._known.pop(stream, ((), None))
        if member is None or as_of[1:] != now[1:]:
            self.journal.keys.destroyed()  # a key may have been, elsewhere: it is forgotten here too
            member = self.journal.get(Member, stream)
        elif as_of != now:
            member = self.journal.refresh(member)
        self._known[stream] = (now, member)
        return member

    def members(self) -> list[Member]:
        """Return all members as they stand, without those who left and those who were erased."""
        with self._lock:
            head = self.journal.head()
            joined = self.journal.read_log(self._joined_up_to, ALL, topics=(Member.Created.TOPIC,))
            self._joined += [one.event.originator_id for one in joined if one.position <= head]
            self._joined_up_to = head
            ids = list(self._joined)
        found = []
        for member_id in ids:
            with suppress(RecordErased):
                found.append(self.journal.get(Member, member_id))
        return [one for one in found if one.active]

    def change(
        self,
        kind: type[R],
        stream: UUID,
        command: Command,
        decide: Callable[[R], None],
        *,
        check: Callable[[R], None] | None = None,
    ) -> Receipt:
        """Load an aggregate, decide, save; on a version conflict decide again on the newer version.

        A command that is already in the stream is answered, not repeated: the library retries an ambiguous commit and
        then reports a conflict although the events are stored.

        Args:
            kind: of the aggregate.
            stream: its id.
            command: the command; its id is looked up.
            decide: checks and triggers.
            check: refuses who may not do this; asked before anything is answered.
        """
        with self._turns[stream.int % TURNS]:
            for _ in range(ATTEMPTS):
                root = self.journal.get(kind, stream)
                if check is not None:
                    check(root)
                if command.command_id in root.commands:
                    return self._done(root, repeated=True)
                decide(root)
                try:
                    position = self.journal.save(root)
                except Conflict:
                    continue
                return Receipt(position=position, stream=stream, version=root.version, repeated=False)
        raise Conflict("many people are changing this record at this moment; nothing was saved, try again")

    def begin(self, kind: type[R], stream: UUID, command: Command, make: Callable[[], R]) -> Receipt:
        """Start an aggregate and save it.

        Raises:
            Conflict: it exists already, made by another command.
        """
        for _ in range(2):
            if self.journal.has(stream):
                root = self.journal.get(kind, stream)
                if command.command_id in root.commands:
                    return self._done(root, repeated=True)
                raise Conflict(f"this {kind.TOPIC} exists already")
            root = make()
            try:
                position = self.journal.save(root)
            except Conflict:
                continue  # somebody began the same one: look again
            return Receipt(position=position, stream=stream, version=root.version, repeated=False)
        raise Conflict(f"this {kind.TOPIC} exists already")

    def change_journey(
        self,
        who: Principal,
        permission: Permission,
        command: JourneyCommand,
        decide: Callable[[Journey, Stamp], Any],
    ) -> Receipt:
        """Check access and change one journey.

        Args:
            who: the member who acts.
            permission: what they need on this journey.
            command: the command.
            decide: checks and triggers; gets the journey and the stamp.
        """
        stamp = self.stamp(who.member_id, command)

        return self.change(
            Journey,
            command.journey_id,
            command,
            lambda journey: decide(journey, stamp),
            check=lambda journey: require(who, permission, journey.target),
        )

    def _done(self, root: Root, *, repeated: bool) -> Receipt:
        return Receipt(position=self.journal.head(), stream=root.id, version=root.version, repeated=repeated)


def advise(desk: Desk, journey: Journey, stamp: Stamp) -> None:
    """Bring the journey up to its evidence: profile, recommendation and reached milestones, where they changed."""
    playbook = desk.playbook()
    as_of = stamp.recorded_at.astimezone(desk.institution().zone).date()
    result = evaluate(evidence_of(journey, as_of=as_of), playbook).to_dict()
    classify_profile(journey, result["profile"], playbook=playbook.digest, stamp=stamp)
    issue_recommendation(journey, result, stamp=stamp)
    settle(journey, stamp=stamp)
