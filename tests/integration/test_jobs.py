"""The ticker of the process that leads: overdue milestones become missed when the day changes at the school."""

from __future__ import annotations

import logging
import sqlite3
import threading
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from core.advising import due
from core.advising.journeys import OpenJourney, open_journey
from core.advising.playbooks import ApproveProposal, ProposeChange, approve_proposal, propose_change
from core.errors import StoreError
from core.journey.journey import Journey
from core.journey.placements import PLACEMENTS
from core.plan.path import SEATS
from projections.board import overdue_journeys
from tests.builders import new_journey
from tests.integration.conftest import COHORT, id_of
from web import jobs
from web.house import open_house, system_clock
from web.jobs import TICK_S, VERIFY_AFTER_S, VERIFY_EVERY, start_jobs
from web.settings import Settings
from web.verify import last_verified

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    import pytest

    from tests.integration.conftest import TickingClock
    from web.house import House

SOON_S = 20.0
# The school's clock stands at 9 in the morning of 16 June 2026, in Chicago.
TODAY = date(2026, 6, 16)


@contextmanager
def ticking(house: House) -> Iterator[Any]:
    scheduler = start_jobs(house)
    try:
        yield scheduler
    finally:
        scheduler.shutdown()


def opened(house: House, ref: str = "S-1", **changes: Any) -> UUID:
    """Open a journey; learned today, nothing of it is overdue."""
    lead = house.desk.principal(id_of(house, "lead"))
    given: dict[str, Any] = {"learned_on": TODAY, "cycle": int(COHORT), "match_day": date(2026, 7, 1)}
    new = new_journey(student_ref=ref, **(given | changes))
    return open_journey(house.desk, lead, OpenJourney(command_id=f"open-{ref}", new=new)).stream


def missed(house: House, stream: UUID) -> int:
    plan = house.desk.journal.get(Journey, stream).milestones
    return sum(held.status == "missed" for held in plan.values())


def tick(scheduler: Any) -> None:
    """Let the ticker tick now, and wait until it did."""
    scheduler.get_job("days").func()


def test_it_ticks_at_once_and_then_every_minute_and_only_daemon_threads_do_it(school: House) -> None:
    stream = opened(school, learned_on=date(2026, 6, 1))
    before, known = school.desk.journal.head(), set(threading.enumerate())
    with ticking(school) as scheduler:
        assert school.runner.wait_for(before + 3, SOON_S)
        job = scheduler.get_job("days")
        assert job.trigger.interval.total_seconds() == TICK_S
        new = set(threading.enumerate()) - known
        assert "APScheduler" in {one.name for one in new}
        assert all(one.daemon for one in new)
    assert missed(school, stream) == 3


def test_a_milestone_is_missed_when_the_day_has_changed_at_the_school_and_once(
    school: House, clock: TickingClock
) -> None:
    stream = opened(school)
    with ticking(school) as scheduler:
        clock.now = datetime(2026, 6, 18, 4, 59, tzinfo=UTC)  # 23:59 on the 17th, the last day of WEEK1.tell
        tick(scheduler)
        assert missed(school, stream) == 0
        clock.move(minutes=1)
        tick(scheduler)
        assert missed(school, stream) == 1
        head = school.desk.journal.head()
        tick(scheduler)
        assert school.desk.journal.head() == head


