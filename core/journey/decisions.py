"""Decisions: what the student decided, and what the advisor thinks of it.

Recommendation, decision, concurrence or dissent, and override are different events on purpose: people decide, the
product shows the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal

from core.errors import Conflict, GateClosed, InvalidValue, NotFound
from core.journal.root import Root, Stamp
from core.journey.hold import GATES, PATH_KINDS, GatePassed, check_gate
from core.journey.inventory import FACTS
from core.journey.milestones import NewMilestone, plan_milestone
from core.values import one_of, remark, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.journey.journey import Journey

__all__ = [
    "REASON_CODES",
    "ConcurrenceRecorded",
    "Decision",
    "DecisionRecorded",
    "DecisionReversed",
    "DissentRecorded",
    "NewDecision",
    "Remedy",
    "concur",
    "dissent",
    "record_decision",
    "relation",
    "reverse_decision",
]

REASON_CODES = {
    "accepts_odds": "Accepts the odds, knowing them",
    "new_information": "Knows something the record does not hold",
    "family": "Family or place",
    "money": "Money",
    "calling": "This field or nothing",
    "wellbeing": "Health or well-being",
    "other": "Another reason",
}
Relation = Literal["agrees", "differs", "contested", "not_decidable", "own_gate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What will be done about one main weakness."""

    weakness: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision as it stands; `recorded_version` is of its own event, `version` of what was said to it last."""

    decision_id: str
    kind: str
    mode: str | None
    specialty: str | None
    relation: Relation
    version: int
    recorded_version: int
    actor: str
    stance: Literal["concurs", "dissents"] | None = None
    reversed_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """What the student decided.

    Args:
        decision_id: stable within the journey.
        kind: a key of `GATES`.
        mode: how the year will be spent (reapply); a key of the fact `planned_year`.
        specialty: slug of the new field (pivot) or of the SOAP place.
        reason_code: why, a key of `REASON_CODES`; needed unless the decision agrees with the recommendation.
        reason: why, in the student's words.
        remedies: one for each main weakness (reapply).
        milestones: at least one (reapply).
    """

    decision_id: str
    kind: str
    mode: str | None = None
    specialty: str | None = None
    reason_code: str | None = None
    reason: str = ""
    remedies: tuple[Remedy, ...] = ()
    milestones: tuple[NewMilestone, ...] = ()


class DecisionRecorded(Root.Event):
    """The student decided."""

    TOPIC: ClassVar[str] = "decision.recorded"
    decision_id: str
    kind: str
    mode: str | None
    specialty: str | None
    relation: Relation
    recommendation_version: int
    reason_code: str | None
    reason: str
    remedies: tuple[Remedy, ...]

    def apply(self, journey: Journey) -> None:
        """Add the decision."""
        journey.decisions[self.decision_id] = Decision(
            decision_id=self.decision_id,
            kind=self.kind,
            mode=self.mode,
            specialty=self.specialty,
            relation=self.relation,
            version=self.originator_version,
            recorded_version=self.originator_version,
            actor=self.actor,
        )


class _Stance(Root.Event):
    decision_id: str
    text: str

    def take(self, journey: Journey, stance: Literal["concurs", "dissents"]) -> None:
        decision = journey.decisions[self.decision_id]
        journey.decisions[self.decision_id] = replace(decision, stance=stance, version=self.originator_version)


class ConcurrenceRecorded(_Stance):
    """The advisor agrees with the student's decision."""

    TOPIC: ClassVar[str] = "decision.concurrence-recorded"

    def apply(self, journey: Journey) -> None:
        """Set the advisor's stance."""
        self.take(journey, "concurs")


class DissentRecorded(_Stance):
    """The advisor thinks otherwise, and says why; the student can read it."""

    TOPIC: ClassVar[str] = "decision.dissent-recorded"

    def apply(self, journey: Journey) -> None:
        """Set the advisor's stance."""
        self.take(journey, "dissents")


class DecisionReversed(Root.Event):
    """The student took a decision back, with the reason; it stays in the record."""

    TOPIC: ClassVar[str] = "decision.reversed"
    decision_id: str
    reason: str

    def apply(self, journey: Journey) -> None:
        """Mark the decision as reversed."""
        decision = journey.decisions[self.decision_id]
        journey.decisions[self.decision_id] = replace(
            decision, reversed_reason=self.reason, version=self.originator_version
        )


def relation(kind: str, outcome: str | None) -> Relation:
    """Return how a decision stands to the recommendation (playbook §4: people decide; against it needs a reason)."""
    if kind not in PATH_KINDS:
        return "own_gate"  # the SOAP decision is judged against its own gate only
    if outcome in (None, "INDETERMINATE"):
        return "not_decidable"
    if outcome == "CONTESTED":
        return "contested"  # PIVOT.money asks for a recorded deliberation by the student
    # leaving medicine, a later graduation or a resigned post is never what the rules say, so it always has a reason
    return "agrees" if (kind, outcome) in (("reapply", "REAPPLY"), ("pivot", "PIVOT_NOW")) else "differs"


