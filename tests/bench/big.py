"""A big journal for figures: the demonstration's own journeys, lived by many more students.

Every event is one that the use cases made for a student of the demonstration, so kinds, sizes and order are those of
real work; it is sealed anew for its new stream by the journal's own mapper, and written in big transactions.
"""

from __future__ import annotations

import atexit
import math
import random
import shutil
import sqlite3
import statistics
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from core.advising.desk import Desk
from core.journal.store import open_journal
from core.journey.journey import Journey, journey_id, student_subject
from web import demo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.journal.root import Event
    from core.journal.store import Journal

STUDENTS = 20_000  # what the figures of a big store are of: more than a million events
CYCLE_STUDENTS = 2000  # who did not match in one year and are advised at the same time
SMALL_COHORT, SMALL_STUDENTS = "2001", 200  # a cohort that is in every such journal
_TRANSACTION = 20_000
_INSERT = "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)"


@cache
def grown(students: int) -> Path:
    """Return the folder of a journal with so many students; made once for all figures of a run.

    It lies on a disk even where /tmp lies in memory, for there a commit would cost nothing.
    """
    folder = Path(mkdtemp(dir="/var/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    grow(folder, students=students).close()
    return folder


def grow(folder: Path, *, students: int = 0, events: int = 0) -> Journal:
    """Make a store with the demonstration, then a cohort of 200, then others.

    The journeys of a cohort run beside each other, command by command, in the order of chance (always the same).

    Args:
        folder: for the store.
        students: how many there are to be beside the demonstration's own.
        events: as many students more as make this many.

    Returns:
        The open journal.
    """
    journal = open_journal(folder, {}, create=True)
    desk = Desk(journal=journal, clock=lambda: datetime(2026, 6, 16, 14, tzinfo=UTC))
    demo.load(desk, lambda _member, _password: None)
    lives = _lives(journal)
    students = max(students, math.ceil(events / statistics.mean(sum(map(len, life)) for life in lives)))
    mapper = journal._store.mapper
    rows: list[tuple[str, int, str, bytes]] = []
    journal.keys._db.execute("BEGIN IMMEDIATE")  # one transaction for all keys
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        for event in _events(journal, lives, students):
            sealed = mapper.to_stored_event(event)
            rows.append((event.originator_id.hex, sealed.originator_version, sealed.topic, sealed.state))
            if len(rows) == _TRANSACTION:
                _write(db, rows)
        _write(db, rows)
    journal.keys._db.execute("COMMIT")
    return journal


def _write(db: sqlite3.Connection, rows: list[tuple[str, int, str, bytes]]) -> None:
    db.execute("BEGIN IMMEDIATE")
    db.executemany(_INSERT, rows)
    db.execute("COMMIT")
    rows.clear()


def _lives(journal: Journal) -> list[list[list[Event]]]:
    """Return the journeys of the demonstration, each as its commands, each of those as its events."""
    log: list[Any] = [one.event for one in journal.read_log(0, 1_000_000)]
    found: dict[Any, list[list[Event]]] = {}
    for event in log:
        if isinstance(event, Journey.Created):
            found[event.originator_id] = [[event]]
        elif commands := found.get(event.originator_id):
            if commands[-1][-1].command_id == event.command_id:
                commands[-1].append(event)
            else:
                commands.append([event])
    return list(found.values())


def _events(journal: Journal, lives: Sequence[list[list[Event]]], students: int) -> Iterator[Event]:
    chance = random.Random(1)  # noqa: S311 - no secret
    begun = 0
    for cycle in range(int(SMALL_COHORT), 10_000):
        size = min(SMALL_STUDENTS if cycle == int(SMALL_COHORT) else CYCLE_STUDENTS, students - begun)
        if size <= 0:
            return
        turns: list[tuple[float, int, int]] = []  # when in the year, whose, which command
        for number in range(begun, begun + size):
            commands = len(lives[number % len(lives)])
            turns += [(at, number, turn) for turn, at in enumerate(sorted(chance.random() for _ in range(commands)))]
        turns.sort()
        streams = {number: _stream(journal, number, cycle) for number in range(begun, begun + size)}
        for _, number, turn in turns:
            stream, changed = streams[number]
            for event in lives[number % len(lives)][turn]:
                yield _lived_by(event, stream, changed)
        begun += size


def _stream(journal: Journal, number: int, cycle: int) -> tuple[Any, dict[str, Any]]:
    reference = f"B-{number}"
    stream = journey_id(journal.keys, reference, cycle, "nrmp")
    subject = student_subject(journal.keys, reference)
    name = f"Student {number:05}"
    return stream, {
        "subject": subject,
        "student_ref": reference,
        "name": name,
        "cycle": cycle,
        "cohort": str(cycle),
        "match_system": "nrmp",
        "earlier_journey": None,
    }


def _lived_by(event: Event, stream: Any, changed: dict[str, Any]) -> Event:
    made = object.__new__(type(event))
    made.__dict__.update(event.__dict__)
    made.__dict__["originator_id"] = stream
    if isinstance(event, Journey.Created):
        made.__dict__.update(changed)
    return made
