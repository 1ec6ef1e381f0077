"""As of and drift: an earlier moment of one journey and of a cohort of 200, and drift over 10,000 journeys."""

from __future__ import annotations

import statistics
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core.advising.desk import Desk
from core.advising.drift import what_moved
from core.advising.members import PublishPlaybook, publish_playbook
from core.journal.root import Stamp
from core.journal.store import open_journal
from core.journey import contacts
from core.journey.journey import Journey
from core.people.access import Principal
from core.people.member import member_id
from projections import board, journey
from projections.board_table import BOARD
from projections.drift import drifted
from projections.past import Cut, cohort_at, journey_at
from projections.rows import STATE
from projections.runner import Runner
from projections.store import open_views
from tests.bench import Figure, big
from tests.bench.boards import store
from tests.bench.views import DISK
from web.house import DEMO_START

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.journal.store import Journal
    from projections.store import Views

ROUNDS = 5
SMALL_EVENTS = 40_000
JOURNEYS = 10_000
YEARS, NOTE_DAYS = 5, 4


def _median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times)


def measure() -> list[Figure]:
    """Measure in a store of a million events, and show beside it what a small one takes."""
    with TemporaryDirectory(dir=DISK) as name, closing(big.grow(Path(name), events=SMALL_EVENTS)) as journal:
        small = _as_of(journal)
    with closing(open_journal(store(big.STUDENTS), {})) as journal:
        large = _as_of(journal)
        drift = _drift(journal)
    return [
        Figure(
            name=title,
            value=large[title][0],
            unit="ms",
            bound=1000,
            better="less",
            how=f"{large[title][1]}: median of {ROUNDS}, no cache; in a store of {small['events'][0]:.0f} events "
            f"{small[title][0]:.0f} ms, in one of {large['events'][0]:.0f} events {large[title][0]:.0f} ms",
        )
        for title in ("asof_journey_ms", "asof_cohort_ms")
    ] + [drift]


def _followed(journal: Journal) -> Views:
    views = open_views(journal.path.parent, journal)
    Runner(journal, views).catch_up()
    return views


def _as_of(journal: Journal) -> dict[str, tuple[float, str]]:
    """Return each figure with what it is of: read the rows of then, and from them what the page shows."""
    cut = Cut(before=DEMO_START)
    with closing(_lived_for_years(journal)) as views, views.read() as db:
        row = db.execute(select(BOARD.c.journey_id, BOARD.c.version).order_by(BOARD.c.version.desc()).limit(1)).one()

        def one_journey() -> None:
            with closing(journey_at(journal, db, row.journey_id, cut)) as past, past.read() as then:
                found = journey.sheet(then, row.journey_id)
                assert found is not None
                assert found.version == row.version

        def one_cohort() -> int:
            with closing(cohort_at(journal, db, big.SMALL_COHORT, cut)) as past, past.read() as then:
                return board.page(then, big.SMALL_COHORT, today=DEMO_START.date()).students

        assert one_cohort() == big.SMALL_STUDENTS
        own = BOARD.c.cohort == big.SMALL_COHORT
        events = db.execute(select(func.sum(BOARD.c.version)).where(own)).scalar_one()
        return {
            "asof_journey_ms": (_median_ms(one_journey), f"a journey of five years, {row.version} events"),
            "asof_cohort_ms": (_median_ms(one_cohort), f"{big.SMALL_STUDENTS} journeys, {events} events"),
            "events": (db.execute(select(STATE.c.position)).scalar_one(), ""),
        }


def _lived_for_years(journal: Journal) -> Views:
    """Let one student's advisor write a note every four days for five years."""
    with closing(_followed(journal)) as views, views.read() as db:
        stream = db.scalars(select(BOARD.c.journey_id).where(BOARD.c.cohort == big.SMALL_COHORT)).first()
    assert stream is not None
    one = journal.get(Journey, stream)
    for number in range(YEARS * 365 // NOTE_DAYS):
        at = DEMO_START - timedelta(days=YEARS * 365 - number * NOTE_DAYS)
        stamp = Stamp(actor="bench", command_id=f"note-{number}", recorded_at=at)
        contacts.add_note(one, visibility="team", body="Spoke about the plan; two letters are promised.", stamp=stamp)
    journal.save(one)
    return _followed(journal)


def _drift(journal: Journal) -> Figure:
    """Publish a stricter playbook, then list what drifted in 10,000 journeys, each with what moved the rules."""
    desk = Desk(journal=journal, clock=lambda: DEMO_START)
    steward = desk.principal(str(member_id(journal.keys, "sundqvist@larkfield.example")))
    content = (desk.institution().playbook or {}) | {"label": "stricter", "parameters": {"handful_min": 6}}
    publish_playbook(desk, steward, PublishPlaybook(command_id="stricter", content=content, note="bench"))
    with closing(_followed(journal)) as views, views.read() as db:
        sizes = board.cohorts(db)[::-1]
        cohorts, total = [], 0
        for one in sizes:
            if total < JOURNEYS:
                cohorts.append(one.cohort)
                total += one.journeys
        who = Principal(
            member_id="bench", name="Bench", team=None, grants=frozenset(("lead", cohort) for cohort in cohorts)
        )
        started = time.perf_counter()
        found = [row for one in cohorts for row in drifted(db, one, desk.playbook(), desk.today(), {})]
        moved = sum(1 for _ in what_moved(desk, who, [(row.journey_id, row.version) for row in found]))
        spent_s = time.perf_counter() - started
    how = (
        f"{total} journeys in {len(cohorts)} cohorts after a stricter playbook: {moved} decisions drifted, each with "
        "the diff of its facts and rules from its two replays; nothing kept from before"
    )
    value = spent_s * JOURNEYS / total
    return Figure(name="drift_10000_s", value=value, unit="s", bound=10, better="less", how=how)
