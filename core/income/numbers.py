"""Arrays of the model, and quantiles of many rows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Vector = np.ndarray[Any, np.dtype[np.floating[Any]]]
"""One number a draw, or a single one that holds for all draws."""

FAN: Final = (0.1, 0.5, 0.9)
"""The quantiles of every fan: p10, p50, p90."""

NEAR: Final = 0.015
"""How near a quantile is looked for, as a share of the value expected; a wider net only costs time."""


def quantiles(rows: Vector, at: Sequence[float] = FAN) -> Vector:
    """Return quantiles of each row, by the nearest rank; exact.

    Rows that follow each other are alike. So a quantile is looked for near where the rows before point, which leaves
    few values to sort; where it is not there, the whole row is searched.

    Args:
        rows: one row of draws each [rows, draws].
        at: the quantiles wanted [0 to 1].

    Returns:
        Float64 [rows, quantiles].
    """
    ranks = [round((rows.shape[1] - 1) * one) for one in at]
    found: Vector = np.empty((rows.shape[0], len(ranks)))
    for number, row in enumerate(rows):
        if number < 2:  # noqa: PLR2004 - two points make a line
            found[number] = np.partition(row, sorted(set(ranks)))[ranks]
            continue
        for place, rank in enumerate(ranks):
            last, step = found[number - 1, place], found[number - 1, place] - found[number - 2, place]
            moves = abs(step) > NEAR / 2 * abs(last)  # less than that is chance, and does not go on
            found[number, place] = _ranked(row, rank, float(last + step if moves else last))
    return found


def _ranked(row: Vector, rank: int, expected: float) -> float:
    """Return the value of a rank, looked for near what is expected."""
    margin = abs(expected) * NEAR
    below = row < expected - margin
    near = row <= expected + margin
    near ^= below
    within = row[near]
    rank_within = rank - int(np.count_nonzero(below))
    if 0 <= rank_within < within.size:
        within.partition(rank_within)
        return float(within[rank_within])
    return float(np.partition(row, rank)[rank])


def present_values(rows: Vector, rate: float) -> Vector:
    """Return the present value of yearly amounts; the first year counts in full, as numpy-financial's npv has it.

    Args:
        rows: yearly amounts [years, draws].
        rate: discount rate, such as 0.03.

    Returns:
        One value a draw [draws].
    """
    weights = (1.0 + rate) ** -np.arange(rows.shape[0], dtype=np.float64)
    values: Vector = weights.astype(rows.dtype) @ rows
    return values


def triangular(chance: Vector, low: float, mid: float, high: float) -> Vector:
    """Return the value of a triangular distribution at each chance [0 to 1], by its inverse."""
    if low == high:
        return np.full_like(chance, low)
    below = low + np.sqrt(chance * ((high - low) * (mid - low)))
    above = high - np.sqrt((1 - chance) * ((high - low) * (high - mid)))
    found: Vector = np.where(chance < (mid - low) / (high - low), below, above)
    return found
