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
    from collections.abc import Iterable, Sequence

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
    pays, options = _every_combination(tops)
    explained = _explained(pays)
    whole = explained[frozenset(range(len(DECISIONS)))]
    luck = float(np.mean([top.sigma**2 for top in tops]))
    decided = float(np.log(np.maximum(pays, 1)).var())
    shares = []
    for number, decision in enumerate(DECISIONS):
        first = explained[frozenset({number})] / whole if whole else 0.0
        shapley = _shapley(number, explained) / whole if whole else 0.0
        shares.append(
            Share(decision=decision, options=options[number], shapley=round(shapley, 4), first_order=round(first, 4))
        )
    specialty = shares[0].shapley
    return Split(
        shares=tuple(shares),
        specialty=specialty,
        business=round(1 - specialty, 4) if whole else 0.0,
        interaction=round(1 - sum(one.first_order for one in shares), 4) if whole else 0.0,
        luck=round(luck / (luck + decided), 4) if luck + decided else 0.0,
        spread_usd=round(whole**0.5),
    )


def _every_combination(tops: Sequence[Practice]) -> tuple[Vector, tuple[int, ...]]:
    """Return the pay of each combination [specialties, practices, places, procedures, ventures], and the options."""
    medians = _distinct((top.track.field, top.track.median_usd) for top in tops)
    models = _distinct(_model(top) for top in tops)
    places, procedures = _distinct(top.place for top in tops), _distinct(top.procedures for top in tops)
    ventures = _distinct(top.ventures for top in tops)
    place = _points(places)[:, None]
    mix = _points(procedures)[None, :]
    extra = np.concatenate([_dollars(one) for one in ventures])
    rows = []
    for _, median in medians:
        row = []
        for pay, lever, partner in models:
            kind: Pay = pay or TrackPay(median_usd=median)
            for ratio in _even(lever):
                luck = np.ones(np.broadcast_shapes(place.shape, mix.shape))
                full = kind.gross(luck, place * ratio, mix) * partner
                row.append(full[:, :, None] + extra)
        rows.append(row)
    options = tuple(len(one) for one in (medians, models, places, procedures, ventures))
    return np.array(rows), options


def _model(top: Practice) -> tuple[Pay | None, Lever, float]:
    pay = None if isinstance(top.pay, TrackPay) else top.pay
    return pay, top.model_lever, top.partnership.ratio if top.partnership else 1.0


def _distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


def _even(lever: Lever) -> tuple[float, ...]:
    """Return the lever as `POINTS` values, so that every option weighs the same, a fixed one too."""
    spread = lever.spread(POINTS)
    return spread if len(spread) == POINTS else spread * POINTS


def _points(levers: Sequence[Lever]) -> Vector:
    if all(lever.is_fixed for lever in levers):
        return np.array([lever.mid for lever in levers])
    return np.array([value for lever in levers for value in _even(lever)])


def _dollars(ventures: Ventures | None) -> Vector:
    if ventures is None:
        return np.zeros(POINTS)
    chances = (np.arange(POINTS, dtype=np.float64) + 0.5) / POINTS
    return triangular(chances, ventures.low_usd, ventures.mid_usd, ventures.high_usd)


def _explained(pays: Vector) -> dict[frozenset[int], float]:
    """Return the variance that each set of decisions explains: that of the mean over all the others."""
    axes = range(pays.ndim)
    return {
        frozenset(known): float(pays.mean(axis=tuple(axis for axis in axes if axis not in known)).var())
        for size in range(pays.ndim + 1)
        for known in combinations(axes, size)
    }


def _shapley(number: int, explained: dict[frozenset[int], float]) -> float:
    others = [one for one in range(len(DECISIONS)) if one != number]
    total = 0.0
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(len(others) - size) / factorial(len(DECISIONS))
        for known in combinations(others, size):
            total += weight * (explained[frozenset({*known, number})] - explained[frozenset(known)])
    return total
