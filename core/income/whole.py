"""A whole model of a path's pay, brought from outside, such as by a plugin; it is held to what the built-in one is."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.income.figures import Figure
from core.income.rows import USD_MAX
from core.income.tracks import Z90

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.income.numbers import Vector
    from core.income.rows import Row

__all__ = ["WholeModel", "fits", "read_model"]

YEARS_MAX: Final = 80
SOURCES_MAX: Final = 20
TEXT_MAX: Final = 600  # characters
_THREE: Final = 3
_FAR: Final = 4  # times the distance from p50 to p90: one life in three million is further out
_YEAR: Final = (1900, 2100)


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeModel:
    """The pay of each year of a path, before tax [USD].

    Attributes:
        by: whose model it is.
        gross: p10, p50, p90 of each year.
        figures: what it stands on.
        note: what a reader must know of it; "" = nothing.
    """

    by: str
    gross: tuple[tuple[float, float, float], ...]
    figures: tuple[Figure, ...]
    note: str

    def pay(self, year: int, luck: Vector) -> Vector:
        """Return a year's pay for each draw.

        Args:
            year: counted from 0.
            luck: standard normal numbers, which stay with the person.
        """
        low, mid, high = self.gross[year]
        if low == high:
            return np.full(1, mid)
        part = np.clip(luck / np.float32(Z90), -_FAR, _FAR)
        above = mid * np.exp(part * np.float32(log(high / mid))) if mid else high * np.maximum(part, 0)
        # where a tenth earns nothing there is no logarithm: straight down instead, and never below nothing
        below = mid * np.exp(-part * np.float32(log(low / mid))) if low else np.maximum(mid * (1 + part), 0)
        found: Vector = np.where(luck < 0, below, above).astype(np.float32)
        return found

    def without(self, years: Sequence[int]) -> WholeModel:
        """Return it without some of the years, counted from 0; what comes after moves up, the last year goes on."""
        kept = [row for year, row in enumerate(self.gross) if year not in years]
        padded = (*kept, *[self.gross[-1]] * (len(self.gross) - len(kept)))
        return WholeModel(by=self.by, gross=padded, figures=self.figures, note=self.note)


def read_model(row: Row) -> WholeModel:
    """Read a model; whether it has the years of its path is for `fits`."""
    by = row.text("by")
    rows = row.take("gross_usd", [])
    what = f"a list of p10, p50 and p90 for each year, at most {YEARS_MAX} years"
    if not isinstance(rows, list) or not 1 <= len(rows) <= YEARS_MAX:
        row.wrong("gross_usd", rows, what)
        rows = []
    gross = tuple(_three(row, number, one) for number, one in enumerate(rows))
    what = f"a list of 1 to {SOURCES_MAX} sources"
    figures = tuple(_figure(one) for one in row.rows("sources", 1, SOURCES_MAX, what))
    note = _words(row, "note", "")
    row.done()
    return WholeModel(by=by, gross=gross, figures=figures, note=note)


def fits(row: Row, model: WholeModel, *, years: int, fixed: int) -> None:
    """Keep as faults where a model does not fit its path.

    Args:
        row: the table of the model.
        model: what was read there.
        years: of the path.
        fixed: years before practice, in which nothing is left to chance.
    """
    if model.gross and len(model.gross) != years:
        row.wrong("gross_usd", f"{len(model.gross)} years", f"{years} years, as many as are computed")
    for year, (low, _, high) in enumerate(model.gross[:fixed]):
        if low != high:
            row.wrong(f"gross_usd[{year}]", [low, high], "one amount three times before practice begins")
            return


def _three(row: Row, number: int, given: Any) -> tuple[float, float, float]:
    good = isinstance(given, list | tuple) and len(given) == _THREE
    good = good and all(type(one) in (int, float) and isfinite(one) and 0 <= one <= USD_MAX for one in given)
    if not good or not given[0] <= given[1] <= given[2]:
        row.wrong(f"gross_usd[{number}]", given, f"three amounts from 0 to {USD_MAX:,} USD that do not fall")
        return (0.0, 0.0, 0.0)
    low, mid, high = (float(one) for one in given)
    return low, mid, high


def _figure(row: Row) -> Figure:
    what, source, year = _words(row, "what"), _words(row, "source"), row.whole("year", *_YEAR)
    row.done()
    return Figure(what=what, value=year, unit="year of the source", source=source, year=year)


def _words(row: Row, key: str, default: str | None = None) -> str:
    value = row.take(key, default)
    if not isinstance(value, str) or not (default is not None or value.strip()) or len(value) > TEXT_MAX:
        row.wrong(key, value, f"text of 1 to {TEXT_MAX} characters")
        return ""
    return " ".join(value.split())
