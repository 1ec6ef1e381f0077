"""A whole model of a path's pay goes in place of the built-in one and is held to the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.income import compare
from tests.unit.money.scenarios import draws_of, faults_of, given, path, scenario

YEARS = 34  # four of residency and thirty of practice
SOURCE = {"what": "pay in space medicine", "source": "our survey", "year": 2025}


def model(practice: Any = (280_000, 360_000, 480_000), **changes: Any) -> dict[str, Any]:
    rows = [[70_000, 70_000, 70_000]] * 4 + [list(practice)] * 30
    return {"by": "Space", "gross_usd": rows, "sources": [SOURCE], **changes}


def with_model(**changes: Any) -> dict[str, Any]:
    return {**path(), "income_model": model(**changes)}


def test_the_percentiles_of_a_model_are_those_of_the_result() -> None:
    result = compare(scenario(with_model(), draws=20_000)).paths[0]
    assert result.gross[:4] == ((70_000, 70_000, 70_000),) * 4
    for low, mid, high in result.gross[4:]:
        assert (low, mid, high) == pytest.approx((280_000, 360_000, 480_000), rel=0.02)
    assert result.typical_pay_usd == 360_000


def test_a_model_says_whose_it_is_and_what_it_stands_on_in_place_of_the_built_in_figures() -> None:
    result = compare(scenario(with_model(note="Twelve answers."))).paths[0]
    assert result.notes == ("Pay as the model of Space has it.", "Twelve answers.")
    told = {(one.what, one.source) for one in result.figures}
    assert ("pay in space medicine", "our survey") in told
    assert not [what for what, _ in told if what.startswith(("median", "stipend"))]


def test_every_draw_of_a_model_adds_up() -> None:
    loan = {"balance_usd": 200_000, "rate_pct": 7, "plan": "ibr"}
    draws = draws_of(scenario(with_model(), loans=loan))
    whole = draws.take_home + draws.taxes + draws.loans + draws.costs
    assert np.allclose(whole, draws.gross, rtol=1e-5, atol=1)
    assert np.isfinite(draws.gross).all()


def test_a_persons_luck_stays_with_them_in_a_model_too() -> None:
    gross = draws_of(scenario(with_model())).gross
    assert np.corrcoef(gross[10], gross[11])[0, 1] > 0.8


def test_the_same_scenario_gives_the_same_result() -> None:
    first, again = (compare(scenario(with_model(), path("two"))).to_dict() for _ in range(2))
    assert first == again


def test_a_model_beside_a_built_in_path_is_no_decision_that_could_be_split() -> None:
    split = compare(scenario(with_model(), path("two"))).split
    assert [one.shapley for one in split.shares] == [0] * 5


def test_waiting_costs_what_the_model_says_is_given_up() -> None:
    waiting = path("later")
    waiting["steps"] = [{"kind": "research-year"}, *waiting["steps"]]
    rows = model()["gross_usd"]
    waiting["income_model"] = model(gross_usd=[[24_000] * 3, *rows[:-1]])
    result = compare(scenario(waiting, path("now"))).paths[0]
    assert result.gap_cost is not None
    assert 60_000 < result.gap_cost.pay_given_up_usd < 300_000
    assert 15_000 < result.gap_cost.earned_usd <= 24_000


def test_a_tenth_that_earns_nothing_is_no_fault_and_nobody_earns_less() -> None:
    gross = draws_of(scenario(with_model(practice=(0, 100_000, 20_000_000)))).gross
    assert gross.min() == 0
    assert np.isfinite(gross).all()


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"gross_usd": [[1, 2, 3]] * 33}, "gross_usd: '33 years' is not allowed (34 years, as many as are computed)"),
        ({"gross_usd": 7}, "gross_usd: 7 is not allowed (a list of p10, p50 and p90 for each year, at most 80 years)"),
        ({"gross_usd": []}, "gross_usd: [] is not allowed (a list of p10, p50 and p90 for each year"),
        (
            {"practice": (3, 2, 1)},
            "gross_usd[4]: [3, 2, 1] is not allowed (three amounts from 0 to 20,000,000 USD",
        ),
        ({"practice": (-1, 2, 3)}, "gross_usd[4]: [-1, 2, 3] is not allowed"),
        ({"practice": (1, 2, float("nan"))}, "gross_usd[4]: [1, 2, nan] is not allowed"),
        ({"practice": (1, 2, float("inf"))}, "gross_usd[4]: [1, 2, inf] is not allowed"),
        ({"practice": (1, 2)}, "gross_usd[4]: [1, 2] is not allowed"),
        ({"practice": (True, 2, 3)}, "gross_usd[4]: [True, 2, 3] is not allowed"),
        ({"practice": ("1", 2, 3)}, "gross_usd[4]: ['1', 2, 3] is not allowed"),
        (
            {"gross_usd": [[1, 2, 3]] * 34},
            "gross_usd[0]: [1.0, 3.0] is not allowed (one amount three times before practice begins)",
        ),
        ({"sources": []}, "sources: [] is not allowed (a list of 1 to 20 sources)"),
        (
            {"sources": [{"what": "a", "source": "", "year": 2025}]},
            "sources[0].source: '' is not allowed (text of",
        ),
        ({"sources": [{"what": "a", "source": "b"}]}, "sources[0].year: missing (a whole number from 1900 to 2100)"),
        ({"mood": 1}, "mood: 1 is not allowed (keys: by, gross_usd, sources, note)"),
    ],
)
def test_a_model_is_held_to_the_same_as_ours(changes: dict[str, Any], line: str) -> None:
    faults = faults_of(given(with_model(**changes)))
    assert faults[0].startswith(f"paths[0].income_model.{line}")
