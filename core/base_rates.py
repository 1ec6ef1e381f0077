"""Base rates of a playbook: how often something happened to a counted group. They are shown, and decide nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BaseRate", "rates_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRate:
    """A share with all that a reader needs to weigh it.

    Attributes:
        id: such as "ORTHO.rate-later-try".
        what: what happened to those counted.
        population: who was counted, in the years named.
        count: to how many of the `n` it happened.
        low_pct: the interval around the share [percent]; `interval` says what it is.
        license: on what terms it may be shown.
        pack: title of the pack that brings it.
    """

    id: str
    what: str
    population: str
    first_year: int
    last_year: int
    count: int
    n: int
    low_pct: int
    high_pct: int
    interval: str
    source: str
    license: str
    note: str | None
    pack: str

    @property
    def share_pct(self) -> int:
        """The share [percent]; never shown without `n` and `source`."""
        return round(100 * self.count / self.n)

    @property
    def words(self) -> str:
        """The rate for a person to read, with its count and its n: "9 of 12 (75%) matched later"."""
        return f"{self.count:,} of {self.n:,} ({self.share_pct}%) {self.what}"

    @property
    def behind(self) -> str:
        """Who was counted when, the interval, source and license; it stands wherever `words` do."""
        who = f"{self.population}, {self.years}; {self.low_pct}-{self.high_pct}% ({self.interval})"
        said = f"{who}. Source: {self.source}; {self.license}."
        return f"{said} {self.note}" if self.note else said

    @property
    def years(self) -> str:
        """The years it speaks of."""
        return str(self.first_year) if self.first_year == self.last_year else f"{self.first_year}-{self.last_year}"


def rates_for(content: Mapping[str, Any], specialty: str, ladder: str | None = None) -> tuple[BaseRate, ...]:
    """Return the base rates that speak of a missed specialty, or of one ladder after it.

    Args:
        content: of a playbook; one from before packs brought base rates has none.
        specialty: slug of the missed specialty.
        ladder: id of a ladder; None = what speaks of the specialty and of no ladder alone.
    """
    return tuple(
        BaseRate(**{key: one for key, one in row.items() if key not in _BELONGS}, pack=pack["title"])
        for pack in content["packs"]
        for row in pack.get("evidence", ())
        if specialty in row["specialties"] and (ladder in row["ladders"] if ladder else not row["ladders"])
    )


_BELONGS = ("specialties", "ladders")
