"""Suppose: each thing that can be changed on the copy, and what is refused; the evidence itself stays as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from core.decision import evaluate
from core.decision.suppose import suppose
from core.errors import InvalidValue
from tests.unit.decision.cases import PLAYBOOK, evidence, says, with_cutoff


def outcome(changes: dict[str, Any], **given: Any) -> str:
    plain = json.loads(json.dumps(changes))  # what is stored is what is read back
    return evaluate(*suppose(evidence(says(3), **given), PLAYBOOK, plain), flips=False).outcome


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "REAPPLY"),
        ({"facts/interviews_offered": 2}, "PIVOT_NOW"),
        ({"facts/interviews_offered": None}, "INDETERMINATE"),
        ({"facts/financial_pressure": True}, "CONTESTED"),
        ({"statements/0/grade": 1}, "PIVOT_NOW"),
        ({"statements/0/grade": None}, "INDETERMINATE"),
        ({"statements/0/grade": 1, "statement": 4}, "REAPPLY"),
        ({"statements/0/date": "2026-06-17"}, "INDETERMINATE"),
        ({"as_of": "2026-05-03"}, "INDETERMINATE"),
        ({"as_of": "2026-05-03", "statement": 3}, "REAPPLY"),
        ({"weaknesses/0/months": 18}, "PIVOT_NOW"),
        ({"weaknesses/0/months": None}, "INDETERMINATE"),
        ({"weakness": 18}, "PIVOT_NOW"),
        ({"weaknesses": [], "weakness": 2}, "REAPPLY"),
        ({"parameters/handful_min": 8}, "PIVOT_NOW"),
        ({"cutoff": 280}, "PIVOT_NOW"),
        ({"cutoff": None}, "REAPPLY"),
    ],
)
def test_each_change_says_what_the_rules_would_say(changes: dict[str, Any], expected: str) -> None:
    assert outcome(changes) == expected


def test_trust_counts_where_only_trusted_statements_do() -> None:
    given = {"specialty": "urology"}
    said = replace(says(4), specialty="urology")
    held = evidence(said, **given)
    assert evaluate(held, PLAYBOOK).outcome == "INDETERMINATE"
    assert evaluate(*suppose(held, PLAYBOOK, {"statements/0/trusted": True})).outcome == "REAPPLY"


def test_a_cutoff_that_is_loaded_can_be_supposed_away() -> None:
    held = evidence(says(3))
    assert evaluate(held, with_cutoff(280)).outcome == "PIVOT_NOW"
    assert evaluate(*suppose(held, with_cutoff(280), {"cutoff": None})).outcome == "REAPPLY"


def test_the_evidence_and_the_playbook_stay_as_they_are() -> None:
    held = evidence(says(3))
    before = repr(held), PLAYBOOK.digest
    _, playbook = suppose(held, PLAYBOOK, {"facts/step2": 200, "weakness": 3, "statement": 0, "cutoff": 250})
    assert (repr(held), PLAYBOOK.digest) == before
    assert playbook.digest != PLAYBOOK.digest


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Other"},
        {"facts/shoe_size": 44},
        {"statements/5/grade": 1},
        {"statements/0/grade": 9},
        {"statements/0/mood": 1},
        {"weaknesses/x/months": 1},
        {"parameters/mood": 1},
        {"as_of": "soon"},
        {"statement": None},
    ],
)
def test_what_cannot_be_supposed_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        suppose(evidence(says(3)), PLAYBOOK, changes)
