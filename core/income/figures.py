"""A number with its unit, its source and its year: every figure the income model uses is told this way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure behind a result.

    Attributes:
        what: whom or what it speaks of.
        value: the number.
        unit: its unit, such as "USD a year".
        source: who published it; "given" = it came with the scenario.
        year: the year it speaks of; None = the source gives none.
        note: what a reader must know to use it.
    """

    what: str
    value: float
    unit: str
    source: str
    year: int | None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballpark:
    """The playbook's own rough yearly pay [USD]; it stands beside a sourced figure and is never blended into it."""

    label: str
    low_usd: int
    high_usd: int
    open_top: bool
    source: str
    year: int | None
