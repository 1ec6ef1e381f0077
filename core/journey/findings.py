"""Findings: what an auditor has to say about a journey or one of its decisions. Auditors write nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from core.errors import NotFound
from core.journal.root import Root, Stamp
from core.values import one_of, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.journey.journey import Journey

__all__ = ["ABOUT", "LEVELS", "FindingRecorded", "record_finding"]

LEVELS: Final[Mapping[str, str]] = {
    "remark": "A remark",
    "repair": "To be put right",
    "serious": "Serious: the decision should be looked at again",
}
# What a finding is about: a line of the checklist, or something else.
ABOUT: Final[Mapping[str, str]] = {
    "inventory": "The inventory",
    "opinions": "The outside opinions",
    "gate": "The gate",
    "disputed": "A disputed fact",
    "reason": "The reason given",
    "plan": "The plan",
    "stance": "The advisor's view",
    "later": "What came later",
    "rules": "What the rules said",
    "other": "Something else",
}


class FindingRecorded(Root.Event):
    """An auditor found something; `decision_id` is None where it concerns the whole journey."""

    TOPIC: ClassVar[str] = "audit.finding-recorded"
    decision_id: str | None
    about: str
    level: str
    text: str

    def apply(self, journey: Journey) -> None:
        """Change nothing: a finding stands beside the record and alters none of it."""


def record_finding(
    journey: Journey, decision_id: str | None, *, about: str, level: str, words: str, stamp: Stamp
) -> None:
    """Record a finding.

    Args:
        journey: changed in place.
        decision_id: which decision it is about; None = the journey as a whole.
        about: a key of `ABOUT`.
        level: a key of `LEVELS`.
        words: what was found.
        stamp: who, by which command, when.

    Raises:
        NotFound: there is no such decision.
        InvalidValue: unknown level or subject, or no words.
    """
    if decision_id is not None and decision_id not in journey.decisions:
        raise NotFound(f"there is no decision {decision_id} on this journey")
    journey.record(
        FindingRecorded,
        stamp,
        decision_id=decision_id,
        about=one_of("about", about, ABOUT),
        level=one_of("level", level, LEVELS),
        text=text("finding", words),
    )
