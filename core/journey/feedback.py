"""Feedback: outside opinions asked for, received, declined and withdrawn (playbook WEEK1.opinions)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from core.errors import Conflict, InvalidValue, NotFound
from core.journal.root import Root, Stamp
from core.values import NAME_MAX, one_of, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.journey.journey import Journey

__all__ = [
    "ADVICE",
    "GRADES",
    "PD_LEVEL",
    "REASONS",
    "ROLES",
    "Opinion",
    "OpinionDeclined",
    "OpinionReceived",
    "OpinionRequested",
    "OpinionWithdrawn",
    "Reviewer",
    "Said",
    "TrustMarked",
    "decline_opinion",
    "mark_trust",
    "outside_opinions",
    "receive_opinion",
    "request_opinion",
    "shared_reasons",
    "withdraw_opinion",
]

ROLES = {
    "pd": "Program director",
    "apd": "Associate program director",
    "faculty": "Faculty",
    "school_advisor": "School advisor",
}
# Playbook §4, champion grade of a statement.
GRADES = {
    0: "None, or declined",
    1: "General encouragement",
    2: "Would consider the student",
    3: "Conditional: if the student does X with us",
    4: "Conditional, and says: I will support the student",
}
# The second of the three questions of WEEK1.opinions.
ADVICE = {
    "reapply": "Reapply",
    "related": "Move to a related specialty",
    "gap_year": "One-year gap with research or a transitional year",
    "not_said": "Did not say",
}
# What killed the application, coded so that shared reasons show as patterns (WEEK1.opinions).
REASONS = {
    "research": "Research",
    "step2": "Step 2",
    "letters": "Letters",
    "interviews": "Interview days",
    "class_standing": "Class standing",
    "red_flag": "A red flag",
    "application_pattern": "Where and how many applications went out",
    "connections": "Too few connections in the field",
    "other": "Something else",
}
PD_LEVEL = ("pd", "apd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Who was asked: name, role, specialty (a slug), and whether the advisor records that field as related."""

    by: str
    role: str
    specialty: str
    related: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a reviewer said: answers to the three questions, and the champion grade where it was asked for [0-4]."""

    dated: date
    champion_grade: int | None
    saw_full_file: bool
    trusted: bool | None = None
    next_cycle: str = ""
    advice: str = "not_said"
    killed: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """An outside opinion as it stands; `said` is None while it is only asked for."""

    opinion_id: str
    reviewer: Reviewer
    status: Literal["requested", "received", "declined", "withdrawn"]
    said: Said | None
    version: int
    due_on: date | None = None


class OpinionRequested(Root.Event):
    """Somebody was asked for an opinion, with the date by which an answer is agreed."""

    TOPIC: ClassVar[str] = "feedback.opinion-requested"
    opinion_id: str
    reviewer: Reviewer
    due_on: date

    def apply(self, journey: Journey) -> None:
        """Keep the open request."""
        journey.opinions[self.opinion_id] = Opinion(
            opinion_id=self.opinion_id,
            reviewer=self.reviewer,
            status="requested",
            said=None,
            version=self.originator_version,
            due_on=self.due_on,
        )


class OpinionReceived(Root.Event):
    """An opinion came in."""

    TOPIC: ClassVar[str] = "feedback.opinion-received"
    opinion_id: str
    reviewer: Reviewer
    said: Said

    def apply(self, journey: Journey) -> None:
        """Keep what was said, after everything said before it."""
        journey.opinions.pop(self.opinion_id, None)
        journey.opinions[self.opinion_id] = Opinion(
            opinion_id=self.opinion_id,
            reviewer=self.reviewer,
            status="received",
            said=self.said,
            version=self.originator_version,
        )


class OpinionDeclined(Root.Event):
    """Somebody was asked and declined, or did not answer by the agreed date: grade 0 (playbook §4)."""

    TOPIC: ClassVar[str] = "feedback.opinion-declined"
    opinion_id: str
    said: Said
    why: str

    def apply(self, journey: Journey) -> None:
        """Keep it as a statement of grade 0."""
        opinion = journey.opinions.pop(self.opinion_id)
        journey.opinions[self.opinion_id] = replace(
            opinion, status="declined", said=self.said, version=self.originator_version
        )


class OpinionWithdrawn(Root.Event):
    """The author took the opinion back: from here on it is as if never made."""

    TOPIC: ClassVar[str] = "feedback.opinion-withdrawn"
    opinion_id: str
    reason: str

    def apply(self, journey: Journey) -> None:
        """Mark it as withdrawn."""
        opinion = journey.opinions[self.opinion_id]
        journey.opinions[self.opinion_id] = replace(opinion, status="withdrawn", version=self.originator_version)


class TrustMarked(Root.Event):
    """The student says whether they trust the author (ENT, plastics and urology: only trusted statements count)."""

    TOPIC: ClassVar[str] = "feedback.trust-marked"
    opinion_id: str
    trusted: bool
    on_behalf: bool

    def apply(self, journey: Journey) -> None:
        """Set the mark on the statement."""
        opinion = journey.opinions[self.opinion_id]
        if opinion.said is not None:
            journey.opinions[self.opinion_id] = replace(
                opinion, said=replace(opinion.said, trusted=self.trusted), version=self.originator_version
            )


def request_opinion(journey: Journey, opinion_id: str, reviewer: Reviewer, *, due_on: date, stamp: Stamp) -> None:
    """Record that somebody was asked.

    Raises:
        InvalidValue: no name, or an unknown role.
        Conflict: the same request exists already.
    """
    if opinion_id in journey.opinions:
        raise Conflict(f"opinion {opinion_id} exists already")
    journey.record(OpinionRequested, stamp, opinion_id=opinion_id, reviewer=_checked(reviewer), due_on=due_on)


def receive_opinion(
    journey: Journey, opinion_id: str, reviewer: Reviewer, said: Said, *, today: date, stamp: Stamp
) -> None:
    """Record an opinion, asked for before or not.

    Args:
        journey: changed in place.
        opinion_id: of the request it answers, or a new one.
        reviewer: who says it.
        said: the answers.
        today: a statement is not dated after it.
        stamp: who, by which command, when.

    Raises:
        InvalidValue: a field is not allowed.
        Conflict: this opinion was already received or withdrawn.
    """
    old = journey.opinions.get(opinion_id)
    if old is not None and old.status in ("received", "withdrawn"):
        raise Conflict(f"the opinion of {old.reviewer.by} is already {old.status}; record a new one")
    if said.champion_grade is not None and said.champion_grade not in GRADES:
        raise InvalidValue("champion_grade", said.champion_grade, "a whole number from 0 to 4, or not asked")
    if said.dated > today:
        raise InvalidValue("dated", said.dated.isoformat(), f"{today.isoformat()} or earlier")
    one_of("advice", said.advice, ADVICE)
    for reason in said.reasons:
        one_of("reasons", reason, REASONS)
    for what, answer in (("next_cycle", said.next_cycle), ("killed", said.killed)):
        if answer:
            text(what, answer)
    if said.champion_grade is None and not said.next_cycle.strip() and not said.killed.strip():
        raise InvalidValue("opinion", "no answer", "a champion grade or an answer to one of the three questions")
    journey.record(OpinionReceived, stamp, opinion_id=opinion_id, reviewer=_checked(reviewer), said=said)


def decline_opinion(journey: Journey, opinion_id: str, *, dated: date, why: str, stamp: Stamp) -> None:
    """Record that somebody who was asked declined, or did not answer by the agreed date.

    Raises:
        NotFound: nobody was asked under this id.
        Conflict: an answer is already recorded.
    """
    opinion = _asked(journey, opinion_id)
    if opinion.status != "requested":
        raise Conflict(f"the opinion of {opinion.reviewer.by} is already {opinion.status}")
    said = Said(dated=dated, champion_grade=0, saw_full_file=False)
    journey.record(OpinionDeclined, stamp, opinion_id=opinion_id, said=said, why=text("why", why))


def withdraw_opinion(journey: Journey, opinion_id: str, *, reason: str, stamp: Stamp) -> None:
    """Record that the author took an opinion back; a second time is quiet.

    Raises:
        NotFound: there is no such opinion.
        Conflict: it was only asked for.
    """
    opinion = _asked(journey, opinion_id)
    if opinion.status == "requested":
        raise Conflict(f"{opinion.reviewer.by} has not said anything yet, so nothing can be withdrawn")
    if opinion.status != "withdrawn":
        journey.record(OpinionWithdrawn, stamp, opinion_id=opinion_id, reason=text("reason", reason))


def mark_trust(journey: Journey, opinion_id: str, *, trusted: bool, stamp: Stamp, on_behalf: bool = False) -> None:
    """Record whether the student trusts the author; the same mark again is quiet.

    Raises:
        NotFound: there is no such opinion.
        Conflict: it was only asked for.
    """
    opinion = _asked(journey, opinion_id)
    if opinion.said is None:
        raise Conflict(f"{opinion.reviewer.by} has not said anything yet")
    if opinion.said.trusted is not trusted:
        journey.record(TrustMarked, stamp, opinion_id=opinion_id, trusted=trusted, on_behalf=on_behalf)


def outside_opinions(journey: Journey) -> tuple[list[Opinion], list[Opinion]]:
    """Return the received opinions that can stand as (a) and as (b) of WEEK1.opinions.

    (a) a program director, associate director or faculty member of the dream field; (b) a program director or
    associate director of another specialty that the advisor records as related. A school advisor counts as neither.
    """
    heard = [opinion for opinion in journey.opinions.values() if opinion.status == "received"]
    dream = [
        o for o in heard if o.reviewer.specialty == journey.specialty and o.reviewer.role in (*PD_LEVEL, "faculty")
    ]
    related = [
        o
        for o in heard
        if o.reviewer.related and o.reviewer.specialty != journey.specialty and o.reviewer.role in PD_LEVEL
    ]
    return dream, related


def shared_reasons(opinions: Iterable[Opinion]) -> list[tuple[str, int]]:
    """Return each coded reason that more than one person named, with how many did, most first."""
    named: dict[str, set[str]] = {}
    for opinion in opinions:
        if opinion.status == "received" and opinion.said is not None:
            for reason in opinion.said.reasons:
                named.setdefault(reason, set()).add(opinion.reviewer.by.casefold())
    pairs = [(reason, len(people)) for reason, people in named.items() if len(people) > 1]
    return sorted(pairs, key=lambda pair: (-pair[1], list(REASONS).index(pair[0])))


def _checked(reviewer: Reviewer) -> Reviewer:
    one_of("role", reviewer.role, ROLES)
    return replace(reviewer, by=text("by", reviewer.by, NAME_MAX))


def _asked(journey: Journey, opinion_id: str) -> Opinion:
    opinion = journey.opinions.get(opinion_id)
    if opinion is None:
        raise NotFound(f"there is no opinion {opinion_id} on this journey")
    return opinion
