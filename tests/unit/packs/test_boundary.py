"""Every kind of bad answer is left out alone and gives its sentence."""

# ruff: noqa: E501 - one case a line reads as a table

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from plugins.boundary import checked

RUNG = {
    "slug": "general-surgery",
    "name": "General surgery",
    "kind": "residency",
    "door": "open",
    "reason": "It is open.",
}
RANGE = {"low_usd": 300_000, "high_usd": 500_000, "source": "a survey"}
GOOD: dict[str, dict[str, Any]] = {
    "rungwise_specialties": {"slug": "space-medicine", "name": "Space medicine"},
    "rungwise_ladders": {"id": "SPACE.gs", "from": ["space-medicine"], "title": "General surgery", "rungs": [RUNG]},
    "rungwise_income_tracks": {"id": "TRACK.space", "name": "Space", "base": "general-surgery", **RANGE},
    "rungwise_pay": {"id": "PAY.space", "label": "Space", "usd": 300_000, "source": "a survey"},
}
SPEC, LADDER, TRACK, PAY = GOOD
DROP = object()
FLAG = {"id": "SPACE.move", "fact": "willing_to_move_anywhere", "equals": True, "sentence": "willing to move"}
PLAN = {"id": "SPACE.plan", "fact": "research_plan_months", "min": 6, "max": "plan_months_max", "sentence": "a plan"}

