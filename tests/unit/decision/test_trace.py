"""The trace: every rule with its verdict, the facts behind it and a sentence; the path; what is stored."""

from __future__ import annotations

import pytest

from core.decision import ENGINE, Recommendation, evaluate
from core.errors import InvalidValue
from tests.unit.decision.cases import PLAYBOOK, evidence, result, says, verdict, with_cutoff

ENGINE_RULES = [
    "REAPPLY.interviews",
    "REAPPLY.pd",
    "REAPPLY.fix",
    "PIVOT.interviews",
    "PIVOT.champion",
    "PIVOT.cutoff",
    "PIVOT.money",
    "FAQ.cutoff",
    "FAQ.blank",
]
OPPOSITES = [("REAPPLY.interviews", "PIVOT.interviews"), ("REAPPLY.pd", "PIVOT.champion")]


def why(recommendation: Recommendation, rule: str) -> str:
    return next(one.why for one in recommendation.rules if one.id == rule)


def test_every_rule_is_listed_in_the_order_of_the_contract_and_derm_rules_in_derm_alone() -> None:
    assert [one.id for one in result(says(3)).rules] == ENGINE_RULES

    derm = result(says(4, specialty="dermatology"), specialty="dermatology")
    assert [one.id for one in derm.rules] == [*ENGINE_RULES, "DERM.move", "DERM.plan"]


@pytest.mark.parametrize(("condition", "reason"), OPPOSITES)
@pytest.mark.parametrize(("grade", "offers"), [(3, 3), (2, 2)])
def test_a_condition_and_its_reason_to_pivot_are_opposites(
    condition: str, reason: str, grade: int, offers: int
) -> None:
    found = result(says(grade), interviews_offered=offers)

    assert {verdict(found, condition), verdict(found, reason)} == {"holds", "fails"}
    assert verdict(found, condition) == ("holds" if grade == 3 else "fails")


@pytest.mark.parametrize("rule", [rule for pair in OPPOSITES for rule in pair])
def test_no_rule_holds_or_fails_on_a_missing_fact(rule: str) -> None:
    assert verdict(result(interviews_offered=None), rule) == "missing"


def test_a_missing_fact_behind_each_other_rule_is_said() -> None:
    found = result(weaknesses=None, financial_pressure=None, specialty="dermatology", willing_to_move_anywhere=None)

    for rule in ("REAPPLY.fix", "PIVOT.money", "FAQ.blank", "DERM.move"):
        assert verdict(found, rule) == "missing"


def test_without_a_cutoff_the_cutoff_rules_cannot_be_evaluated_and_say_so() -> None:
    found = result(says(3))

    assert verdict(found, "PIVOT.cutoff") == "cannot_evaluate"
    assert verdict(found, "FAQ.cutoff") == "not_applicable"
    assert "cutoff is loaded" in why(found, "PIVOT.cutoff")


def test_the_sentences_carry_the_numbers() -> None:
    found = result(says(1), interviews_offered=4, months=(18,), step2=230, playbook=with_cutoff(250))

    assert why(found, "PIVOT.champion") == "the best grade from ortho program directors is 1 of 5; 3 is needed"
    assert why(found, "PIVOT.interviews") == "4 ortho interview offers; a handful starts at 3"
    assert why(found, "REAPPLY.fix") == "the longest remedy takes 18 months (research); the limit is 12"
    assert "Step 2 is 230, 20 points below the ortho cutoff of 250" in why(found, "PIVOT.cutoff")


def test_full_backing_is_shown_as_five() -> None:
    assert "is 5 of 5" in why(result(says(4, saw_full_file=True)), "REAPPLY.pd")


def test_every_sentence_is_one_line_without_a_full_stop() -> None:
    students = [
        result(says(4), planned_year="blank", blank_reason="illness"),
        result(interviews_offered=None, weaknesses=None, financial_pressure=None, step2=None, comlex_only=True),
        result(step2=None, comlex_only=True, playbook=with_cutoff(250)),
        result(says(4, saw_full_file=True), step2=200, playbook=with_cutoff(250), months=(None, 3)),
        result(step2=200, playbook=with_cutoff(250), weaknesses=(), planned_year="research_year"),
        result(specialty="dermatology", willing_to_move_anywhere=None, research_plan_months=30),
        result(specialty="urology", step2=245, playbook=with_cutoff(250, "urology")),
    ]

    for rule in (rule for student in students for rule in student.rules):
        assert rule.why.strip() == rule.why
        assert len(rule.why.splitlines()) == 1
        assert not rule.why.endswith(".")
        assert "None" not in rule.why


def test_the_path_ends_at_the_first_no_or_missing_answer() -> None:
    start = ("TREE.start", "TREE.interviews")

    assert result(says(4), interviews_offered=2).path == start
    assert result(interviews_offered=7).path == (*start, "TREE.pd")
    assert result(says(3), weaknesses=None).path == (*start, "TREE.pd", "TREE.fixable")


def test_a_rule_names_the_events_behind_its_facts() -> None:
    given = evidence(
        says(1, by="A", ref=9),
        says(2, by="B", ref=12),
        says(4, by="C", role="faculty", ref=10),
        refs={"interviews_offered": 3, "weaknesses": 7, "step2": 2},
    )
    rules = {one.id: one for one in evaluate(given, PLAYBOOK, flips=False).rules}

    assert (rules["PIVOT.champion"].facts, rules["PIVOT.champion"].refs) == (("statement",), (9, 12))
    assert (rules["REAPPLY.fix"].facts, rules["REAPPLY.fix"].refs) == (("weaknesses", "weakness_months"), (7,))
    assert rules["REAPPLY.interviews"].to_dict()["refs"] == [3]
    assert "refs" not in rules["PIVOT.money"].to_dict()


def test_a_recommendation_names_its_playbook_and_engine() -> None:
    found = result(says(3))

    assert (found.playbook, found.engine) == (PLAYBOOK.digest, ENGINE)


@pytest.mark.parametrize("grade", [1, 4])
def test_a_recommendation_reads_back_as_it_was_written(grade: int) -> None:
    for found in (
        result(says(grade, ref=4), months=(6, 18), flips=True, step2=200, playbook=with_cutoff(250)),
        result(months=(None,), flips=True, specialty="urology"),
    ):
        assert Recommendation.from_dict(found.to_dict()) == found


def test_an_unknown_specialty_is_refused() -> None:
    with pytest.raises(InvalidValue, match="'podiatry' is not allowed"):
        result(specialty="podiatry")
