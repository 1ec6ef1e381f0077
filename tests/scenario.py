"""Given, when, then: of one journey in memory, and of a whole team at its desk in a folder.

    given(fact("step2", 238)).when(record_fact, "step2", 240, source="ERAS").then(event("assessment.fact-recorded"))

`then` also holds each event against the stored form: what a decide function triggers can be read back as it was, and
replaying it gives the same journey.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from core.advising.desk import Desk, Receipt
from core.advising.journeys import AssignAdvisor, OpenJourney, assign_advisor, open_journey
from core.advising.members import AddMember, Found, GrantRole, add_member, found, grant_role
from core.errors import RungwiseError
from core.journal.mapper import _Codec
from core.journal.root import Event, replay
from core.journal.store import open_journal
from core.journal.topics import TOPICS
from core.journey.journey import Journey
from core.journey.journey import open_journey as begin
from core.people.member import member_id
from plugins.host import load_packs, playbook_content
from tests.builders import KEYS, NOW, Step, new_journey, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from uuid import UUID

    from core.journal.root import Root
    from core.people.access import Principal


@dataclass(frozen=True)
class Expected:
    """An event by its topic, and the fields that matter to the test."""

    topic: str
    fields: dict[str, Any]


def event(topic: str, **fields: Any) -> Expected:
    return Expected(topic, fields)


@dataclass
class Scenario:
    """One aggregate in memory; `when` may follow `when`, and `then` looks at the last one alone."""

    root: Any
    history: list[Any] = field(default_factory=list)
    happened: list[Any] = field(default_factory=list)
    refused: RungwiseError | None = None

    def when(self, decide: Callable[..., Any], *args: Any, **kwargs: Any) -> Scenario:
        """Carry out a decide function; the stamp is added unless given."""
        self.refused = None
        try:
            decide(self.root, *args, **({"stamp": stamp("when")} | kwargs))
        except RungwiseError as error:
            self.refused = error
        self.happened = self.root.collect_events()
        self.history += self.happened
        return self

    def then(self, *expected: Expected) -> Any:
        """Check that exactly these events happened; return the aggregate."""
        if self.refused is not None:
            raise self.refused
        assert [one.TOPIC for one in self.happened] == [one.topic for one in expected]
        for got, wanted in zip(self.happened, expected, strict=True):
            assert {name: getattr(got, name) for name in wanted.fields} == wanted.fields
        again = replay(None, [read_back(one) for one in self.history])
        assert _state(again) == _state(self.root)
        return self.root

    def then_nothing(self) -> Any:
        """Check that it went through without an event."""
        return self.then()

    def then_refused(self, error: type[RungwiseError], sentence: str = "") -> Any:
        """Check that it was refused with this error, whose sentence holds this text, and that nothing happened."""
        assert type(self.refused) is error, self.refused
        assert sentence in str(self.refused)
        assert self.happened == []
        return self.refused


def given(*steps: Step | Iterable[Step], **changes: Any) -> Scenario:
    """Return a journey to which these steps have happened; `changes` are of `new_journey`."""
    journey = begin(new_journey(**changes), keys=KEYS, stamp=stamp("open"))
    for number, step in enumerate(_flat(steps)):
        step(journey, stamp(f"given-{number}"))
    return Scenario(journey, history=list(journey.collect_events()))


def given_root(root: Root) -> Scenario:
    """Return the scenario of another aggregate that has just begun."""
    return Scenario(root, history=list(root.collect_events()))


def read_back(happened: Event) -> Event:
    """Return the event as it comes back from its stored body."""
    codec = _Codec(TOPICS[happened.TOPIC])
    body = msgspec.json.encode({name: getattr(happened, name) for name in codec.names})
    again: Event = object.__new__(type(happened))
    again.__dict__.update(vars(happened) | codec.body_to_fields(body, type(happened)))
    assert vars(again) == vars(happened)
    return again


def _flat(steps: Iterable[Step | Iterable[Step]]) -> Iterable[Step]:
    for step in steps:
        if callable(step):
            yield step
        else:
            yield from step


def _state(root: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(root).items() if name not in ("_pending_events", "commands")}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Team:
    """A founded store with its people: the advisor has a colleague, the stranger is of another team."""

    folder: Path
    desk: Desk
    clock: Clock
    steward: Principal
    lead: Principal
    advisor: Principal
    colleague: Principal
    stranger: Principal
    ids: int = 0

    def id(self) -> str:
        """Return a command id that was not used before."""
        self.ids += 1
        return f"c-{self.ids}"

    def open(self, advisor: Principal | None = None, **changes: Any) -> UUID:
        """Open a journey and give it to the advisor; return its id."""
        opened = open_journey(self.desk, self.lead, OpenJourney(command_id=self.id(), new=new_journey(**changes)))
        given_to = (advisor or self.advisor).member_id
        assign_advisor(
            self.desk, self.lead, AssignAdvisor(command_id=self.id(), journey_id=opened.stream, advisor_id=given_to)
        )
        return opened.stream

    def do(
        self, use_case: Callable[..., Receipt], command: type[Any], who: Principal | None = None, /, **fields: Any
    ) -> Receipt:
        """Carry out a use case as the advisor, or as somebody else, with a fresh command id."""
        return use_case(self.desk, who or self.advisor, command(**({"command_id": self.id()} | fields)))

    def journey(self, stream: UUID) -> Journey:
        return self.desk.journal.get(Journey, stream)

    def topics(self, stream: UUID, after: int = 0) -> list[str]:
        """Return the topics of a stream's events, those after a version."""
        return [
            e.TOPIC for e in self.desk.journal.stream(stream) if isinstance(e, Event) and e.originator_version > after
        ]

    def second_desk(self) -> Desk:
        """Open the same store once more, as another process would."""
        return Desk(journal=open_journal(self.folder, {}), clock=self.clock)

    def close(self) -> None:
        self.desk.journal.close()


