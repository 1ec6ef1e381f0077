"""Offers of a practice, judged by themselves: what they are likely to pay, how far that may vary (playbook BIZ).

Nothing is drawn: an offer pays more where more work is found, so that quantiles of pay are pay at quantiles of luck.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING, Final

import numpy as np

from core.errors import InvalidValue
from core.income.pay import UnitPay
from core.income.tracks import Z90

if TYPE_CHECKING:
    from core.income.numbers import Vector

__all__ = ["MODEL_VERSION", "Judged", "Offer", "judge"]

MODEL_VERSION: Final = "offers-1"
"""Changes with any change of a result."""
YEARS: Final = 5
"""Years over which offers are added up: a first contract and a partnership track of 2 to 5 years fit into it.

Source: Physicians Practice, The Partnership Track."""
POINTS: Final = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a contract says; None = it does not say, or nobody knows.

    Attributes:
        units: work RVUs a year that are expected.
        threshold_units: those that the base pays for.
        bonus_usd: a year, apart from work RVUs.
        signing_usd: once, in the first year.
        partner_after: years before partnership begins; `partner_ratio` a partner's pay against that before.
        noncompete_miles: around each place of work; `noncompete_months` how long.
        tail: who pays for tail cover: employer or physician; `tail_usd` what it costs.
        call_nights: a month.
        stint_years: years one has to stay, such as in a high-need region.
    """

    name: str
    base_usd: float
    units: float | None = None
    threshold_units: float | None = None
    usd_per_unit: float | None = None
    bonus_usd: float = 0.0
    signing_usd: float = 0.0
    partner_after: int | None = None
    partner_ratio: float | None = None
    buy_in_usd: float | None = None
    noncompete_miles: float | None = None
    noncompete_months: int | None = None
    tail: str | None = None
    tail_usd: float | None = None
    call_nights: int | None = None
    stint_years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What an offer comes to [USD].

    Attributes:
        usual: p10, p50, p90 of a usual year's pay before partnership.
        mean_usd: of it, over all luck.
        fixed_share: share of the median that does not hang on work RVUs.
        five_years_usd: mean of the first years added up: signing, partnership and buy-in counted.
        leaving_usd: what leaving costs by the contract: the tail, where the physician pays it; None = not known.
        forbids: what the contract forbids on leaving, in words.
        missing: what was asked and not told, in words.
    """

    name: str
    usual: tuple[int, int, int]
    mean_usd: int
    fixed_share: float
    five_years_usd: int
    leaving_usd: int | None
    forbids: str
    missing: tuple[str, ...]


def judge(offer: Offer, sigma: float) -> Judged:
    """Judge an offer.

    Args:
        offer: what the contract says.
        sigma: spread of the work found, on the log scale: that of the field's pay, so that a usual field stays usual.

    Raises:
        InvalidValue: a rate per work RVU without the work RVUs expected.
    """
    if offer.usd_per_unit and offer.units is None:
        raise InvalidValue("units", "", "the work RVUs a year that are expected, where each pays")
    pay = UnitPay(
        base_usd=offer.base_usd + offer.bonus_usd,
        units=offer.units or 0.0,
        threshold_units=offer.threshold_units or 0.0,
        usd_per_unit=offer.usd_per_unit or 0.0,
    )
    low, mid, high = (round(float(one)) for one in _pay(pay, np.exp(sigma * np.array([-Z90, 0.0, Z90]))))
    mean = float(_pay(pay, np.exp(sigma * _even_normal())).mean())
    return Judged(
        name=offer.name,
        usual=(low, mid, high),
        mean_usd=round(mean),
        fixed_share=round(min(pay.base_usd / mid, 1.0), 4) if mid else 0.0,
        five_years_usd=round(_added_up(offer, mean)),
        leaving_usd=_leaving(offer),
        forbids=_forbids(offer),
        missing=_missing(offer),
    )


def _pay(pay: UnitPay, luck: Vector) -> Vector:
    return pay.gross(luck, np.ones(1), np.ones(1))


def _even_normal() -> Vector:
    """Return values that stand for the standard normal distribution, each as likely as the next."""
    # the normal's inverse by bisection on a fine grid: this module stays free of further libraries
    grid = np.linspace(-6, 6, 24_001)
    density = np.exp(-(grid**2) / 2)
    below = np.cumsum(density)
    chances = (np.arange(POINTS) + 0.5) / POINTS
    values: Vector = np.interp(chances, below / below[-1], grid)
    return values


def _added_up(offer: Offer, mean: float) -> float:
    total = offer.signing_usd
    for year in range(YEARS):
        partner = offer.partner_after is not None and year >= offer.partner_after
        total += mean * (offer.partner_ratio or 1.0 if partner else 1.0)
        if offer.partner_after == year:
            total -= offer.buy_in_usd or 0.0
    return total


def _leaving(offer: Offer) -> int | None:
    if offer.tail == "employer":
        return 0
    return round(offer.tail_usd) if offer.tail == "physician" and offer.tail_usd is not None else None


def _forbids(offer: Offer) -> str:
    miles, months = offer.noncompete_miles, offer.noncompete_months
    if miles == 0 or months == 0:
        return "Nothing: the contract has no non-compete."
    if miles is None and months is None:
        return "Not told: ask whether there is a non-compete, how far and how long."
    around = f"within {miles:g} miles of each place of work" if miles else "within a distance that was not told"
    area = f" ({pi * miles**2:,.0f} square miles around one)" if miles else ""
    how_long = f"for {months} months after leaving" if months else "for a time that was not told"
    return f"Practicing {around}{area}, {how_long}. Whether that holds is a matter of state law: ask a lawyer."


def _missing(offer: Offer) -> tuple[str, ...]:
    asked = {
        "tail cover: who pays it": offer.tail is None,
        "what the tail costs": offer.tail == "physician" and offer.tail_usd is None,
        "what the buy-in costs": offer.partner_after is not None and offer.buy_in_usd is None,
        "what a partner earns": offer.partner_after is not None and offer.partner_ratio is None,
        "nights on call": offer.call_nights is None,
        "how far the non-compete reaches": offer.noncompete_miles is None and bool(offer.noncompete_months),
        "how long the non-compete lasts": offer.noncompete_months is None and bool(offer.noncompete_miles),
    }
    return tuple(words for words, open_ in asked.items() if open_)
