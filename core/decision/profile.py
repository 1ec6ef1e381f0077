"""The profile: which of three rows a student's record fits (playbook §1, WEEK1.profile, with its reading)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.decision.evidence import Evidence

Row = Literal["near-competitive", "borderline", "undermatched"]
Band = tuple[Row, ...]

#: The rows from the least to the most cautious, which is the order of every list of rows. Source: WEEK1.profile.
ROWS: Final[Band] = ("near-competitive", "borderline", "undermatched")
DIMENSIONS: Final = ("step2", "research", "interviews")

#: Lowest Step 2 score of the two upper rows. Source: WEEK1.profile.
NEAR_COMPETITIVE_STEP2_MIN: Final = 245
BORDERLINE_STEP2_MIN: Final = 230
#: From this many offers on the printed table has no row. Source: WEEK1.profile, reading.
ABOVE_RANGE_MIN: Final = 16
#: First number of interview offers of each band. Source: WEEK1.profile, reading.
INTERVIEW_BANDS: Final[tuple[tuple[int, Band], ...]] = (
    (9, ("near-competitive",)),
    (6, ("near-competitive", "borderline")),
    (5, ("borderline",)),
    (3, ("borderline", "undermatched")),
    (0, ("undermatched",)),
)
RESEARCH_BANDS: Final[Mapping[str, Band]] = {
    "multiple": ("near-competitive",),
    "limited": ("borderline",),
    "minimal": ("undermatched",),
}
_ALL_STEP2: Final[tuple[Band, ...]] = (("near-competitive",), ("borderline",), ("undermatched",))
_ALL_INTERVIEWS: Final[tuple[Band, ...]] = tuple(band for _, band in INTERVIEW_BANDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The row a record fits, and how well.

    Attributes:
        kind: clear, mixed or indeterminate.
        row: None when indeterminate.
        reachable: when indeterminate the rows that some value of the missing facts gives; else the row alone.
        dimensions: dimension to its compatible rows; empty when the fact is missing.
        dissent: dimensions whose rows do not contain the row; none when clear or indeterminate.
        findings: "above-published-range" at 16 offers or more, whatever the rest.
    """

    kind: Literal["clear", "mixed", "indeterminate"]
    row: Row | None
    reachable: Band
    dimensions: Mapping[str, Band]
    dissent: tuple[str, ...]
    findings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the profile in the shape of the evaluate contract."""
        return {
            "kind": self.kind,
            "row": self.row,
            "reachable": list(self.reachable),
            "dimensions": {name: list(band) for name, band in self.dimensions.items()},
            "dissent": list(self.dissent),
            "findings": list(self.findings),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Profile:
        """Read back what `to_dict` wrote."""
        return cls(
            kind=data["kind"],
            row=data["row"],
            reachable=tuple(data["reachable"]),
            dimensions={name: tuple(data["dimensions"][name]) for name in DIMENSIONS},
            dissent=tuple(data["dissent"]),
            findings=tuple(data["findings"]),
        )


def classify(evidence: Evidence) -> Profile:
    """Classify a record by Step 2, research and interview offers in the dream field.

    A missing dimension is never guessed: the profile is then indeterminate and names the rows still reachable.
    A student with COMLEX alone has no Step 2, so the same holds.
    """
    offers = evidence.number("interviews_offered")
    research = evidence.facts.get("research")
    bands = {
        "step2": _step2_band(evidence.number("step2")),
        "research": RESEARCH_BANDS[research] if isinstance(research, str) else (),
        "interviews": _interviews_band(offers),
    }
    findings = ("above-published-range",) if offers is not None and offers >= ABOVE_RANGE_MIN else ()
    if not all(bands.values()):
        return Profile(
            kind="indeterminate", row=None, reachable=_reachable(bands), dimensions=bands, dissent=(), findings=findings
        )
    row, clear = _row(bands["step2"][0], bands["research"][0], bands["interviews"])
    return Profile(
        kind="clear" if clear else "mixed",
        row=row,
        reachable=(row,),
        dimensions=bands,
        dissent=tuple(name for name in DIMENSIONS if row not in bands[name]),
        findings=findings,
    )


def _step2_band(score: int | None) -> Band:
    """Return the one row of a Step 2 score."""
    if score is None:
        return ()
    if score >= NEAR_COMPETITIVE_STEP2_MIN:
        return ("near-competitive",)
    return ("borderline",) if score >= BORDERLINE_STEP2_MIN else ("undermatched",)


def _interviews_band(offers: int | None) -> Band:
    """Return the one or two rows of a number of interview offers."""
    if offers is None:
        return ()
    return next(band for first, band in INTERVIEW_BANDS if offers >= first)


def _row(step2: Row, research: Row, interviews: Band) -> tuple[Row, bool]:
    """Return the row of three known dimensions and whether it is clear; else it is the median of the three.

    A band of two rows counts as the one nearest the mean of the other two, ties to the more cautious row.
    """
    if step2 == research and step2 in interviews:
        return step2, True
    first, second = ROWS.index(step2), ROWS.index(research)
    # Twice the distance keeps the half of a mean in whole numbers; a higher index is the more cautious row.
    third = min((ROWS.index(row) for row in interviews), key=lambda index: (abs(2 * index - first - second), -index))
    return ROWS[sorted((first, second, third))[1]], False


def _reachable(bands: Mapping[str, Band]) -> Band:
    """Return the rows that some value of the missing dimensions gives."""
    step2 = (bands["step2"],) if bands["step2"] else _ALL_STEP2
    research = (bands["research"],) if bands["research"] else tuple(RESEARCH_BANDS.values())
    interviews = (bands["interviews"],) if bands["interviews"] else _ALL_INTERVIEWS
    found = {_row(one[0], two[0], three)[0] for one, two, three in product(step2, research, interviews)}
    return tuple(row for row in ROWS if row in found)
