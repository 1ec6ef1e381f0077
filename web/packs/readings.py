"""Each parameter of the playbook in words: what it is, what a value of it means, and what it can change."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from core.journey.feedback import GRADES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EFFECTS", "READINGS", "Reading"]

#: What a parameter can change, by the word that `Reading.effect` holds. Source: playbook §4.
EFFECTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "outcome": "It decides: another value can change what the rules advise.",
        "warning": "It warns: another value changes a warning, never what the rules advise.",
        "ladder": "It describes: ladders name it in words, and no rule reads it.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A parameter in words.

    Attributes:
        title: what it is.
        unit: what its number counts.
        sentence: what a value means; `{n}` is the value.
        effect: a key of `EFFECTS`.
    """

    title: str
    unit: str
    sentence: str
    effect: str = "outcome"

    def says(self, value: int) -> str:
        """Return what a value means."""
        return self.sentence.format(n=value, grade=GRADES.get(value, "an unknown grade"))

    def shown(self, value: int) -> str:
        """Return a value with its unit."""
        return f"{value} {self.unit}"


#: Source: playbook §4, parameters.
READINGS: Final[Mapping[str, Reading]] = MappingProxyType(
    {
        "handful_min": Reading(
            title="A handful of interview offers",
            unit="offers",
            sentence="With fewer than {n} interview offers in the dream field the advice is to pivot now. "
            "From {n} on, the questions go on to the program director.",
        ),
        "champion_min": Reading(
            title="How strongly a program director must stand behind another try",
            unit="of 5",
            sentence="The best word of a program director of the dream field must reach grade {n} ({grade}). "
            "Below that the advice is to pivot now. A grade 4 from somebody who saw the full file is shown as 5.",
        ),
        "significant_gap": Reading(
            title="Far below the cutoff",
            unit="points",
            sentence="A Step 2 that lies {n} points or more below the cutoff is a reason to pivot now, unless somebody "
            "who has seen the full file promises support. Without a cutoff it is never asked.",
        ),
        "max_fix_months": Reading(
            title="Longest time to remedy a weakness",
            unit="months",
            sentence="A main weakness that takes longer than {n} months to remedy is a reason to pivot now.",
        ),
        "plan_months_min": Reading(
            title="Shortest research plan",
            unit="months",
            sentence="Where a specialty asks for a research plan, as dermatology does, it lasts at least {n} months. "
            "A shorter one is a reason to pivot now.",
        ),
        "plan_months_max": Reading(
            title="Longest research plan",
            unit="months",
            sentence="Where a specialty asks for a research plan, as dermatology does, it lasts at most {n} months. "
            "A longer one is a reason to pivot now.",
        ),
        "thin_max": Reading(
            title="A thin handful",
            unit="offers",
            sentence="Up to {n} interview offers, a handful is called thin: another try stands on thin ground.",
            effect="warning",
        ),
        "shotgun_min": Reading(
            title="Very many applications without a sponsor",
            unit="applications",
            sentence="From {n} applications planned in one highly competitive field, with nobody of that field "
            "standing behind the student, the page warns.",
            effect="warning",
        ),
        "strong_scores_min": Reading(
            title="Strong scores",
            unit="points in Step 2",
            sentence="A Step 2 of {n} or more counts as strong where a ladder is meant for strong scores.",
            effect="ladder",
        ),
    }
)
