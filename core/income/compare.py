"""The comparison of paths: what each is likely to bring, how sure that is, and what it costs to wait.

All paths end in the same year, so a year more of training or waiting is a year less as an attending physician.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.income.answers import Beside, Comparison, GapCost, PathResult, Span, Worth
from core.income.numbers import FAN, present_values, quantiles
from core.income.paths import Gap, Practice
from core.income.simulate import room, simulate, typical_pay
from core.income.split import split_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.income.answers import Fan
    from core.income.figures import Figure
    from core.income.numbers import Vector
    from core.income.paths import Path, Step
    from core.income.scenario import Scenario
    from core.income.simulate import Draws, World
    from core.income.taxes import Taxes

MODEL_VERSION: Final = "1"
"""Changes with any change of a result; a saved result is never replaced by a newer model's."""

RATES: Final = (0.03, 0.05)
"""Discount rates: the usual one of the literature, and a stress. Source: Leigh et al., Medical Care 2012 (3 %)."""
HILL: Final = tuple(step / 20 for step in range(1, 20))
"""Quantiles that draw a distribution: 5 % to 95 %."""
MATURE_YEARS: Final = 5
"""The attending year that stands for full pay: five years after training, as in the worked example (CASE.ortho238)."""


def compare(scenario: Scenario) -> Comparison:
    """Simulate every path of a scenario and compare them.

    The same scenario gives the same result: each path has a seed of its own, made from the scenario's seed and the
    place of the path, and keeps it when something else changes.
    """
    seeds = np.random.SeedSequence(scenario.seed).spawn(len(scenario.paths))
    space = room(scenario.world.years, scenario.draws)
    results: list[PathResult] = []
    worths: list[Vector] = []
    for path, seed in zip(scenario.paths, seeds, strict=True):
        result, worth = _result(path, scenario, seed, space)
        results.append(result)
        worths.append(worth)
    medians = [np.array([row[1] for row in one.cumulative]) for one in results]
    return Comparison(
        model_version=MODEL_VERSION,
        seed=scenario.seed,
        draws=scenario.draws,
        price_year=scenario.price_year,
        start_year=scenario.world.start_year,
        years=scenario.world.years,
        figures_digest=scenario.figures_digest,
        paths=tuple(results),
        beats=_chances(worths),
        break_even=tuple(tuple(None if a is b else break_even(a, b) for b in medians) for a in medians),
        split=split_of([path for path in scenario.paths if path.model is None] or scenario.paths[:1]),
        figures=scenario.figures,
        questions=scenario.questions,
    )


def break_even(first: Vector, second: Vector) -> int | None:
    """Return the year, counted from 1, from which the first stays at or above the second; None = it ends below."""
    behind = np.flatnonzero(first < second)
    if not behind.size:
        return 1
    year = int(behind[-1]) + 2
    return year if year <= len(first) else None


def _chances(worths: Sequence[Vector]) -> tuple[tuple[float | None, ...], ...]:
    """Return the chance that the row's path is worth more than the column's; a tie counts half for each."""
    table: list[list[float | None]] = [[None] * len(worths) for _ in worths]
    for row, first in enumerate(worths):
        for column in range(row):
            more = int(np.count_nonzero(first > worths[column]))
            less = int(np.count_nonzero(first < worths[column]))
            chance = round(0.5 + (more - less) / (2 * len(first)), 4)
            table[row][column], table[column][row] = chance, round(1 - chance, 4)
    return tuple(map(tuple, table))


def _result(path: Path, scenario: Scenario, seed: np.random.SeedSequence, space: Draws) -> tuple[PathResult, Vector]:
    world = scenario.world
    draws = simulate(path, world, seed, space)
    before = path.years_before_practice
    mature = min(before + MATURE_YEARS, world.years) - 1
    pays = _quantiles(draws.gross, before)
    gross, take_home = _fan(pays), _fan(_take_home(draws, pays, before, world.taxes))
    worths = [present_values(draws.take_home, rate) for rate in RATES]
    _add_up(draws.take_home)
    result = PathResult(
        name=path.name,
        ladder=path.ladder,
        spans=tuple(spans_of(path, world)),
        years_to_practice=before,
        gap_years=path.gap_years,
        gross=gross,
        take_home=take_home,
        cumulative=_fan(_quantiles(draws.take_home, before)),
        mature_year=mature + 1,
        mature_pay=gross[mature],
        mature_mean_usd=round(float(draws.gross[mature].mean(dtype=np.float64))),
        typical_pay_usd=round(path.model.gross[mature][1] if path.model else typical_pay(path.last)),
        worth=tuple(_worth(worth, rate) for worth, rate in zip(worths, RATES, strict=True)),
        debt_free=_debt_free(draws.owing_years, world),
        gap_cost=_gap_cost(path, scenario, seed, draws),
        beside=_beside(path, draws.gross[mature]),
        figures=_stands_on(path),
        notes=path.notes,
    )
    return result, worths[0]


