"""Paths: dated steps from today to the end of a career (playbook LADDER, YEAR, BIZ)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.income.figures import Ballpark, Figure
    from core.income.levers import Lever
    from core.income.pay import Partnership, Pay, Ventures
    from core.income.tracks import Track
    from core.income.whole import WholeModel

GAPS: Final = ("gap-year", "research-year")
YEARS_IN_TRAINING: Final = ("prelim", "transitional-year", "residency", "fellowship")
MODELS: Final = ("employed", "academic", "private", "locums")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A year or more without a program: a gap year or a research year.

    Attributes:
        pay_usd: earned in each year.
        cost_usd: applications, moving and the like, in each year.
        qualifies: the employer counts for PSLF.
    """

    kind: str
    years: int
    pay_usd: float
    cost_usd: float
    qualifies: bool
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """A program: prelim, transitional year, residency or fellowship.

    Attributes:
        stipends_usd: pay of each of its years.
        qualifies: the hospital counts for PSLF, as a non-profit one does.
    """

    kind: str
    field: str
    years: int
    stipends_usd: tuple[float, ...]
    qualifies: bool
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """Practice, for some years or to the end.

    Attributes:
        model: employed, academic, private or locums.
        years: None = to the end of the career.
        sigma: spread of luck on the log scale, what the sampled levers account for taken out.
        model_lever: ratio of the practice model; `place` that of geography, `procedures` that of the procedure mix.
        ramp: share of full pay in the first years.
        signing_usd: paid once, in the first year.
        qualifies: the employer counts for PSLF.
    """

    model: str
    track: Track
    years: int | None
    pay: Pay
    sigma: float
    model_lever: Lever
    place: Lever
    procedures: Lever
    ventures: Ventures | None
    ramp: tuple[float, ...]
    partnership: Partnership | None
    signing_usd: float
    qualifies: bool
    figures: tuple[Figure, ...]

    def multiple(self, year: int) -> float:
        """Return the share of full pay in a year of this practice, counted from 0: ramp and partnership."""
        share = self.ramp[year] if year < len(self.ramp) else 1.0
        partner = self.partnership
        return share * (partner.ratio if partner and year >= partner.after_years else 1.0)

    def cost_usd(self, year: int) -> float:
        """Return what a year costs apart from taxes and loans: the buy-in."""
        return self.partnership.buy_in_usd if self.partnership and year == self.partnership.after_years else 0.0


Step = Gap | Training | Practice


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A way from today to the end of a career.

    Attributes:
        ladder: id of the ladder it climbs, or None.
        steps: in order; the last is practice without an end.
        ballpark: the playbook's rough pay, where it has one.
        notes: what a reader must know of it.
        model: gives the pay of every year in place of the built-in one, or None.
    """

    name: str
    ladder: str | None
    steps: tuple[Step, ...]
    ballpark: Ballpark | None
    notes: tuple[str, ...]
    model: WholeModel | None = None

    @property
    def years_before_practice(self) -> int:
        """Years until the first attending year."""
        return sum(step.years for step in self.steps if not isinstance(step, Practice))

    @property
    def gap_years(self) -> int:
        """Years without a program."""
        return sum(step.years for step in self.steps if isinstance(step, Gap))

    @property
    def last(self) -> Practice:
        """The practice at the top."""
        last = self.steps[-1]
        if not isinstance(last, Practice):
            raise TypeError(f"{self.name}: a path ends with practice")
        return last

    def timeline(self, years: int) -> Iterator[tuple[Step, int]]:
        """Yield the step of each year and the year within it, counted from 0."""
        made = 0
        for step in self.steps:
            length = step.years if step.years is not None else years
            for within in range(min(length, years - made)):
                yield step, within
            made = min(years, made + length)

    def without_gaps(self) -> Path:
        """Return the path as it were without its gap years."""
        model = self.model
        if model is not None:
            gaps = [year for year, (step, _) in enumerate(self.timeline(len(model.gross))) if isinstance(step, Gap)]
            model = model.without(gaps)
        return replace(self, steps=tuple(step for step in self.steps if not isinstance(step, Gap)), model=model)
