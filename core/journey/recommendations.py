"""Recommendations: what the rules said, stored whole, so that it stays what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from core.journal.root import Root, Stamp

if TYPE_CHECKING:
    from core.journey.journey import Journey

__all__ = ["RecommendationIssued", "issue_recommendation"]


class RecommendationIssued(Root.Event):
    """What the rules say: the whole result, with the playbook, the evidence and the engine it came from."""

    TOPIC: ClassVar[str] = "decision.recommendation-issued"
    result: dict[str, Any]
    playbook: str
    engine: str
    evidence_version: int

    def apply(self, journey: Journey) -> None:
        """Set the recommendation in force."""
        journey.recommendation = self.result
        journey.recommendation_version = self.originator_version


def issue_recommendation(journey: Journey, result: dict[str, Any], *, stamp: Stamp) -> None:
    """Record what the rules say, unless they said the same before.

    Args:
        journey: changed in place.
        result: the whole recommendation as plain data, with `playbook` and `engine`.
        stamp: who, by which command, when.
    """
    if journey.recommendation is None or _said(journey.recommendation) != _said(result):
        journey.record(
            RecommendationIssued,
            stamp,
            result=result,
            playbook=result["playbook"],
            engine=result["engine"],
            evidence_version=journey.version,
        )


def _said(result: dict[str, Any]) -> dict[str, Any]:
    """Leave out where the facts stand in the stream: the same said of a later copy of a fact is not news."""
    rules = [{key: value for key, value in rule.items() if key != "refs"} for rule in result["rules"]]
    return {**result, "rules": rules}
