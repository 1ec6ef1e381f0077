"""The split of the spread between specialty and business decisions (playbook FAQ.ceiling).

The candidates' own decisions are taken apart and put together in every combination: each specialty with each practice
model, place, procedure mix and venture that stands on some candidate, all alike likely, a sampled lever as nine
equally likely values. The variance of a typical full year's pay over these combinations is divided exactly, nothing is
drawn at random. The Shapley effect of a decision is its average share over all orders in which decisions can become
known; the effects sum to 1. Source: Owen 2014, Sobol' indices and Shapley value, SIAM/ASA JUQ 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.income.numbers import triangular
from core.income.pay import TrackPay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from core.income.levers import Lever
    from core.income.numbers import Vector
    from core.income.paths import Path, Practice
    from core.income.pay import Pay, Ventures

DECISIONS: Final = ("specialty", "practice", "place", "procedures", "ventures")
POINTS: Final = 9
"""Values that stand for a sampled lever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One decision's part in the spread.

    Attributes:
        options: how many the candidates show; 1 = they all decided alike, so it explains nothing.
        shapley: its share, interactions divided fairly; all shares sum to 1.
        first_order: what knowing this decision alone explains.
    """

    decision: str
    options: int
    shapley: float
    first_order: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Where the spread between the candidates comes from.

    Attributes:
        shares: one a decision; all 0 where the candidates do not differ.
        specialty: the specialty's Shapley effect; `business` the sum of all others.
        interaction: what only combinations explain: 1 less the first-order shares.
        luck: share of the whole spread, on the log scale, that no decision explains.
        spread_usd: standard deviation over the combinations.
    """

    shares: tuple[Share, ...]
    specialty: float
    business: float
    interaction: float
    luck: float
    spread_usd: int


def split_of(paths: Sequence[Path]) -> Split:
    """Split the spread between the practices at the top of the candidate paths."""
    tops = [path.last for path in paths]
    pays, axes = _every_combination(tops)
    explained = _explained(pays, [axis.weights for axis in axes])
    whole = explained[frozenset(range(len(DECISIONS)))]
    luck = float(np.mean([top.sigma**2 for top in tops]))
    decided = _explained(np.log(np.maximum(pays, 1)), [axis.weights for axis in axes])[frozenset(range(len(DECISIONS)))]
    shares = []
    for number, decision in enumerate(DECISIONS):
        first = explained[frozenset({number})] / whole if whole else 0.0
        shapley = _shapley(number, explained) / whole if whole else 0.0
        options = axes[number].options
        first, shapley = round(first, 4) + 0.0, round(shapley, 4) + 0.0  # no minus before a zero
        shares.append(Share(decision=decision, options=options, shapley=shapley, first_order=first))
    specialty = shares[0].shapley
    return Split(
        shares=tuple(shares),
        specialty=specialty,
        business=round(1 - specialty, 4) if whole else 0.0,
        interaction=round(1 - sum(one.first_order for one in shares), 4) if whole else 0.0,
        luck=round(luck / (luck + decided), 4) if luck + decided else 0.0,
        spread_usd=round(whole**0.5),
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    """The values of one decision, and how likely each is: every option alike, every value of a sampled one alike."""

    values: tuple[Any, ...]
    weights: Vector
    options: int


def _axis(options: Iterable[Any], values_of: Callable[[Any], Sequence[Any]]) -> _Axis:
    """Return the axis of the options that differ."""
    spread = [tuple(values_of(option)) for option in dict.fromkeys(options)]
    weights = np.array([1 / len(spread) / len(values) for values in spread for _ in values])
    return _Axis(tuple(value for values in spread for value in values), weights, len(spread))


def _every_combination(tops: Sequence[Practice]) -> tuple[Vector, tuple[_Axis, ...]]:
    """Return the pay of each combination, one axis a decision in the order of `DECISIONS`, and the axes."""
    axes = (
        _axis(((top.track.field, top.track.median_usd) for top in tops), lambda one: one[1:]),
        _axis((_model(top) for top in tops), _ways),
        _axis((top.place for top in tops), _ratios),
        _axis((top.procedures for top in tops), _ratios),
        _axis((top.ventures for top in tops), _dollars),
    )
    medians, ways, places, mixes, extras = (axis.values for axis in axes)
    place, mix = np.array(places)[:, None], np.array(mixes)[None, :]
    rows = []
    for median in medians:
        row = []
        for pay, ratio, partner in ways:
            kind: Pay = pay or TrackPay(median_usd=median)
            luck = np.ones(np.broadcast_shapes(place.shape, mix.shape))
            full = kind.gross(luck, place * ratio, mix) * partner
            row.append(full[:, :, None] + np.array(extras))
        rows.append(row)
    return np.array(rows), axes


def _model(top: Practice) -> tuple[Pay | None, Lever, float]:
    pay = None if isinstance(top.pay, TrackPay) else top.pay
    return pay, top.model_lever, top.partnership.ratio if top.partnership else 1.0


def _ways(model: tuple[Pay | None, Lever, float]) -> list[tuple[Pay | None, float, float]]:
    pay, lever, partner = model
    return [(pay, ratio, partner) for ratio in _ratios(lever)]


def _ratios(lever: Lever) -> tuple[float, ...]:
    return lever.spread(POINTS)


def _dollars(ventures: Ventures | None) -> Sequence[float]:
    if ventures is None:
        return (0.0,)
    if ventures.low_usd == ventures.high_usd:
        return (ventures.mid_usd,)
    chances = (np.arange(POINTS, dtype=np.float64) + 0.5) / POINTS
    dollars: list[float] = triangular(chances, ventures.low_usd, ventures.mid_usd, ventures.high_usd).tolist()
    return dollars


def _explained(pays: Vector, weights: Sequence[Vector]) -> dict[frozenset[int], float]:
    """Return the variance that each set of decisions explains: that of the mean over all the others."""
    everything = tuple(range(pays.ndim))
    centered = pays - _mean(pays, everything, weights)
    found: dict[frozenset[int], float] = {}
    for size in range(pays.ndim + 1):
        for known in combinations(everything, size):
            means = _mean(centered, tuple(axis for axis in everything if axis not in known), weights)
            found[frozenset(known)] = float(_mean(means**2, tuple(range(size)), [weights[axis] for axis in known]))
    return found


def _mean(values: Vector, axes: Sequence[int], weights: Sequence[Vector]) -> Vector:
    """Return the weighted mean over some axes."""
    for axis in sorted(axes, reverse=True):
        values = np.tensordot(values, weights[axis], axes=(axis, 0))
    return values


def _shapley(number: int, explained: dict[frozenset[int], float]) -> float:
    others = [one for one in range(len(DECISIONS)) if one != number]
    total = 0.0
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(len(others) - size) / factorial(len(DECISIONS))
        for known in combinations(others, size):
            total += weight * (explained[frozenset({*known, number})] - explained[frozenset(known)])
    return total
