# ruff: noqa: TC001, TC003 - what is kept is encoded and decoded by these annotations, at run time
"""How a journey stands: core's own state of it, kept between passes, with the few things that only pages need.

The read models fold journeys with the events' own `mutate`, so that no rule of how a journey evolves is written twice,
and gates and opinions are judged by core on the same object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypedDict, cast
from uuid import UUID

import msgspec
from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, Uuid

from core.decision.tree import NODES
from core.journal.root import Erased, replay
from core.journey.assessments import ProfileClassified
from core.journey.contacts import ContactLogged
from core.journey.decisions import Decision
from core.journey.feedback import Opinion
from core.journey.hold import GatePassed, Override
from core.journey.journey import Fact, Journey, StoredWeakness
from core.journey.milestones import Milestone
from core.journey.placements import Placement, PlacementRecorded
from core.journey.recommendations import RecommendationIssued
from projections.model import JOURNEY_TOPICS, ReadModel
from projections.rows import METADATA, put

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from core.journal.root import Event
    from projections.working import Working

__all__ = ["JOURNEY", "LATE_DAYS", "MODEL", "TREE_ENDS", "Standing", "is_late", "searchable", "tree_end"]

# DESIGN §4: an event carries the day it happened where that differs from the day of recording; our reading: more than a
# week later the page says "recorded late", so that nobody takes it for what was known at the time.
LATE_DAYS = 7


JOURNEY = Table(
    "journey",
    METADATA,
    Column("journey_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    *(
        Column(name, Text)
        for name in ("student_ref", "name", "search", "cohort", "match_system", "specialty", "advisor")
    ),
    Column("cycle", Integer),
    Column("recommendation_version", Integer, nullable=False),  # 0 = none
    Column("previous_version", Integer, nullable=False),
    Column("state", LargeBinary),  # what `Standing.restore` needs; NULL = erased
)
Index("journey_by_cohort", JOURNEY.c.cohort, JOURNEY.c.search)


class JourneyState(TypedDict):
    """What events build up in a `core.journey.journey.Journey`; not the command ids and the import's last values.

    Of the recommendation there is only the outcome.
    """

    student_ref: str
    name: str
    email: str | None
    cycle: int
    cohort: str
    match_system: str
    match_status: str
    match_day: date
    learned_on: date
    specialty: str
    earlier_journey: UUID | None
    facts: dict[str, Fact]
    weaknesses: tuple[StoredWeakness, ...] | None
    weaknesses_version: int
    opinions: dict[str, Opinion]
    profile: dict[str, Any] | None
    recommendation: dict[str, Any] | None
    recommendation_version: int
    decisions: dict[str, Decision]
    overrides: dict[str, Override]
    milestones: dict[str, Milestone]
    placements: list[Placement]
    conversations: int
    advisor: str | None
    team: str | None
    ladder: str | None


@dataclass(slots=True, kw_only=True)
class Beside:
    """What pages show of a journey beyond core's state of it.

    Args:
        last_contact_on: the latest day somebody of the team spoke with the student.
        placement: kind and specialty of the newest placement.
        recommendation_at: position of the recommendation in force.
        recommendations: how many there were.
        previous_version: version of the recommendation before it, 0 = none.
        changed_at: when the newest event was recorded.
        changed_by: who recorded it.
        changed_words: what they did: the first event of the newest command that is not only a consequence.
        command: id of the newest command; `only_consequences` while nothing else of it was folded.
    """

    last_contact_on: date | None = None
    placement: tuple[str, str] | None = None
    recommendation_at: int | None = None
    tree_end: str | None = None
    recommendations: int = 0
    previous_version: int = 0
    changed_at: str = ""
    changed_by: str = ""
    changed_words: str = ""
    command: str = ""
    only_consequences: bool = False


# What follows by itself from what somebody did: it does not speak for the command.
_CONSEQUENCES = (ProfileClassified, RecommendationIssued, GatePassed)


class _Kept(TypedDict):
    state: JourneyState
    beside: Beside


_STATE = tuple(JourneyState.__annotations__)
METADATA.info["journey.state"] = msgspec.json.schema(_Kept)  # a part of the shape of the file
_decode = msgspec.json.Decoder(_Kept).decode
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Standing:
    """A journey as it stands after an event."""

    journey: Journey
    position: int
    beside: Beside = field(default_factory=Beside)
    leads: bool = False  # whether the event folded last is what its command was about, not what followed from it

    @classmethod
    def empty(cls, stream: UUID) -> Standing:
        """Return a journey before its first event."""
        return cls(_shell(stream, 0), 0)

    @classmethod
    def erased(cls, event: Erased, position: int) -> Standing:
        """Return what is left of an erased journey: the place of its newest event."""
        journey = _shell(event.originator_id, event.originator_version)
        journey.erased = True
        return cls(journey, position, Beside(changed_at=event.recorded_at.isoformat(), changed_words="Erased"))

    @classmethod
    def restore(cls, stream: UUID, version: int, position: int, kept: bytes | None) -> Standing:
        """Make it again from what was kept; None is an erased journey."""
        journey = _shell(stream, version)
        if kept is None:
            journey.erased = True
            return cls(journey, position)
        found = _decode(kept)
        journey.__dict__.update(found["state"])
        return cls(journey, position, found["beside"])

    def keep(self) -> bytes | None:
        """Return what `restore` needs."""
        journey = self.journey
        if journey.erased:
            return None
        return _encode({"state": {name: journey.__dict__[name] for name in _STATE}, "beside": self.beside})

    def advance(self, event: Event, position: int, at: str, words: str, zone: ZoneInfo) -> None:
        """Fold one event.

        Args:
            event: the next of the journey.
            position: of the event.
            at: when it was recorded [ISO 8601].
            words: its title.
            zone: in which days begin and end.
        """
        journey, beside = self.journey, self.beside
        if isinstance(event, RecommendationIssued):
            beside.recommendations += 1
            beside.previous_version = journey.recommendation_version
            beside.recommendation_at = position
            beside.tree_end = tree_end(event.result)
        elif isinstance(event, ContactLogged):
            on = event.happened_on or event.recorded_at.astimezone(zone).date()
            beside.last_contact_on = max(on, beside.last_contact_on or on)
        elif isinstance(event, PlacementRecorded):
            beside.placement = (event.kind, event.specialty)
        self.journey = journey = cast("Journey", replay(journey if journey.version else None, (event,)))
        journey.commands.clear()  # no fold asks for them
        if isinstance(event, RecommendationIssued):  # the whole takes as much room as all the rest, and has its own row
            journey.recommendation = {"outcome": event.result["outcome"]}
        self.position = position
        beside.changed_at = at
        beside.changed_by = event.actor
        consequence = isinstance(event, _CONSEQUENCES)
        speaks = event.command_id != beside.command or (beside.only_consequences and not consequence)
        self.leads = speaks and not consequence
        if speaks:
            beside.changed_words = words
            beside.only_consequences = consequence
        beside.command = event.command_id


def tree_end(result: Mapping[str, Any]) -> str | None:
    """Return where the walk through the tree ended, as one of `TREE_ENDS`: "pd-no" (playbook §4, TREE).

    Args:
        result: a recommendation in the shape of the evaluate contract.
    """
    verdicts: dict[str, str] = {rule["id"]: rule["verdict"] for rule in result["rules"]}
    walked = [node for node, _ in NODES if node in result.get("path", ())]
    if not walked:
        return None
    answer = _ANSWERS.get(verdicts.get(dict(NODES)[walked[-1]], ""))
    return f"{walked[-1].removeprefix('TREE.')}-{answer}" if answer else None


_ANSWERS = {"holds": "yes", "fails": "no", "missing": "missing"}
# The walk goes on while the answer is yes, so only the last node can end it with one.
TREE_ENDS = tuple(
    f"{node.removeprefix('TREE.')}-{answer}"
    for node, _ in NODES
    for answer in ("no", "missing", "yes")
    if answer != "yes" or node == NODES[-1][0]
)


def searchable(*words: str) -> str:
    """Return words in the form in which names and references are looked for."""
    return " ".join(words).casefold()


def _finish(work: Working) -> None:
    rows: list[tuple[object, ...]] = []
    for standing in work.standings.values():
        one, kept = standing.journey, standing.keep()
        who: tuple[object, ...] = (None,) * 8
        if kept is not None:
            search = searchable(one.name, one.student_ref)
            who = (
                one.student_ref,
                one.name,
                search,
                one.cohort,
                one.match_system,
                one.specialty,
                one.advisor,
                one.cycle,
            )
        versions = (one.recommendation_version, standing.beside.previous_version)
        rows.append((one.id.hex, one.version, standing.position, *who, *versions, kept))
    put(work.db, JOURNEY, rows)


MODEL = ReadModel(name="journey", tables=(JOURNEY,), topics=JOURNEY_TOPICS, finish=_finish)


def is_late(happened_on: date | None, recorded_at: datetime, zone: ZoneInfo) -> bool:
    """Say whether something was recorded more than `LATE_DAYS` days after it happened."""
    return happened_on is not None and (recorded_at.astimezone(zone).date() - happened_on).days > LATE_DAYS


def _shell(stream: UUID, version: int) -> Journey:
    journey = Journey.__new__(Journey)
    journey.__base_init__(stream, version, _NEVER)
    Journey.__init__(journey)
    return journey


_NEVER = datetime.min  # noqa: DTZ901 - the library keeps a time on each aggregate that no read model looks at