def found_team(folder: Path) -> Team:
    """Found a store in a folder, with a playbook of the built-in packs and all its people."""
    clock = Clock()
    desk = Desk(journal=open_journal(folder, {}, create=True), clock=clock)
    command = Found(
        command_id="found",
        name="Test School",
        time_zone="America/Chicago",
        steward_name="Sam Steward",
        steward_email="steward@school.example",
        playbook=_playbook(),
    )
    steward = desk.principal(str(found(desk, command).stream))
    people: dict[str, Any] = {
        name: _member(desk, steward, name, role, team)
        for name, role, team in (
            ("lead", "lead", "north"),
            ("advisor", "advisor", "north"),
            ("colleague", "advisor", "north"),
            ("stranger", "advisor", "south"),
        )
    }
    return Team(folder, desk, clock, steward, **people)


def team_copy(founded: Path, folder: Path) -> Team:
    """Open a copy of a founded store: quicker than founding one for each test."""
    shutil.copytree(founded, folder, dirs_exist_ok=True)
    clock = Clock()
    desk = Desk(journal=open_journal(folder, {}), clock=clock)
    keys = desk.journal.keys
    who: dict[str, Any] = {
        name: desk.principal(str(member_id(keys, f"{name}@school.example")))
        for name in ("steward", "lead", "advisor", "colleague", "stranger")
    }
    return Team(folder, desk, clock, **who)


@cache
def _playbook() -> dict[str, Any]:
    return playbook_content("test", load_packs())


def _member(desk: Desk, steward: Principal, name: str, role: str, team: str) -> Principal:
    command = AddMember(command_id=f"add-{name}", name=f"Dr. {name.title()}", email=f"{name}@school.example", team=team)
    made = str(add_member(desk, steward, command).stream)
    grant_role(desk, steward, GrantRole(command_id=f"grant-{name}", member_id=made, role=role, cohort="2026"))
    return desk.principal(made)


def refused(error: type[RungwiseError], sentence: str = "") -> Any:
    """Expect a use case to be refused with this error, whose sentence holds this text."""
    return pytest.raises(error, match=re.escape(sentence) or None)
