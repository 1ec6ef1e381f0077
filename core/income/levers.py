"""Levers: what moves a physician's pay within a field, as a ratio that is known or sampled (playbook LEVER)."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InvalidValue
from core.income.numbers import triangular

if TYPE_CHECKING:
    from core.income.numbers import Vector

#: Far beyond any ratio that a source names (0.76 to 1.43).
RATIO_LOW, RATIO_HIGH = 0.1, 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """A ratio on pay: fixed where its three values agree, else triangular on the log scale.

    Attributes:
        kind: what it moves: geography, practice, procedures.
        low: the least it may be; `mid` is the most likely, `high` the most.
    """

    kind: str
    label: str
    low: float
    mid: float
    high: float
    source: str
    year: int | None
    note: str | None = None

    def __post_init__(self) -> None:
        if not RATIO_LOW <= self.low <= self.mid <= self.high <= RATIO_HIGH:
            given = f"low {self.low:g}, mid {self.mid:g}, high {self.high:g}"
            allowed = f"ratios from {RATIO_LOW:g} to {RATIO_HIGH:g}, low not above mid, mid not above high"
            raise InvalidValue(self.kind, given, allowed)

    @property
    def is_fixed(self) -> bool:
        """Whether nothing is left to chance."""
        return self.low == self.high

    @property
    def log_variance(self) -> float:
        """Variance of the log of the ratio: that of a triangular distribution."""
        low, mid, high = log(self.low), log(self.mid), log(self.high)
        return (low * low + mid * mid + high * high - low * mid - low * high - mid * high) / 18

    def at(self, chance: Vector) -> Vector:
        """Return the ratio at each chance [0 to 1], by the inverse of the distribution."""
        if self.is_fixed:
            return np.full(1, self.low, chance.dtype)
        ratio: Vector = np.exp(triangular(chance, log(self.low), log(self.mid), log(self.high)))
        return ratio

    def spread(self, points: int) -> tuple[float, ...]:
        """Return ratios that stand for the whole distribution, each as likely as the next; one where it is fixed."""
        if self.is_fixed:
            return (self.low,)
        chances = (np.arange(points, dtype=np.float64) + 0.5) / points
        return tuple(float(one) for one in self.at(chances))


def fixed(kind: str, ratio: float, *, label: str = "as given", source: str = "given", year: int | None = None) -> Lever:
    """Return a lever without chance."""
    return Lever(kind=kind, label=label, low=ratio, mid=ratio, high=ratio, source=source, year=year)


def neutral(kind: str) -> Lever:
    """Return a lever that moves nothing."""
    return fixed(kind, 1.0, label="as the field is paid on average", source="no lever")


def moved_time(full: Lever, share: float) -> Lever:
    """Return the lever of a share of the working time that moves from office visits to procedures.

    Args:
        full: work RVU per hour of a procedure against an office visit.
        share: of the working time [0 to 1].
    """
    low, mid, high = (1 + share * (one - 1) for one in (full.low, full.mid, full.high))
    label = f"{share:.0%} of the time from office visits to procedures"
    return Lever(
        kind=full.kind, label=label, low=low, mid=mid, high=high, source=full.source, year=full.year, note=full.note
    )


def left_over(sigma: float, levers: tuple[Lever, ...]) -> float:
    """Return a track's sigma without what its sampled levers account for, so that no spread counts twice."""
    return sqrt(max(sigma * sigma - sum(lever.log_variance for lever in levers), 0.0))
