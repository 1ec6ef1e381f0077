"""Training: how long a program lasts, what must come before it, and what it pays by program year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A training program.

    Attributes:
        slug: the specialty.
        kind: residency or fellowship.
        after: programs of which one must come before; None = not known.
    """

    slug: str
    kind: str
    years: int
    after: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stipends:
    """Pay in training [USD a year], by program year from 1; beyond the last known year the last one holds."""

    by_year_usd: tuple[float, ...]
    research_usd: float
    source: str
    year: int
    research_source: str
    research_year: int

    def at(self, program_year: int) -> float:
        """Return the stipend of a program year, counted from 1 at the first year of training."""
        return self.by_year_usd[min(program_year, len(self.by_year_usd)) - 1]


def opens(programs: Mapping[str, Program], slug: str, before: Iterable[str]) -> bool:
    """Say whether the training done opens a program; where its entry is not known, it does.

    Args:
        programs: what is known, by slug.
        slug: the program to enter.
        before: the programs finished before it.
    """
    program = programs.get(slug)
    return program is None or program.after is None or bool(set(program.after) & set(before))
