"""Filters that only a picture or a number sets: what each of them means in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.decision.wording import count
from core.journey.hold import PATH_KINDS
from projections.board_filters import days_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DRILLED", "ENDS", "drilled_words", "ladder_titles"]

DRILLED: Final = ("needs", "path", "ladder", "end", "quiet", "news")
#: Where a walk through the tree ended, in words. Source: playbook §4, TREE.
ENDS: Final[Mapping[str, str]] = {
    "interviews-no": "too few interview offers",
    "interviews-missing": "interview offers not known",
    "pd-no": "no program director says reapply",
    "pd-missing": "no program director heard yet",
    "fixable-no": "weaknesses not fixable in time",
    "fixable-missing": "remedies not known",
    "fixable-yes": "every answer is yes",
    "none": "not walked yet",
}


def drilled_words(name: str, value: str, titles: Mapping[str, str]) -> str:
    """Return what a filter means.

    Args:
        name: of the filter, one of `DRILLED` but `needs`.
        value: as in the address.
        titles: ladder id → title.
    """
    match name:
        case "path":
            return f"Decided: {PATH_KINDS[value]}" if value in PATH_KINDS else "No decision yet"
        case "ladder":
            return "No ladder chosen" if value == "none" else f"Ladder: {titles.get(value, value)}"
        case "end":
            return f"Tree: {ENDS.get(value, value)}"
        case "quiet":
            return f"Not spoken to for {count(days_of(value), 'day')}"
        case _:
            return "Changed since I looked"


def ladder_titles(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the title of every ladder in the content of a playbook by its id."""
    return {row["id"]: row["title"] for pack in content["packs"] for row in pack.get("ladders", ())}
