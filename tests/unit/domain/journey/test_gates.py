"""The hold: the table of playbook §4, *Reading (hold vs SOAP)*, row by row, and what an override excuses."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Conflict, GateClosed, InvalidValue
from core.journey.decisions import NewDecision, record_decision
from core.journey.hold import (
    GATES,
    NEEDS,
    OVERRIDE_CODES,
    PATH_KINDS,
    SOAP_KINDS,
    check_gate,
    need_label,
    override_gate,
)
from core.journey.inventory import FACTS
from tests.builders import (
    INVENTORY,
    LEAD,
    ORTHO,
    Step,
    confirmed,
    disputed,
    fact,
    facts,
    heard,
    overridden,
    path_ready,
    pd,
    profile,
    reapply,
    related_pd,
    said,
    soap_ready,
    stamp,
    weakness,
    weaknesses,
    withdrawn,
)
from tests.scenario import event, given

PATH_ROW = (*INVENTORY, "profile", "opinion_dream_field", "opinion_related_field")
SOAP_ROW = (
    "step2",
    "red_flags",
    "interviews_offered",
    "interviews_accepted",
    "interviews_attended",
    "interviews_ranked",
    "visa",
    "soap_eligible",
    "advisor_conversation",
    "no_go_list",
)
RECORDED = event("decision.recorded")
PASSED = event("decision.gate-passed")


def decision(kind: str) -> NewDecision:
    """A decision of this kind that lacks nothing but what its gate asks for."""
    why: dict[str, Any] = {"reason_code": "calling", "reason": "I have thought it over"}
    if kind == "reapply":
        return reapply(**why)
    return NewDecision(decision_id="d-1", kind=kind, specialty="anesthesiology" if kind == "pivot" else None, **why)


def ready(kind: str, without: str = "") -> list[Step]:
    return path_ready(without=without) if kind in PATH_KINDS else soap_ready(without=without)


@pytest.mark.parametrize("kind", GATES)
def test_a_gate_opens_when_everything_of_its_row_is_recorded(kind: str) -> None:
    scenario = given(ready(kind))
    assert check_gate(scenario.root, kind).known == (PATH_ROW if kind in PATH_KINDS else SOAP_ROW)
    after = (event("milestone.planned"),) if kind == "reapply" else ()
    scenario.when(record_decision, decision(kind)).then(PASSED, RECORDED, *after)


@pytest.mark.parametrize(("kind", "need"), [(k, n) for k in PATH_KINDS for n in PATH_ROW])
def test_a_path_decision_waits_for_each_need_of_its_row(kind: str, need: str) -> None:
    refusal = given(ready(kind, without=need)).when(record_decision, decision(kind)).then_refused(GateClosed)
    assert (refusal.decision, refusal.missing, refusal.disputed) == (kind, (need,), ())


@pytest.mark.parametrize(("kind", "need"), [(k, n) for k in SOAP_KINDS for n in SOAP_ROW])
def test_a_decision_of_the_first_week_waits_for_each_need_of_its_own_row(kind: str, need: str) -> None:
    refusal = given(ready(kind, without=need)).when(record_decision, decision(kind)).then_refused(GateClosed)
    assert refusal.missing == (need,)


def test_an_empty_journey_is_told_everything_that_is_missing_in_the_order_of_the_table() -> None:
    refusal = (
        given().when(record_decision, decision("pivot")).then_refused(GateClosed, "pivot: the gate is closed until")
    )
    assert refusal.missing == PATH_ROW


def test_the_first_week_is_judged_against_its_own_row_alone() -> None:
    assert check_gate(given(soap_ready()).root, "soap_take_part").is_open
    assert not check_gate(given(soap_ready()).root, "pivot").is_open
    assert not check_gate(given(path_ready()).root, "soap_take_part").is_open


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("red_flags", []),
        ("interviews_ranked", "not_shared"),
        ("step2", "comlex_only"),
        ("class_standing", "not_ranked"),
    ],
)
def test_none_and_not_applicable_are_values_that_a_gate_takes(name: str, value: object) -> None:
    assert check_gate(given(path_ready(without=name), fact(name, value)).root, "pivot").is_open


def test_a_step_2_that_was_not_taken_states_neither_score_nor_comlex_only() -> None:
    gate = check_gate(given(path_ready(without="step2"), fact("step2", "not_taken")).root, "pivot")
    assert gate.missing == ("step2",)


@pytest.mark.parametrize("name", INVENTORY)
def test_a_disputed_fact_counts_as_known_and_keeps_the_gate_shut_until_confirmed(name: str) -> None:
    gate = check_gate(given(path_ready(), disputed(name)).root, "reapply")
    assert (name in gate.known, gate.missing, gate.disputed, gate.is_open) == (True, (), (name,), False)
    assert check_gate(given(path_ready(), disputed(name), confirmed(name)).root, "reapply").is_open


def test_a_decision_over_a_disputed_fact_is_refused_and_the_fact_is_named_as_disputed() -> None:
    scenario = given(path_ready(), disputed("research"))
    refusal = scenario.when(record_decision, decision("pivot")).then_refused(GateClosed, "research (disputed)")
    assert (refusal.missing, refusal.disputed) == ((), ("research",))


def test_a_disputed_fact_of_the_other_row_does_not_matter() -> None:
    assert check_gate(
        given(soap_ready(), fact("class_standing", "not_ranked"), disputed("class_standing")).root, "withdraw"
    ).is_open


class TestProfile:
    """DECIDE.profile: clear or mixed; indeterminate only where COMLEX alone was taken and the rest is known."""

    @pytest.mark.parametrize("kind", ["clear", "mixed"])
    def test_a_clear_or_mixed_profile_stands(self, kind: str) -> None:
        assert check_gate(given(path_ready(without="profile"), profile(kind)).root, "pivot").is_open

    def test_an_indeterminate_profile_does_not_stand(self) -> None:
        gate = check_gate(given(path_ready(without="profile"), profile("indeterminate", None)).root, "pivot")
        assert gate.missing == ("profile",)

    def test_an_indeterminate_profile_stands_for_comlex_only_with_every_other_dimension_known(self) -> None:
        steps = [*path_ready(), fact("step2", "comlex_only"), profile("indeterminate", None)]
        assert check_gate(given(steps).root, "pivot").is_open

    @pytest.mark.parametrize("dimension", ["research", "interviews_offered"])
    def test_comlex_only_with_another_dimension_missing_does_not_stand(self, dimension: str) -> None:
        steps = [*path_ready(without=dimension), fact("step2", "comlex_only"), profile("indeterminate", None)]
        assert check_gate(given(steps).root, "pivot").missing == (dimension, "profile")


class TestTwoOpinions:
    """WEEK1.opinions: (a) from the dream field, (b) of a related field's program director, two different people."""

    def gate(self, *opinions: object) -> tuple[str, ...]:
        return check_gate(given(facts(INVENTORY), profile(), list(opinions)).root, "pivot").missing  # type: ignore[arg-type]

    @pytest.mark.parametrize("role", ["pd", "apd", "faculty"])
    def test_the_first_may_be_a_director_or_faculty_of_the_dream_field(self, role: str) -> None:
        assert self.gate(heard("a", pd(role=role)), heard("b", related_pd())) == ()

    @pytest.mark.parametrize("role", ["faculty", "school_advisor"])
    def test_the_second_is_never_faculty_nor_the_schools_advisor(self, role: str) -> None:
        assert self.gate(heard("a"), heard("b", related_pd(role=role))) == ("opinion_related_field",)

    def test_the_second_must_be_recorded_as_related(self) -> None:
        assert self.gate(heard("a"), heard("b", pd("Dr. Kestrel", "anesthesiology"))) == ("opinion_related_field",)

    def test_the_dream_field_is_not_related_to_itself(self) -> None:
        assert self.gate(heard("a"), heard("b", pd("Dr. Kestrel", ORTHO, related=True))) == ("opinion_related_field",)

    def test_the_schools_own_advisor_does_not_count(self) -> None:
        assert self.gate(heard("a", pd(role="school_advisor")), heard("b", related_pd())) == ("opinion_dream_field",)

    def test_one_person_cannot_be_both(self) -> None:
        both = heard("a", pd("Dr. Ibis")), heard("b", related_pd("dr. ibis"))
        assert self.gate(*both) == ("opinion_related_field",)
        assert self.gate(*both, heard("c", pd("Dr. Heron", role="faculty"))) == ()

    def test_a_withdrawn_opinion_is_as_if_never_made(self) -> None:
        assert self.gate(heard("a"), withdrawn("a"), heard("b", related_pd())) == ("opinion_dream_field",)

    def test_an_opinion_without_a_grade_counts_when_it_answers_a_question(self) -> None:
        spoken = said(None, next_cycle="Apply broadly to anesthesiology")
        assert self.gate(heard("a", pd(), spoken), heard("b", related_pd(), spoken)) == ()


