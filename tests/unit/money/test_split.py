"""The split of the spread between specialty and business decisions adds up, and follows the decisions."""

from __future__ import annotations

from typing import Any

import pytest

from core.income.split import DECISIONS, split_of
from tests.unit.money.scenarios import path, scenario


def split(*paths: dict[str, Any]) -> dict[str, float]:
    return {one.decision: one.shapley for one in split_of(scenario(*paths).paths).shares}


def test_shares_of_candidates_that_differ_in_everything_sum_to_one() -> None:
    ways = [
        path("a", field="family-medicine", procedures=0.4, ventures=50_000, place="rural"),
        path("b", field="orthopaedic-surgery", model="academic"),
        path("c", field="anesthesiology", place="CA", model_ratio=1.2),
    ]
    whole = split_of(scenario(*ways).paths)

    assert [one.decision for one in whole.shares] == list(DECISIONS)
    assert sum(one.shapley for one in whole.shares) == pytest.approx(1, abs=5e-4)
    assert whole.specialty + whole.business == pytest.approx(1, abs=5e-4)
    assert all(one.shapley >= one.first_order - 1e-4 >= -2e-4 for one in whole.shares)
    assert sum(one.first_order for one in whole.shares) + whole.interaction == pytest.approx(1, abs=5e-4)
    assert whole.interaction > 0
    assert 0 < whole.luck < 1
    assert whole.spread_usd > 0


def test_candidates_that_differ_in_the_specialty_alone_leave_nothing_to_business() -> None:
    assert split(path("a", field="pediatrics"), path("b", field="cardiology")) == {
        "specialty": 1,
        "practice": 0,
        "place": 0,
        "procedures": 0,
        "ventures": 0,
    }


def test_one_field_practiced_in_two_ways_is_business_alone() -> None:
    shares = split(path("a"), path("b", model="academic"))

    assert (shares["specialty"], shares["practice"]) == (0, 1)


def test_two_even_decisions_share_evenly() -> None:
    shares = split(path("a", place=1.0, model_ratio=1.0), path("b", place=1.2, model_ratio=1.2))

    assert shares["place"] == shares["practice"] == pytest.approx(0.5, abs=1e-3)


def test_the_shares_of_two_decisions_worked_by_hand() -> None:
    # pay of 100,000 x {1, 2} + {0, 100,000}: 100, 200, 200, 300 thousand; each halves the variance, none interacts
    ways = [
        path("a", pay={"p10_usd": 90_000, "p50_usd": 100_000, "p90_usd": 110_000}, place=1.0, ventures=0),
        path("b", pay={"p10_usd": 90_000, "p50_usd": 100_000, "p90_usd": 110_000}, place=2.0, ventures=100_000),
    ]
    whole = split_of(scenario(*ways).paths)

    assert {one.decision: one.shapley for one in whole.shares if one.shapley} == {"place": 0.5, "ventures": 0.5}
    assert whole.interaction == 0
    assert whole.spread_usd == round((2 * 50_000**2) ** 0.5)


def test_a_decision_left_open_is_a_spread_of_its_own() -> None:
    shares = split(path("a", place="any-state"))

    assert shares["place"] == 1


def test_candidates_that_do_not_differ_have_nothing_to_split() -> None:
    whole = split_of(scenario(path("a"), path("b")).paths)

    assert {one.shapley for one in whole.shares} == {0}
    assert (whole.business, whole.luck) == (0, 1)
