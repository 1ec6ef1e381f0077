"""Reads one decision out of the journal: what was known then, what the rules said, who decided, what came later.

Everything is replayed from the events, so the same record comes out years later. Left out are notes and what was said
in conversations: they are nobody's evidence, and well-being is only spoken of there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from core.decision.playbook import Playbook
from core.errors import NotFound, RecordErased
from core.journal.root import Erased, replay
from core.journey import contacts, decisions, hold
from core.journey.evidence import evidence_of
from core.journey.hold import GATES, OVERRIDE_CODES, PATH_KINDS, check_gate, need_label
from core.journey.inventory import kinds_for
from core.journey.journey import MATCH_STATUSES, MATCH_SYSTEMS, Journey
from core.journey.milestones import MilestonePlanned
from core.journey.placements import PlacementRecorded
from core.journey.recommendations import RecommendationIssued
from core.journey.time_requests import TimeRequested
from projections.wording import specialty_name, tell
from web.journey.words import rule_sentence
from web.packet.known import evidence_data, facts_data, opinions_data, refs_data, weaknesses_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from core.advising.desk import Desk
    from core.journal.root import Event
    from core.people.institution import PlaybookPublished

__all__ = ["FORMAT", "VERSION", "Taken", "file_name", "packet_of"]

FORMAT: Final = "rungwise decision record"
VERSION: Final = 1
_MARKS: Final = (
    *(RecommendationIssued, decisions.DecisionRecorded, decisions.DecisionReversed),
    *(decisions.DissentRecorded, hold.GateOverridden, PlacementRecorded, TimeRequested),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Who takes the record out, when, and the names of the members by id."""

    by: str
    at: datetime
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """An event, and what people read of it."""

    event: Event
    title: str
    detail: str


def packet_of(desk: Desk, journey_id: UUID, taken: Taken, *, decision_id: str | None = None) -> dict[str, Any]:
    """Return the record of a decision, as `packet.schema.json` defines it.

    Args:
        desk: of the institution.
        journey_id: whose decision.
        taken: who takes it, when.
        decision_id: which decision; without it the path decision that stands, else the newest one, else only what the
            rules say today.

    Raises:
        NotFound: no such decision, or there is nothing to take: neither a decision nor a recommendation.
        RecordErased: the journey was erased.
    """
    return _Making(desk, journey_id, taken, decision_id).packet()


def file_name(packet: Mapping[str, Any], ending: Literal["pdf", "json"]) -> str:
    """Return a file name that says nothing of the person: a part of the journey's own number, and the event."""
    event = (packet["decision"] or packet["recommendation"])["event"]
    return f"decision-record-{packet['journey']['id'][:8]}-{event}.{ending}"


