"""A scenario is kept with what went in and what came out; a quarter of a practice with what is known of it."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import InvalidValue
from core.journey.quarters import PROCEDURES_MAX, record_quarter
from core.journey.scenarios import BYTES_MAX, KINDS, save_scenario
from tests.builders import TODAY
from tests.scenario import event, given

SCENARIO: dict[str, Any] = {
    "kind": "income",
    "name": " Pain against spine ",
    "inputs": {"seed": 7, "paths": [{"ladder": "ORTHO.anes-pain"}]},
    "model": "1",
    "seed": 7,
    "playbook": "sha256:aa",
    "result": {"paths": [{"worth": 5_700_000}]},
}
QUARTER: dict[str, Any] = {"work_rvu": 2150, "procedures": 410, "satisfaction_pct": 92, "source": "report"}


def test_a_scenario_is_kept_whole_under_its_name() -> None:
    given().when(save_scenario, "s-1", **SCENARIO).then(
        event("scenario.saved", **{**SCENARIO, "scenario_id": "s-1", "name": "Pain against spine"})
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_scenario_can_be_saved(kind: str) -> None:
    given().when(save_scenario, "s-1", **{**SCENARIO, "kind": kind}).then(event("scenario.saved", kind=kind))


@pytest.mark.parametrize(
    ("wrong", "allowed"),
    [
        ({"kind": "dream"}, "one of income, contract, what_if"),
        ({"name": " "}, "text of 1 to 200 characters"),
        ({"result": {"long": "x" * BYTES_MAX}}, "at most 200,000 bytes"),
    ],
)
def test_what_cannot_be_kept_is_refused(wrong: dict[str, Any], allowed: str) -> None:
    given().when(save_scenario, "s-1", **{**SCENARIO, **wrong}).then_refused(InvalidValue, allowed)


def test_a_scenario_moves_nothing() -> None:
    before = given()
    after = before.when(save_scenario, "s-1", **SCENARIO).then(event("scenario.saved"))
    assert (after.recommendation, after.ladder, after.decisions) == (None, None, {})


def test_a_quarter_is_kept_with_what_is_known_of_it() -> None:
    known = {**QUARTER, "procedures": None}
    given().when(record_quarter, "2026-Q1", **known, today=TODAY).then(
        event("practice.quarter-recorded", quarter="2026-Q1", **known)
    )


def test_the_quarter_that_runs_can_be_recorded_and_the_next_cannot() -> None:
    given().when(record_quarter, "2026-Q2", **QUARTER, today=TODAY).then(event("practice.quarter-recorded"))
    given().when(record_quarter, "2026-Q3", **QUARTER, today=TODAY).then_refused(InvalidValue, "2026-Q2 or earlier")


@pytest.mark.parametrize(
    ("quarter", "wrong", "allowed"),
    [
        ("2026-Q5", {}, "a year and a quarter, such as 2034-Q2"),
        ("spring", {}, "a year and a quarter"),
        ("2026-Q1", {"work_rvu": -1}, "a whole number from 0 to 25000"),
        ("2026-Q1", {"procedures": PROCEDURES_MAX + 1}, "a whole number from 0 to 10000"),
        ("2026-Q1", {"satisfaction_pct": 101}, "a whole number from 0 to 100"),
        ("2026-Q1", {"work_rvu": None, "procedures": None, "satisfaction_pct": None}, "at least one of"),
        ("2026-Q1", {"source": ""}, "text of 1 to 200 characters"),
    ],
)
def test_a_quarter_that_cannot_be_is_refused(quarter: str, wrong: dict[str, Any], allowed: str) -> None:
    given().when(record_quarter, quarter, **{**QUARTER, **wrong}, today=TODAY).then_refused(InvalidValue, allowed)


def test_a_quarter_can_be_recorded_again() -> None:
    once = given(lambda journey, at: record_quarter(journey, "2026-Q1", **QUARTER, today=TODAY, stamp=at))
    once.when(record_quarter, "2026-Q1", **{**QUARTER, "work_rvu": 2200}, today=TODAY).then(
        event("practice.quarter-recorded", work_rvu=2200)
    )
