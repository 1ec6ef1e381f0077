"""Short builders with fixed data: a student who did not match into orthopaedic surgery, and what happens to them.

A builder that returns a step is given to `tests.scenario.given`; it carries out one decide function on a journey.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from core.journal.root import Stamp
from core.journey import assessments, contacts, decisions, feedback, hold, milestones
from core.journey.decisions import NewDecision, Remedy
from core.journey.feedback import Reviewer, Said
from core.journey.journey import Journey, NewJourney, StoredWeakness
from core.journey.milestones import NewMilestone
from core.journey.recommendations import issue_recommendation

if TYPE_CHECKING:
    from core.journal.keys import Keys

ORTHO = "orthopaedic-surgery"
NOW = datetime(2026, 4, 1, 15, 0, tzinfo=UTC)
TODAY = date(2026, 4, 1)
LEAD = "11111111-1111-5111-8111-111111111111"
ADVISOR = "22222222-2222-5222-8222-222222222222"

Step = Callable[[Journey, Stamp], None]


class FixedKeys:
    """Names without a key store: the same every time, so that ids in tests are fixed."""

    def pseudonym(self, *parts: str) -> bytes:
        return sha256("|".join(part.strip().casefold() for part in parts).encode()).digest()


KEYS = cast("Keys", FixedKeys())


def stamp(command_id: str = "command", actor: str = ADVISOR, on: date | None = None) -> Stamp:
    return Stamp(actor=actor, command_id=command_id, recorded_at=NOW, happened_on=on)


def new_journey(**changes: Any) -> NewJourney:
    given: dict[str, Any] = {
        "student_ref": "S-100",
        "name": "Robin Vale",
        "cycle": 2026,
        "match_system": "nrmp",
        "match_status": "unmatched",
        "match_day": date(2026, 3, 20),
        "learned_on": date(2026, 3, 16),
        "specialty": ORTHO,
    }
    return NewJourney(**(given | changes))


def pd(by: str = "Dr. Ibis", specialty: str = ORTHO, role: str = "pd", *, related: bool = False) -> Reviewer:
    return Reviewer(by=by, role=role, specialty=specialty, related=related)


def related_pd(by: str = "Dr. Kestrel", specialty: str = "anesthesiology", role: str = "pd") -> Reviewer:
    return Reviewer(by=by, role=role, specialty=specialty, related=True)


def said(grade: int | None = 3, **changes: Any) -> Said:
    given: dict[str, Any] = {"dated": date(2026, 3, 28), "champion_grade": grade, "saw_full_file": False}
    return Said(**(given | changes))


def weakness(kind: Any = "research", months: int | None = 12, remedy: str | None = "Two projects") -> StoredWeakness:
    return StoredWeakness(kind=kind, remedy=remedy, months=months)


def new_milestone(milestone_id: str = "own-1", **changes: Any) -> NewMilestone:
    given: dict[str, Any] = {"code": "own", "title": "Call the lab", "due_on": date(2026, 5, 1), "source": "team"}
    return NewMilestone(milestone_id=milestone_id, **(given | changes))


def reapply(**changes: Any) -> NewDecision:
    """A reapply decision with its plan: mode, a remedy for the one weakness, one milestone."""
    given: dict[str, Any] = {
        "decision_id": "d-1",
        "kind": "reapply",
        "mode": "research_year",
        "remedies": (Remedy(weakness="research", remedy="Two projects with Dr. Ibis"),),
        "milestones": (new_milestone("first"),),
    }
    return NewDecision(**(given | changes))


def pivot(**changes: Any) -> NewDecision:
    given: dict[str, Any] = {"decision_id": "d-1", "kind": "pivot", "specialty": "anesthesiology"}
    return NewDecision(**(given | changes))


#: Every fact that a path decision needs (playbook §4, reading of the hold), with a value of the worked example.
INVENTORY: dict[str, Any] = {
    "step2": 238,
    "class_standing": "second_quartile",
    "research": "limited",
    "red_flags": (),
    "applications_sent": 70,
    "interviews_offered": 4,
    "interviews_accepted": 4,
    "interviews_attended": 4,
    "interviews_ranked": "not_shared",
}
#: Every fact that a decision of the first week needs.
SOAP_FACTS: dict[str, Any] = {
    name: INVENTORY[name] for name in INVENTORY if name in ("step2", "red_flags") or name.startswith("interviews")
} | {"visa": "not_needed", "soap_eligible": True}


def fact(name: str, value: Any, **changes: Any) -> Step:
    given: dict[str, Any] = {"source": "ERAS"} | changes
    return lambda journey, at: assessments.record_fact(journey, name, value, **({"stamp": at} | given))


def facts(values: dict[str, Any], *, without: str = "") -> list[Step]:
    return [fact(name, value) for name, value in values.items() if name != without]


def disputed(name: str, reason: str = "not mine") -> Step:
    return lambda journey, at: assessments.dispute_fact(journey, name, reason=reason, stamp=at)


def confirmed(name: str) -> Step:
    return lambda journey, at: assessments.confirm_fact(journey, name, stamp=at)


def weaknesses(*listed: StoredWeakness) -> Step:
    return lambda journey, at: assessments.assess_weaknesses(journey, listed, source="two opinions", stamp=at)


def profile(kind: str = "clear", row: str | None = "borderline") -> Step:
    classified = {"kind": kind, "row": row}
    return lambda journey, at: assessments.classify_profile(journey, classified, playbook="sha256:0", stamp=at)


def recommended(outcome: str) -> Step:
    """What the rules said, cut down to what the domain reads of it."""
    result = {"outcome": outcome, "rules": [], "playbook": "sha256:0", "engine": "1"}
    return lambda journey, at: issue_recommendation(journey, result, stamp=at)


def heard(opinion_id: str, reviewer: Reviewer | None = None, answer: Said | None = None) -> Step:
    who, what = reviewer or pd(), answer or said()
    return lambda journey, at: feedback.receive_opinion(journey, opinion_id, who, what, today=TODAY, stamp=at)


def asked(opinion_id: str, reviewer: Reviewer | None = None) -> Step:
    who = reviewer or pd()
    return lambda journey, at: feedback.request_opinion(journey, opinion_id, who, due_on=date(2026, 4, 9), stamp=at)


def withdrawn(opinion_id: str) -> Step:
    return lambda journey, at: feedback.withdraw_opinion(journey, opinion_id, reason="changed my mind", stamp=at)


def talked() -> Step:
    return lambda journey, at: contacts.log_contact(journey, channel="call", summary="We spoke", stamp=at)


def overridden(decision: str, code: str = "deadline") -> Step:
    return lambda journey, at: hold.override_gate(journey, decision, code=code, why="rank list is due", stamp=at)


def decided(new: NewDecision) -> Step:
    return lambda journey, at: decisions.record_decision(journey, new, stamp=at)


def planned(milestone_id: str = "own-1", **changes: Any) -> Step:
    return lambda journey, at: milestones.plan_milestone(journey, new_milestone(milestone_id, **changes), stamp=at)


def path_ready(*, without: str = "") -> list[Step]:
    """All that a path decision needs, but for one thing named as the gate names it."""
    steps = facts(INVENTORY, without=without)
    if without != "profile":
        steps.append(profile())
    if without != "opinion_dream_field":
        steps.append(heard("a", pd()))
    if without != "opinion_related_field":
        steps.append(heard("b", related_pd()))
    return steps


def soap_ready(*, without: str = "") -> list[Step]:
    """All that a decision of the first week needs, but for one thing named as the gate names it."""
    steps = facts(SOAP_FACTS, without=without)
    if without != "advisor_conversation":
        steps.append(talked())
    if without != "no_go_list":
        steps.append(fact("no_go_list", "none"))
    return steps
