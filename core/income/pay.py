"""How a practice pays: by the field's track, a salary, base and wRVU bonus, or hours at a rate (playbook BIZ).

Each kind turns a person's luck and the ratios that move pay into dollars a year. Luck is a multiple of 1; its array
may be used up for the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.income.numbers import Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPay:
    """Pay as the field is paid: place, practice model and procedures multiply it."""

    median_usd: float

    def gross(self, luck: Vector, place_and_model: Vector, procedures: Vector) -> Vector:
        """Return the pay of a full year [USD]."""
        luck *= (place_and_model * procedures * self.median_usd).astype(luck.dtype)
        return luck


@dataclass(frozen=True, slots=True, kw_only=True)
class Salary:
    """A W2 salary and a bonus as the contract has them [USD a year]; nothing moves them."""

    usd: float
    bonus_usd: float

    def gross(self, luck: Vector, place_and_model: Vector, procedures: Vector) -> Vector:
        """Return the pay of a full year [USD]."""
        del place_and_model, procedures
        return np.full_like(luck, self.usd + self.bonus_usd)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPay:
    """Base and a bonus per work RVU above a threshold; procedures and luck move the number of units.

    Attributes:
        units: work RVUs a year expected.
        threshold_units: units that the base pays for.
    """

    base_usd: float
    units: float
    threshold_units: float
    usd_per_unit: float

    def gross(self, luck: Vector, place_and_model: Vector, procedures: Vector) -> Vector:
        """Return the pay of a full year [USD]."""
        del place_and_model  # the contract names its own place
        units = luck * (procedures * self.units).astype(luck.dtype)
        bonus: Vector = np.maximum(units - self.threshold_units, 0) * self.usd_per_unit
        return bonus + self.base_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class LocumsPay:
    """Hours at a rate; luck moves the hours that are found."""

    hours: float
    usd_per_hour: float

    def gross(self, luck: Vector, place_and_model: Vector, procedures: Vector) -> Vector:
        """Return the pay of a full year [USD]."""
        del place_and_model, procedures  # the rate is that of the place and the work
        return luck * luck.dtype.type(self.hours * self.usd_per_hour)


Pay = TrackPay | Salary | UnitPay | LocumsPay


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """A partnership to come.

    Attributes:
        after_years: years of this practice before it begins.
        buy_in_usd: what it costs, paid in its first year.
        ratio: a partner's pay against that before.
    """

    after_years: int
    buy_in_usd: float
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ventures:
    """What side ventures bring [USD a year], from a practice year counted from 1; triangular where not fixed."""

    low_usd: float
    mid_usd: float
    high_usd: float
    from_year: int
