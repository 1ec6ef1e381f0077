"""The hold (playbook WEEK1.hold): no irreversible decision until what it needs is recorded.

Source: playbook §4, *Reading (hold vs SOAP)*, the table of gates; DECIDE.profile and DECIDE.plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.errors import Conflict
from core.journal.root import Root, Stamp
from core.journey.feedback import outside_opinions
from core.journey.inventory import FACTS
from core.values import one_of, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.journey.journey import Journey

__all__ = [
    "GATES",
    "NEEDS",
    "OVERRIDE_CODES",
    "PATH_KINDS",
    "SOAP_KINDS",
    "Gate",
    "GateOverridden",
    "GatePassed",
    "Override",
    "check_gate",
    "need_label",
    "override_gate",
]

OVERRIDE_CODES = {
    "deadline": "A deadline falls before the facts can be had",
    "fact-unobtainable": "A fact cannot be obtained",
    "student-request": "The student asks for it, knowing what is missing",
    "safety": "Waiting would harm the student",
    "other": "Another reason",
}
# Every irreversible decision, with what a person reads.
PATH_KINDS: Mapping[str, str] = {
    "reapply": "Reapply in the dream field",
    "pivot": "Pivot to another specialty",
    "leave_medicine": "Leave medicine",
    "delay_graduation": "Delay graduation",
    "resign_post": "Resign a post",
}
SOAP_KINDS: Mapping[str, str] = {
    "soap_take_part": "Take part in SOAP",
    "soap_accept": "Accept a SOAP offer",
    "soap_decline": "Decline a SOAP offer",
    "withdraw": "Withdraw from the match",
}
GATES: Mapping[str, str] = {**PATH_KINDS, **SOAP_KINDS}

_INTERVIEWS = ("interviews_offered", "interviews_accepted", "interviews_attended", "interviews_ranked")
_PATH_FACTS = ("step2", "class_standing", "research", "red_flags", "applications_sent", *_INTERVIEWS)
_SOAP_FACTS = ("step2", "red_flags", *_INTERVIEWS, "visa", "soap_eligible")

# Needs that are not facts, with what a person reads.
NEEDS: Mapping[str, str] = {
    "profile": "a profile, clear or mixed",
    "opinion_dream_field": "an outside opinion from the dream field",
    "opinion_related_field": "an outside opinion of a program director in a related field",
    "advisor_conversation": "one conversation with an advisor",
    "no_go_list": "the student's own no-go list",
    "plan_mode": "how the year will be spent",
    "plan_remedies": "a remedy for each main weakness",
    "plan_milestones": "at least one milestone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """How a gate stands.

    Args:
        decision: which irreversible decision, a key of `GATES`.
        known: what it needs and has, by name.
        missing: what it needs and lacks, in the order of the table.
        disputed: facts it needs that are disputed: known, marked, and keeping the gate shut.
    """

    decision: str
    known: tuple[str, ...]
    missing: tuple[str, ...]
    disputed: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether the decision may be recorded."""
        return not self.missing and not self.disputed


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A gate that a lead opened by hand, with what was missing and what was disputed then; it excuses nothing else."""

    decision: str
    code: str
    text: str
    missing: tuple[str, ...]
    disputed: tuple[str, ...]
    actor: str
    version: int


class GatePassed(Root.Event):
    """All that an irreversible decision needs was recorded."""

    TOPIC: ClassVar[str] = "decision.gate-passed"
    decision: str
    known: tuple[str, ...]

    def apply(self, journey: Journey) -> None:
        """Change nothing: the decision that follows carries the state."""


class GateOverridden(Root.Event):
    """A lead opened a gate although something is missing or disputed."""

    TOPIC: ClassVar[str] = "decision.gate-overridden"
    decision: str
    code: str
    text: str
    known: tuple[str, ...]
    missing: tuple[str, ...]
    disputed: tuple[str, ...]

    def apply(self, journey: Journey) -> None:
        """Keep the override and what was missing or disputed under it."""
        journey.overrides[self.decision] = Override(
            decision=self.decision,
            code=self.code,
            text=self.text,
            missing=self.missing,
            disputed=self.disputed,
            actor=self.actor,
            version=self.originator_version,
        )


def need_label(name: str) -> str:
    """Return what a person reads for a need."""
    if name in NEEDS:
        return NEEDS[name]
    return FACTS[name].label if name in FACTS else name


def check_gate(journey: Journey, decision: str) -> Gate:
    """Judge a gate on what the journey holds; the plan of a reapply decision is judged with the command itself.

    Raises:
        KeyError: the decision is not one of `GATES` (callers check first).
    """
    held: dict[str, bool] = {}
    if decision in SOAP_KINDS:
        held |= {name: _stated(journey, name) for name in _SOAP_FACTS}
        held["advisor_conversation"] = journey.conversations > 0
        held["no_go_list"] = "no_go_list" in journey.facts
    else:
        held |= {name: _stated(journey, name) for name in _PATH_FACTS}
        held["profile"] = _profile_stands(journey)
        held["opinion_dream_field"], held["opinion_related_field"] = _two_opinions(journey)
    disputed = tuple(name for name in held if name in journey.facts and journey.facts[name].disputed)
    return Gate(
        decision=GATES[decision] and decision,
        known=tuple(name for name, is_held in held.items() if is_held),
        missing=tuple(name for name, is_held in held.items() if not is_held),
        disputed=disputed,
    )


def override_gate(journey: Journey, decision: str, *, code: str, why: str, stamp: Stamp) -> None:
    """Open a gate by hand; the caller has checked that the actor is a lead.

    Raises:
        InvalidValue: unknown decision or code, or no text.
        Conflict: nothing is missing, so there is nothing to override.
    """
    one_of("decision", decision, GATES)
    gate = check_gate(journey, decision)
    if gate.is_open:
        raise Conflict(f"{GATES[decision]}: the gate is open, nothing has to be overridden")
    journey.record(
        GateOverridden,
        stamp,
        decision=decision,
        code=one_of("code", code, OVERRIDE_CODES),
        text=text("text", why),
        known=gate.known,
        missing=gate.missing,
        disputed=gate.disputed,
    )


def _stated(journey: Journey, name: str) -> bool:
    if name != "step2":
        return name in journey.facts
    # "Step 2 or COMLEX-only stated": a score not yet taken states neither
    return name in journey.facts and journey.facts[name].value != "not_taken"


def _profile_stands(journey: Journey) -> bool:
    """DECIDE.profile: clear or mixed; indeterminate only where Step 2 is COMLEX-only and the rest is known."""
    if journey.profile is None:
        return False
    if journey.profile["kind"] != "indeterminate":
        return True
    step2 = journey.facts.get("step2")
    comlex_only = step2 is not None and step2.value == "comlex_only"
    return comlex_only and "research" in journey.facts and "interviews_offered" in journey.facts


def _two_opinions(journey: Journey) -> tuple[bool, bool]:
    """WEEK1.opinions: one of each kind, by two different people."""
    dream, related = outside_opinions(journey)
    dream_names = {o.reviewer.by.casefold() for o in dream}
    related_names = {o.reviewer.by.casefold() for o in related}
    one_person = dream_names == related_names and len(dream_names) == 1
    return bool(dream_names), bool(related_names) and not one_person
