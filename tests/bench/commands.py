"""command_vs_stock: a full command of ours against the stock library doing the bare minimum of the same work."""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from core.advising import contacts
from core.advising.contacts import AddNote
from core.advising.desk import Desk
from core.advising.journeys import OpenJourney, open_journey
from core.advising.members import AddMember, Found, GrantRole, add_member, found, grant_role
from core.journal.root import Stamp
from core.journal.store import open_journal
from core.journey import contacts as journey_contacts
from core.journey.journey import Journey, NewJourney
from plugins.host import load_packs, playbook_content
from tests.bench import Figure

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from core.people.access import Principal

EVENTS = 40  # of a journey before the measured command, as in the design's figures
JOURNEYS = 50
ROUNDS = 500
NOTE = "Spoke about the plan for the coming year; two letters are promised, the third is open. " * 2

NEW = NewJourney(
    student_ref="S",
    name="Ada Wren",
    cycle=2026,
    match_system="nrmp",
    match_status="unmatched",
    match_day=date(2026, 3, 20),
    learned_on=date(2026, 3, 16),
    specialty="orthopaedic-surgery",
)


class StockJourney(Aggregate):
    """The same record as the library's documentation would write it."""

    def __init__(self, student_ref: str, name: str) -> None:
        self.student_ref = student_ref
        self.name = name
        self.notes = 0

    @event("NoteAdded")
    def add_note(self, actor: str, command_id: str, happened_on: str | None, visibility: str, body: str) -> None:
        """Add a note."""
        self.notes += 1


def _stock(folder: Path) -> Callable[[int], None]:
    env = {
        "PERSISTENCE_MODULE": "core.journal.sqlite",  # the same settings of SQLite: write-ahead log, synchronous FULL
        "APPLICATION_RECORDER_TOPIC": "eventsourcing.sqlite:SQLiteApplicationRecorder",  # with the stock recorder
        "SQLITE_DBNAME": str(folder / "stock.db"),
    }
    app: Application[UUID] = Application(env)
    ids = []
    for journey_number in range(JOURNEYS):
        journey = StockJourney(f"S{journey_number}", "Ada Wren")
        for number in range(EVENTS - 1):
            journey.add_note("a", f"first-{number}", None, "team", NOTE)
        app.save(journey)
        ids.append(journey.id)

    def command(number: int) -> None:
        loaded: StockJourney = app.repository.get(ids[number % JOURNEYS])
        loaded.add_note("a", f"note-{number}", None, "team", NOTE)
        app.save(loaded)

    return command


def _ours(folder: Path) -> Callable[[int], None]:
    desk = Desk(journal=open_journal(folder / "ours", {}, create=True), clock=lambda: datetime.now(UTC))  # noqa: TID251 - a bench has a clock
    lead = _lead(desk)
    ids = []
    for journey_number in range(JOURNEYS):
        new = replace(NEW, student_ref=f"S{journey_number}")
        opened = open_journey(desk, lead, OpenJourney(command_id="o", new=new))
        journey = desk.journal.get(Journey, opened.stream)
        stamp = Stamp(actor=lead.member_id, command_id="first", recorded_at=desk.clock())
        while journey.version < EVENTS:
            journey_contacts.add_note(journey, visibility="team", body=NOTE, stamp=stamp)
        desk.journal.save(journey)
        ids.append(opened.stream)

    def command(number: int) -> None:
        note = AddNote(command_id=f"note-{number}", journey_id=ids[number % JOURNEYS], visibility="team", body=NOTE)
        contacts.add_note(desk, lead, note)

    return command


def _lead(desk: Desk) -> Principal:
    content = playbook_content("bench", load_packs())
    founding = Found(
        command_id="f",
        name="Bench",
        time_zone="UTC",
        steward_name="S",
        steward_email="s@bench.example",
        playbook=content,
    )
    steward = desk.principal(str(found(desk, founding).stream))
    lead_id = str(add_member(desk, steward, AddMember(command_id="m", name="L", email="l@bench.example")).stream)
    grant_role(desk, steward, GrantRole(command_id="g", member_id=lead_id, role="lead", cohort="2026"))
    return desk.principal(lead_id)


def measure() -> list[Figure]:
    """Run both sides turn by turn on streams of equal length and compare the medians."""
    with tempfile.TemporaryDirectory() as name:
        ours, stock = _ours(Path(name)), _stock(Path(name))
        times: dict[str, list[float]] = {"ours": [], "stock": []}
        for number in range(ROUNDS):
            for side, command in (("ours", ours), ("stock", stock)):
                start = time.perf_counter()
                command(number)
                times[side].append(time.perf_counter() - start)
    mine, theirs = statistics.median(times["ours"]), statistics.median(times["stock"])
    how = (
        f"add a note to a journey of {EVENTS} to {EVENTS + ROUNDS // JOURNEYS} events, SQLite synchronous=FULL on both "
        f"sides, {ROUNDS} turns: ours {mine * 1e3:.2f} ms with access, command id and sealing, "
        f"stock get + trigger + save {theirs * 1e3:.2f} ms"
    )
    return [Figure(name="command_vs_stock", value=theirs / mine, unit="x", bound=1.3, better="more", how=how)]
