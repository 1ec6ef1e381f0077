"""Builders: evidence in which everything is known and harmless, unless a test says otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.decision import Evidence, Playbook, Recommendation, Statement, Weakness, evaluate
from tests.playbooks import minimal_playbook

AS_OF = dt.date(2026, 6, 16)
EARLIER = dt.date(2026, 5, 4)
PLAYBOOK = minimal_playbook()

#: Known and harmless: no money pressure, a derm student who moves and has a plan.
HARMLESS: dict[str, Any] = {
    "step2": 250,
    "research": "multiple",
    "interviews_offered": 7,
    "financial_pressure": False,
    "willing_to_move_anywhere": True,
    "research_plan_months": 18,
}


def says(grade: int, **changes: Any) -> Statement:
    """A statement by an ortho program director on a day before the as-of date."""
    given: dict[str, Any] = {
        "by": "Dr. Sandpiper",
        "specialty": "orthopaedic-surgery",
        "role": "pd",
        "champion_grade": grade,
        "saw_full_file": False,
        "date": EARLIER,
    }
    return Statement(**(given | changes))


def evidence(*statements: Statement, months: Any = (12,), weaknesses: Any = ..., **changes: Any) -> Evidence:
    """Evidence of an ortho student: all known and harmless, but for what is given.

    `months` are those of the weaknesses; a fact given as None is missing.
    """
    top = {key: changes.pop(key) for key in ("specialty", "as_of", "refs", "comlex_only") if key in changes}
    if weaknesses is ...:
        weaknesses = tuple(Weakness(kind="research", months=each) for each in months)
    given = {
        "specialty": "orthopaedic-surgery",
        "as_of": AS_OF,
        "facts": HARMLESS | changes,
        "weaknesses": weaknesses,
        "statements": statements,
    }
    return Evidence(**(given | top))


def result(
    *statements: Statement, playbook: Playbook = PLAYBOOK, flips: bool = False, **changes: Any
) -> Recommendation:
    """What the rules say of `evidence(...)`."""
    return evaluate(evidence(*statements, **changes), playbook, flips=flips)


def verdict(recommendation: Recommendation, rule: str) -> str:
    """The verdict of one rule of a recommendation."""
    return next(one.verdict for one in recommendation.rules if one.id == rule)


def with_cutoff(score: int, slug: str = "orthopaedic-surgery") -> Playbook:
    """The small playbook with one cutoff in force."""
    return PLAYBOOK.with_overrides({}, {slug: score})
