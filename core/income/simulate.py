"""The simulation: many futures of one path, in float32 and in blocks that stay in the processor's cache.

A block of draws has its own seed, so results do not depend on how many draws stand beside it. What is not left to
chance (training, a fixed loan) is computed once for all draws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from core.income.loans import LoanYear, Repayment
from core.income.numbers import triangular
from core.income.paths import Gap, Practice, Training

if TYPE_CHECKING:
    from core.income.levers import Lever
    from core.income.loans import Loan, LoanRules
    from core.income.numbers import Vector
    from core.income.paths import Path
    from core.income.taxes import Taxes

BLOCK: Final = 10_000
"""Draws of a block: five rows of them fit a second-level cache (measured on 2 cores)."""


_SAMPLED: Final = ("practice", "geography", "procedures", "ventures")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What all paths of a comparison share.

    Attributes:
        years: simulated, from today to retirement.
        start_year: calendar year of the first.
        persistence: how much of a year's luck stays to the next [0 to 1].
        loan: None = no debt.
    """

    years: int
    start_year: int
    persistence: float
    taxes: Taxes
    loan: Loan | None
    rules: LoanRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """The futures of one path, float32 [years, draws], USD; gross = take_home + taxes + loans + costs in each.

    Attributes:
        costs: buy-in, applications, moving.
        owing_years: years at whose end something is owed [draws].
        in_gap: the years without a program [years].
        by_pay: the years whose taxes and loan payments follow from the year's pay alone [years].
    """

    gross: Vector
    taxes: Vector
    loans: Vector
    costs: Vector
    take_home: Vector
    owing_years: Vector
    in_gap: np.ndarray[tuple[int], np.dtype[np.bool_]]
    by_pay: np.ndarray[tuple[int], np.dtype[np.bool_]]


class _Person:
    """The luck and the levers of each draw; both stay with the person through every practice of the path.

    Each draw has a mirror image with the opposite luck: half the random numbers, and steadier medians.
    """

    def __init__(self, rng: np.random.Generator, draws: int, persistence: float) -> None:
        self._rng = rng
        self._half = (draws + 1) // 2
        self._kept = np.float32(persistence)
        self._new = np.float32(sqrt(1 - persistence * persistence))
        self._z: Vector = np.zeros(draws, np.float32)
        self._fresh = np.empty(self._half, np.float32)
        self._chances = {kind: self._mirrored_chance(draws) for kind in _SAMPLED}
        self._one = np.ones(1, np.float32)
        self._mix(np.float32(0), np.float32(1))

    def _mirrored_chance(self, draws: int) -> Vector:
        half = self._rng.random(self._half, dtype=np.float32)
        return np.concatenate([half, 1 - half[: draws - self._half]])

    def _mix(self, kept: np.float32, new: np.float32) -> None:
        """Keep some of the luck and add new luck, mirrored."""
        self._rng.standard_normal(out=self._fresh, dtype=np.float32)
        self._fresh *= new
        self._z *= kept
        self._z[: self._half] += self._fresh
        self._z[self._half :] -= self._fresh[: len(self._z) - self._half]

    def luck(self, sigma: float, into: Vector) -> Vector:
        """Return this year's luck, a multiple of 1, written into the row given."""
        np.multiply(self._z, np.float32(sigma), out=into)
        return np.exp(into, out=into)

    @property
    def standing(self) -> Vector:
        """This year's luck as standard normal numbers."""
        return self._z

    def next_year(self) -> None:
        """Keep some of the luck; the rest is new."""
        self._mix(self._kept, self._new)

    def at(self, lever: Lever) -> Vector:
        """Return the ratio of a lever for each draw, or one for all where it is fixed."""
        return lever.at(self._one if lever.is_fixed else self._chances[lever.kind])

    def ventures(self, step: Practice) -> Vector:
        """Return what side ventures bring [USD a year]."""
        given = step.ventures
        if given is None:
            return np.zeros(1, np.float32)
        chance = self._one if given.low_usd == given.high_usd else self._chances["ventures"]
        return triangular(chance, given.low_usd, given.mid_usd, given.high_usd)


def room(years: int, draws: int) -> Draws:
    """Return room for the futures of a path; to use it again for the next path saves the time to get it."""
    shape = (years, draws)
    return Draws(
        gross=np.empty(shape, np.float32),
        taxes=np.empty(shape, np.float32),
        loans=np.empty(shape, np.float32),
        costs=np.empty((years, 1), np.float32),
        take_home=np.empty(shape, np.float32),
        owing_years=np.empty(draws, np.float32),
        in_gap=np.empty(years, np.bool_),
        by_pay=np.empty(years, np.bool_),
    )


