"""Taxes agree with worked examples to the dollar, and are straight pieces in between."""

from __future__ import annotations

import numpy as np
import pytest

from core.income.taxes import Schedule, in_brackets, through
from plugins.income import load_tables
from tests.unit.money.scenarios import PUBLISHED

STATES = PUBLISHED["state_tax_2026_single"]


@pytest.mark.parametrize(("wage", "federal", "fica"), PUBLISHED["tax_2026_single"]["rows"])
def test_federal_tax_and_fica_are_those_of_the_worked_filers(wage: int, federal: int, fica: int) -> None:
    taxes = load_tables().taxes(2026, "single", "TX")

    assert (round(taxes.federal.exact(wage)), round(taxes.payroll.exact(wage))) == (federal, fica)


@pytest.mark.parametrize("state", ["CA", "TX", "MN"])
def test_state_tax_is_that_of_the_table(state: str) -> None:
    local = load_tables().taxes(2026, "single", state).local

    assert [round(local.exact(wage)) for wage in STATES["wages"]] == STATES[state]


def test_without_a_state_the_tax_is_the_median_of_the_states() -> None:
    # Source: PolicyEngine-US 2.68.0, median average rate at 400,000 USD: 4.4 percent
    assert load_tables().taxes(2026, "single", "").local.exact(400_000) / 400_000 == pytest.approx(0.044, abs=0.0005)


def test_joint_filers_pay_by_their_own_brackets() -> None:
    taxes = load_tables().taxes(2026, "joint", "TX")

    # by hand: 250,000 less 32,200 = 217,800: 2,480 + 9,120 + 24,332 + 24 % of 6,400
    assert round(taxes.federal.exact(250_000)) == 2_480 + 9_120 + 24_332 + 1_536
    assert round(taxes.payroll.exact(250_000)) == 11_439 + 3_625  # additional Medicare begins above 250,000


def test_parameters_of_another_year_are_other_numbers() -> None:
    tables = load_tables()

    assert tables.tax_years == (2025, 2026)
    assert tables.taxes(2025, "single", "TX").payroll.exact(300_000) < tables.taxes(2026, "single", "TX").payroll.exact(
        300_000
    )


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_many_pays_at_once_give_what_each_gives_alone(kind: type) -> None:
    taxes = load_tables().taxes(2026, "single", "CA").on_pay
    pays = np.array([1, 16_100, 16_101, 68_166, 184_500, 200_000, 399_999, 650_000, 5_000_000], kind)

    assert taxes.of(pays) == pytest.approx([taxes.exact(float(pay)) for pay in pays], rel=1e-5, abs=0.5)


def test_more_pay_never_leaves_less_of_it() -> None:
    pays = np.linspace(0, 2_000_000, 4001)

    for state in load_tables().states:
        kept = pays - load_tables().taxes(2026, "single", state).on_pay.of(pays)
        assert (np.diff(kept) > 0).all(), state


def test_two_taxes_add_up_to_one() -> None:
    first, second = in_brackets((0, 100), (0.1, 0.2)), through(((50, 5), (200, 10)))

    both = first + second

    assert both.exact(150) == pytest.approx(first.exact(150) + second.exact(150))
    assert isinstance(both, Schedule)
