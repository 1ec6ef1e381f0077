"""Answers that would decide: the values of a missing fact that alone give a decided outcome."""

from __future__ import annotations

from typing import Any

from tests.unit.decision.cases import result, says, with_cutoff

DERM: dict[str, Any] = {"specialty": "dermatology"}


def answers(*statements: Any, **changes: Any) -> list[tuple[str, Any, str, str]]:
    found = result(*statements, flips=True, **changes)
    return [(one.fact, one.given, one.outcome, one.words) for one in found.would_decide]


def test_a_number_of_offers_decides_by_the_handful() -> None:
    assert answers(says(3), interviews_offered=None) == [
        ("interviews_offered", 2, "PIVOT_NOW", "at most 2"),
        ("interviews_offered", 3, "REAPPLY", "at least 3"),
    ]


def test_a_directors_grade_decides() -> None:
    assert answers() == [
        (
            "statement",
            {"champion_grade": 2, "saw_full_file": False},
            "PIVOT_NOW",
            "at most 2 of 5 from a program director in ortho",
        ),
        (
            "statement",
            {"champion_grade": 3, "saw_full_file": False},
            "REAPPLY",
            "at least 3 of 5 from a program director in ortho",
        ),
    ]


def test_far_below_a_cutoff_only_full_backing_decides_for_reapplying() -> None:
    found = answers(step2=240, playbook=with_cutoff(250))

    assert [(given, outcome) for _, given, outcome, _ in found] == [
        ({"champion_grade": 4, "saw_full_file": False}, "PIVOT_NOW"),
        ({"champion_grade": 4, "saw_full_file": True}, "REAPPLY"),
    ]


def test_where_trust_is_asked_for_the_statement_must_be_trusted() -> None:
    found = answers(specialty="urology")

    assert found[0][1] == {"champion_grade": 2, "saw_full_file": False, "trusted": True}
    assert found[0][3].endswith("whom the student trusts")


def test_money_decides_both_ways() -> None:
    assert answers(says(3), financial_pressure=None) == [
        ("financial_pressure", True, "CONTESTED", "yes"),
        ("financial_pressure", False, "REAPPLY", "no"),
    ]


def test_unknown_months_decide_by_the_limit() -> None:
    assert answers(says(3), months=(None, 6, None)) == [
        ("weakness_months", 12, "REAPPLY", "at most 12 for each"),
        ("weakness_months", 13, "PIVOT_NOW", "at least 13 for any"),
    ]


def test_weaknesses_not_assessed_decide_by_what_they_would_take() -> None:
    assert answers(says(3), weaknesses=None) == [
        ("weaknesses", [], "REAPPLY", "none, or each repaired within 12 months"),
        ("weaknesses", [{"kind": "other", "months": 13}], "PIVOT_NOW", "one that takes at least 13 months"),
    ]


def test_a_missing_score_decides_by_the_cutoff() -> None:
    assert answers(says(4), step2=None, playbook=with_cutoff(250)) == [
        ("step2", 240, "PIVOT_NOW", "at most 240"),
        ("step2", 241, "REAPPLY", "at least 241"),
    ]
    assert answers(says(4, saw_full_file=True), step2=None, playbook=with_cutoff(250)) == [
        ("step2", 300, "REAPPLY", "any number")
    ]


def test_derm_conditions_decide() -> None:
    champion = says(4, **DERM)

    assert answers(champion, willing_to_move_anywhere=None, **DERM) == [
        ("willing_to_move_anywhere", True, "REAPPLY", "yes"),
        ("willing_to_move_anywhere", False, "PIVOT_NOW", "no"),
    ]
    assert answers(champion, research_plan_months=None, **DERM) == [
        ("research_plan_months", 11, "PIVOT_NOW", "at most 11"),
        ("research_plan_months", 12, "REAPPLY", "12 to 24"),
        ("research_plan_months", 25, "PIVOT_NOW", "at least 25"),
    ]


def test_with_several_facts_missing_only_reasons_to_pivot_decide_alone() -> None:
    found = answers(weaknesses=None, interviews_offered=None, financial_pressure=None)

    assert [(fact, outcome) for fact, _, outcome, _ in found] == [
        ("interviews_offered", "PIVOT_NOW"),
        ("statement", "PIVOT_NOW"),
        ("weaknesses", "PIVOT_NOW"),
    ]


def test_what_is_decided_already_asks_for_nothing_more() -> None:
    assert answers(says(1), interviews_offered=None) == []
    assert answers(says(3)) == []
