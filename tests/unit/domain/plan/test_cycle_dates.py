"""Cycle dates beside playbook windows: loaded data, the earlier wins (playbook §4, *Reading (clocks)*)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.errors import InvalidValue
from core.plan.calendars import Calendar
from core.plan.path import follow_decision
from core.plan.windows import milestone
from tests.builders import new_milestone
from tests.scenario import given
from tests.unit.domain.plan.steps import (
    DAYS,
    EVERYONE,
    NO_DATES,
    REAPPLIES,
    REAPPLY,
    TWELVE,
    new_codes,
    ready,
    row,
)


def dates(*rows: dict[str, Any]) -> Calendar:
    return Calendar.from_content({"calendar": list(rows)})


def due(calendar: Calendar, code: str, **changes: Any) -> tuple[date, str]:
    journey = given(**changes).root
    new = calendar.bound(milestone(code, **DAYS), journey)
    return new.due_on, new.source


def test_without_a_calendar_the_playbook_window_alone_counts() -> None:
    assert Calendar.from_content({"label": "x"}) == NO_DATES
    assert due(NO_DATES, "PLAN.12.strategic")[0] == TWELVE


def test_the_earlier_of_window_and_cycle_date_wins_and_says_where_it_is_from() -> None:
    early = date(2026, 8, 26)
    assert due(dates(row()), "PLAN.12.strategic") == (
        early,
        "playbook PLAN.12.strategic: ERAS.applications of the cycle 2027 (ERAS timeline as loaded by the school)",
    )
    assert due(dates(row(date="2027-03-21")), "PLAN.12.strategic")[0] == TWELVE
    assert due(dates(row(), row(id="School.letters", date="2026-08-03")), "PLAN.6r.letter")[0] == date(2026, 8, 3)


@pytest.mark.parametrize(
    "other",
    [{"cycle": 2026, "date": "2026-03-01"}, {"cycle": 2028, "date": "2027-03-01"}, {"match_system": "aua"}],
    ids=["the cycle missed", "the one after the next", "another match"],
)
def test_a_date_of_another_cycle_or_match_does_not_count(other: dict[str, Any]) -> None:
    assert due(dates(row(**other)), "PLAN.12.strategic")[0] == TWELVE


def test_a_date_of_the_students_own_match_counts() -> None:
    aua = row(match_system="aua")
    assert due(dates(aua), "PLAN.12.strategic", match_system="aua")[0] == date(2026, 8, 26)


def test_a_day_that_people_set_themselves_stays() -> None:
    own = new_milestone("PLAN.12.strategic", code="PLAN.12.strategic", due_on=date(2026, 12, 1))
    assert dates(row()).bound(own, given().root) == own
    assert dates(row()).bound(new_milestone(), given().root) == new_milestone()


def test_a_decision_plans_with_the_cycle_date_and_leaves_out_what_it_is_too_late_for() -> None:
    scenario = given(ready(), REAPPLIES)
    scenario.when(follow_decision, dates(row()), today=date(2026, 8, 26))
    assert scenario.root.milestones["PLAN.6r.letter"].due_on == date(2026, 8, 26)
    scenario = given(ready(), REAPPLIES)
    scenario.when(follow_decision, dates(row()), today=date(2026, 8, 27))
    assert new_codes(scenario) == (REAPPLY | EVERYONE) - {"PLAN.6r.letter", "PLAN.12.strategic"}


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"id": " "}, "calendar/id"),
        ({"date": "26 August"}, "ERAS.applications/date"),
        ({"date": "2025-08-26"}, "ERAS.applications/date"),
        ({"source": None}, "ERAS.applications/source"),
        ({"cycle": "2027"}, "ERAS.applications/cycle"),
        ({"cycle": None}, "ERAS.applications/cycle"),
        ({"codes": None}, "ERAS.applications/codes"),
        ({"codes": ["PLAN.3.decide"]}, "ERAS.applications/codes"),
        ({"match_system": "carms"}, "ERAS.applications/match_system"),
    ],
)
def test_a_cycle_date_without_day_source_or_cycle_is_refused(wrong: dict[str, Any], what: str) -> None:
    with pytest.raises(InvalidValue, match=what):
        dates(row() | wrong)


def test_a_calendar_that_is_not_a_list_of_dates_is_refused() -> None:
    for wrong in ({}, "2026-08-26", ["2026-08-26"]):
        with pytest.raises(InvalidValue, match="calendar"):
            Calendar.from_content({"calendar": wrong})