BAD = {
    "not a list": (SPEC, "spam", "answer: 'spam' is not allowed (a list of tables)"),
    "row is no table": (SPEC, [7], "row 1: 7 is not allowed (a table)"),
    "a key is missing": (SPEC, {"name": DROP}, "space-medicine.name is missing (text, not empty)"),
    "unknown key": (PAY, {"colour": "red"}, "PAY.space.colour: 'red' is not allowed (one of the keys id, label, specialty, usd,"),
    "unknown key deep down": (LADDER, {"rungs": [{**RUNG, "mood": 1}]}, "SPACE.gs.rungs[0].mood: 1 is not allowed (one of the keys slug,"),
    "empty text": (SPEC, {"name": " "}, "space-medicine.name: ' ' is not allowed (text, not empty)"),
    "text that cannot be stored": (SPEC, {"name": "\ud800"}, "space-medicine.name: '\\ud800' is not allowed (text, not empty)"),
    "null where text must be": (SPEC, {"name": None}, "space-medicine.name: None is not allowed (text, not empty)"),
    "bad slug": (SPEC, {"slug": "Space Med"}, "Space Med.slug: 'Space Med' is not allowed (a slug such as"),
    "bad id": (PAY, {"id": "space"}, "space.id: 'space' is not allowed (an id such as"),
    "flag as text": (SPEC, {"hyper_competitive": "yes"}, "hyper_competitive: 'yes' is not allowed (true or false)"),
    "flag as number": (SPEC, {"hyper_competitive": 1}, "hyper_competitive: 1 is not allowed (true or false)"),
    "unknown parameter": (SPEC, {"parameters": {"luck_min": 3}}, "parameters.luck_min: 3 is not allowed (one of the keys handful_min,"),
    "parameter as text": (SPEC, {"parameters": {"champion_min": "4"}}, "parameters.champion_min: '4' is not allowed (a whole number"),
    "number as bool": (PAY, {"usd": True}, "PAY.space.usd: True is not allowed (a whole number from 1 to 100000000)"),
    "number with a point": (PAY, {"usd": 3e5}, "PAY.space.usd: 300000.0 is not allowed (a whole number"),
    "year out of range": (PAY, {"year": 26}, "PAY.space.year: 26 is not allowed (a whole number from 1900 to 2100)"),
    "range upside down": (TRACK, {"high_usd": 1}, "TRACK.space.high_usd: 1 is not allowed (a whole number from 300000,"),
    "bad door": (LADDER, {"rungs": [{**RUNG, "door": "ajar"}]}, "SPACE.gs.rungs[0].door: 'ajar' is not allowed (one of open, narrow, nearly-closed)"),
    "bad kind": (LADDER, {"rungs": [{**RUNG, "kind": "job"}]}, "rungs[0].kind: 'job' is not allowed (one of residency, fellowship"),
    "years without source": (LADDER, {"rungs": [{**RUNG, "years": 5}]}, "rungs[0].years_source is missing (text that says where"),
    "rung is no table": (LADDER, {"rungs": ["up"]}, "SPACE.gs.rungs[0]: 'up' is not allowed (a table)"),
    "no rungs": (LADDER, {"rungs": []}, "SPACE.gs.rungs: [] is not allowed (a list, not empty)"),
    "missed by nobody": (LADDER, {"from": []}, "SPACE.gs.from: [] is not allowed (a list, not empty)"),
    "from is no list": (LADDER, {"from": "space-medicine"}, "SPACE.gs.from: 'space-medicine' is not allowed (a list)"),
    "unknown drive": (LADDER, {"drives": ["fame"]}, "drives[0]: 'fame' is not allowed (one of procedures, pay, lifestyle, imaging)"),
    "recommended, not served": (LADDER, {"recommended_for": ["pay"]}, "recommended_for: ['pay'] is not allowed (some of the ladder's"),
    "published pay without year": (LADDER, {"sourced_pay": [{"what": "x", "measure": "mean", "source": "y"}]}, "sourced_pay[0].year is missing"),
    "condition on the drive": (SPEC, {"conditions": [{**FLAG, "fact": "drive"}]}, "space-medicine.SPACE.move.fact: 'drive' is not allowed ("),
    "condition on no fact": (SPEC, {"conditions": [{**FLAG, "fact": "luck"}]}, "conditions[0].fact: 'luck' is not allowed (one of step2,"),
    "condition with an engine id": (SPEC, {"conditions": [{**FLAG, "id": "PIVOT.luck"}]}, "space-medicine.conditions.id: 'PIVOT.luck' is not allowed ("),
    "condition of no kind": (SPEC, {"conditions": [{"id": "SPACE.x", "fact": "step2", "sentence": "x"}]}, "space-medicine.SPACE.x: ['fact', 'id', 'sentence'] is not allowed ("),
    "bound of no parameter": (SPEC, {"conditions": [{**PLAN, "min": "soon"}]}, "space-medicine.SPACE.plan: ['soon', 'plan_months_max'] is not allowed ("),
    "question without a fact": (SPEC, {"questions": [{"id": "SPACE.q", "fact": "mood", "ask": "?", "why": "?"}]}, "questions[0].fact: 'mood' is not allowed (one of step2,"),
    "cutoff without its source": (SPEC, {"cutoff": {"step2": 240, "date": "2026-01-31"}}, "cutoff.source is missing (text, not empty)"),
    "cutoff out of range": (SPEC, {"cutoff": {"step2": 301, "source": "x", "date": "2026-01-31"}}, "cutoff.step2: 301 is not allowed (a whole number from 1 to 300)"),
    "cutoff with a bad date": (SPEC, {"cutoff": {"step2": 240, "source": "x", "date": "last May"}}, "cutoff.date: 'last May' is not allowed (a date such as"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_answer_names_plugin_hook_field_value_and_what_is_allowed(case: str) -> None:
    hook, change, sentence = BAD[case]
    row = [_changed(GOOD[hook], change)] if isinstance(change, dict) else change

    rows, faults = checked("space", hook, row)

    assert rows == []
    (fault,) = faults
    assert str(fault).startswith(f"plugin space, {hook}: ")
    assert sentence in str(fault)


@pytest.mark.parametrize("hook", GOOD)
def test_a_bad_row_is_left_out_alone(hook: str) -> None:
    rows, faults = checked("space", hook, [{}, GOOD[hook], {"spam": 1}])

    assert rows == checked("space", hook, [GOOD[hook]])[0]
    assert len(rows) == 1
    assert {fault.field.split(".")[0] for fault in faults} == {"row 1", "row 3"}


def test_every_fault_of_a_row_is_told() -> None:
    _, faults = checked("space", LADDER, [_changed(GOOD[LADDER], {"title": "", "drives": ["fame"], "call": "often"})])

    assert {fault.field for fault in faults} == {"SPACE.gs.title", "SPACE.gs.drives[0]", "SPACE.gs.call"}


@pytest.mark.parametrize("hook", [SPEC, LADDER, TRACK, PAY])
def test_a_second_row_of_the_same_name_is_left_out(hook: str) -> None:
    rows, faults = checked("space", hook, [GOOD[hook], GOOD[hook]])

    assert len(rows) == 1
    assert "is not allowed (one row of each name)" in str(faults[0])


def test_pay_rows_may_share_an_id_when_their_labels_differ() -> None:
    rows, faults = checked("space", PAY, [GOOD[PAY], {**GOOD[PAY], "label": "Deep space"}])

    assert (len(rows), faults) == (2, [])


def test_what_an_author_left_out_is_filled_in() -> None:
    rows, _ = checked("space", SPEC, [GOOD[SPEC]])

    assert rows == [
        {
            "slug": "space-medicine",
            "name": "Space medicine",
            "short": "space medicine",
            "hyper_competitive": False,
            "trusted_statements_only": False,
            "parameters": {},
            "conditions": [],
            "questions": [],
            "cutoff": None,
            "typical_miss": None,
            "notes": [],
        }
    ]


def test_a_condition_keeps_exactly_the_keys_it_was_given() -> None:
    rows, _ = checked("space", SPEC, [{**GOOD[SPEC], "conditions": [FLAG, PLAN]}])

    assert rows[0]["conditions"] == [FLAG, PLAN]


def test_a_date_of_toml_becomes_text() -> None:
    cutoff = {"step2": 240, "source": "x", "date": dt.date(2026, 1, 31)}
    rows, faults = checked("space", SPEC, [{**GOOD[SPEC], "cutoff": cutoff}])

    assert faults == []
    assert rows[0]["cutoff"]["date"] == "2026-01-31"


def _changed(row: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**row, **change}.items() if value is not DROP}
