"""Tracks: what attending physicians of a field are paid, as a log-normal (playbook PAY, TRACK)."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, exp, log, sqrt
from typing import TYPE_CHECKING, Final

from core.errors import InvalidValue

if TYPE_CHECKING:
    from core.income.figures import Figure

#: The 90th percentile of the standard normal distribution.
Z90: Final = 1.2815515655446004
SIGMA_MAX: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The yearly pay of a field's attending physicians [USD of the price year].

    Attributes:
        field: slug of the specialty.
        sigma: standard deviation of the log of pay.
        figures: where median and sigma come from.
    """

    field: str
    name: str
    median_usd: float
    sigma: float
    figures: tuple[Figure, ...]

    def quantile(self, z: float) -> float:
        """Return the pay `z` standard deviations from the median, on the log scale."""
        return self.median_usd * exp(self.sigma * z)

    @property
    def p10_usd(self) -> float:
        """A tenth of the field is paid less."""
        return self.quantile(-Z90)

    @property
    def p90_usd(self) -> float:
        """A tenth of the field is paid more."""
        return self.quantile(Z90)

    def share_reaching(self, usd: float) -> float:
        """Return the share of the field that is paid at least `usd` a year."""
        if self.sigma == 0:
            return float(self.median_usd >= usd)
        return 0.5 - 0.5 * erf(log(usd / self.median_usd) / self.sigma / sqrt(2))


def sigma_between(p10_usd: float, p50_usd: float, p90_usd: float) -> float:
    """Return the sigma of a log-normal with this 10th and 90th percentile.

    Raises:
        InvalidValue: the percentiles are out of order, or further apart than pay ever is.
    """
    if not p10_usd <= p50_usd <= p90_usd:
        raise InvalidValue("pay", f"p10 {p10_usd:g}, p50 {p50_usd:g}, p90 {p90_usd:g}", "p10 not above p50 or p90")
    sigma = log(p90_usd / p10_usd) / (2 * Z90)
    if sigma > SIGMA_MAX:
        most = exp(2 * Z90 * SIGMA_MAX)
        raise InvalidValue("pay", f"p10 {p10_usd:g}, p90 {p90_usd:g}", f"p90 at most {most:.0f} times p10")
    return sigma
