"""Fixtures of a pack: a row that comes out otherwise says the rule and the fact that decided."""

from __future__ import annotations

from typing import Any

import pytest

from core.decision import Playbook
from plugins.host import PACKS, load, playbook_content
from plugins.kit.check import Known, check
from web.packs.fixtures import run_fixtures

SPACE = (
    'version = "1.0.0"\ntitle = "Space medicine"\norigin = "house"\n'
    '[[specialties]]\nslug = "space-medicine"\nname = "Space medicine"\n'
)
GOOD = {
    "name": '"as expected"',
    "as_of": '"2026-04-15"',
    "facts": "{ step2 = 245, research = 'multiple', interviews_offered = 7, financial_pressure = false }",
    "weaknesses": "[]",
    "statements": '[{ by = "Dr. A", role = "pd", champion_grade = 3, date = 2026-04-01 }]',
    "expect": '{ outcome = "REAPPLY" }',
}


def _text(more: str = "", **changed: str | None) -> str:
    rows = "".join(f"{key} = {value}\n" for key, value in (GOOD | changed).items() if value is not None)
    return f"{SPACE}{more}[[fixtures]]\n{rows}"


def _wrong(text: str) -> tuple[str, ...]:
    playbook = Playbook.from_content(playbook_content("test", load(own={"space": text}).packs))
    (result,) = run_fixtures(text, playbook)
    assert (result.name, result.line) == ("as expected", text[: text.index("[[fixtures]]")].count("\n") + 1)
    return result.wrong


def test_a_fixture_that_comes_out_as_expected_says_nothing() -> None:
    assert _wrong(_text()) == ()


@pytest.mark.parametrize(
    "expect",
    [
        'outcome = "REAPPLY", decided_by = [], missing = []',
        'outcome = "REAPPLY", row = "near-competitive", warnings = ["cutoff-unknown"]',
        'outcome = "REAPPLY", rules = { "PIVOT.champion" = "fails", "PIVOT.cutoff" = "cannot_evaluate" }',
    ],
)
def test_a_fixture_may_expect_more_than_the_outcome(expect: str) -> None:
    assert _wrong(_text(expect=f"{{ {expect} }}")) == ()


def test_a_row_that_differs_shows_the_rule_and_the_fact_that_decided() -> None:
    few = "{ step2 = 245, research = 'multiple', interviews_offered = 2, financial_pressure = false }"

    assert _wrong(_text(facts=few)) == (
        "outcome: expected REAPPLY, came out PIVOT_NOW",
        "PIVOT.interviews holds: 2 space medicine interview offers; a handful starts at 3 (interviews_offered: 2)",
    )


def test_a_row_that_comes_out_open_shows_the_rules_that_miss_a_fact() -> None:
    wrong = _wrong(_text(statements=None))

    assert wrong[0] == "outcome: expected REAPPLY, came out INDETERMINATE"
    assert [line.split(":")[0] for line in wrong[1:]] == ["REAPPLY.pd missing", "PIVOT.champion missing"]
    assert wrong[1].endswith("(statement: missing)")


def test_a_row_that_was_expected_to_pivot_shows_the_rule_that_did_not_decide() -> None:
    wrong = _wrong(_text(expect='{ outcome = "PIVOT_NOW", decided_by = ["PIVOT.champion"] }'))

    assert wrong[:2] == (
        "outcome: expected PIVOT_NOW, came out REAPPLY",
        "decided_by: expected PIVOT.champion, came out nothing",
    )
    assert any(line.startswith("PIVOT.champion fails: ") and "Dr. A, pd, grade 3" in line for line in wrong)


def test_a_rule_of_the_pack_is_named_when_it_decides() -> None:
    rule = '{ id = "SPACE.plan", fact = "research_plan_months", min = 6, sentence = "a research plan" }'
    short = (
        "{ step2 = 245, research = 'multiple', interviews_offered = 7, financial_pressure = false, "
        "research_plan_months = 3 }"
    )

    wrong = _wrong(_text(f"conditions = [{rule}]\n", facts=short))

    assert wrong[0] == "outcome: expected REAPPLY, came out PIVOT_NOW"
    assert wrong[1].startswith("SPACE.plan fails: ")
    assert wrong[1].endswith("(research_plan_months: 3)")


def test_the_cutoff_of_the_pack_counts_unless_the_fixture_names_its_own() -> None:
    cutoff = 'cutoff = { step2 = 255, source = "a talk", date = "2026-01-31" }\n'
    decided = '{ outcome = "PIVOT_NOW", decided_by = ["PIVOT.cutoff"] }'

    assert _wrong(_text(cutoff, expect=decided)) == ()
    assert _wrong(_text(cutoff, cutoffs="{}")) == ()
    assert _wrong(_text(cutoffs="{ space-medicine = 255 }", expect=decided)) == ()


def test_evidence_that_the_contract_refuses_is_named_with_its_line() -> None:
    (wrong,) = _wrong(_text(facts="{ step2 = 999 }"))

    assert wrong == (
        "pack.toml:10: fixtures[0].facts.step2: 999 is not allowed (a whole number from 1 to 300, or null)"
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"expect": None}, "pack.toml:7: fixtures[0].expect is missing (a table)"),
        (
            {"expect": "{}"},
            "pack.toml:13: fixtures[0].expect.outcome is missing (one of REAPPLY, PIVOT_NOW, CONTESTED, ",
        ),
        ({"expect": '{ outcome = "YES" }'}, "pack.toml:13: fixtures[0].expect.outcome: 'YES' is not allowed (one of"),
        ({"as_of": None}, "pack.toml:7: fixtures[0].as_of is missing (a date such as 2026-01-31)"),
        ({"name": '"x"\nfact = 3'}, "pack.toml:9: fixtures[0].fact: unknown key, perhaps facts (one of the keys name,"),
        ({"weaknesses": '["letters"]'}, "pack.toml:11: fixtures[0].weaknesses[0]: 'letters' is not allowed (a table)"),
    ],
)
def test_the_check_finds_a_fixture_out_of_shape(changed: dict[str, Any], sentence: str) -> None:
    (found,) = check("space", _text(**changed), Known.of(load().packs, "space"))

    assert str(found).startswith(sentence)


def test_a_pack_of_two_specialties_says_which_one_a_fixture_is_of() -> None:
    two = '[[specialties]]\nslug = "moon-medicine"\nname = "Moon medicine"\n'

    (found,) = check("space", _text(two), Known.of(load().packs, "space"))

    assert str(found) == (
        "pack.toml:10: fixtures[0].specialty is missing (with several specialties each fixture names its own: one of "
        "space-medicine, moon-medicine)"
    )
    assert check("space", _text(two, specialty='"moon-medicine"'), Known.of(load().packs, "space")) == []


@pytest.mark.parametrize("name", sorted(path.parent.name for path in PACKS.glob("*/pack.toml")))
def test_the_fixtures_of_the_built_in_packs_come_out_as_expected(name: str) -> None:
    text = (PACKS / name / "pack.toml").read_text("utf-8")
    playbook = Playbook.from_content(playbook_content("built-in", load().packs))

    results = run_fixtures(text, playbook)

    assert len(results) >= 2
    assert [(one.name, one.wrong) for one in results if one.wrong] == []
