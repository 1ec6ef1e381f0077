"""Killing writers with SIGKILL, at any moment: what was acknowledged is in the journal."""

from __future__ import annotations

import random
from itertools import count
from typing import TYPE_CHECKING

from core.advising.contacts import AddNote, add_note
from core.advising.desk import Desk
from core.journal.store import open_journal
from core.journey.journey import Journey
from core.people.access import Principal
from tests.faults.killing import Child, Connection, hear_from
from tests.readmodel.school import START, School

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from uuid import UUID

KILLS, WRITERS = 40, 4
LEAD = Principal(member_id="lead", name="Lena Lead", team=None, grants=frozenset({("lead", "2026")}))


def write(told: Connection, folder: Path, name: str, journeys: Sequence[UUID], *, answers_first: bool) -> None:
    """Add notes for ever, each as a command of its own, and acknowledge each."""
    desk = Desk(journal=open_journal(folder, {}), clock=lambda: START)
    for number in count():
        journey = journeys[number % len(journeys)]
        command = AddNote(command_id=f"{name}-{number}", journey_id=journey, visibility="team", body="Spoke briefly")
        if answers_first:
            told.send_bytes(command.command_id.encode())
        add_note(desk, LEAD, command)
        if not answers_first:
            told.send_bytes(command.command_id.encode())


def acknowledged_until_killed(folder: Path, kills: int, *, answers_first: bool = False) -> list[str]:
    """Begin four writers and kill them together, so many times; return the commands they acknowledged."""
    with School(folder) as school:
        own = [school.student(student_ref=f"S-{number}") for number in range(WRITERS)]
        shared = school.student(student_ref="S-shared")
    chance = random.Random(40)  # noqa: S311 - no secret
    acknowledged: list[str] = []
    for kill in range(kills):
        writers = [
            Child(write, folder, f"{kill}-{number}", (journey, shared), answers_first=answers_first)
            for number, journey in enumerate(own)
        ]
        at_work, enough = set[Child](), len(acknowledged) + chance.randint(WRITERS, 4 * WRITERS)
        while len(at_work) < WRITERS or len(acknowledged) < enough:
            for writer, command in hear_from(writers):
                at_work.add(writer)
                acknowledged.append(command)
        for writer in writers:
            acknowledged += writer.kill()
    return acknowledged


def stored(folder: Path) -> list[str]:
    """The commands whose events are in the journal; every stream of it still loads."""
    journal = open_journal(folder, {})
    log = journal.read_log(0, 1_000_000)
    for stream in {one.event.originator_id for one in log if isinstance(one.event, Journey.Created)}:
        journal.get(Journey, stream)
    journal.close()
    return [one.event.command_id for one in log]  # type: ignore[union-attr] # nothing is erased here


def test_forty_kills_under_four_writers_lose_nothing_that_was_acknowledged(folder: Path) -> None:
    acknowledged = acknowledged_until_killed(folder, KILLS)

    kept = stored(folder)
    assert len(acknowledged) > KILLS * WRITERS
    assert set(acknowledged) - set(kept) == set()
    assert len(kept) == len(set(kept)), "every command has one effect"


def test_control_writers_that_answer_before_they_save_lose_what_they_acknowledged(folder: Path) -> None:
    acknowledged = acknowledged_until_killed(folder, 5, answers_first=True)

    assert set(acknowledged) - set(stored(folder))
