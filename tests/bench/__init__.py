"""Figures that the product promises, each measured against a rival in the same run; `scripts/bench` prints them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measured figure and its bound.

    Args:
        name: as the promise names it.
        value: what was measured.
        unit: of the value.
        bound: the value that must be reached.
        better: whether more or less is better.
        how: what was measured against what.
    """

    name: str
    value: float
    unit: str
    bound: float
    better: Literal["more", "less"]
    how: str

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.value >= self.bound if self.better == "more" else self.value <= self.bound

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as `scripts/bench --json` prints it."""
        sign = ">=" if self.better == "more" else "<="
        data = asdict(self)
        del data["bound"], data["better"]
        return {**data, "value": round(self.value, 4), "target": f"{sign} {self.bound:g}", "holds": self.holds}
