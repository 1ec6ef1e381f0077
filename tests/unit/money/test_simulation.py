"""What the simulation promises: every dollar is accounted for, luck stays, levers do not count twice, more is more."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy_financial as npf
import pytest

from core.income import agree, compare
from core.income.compare import break_even
from core.income.levers import Lever, left_over
from core.income.numbers import present_values, quantiles
from core.income.simulate import BLOCK
from tests.unit.money.scenarios import draws_of, path, scenario, steps

LOANS = {"balance_usd": 210_000, "rate_pct": 7.94}
PRIVATE = {"model": "private", "partnership": {"after_years": 2, "buy_in_usd": 90_000, "ratio": 1.3}}


@pytest.mark.parametrize("pslf", [False, True])
@pytest.mark.parametrize("plan", ["standard", "ibr", "rap"])
def test_take_home_taxes_loans_and_costs_are_the_gross_in_every_draw(plan: str, *, pslf: bool) -> None:
    way = path(place="any-state", nonprofit=True, **PRIVATE)
    draws = draws_of(scenario(way, loans={**LOANS, "plan": plan, "pslf": pslf}))

    parts = draws.take_home.astype(float) + draws.taxes + draws.loans + draws.costs

    np.testing.assert_allclose(parts, draws.gross, rtol=1e-5, atol=1)
    assert draws.costs.sum() == 90_000


def test_every_year_is_taxed_by_its_own_pay() -> None:
    one = scenario({"name": "one", "steps": steps("anesthesiology", {"kind": "research-year"})}, taxes={"state": "OH"})
    draws = draws_of(one)

    for year in (0, 1, 4, 5, 20):
        exact = [one.world.taxes.on_pay.exact(float(pay)) for pay in draws.gross[year, :50]]
        assert draws.taxes[year, :50] == pytest.approx(exact, abs=1)


def test_a_forgiven_balance_is_taxed_where_the_law_says_so_and_pslf_is_not() -> None:
    loans = {**LOANS, "plan": "ibr"}
    taxed = draws_of(scenario(path(), loans={**loans, "balance_usd": 900_000}))
    free = draws_of(scenario(path(nonprofit=True), loans={**loans, "balance_usd": 900_000, "pslf": True}))
    none = draws_of(scenario(path()))

    assert (taxed.taxes[19] > none.taxes[19] + 50_000).all()  # the twentieth year of payments
    np.testing.assert_allclose(free.taxes, none.taxes, rtol=1e-5)
    assert free.loans[10:].sum() == 0


def test_the_same_seed_gives_the_same_result_and_another_seed_another() -> None:
    first, again, other = (compare(scenario(path(), path("b"), seed=seed)) for seed in (3, 3, 4))

    assert first.to_dict() == again.to_dict()
    assert first.paths[0].worth != other.paths[0].worth
    assert first.paths[0].worth != first.paths[1].worth  # each path has chances of its own


def test_a_stored_result_agrees_with_the_same_computed_again_and_with_no_other() -> None:
    result = compare(scenario(path(), path("b", place="any-state"), loans={**LOANS, "plan": "ibr"})).to_dict()
    stored = json.loads(json.dumps(result))

    assert agree(stored, result)
    stored["paths"][0]["mature_pay"][1] += 1
    assert agree(stored, result)
    stored["paths"][0]["mature_pay"][1] += 100
    assert not agree(stored, result)
    assert not agree({**result, "seed": "7"}, result)
    assert not agree({**result, "paths": result["paths"][:1]}, result)


def test_a_path_keeps_its_chances_when_another_changes() -> None:
    one = compare(scenario(path("a"), path("b")))
    two = compare(scenario(path("a"), path("b", field="dermatology")))

    assert one.paths[0].gross == two.paths[0].gross


def test_the_first_draws_do_not_depend_on_how_many_follow() -> None:
    few, many = (draws_of(scenario(path(), draws=draws)) for draws in (BLOCK, BLOCK + 500))

    assert (few.gross == many.gross[:, :BLOCK]).all()


def test_pay_spreads_as_the_track_says() -> None:
    one = scenario(path(field="cardiology"), draws=40_000)
    track = one.paths[0].last.track

    low, mid, high = quantiles(draws_of(one).gross[-1:])[0]

    assert [low, mid, high] == pytest.approx([track.p10_usd, track.median_usd, track.p90_usd], rel=0.02)
    # Source: OEWS May 2025 fit, cardiologists: p10 381,000, p50 531,100, p90 740,300
    assert [track.p10_usd, track.p90_usd] == pytest.approx([381_000, 740_300], rel=0.002)


def test_luck_stays_with_the_person_and_fades_with_the_years() -> None:
    logs = np.log(draws_of(scenario(path(), draws=10_000, persistence=0.9)).gross[4:])

    kept = [np.corrcoef(logs[0], logs[years])[0, 1] for years in (1, 5)]

    assert kept == pytest.approx([0.9, 0.9**5], abs=0.03)


def test_luck_goes_on_through_a_move() -> None:
    logs = np.log(draws_of(scenario(path(stint={"years": 4, "place": 1.05}), persistence=1)).gross)

    assert np.corrcoef(logs[5], logs[12])[0, 1] == pytest.approx(1, abs=1e-3)


def test_a_sampled_lever_takes_its_variance_out_of_the_track() -> None:
    plain, sampled = (
        scenario(path(field="family-medicine", **more), draws=40_000) for more in ({}, {"place": "any-place"})
    )

    assert sampled.paths[0].last.sigma < plain.paths[0].last.sigma
    spread = [np.log(draws_of(one).gross[-1]).std() for one in (plain, sampled)]
    assert spread[1] == pytest.approx(spread[0], rel=0.02)


def test_a_lever_that_explains_more_than_the_track_leaves_no_luck() -> None:
    wide = Lever(kind="geography", label="wide", low=0.2, mid=1, high=5, source="test", year=None)

    assert left_over(0.2, (wide,)) == 0


def test_a_triangular_lever_has_the_variance_it_says() -> None:
    lever = Lever(kind="geography", label="one", low=0.8, mid=0.9, high=1.4, source="test", year=None)
    ratios = lever.at(np.random.Generator(np.random.SFC64(1)).random(200_000))

    assert np.log(ratios).var() == pytest.approx(lever.log_variance, rel=0.02)
    assert lever.low <= ratios.min() <= ratios.max() <= lever.high


@pytest.mark.parametrize("shape", [(1, 100), (40, 1001), (40, 4000)])
def test_quantiles_are_exact_by_the_nearest_rank(shape: tuple[int, int]) -> None:
    rng = np.random.Generator(np.random.SFC64(2))
    for rows in (rng.normal(size=shape), np.cumsum(rng.lognormal(size=shape), axis=0), np.zeros(shape)):
        ranks = [round((shape[1] - 1) * one) for one in (0.1, 0.5, 0.9)]
        assert (quantiles(rows) == np.sort(rows, axis=1)[:, ranks]).all()


@pytest.mark.parametrize("plan", ["standard", "ibr", "rap"])
def test_the_fan_of_take_home_is_that_of_the_draws(plan: str) -> None:
    one = scenario(path(**PRIVATE), loans={**LOANS, "plan": plan}, career_years=35)
    draws = draws_of(one)

    fan = compare(one).paths[0].take_home

    assert draws.by_pay.any()
    np.testing.assert_allclose(fan, quantiles(draws.take_home), rtol=1e-5, atol=1)


def test_present_value_is_that_of_numpy_financial() -> None:
    rows = np.array([[100.0, 5], [200, 6], [300, 7]])

    assert present_values(rows, 0.05) == pytest.approx([npf.npv(0.05, rows[:, 0]), npf.npv(0.05, rows[:, 1])])


def worth(*before: dict[str, Any], state: str = "TX", rate: float = 6, plan: str = "standard", **practice: Any) -> int:
    loans = {"balance_usd": 200_000, "rate_pct": rate, "plan": plan}
    # a second path, which practices at once, keeps the end of the working life where it is
    ways = [{"name": "one", "steps": steps("anesthesiology", *before, **practice)}, path("other")]
    return compare(scenario(*ways, loans=loans, taxes={"state": state})).paths[0].worth[0].p50_usd


@pytest.mark.parametrize("plan", ["standard", "tiered-standard", "ibr", "rap"])
def test_a_higher_loan_rate_leaves_less(plan: str) -> None:
    assert worth(rate=4, plan=plan) > worth(rate=6, plan=plan) > worth(rate=8, plan=plan)


def test_a_higher_tax_leaves_less() -> None:
    assert worth(state="TX") > worth(state="OH") > worth(state="CA")


def test_each_year_of_delay_leaves_less() -> None:
    none, one, two = (worth(*([{"kind": "gap-year", "years": years}] if years else [])) for years in (0, 1, 2))

    assert none > one > two


def test_a_stress_rate_makes_the_career_worth_less() -> None:
    usual, stress = compare(scenario()).paths[0].worth

    assert (usual.rate, stress.rate) == (0.03, 0.05)
    assert usual.p50_usd > stress.p50_usd
    assert list(usual.hill) == sorted(usual.hill)


def test_the_cost_of_a_gap_year_is_the_sum_of_its_parts() -> None:
    way = {"name": "one", "steps": steps("anesthesiology", {"kind": "research-year", "cost_usd": 9_000})}
    plain = {"name": "plain", "steps": steps("anesthesiology")}

    result = compare(scenario(way, plain, loans={**LOANS, "plan": "standard"}))
    cost = result.paths[0].gap_cost

    assert cost is not None
    assert result.paths[1].gap_cost is None
    assert (
        cost.total_usd
        == cost.pay_given_up_usd - cost.earned_usd + cost.loans_usd + cost.costs_usd
        == pytest.approx(result.paths[1].worth[0].mean_usd - result.paths[0].worth[0].mean_usd, rel=0.05)
    )
    assert cost.costs_usd == 9_000
    assert 20_000 < cost.earned_usd < 24_000  # of 24,000, after tax
    assert cost.interest_usd == 16_674
    assert cost.p10_usd < cost.p50_usd < cost.p90_usd


def test_everybody_retires_in_the_same_year() -> None:
    result = compare(scenario(path(), {"name": "later", "steps": steps("anesthesiology", {"kind": "gap-year"})}))

    assert {one.spans[-1].to_year for one in result.paths} == {2026 + 4 + 30 - 1}
    assert [len(one.gross) for one in result.paths] == [result.years] * 2
    assert [span.from_year for span in result.paths[1].spans] == [2026, 2027, 2031]


def test_stipends_follow_the_program_year_and_waiting_does_not_count() -> None:
    way = {"name": "one", "steps": [{"kind": "prelim"}, {"kind": "gap-year"}, *steps("family-medicine")]}

    gross = [row[1] for row in compare(scenario(way)).paths[0].gross[:5]]

    assert gross == [68_166, 0, 70_499, 73_301, 77_593]  # Source: AAMC stipend survey 2025, years 1 to 4


def test_the_debt_free_year_is_that_of_the_plan() -> None:
    way = path(field="family-medicine")
    years = {
        plan: compare(scenario(way, loans={**LOANS, "plan": plan})).paths[0].debt_free
        for plan in ("standard", "tiered-standard")
    }

    assert years == {"standard": (13, 13, 13), "tiered-standard": (28, 28, 28)}  # three years of waiting, 10 and 25
    assert compare(scenario(way)).paths[0].debt_free == (0, 0, 0)


def test_ways_to_be_paid() -> None:
    ways = {
        "salary": {"salary": {"usd": 400_000, "bonus_usd": 20_000}},
        "units": {"units": {"base_usd": 300_000, "expected": 9_000, "threshold": 5_000, "usd_each": 50}},
        "locums": {"model": "locums", "locums": {"hours": 1_500, "usd_per_hour": 250}},
        "ventures": {"salary": {"usd": 300_000}, "ventures": 50_000},
    }
    result = compare(scenario(*(path(name, **one) for name, one in ways.items())))

    pay = {one.name: one.typical_pay_usd for one in result.paths}
    assert pay == {"salary": 420_000, "units": 500_000, "locums": 375_000, "ventures": 350_000}
    assert result.paths[0].mature_pay == (420_000, 420_000, 420_000)
    assert result.paths[1].mature_pay[0] < 500_000 < result.paths[1].mature_pay[2]


def test_ramp_partnership_and_signing_bonus_come_in_their_years() -> None:
    way = path(
        salary={"usd": 100_000},
        ramp=[0.5, 0.8],
        signing_usd=7_000,
        partnership={"after_years": 3, "buy_in_usd": 40_000, "ratio": 2},
    )
    draws = draws_of(scenario(way))

    assert draws.gross[4:9, 0].tolist() == [57_000, 80_000, 100_000, 200_000, 200_000]
    assert draws.costs[:, 0].nonzero()[0].tolist() == [7]


@pytest.mark.parametrize(
    ("first", "second", "year"),
    [([1, 2, 3], [1, 1, 1], 1), ([0, 2, 3], [1, 1, 1], 2), ([0, 2, 0], [1, 1, 1], None), ([0, 0, 3], [1, 1, 1], 3)],
)
def test_break_even_is_the_year_from_which_a_path_stays_ahead(
    first: list[int], second: list[int], year: int | None
) -> None:
    assert break_even(np.array(first), np.array(second)) == year


def test_chances_of_two_paths_add_up_to_one() -> None:
    beats = compare(scenario(path("a", field="cardiology"), path("b", field="pediatrics"))).beats

    assert beats[0][1] + beats[1][0] == pytest.approx(1)  # type: ignore[operator]
    assert beats[0][1] > 0.9  # type: ignore[operator]
    assert beats[0][0] is None
