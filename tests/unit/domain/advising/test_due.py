"""The daily tick: what is overdue becomes missed, once, and never on its last day."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from core.advising.contacts import RecordPlacement, record_placement
from core.advising.due import ACTOR, Ticked, run_due
from core.advising.milestones import (
    CompleteMilestone,
    PlanMilestone,
    RescheduleMilestone,
    WaiveMilestone,
    complete_milestone,
    plan_milestone,
    reschedule_milestone,
    waive_milestone,
)
from core.errors import Conflict, InvalidValue
from core.journey.journey import student_subject
from core.journey.milestones import NewMilestone

if TYPE_CHECKING:
    from core.journey.journey import Journey
    from tests.scenario import Team

# Of a journey that learned its status on 16 March 2026: the last days of its first week, at the school in Chicago.
FIRST_WEEK = {"WEEK1.tell", "WEEK1.inventory", "WEEK1.opinions"}
APRIL = datetime(2026, 4, 1, 15, 0, tzinfo=UTC)
NEXT_DAY = datetime(2026, 4, 2, 5, 10, tzinfo=UTC)


def tick(team: Team, *streams: UUID, now: datetime = APRIL) -> Ticked:
    return run_due(team.desk, now=now, journeys=streams)


def missed(journey: Journey) -> set[str]:
    return {code for code, held in journey.milestones.items() if held.status == "missed"}


def students(team: Team, count: int) -> list[UUID]:
    return [team.open(student_ref=f"S-{number}") for number in range(count)]


def test_every_overdue_milestone_of_every_journey_is_missed_in_the_name_of_the_tick(team: Team) -> None:
    first, second = students(team, 2)
    assert tick(team, first, second) == Ticked(missed=6, erased=0, failed=0)
    for stream in (first, second):
        assert missed(team.journey(stream)) == FIRST_WEEK
        new: list[Any] = team.desk.journal.stream(stream)[-3:]
        assert {event.TOPIC for event in new} == {"milestone.missed"}
        assert {(event.actor, event.recorded_at) for event in new} == {(ACTOR, APRIL)}
        assert len({event.command_id for event in new}) == 3
        assert new[0].command_id == "daily tick 2026-04-01 WEEK1.tell"


def test_a_second_tick_of_the_day_has_no_effect_and_neither_has_one_of_the_next_day(team: Team) -> None:
    stream = team.open()
    tick(team, stream)
    head = team.desk.journal.head()
    assert tick(team, stream) == Ticked(missed=0, erased=0, failed=0)
    assert tick(team, stream, now=NEXT_DAY).missed == 0
    assert team.desk.journal.head() == head


def test_two_processes_that_tick_at_once_mark_each_milestone_once(team: Team) -> None:
    stream = team.open()
    other = team.second_desk()
    other.institution()  # whoever loses the race has read before the other wrote
    tick(team, stream)
    assert run_due(other, now=APRIL, journeys=[stream]).missed == 0
    other.journal.close()
    assert team.topics(stream).count("milestone.missed") == 3


def test_of_a_journey_that_ended_nothing_is_missed_any_more(team: Team) -> None:
    stream = team.open()
    practice = {"specialty": "orthopaedic-surgery", "place": "A group", "income_usd": None, "starts_on": None}
    team.do(record_placement, RecordPlacement, journey_id=stream, kind="practice", **practice)
    assert tick(team, stream) == Ticked(missed=0, erased=0, failed=0)
    assert missed(team.journey(stream)) == set()


def test_what_is_completed_waived_or_moved_is_not_missed(team: Team) -> None:
    stream = team.open()
    team.do(complete_milestone, CompleteMilestone, journey_id=stream, milestone_id="WEEK1.tell", evidence="told")
    team.do(waive_milestone, WaiveMilestone, journey_id=stream, milestone_id="WEEK1.inventory", reason="ill")
    team.do(
        reschedule_milestone,
        RescheduleMilestone,
        journey_id=stream,
        milestone_id="WEEK1.opinions",
        due_on=date(2026, 4, 1),
        reason="both are away",
    )
    assert tick(team, stream).missed == 0
    assert tick(team, stream, now=NEXT_DAY).missed == 1


def test_a_milestone_is_not_rescheduled_into_the_past(team: Team) -> None:
    stream = team.open()
    tick(team, stream)
    with pytest.raises(InvalidValue, match=r"2026-03-30.*or later"):
        team.do(
            reschedule_milestone,
            RescheduleMilestone,
            journey_id=stream,
            milestone_id="WEEK1.tell",
            due_on=date(2026, 3, 30),
            reason="as agreed then",
        )


def test_a_milestone_planned_again_for_a_past_day_is_left_to_that_person_until_tomorrow(team: Team) -> None:
    stream, past = team.open(), date(2026, 3, 30)
    own = NewMilestone(milestone_id="own-1", code="own", title="Call the lab", due_on=past, source="team")
    team.do(plan_milestone, PlanMilestone, journey_id=stream, milestone=own)
    tick(team, stream)
    assert "own-1" in missed(team.journey(stream))
    team.do(waive_milestone, WaiveMilestone, journey_id=stream, milestone_id="own-1", reason="ill")
    team.do(plan_milestone, PlanMilestone, journey_id=stream, milestone=own)
    assert tick(team, stream).missed == 0
    assert tick(team, stream, now=NEXT_DAY).missed == 1


@pytest.mark.parametrize(
    ("learned_on", "last_moment", "next_day"),
    [
        # the last day is the one after the status was learned; Chicago is five hours behind in summer, six in winter
        (date(2026, 3, 16), datetime(2026, 3, 18, 4, 59, 59, tzinfo=UTC), datetime(2026, 3, 18, 5, tzinfo=UTC)),
        (date(2026, 1, 19), datetime(2026, 1, 21, 5, 59, 59, tzinfo=UTC), datetime(2026, 1, 21, 6, tzinfo=UTC)),
        # the last day is the one on which the clocks go forward: 8 March 2026, 23 hours
        (date(2026, 3, 7), datetime(2026, 3, 9, 4, 59, 59, tzinfo=UTC), datetime(2026, 3, 9, 5, tzinfo=UTC)),
        # and the one on which they go back: 1 November 2026, 25 hours
        (date(2026, 10, 31), datetime(2026, 11, 2, 5, 59, 59, tzinfo=UTC), datetime(2026, 11, 2, 6, tzinfo=UTC)),
    ],
    ids=["summer time", "winter time", "clocks go forward", "clocks go back"],
)
def test_the_last_day_counts_to_its_end_in_the_institutions_zone(
    team: Team, learned_on: date, last_moment: datetime, next_day: datetime
) -> None:
    team.desk.clock = lambda: last_moment  # the status is learned before it is written down
    stream = team.open(learned_on=learned_on, match_day=date(2026, 12, 1))
    assert tick(team, stream, now=last_moment).missed == 0
    assert tick(team, stream, now=next_day).missed == 1
    assert missed(team.journey(stream)) == {"WEEK1.tell"}


def test_the_day_is_that_of_the_institution_and_not_of_the_zone_the_time_is_written_in(team: Team) -> None:
    stream = team.open()
    tokyo = datetime.fromisoformat("2026-03-18T13:59:59+09:00")  # 23:59:59 on the 17th in Chicago
    assert tick(team, stream, now=tokyo).missed == 0


def test_a_tick_that_broke_off_goes_on_where_it_stopped(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    streams = students(team, 3)
    save = team.desk.journal.save

    def breaks_off(*roots: Any) -> int:
        if roots[0].id == streams[1]:
            raise KeyboardInterrupt
        return save(*roots)

    with monkeypatch.context() as broken:
        broken.setattr(team.desk.journal, "save", breaks_off)
        with pytest.raises(KeyboardInterrupt):
            tick(team, *streams)
    assert [missed(team.journey(stream)) for stream in streams] == [FIRST_WEEK, set(), set()]
    assert tick(team, *streams).missed == 6
    assert all(team.topics(stream).count("milestone.missed") == 3 for stream in streams)


def test_an_error_on_one_journey_is_logged_without_its_words_and_the_others_go_on(
    team: Team, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad, last = students(team, 3)
    save = team.desk.journal.save

    def refuses(*roots: Any) -> int:
        if roots[0].id == bad:
            raise ValueError("Robin Vale")
        return save(*roots)

    monkeypatch.setattr(team.desk.journal, "save", refuses)
    with caplog.at_level(logging.WARNING):
        assert tick(team, good, bad, last) == Ticked(missed=6, erased=0, failed=1)
    assert caplog.messages == [f"the milestones of journey {bad} were passed over: ValueError"]


def test_a_journey_that_is_not_there_is_passed_over(team: Team) -> None:
    stream = team.open()
    assert tick(team, UUID(int=1), stream) == Ticked(missed=3, erased=0, failed=1)


def test_an_erased_journey_is_skipped_without_a_word(team: Team, caplog: pytest.LogCaptureFixture) -> None:
    gone, stays = students(team, 2)
    keys = team.desk.journal.keys
    keys.destroy(student_subject(keys, "S-0"), at=APRIL)
    assert tick(team, gone, stays) == Ticked(missed=3, erased=1, failed=0)
    assert caplog.messages == []


def test_a_change_that_comes_in_between_is_seen(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = team.open()
    save, others = team.desk.journal.save, team.second_desk()
    told = CompleteMilestone(command_id="told", journey_id=stream, milestone_id="WEEK1.tell", evidence="told")

    def after_a_colleague(*roots: Any) -> int:
        monkeypatch.undo()
        complete_milestone(others, team.advisor, told)
        with pytest.raises(Conflict):
            save(*roots)
        raise Conflict("somebody else was first")

    monkeypatch.setattr(team.desk.journal, "save", after_a_colleague)
    assert tick(team, stream) == Ticked(missed=2, erased=0, failed=0)
    assert missed(team.journey(stream)) == FIRST_WEEK - {"WEEK1.tell"}
    others.journal.close()
