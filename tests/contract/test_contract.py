"""The evaluate contract: what is read, what is refused and in which words, what is answered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from core.decision import DEFAULTS, FACTS, Playbook
from tests.contract.requests import PLAYBOOK, evaluated, harmless, statement
from tests.playbooks import minimal_content
from web.contract import SCHEMA, BadRequest, evaluate_text, read_request

WHOLE_SCORE = "a whole number from 1 to 300, or null"
DAY = "a date that exists, as YYYY-MM-DD"


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(BadRequest) as refused:
        evaluate_text(text, PLAYBOOK)
    assert str(refused.value) == "; ".join(refused.value.faults)
    assert all(len(line.splitlines()) == 1 for line in refused.value.faults)
    return refused.value.faults


def with_facts(**facts: Any) -> str:
    return json.dumps(harmless(facts=facts))


def with_statement(**changes: Any) -> str:
    return json.dumps(harmless(statements=[statement(**changes)]))


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_engine_knows_the_facts_of_the_schema_with_their_values_and_no_others() -> None:
    facts = SCHEMA["$defs"]["evidence"]["properties"]["facts"]["properties"]

    assert list(facts) == list(FACTS)
    for name, kind in FACTS.items():
        schema = facts[name]
        if kind.kind == "number":
            assert (schema["type"], schema["minimum"], schema.get("maximum")) == (
                ["integer", "null"],
                kind.low,
                kind.high,
            )
        elif kind.kind == "choice":
            assert schema["enum"] == [*kind.choices, None]
        elif kind.kind == "list":
            assert schema["items"]["enum"] == list(kind.choices)
        else:
            assert schema["type"] == ["boolean", "null"]


def test_the_engine_knows_the_parameters_of_the_schema_and_no_others() -> None:
    pattern = SCHEMA["$defs"]["evidence"]["properties"]["parameters"]["propertyNames"]["pattern"]

    assert pattern == f"^([a-z0-9-]+:)?({'|'.join(DEFAULTS)})$"


def test_an_answer_has_the_keys_of_the_contract_in_its_order_and_is_plain_json() -> None:
    answer = evaluated(harmless())

    assert list(answer) == SCHEMA["$defs"]["recommendation"]["required"]
    assert json.loads(json.dumps(answer)) == answer
    assert answer["outcome"] == "REAPPLY"


def test_the_same_request_always_gets_the_same_answer_as_bytes_or_text_with_or_without_a_mark() -> None:
    text = json.dumps(harmless(statements=[statement(by="Dr. Müller")]), ensure_ascii=False)
    answer = evaluate_text(text, PLAYBOOK)

    assert evaluate_text(text.encode(), PLAYBOOK) == answer
    assert evaluate_text("\ufeff" + text, PLAYBOOK) == answer
    assert evaluate_text(b"\xef\xbb\xbf" + text.encode(), PLAYBOOK) == answer


def test_an_absent_fact_is_missing_as_null_is() -> None:
    absent, null = (harmless(facts={"step2": 250} | more) for more in ({}, {"interviews_offered": None}))

    assert evaluated(absent) == evaluated(null)
    assert evaluated(absent)["missing"] == ["interviews_offered", "financial_pressure"]


def test_trusted_and_withdrawn_may_be_left_out() -> None:
    request = read_request(json.dumps(harmless()), PLAYBOOK)

    assert [(said.trusted, said.withdrawn) for said in request.evidence.statements] == [(None, False)]


def test_given_parameters_keep_their_precedence() -> None:
    derm = harmless(
        specialty="dermatology",
        facts=harmless()["facts"] | {"willing_to_move_anywhere": True, "research_plan_months": 12},
        statements=[statement(specialty="dermatology", champion_grade=3)],
    )

    assert evaluated(derm)["decided_by"] == ["PIVOT.champion"]
    assert evaluated(derm | {"parameters": {"champion_min": 3}})["decided_by"] == ["PIVOT.champion"]
    assert evaluated(derm | {"parameters": {"dermatology:champion_min": 3}})["outcome"] == "REAPPLY"


def test_given_cutoffs_replace_all_others_and_without_them_none_is_in_force() -> None:
    stored = {"orthopaedic-surgery": {"step2": 300, "source": "program survey", "date": "2026-01-05"}}
    book = Playbook.from_content(minimal_content(cutoffs=stored))
    text = json.dumps(harmless())

    assert evaluate_text(text, book)["outcome"] == "REAPPLY"
    assert "cutoff-unknown" in evaluate_text(text, book)["warnings"]
    given = json.dumps(harmless(cutoffs={"orthopaedic-surgery": 260}))
    assert evaluate_text(given, book)["decided_by"] == ["PIVOT.cutoff"]
    other = json.dumps(harmless(cutoffs={"urology": 260}))
    assert "cutoff-unknown" in evaluate_text(other, book)["warnings"]


def test_the_answer_names_the_playbook_it_was_made_with() -> None:
    assert evaluated(harmless())["playbook"] == PLAYBOOK.digest
    assert evaluated(harmless(parameters={"thin_max": 7}))["playbook"] != PLAYBOOK.digest


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "input: empty; one JSON object is needed"),
        (" \n", "input: empty; one JSON object is needed"),
        ("{", "input: no JSON at line 1, column 2 "),
        ("{}{}", "input: no JSON at line 1, column 3 "),
        ("{'specialty': 1}", "input: no JSON at line 1, column 2 "),
        ("[]", "input: a list is not allowed (an object)"),
        ("null", "input: null is not allowed (an object)"),
        ("17", "input: 17 is not allowed (an object)"),
        (b"\xff", "input: byte 1 is not UTF-8 (one JSON object in UTF-8)"),
        (b'{"a": "\xc3"}', "input: byte 8 is not UTF-8 (one JSON object in UTF-8)"),
        ("[" * 100_000, "input: nested too deeply (at most 20 levels)"),
        ('{"a":' * 30 + "1" + "}" * 30, "input: nested too deeply (at most 20 levels)"),
        ('{"a": 1, "a": 1}', 'input: the key "a" stands more than once in one object'),
        ('{"facts": {"step2": 1, "step2": 2}}', 'input: the key "step2" stands more than once in one object'),
        ('{"a": NaN}', "input: NaN is not allowed (a number that JSON knows)"),
        ('{"a": -Infinity}', "input: -Infinity is not allowed (a number that JSON knows)"),
        ('{"a": ' + "9" * 5000 + "}", "input: a number of 5000 digits is not allowed (at most 1000)"),
        ('{"by": "\\ud800"}', "by: a text with half a character is not allowed (whole Unicode characters)"),
        ('{"\\ud800": 1}', "\\ud800: a text with half a character is not allowed (whole Unicode characters)"),
    ],
)
def test_a_text_that_is_no_request_is_refused_in_one_line(text: str | bytes, line: str) -> None:
    (found,) = faults(text)

    assert found.startswith(line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (with_facts(step2=238.0), f"facts/step2: 238.0 is not allowed ({WHOLE_SCORE})"),
        (with_facts(step2=301.5), f"facts/step2: 301.5 is not allowed ({WHOLE_SCORE})"),
        (with_facts(step2=True), f"facts/step2: true is not allowed ({WHOLE_SCORE})"),
        (with_facts(step2="238"), f'facts/step2: "238" is not allowed ({WHOLE_SCORE})'),
        (with_facts(step2=0), f"facts/step2: 0 is not allowed ({WHOLE_SCORE})"),
        (with_facts(step2=301), f"facts/step2: 301 is not allowed ({WHOLE_SCORE})"),
        (with_facts(step2=int("9" * 999)), f"facts/step2: {'9' * 60}... is not allowed ({WHOLE_SCORE})"),
        (with_facts(step2=["238"]), f"facts/step2: a list is not allowed ({WHOLE_SCORE})"),
        (with_facts(step2="a\u2028b\n"), f'facts/step2: "a\\u2028b\\n" is not allowed ({WHOLE_SCORE})'),
        (
            with_facts(interviews_offered=-1),
            "facts/interviews_offered: -1 is not allowed (a whole number from 0 up, or null)",
        ),
        (with_facts(financial_pressure=1), "facts/financial_pressure: 1 is not allowed (true or false, or null)"),
        (with_facts(research="some"), 'facts/research: "some" is not allowed (multiple, limited, minimal or null)'),
        (
            with_facts(blank_proof=["x"]),
            'facts/blank_proof/0: "x" is not allowed (cme, part_time_clinical or continuing_study)',
        ),
        (json.dumps(harmless(as_of="2026-02-30")), f'as_of: "2026-02-30" is not allowed ({DAY})'),
        (json.dumps(harmless(as_of="20260616")), f'as_of: "20260616" is not allowed ({DAY})'),
        (json.dumps(harmless(as_of="2026-W25-2")), f'as_of: "2026-W25-2" is not allowed ({DAY})'),
        (json.dumps(harmless(as_of=20260616)), f"as_of: 20260616 is not allowed ({DAY})"),
        (with_statement(date="2026-13-01"), f'statements/0/date: "2026-13-01" is not allowed ({DAY})'),
        (
            with_statement(champion_grade=5),
            "statements/0/champion_grade: 5 is not allowed (a whole number from 0 to 4)",
        ),
        (with_statement(saw_full_file="yes"), 'statements/0/saw_full_file: "yes" is not allowed (true or false)'),
        (with_statement(trusted="yes"), 'statements/0/trusted: "yes" is not allowed (true or false, or null)'),
        (with_statement(withdrawn=None), "statements/0/withdrawn: null is not allowed (true or false)"),
        (with_statement(by=7), "statements/0/by: 7 is not allowed (a text)"),
        (json.dumps(harmless(statements=[7])), "statements/0: 7 is not allowed (an object)"),
        (json.dumps(harmless(statements=None)), "statements: null is not allowed (a list)"),
        (json.dumps(harmless(weaknesses={})), "weaknesses: an object is not allowed (a list, or null)"),
        (
            json.dumps(harmless(weaknesses=[{"kind": "visa", "months": 1}])),
            'weaknesses/0/kind: "visa" is not allowed (research, step2, letters or other)',
        ),
        (
            json.dumps(harmless(weaknesses=[{"kind": "other", "months": 6.0}])),
            "weaknesses/0/months: 6.0 is not allowed (a whole number from 0 up, or null)",
        ),
        (
            json.dumps(harmless(cutoffs={"urology": 301})),
            "cutoffs/urology: 301 is not allowed (a whole number from 1 to 300)",
        ),
        (json.dumps(harmless(cutoffs=None)), "cutoffs: null is not allowed (an object)"),
        (
            json.dumps(harmless(parameters={"handful_min": True})),
            "parameters/handful_min: true is not allowed (a whole number)",
        ),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_in_one_line(text: str, line: str) -> None:
    assert faults(text) == [line]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (json.dumps(harmless(specialty="orthopedic-surgery")), 'specialty: "orthopedic-surgery"'),
        (with_statement(specialty="urologia"), 'statements/0/specialty: "urologia"'),
        (json.dumps(harmless(cutoffs={"ortho": 250})), 'cutoffs/ortho: "ortho"'),
        (json.dumps(harmless(parameters={"ent:handful_min": 2})), 'parameters/ent:handful_min: "ent"'),
    ],
)
def test_an_unknown_specialty_is_refused_wherever_it_stands(text: str, where: str) -> None:
    (found,) = faults(text)

    assert found.startswith(f"{where} is not allowed (the slug of a known specialty")


def test_a_slug_that_is_nearly_right_is_answered_with_the_right_one() -> None:
    (found,) = faults(json.dumps(harmless(specialty="orthopedic-surgery")))

    assert found.endswith("; near to it is orthopaedic-surgery)")


def test_a_slug_like_no_other_is_answered_with_all_that_are_known() -> None:
    (found,) = faults(json.dumps(harmless(specialty="zzz")))

    assert "(the slug of a known specialty: " in found
    assert found.endswith(", urology)")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (json.dumps(harmless(fact={})), "fact: unknown key (known here: specialty, as_of, "),
        (with_facts(step_2=238), "facts/step_2: unknown key (known here: step2, research, "),
        (with_statement(grade=3), "statements/0/grade: unknown key (known here: by, specialty, "),
        (json.dumps(harmless(parameters={"handful": 2})), "parameters/handful: unknown parameter (handful_min, "),
        (json.dumps(harmless(parameters={"handful_min\n": 2})), "parameters/handful_min\\n: unknown parameter "),
    ],
)
def test_an_unknown_key_is_refused_by_name(text: str, where: str) -> None:
    (found,) = faults(text)

    assert found.startswith(where)


def test_what_is_always_needed_is_asked_for_by_name() -> None:
    assert faults("{}") == [
        f"{name}: missing, and always needed" for name in ("specialty", "as_of", "facts", "weaknesses", "statements")
    ]
    assert faults(json.dumps(harmless(weaknesses=[{"kind": "other"}]))) == [
        "weaknesses/0/months: missing, and always needed"
    ]


def test_every_fault_has_its_line() -> None:
    text = json.dumps(harmless(specialty="ortho", as_of="today", facts={"step2": 999, "height": 2}))

    assert [line.partition(":")[0] for line in faults(text)] == ["as_of", "facts/height", "facts/step2", "specialty"]