def test_once_the_day_is_done_the_read_models_are_not_asked_again(
    school: House, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[date] = []
    monkeypatch.setattr(jobs, "overdue_journeys", lambda _db, today: asked.append(today) or ())
    one = jobs._Days(school)
    one.tick()
    clock.move(hours=6)
    one.tick()
    assert asked == [TODAY]
    clock.move(hours=12)
    one.tick()
    assert asked == [TODAY, date(2026, 6, 17)]


def test_a_demonstration_ticks_by_its_own_calendar(folder: Path) -> None:
    offset = (datetime(2026, 6, 16, 14, 0, tzinfo=UTC) - system_clock()).total_seconds()
    settings = Settings(data_dir=folder)
    house = open_house(settings, {})
    house.access.keep_setting("clock_offset_s", str(offset))
    house.close()
    house = open_house(settings, {})
    house.runner.start()
    try:
        stream = opened(house, learned_on=date(2026, 6, 14))  # told about it by the 15th, heard by the 20th
        with ticking(house) as scheduler:
            tick(scheduler)
        assert missed(house, stream) == 1
    finally:
        house.close()


def test_while_the_read_models_are_behind_the_day_is_not_done(school: House, monkeypatch: pytest.MonkeyPatch) -> None:
    one = jobs._Days(school)
    monkeypatch.setattr(school.runner, "wait_for", lambda _position: False)
    monkeypatch.setattr(jobs, "overdue_journeys", lambda _db, _today: ())
    one.tick()
    stream = opened(school, learned_on=date(2026, 6, 1))
    monkeypatch.undo()
    one.tick()
    assert missed(school, stream) == 3


def test_what_goes_wrong_is_logged_and_the_next_tick_tries_again(
    school: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stream = opened(school, learned_on=date(2026, 6, 1))
    one = jobs._Days(school)
    for error, said in ((StoreError("the disk is full"), "the disk is full"), (ValueError("Robin Vale"), "ValueError")):
        with monkeypatch.context() as broken, caplog.at_level(logging.WARNING):
            broken.setattr(jobs, "run_due", raising(error))
            one.tick()
        assert caplog.messages[-1] == f"the work of the day waits for the next tick: {said}"
    one.tick()
    assert missed(school, stream) == 3


def raising(error: Exception) -> Any:
    def raise_it(*_: Any, **__: Any) -> None:
        raise error

    return raise_it


def test_a_store_without_an_institution_has_nothing_to_do(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    house = open_house(Settings(data_dir=tmp_path / "data"), {}, create=True)
    try:
        with caplog.at_level(logging.WARNING), ticking(house) as scheduler:
            tick(scheduler)
        assert caplog.messages == []
    finally:
        house.close()


def test_only_journeys_with_a_planned_milestone_before_today_are_looked_at(school: House) -> None:
    late, fresh = opened(school, "S-1", learned_on=date(2026, 6, 1)), opened(school, "S-2")
    school.runner.catch_up()

    def candidates(today: date) -> tuple[UUID, ...]:
        with school.views.read() as db:
            return overdue_journeys(db, today)

    assert candidates(TODAY) == (late,)
    assert candidates(date(2026, 6, 2)) == ()  # the last day of the first of them
    assert candidates(date(2026, 6, 3)) == (late,)
    assert set(candidates(date(2026, 6, 18))) == {late, fresh}
    due.run_due(school.desk, now=school.clock(), journeys=[late])
    school.runner.catch_up()
    assert candidates(TODAY) == ()


def test_every_place_for_the_year_is_a_placement_that_can_be_recorded() -> None:
    assert set(PLACEMENTS) >= SEATS


def test_soon_after_the_start_and_then_every_day_the_journal_is_verified(
    school: House, caplog: pytest.LogCaptureFixture
) -> None:
    with ticking(school) as scheduler:
        job = scheduler.get_job("verify")
        assert job.trigger.interval == VERIFY_EVERY
        assert 0 < (job.next_run_time - system_clock()).total_seconds() <= VERIFY_AFTER_S
        assert last_verified(school) is None, "the first pages come first"
        job.func().join()
        assert faults(school) == 0
        with closing(sqlite3.connect(school.desk.journal.path)) as db, db:
            db.execute("UPDATE stored_events SET state = zeroblob(200) WHERE rowid = 3")
        with caplog.at_level(logging.ERROR):
            job.func().join()
    assert caplog.messages[0].startswith("the journal has ")
    assert faults(school) > 0


def faults(house: House) -> int:
    held = last_verified(house)
    assert held is not None
    return held.findings


def test_an_approved_change_of_the_playbook_comes_into_force_when_its_day_begins(
    school: House, clock: TickingClock
) -> None:
    lead, steward = (school.desk.principal(id_of(school, role)) for role in ("lead", "steward"))
    propose_change(
        school.desk,
        lead,
        ProposeChange(
            command_id="propose",
            kind="parameter",
            subject="thin_max",
            change={"value": 3},
            effective_on=date(2026, 6, 17),
            note="x",
        ),
    )
    approve_proposal(school.desk, steward, ApproveProposal(command_id="approve", proposal=1))
    with ticking(school) as scheduler:
        tick(scheduler)
        assert school.desk.playbook().parameters == {}
        clock.move(days=1)
        tick(scheduler)
        assert school.desk.playbook().parameters == {"thin_max": 3}
        head = school.desk.journal.head()
        tick(scheduler)
        assert school.desk.journal.head() == head
