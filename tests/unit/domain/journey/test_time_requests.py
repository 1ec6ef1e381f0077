"""The student asks for time: recorded, with or without a reason, and it moves nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.errors import Conflict, InvalidValue
from core.journey.decisions import reverse_decision
from core.journey.time_requests import LONGEST_DAYS, request_time
from tests.builders import TODAY, decided, path_ready, pivot, planned, recommended
from tests.scenario import event, given

UNTIL = date(2026, 4, 15)


def test_asking_for_time_is_recorded_and_moves_no_milestone() -> None:
    before = given(planned())
    due = {name: one.due_on for name, one in before.root.milestones.items()}
    after = before.when(request_time, UNTIL, reason=" To hear one more. ", today=TODAY).then(
        event("decision.time-requested", until=UNTIL, reason="To hear one more.")
    )
    assert {name: one.due_on for name, one in after.milestones.items()} == due


def test_nobody_owes_a_reason_for_thinking() -> None:
    given().when(request_time, UNTIL, reason="", today=TODAY).then(event("decision.time-requested", reason=""))


@pytest.mark.parametrize("days", [1, LONGEST_DAYS])
def test_the_first_and_the_last_day_that_can_be_asked_for(days: int) -> None:
    until = TODAY + timedelta(days=days)
    given().when(request_time, until, reason="", today=TODAY).then(event("decision.time-requested", until=until))


@pytest.mark.parametrize("days", [-1, 0, LONGEST_DAYS + 1])
def test_a_day_that_is_past_or_more_than_a_cycle_away_is_refused(days: int) -> None:
    until = TODAY + timedelta(days=days)
    given().when(request_time, until, reason="", today=TODAY).then_refused(InvalidValue, "a day after 2026-04-01")


def test_after_a_path_decision_there_is_nothing_left_to_wait_for_until_it_is_taken_back() -> None:
    done = given(path_ready(), recommended("PIVOT_NOW"), decided(pivot()))
    done.when(request_time, UNTIL, reason="", today=TODAY).then_refused(Conflict, "a decision stands already")
    done.when(reverse_decision, "d-1", reason="A letter came").then(event("decision.reversed"))
    done.when(request_time, UNTIL, reason="", today=TODAY).then(event("decision.time-requested"))


def test_asking_twice_is_two_requests() -> None:
    asked = given().when(request_time, UNTIL, reason="", today=TODAY)
    asked.when(request_time, UNTIL, reason="", today=TODAY).then(event("decision.time-requested"))
