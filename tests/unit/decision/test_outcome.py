"""Playbook §4: its table of test rows, and every boundary of the rule."""

# ruff: noqa: FBT001 - pytest hands the columns of a table over by name
from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decision.cases import PLAYBOOK, result, says, verdict, with_cutoff

DERM: dict[str, Any] = {"specialty": "dermatology"}
PMR: dict[str, Any] = {"by": "Dr. Dipper", "specialty": "pmr"}


def test_the_worked_example_pivots_for_want_of_a_champion() -> None:
    found = result(says(1), interviews_offered=4, step2=238, research="limited")

    assert (found.outcome, found.decided_by) == ("PIVOT_NOW", ("PIVOT.champion",))
    assert found.path == ("TREE.start", "TREE.interviews", "TREE.pd")
    assert (found.profile.kind, found.profile.row) == ("clear", "borderline")
    assert found.warnings == ("thin-interviews", "cutoff-unknown")


def test_two_offers_pivot_even_with_a_champion() -> None:
    found = result(says(4), interviews_offered=2, months=(6,))

    assert (found.outcome, found.decided_by) == ("PIVOT_NOW", ("PIVOT.interviews",))
    assert "literal-any" in found.warnings


def test_three_offers_and_grade_3_reapply_with_a_warning() -> None:
    found = result(says(3), interviews_offered=3)

    assert (found.outcome, found.decided_by) == ("REAPPLY", ())
    assert "thin-interviews" in found.warnings
    assert found.path == ("TREE.start", "TREE.interviews", "TREE.pd", "TREE.fixable")


def test_money_pressure_contests_what_would_be_reapply() -> None:
    found = result(says(3), financial_pressure=True)

    assert (found.outcome, found.decided_by) == ("CONTESTED", ("PIVOT.money",))


def test_ten_below_the_cutoff_pivots_without_full_backing() -> None:
    found = result(says(4), step2=240, playbook=with_cutoff(250))

    assert (found.outcome, found.decided_by) == ("PIVOT_NOW", ("PIVOT.cutoff",))
    assert (verdict(found, "PIVOT.cutoff"), verdict(found, "FAQ.cutoff")) == ("holds", "fails")


def test_full_backing_lifts_the_cutoff() -> None:
    found = result(says(4, saw_full_file=True), step2=240, playbook=with_cutoff(250))

    assert (found.outcome, found.decided_by) == ("REAPPLY", ())
    assert (verdict(found, "PIVOT.cutoff"), verdict(found, "FAQ.cutoff")) == ("fails", "holds")


def test_grade_3_by_someone_who_saw_the_full_file_is_not_full_backing() -> None:
    found = result(says(3, saw_full_file=True), step2=240, playbook=with_cutoff(250))

    assert found.decided_by == ("PIVOT.cutoff",)


def test_one_persons_full_backing_is_enough_beside_another_who_did_not_see_the_file() -> None:
    heard = says(4, by="A"), says(4, by="B", saw_full_file=True)

    assert result(*heard, step2=240, playbook=with_cutoff(250)).outcome == "REAPPLY"


def test_nine_below_the_cutoff_only_warns() -> None:
    found = result(says(3), step2=241, playbook=with_cutoff(250))

    assert found.outcome == "REAPPLY"
    assert found.warnings == ("below-cutoff",)
    assert (verdict(found, "PIVOT.cutoff"), verdict(found, "FAQ.cutoff")) == ("fails", "not_applicable")


def test_asked_and_declined_pivots_though_a_related_field_would_champion() -> None:
    found = result(says(0), says(4, **PMR), months=(6,))

    assert (found.outcome, found.decided_by) == ("PIVOT_NOW", ("PIVOT.champion",))


def test_nobody_asked_in_the_field_is_missing_and_no_refusal() -> None:
    found = result(says(4, **PMR), months=(6,))

    assert (found.outcome, found.missing, found.decided_by) == ("INDETERMINATE", ("statement",), ())


