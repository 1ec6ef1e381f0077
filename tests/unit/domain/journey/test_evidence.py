"""What a decision may see of a journey."""

from __future__ import annotations

from datetime import date

from core.decision.evidence import Weakness
from core.journey.decisions import concur, reverse_decision
from core.journey.evidence import evidence_of
from tests.builders import (
    TODAY,
    Step,
    decided,
    disputed,
    fact,
    heard,
    path_ready,
    pd,
    reapply,
    recommended,
    said,
    talked,
    weakness,
    weaknesses,
)
from tests.scenario import given


def test_each_fact_is_seen_with_the_version_of_the_event_that_holds_it() -> None:
    journey = given(fact("step2", 238), talked(), fact("research", "limited"), weaknesses(weakness()), heard("o")).root
    evidence = evidence_of(journey, as_of=TODAY)
    assert evidence.facts == {"step2": 238, "research": "limited"}
    assert evidence.refs == {"step2": 2, "research": 4, "weaknesses": 5}
    assert evidence.statements[0].ref == 6
    assert evidence.weaknesses == (Weakness(kind="research", remedy="Two projects", months=12),)


def test_facts_that_no_rule_reads_are_not_seen() -> None:
    journey = given(fact("visa", "j1"), fact("honors", "none"), fact("no_go_list", "none")).root
    assert (evidence_of(journey, as_of=TODAY).facts, evidence_of(journey, as_of=TODAY).refs) == ({}, {})


def test_the_year_of_a_standing_reapply_decision_is_known_where_no_fact_says_it() -> None:
    reapplies: list[Step] = [*path_ready(), weaknesses(weakness()), recommended("REAPPLY")]
    blank = decided(reapply(mode="blank"))
    agreed: Step = lambda journey, at: concur(journey, "d-1", note="", stamp=at)  # noqa: E731
    back: Step = lambda journey, at: reverse_decision(journey, "d-1", reason="x", stamp=at)  # noqa: E731
    scenario = given(*reapplies, blank, agreed)
    [version] = [one.originator_version for one in scenario.history if one.TOPIC == "decision.recorded"]
    seen = evidence_of(scenario.root, as_of=TODAY)
    assert (seen.facts["planned_year"], seen.refs["planned_year"]) == ("blank", version)
    own = given(*reapplies, fact("planned_year", "research_year"), blank).root
    assert evidence_of(own, as_of=TODAY).facts["planned_year"] == "research_year"
    assert "planned_year" not in evidence_of(given(*reapplies, blank, back).root, as_of=TODAY).facts


def test_a_disputed_fact_counts_as_known() -> None:
    assert evidence_of(given(fact("step2", 238), disputed("step2")).root, as_of=TODAY).facts == {"step2": 238}


def test_comlex_only_is_a_score_that_no_rule_can_compare() -> None:
    evidence = evidence_of(given(fact("step2", "comlex_only")).root, as_of=TODAY)
    assert (evidence.facts["step2"], evidence.comlex_only) == (None, True)


def test_not_taken_and_not_shared_are_no_numbers() -> None:
    evidence = evidence_of(given(fact("step2", "not_taken"), fact("interviews_ranked", "not_shared")).root, as_of=TODAY)
    assert (evidence.facts, evidence.comlex_only) == ({"step2": None, "interviews_ranked": None}, False)


def test_weaknesses_not_assessed_are_told_apart_from_none_found() -> None:
    assert evidence_of(given().root, as_of=TODAY).weaknesses is None
    assert evidence_of(given(weaknesses()).root, as_of=TODAY).weaknesses == ()


def test_a_statement_carries_who_said_what_and_when() -> None:
    step = heard("o", pd("Dr. Ibis", "anesthesiology", "apd"), said(4, saw_full_file=True, trusted=True))
    [statement] = evidence_of(given(step).root, as_of=TODAY).statements
    assert (statement.by, statement.specialty, statement.role, statement.date) == (
        "Dr. Ibis",
        "anesthesiology",
        "apd",
        date(2026, 3, 28),
    )
    assert (statement.champion_grade, statement.saw_full_file, statement.trusted) == (4, True, True)
