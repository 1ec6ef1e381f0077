"""What a comparison answers, as frozen values fit for a page, for a command and for storing.

Money is whole US dollars of the price year, before (gross) or after taxes, loan payments and costs (take-home). Years
are counted from 1, the first year from today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isclose
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.income.faults import Question
    from core.income.figures import Ballpark, Figure
    from core.income.split import Split

Fan = tuple[tuple[int, int, int], ...]
"""p10, p50, p90 of each year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A step with its calendar years, both included."""

    kind: str
    specialty: str | None
    model: str | None
    from_year: int
    to_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Net present value of take-home [USD].

    Attributes:
        rate: discount rate.
        hill: its quantiles at 5, 10, … 95 percent.
    """

    rate: float
    mean_usd: int
    p10_usd: int
    p50_usd: int
    p90_usd: int
    hill: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapCost:
    """What the gap years of a path cost, in present value at 3 percent [USD], on average over the futures.

    Attributes:
        years: gap years.
        pay_given_up_usd: attending pay after tax that is lost or comes later.
        earned_usd: pay after tax earned in the gap; it lowers the cost.
        loans_usd: more (or less) paid on loans because they wait.
        costs_usd: applications, moving and the like.
        total_usd: given up less earned + loans + costs.
        p10_usd: of the total, over the futures; also `p50_usd`, `p90_usd`.
        interest_usd: interest of the loans in the first gap year, for comparison; part of `loans_usd`.
    """

    years: int
    pay_given_up_usd: int
    earned_usd: int
    loans_usd: int
    costs_usd: int
    total_usd: int
    p10_usd: int
    p50_usd: int
    p90_usd: int
    interest_usd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The playbook's rough figure beside the sourced one; never blended.

    Attributes:
        sourced_usd: median pay of the field by the public figure, before any lever.
        low_less_sourced_usd: the low end less the sourced figure; likewise `high_less_sourced_usd`.
        field_reaching_low: share of the field that is paid at least the low end; likewise `field_reaching_high`.
        path_reaching_low: share of this path's futures that do, in the mature year.
    """

    playbook: Ballpark
    sourced_usd: int
    low_less_sourced_usd: int
    high_less_sourced_usd: int
    field_reaching_low: float
    field_reaching_high: float
    path_reaching_low: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PathResult:
    """What one path brings.

    Attributes:
        years_to_practice: gap and training years.
        gross: p10, p50, p90 of each year's pay [USD]; likewise `take_home` and `cumulative`, take-home added up.
        mature_year: the year that stands for full pay; `mature_pay` its p10, p50, p90 and
            `mature_mean_usd` its mean.
        typical_pay_usd: full pay with middling luck and the likeliest levers.
        worth: present values, by the rates of `RATES`.
        debt_free: year in which the loans are gone, for the quickest tenth of the futures, the median and the slowest
            tenth; 0 = no debt, None = not within the years computed.
        figures: everything the path stands on.
    """

    name: str
    ladder: str | None
    spans: tuple[Span, ...]
    years_to_practice: int
    gap_years: int
    gross: Fan
    take_home: Fan
    cumulative: Fan
    mature_year: int
    mature_pay: tuple[int, int, int]
    mature_mean_usd: int
    typical_pay_usd: int
    worth: tuple[Worth, ...]
    debt_free: tuple[int | None, ...]
    gap_cost: GapCost | None
    beside: Beside | None
    figures: tuple[Figure, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The answer to a scenario.

    Attributes:
        years: computed, from today to retirement.
        beats: chance that the row's path is worth more than the column's, at 3 percent; the two lives are drawn apart.
        break_even: year from which the row's median take-home, added up, stays above the column's; None = not.
        split: where the spread between the candidates comes from.
        questions: what nobody gave, and what is counted meanwhile.
    """

    model_version: str
    seed: int
    draws: int
    price_year: int
    start_year: int
    years: int
    figures_digest: str
    paths: tuple[PathResult, ...]
    beats: tuple[tuple[float | None, ...], ...]
    break_even: tuple[tuple[int | None, ...], ...]
    split: Split
    figures: tuple[Figure, ...]
    questions: tuple[Question, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, as the command prints it and a saved scenario stores it."""
        return asdict(self)


def agree(stored: Any, again: Any) -> bool:
    """Say whether a stored result and one computed again are the same: each number within 1 or within 10^-5.

    Args:
        stored: plain data as `Comparison.to_dict` gives it, also after a journey through JSON.
        again: the same of the new computation.
    """
    if isinstance(stored, Mapping) and isinstance(again, Mapping):
        return stored.keys() == again.keys() and all(agree(stored[key], again[key]) for key in stored)
    if isinstance(stored, list | tuple) and isinstance(again, list | tuple):
        return len(stored) == len(again) and all(agree(*pair) for pair in zip(stored, again, strict=True))
    if isinstance(stored, int | float) and isinstance(again, int | float):
        # whole dollars may be off by one; shares and chances by little
        near = 1 if isinstance(stored, int) and isinstance(again, int) else 1e-5
        return isclose(stored, again, rel_tol=1e-5, abs_tol=near)
    return bool(stored == again)
