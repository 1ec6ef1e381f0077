"""How the tests read the demonstration: the desk, journeys by reference, the board without ids."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from core.advising.desk import Desk
from core.journal.store import open_journal
from core.journey.journey import Journey, journey_id
from core.people.member import member_id
from projections.board import every_row
from projections.runner import Runner
from projections.store import open_views
from web.demo.script import read_script
from web.house import DEMO_START

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.people.access import Principal

TODAY = date(2026, 6, 16)
SCRIPT = read_script()


def now() -> datetime:
    return DEMO_START


@contextmanager
def desk_in(folder: Path, *, create: bool = False) -> Iterator[Desk]:
    journal = open_journal(folder, {}, create=create)
    try:
        yield Desk(journal=journal, clock=now)
    finally:
        journal.close()


def journey_of(desk: Desk, ref: str, cycle: int = 2026, system: str = "nrmp") -> Journey:
    return desk.journal.get(Journey, journey_id(desk.journal.keys, ref, cycle, system))


def person(desk: Desk, key: str) -> Principal:
    return desk.principal(str(member_id(desk.journal.keys, f"{key}@larkfield.example")))


def said_of(journey: Journey) -> str:
    result: dict[str, Any] = journey.recommendation or {}
    return " by ".join([str(result["outcome"]), *filter(None, [", ".join(result["decided_by"])])])


def board_of(folder: Path) -> dict[str, dict[str, Any]]:
    """The board of the read models by reference, without the ids that differ between stores."""
    journal = open_journal(folder, {})
    views = open_views(folder, journal)
    try:
        Runner(journal, views).catch_up()
        with views.read() as db:
            rows = [row for cohort in ("2014", "2026") for row in every_row(db, cohort, today=TODAY)]
    finally:
        views.close()
        journal.close()
    plain = [asdict(row) for row in rows]
    return {f"{row['student_ref']} {row['match_system']}": without_ids(row) for row in plain}


def without_ids(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("journey_id", "advisor_id")}