class _Making:
    def __init__(self, desk: Desk, journey_id: UUID, taken: Taken, decision_id: str | None) -> None:
        self.desk = desk
        self.taken = taken
        self.events = _whole(desk, journey_id)
        self.now = _at(self.events, len(self.events))
        self.decided = self._decided(decision_id)
        until = self.decided.originator_version - 1 if self.decided else len(self.events)
        self.then = _at(self.events, until)
        self.said = self._said()
        if self.decided is None and self.said is None:
            raise NotFound("there is no decision and no recommendation to take out yet")
        self.playbook = self._playbook()
        self.fields = {slug: one.name for slug, one in self.playbook[1].specialties.items()}
        self.dream = self.playbook[1].specialties.get(self.then.specialty)
        self.short = self.dream.short if self.dream else specialty_name(self.then.specialty, self.fields)
        self.steps = list(_told(self.events, self.fields))

    def packet(self) -> dict[str, Any]:
        institution = self.desk.institution()
        return {
            "format": FORMAT,
            "version": VERSION,
            "taken": {"at": self.taken.at.isoformat(), "by": self.taken.by, "events": len(self.events)},
            "institution": {
                "name": institution.settings["name"],
                "time_zone": institution.settings["time_zone"],
            },
            "journey": self._journey(),
            "decision": self._decision() if self.decided else None,
            "recommendation": self._recommendation() if self.said else None,
            "known": {
                "at_event": self.then.version,
                "facts": facts_data(self.then, kinds_for(self.playbook[0].content, self.then.specialty), self.name),
                "weaknesses": weaknesses_data(self.then, self.events, self.name),
                "opinions": opinions_data(self.then, self.events, self.fields, self.name),
                "profile": self.then.profile,
                "gate": self._gate(),
                "before": list(self._before()),
            },
            "evidence": self._evidence(),
            "playbook": {
                "digest": self.playbook[0].digest,
                "label": self.playbook[0].label,
                "since": self.playbook[0].recorded_at.isoformat(),
                "content": self.playbook[0].content,
            },
            "later": list(self._later()),
        }

    def name(self, actor: str) -> str:
        return self.taken.names.get(actor, actor)

    def _who(self, event: Event) -> dict[str, Any]:
        on = event.happened_on
        return {
            "event": event.originator_version,
            "topic": event.TOPIC,
            "at": event.recorded_at.isoformat(),
            "happened_on": on.isoformat() if on else None,
            "by": self.name(event.actor),
        }

    def _decided(self, decision_id: str | None) -> decisions.DecisionRecorded | None:
        made = [one for one in self.events if isinstance(one, decisions.DecisionRecorded)]
        if decision_id is not None:
            made = [one for one in made if one.decision_id == decision_id]
            if not made:
                raise NotFound("there is no such decision on this journey")
        held = self.now.decisions
        path = [one for one in made if one.kind in PATH_KINDS and held[one.decision_id].reversed_reason is None]
        return next(reversed(path or made), None)

    def _said(self) -> RecommendationIssued | None:
        version = self.then.recommendation_version
        said = self.events[version - 1] if version else None
        return said if isinstance(said, RecommendationIssued) else None

    def _playbook(self) -> tuple[PlaybookPublished, Playbook]:
        """Return the playbook that the recommendation was made with, else the one in force when it was decided."""
        published = self.desk.published()
        if self.said is not None:
            found = [one for one in published if one.digest == self.said.playbook]
        else:
            found = [one for one in published if one.recorded_at <= self.events[self.then.version - 1].recorded_at]
        chosen = (found or published)[-1]
        return chosen, Playbook.from_content(chosen.content)

    def _journey(self) -> dict[str, Any]:
        one = self.then
        return {
            "id": str(one.id),
            "student": {"name": one.name, "reference": one.student_ref},
            "cohort": one.cohort,
            "cycle": one.cycle,
            "match_system": MATCH_SYSTEMS.get(one.match_system, one.match_system),
            "match_status": MATCH_STATUSES.get(one.match_status, one.match_status),
            "match_day": one.match_day.isoformat(),
            "learned_on": one.learned_on.isoformat(),
            "specialty": one.specialty,
            "specialty_name": specialty_name(one.specialty, self.fields),
            "specialty_short": self.short,
            "advisor": self.name(one.advisor) if one.advisor else None,
        }

    def _decision(self) -> dict[str, Any]:
        one = self.decided
        if one is None:
            raise NotFound("there is no such decision on this journey")
        planned = [
            {"title": each.title, "due_on": each.due_on.isoformat(), "source": each.source}
            for each in self.events[one.originator_version :]
            if isinstance(each, MilestonePlanned) and each.command_id == one.command_id
        ]
        return {
            **self._who(one),
            "id": one.decision_id,
            "kind": one.kind,
            "label": GATES[one.kind],
            "mode": one.mode,
            "specialty_name": specialty_name(one.specialty, self.fields) if one.specialty else None,
            "relation": one.relation,
            "reason_code": one.reason_code,
            "reason_label": decisions.REASON_CODES.get(one.reason_code or ""),
            "reason": one.reason,
            "remedies": [{"weakness": each.weakness, "remedy": each.remedy} for each in one.remedies],
            "plan": planned,
            "stances": list(self._stances(one.decision_id)),
            "reversal": next(self._reversals(one.decision_id), None),
            "gate_passed": self._gate_passed(one),
            "overrides": list(self._overrides(one)),
        }

    def _stances(self, decision_id: str) -> Iterator[dict[str, Any]]:
        kinds: dict[type[Event], str] = {
            decisions.ConcurrenceRecorded: "concurs",
            decisions.DissentRecorded: "dissents",
        }
        for one in self.events:
            stance = kinds.get(type(one))
            if stance and getattr(one, "decision_id", "") == decision_id:
                yield {**self._who(one), "stance": stance, "text": getattr(one, "text", "")}

    def _reversals(self, decision_id: str) -> Iterator[dict[str, Any]]:
        for one in self.events:
            if isinstance(one, decisions.DecisionReversed) and one.decision_id == decision_id:
                yield {**self._who(one), "reason": one.reason}

    def _gate_passed(self, decided: decisions.DecisionRecorded) -> dict[str, Any] | None:
        for one in self.events[: decided.originator_version]:
            if isinstance(one, hold.GatePassed) and one.command_id == decided.command_id:
                return {**self._who(one), "known": [need_label(each) for each in one.known]}
        return None

    def _overrides(self, decided: decisions.DecisionRecorded) -> Iterator[dict[str, Any]]:
        for one in self.events[: decided.originator_version]:
            if isinstance(one, hold.GateOverridden) and one.decision == decided.kind:
                yield {
                    **self._who(one),
                    "code": one.code,
                    "label": OVERRIDE_CODES.get(one.code, one.code),
                    "text": one.text,
                    "missing": [need_label(each) for each in one.missing],
                    "disputed": [need_label(each) for each in one.disputed],
                }

    def _gate(self) -> dict[str, Any] | None:
        if self.decided is None:
            return None
        found = check_gate(self.then, self.decided.kind)
        lists = {"known": found.known, "missing": found.missing, "disputed": found.disputed}
        return {name: [need_label(each) for each in held] for name, held in lists.items()}

    def _recommendation(self) -> dict[str, Any]:
        said = self.said
        if said is None:
            raise NotFound("there is no recommendation on this journey")
        return {
            **self._who(said),
            "engine": said.engine,
            "playbook": said.playbook,
            "evidence_event": said.evidence_version,
            "result": said.result,
            "words": [self._rule(rule) for rule in said.result["rules"]],
        }

    def _rule(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        """Return a rule as a sentence, and the events that it turned on in words."""
        conditions = {one.id: one.sentence for one in self.dream.conditions} if self.dream else {}
        behind = [self.steps[ref - 1] for ref in rule.get("refs", ())]
        return {
            "id": rule["id"],
            "sentence": rule_sentence(rule["id"], self.short, conditions),
            "turned_on": [{**self._who(one.event), "title": one.title, "detail": one.detail} for one in behind],
        }

    def _evidence(self) -> dict[str, Any] | None:
        """Return what the rules saw, in the shape of the evaluate contract, with the events that hold it."""
        if self.said is None:
            return None
        zone = self.desk.institution().zone
        seen = evidence_of(
            _at(self.events, self.said.evidence_version), as_of=self.said.recorded_at.astimezone(zone).date()
        )
        return {"input": evidence_data(seen), "refs": refs_data(seen), "comlex_only": seen.comlex_only}

    def _before(self) -> Iterator[dict[str, Any]]:
        """Yield what had been recommended, decided and arranged before, oldest first."""
        outcome = None
        for step in self.steps[: self.then.version]:
            if isinstance(step.event, RecommendationIssued):  # only where the outcome changed
                outcome, before = step.event.result["outcome"], outcome
                if outcome == before:
                    continue
            if isinstance(step.event, _MARKS):
                yield {**self._who(step.event), "title": step.title, "detail": step.detail}

    def _later(self) -> Iterator[dict[str, Any]]:
        """Yield what happened after the decision, oldest first, but for its plan, notes and what talks were about."""
        decided = self.decided
        for step in self.steps[decided.originator_version if decided else len(self.steps) :]:
            own = isinstance(step.event, MilestonePlanned) and decided and step.event.command_id == decided.command_id
            if not own and not isinstance(step.event, contacts.NoteAdded):
                detail = "" if isinstance(step.event, contacts.ContactLogged) else step.detail
                yield {**self._who(step.event), "title": step.title, "detail": detail}


def _whole(desk: Desk, journey_id: UUID) -> list[Event]:
    events = desk.journal.stream(journey_id)
    found = [one for one in events if not isinstance(one, Erased)]
    if not events:
        raise NotFound("there is no such journey")
    if len(found) != len(events):
        raise RecordErased("this record was erased: nothing can be read from it or added to it")
    return found


def _at(events: list[Event], version: int) -> Journey:
    root = replay(None, events[:version])
    if not isinstance(root, Journey):
        raise NotFound("there is no such journey")
    return root


def _told(events: list[Event], fields: Mapping[str, str]) -> Iterator[_Step]:
    """Tell every event in words; each is told by the journey as it stood before it."""
    journey = Journey.__new__(Journey)
    Journey.__init__(journey)
    for event in events:
        title, detail = tell(event, journey, fields)
        yield _Step(event=event, title=title, detail=detail)
        replayed = replay(journey if event.originator_version > 1 else None, [event])
        if isinstance(replayed, Journey):
            journey = replayed
