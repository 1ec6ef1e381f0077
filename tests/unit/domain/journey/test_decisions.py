"""What the student decided, what the advisor thinks of it, and what a decision must carry."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Conflict, GateClosed, InvalidValue, NotFound
from core.journey.decisions import (
    REASON_CODES,
    NewDecision,
    Remedy,
    concur,
    dissent,
    record_decision,
    relation,
    reverse_decision,
)
from core.journey.hold import PATH_KINDS, SOAP_KINDS
from tests.builders import (
    decided,
    new_milestone,
    path_ready,
    pivot,
    planned,
    reapply,
    recommended,
    soap_ready,
    weakness,
    weaknesses,
)
from tests.scenario import event, given

PASSED = event("decision.gate-passed")
PIVOT_STANDS = [*path_ready(), recommended("PIVOT_NOW"), decided(pivot())]


def test_a_decision_that_agrees_needs_no_reason() -> None:
    journey = (
        given(path_ready(), recommended("PIVOT_NOW"))
        .when(record_decision, pivot())
        .then(PASSED, event("decision.recorded", relation="agrees", recommendation_version=14, reason=""))
    )
    assert journey.decisions["d-1"].specialty == "anesthesiology"


@pytest.mark.parametrize(
    ("outcome", "how"),
    [("REAPPLY", "differs"), ("CONTESTED", "contested"), ("INDETERMINATE", "not_decidable"), (None, "not_decidable")],
)
def test_a_decision_against_or_beside_the_recommendation_needs_its_reason(outcome: str | None, how: str) -> None:
    scenario = given(path_ready(), [recommended(outcome)] if outcome else [])
    scenario.when(record_decision, pivot()).then_refused(InvalidValue, "reason_code: 'nothing'")
    scenario.when(record_decision, pivot(reason_code="money")).then_refused(InvalidValue, "reason")
    scenario.when(record_decision, pivot(reason_code="mood", reason="x")).then_refused(
        InvalidValue, "reason_code: 'mood'"
    )
    scenario.when(record_decision, pivot(reason_code="money", reason=" two loans ")).then(
        PASSED, event("decision.recorded", relation=how, reason_code="money", reason="two loans")
    )


def test_a_reason_that_is_not_needed_must_still_be_a_known_one_and_not_endless() -> None:
    scenario = given(path_ready(), recommended("PIVOT_NOW"))
    scenario.when(record_decision, pivot(reason_code="mood")).then_refused(InvalidValue, ", ".join(REASON_CODES))
    scenario.when(record_decision, pivot(reason="x" * 2001)).then_refused(InvalidValue, "reason")


@pytest.mark.parametrize("kind", PATH_KINDS)
def test_only_reapplying_agrees_with_reapply_and_only_pivoting_with_pivot(kind: str) -> None:
    assert relation(kind, "REAPPLY") == ("agrees" if kind == "reapply" else "differs")
    assert relation(kind, "PIVOT_NOW") == ("agrees" if kind == "pivot" else "differs")


@pytest.mark.parametrize("kind", SOAP_KINDS)
def test_a_decision_of_the_first_week_is_not_measured_by_the_recommendation(kind: str) -> None:
    scenario = given(soap_ready(), recommended("REAPPLY"))
    scenario.when(record_decision, NewDecision(decision_id="s", kind=kind)).then(
        PASSED, event("decision.recorded", relation="own_gate")
    )


class TestPlan:
    """DECIDE.plan: a reapply decision carries its mode, a remedy for each main weakness, and a milestone."""

    ready = (*path_ready(), weaknesses(weakness()), recommended("REAPPLY"))

    def test_a_reapply_decision_writes_its_first_milestones_in_the_same_command(self) -> None:
        journey = (
            given(self.ready)
            .when(record_decision, reapply(milestones=(new_milestone("m-1"), new_milestone("m-2"))))
            .then(
                PASSED,
                event("decision.recorded", mode="research_year", relation="agrees", command_id="when"),
                event("milestone.planned", milestone_id="m-1", command_id="when"),
                event("milestone.planned", milestone_id="m-2", command_id="when"),
            )
        )
        assert set(journey.milestones) == {"m-1", "m-2"}

    @pytest.mark.parametrize(
        ("without", "missing"),
        [
            ({"mode": None}, "plan_mode"),
            ({"remedies": ()}, "plan_remedies"),
            ({"remedies": (Remedy(weakness="research", remedy=" "),)}, "plan_remedies"),
            ({"remedies": (Remedy(weakness="letters", remedy="Ask again"),)}, "plan_remedies"),
            ({"milestones": ()}, "plan_milestones"),
        ],
    )
    def test_a_reapply_decision_without_a_part_of_its_plan_is_refused(
        self, without: dict[str, Any], missing: str
    ) -> None:
        refusal = given(self.ready).when(record_decision, reapply(**without)).then_refused(GateClosed)
        assert refusal.missing == (missing,)

    def test_two_weaknesses_of_one_kind_need_two_remedies(self) -> None:
        steps = [*path_ready(), weaknesses(weakness(), weakness(months=6)), recommended("REAPPLY")]
        assert given(steps).when(record_decision, reapply()).then_refused(GateClosed).missing == ("plan_remedies",)
        twice = (Remedy(weakness="research", remedy="one"), Remedy(weakness="research", remedy="two"))
        given(steps).when(record_decision, reapply(remedies=twice)).then(
            PASSED, event("decision.recorded", remedies=twice), event("milestone.planned")
        )

    def test_no_main_weakness_needs_no_remedy(self) -> None:
        steps = [*path_ready(), weaknesses(), recommended("REAPPLY")]
        given(steps).when(record_decision, reapply(remedies=())).then(
            PASSED, event("decision.recorded"), event("milestone.planned")
        )

    def test_a_milestone_that_is_on_the_plan_with_that_date_is_not_planned_twice(self) -> None:
        given(self.ready, planned("first")).when(record_decision, reapply()).then(PASSED, event("decision.recorded"))

    def test_a_pivot_needs_no_plan(self) -> None:
        given(path_ready(), weaknesses(weakness()), recommended("PIVOT_NOW")).when(record_decision, pivot()).then(
            PASSED, event("decision.recorded")
        )


def test_a_pivot_names_the_field_it_goes_to() -> None:
    given(path_ready(), recommended("PIVOT_NOW")).when(record_decision, pivot(specialty=None)).then_refused(
        InvalidValue, "specialty: 'nothing'"
    )


def test_an_unknown_kind_or_mode_is_refused() -> None:
    given().when(record_decision, NewDecision(decision_id="x", kind="sleep")).then_refused(
        InvalidValue, "decision: 'sleep'"
    )
    given(path_ready(), recommended("PIVOT_NOW")).when(record_decision, pivot(mode="sail")).then_refused(
        InvalidValue, "mode: 'sail'"
    )


def test_a_second_path_decision_is_refused_while_the_first_stands() -> None:
    given(PIVOT_STANDS).when(record_decision, reapply(decision_id="d-2")).then_refused(Conflict, "stands already")


def test_a_decision_of_the_first_week_may_stand_beside_a_path_decision() -> None:
    given(PIVOT_STANDS, soap_ready()).when(record_decision, NewDecision(decision_id="s", kind="withdraw")).then(
        PASSED, event("decision.recorded")
    )


def test_the_same_decision_id_twice_is_refused() -> None:
    given(PIVOT_STANDS).when(record_decision, pivot()).then_refused(Conflict, "decision d-1 exists already")


def test_a_path_decision_over_a_recommendation_nobody_saw_is_refused() -> None:
    scenario = given(path_ready(), recommended("PIVOT_NOW"))
    scenario.when(record_decision, pivot(), seen=13).then_refused(Conflict, "the recommendation changed")
    scenario.when(record_decision, pivot(), seen=14).then(PASSED, event("decision.recorded"))


class TestStance:
    def test_the_advisors_concurrence_is_recorded_with_its_note(self) -> None:
        journey = (
            given(PIVOT_STANDS)
            .when(concur, "d-1", note=" " + "well " * 100)
            .then(event("decision.concurrence-recorded", text=("well " * 100).strip()))
        )
        assert journey.decisions["d-1"].stance == "concurs"

    def test_a_note_that_is_too_long_is_refused_and_not_cut(self) -> None:
        given(PIVOT_STANDS).when(concur, "d-1", note="x" * 2001).then_refused(InvalidValue, "note")

    def test_concurring_twice_is_quiet(self) -> None:
        scenario = given(PIVOT_STANDS).when(concur, "d-1", note="")
        scenario.when(concur, "d-1", note="").then_nothing()

    def test_a_dissent_says_why(self) -> None:
        scenario = given(PIVOT_STANDS)
        scenario.when(dissent, "d-1", why=" ").then_refused(InvalidValue, "reason")
        journey = scenario.when(dissent, "d-1", why="too soon").then(
            event("decision.dissent-recorded", text="too soon")
        )
        assert journey.decisions["d-1"].stance == "dissents"

    def test_there_is_no_stance_on_a_decision_that_does_not_exist_or_was_reversed(self) -> None:
        for take in ((concur, {"note": ""}), (dissent, {"why": "x"})):
            given().when(take[0], "d-9", **take[1]).then_refused(NotFound, "no decision d-9")
            reversed_one = given(PIVOT_STANDS).when(reverse_decision, "d-1", reason="x")
            reversed_one.when(take[0], "d-1", **take[1]).then_refused(Conflict, "was reversed")


class TestReversal:
    def test_a_reversed_decision_stays_in_the_record_with_the_reason(self) -> None:
        journey = (
            given(PIVOT_STANDS)
            .when(reverse_decision, "d-1", reason="a new offer")
            .then(event("decision.reversed", reason="a new offer"))
        )
        assert journey.decisions["d-1"].reversed_reason == "a new offer"

    def test_a_reversal_needs_a_reason_and_a_standing_decision(self) -> None:
        scenario = given(PIVOT_STANDS)
        scenario.when(reverse_decision, "d-1", reason="").then_refused(InvalidValue, "reason")
        scenario.when(reverse_decision, "d-2", reason="x").then_refused(NotFound)
        scenario.when(reverse_decision, "d-1", reason="x").when(reverse_decision, "d-1", reason="x").then_refused(
            Conflict
        )

    def test_after_a_reversal_another_path_may_be_chosen(self) -> None:
        scenario = given(PIVOT_STANDS).when(reverse_decision, "d-1", reason="x")
        scenario.when(record_decision, pivot(decision_id="d-2")).then(PASSED, event("decision.recorded"))
