"""Properties of the normative rule, over many requests: against a second reading of playbook §4, and on its own."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.contract import oracle
from tests.contract.requests import DAYS, evaluated, requests, statement
from web.contract import SCHEMA

ANSWER = Draft202012Validator({**SCHEMA, "$ref": "#/$defs/recommendation"})
GOES_ON = {"REAPPLY", "CONTESTED"}
NEEDED = ("interviews_offered", "financial_pressure", "willing_to_move_anywhere", "research_plan_months")

often = settings(max_examples=150, derandomize=True, deadline=None)


def verdicts(answer: dict[str, Any]) -> dict[str, str]:
    return {rule["id"]: rule["verdict"] for rule in answer["rules"]}


@given(requests())
@often
def test_the_engine_agrees_with_a_second_reading_of_the_rule(request: dict[str, Any]) -> None:
    answer = evaluated(request)

    assert answer["outcome"] == oracle.outcome(request)
    assert set(answer["decided_by"]) == oracle.decided_by(request)
    assert set(answer["missing"]) == oracle.missing(request)
    assert set(answer["warnings"]) == oracle.warnings(request)
    assert answer["path"] == oracle.path(request)
    ANSWER.validate(answer)


@given(requests())
@often
def test_nothing_goes_on_while_a_needed_fact_is_missing(request: dict[str, Any]) -> None:
    answer = evaluated(request)

    if answer["outcome"] in GOES_ON:
        derm = request["specialty"] == "dermatology"
        assert answer["missing"] == []
        for name in NEEDED if derm else NEEDED[:2]:
            assert evaluated(request | {"facts": request["facts"] | {name: None}})["outcome"] == "INDETERMINATE"
        assert evaluated(request | {"statements": []})["outcome"] == "INDETERMINATE"
        assert evaluated(request | {"weaknesses": None})["outcome"] == "INDETERMINATE"


@given(requests(), st.integers(0, 4), st.booleans(), st.sampled_from((None, False)))
@often
def test_recording_an_untrusted_statement_never_changes_the_result_where_trust_is_asked_for(
    request: dict[str, Any],
    grade: int,
    full: bool,  # noqa: FBT001 - drawn by hypothesis
    trusted: bool | None,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    request["specialty"] = "urology"
    said = statement(
        by="A", specialty="urology", champion_grade=grade, saw_full_file=full, trusted=trusted, date=DAYS[1]
    )

    before, after = evaluated(request), evaluated(request | {"statements": [*request["statements"], said]})

    for key in ("outcome", "decided_by", "missing", "path", "profile"):
        assert after[key] == before[key]
    assert verdicts(after) == verdicts(before)


@given(requests(), st.integers(0, 4), st.booleans(), st.sampled_from(("pmr", "anesthesiology")))
@often
def test_recording_a_related_field_statement_never_changes_anything(
    request: dict[str, Any],
    grade: int,
    full: bool,  # noqa: FBT001 - drawn by hypothesis
    slug: str,
) -> None:
    said = statement(by="A", specialty=slug, champion_grade=grade, saw_full_file=full, trusted=True, date=DAYS[1])

    assert evaluated(request | {"statements": [*request["statements"], said]}) == evaluated(request)


@given(requests())
@often
def test_a_withdrawn_statement_is_as_if_never_made(request: dict[str, Any]) -> None:
    standing = [one for one in request["statements"] if not one["withdrawn"]]

    assert evaluated(request | {"statements": standing}) == evaluated(request)


@given(requests())
@often
def test_no_rule_holds_or_fails_on_a_missing_fact(request: dict[str, Any]) -> None:
    answer = evaluated(request)
    found, missing = verdicts(answer), set(answer["missing"])

    needs = {
        "REAPPLY.interviews": "interviews_offered",
        "PIVOT.interviews": "interviews_offered",
        "REAPPLY.pd": "statement",
        "PIVOT.champion": "statement",
        "PIVOT.money": "financial_pressure",
        "DERM.move": "willing_to_move_anywhere",
        "DERM.plan": "research_plan_months",
    }
    for rule, fact in needs.items():
        if rule in found:
            assert (found[rule] == "missing") is (fact in missing)
    assert (found["PIVOT.cutoff"] == "cannot_evaluate") is ("cutoff-unknown" in answer["warnings"])
    assert (found["PIVOT.cutoff"] == "holds") is ("PIVOT.cutoff" in oracle.reasons(request))
    assert (found["REAPPLY.fix"] == "fails") is ("REAPPLY.fix" in oracle.reasons(request))


@given(requests())
@often
def test_an_answer_that_would_decide_decides_when_it_is_given(request: dict[str, Any]) -> None:
    answer = evaluated(request)

    assert answer["outcome"] == "INDETERMINATE" or answer["would_decide"] == []
    for one in answer["would_decide"]:
        assert one["fact"] in answer["missing"]
        assert one["outcome"] == oracle.outcome(answered(request, one["fact"], one["if"]))
        assert one["outcome"] != "INDETERMINATE"


def answered(request: dict[str, Any], fact: str, given_answer: Any) -> dict[str, Any]:
    """The request with a missing fact filled in, as an answer of `would_decide` says."""
    if fact == "weaknesses":
        return request | {"weaknesses": given_answer}
    if fact == "weakness_months":
        filled = [one | {"months": given_answer} if one["months"] is None else one for one in request["weaknesses"]]
        return request | {"weaknesses": filled}
    if fact != "statement":
        return request | {"facts": request["facts"] | {fact: given_answer}}
    if "by" in given_answer:
        marked = [one | {"trusted": True} if one["by"] == given_answer["by"] else one for one in request["statements"]]
        return request | {"statements": marked}
    said = statement(by="someone new", specialty=request["specialty"], **given_answer)
    return request | {"statements": [*request["statements"], said]}
