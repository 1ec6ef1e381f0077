"""Replay: every recommendation of the demonstration, evaluated again from the journal alone, gives the stored bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.decision.playbook import Playbook
from core.decision.recommendation import ENGINE, evaluate
from core.decision.suppose import suppose
from core.journal.root import replay
from core.journey.evidence import evidence_of
from core.journey.recommendations import RecommendationIssued
from core.people.institution import PlaybookPublished

if TYPE_CHECKING:
    from core.advising.desk import Desk
    from core.journey.journey import Journey
    from web.demo.script import JourneyName


def canonical(result: dict[str, Any]) -> bytes:
    """The bytes of a result: keys in order, no space."""
    return json.dumps(result, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def test_every_recommendation_recomputes_to_the_stored_bytes(desk: Desk, everybody: dict[JourneyName, Journey]) -> None:
    institution = desk.journal.stream(desk.journal.keys.institution)
    playbooks = {
        one.digest: Playbook.from_content(one.content) for one in institution if isinstance(one, PlaybookPublished)
    }
    zone, seen, wrong = desk.institution().zone, 0, []
    for name, journey in everybody.items():
        stream = desk.journal.stream(journey.id)
        for event in stream:
            if not isinstance(event, RecommendationIssued):
                continue
            assert event.engine == ENGINE
            then: Any = replay(None, stream[: event.evidence_version])
            evidence = evidence_of(then, as_of=event.recorded_at.astimezone(zone).date())
            again = evaluate(evidence, playbooks[event.playbook]).to_dict()
            seen += 1
            if canonical(again) != canonical(event.result):
                wrong.append((name, event.originator_version))
    assert seen > 300
    assert wrong == []


def test_other_evidence_does_not_give_the_same_bytes(desk: Desk, everybody: dict[JourneyName, Journey]) -> None:
    one = next(journey for journey in everybody.values() if journey.specialty == "orthopaedic-surgery")
    evidence, playbook = evidence_of(one, as_of=desk.today()), desk.playbook()
    other, _ = suppose(evidence, playbook, {"facts/interviews_offered": 1})
    assert canonical(evaluate(evidence, playbook).to_dict()) != canonical(evaluate(other, playbook).to_dict())
