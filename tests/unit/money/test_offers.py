"""Offers: expected pay and its spread by hand, what leaving costs, what is forbidden, what nobody told."""

from __future__ import annotations

from math import exp

import pytest

from core.errors import InvalidValue
from core.income.offers import Offer, judge
from core.income.tracks import Z90

SIGMA = 0.3
UNITS = Offer(name="Group", base_usd=350_000, units=7000, threshold_units=5000, usd_per_unit=60)


def test_a_salary_has_no_spread() -> None:
    judged = judge(Offer(name="County", base_usd=400_000, bonus_usd=20_000), SIGMA)
    assert judged.usual == (420_000, 420_000, 420_000)
    assert (judged.mean_usd, judged.fixed_share) == (420_000, 1.0)


def test_work_rvus_above_the_threshold_pay_and_those_below_take_nothing_away() -> None:
    low, mid, high = judge(UNITS, SIGMA).usual
    assert mid == 350_000 + 60 * 2000
    assert low == 350_000  # 7,000 less a third is below the threshold
    assert high == round(350_000 + 60 * (7000 * exp(SIGMA * Z90) - 5000))


def test_the_mean_is_that_of_the_bonus_and_not_the_bonus_of_the_mean() -> None:
    # E[max(7000 e^(0.3 z) - 5000, 0)] of a log-normal: 7000 e^(0.045) N(d1) - 5000 N(d2)
    assert judge(UNITS, SIGMA).mean_usd == pytest.approx(350_000 + 60 * 2409.28, rel=0.0005)


def test_more_spread_never_pays_less_under_a_threshold() -> None:
    means = [judge(UNITS, sigma).mean_usd for sigma in (0.0, 0.2, 0.4, 0.6)]
    assert means == sorted(means)


def test_five_years_count_signing_partnership_and_buy_in() -> None:
    offer = Offer(
        name="x", base_usd=300_000, signing_usd=20_000, partner_after=3, partner_ratio=1.5, buy_in_usd=100_000
    )
    assert judge(offer, SIGMA).five_years_usd == 20_000 + 3 * 300_000 + 2 * 450_000 - 100_000


@pytest.mark.parametrize(
    ("tail", "usd", "leaving"),
    [("employer", None, 0), ("physician", 40_000, 40_000), ("physician", None, None), (None, None, None)],
)
def test_leaving_costs_the_tail_where_the_physician_pays_it(tail: str | None, usd: float | None, leaving: int) -> None:
    assert judge(Offer(name="x", base_usd=1, tail=tail, tail_usd=usd), SIGMA).leaving_usd == leaving


def test_a_non_compete_is_told_with_its_area_and_time() -> None:
    forbids = judge(Offer(name="x", base_usd=1, noncompete_miles=25, noncompete_months=18), SIGMA).forbids
    assert "within 25 miles of each place of work (1,963 square miles around one), for 18 months" in forbids
    assert "ask a lawyer" in forbids


def test_no_non_compete_and_one_that_nobody_told_are_not_the_same() -> None:
    assert judge(Offer(name="x", base_usd=1, noncompete_miles=0), SIGMA).forbids.startswith("Nothing")
    assert judge(Offer(name="x", base_usd=1), SIGMA).forbids.startswith("Not told")
    half = judge(Offer(name="x", base_usd=1, noncompete_months=12), SIGMA)
    assert "a distance that was not told" in half.forbids
    assert "how far the non-compete reaches" in half.missing


def test_what_nobody_told_is_asked_for() -> None:
    missing = judge(Offer(name="x", base_usd=1, partner_after=2), SIGMA).missing
    assert set(missing) == {
        "tail cover: who pays it",
        "what the buy-in costs",
        "what a partner earns",
        "nights on call",
    }
    told = Offer(name="x", base_usd=1, tail="employer", call_nights=0, noncompete_miles=0)
    assert judge(told, SIGMA).missing == ()


def test_a_rate_for_work_that_nobody_counted_is_refused() -> None:
    with pytest.raises(InvalidValue, match="work RVUs a year that are expected"):
        judge(Offer(name="x", base_usd=1, usd_per_unit=60), SIGMA)
