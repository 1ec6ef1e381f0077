"""Words of the journey pages: days as people say them, each rule and each warning as one plain sentence."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, tzinfo

__all__ = [
    "OUTCOMES",
    "RULES",
    "WARNINGS",
    "called",
    "clock_time",
    "count",
    "due",
    "listed",
    "lowered",
    "rule_sentence",
    "since",
    "weekday",
]

#: An outcome within a sentence. Source: playbook §4.
OUTCOMES: Final[Mapping[str, str]] = {
    "REAPPLY": "reapply",
    "PIVOT_NOW": "pivot now",
    "CONTESTED": "contested",
    "INDETERMINATE": "not yet decidable",
}
#: Each rule as the sentence whose truth its verdict tells; {field} is the dream field. Source: playbook §4.
RULES: Final[Mapping[str, str]] = {
    "PIVOT.interviews": "Too few {field} interview offers to be a handful",
    "PIVOT.champion": "No program director in {field} will champion another try",
    "PIVOT.cutoff": "Step 2 is far below the cutoff of {field}",
    "PIVOT.money": "Another year is a serious money burden",
    "REAPPLY.interviews": "At least a handful of {field} interview offers",
    "REAPPLY.pd": "A program director in {field} says: a year with us makes the odds reasonable",
    "REAPPLY.fix": "Each main weakness has a remedy in time",
    "FAQ.cutoff": "Full backing lifts a Step 2 below the cutoff",
    "FAQ.blank": "The year would be blank, and nothing excuses it",
}
#: What each warning means; none of them changes the outcome. Source: playbook §4, warnings.
WARNINGS: Final[Mapping[str, tuple[str, str]]] = {
    "thin-interviews": (
        "Enough interviews, but only just.",
        "The offers reach a handful and little more, so another try stands on thin ground.",
    ),
    "below-cutoff": (
        "Step 2 is a little below the cutoff.",
        "That is not far enough to be a reason to pivot; programs may still sort by it.",
    ),
    "cutoff-unknown": (
        "No Step 2 cutoff is loaded for this field.",
        "Whether the score is far below one can be neither confirmed nor ruled out.",
    ),
    "above-published-range": (
        "More interviews than the published range.",
        "Not matching after 16 offers or more points to the interview days or the rank list, not to the paper.",
    ),
    "shotgun": (
        "Many applications without a sponsor.",
        "Very many are planned in a highly competitive field, and nobody of that field stands behind the student.",
    ),
    "blank-year": (
        "The year would be blank.",
        "A year with neither clinical work nor research needs a serious reason, and proof that skills are kept up.",
    ),
    "literal-any": (
        "Read word for word, the tree would go on.",
        "It asks for any interview offer; here fewer than a handful counts as too few.",
    ),
}


#: A verdict within a sentence, in the words of the decision page.
VERDICTS: Final = {
    "holds": "holds",
    "fails": "does not hold",
    "missing": "fact missing",
    "cannot_evaluate": "cannot be evaluated",
    "not_applicable": "does not apply",
}


def called(name: str) -> str:
    """Return how people call a student: the first name, also where the roster writes "Heron, Priya"."""
    last, comma, first = name.partition(",")
    words = (first if comma and first.strip() else last).split()
    return words[0] if words else "the student"


def count(number: int, noun: str) -> str:
    """Return "1 fact", "2 facts"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(parts: list[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    return " and ".join(part for part in (", ".join(parts[:-1]), "".join(parts[-1:])) if part)


@lru_cache(maxsize=4096)  # a page writes sixty days, mostly the same ones
def weekday(on: date, today: date) -> str:
    """Return "Saturday, June 20"; with the year where it is not this one."""
    year = "" if on.year == today.year else f", {on.year}"
    return f"{on:%A, %B} {on.day}{year}"


def due(on: date, today: date) -> str:
    """Return how far a day is: "in 4 days", "tomorrow", "today", "3 days ago"."""
    days = (on - today).days
    if days in _NEAR:
        return _NEAR[days]
    return f"in {count(days, 'day')}" if days > 0 else f"{count(-days, 'day')} ago"


def since(on: date | None, today: date) -> str:
    """Return how long ago a day is: "today", "2 days ago", "3 years ago"; years from two on."""
    if on is None:
        return ""
    years = (today - on).days // 365
    return f"{years} years ago" if years > 1 else due(on, today)


def clock_time(at: datetime, zone: tzinfo) -> str:
    """Return "9:12 AM" in a zone."""
    local = at.astimezone(zone)
    return f"{local.hour % 12 or 12}:{local:%M %p}"


def lowered(label: str) -> str:
    """Return a label within a sentence; "Step 2", "COMLEX" and "SOAP" keep their capitals."""
    keeps = label[1:2].isupper() or label.startswith("Step ")
    return label if keeps else label[:1].lower() + label[1:]


def rule_sentence(rule: str, field: str, conditions: Mapping[str, str]) -> str:
    """Return a rule as a sentence.

    Args:
        rule: its id.
        field: short name of the dream field.
        conditions: sentences of the pack's own conditions, by id.
    """
    known = RULES.get(rule)
    if known is not None:
        return known.format(field=field)
    own = conditions.get(rule, "a condition of the pack that was in force").rstrip(". ")
    return own[:1].upper() + own[1:]


_NEAR: Final = {0: "today", 1: "tomorrow", -1: "yesterday"}