def test_eighteen_months_are_too_long_in_ortho() -> None:
    found = result(says(4), months=(18,))

    assert (found.outcome, found.decided_by) == ("PIVOT_NOW", ("REAPPLY.fix",))
    assert found.path[-1] == "TREE.fixable"


def test_eighteen_months_are_in_time_in_derm() -> None:
    assert result(says(4, **DERM), months=(18,), **DERM).outcome == "REAPPLY"


def test_derm_asks_for_grade_4() -> None:
    found = result(says(3, **DERM), months=(18,), **DERM)

    assert (found.outcome, found.decided_by) == ("PIVOT_NOW", ("PIVOT.champion",))


def test_derm_asks_for_readiness_to_move() -> None:
    found = result(says(4, **DERM), months=(18,), willing_to_move_anywhere=False, **DERM)

    assert (found.outcome, found.decided_by) == ("PIVOT_NOW", ("DERM.move",))


@pytest.mark.parametrize(
    ("months", "outcome"), [(11, "PIVOT_NOW"), (12, "REAPPLY"), (24, "REAPPLY"), (25, "PIVOT_NOW")]
)
def test_derm_asks_for_a_plan_of_12_to_24_months(months: int, outcome: str) -> None:
    found = result(says(4, **DERM), research_plan_months=months, **DERM)

    assert found.outcome == outcome
    assert found.decided_by == (("DERM.plan",) if outcome == "PIVOT_NOW" else ())


@pytest.mark.parametrize("fact", ["willing_to_move_anywhere", "research_plan_months"])
def test_a_derm_condition_that_is_not_known_is_missing(fact: str) -> None:
    found = result(says(4, **DERM), **DERM, **{fact: None})

    assert (found.outcome, found.missing) == ("INDETERMINATE", (fact,))


@pytest.mark.parametrize("trusted", [None, False])
def test_a_statement_not_marked_as_trusted_does_not_count_in_urology(trusted: bool | None) -> None:
    found = result(says(4, specialty="urology", trusted=trusted), months=(6,), specialty="urology")

    assert (found.outcome, found.missing) == ("INDETERMINATE", ("statement",))


@pytest.mark.parametrize("slug", ["urology", "otolaryngology", "plastic-surgery-integrated"])
def test_a_trusted_statement_counts_where_trust_is_asked_for(slug: str) -> None:
    assert result(says(4, specialty=slug, trusted=True), specialty=slug).outcome == "REAPPLY"


def test_unknown_months_of_a_remedy_are_missing() -> None:
    found = result(says(3), months=(None,))

    assert (found.outcome, found.missing) == ("INDETERMINATE", ("weakness_months",))


def test_unknown_offers_are_missing() -> None:
    found = result(says(4), months=(6,), interviews_offered=None)

    assert (found.outcome, found.missing) == ("INDETERMINATE", ("interviews_offered",))
    assert found.path == ("TREE.start", "TREE.interviews")


def test_a_known_reason_to_pivot_decides_whatever_else_is_missing() -> None:
    found = result(says(1), months=(6,), interviews_offered=None)

    assert (found.outcome, found.decided_by, found.missing) == (
        "PIVOT_NOW",
        ("PIVOT.champion",),
        ("interviews_offered",),
    )


@pytest.mark.parametrize(("offers", "outcome"), [(0, "PIVOT_NOW"), (2, "PIVOT_NOW"), (3, "REAPPLY"), (16, "REAPPLY")])
def test_a_handful_is_three_offers(offers: int, outcome: str) -> None:
    assert result(says(3), interviews_offered=offers).outcome == outcome


@pytest.mark.parametrize(
    ("months", "slug", "outcome"),
    [
        (12, "orthopaedic-surgery", "REAPPLY"),
        (13, "orthopaedic-surgery", "PIVOT_NOW"),
        (24, "dermatology", "REAPPLY"),
        (25, "dermatology", "PIVOT_NOW"),
    ],
)
def test_a_remedy_is_in_time_up_to_and_with_its_limit(months: int, slug: str, outcome: str) -> None:
    assert result(says(4, specialty=slug), months=(6, months), specialty=slug).outcome == outcome


