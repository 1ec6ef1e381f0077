"""What a path decision and a place for the year plan (playbook §9 PLAN, §6 YEAR)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.plan.path import SEATS, follow_decision, follow_placement, too_early
from core.plan.windows import WINDOWS, milestone, settle
from tests.builders import (
    INVENTORY,
    TODAY,
    Step,
    decided,
    facts,
    heard,
    new_milestone,
    path_ready,
    pd,
    pivot,
    planned,
    reapply,
    recommended,
    related_pd,
    weakness,
    weaknesses,
)
from tests.scenario import event, given
from tests.unit.domain.plan.steps import (
    BEFORE_DECIDING,
    DAYS,
    EVERYONE,
    LATER,
    NO_DATES,
    PIVOT,
    PIVOTS,
    REAPPLIES,
    REAPPLY,
    SEAT,
    SEAT_PIVOT,
    SEAT_REAPPLY,
    SIX,
    THREE,
    TWELVE,
    after,
    follow,
    new_codes,
    placed,
    ready,
    statuses,
)

# The tables


def test_the_whole_table_of_the_action_plan_is_there() -> None:
    everything = BEFORE_DECIDING | {"PLAN.3.decide"} | SEAT | REAPPLY | PIVOT | EVERYONE
    assert {code for code in WINDOWS if code.startswith("PLAN.")} == everything
    assert {code for code in WINDOWS if code.startswith("YEAR.")} == SEAT_REAPPLY | SEAT_PIVOT


@pytest.mark.parametrize(
    ("decision", "branch"), [(REAPPLIES, REAPPLY), (PIVOTS, PIVOT)], ids=["reapplying", "pivoting"]
)
def test_a_path_decision_plans_the_rows_of_everyone_and_of_its_branch(decision: Step, branch: set[str]) -> None:
    scenario = after(decision)
    assert new_codes(scenario) == BEFORE_DECIDING | branch | EVERYONE
    plan = scenario.root.milestones
    assert {plan[code].due_on for code in branch} == {SIX}
    assert {plan[code].due_on for code in EVERYONE} == {TWELVE}
    assert plan["PLAN.12.longgame"].source == "playbook PLAN.12.longgame: 12 months from Match Day"
    scenario.when(follow_decision, NO_DATES, today=TODAY).then_nothing()


@pytest.mark.parametrize("kind", ["delay_graduation", "resign_post"])
def test_a_path_outside_both_branches_plans_the_rows_of_everyone(kind: str) -> None:
    assert new_codes(after(decided(pivot(kind=kind, **LATER)))) == BEFORE_DECIDING | EVERYONE


def test_who_leaves_medicine_is_asked_nothing_more() -> None:
    after(decided(pivot(kind="leave_medicine", **LATER))).then_nothing()


def test_without_a_path_decision_there_is_nothing_to_follow() -> None:
    after().then_nothing()


def test_what_the_student_chose_is_not_planned_twice_under_the_same_code() -> None:
    mine = new_milestone("mine", code="PLAN.6r.letter", title="Dr. Ibis writes", due_on=date(2026, 8, 1))
    scenario = after(decided(reapply(milestones=(mine,), **LATER)))
    assert new_codes(scenario) == BEFORE_DECIDING | EVERYONE | REAPPLY - {"PLAN.6r.letter"}
    assert scenario.root.milestones["mine"].due_on == date(2026, 8, 1)


def test_months_are_clipped_to_the_months_end() -> None:
    journey = given(
        path_ready(), recommended("CONTESTED"), PIVOTS, follow(today=date(2026, 9, 1)), match_day=date(2026, 8, 31)
    ).root
    assert journey.milestones["PLAN.3.assess"].due_on == date(2026, 11, 30)
    assert journey.milestones["PLAN.6p.niches"].due_on == date(2027, 2, 28)
    assert journey.milestones["PLAN.12.record"].due_on == date(2027, 8, 31)


@pytest.mark.parametrize(
    ("last_day", "then"),
    [(THREE, BEFORE_DECIDING | PIVOT | EVERYONE), (SIX, PIVOT | EVERYONE), (TWELVE, EVERYONE)],
)
def test_a_milestone_is_planned_on_its_last_day_and_left_out_the_day_after(last_day: date, then: set[str]) -> None:
    assert new_codes(after(PIVOTS, today=last_day)) == then
    over = {code for code in then if milestone(code, **DAYS).due_on == last_day}
    assert new_codes(after(PIVOTS, today=last_day + timedelta(days=1))) == then - over


# What the record itself shows


def test_the_two_opinions_are_the_two_conversations_and_the_profile_the_assessment() -> None:
    three = [planned(code, code=code, due_on=THREE) for code in sorted(BEFORE_DECIDING)]
    given(three, heard("a", pd())).when(settle).then_nothing()
    given(three, heard("a", pd()), heard("b", related_pd())).when(settle).then(
        event("milestone.completed", milestone_id="PLAN.3.conversations")
    )
    given(three, facts(INVENTORY)).when(settle).then_nothing()
    journey = given(three, path_ready()).when(settle).root
    assert statuses(journey, BEFORE_DECIDING) == {"completed"}


@pytest.mark.parametrize("kind", ["categorical", "matched"])
def test_a_categorical_place_or_a_match_ends_the_search_for_a_place(kind: str) -> None:
    search = planned("YEAR.pivot.place", code="YEAR.pivot.place")
    given(search, placed("transitional_year")).when(settle).then_nothing()
    given(search, placed(kind)).when(settle).then(event("milestone.completed", milestone_id="YEAR.pivot.place"))


# The year in a SOAP, preliminary or transitional place


@pytest.mark.parametrize("mode", ["preliminary_surgery", "preliminary_medicine", "transitional_year"])
def test_a_year_in_a_place_that_is_the_mode_of_the_decision_has_its_own_rows(mode: str) -> None:
    scenario = after(decided(reapply(mode=mode, **LATER)))
    assert new_codes(scenario) == BEFORE_DECIDING | REAPPLY | EVERYONE | SEAT | SEAT_REAPPLY
    plan = scenario.root.milestones
    assert [plan[code].due_on for code in ("PLAN.3.top10", "YEAR.reapply.letter", "YEAR.reapply.field")] == [
        THREE,
        SIX,
        TWELVE,
    ]


@pytest.mark.parametrize("kind", sorted(SEATS))
def test_a_place_for_the_year_that_was_recorded_counts_as_well(kind: str) -> None:
    assert new_codes(after(placed(kind), PIVOTS)) == BEFORE_DECIDING | PIVOT | EVERYONE | SEAT | SEAT_PIVOT
    assert new_codes(after(placed(kind), REAPPLIES)) >= SEAT | SEAT_REAPPLY


@pytest.mark.parametrize("kind", ["research_year", "categorical", "matched", "practice"])
def test_another_place_asks_nothing_of_the_year(kind: str) -> None:
    assert new_codes(after(placed(kind), PIVOTS)) == BEFORE_DECIDING | PIVOT | EVERYONE


def test_who_resigns_the_post_is_not_asked_to_shine_in_it() -> None:
    scenario = after(placed("preliminary_surgery"), decided(pivot(kind="resign_post", **LATER)))
    assert new_codes(scenario) == BEFORE_DECIDING | EVERYONE


@pytest.mark.parametrize(
    ("decision", "asked"),
    [([], SEAT), ([REAPPLIES, follow()], SEAT | SEAT_REAPPLY), ([PIVOTS, follow()], SEAT | SEAT_PIVOT)],
    ids=["undecided", "reapplying", "pivoting"],
)
def test_a_place_that_is_recorded_plans_its_year_by_branch(decision: list[Step], asked: set[str]) -> None:
    scenario = given(ready(), decision, placed("soap_place"))
    scenario.when(follow_placement, NO_DATES, year_begins=None, today=TODAY)
    assert new_codes(scenario) == asked
    scenario.when(follow_placement, NO_DATES, year_begins=None, today=TODAY).then_nothing()


# What cannot exist by then


def test_a_record_that_remedies_repair_cannot_be_shown_before_they_are_done() -> None:
    done_by = date(2027, 9, 20)
    said = "cannot be shown by then: the remedies take until 2027-09-20"
    assert too_early("PLAN.12.record", TWELVE, repaired_by=done_by, year_begins=None) == said
    assert too_early("PLAN.12.record", done_by, repaired_by=done_by, year_begins=None) == ""
    assert too_early("PLAN.12.record", TWELVE, repaired_by=None, year_begins=None) == ""
    assert too_early("PLAN.12.longgame", TWELVE, repaired_by=done_by, year_begins=None) == ""


def test_nobody_stands_out_in_a_year_that_has_not_begun() -> None:
    july = date(2026, 7, 1)
    said = "cannot be shown by then: the year begins on 2026-07-01"
    assert too_early("PLAN.3.top10", THREE, repaired_by=None, year_begins=july) == said
    assert too_early("PLAN.3.top10", july, repaired_by=None, year_begins=july) == ""
    assert too_early("PLAN.3.top10", THREE, repaired_by=None, year_begins=None) == ""
    assert too_early("PLAN.3.assess", THREE, repaired_by=None, year_begins=july) == ""


@pytest.mark.parametrize(("months", "warned"), [(12, False), (18, True), (None, False)])
def test_the_plan_of_a_reapply_decision_says_what_it_cannot_show_by_then(months: int | None, warned: bool) -> None:  # noqa: FBT001
    steps = [*path_ready(), weaknesses(weakness(months=months)), recommended("CONTESTED")]
    journey = given(steps, REAPPLIES, follow()).root
    source = journey.milestones["PLAN.12.record"].source
    assert source.endswith("; cannot be shown by then: the remedies take until 2027-09-20") == warned
    pivoting = given(steps, PIVOTS, follow()).root
    assert "cannot" not in pivoting.milestones["PLAN.12.record"].source