class TestOverride:
    def test_an_override_keeps_who_why_and_what_was_known_missing_and_disputed(self) -> None:
        scenario = given(path_ready(without="profile"), disputed("step2"))
        journey = scenario.when(override_gate, "pivot", code="deadline", why=" today ", stamp=stamp("o", LEAD)).then(
            event(
                "decision.gate-overridden",
                code="deadline",
                text="today",
                missing=("profile",),
                disputed=("step2",),
                known=tuple(n for n in PATH_ROW if n != "profile"),
            )
        )
        assert journey.overrides["pivot"].actor == LEAD

    def test_an_override_needs_a_known_code_and_a_text(self) -> None:
        given().when(override_gate, "pivot", code="mood", why="x").then_refused(InvalidValue, "code: 'mood'")
        given().when(override_gate, "pivot", code="safety", why=" ").then_refused(InvalidValue, "text")
        given().when(override_gate, "lunch", code="safety", why="x").then_refused(InvalidValue, "decision: 'lunch'")
        assert list(OVERRIDE_CODES) == ["deadline", "fact-unobtainable", "student-request", "safety", "other"]

    def test_an_open_gate_cannot_be_overridden(self) -> None:
        given(path_ready()).when(override_gate, "pivot", code="safety", why="x").then_refused(Conflict, "open")

    def test_an_overridden_gate_lets_the_decision_through_without_calling_it_passed(self) -> None:
        scenario = given(path_ready(without="profile"), overridden("pivot"))
        scenario.when(record_decision, decision("pivot")).then(RECORDED)

    def test_a_gate_that_was_overridden_and_then_filled_is_passed(self) -> None:
        scenario = given(path_ready(without="profile"), overridden("pivot"), profile())
        scenario.when(record_decision, decision("pivot")).then(PASSED, RECORDED)

    def test_an_override_is_for_one_kind_of_decision(self) -> None:
        scenario = given(path_ready(without="profile"), overridden("pivot"))
        scenario.when(record_decision, decision("leave_medicine")).then_refused(GateClosed)

    def test_an_override_does_not_excuse_what_went_missing_later(self) -> None:
        scenario = given(path_ready(without="profile"), overridden("pivot"), withdrawn("a"))
        refusal = scenario.when(record_decision, decision("pivot")).then_refused(GateClosed)
        assert refusal.missing == ("opinion_dream_field",)

    def test_an_override_does_not_excuse_a_dispute_that_came_later(self) -> None:
        scenario = given(
            path_ready(without="research"), overridden("pivot"), fact("research", "limited"), disputed("research")
        )
        refusal = scenario.when(record_decision, decision("pivot")).then_refused(GateClosed)
        assert (refusal.missing, refusal.disputed) == ((), ("research",))

    def test_an_override_excuses_a_dispute_that_stood_when_it_was_given(self) -> None:
        scenario = given(path_ready(), disputed("research"), overridden("pivot"))
        scenario.when(record_decision, decision("pivot")).then(RECORDED)

    def test_an_override_never_excuses_the_plan_of_a_reapply_decision(self) -> None:
        scenario = given(path_ready(without="profile"), weaknesses(weakness()), overridden("reapply"))
        bare = reapply(reason_code="calling", reason="x", mode=None, remedies=(), milestones=())
        refusal = scenario.when(record_decision, bare).then_refused(GateClosed)
        assert refusal.missing == ("plan_mode", "plan_remedies", "plan_milestones")


def test_every_need_of_every_gate_has_words_for_a_person() -> None:
    for name in {*PATH_ROW, *SOAP_ROW, "plan_mode", "plan_remedies", "plan_milestones"}:
        assert need_label(name) == (NEEDS.get(name) or FACTS[name].label)