@pytest.mark.parametrize(("points", "outcome"), [(0, "REAPPLY"), (9, "REAPPLY"), (10, "PIVOT_NOW"), (11, "PIVOT_NOW")])
def test_ten_points_below_a_cutoff_are_significant(points: int, outcome: str) -> None:
    assert result(says(4), step2=250 - points, playbook=with_cutoff(250)).outcome == outcome


def test_a_cutoff_needs_a_known_score_and_no_cutoff_needs_none() -> None:
    assert result(says(4), step2=None).outcome == "REAPPLY"

    found = result(says(4), step2=None, playbook=with_cutoff(250))
    assert (found.outcome, found.missing) == ("INDETERMINATE", ("step2",))
    assert verdict(found, "PIVOT.cutoff") == "missing"


def test_a_low_score_alone_decides_nothing_while_nobody_was_heard() -> None:
    found = result(step2=200, playbook=with_cutoff(250))

    assert (found.outcome, found.missing) == ("INDETERMINATE", ("statement",))
    assert (verdict(found, "PIVOT.cutoff"), verdict(found, "FAQ.cutoff")) == ("missing", "missing")


def test_weaknesses_not_assessed_are_missing_and_none_found_pass() -> None:
    assert result(says(3), weaknesses=None).missing == ("weaknesses",)

    found = result(says(3), weaknesses=())
    assert (found.outcome, verdict(found, "REAPPLY.fix")) == ("REAPPLY", "holds")


def test_a_known_too_long_remedy_is_a_no_beside_an_unknown_one() -> None:
    found = result(says(3), months=(None, 13))

    assert (found.outcome, found.decided_by, found.missing) == ("PIVOT_NOW", ("REAPPLY.fix",), ("weakness_months",))
    assert verdict(found, "REAPPLY.fix") == "fails"


def test_money_pressure_does_not_touch_a_pivot_and_unknown_money_is_missing() -> None:
    assert result(says(1), financial_pressure=True).decided_by == ("PIVOT.champion",)
    assert result(says(3), financial_pressure=None).missing == ("financial_pressure",)


def test_research_that_is_missing_never_blocks() -> None:
    found = result(says(3), research=None)

    assert (found.outcome, found.missing) == ("REAPPLY", ())
    assert found.profile.kind == "indeterminate"


@pytest.mark.parametrize("drive", ["procedures", "pay", "lifestyle", "imaging", None])
def test_a_drive_never_changes_the_outcome(drive: str | None) -> None:
    slug = "radiology-diagnostic"

    assert result(says(3, specialty=slug), specialty=slug, drive=drive).outcome == "REAPPLY"


def test_every_known_reason_is_named_in_the_order_of_the_rule() -> None:
    found = result(
        says(1, **DERM),
        months=(25,),
        interviews_offered=1,
        step2=200,
        willing_to_move_anywhere=False,
        research_plan_months=0,
        playbook=with_cutoff(250, "dermatology"),
        **DERM,
    )

    assert found.decided_by == (
        "PIVOT.interviews",
        "PIVOT.champion",
        "PIVOT.cutoff",
        "REAPPLY.fix",
        "DERM.move",
        "DERM.plan",
    )


def test_everything_missing_is_named_in_the_order_of_the_rule() -> None:
    found = result(
        weaknesses=None,
        interviews_offered=None,
        step2=None,
        financial_pressure=None,
        willing_to_move_anywhere=None,
        research_plan_months=None,
        playbook=with_cutoff(250, "dermatology"),
        **DERM,
    )

    assert found.missing == (
        "interviews_offered",
        "statement",
        "weaknesses",
        "step2",
        "financial_pressure",
        "willing_to_move_anywhere",
        "research_plan_months",
    )


def test_a_changed_parameter_moves_its_boundary_and_no_other() -> None:
    stricter = PLAYBOOK.with_overrides({"handful_min": 8, "champion_min": 4}, None)

    assert result(says(3), playbook=stricter).decided_by == ("PIVOT.interviews", "PIVOT.champion")
    assert result(says(4), interviews_offered=8, playbook=stricter).outcome == "REAPPLY"
