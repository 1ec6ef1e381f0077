"""Loans: amortization against numpy-financial; income plans, forgiveness and waiting worked by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy_financial as npf
import pytest

from core.income.loans import Loan, Plan, Repayment, ibr_due, level_payment, rap_due
from plugins.income import load_tables

RULES = load_tables().rules
LOAN = Loan(
    balance_usd=200_000,
    rate=0.06,
    plan=Plan.STANDARD,
    pslf=False,
    wait=True,
    new_borrower=True,
    household=1,
    dependents=0,
    months_counted=0,
    income_before_usd=0,
)


def lived(
    loan: Loan, *incomes: float, qualifies: bool = False, kind: Any = np.float64
) -> tuple[list[float], Repayment]:
    """Pay for one year per income of the year before; return what was paid each year, and the loan."""
    repayment = Repayment(loan, RULES)
    paid = []
    for number, income in enumerate(incomes):
        year = repayment.year(np.array([income], kind), pays=True, qualifies=qualifies, calendar_year=2026 + number)
        paid.append(float(year.paid[0]))
    return paid, repayment


@pytest.mark.parametrize(("plan", "balance", "years"), [("standard", 200_000, 10), ("tiered-standard", 60_000, 20)])
@pytest.mark.parametrize("rate", [0.03, 0.0794])
def test_a_standard_plan_is_paid_off_as_numpy_financial_has_it(
    plan: str, balance: float, years: int, rate: float
) -> None:
    loan = replace(LOAN, plan=Plan(plan), balance_usd=balance, rate=rate)
    monthly = -npf.pmt(rate / 12, years * 12, balance)
    repayment = Repayment(loan, RULES)

    for year in range(1, years + 1):
        paid = repayment.year(np.zeros(1), pays=True, qualifies=False, calendar_year=2026).paid
        left = -npf.fv(rate / 12, year * 12, -monthly, balance)
        assert paid[0] == pytest.approx(12 * monthly, abs=0.01)
        assert repayment.owed[0] == pytest.approx(left, abs=1)
    assert repayment.owed[0] == 0


def test_a_loan_without_interest_is_paid_off_in_equal_parts() -> None:
    paid, repayment = lived(replace(LOAN, rate=0), *[0.0] * 10)

    assert paid == pytest.approx([20_000] * 10)
    assert repayment.owed[0] == 0


@pytest.mark.parametrize(("balance", "years"), [(24_999, 10), (25_000, 15), (50_000, 20), (100_000, 25), (900_000, 25)])
def test_the_tiered_plan_lasts_longer_the_larger_the_balance(balance: float, years: int) -> None:
    (paid,), _ = lived(replace(LOAN, plan=Plan.TIERED, balance_usd=balance), 0)

    assert paid == pytest.approx(12 * -npf.pmt(0.06 / 12, years * 12, balance), abs=0.01)


def test_interest_of_the_waiting_is_simple_and_is_added_when_repayment_begins() -> None:
    repayment = Repayment(LOAN, RULES)
    for _ in range(3):
        year = repayment.year(np.zeros(1), pays=False, qualifies=True, calendar_year=2026)
        assert year.paid[0] == 0

    assert repayment.owed[0] == 200_000 + 3 * 12_000
    paid = repayment.year(np.zeros(1), pays=True, qualifies=False, calendar_year=2029).paid[0]
    assert paid == pytest.approx(12 * -npf.pmt(0.005, 120, 236_000), abs=0.01)


@pytest.mark.parametrize(
    ("income", "new", "household", "monthly"),
    [
        # 150 % of the poverty line of 2025: 23,475 for one, 8,250 more for each other (90 FR 5917)
        (68_166, True, 1, 0.10 * (68_166 - 23_475) / 12),
        (68_166, False, 1, 0.15 * (68_166 - 23_475) / 12),
        (68_166, True, 3, 0.10 * (68_166 - 39_975) / 12),
        (20_000, True, 1, 0.0),
    ],
)
def test_ibr_is_a_share_of_the_income_above_the_allowance(
    income: float, *, new: bool, household: int, monthly: float
) -> None:
    loan = replace(LOAN, plan=Plan.IBR, new_borrower=new, household=household)

    assert ibr_due(np.array([income]), loan, RULES)[0] == pytest.approx(monthly)


def test_ibr_is_never_more_than_the_standard_plan() -> None:
    (paid,), _ = lived(replace(LOAN, plan=Plan.IBR), 900_000)

    assert paid == pytest.approx(12 * -npf.pmt(0.005, 120, 200_000), abs=0.01)


def test_ibr_interest_that_is_not_paid_stays_owed_and_bears_no_interest() -> None:
    (first, second), repayment = lived(replace(LOAN, plan=Plan.IBR), 63_475, 63_475)

    assert first == second == pytest.approx(4_000)  # 10 % of 40,000, against 12,000 of interest
    assert repayment.owed[0] == pytest.approx(200_000 + 2 * 8_000)


@pytest.mark.parametrize(("new", "years"), [(True, 20), (False, 25)])
def test_ibr_forgives_what_is_left_after_its_years_and_it_is_taxed(*, new: bool, years: int) -> None:
    repayment = Repayment(replace(LOAN, plan=Plan.IBR, new_borrower=new), RULES)
    for number in range(years):
        year = repayment.year(np.array([23_475.0]), pays=True, qualifies=False, calendar_year=2026 + number)

    assert year.taxed
    assert year.forgiven[0] == pytest.approx(200_000 + years * 12_000)
    assert repayment.owed[0] == 0


@pytest.mark.parametrize(
    ("income", "dependents", "monthly"),
    [
        (0, 0, 10),  # 120 a year
        (10_000, 0, 10),
        (20_000, 0, 200 / 12),  # 1 % up to 20,000
        (20_001, 0, 400.02 / 12),
        (68_166, 0, 0.06 * 68_166 / 12),
        (68_166, 2, 0.06 * 68_166 / 12 - 100),
        (100_000, 0, 9_000 / 12),
        (400_000, 0, 40_000 / 12),
        (15_000, 3, 10),  # never less
    ],
)
def test_rap_is_a_share_of_the_whole_income_by_steps(income: float, dependents: int, monthly: float) -> None:
    loan = replace(LOAN, plan=Plan.RAP, dependents=dependents)

    assert rap_due(np.array([float(income)]), loan, RULES)[0] == pytest.approx(monthly)


def test_rap_waives_the_interest_left_and_takes_50_a_month_off_the_principal() -> None:
    (paid,), repayment = lived(replace(LOAN, plan=Plan.RAP), 68_166)

    assert paid == pytest.approx(0.06 * 68_166)  # 341 a month against 1,000 of interest
    assert repayment.owed[0] == pytest.approx(200_000 - 12 * 50)


def test_rap_takes_no_more_off_the_principal_than_was_paid() -> None:
    (_,), repayment = lived(replace(LOAN, plan=Plan.RAP), 0)

    assert repayment.owed[0] == pytest.approx(200_000 - 12 * 10)


def test_rap_pays_principal_with_what_is_above_the_interest() -> None:
    (paid,), repayment = lived(replace(LOAN, plan=Plan.RAP), 400_000)

    monthly = 40_000 / 12
    assert paid == pytest.approx(40_000)
    assert repayment.owed[0] == pytest.approx(-npf.fv(0.005, 12, -monthly, 200_000), abs=0.01)


def test_pslf_forgives_untaxed_after_ten_qualifying_years() -> None:
    repayment = Repayment(replace(LOAN, plan=Plan.IBR, pslf=True, wait=False), RULES)
    incomes = [0.0] + [63_475.0] * 9
    for number, income in enumerate(incomes):
        year = repayment.year(np.array([income]), pays=True, qualifies=True, calendar_year=2026 + number)

    assert not year.taxed
    # by hand: ten years of 12,000 interest, nine payments of 4,000 a year
    assert year.forgiven[0] == pytest.approx(200_000 + 120_000 - 36_000)


def test_pslf_counts_only_months_at_an_employer_that_qualifies() -> None:
    repayment = Repayment(replace(LOAN, plan=Plan.IBR, pslf=True), RULES)
    for number in range(12):
        year = repayment.year(
            np.array([23_475.0]), pays=True, qualifies=number not in (3, 4), calendar_year=2026 + number
        )
        assert bool(year.forgiven[0]) == (number == 11)


def test_pslf_ends_within_a_year_where_payments_were_counted_before() -> None:
    loan = replace(LOAN, plan=Plan.IBR, pslf=True, months_counted=114)

    repayment = Repayment(loan, RULES)
    year = repayment.year(np.array([63_475.0]), pays=True, qualifies=True, calendar_year=2026)

    assert year.paid[0] == pytest.approx(2_000)  # six months of 333.33
    assert year.forgiven[0] == pytest.approx(200_000 + 6_000 - 2_000)


@pytest.mark.parametrize("plan", list(Plan))
def test_a_higher_rate_never_costs_less(plan: Plan) -> None:
    incomes = [0.0, *[70_000.0] * 4, *[400_000.0] * 20]
    cheap, dear = (sum(lived(replace(LOAN, plan=plan, rate=rate), *incomes)[0]) for rate in (0.05, 0.08))

    assert cheap < dear


def test_many_draws_pay_what_each_pays_alone() -> None:
    incomes = np.array([[30_000, 90_000, 250_000, 700_000]] * 25, np.float32)
    loan = replace(LOAN, plan=Plan.IBR)
    repayment = Repayment(loan, RULES)
    together = [
        repayment.year(row, pays=True, qualifies=False, calendar_year=2026 + year).paid
        for year, row in enumerate(incomes)
    ]

    for number in range(4):
        alone, _ = lived(loan, *map(float, incomes[:, number]))
        paid = [float(np.broadcast_to(year, 4)[number]) for year in together]
        assert paid == pytest.approx(alone, rel=1e-5, abs=1)


def test_the_level_payment_is_that_of_numpy_financial() -> None:
    assert level_payment(np.array([100_000.0]), 0.07, 180)[0] == pytest.approx(-npf.pmt(0.07 / 12, 180, 100_000))