def record_decision(journey: Journey, new: NewDecision, *, stamp: Stamp, seen: int | None = None) -> None:
    """Record what the student decided; for a reapply decision also its plan (DECIDE.plan), in one command.

    Args:
        journey: changed in place.
        new: the decision.
        stamp: who, by which command, when.
        seen: version of the journey the person saw.

    Raises:
        GateClosed: something that this decision needs is missing or disputed, and no lead opened the gate.
        InvalidValue: unknown kind, mode or reason; no reason where one is needed.
        Conflict: a path decision stands already (reverse it first), or a new recommendation came meanwhile.
    """
    one_of("decision", new.kind, GATES)
    _refuse_second(journey, new)
    if seen is not None and new.kind in PATH_KINDS and journey.recommendation_version > seen:
        raise Conflict("the recommendation changed while this was written; read the new one, then record the decision")
    how = relation(new.kind, (journey.recommendation or {}).get("outcome"))
    if how in ("differs", "contested", "not_decidable"):
        if new.reason_code is None:
            raise InvalidValue("reason_code", "nothing", "one of " + ", ".join(REASON_CODES))
        text("reason", new.reason)
    reason = remark("reason", new.reason)
    remedies = tuple(replace(one, remedy=remark("remedy", one.remedy)) for one in new.remedies)
    if new.reason_code is not None:
        one_of("reason_code", new.reason_code, REASON_CODES)
    if new.mode is not None:
        one_of("mode", new.mode, FACTS["planned_year"].choices)
    if new.kind == "pivot" and not new.specialty:
        raise InvalidValue("specialty", "nothing", "the field the student pivots to")
    if new.kind == "pivot" and new.specialty == journey.specialty:
        raise InvalidValue("specialty", new.specialty, "another field than the one the student did not match into")
    _pass_gate(journey, new, stamp)
    journey.record(
        DecisionRecorded,
        stamp,
        decision_id=new.decision_id,
        kind=new.kind,
        mode=new.mode,
        specialty=new.specialty,
        relation=how,
        recommendation_version=journey.recommendation_version,
        reason_code=new.reason_code,
        reason=reason,
        remedies=remedies,
    )
    for milestone in new.milestones:
        plan_milestone(journey, milestone, stamp=stamp)


def concur(journey: Journey, decision_id: str, *, note: str, stamp: Stamp) -> None:
    """Record that the advisor agrees; a second time is quiet.

    Raises:
        NotFound: there is no such decision.
        Conflict: it was reversed.
        InvalidValue: a note that is too long.
    """
    note = remark("note", note)
    if _standing(journey, decision_id).stance != "concurs":
        journey.record(ConcurrenceRecorded, stamp, decision_id=decision_id, text=note)


def dissent(journey: Journey, decision_id: str, *, why: str, stamp: Stamp) -> None:
    """Record that the advisor thinks otherwise, and why.

    Raises:
        NotFound: there is no such decision.
        Conflict: it was reversed.
        InvalidValue: no reason.
    """
    _standing(journey, decision_id)
    journey.record(DissentRecorded, stamp, decision_id=decision_id, text=text("reason", why))


def reverse_decision(journey: Journey, decision_id: str, *, reason: str, stamp: Stamp) -> None:
    """Take a decision back.

    Raises:
        NotFound: there is no such decision.
        Conflict: it was already reversed.
        InvalidValue: no reason.
    """
    _standing(journey, decision_id)
    journey.record(DecisionReversed, stamp, decision_id=decision_id, reason=text("reason", reason))


def _refuse_second(journey: Journey, new: NewDecision) -> None:
    if new.decision_id in journey.decisions:
        raise Conflict(f"decision {new.decision_id} exists already")
    for old in journey.decisions.values():
        if old.kind in PATH_KINDS and new.kind in PATH_KINDS and old.reversed_reason is None:
            raise Conflict(f"a decision stands already ({GATES[old.kind]}); reverse it first, with the reason")


def _pass_gate(journey: Journey, new: NewDecision, stamp: Stamp) -> None:
    gate = check_gate(journey, new.kind)
    missing = [*gate.missing, *_missing_plan(journey, new)]
    override = journey.overrides.get(new.kind)
    still_missing = tuple(name for name in missing if not override or name not in override.missing)
    still_disputed = tuple(name for name in gate.disputed if not override or name not in override.disputed)
    if still_missing or still_disputed:
        raise GateClosed(new.kind, still_missing, still_disputed)
    if not override or gate.is_open:
        journey.record(GatePassed, stamp, decision=new.kind, known=gate.known)


def _missing_plan(journey: Journey, new: NewDecision) -> Sequence[str]:
    """DECIDE.plan: a reapply decision carries its mode, a remedy for each main weakness and a milestone."""
    if new.kind != "reapply":
        return ()
    wanted = [weakness.kind for weakness in journey.weaknesses or ()]
    given = [remedy.weakness for remedy in new.remedies if remedy.remedy.strip()]
    missing = [] if new.mode else ["plan_mode"]
    if any(given.count(kind) < wanted.count(kind) for kind in wanted):
        missing.append("plan_remedies")
    if not new.milestones:
        missing.append("plan_milestones")
    return missing


def _standing(journey: Journey, decision_id: str) -> Decision:
    decision = journey.decisions.get(decision_id)
    if decision is None:
        raise NotFound(f"there is no decision {decision_id} on this journey")
    if decision.reversed_reason is not None:
        raise Conflict("this decision was reversed; it stays in the record as it is")
    return decision
