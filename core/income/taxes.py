"""Income tax and payroll tax of a year, as straight pieces over yearly pay; every parameter is dated data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.income.numbers import Vector


@dataclass(frozen=True, slots=True)
class Schedule:
    """A tax that is nothing at nothing and rises in straight pieces.

    Attributes:
        from_usd: where a piece begins [USD a year], rising; below the first nothing is due.
        steps: by how much the rate changes there; the rate within a piece is the sum up to it.
    """

    from_usd: tuple[float, ...]
    steps: tuple[float, ...]

    def __add__(self, other: Schedule) -> Schedule:
        """Return both taxes as one."""
        steps: dict[float, float] = {}
        for start, step in zip(self.from_usd + other.from_usd, self.steps + other.steps, strict=True):
            steps[start] = steps.get(start, 0.0) + step
        return Schedule(tuple(sorted(steps)), tuple(steps[start] for start in sorted(steps)))

    def exact(self, pay_usd: float) -> float:
        """Return the tax on one pay [USD a year]."""
        pieces = zip(self.from_usd, self.steps, strict=True)
        return sum((step * (pay_usd - start) for start, step in pieces if start < pay_usd), 0.0)

    def of(self, pay: Vector) -> Vector:
        """Return the tax on each pay [USD a year]; pieces outside the range of the pays cost nothing."""
        least, most = float(pay.min()), float(pay.max())
        pieces = tuple(zip(self.from_usd, self.steps, strict=True))
        kind = pay.dtype.type
        # step * max(pay - start, 0) = step * max(pay, start) - step * start: one pass less for each piece
        within = [(start, step) for start, step in pieces if least < start < most]
        rate = sum(step for start, step in pieces if start <= least)
        base = self.exact(least) - least * rate - sum(start * step for start, step in within)
        tax = pay * kind(rate)
        tax += kind(base)
        above = np.empty_like(tax)
        for start, step in within:
            np.maximum(pay, kind(start), out=above)
            above *= kind(step)
            tax += above
        return tax


def in_brackets(lower_usd: tuple[float, ...], rates: tuple[float, ...], free_usd: float = 0.0) -> Schedule:
    """Return the schedule of brackets.

    Args:
        lower_usd: where each bracket begins, the first at 0.
        rates: the rate within each bracket.
        free_usd: what is deducted first, such as the standard deduction.
    """
    starts = tuple(free_usd + start for start in lower_usd)
    return Schedule(starts, tuple(rate - before for rate, before in zip(rates, (0.0, *rates), strict=False)))


def through(points: tuple[tuple[float, float], ...]) -> Schedule:
    """Return the schedule that passes through (pay, tax) points from (0, 0) on and goes on as its last piece."""
    pays = (0.0, *(pay for pay, _ in points))
    taxes = (0.0, *(tax for _, tax in points))
    rates = tuple((taxes[i + 1] - taxes[i]) / (pays[i + 1] - pays[i]) for i in range(len(points)))
    return in_brackets(pays[:-1], rates)


@dataclass(frozen=True, kw_only=True)
class Taxes:
    """The taxes of one filer in one year.

    Attributes:
        year: the tax year of the federal parameters.
        status: single or joint.
        state: two letters, or "" for the median of the states.
        federal: income tax, standard deduction taken.
        payroll: Social Security, Medicare and additional Medicare of an employee.
        local: state income tax, by a table for single filers.
    """

    year: int
    status: str
    state: str
    federal: Schedule
    payroll: Schedule
    local: Schedule
    source: str
    local_source: str
    local_year: int

    @cached_property
    def on_income(self) -> Schedule:
        """What is due on any income, also on a forgiven loan."""
        return self.federal + self.local

    @cached_property
    def on_pay(self) -> Schedule:
        """What is due on pay."""
        return self.on_income + self.payroll
