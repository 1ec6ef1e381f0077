"""Requests of the contract: one that is known and harmless, and hypothesis strategies for all others."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.playbooks import minimal_playbook
from web.contract import evaluate_text

PLAYBOOK = minimal_playbook()
AS_OF = "2026-06-16"
DAYS = ("2026-05-04", "2026-06-16", "2026-06-17")  # before, on and after the as-of date
SLUGS = ("orthopaedic-surgery", "dermatology", "urology", "radiology-diagnostic")


def evaluated(request: dict[str, Any]) -> dict[str, Any]:
    """What the contract answers to a request."""
    return evaluate_text(json.dumps(request), PLAYBOOK)


def statement(**changes: Any) -> dict[str, Any]:
    """A statement by an ortho program director who counts."""
    return {
        "by": "Dr. Sandpiper",
        "specialty": "orthopaedic-surgery",
        "role": "pd",
        "champion_grade": 4,
        "saw_full_file": False,
        "date": DAYS[0],
    } | changes


def harmless(**changes: Any) -> dict[str, Any]:
    """A request whose answer is REAPPLY."""
    return {
        "specialty": "orthopaedic-surgery",
        "as_of": AS_OF,
        "facts": {"step2": 250, "research": "multiple", "interviews_offered": 7, "financial_pressure": False},
        "weaknesses": [{"kind": "letters", "remedy": "two rotations", "months": 6}],
        "statements": [statement()],
    } | changes


@st.composite
def _statements(draw: st.DrawFn, slug: str, *, most: int, one_each: bool, settled: bool) -> list[dict[str, Any]]:
    """Statements of all kinds; in a settled request the first one counts and is most often in favor."""
    people = draw(st.lists(st.sampled_from("ABC"), min_size=int(settled), max_size=most, unique=one_each))
    found = [
        {
            "by": by,
            "specialty": draw(st.sampled_from((slug, slug, slug, "pmr"))),
            "role": draw(st.sampled_from(("pd", "pd", "apd", "faculty", "school_advisor"))),
            "champion_grade": draw(st.integers(0, 4)),
            "saw_full_file": draw(st.booleans()),
            "trusted": draw(st.sampled_from((True, True, False, None))),
            "date": draw(st.sampled_from(DAYS)),
            "withdrawn": draw(st.sampled_from((False, False, False, True))),
        }
        for by in people
    ]
    if settled:
        found[0] |= {"specialty": slug, "role": "pd", "trusted": True, "date": AS_OF, "withdrawn": False}
        found[0]["champion_grade"] = draw(st.sampled_from((4, 4, 3, 1)))
    return found


@st.composite
def requests(
    draw: st.DrawFn, *, most_statements: int = 5, one_each: bool = False, months: int = 26, most_weaknesses: int = 3
) -> dict[str, Any]:
    """Requests of every kind; with few months also few months are allowed, so that whole domains stay small.

    In half of them nothing is missing and the offers are enough, so that there is much to flip.
    """
    slug = draw(st.sampled_from(SLUGS))
    settled = draw(st.booleans())

    def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return values if settled else st.one_of(values, values, values, st.none())

    small = months < 12  # the default of max_fix_months
    limits = {
        "max_fix_months": 2,
        "dermatology:max_fix_months": 2,
        "plan_months_min": 1,
        "plan_months_max": 2,
    }
    quick = st.integers(0, 2 if small else 12)
    weakness = st.fixed_dictionaries(
        {"kind": st.sampled_from(("research", "other")), "months": maybe(quick | quick | st.integers(0, months))}
    )
    facts = st.fixed_dictionaries(
        {
            "interviews_offered": maybe(st.sampled_from((3, 4, 7, 16) if settled else (0, 2, 3, 4, 5, 7, 16))),
            "step2": maybe(st.sampled_from((229, 239, 240, 241, 249, 250, 251))),
            "financial_pressure": maybe(st.booleans()),
            "research": maybe(st.sampled_from(("multiple", "limited", "minimal"))),
            "willing_to_move_anywhere": maybe(st.sampled_from((True, True, False))),
            "research_plan_months": maybe(st.sampled_from((1, 2) if small else (12, 24)) | st.integers(0, months)),
            "applications": maybe(st.sampled_from((79, 80))),
            "planned_year": maybe(st.sampled_from(("blank", "research_year"))),
            "blank_reason": maybe(st.sampled_from(("illness", "other"))),
            "blank_proof": maybe(st.sampled_from(([], ["cme"]))),
        }
    )
    parameters = st.dictionaries(
        st.sampled_from(("handful_min", "champion_min", "dermatology:champion_min", "significant_gap", "thin_max")),
        st.integers(0, 5),
        max_size=2,
    )
    return {
        "specialty": slug,
        "as_of": AS_OF,
        "facts": draw(facts),
        "weaknesses": draw(maybe(st.lists(weakness, max_size=most_weaknesses))),
        "statements": draw(_statements(slug, most=most_statements, one_each=one_each, settled=settled)),
        "parameters": limits if small else draw(parameters),
        "cutoffs": draw(st.sampled_from(({}, {slug: 250}, {"pmr": 250}))),
    }
