"""income_vs_naive, income_mb and income_growth: the simulation against the straightforward way to write it.

The rival is plain float64 numpy: all paths in one array, every year, every draw, `np.quantile`. It does the same work:
lasting luck, federal, payroll and state tax, income-based repayment month by month, the same quantiles, present values.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.income import compare, read_scenario
from core.income.compare import HILL
from core.income.numbers import FAN
from plugins.host import load_packs, playbook_content
from plugins.income import load_tables
from tests.bench import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.income import Scenario

PATHS: Final = 10
DRAWS: Final = 10_000
TIMES: Final = 10  # as many draws, for the growth
YEARS: Final = 40
ROUNDS: Final = 5
FIELDS: Final = (
    "anesthesiology", "dermatology", "emergency-medicine", "family-medicine", "internal-medicine",
    "neurology", "obgyn", "pathology", "psychiatry", "pediatrics",
)  # fmt: skip
YEARS_TRAINED: Final = 4


def measure() -> list[Figure]:
    """Measure speed against the rival, memory, and growth with the number of draws; the median of the rounds counts."""
    ours, rival = [], []
    scenario = _scenario(DRAWS)
    compare(scenario)
    for _ in range(ROUNDS):
        ours.append(_seconds(lambda: compare(scenario)))
        rival.append(_seconds(lambda: _naive(scenario)))
    pairs = [mine / theirs for mine, theirs in zip(ours, rival, strict=True)]
    millis = f"{statistics.median(ours) * 1e3:.0f} ms against {statistics.median(rival) * 1e3:.0f} ms"
    work = f"{PATHS} paths x {DRAWS:,} draws x {YEARS} years with taxes, loans and quantiles"
    peak_mb, growth = _peak_mb(scenario), _growth()
    return [
        Figure(
            name="income_vs_naive",
            value=statistics.median(pairs),
            unit="times the time",
            bound=0.35,
            better="less",
            how=f"{work}: {millis} of float64 numpy written straight, median of {ROUNDS} pairs",
        ),
        Figure(
            name="income_mb", value=peak_mb, unit="MB", bound=200, better="less", how=f"{work}: most memory at once"
        ),
        Figure(
            name="income_growth",
            value=growth,
            unit="times",
            bound=1.2,
            better="less",
            how=f"time per path-draw-year at 100,000 draws against 10,000, two paths, median of {ROUNDS} pairs",
        ),
    ]


def _seconds(run: Callable[[], object]) -> float:
    start = time.process_time()  # of the processor: what else runs on the machine does not count
    run()
    return time.process_time() - start


def _scenario(draws: int, paths: int = PATHS) -> Scenario:
    training = {"kind": "residency", "years": YEARS_TRAINED}
    given: dict[str, Any] = {
        "seed": 1,
        "draws": draws,
        "career_years": YEARS - YEARS_TRAINED,
        "taxes": {"state": "OH"},
        "loans": {"balance_usd": 210_000, "rate_pct": 7.94, "plan": "ibr"},
        "paths": [
            {"name": field, "steps": [{**training, "specialty": field}, {"kind": "practice", "place": "any-state"}]}
            for field in FIELDS[:paths]
        ],
    }
    return read_scenario(given, load_tables(), playbook_content("bench", load_packs()))


def _peak_mb(scenario: Scenario) -> float:
    tracemalloc.start()
    compare(scenario)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def _growth() -> float:
    """Return the median of pairs measured one right after the other, each of as many draws in all."""
    few, many = _scenario(DRAWS, paths=2), _scenario(DRAWS * TIMES, paths=2)
    compare(many)
    pairs = []
    for _ in range(ROUNDS):
        often = _seconds(lambda: [compare(few) for _ in range(TIMES)])
        pairs.append(_seconds(lambda: compare(many)) / often)
    return statistics.median(pairs)


def _naive(scenario: Scenario) -> list[Any]:
    """Return yearly quantiles of gross, take-home and cumulative take-home, present values and debt-free years."""
    world, loan = scenario.world, scenario.world.loan
    assert loan is not None
    rng = np.random.default_rng(1)
    tops = [path.last for path in scenario.paths]
    shape = (len(tops), DRAWS)
    sigma = np.array([[top.sigma] for top in tops])
    median = np.array([[top.track.median_usd] for top in tops])
    lever = tops[0].place
    place = np.exp(rng.triangular(np.log(lever.low), np.log(lever.mid), np.log(lever.high), shape))
    z = rng.standard_normal(shape)
    principal, unpaid = np.full(shape, loan.balance_usd), np.zeros(shape)
    level = loan.balance_usd * (loan.rate / 12) / (1 - (1 + loan.rate / 12) ** -120)
    share, allowance = world.rules.ibr_new[0], world.rules.poverty_usd
    before, cumulative = np.zeros(shape), np.zeros(shape)
    worth, stress, owing = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    found = []
    for year in range(YEARS):
        if year < YEARS_TRAINED:
            gross = np.full(shape, 70_000.0)
        else:
            gross = np.exp(sigma * z) * place * median
            z = world.persistence * z + np.sqrt(1 - world.persistence**2) * rng.standard_normal(shape)
        tax = np.zeros(shape)
        for start, step in zip(world.taxes.on_pay.from_usd, world.taxes.on_pay.steps, strict=True):
            tax += step * np.maximum(gross - start, 0)
        due = np.minimum(np.maximum(before - allowance, 0) * share / 12, level)
        paid = np.zeros(shape)
        for _ in range(12):
            unpaid = unpaid + principal * loan.rate / 12
            pay = np.minimum(due, principal + unpaid)
            to_interest = np.minimum(pay, unpaid)
            unpaid = unpaid - to_interest
            principal = principal - (pay - to_interest)
            paid += pay
        if year == 19:  # 240 payments: the rest is forgiven, and counts as income
            forgiven = principal + unpaid
            for start, step in zip(world.taxes.on_income.from_usd, world.taxes.on_income.steps, strict=True):
                tax += step * (np.maximum(gross + forgiven - start, 0) - np.maximum(gross - start, 0))
            principal, unpaid = np.zeros(shape), np.zeros(shape)
        take_home = gross - tax - paid
        cumulative = cumulative + take_home
        worth += take_home / 1.03**year
        stress += take_home / 1.05**year
        owing += principal + unpaid > 0.5
        found += [np.quantile(rows, FAN, axis=1) for rows in (gross, take_home, cumulative)]
        before = gross
    found += [np.quantile(rows, (*FAN, *HILL), axis=1) for rows in (worth, stress)]
    found += [np.quantile(owing, FAN, axis=1)]
    return [found, [[np.mean(first > second) for second in worth] for first in worth]]