def simulate(path: Path, world: World, seed: np.random.SeedSequence, into: Draws) -> Draws:
    """Simulate many futures of a path.

    Args:
        path: the steps.
        world: what all paths share.
        seed: makes the result repeatable; it is not changed.
        into: room for the result, as `room` gives it; it is filled and returned.
    """
    whole, draws = into, into.gross.shape[1]
    whole.owing_years.fill(0)
    whole.by_pay.fill(True)  # noqa: FBT003 - numpy's own name for it
    whole.in_gap[:] = [isinstance(step, Gap) for step, _ in path.timeline(world.years)]
    blocks = -(-draws // BLOCK)
    for number in range(blocks):
        part = slice(number * BLOCK, min(draws, (number + 1) * BLOCK))
        # a child is named by its number, as `spawn` names it, without counting on the parent
        child = np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, number))
        rng = np.random.Generator(np.random.SFC64(child))
        _block(path, world, rng, _columns(whole, part))
    return whole


def _columns(whole: Draws, part: slice) -> Draws:
    return replace(
        whole,
        gross=whole.gross[:, part],
        taxes=whole.taxes[:, part],
        loans=whole.loans[:, part],
        take_home=whole.take_home[:, part],
        owing_years=whole.owing_years[part],
    )


def _block(path: Path, world: World, rng: np.random.Generator, out: Draws) -> None:
    """Simulate one block into its columns."""
    person = _Person(rng, out.gross.shape[1], world.persistence)
    repayment = Repayment(world.loan, world.rules) if world.loan else None
    before: Vector = np.full(1, world.loan.income_before_usd if world.loan else 0.0, np.float64)
    for year, (step, within) in enumerate(path.timeline(world.years)):
        row = out.gross[year]
        if path.model is not None:
            pay = path.model.pay(year, person.standing)
            if isinstance(step, Practice):
                person.next_year()
        elif isinstance(step, Practice):
            if within == 0:
                place_and_model = person.at(step.model_lever) * person.at(step.place)
                procedures, ventures = person.at(step.procedures), person.ventures(step)
            full = step.pay.gross(person.luck(step.sigma, row), place_and_model, procedures)
            person.next_year()
            pay = _practice_pay(step, within, full, ventures)
        else:
            usd = step.stipends_usd[within] if isinstance(step, Training) else step.pay_usd
            pay = np.full(1, usd, np.float64)
        if pay is not row:
            row[:] = pay
        paid = _loan_year(repayment, world, before, step, year)
        tax = world.taxes.on_pay.of(pay)
        forgiven = paid.taxed and bool(paid.forgiven.any())
        out.by_pay[year] &= paid.paid.size == 1 and not forgiven
        if forgiven:
            tax = world.taxes.on_income.of(pay + paid.forgiven.astype(pay.dtype)) + world.taxes.payroll.of(pay)
        out.taxes[year], out.loans[year] = tax, paid.paid
        out.costs[year] = _cost_usd(step, within)
        np.subtract(row, out.taxes[year], out=out.take_home[year])
        if repayment is not None:
            out.take_home[year] -= out.loans[year]
            np.add(out.owing_years, repayment.owed > 0, out=out.owing_years)
        if out.costs[year, 0]:
            out.take_home[year] -= out.costs[year]
        before = pay


def _practice_pay(step: Practice, within: int, full: Vector, ventures: Vector) -> Vector:
    multiple = step.multiple(within)
    if multiple != 1:
        full *= np.float32(multiple)
    if step.ventures and within + 1 >= step.ventures.from_year:
        full += ventures
    if within == 0 and step.signing_usd:
        full += np.float32(step.signing_usd)
    return full


def _cost_usd(step: Gap | Training | Practice, within: int) -> float:
    if isinstance(step, Practice):
        return step.cost_usd(within)
    return step.cost_usd if isinstance(step, Gap) else 0.0


def _loan_year(
    repayment: Repayment | None, world: World, before: Vector, step: Gap | Training | Practice, year: int
) -> LoanYear:
    if repayment is None or world.loan is None:
        return LoanYear(np.zeros(1), np.zeros(1), taxed=False)
    pays = isinstance(step, Practice) or not world.loan.wait
    return repayment.year(before, pays=pays, qualifies=step.qualifies, calendar_year=world.start_year + year)


def typical_pay(step: Practice) -> float:
    """Return a full year's pay after ramp and partnership, with middling luck and the likeliest levers [USD]."""
    one = np.ones(1)
    full = step.pay.gross(one, one * step.model_lever.mid * step.place.mid, one * step.procedures.mid)
    partner = step.partnership.ratio if step.partnership else 1.0
    return float(full[0]) * partner + (step.ventures.mid_usd if step.ventures else 0.0)