def _stands_on(path: Path) -> tuple[Figure, ...]:
    """Return the figures behind a path; where another model gives its pay, those of pay are the model's own."""
    own = [figure for step in path.steps for figure in step.figures]
    if path.model is not None:
        own = [figure for figure in own if figure.unit == "years"] + list(path.model.figures)
    return tuple(dict.fromkeys(own))


def _quantiles(rows: Vector, fixed: int) -> Vector:
    """Return p10, p50, p90 of each row; in the first rows, before practice, all draws agree."""
    return np.concatenate([np.repeat(rows[:fixed, :1].astype(np.float64), len(FAN), axis=1), quantiles(rows[fixed:])])


def _take_home(draws: Draws, pays: Vector, fixed: int, taxes: Taxes) -> Vector:
    """Return p10, p50, p90 of each year's take-home.

    Where it follows from pay alone, more pay always leaves more of it, so that its quantiles are those of pay, less
    what is due on them; only the other years are searched.
    """
    due = taxes.on_pay.of(pays.ravel()).reshape(pays.shape)
    found: Vector = pays - due - draws.loans[:, :1] - draws.costs
    searched = np.flatnonzero(~draws.by_pay[fixed:]) + fixed
    if searched.size:
        found[searched] = quantiles(draws.take_home[searched])
    return found


def _fan(found: Vector) -> Fan:
    """Return quantiles in whole dollars."""
    return tuple((int(low), int(mid), int(high)) for low, mid, high in np.rint(found).tolist())


def _add_up(rows: Vector) -> None:
    """Make yearly amounts their running sums, in place; row by row, which is faster than along the far axis."""
    for year in range(1, len(rows)):
        rows[year] += rows[year - 1]


def _worth(values: Vector, rate: float) -> Worth:
    ordered, last = np.sort(values), len(values) - 1
    low, mid, high = (round(float(ordered[round(last * one)])) for one in FAN)
    hill = tuple(round(float(ordered[round(last * one)])) for one in HILL)
    mean = round(float(values.mean(dtype=np.float64)))
    return Worth(rate=rate, mean_usd=mean, p10_usd=low, p50_usd=mid, p90_usd=high, hill=hill)


def _debt_free(owing_years: Vector, world: World) -> tuple[int | None, ...]:
    if world.loan is None:
        return (0, 0, 0)
    return tuple(int(one) + 1 if one < world.years else None for one in quantiles(owing_years[None])[0])


def spans_of(path: Path, world: World) -> list[Span]:
    """Return the steps of a path with their calendar years."""
    spans: list[Span] = []
    year = world.start_year
    for step in path.steps:
        length = world.years - (year - world.start_year) if step.years is None else step.years
        spans.append(
            Span(
                kind="practice" if isinstance(step, Practice) else step.kind,
                specialty=_field(step),
                model=step.model if isinstance(step, Practice) else None,
                from_year=year,
                to_year=year + length - 1,
            )
        )
        year += length
    return spans


def _field(step: Step) -> str | None:
    if isinstance(step, Gap):
        return None
    return step.track.field if isinstance(step, Practice) else step.field


def _gap_cost(path: Path, scenario: Scenario, seed: np.random.SeedSequence, draws: Draws) -> GapCost | None:
    """Compare the path with itself without the gap: the same luck, the same end, so only the gap differs."""
    if not path.gap_years:
        return None
    world, rate = scenario.world, RATES[0]
    after_tax = draws.gross - draws.taxes
    earned = present_values(after_tax * draws.in_gap[:, None], rate)
    later = present_values(after_tax, rate) - earned
    loans, costs = present_values(draws.loans, rate), present_values(draws.costs, rate)
    sooner = simulate(path.without_gaps(), world, seed, room(world.years, scenario.draws))
    given_up = present_values(sooner.gross - sooner.taxes, rate) - later
    loans = loans - present_values(sooner.loans, rate)
    costs = costs - present_values(sooner.costs, rate)
    parts = [round(float(one.mean(dtype=np.float64))) for one in (given_up, earned, loans, costs)]
    low, mid, high = quantiles((given_up - earned + loans + costs)[None])[0]
    return GapCost(
        years=path.gap_years,
        pay_given_up_usd=parts[0],
        earned_usd=parts[1],
        loans_usd=parts[2],
        costs_usd=parts[3],
        total_usd=parts[0] - parts[1] + parts[2] + parts[3],
        p10_usd=round(low),
        p50_usd=round(mid),
        p90_usd=round(high),
        interest_usd=round(world.loan.balance_usd * world.loan.rate) if world.loan else 0,
    )


def _beside(path: Path, mature: Vector) -> Beside | None:
    ballpark, track = path.ballpark, path.last.track
    if ballpark is None:
        return None
    sourced = round(track.median_usd)
    return Beside(
        playbook=ballpark,
        sourced_usd=sourced,
        low_less_sourced_usd=ballpark.low_usd - sourced,
        high_less_sourced_usd=ballpark.high_usd - sourced,
        field_reaching_low=round(track.share_reaching(ballpark.low_usd), 4),
        field_reaching_high=round(track.share_reaching(ballpark.high_usd), 4),
        path_reaching_low=round(float(np.mean(mature >= ballpark.low_usd)), 4),
    )
