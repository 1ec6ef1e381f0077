"""Warnings: what a person should see beside the outcome, which they never change (playbook §4)."""

# ruff: noqa: FBT001 - pytest hands the columns of a table over by name
from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decision.cases import PLAYBOOK, result, says, with_cutoff


@pytest.mark.parametrize(("offers", "warned"), [(2, False), (3, True), (4, True), (5, False)])
def test_three_and_four_offers_are_thin(offers: int, warned: bool) -> None:
    assert ("thin-interviews" in result(says(3), interviews_offered=offers).warnings) is warned


@pytest.mark.parametrize(("offers", "warned"), [(0, False), (1, True), (2, True), (3, False), (None, False)])
def test_the_literal_tree_would_have_let_one_or_two_offers_through(offers: int | None, warned: bool) -> None:
    assert ("literal-any" in result(says(4), interviews_offered=offers).warnings) is warned


@pytest.mark.parametrize(("offers", "warned"), [(15, False), (16, True)])
def test_sixteen_offers_are_above_the_published_range(offers: int, warned: bool) -> None:
    assert ("above-published-range" in result(says(3), interviews_offered=offers).warnings) is warned


@pytest.mark.parametrize(("points", "warned"), [(-1, False), (0, False), (1, True), (9, True), (10, False)])
def test_one_to_nine_points_below_the_cutoff_are_warned_of(points: int, warned: bool) -> None:
    found = result(says(4), step2=250 - points, playbook=with_cutoff(250))

    assert ("below-cutoff" in found.warnings) is warned


def test_an_unknown_cutoff_is_warned_of_whatever_the_outcome() -> None:
    for found in (result(says(3)), result(says(0)), result()):
        assert "cutoff-unknown" in found.warnings
    assert "cutoff-unknown" not in result(says(3), playbook=with_cutoff(200)).warnings


@pytest.mark.parametrize(("applications", "warned"), [(None, False), (79, False), (80, True)])
def test_eighty_applications_without_a_sponsor_are_warned_of(applications: int | None, warned: bool) -> None:
    assert ("shotgun" in result(says(2), applications=applications).warnings) is warned


@pytest.mark.parametrize(
    "sponsor",
    [
        {"role": "pd"},
        {"role": "apd"},
        {"role": "faculty"},
        {"specialty": "urology", "trusted": False},
    ],
)
def test_a_sponsor_of_the_field_at_grade_3_is_enough_for_many_applications(sponsor: dict[str, Any]) -> None:
    slug = sponsor.get("specialty", "orthopaedic-surgery")

    assert "shotgun" not in result(says(3, **sponsor), applications=80, specialty=slug).warnings
    assert "shotgun" in result(says(2, **sponsor), applications=80, specialty=slug).warnings


def test_grade_3_sponsors_in_derm_too_though_it_does_not_champion_there() -> None:
    found = result(says(3, specialty="dermatology"), applications=80, specialty="dermatology")

    assert (found.outcome, "shotgun" in found.warnings) == ("PIVOT_NOW", False)


@pytest.mark.parametrize(
    "other", [{"role": "school_advisor"}, {"specialty": "pmr"}, {"withdrawn": True}, {"specialty": "neurosurgery"}]
)
def test_nobody_outside_the_field_and_nothing_withdrawn_sponsors(other: dict[str, Any]) -> None:
    assert "shotgun" in result(says(4, **other), applications=80).warnings


def test_a_sponsor_who_has_since_stepped_back_is_none() -> None:
    heard = says(4, role="faculty"), says(1, role="pd", date=says(1).date.replace(day=30))

    assert "shotgun" in result(*heard, applications=80).warnings


@pytest.mark.parametrize("slug", sorted(PLAYBOOK.specialties))
def test_many_applications_are_warned_of_in_hyper_competitive_fields_alone(slug: str) -> None:
    hyper = {
        "dermatology",
        "orthopaedic-surgery",
        "neurosurgery",
        "otolaryngology",
        "plastic-surgery-integrated",
        "urology",
        "radiology-interventional",
    }

    assert ("shotgun" in result(applications=200, specialty=slug).warnings) is (slug in hyper)


@pytest.mark.parametrize(
    ("reason", "proof", "warned"),
    [
        ("illness", ("cme",), False),
        ("family_crisis", ("part_time_clinical",), False),
        ("military", ("continuing_study",), False),
        ("immigration", ("cme", "continuing_study"), False),
        ("other", ("cme",), True),
        (None, ("cme",), True),
        ("illness", (), True),
        ("illness", None, True),
    ],
)
def test_a_blank_year_needs_a_reason_and_a_proof(
    reason: str | None, proof: tuple[str, ...] | None, warned: bool
) -> None:
    found = result(says(3), planned_year="blank", blank_reason=reason, blank_proof=proof)

    assert ("blank-year" in found.warnings) is warned


@pytest.mark.parametrize("year", [None, "research_year", "clinical_work"])
def test_a_year_that_is_not_blank_needs_neither(year: str | None) -> None:
    assert "blank-year" not in result(says(3), planned_year=year).warnings


def test_warnings_stand_in_the_order_of_the_contract_and_change_no_outcome() -> None:
    found = result(says(2), interviews_offered=1, applications=90, planned_year="blank")

    assert found.warnings == ("cutoff-unknown", "shotgun", "blank-year", "literal-any")
    assert found.decided_by == ("PIVOT.interviews", "PIVOT.champion")
