"""Read model of the journey page: everything it shows, without a replay; folded in `standing` and `timeline`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Integer, Uuid, and_, bindparam, func, or_, select

from core.journey import contacts as c
from core.journey import decisions as d
from core.journey import feedback as f
from core.journey.assessments import WeaknessesAssessed
from core.journey.findings import FindingRecorded
from core.journey.hold import GATES, GateOverridden, check_gate
from core.journey.placements import PlacementRecorded, ended
from core.journey.quarters import QuarterRecorded
from core.journey.recommendations import RecommendationIssued
from core.journey.scenarios import ScenarioSaved
from core.journey.time_requests import TimeRequested
from projections import sheet as s
from projections.people_tables import INSTITUTION, MEMBER, SPECIALTY
from projections.recommended import RECOMMENDATION
from projections.rows import PARKED, Plain, apart, together
from projections.standing import JOURNEY, Standing, is_late, searchable
from projections.timeline import BODIES, TIMELINE
from projections.wording import specialty_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from sqlalchemy import ColumnElement, Connection, Select

    from core.journey.journey import Journey
    from projections.sheet import JourneySheet, Moment

__all__ = ["Found", "by_reference", "find", "sheet"]

OPINION_NEEDS = ("opinion_dream_field", "opinion_related_field")  # the two of WEEK1.opinions, as the gates name them


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A journey by its names."""

    journey_id: UUID
    student_ref: str
    name: str
    cycle: int
    cohort: str
    match_system: str


def by_reference(db: Connection, student_ref: str, cycle: int | None = None) -> tuple[Found, ...]:
    """Return the journeys of a student by the school's own reference, the newest first; case does not matter."""
    wanted = student_ref.strip()
    query = _found().where(func.lower(JOURNEY.c.student_ref) == func.lower(wanted))
    if cycle is not None:
        query = query.where(JOURNEY.c.cycle == cycle)
    rows = db.execute(query.order_by(JOURNEY.c.cycle.desc(), JOURNEY.c.match_system))
    return tuple(Found(**row._mapping) for row in rows)  # noqa: SLF001 - its public name


def find(db: Connection, text: str, cohorts: Collection[str], limit: int = 20) -> tuple[Found, ...]:
    """Return journeys of some cohorts whose name or reference holds a text."""
    query = _found().where(JOURNEY.c.cohort.in_(cohorts), JOURNEY.c.search.contains(searchable(text), autoescape=True))
    rows = db.execute(query.order_by(JOURNEY.c.search, JOURNEY.c.cycle.desc()).limit(limit))
    return tuple(Found(**row._mapping) for row in rows)  # noqa: SLF001


def sheet(db: Connection, journey_id: UUID) -> JourneySheet | None:
    """Return all that the journey page shows, or None when there is no such journey."""
    row = _HEAD(db, journey_id=journey_id.hex).first()
    if row is None:
        return None
    if row.state is None:
        return s.JourneySheet(journey_id=journey_id, version=row.version, position=row.position, erased=True)
    standing = Standing.restore(journey_id, row.version, row.position, row.state)
    shown = {"last": row.recommendation_version, "previous": row.previous_version}
    lines = _LINES(db, journey_id=journey_id.hex, **shown).all()
    return _Filling(row, standing, lines).sheet()


def _found() -> Select[Any]:
    return select(*(JOURNEY.c[name] for name in Found.__slots__))


_WHICH: ColumnElement[UUID] = bindparam("journey_id", type_=Uuid())
_HEAD = Plain(
    select(
        JOURNEY,
        select(INSTITUTION.c.time_zone).limit(1).scalar_subquery().label("time_zone"),
        together(MEMBER.c.actor, MEMBER.c.name).label("member_names"),
        together(SPECIALTY.c.slug, SPECIALTY.c.name).label("specialty_names"),
        select(func.json_group_array(PARKED.c.version.distinct()))
        .where(PARKED.c.stream == JOURNEY.c.journey_id)
        .scalar_subquery()
        .label("incomplete"),
    ).where(JOURNEY.c.journey_id == _WHICH)
)
_WHOLE = and_(RECOMMENDATION.c.journey_id == TIMELINE.c.journey_id, RECOMMENDATION.c.version == TIMELINE.c.version)
_LINES = Plain(
    select(
        *(TIMELINE.c[name] for name in ("version", "topic", "recorded_at", "happened_on", "late", "actor")),
        func.coalesce(TIMELINE.c.body, RECOMMENDATION.c.body).label("body"),
    )
    .outerjoin(RECOMMENDATION, _WHOLE)
    .where(TIMELINE.c.journey_id == _WHICH)
    .where(
        or_(
            TIMELINE.c.topic.in_((*BODIES, GateOverridden.TOPIC)),
            and_(
                TIMELINE.c.topic == RecommendationIssued.TOPIC,
                TIMELINE.c.version.in_((bindparam("last", type_=Integer()), bindparam("previous", type_=Integer()))),
            ),
        )
    )
    .order_by(TIMELINE.c.version)
)
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class _Filling:
    """Puts a sheet together from the state of the journey and the lines of its timeline.

    Of an event that was parked there may be no line: what it said is left out, and the sheet says so.
    """

    def __init__(self, row: Any, standing: Standing, lines: Collection[Any]) -> None:
        self.row = row
        self.standing = standing
        self.journey: Journey = standing.journey
        self.zone = ZoneInfo(row.time_zone or "UTC")
        self.names = {actor: name for actor, name in apart(row.member_names).items() if name}
        self.fields = apart(row.specialty_names)
        self.moments = {line.version: self._moment_of(line) for line in lines}
        self.bodies: dict[str, list[tuple[Moment, dict[str, Any]]]] = {}
        for line in lines:
            told = (self.moments[line.version], _decode(line.body) if line.body else {})
            self.bodies.setdefault(line.topic, []).append(told)

    def sheet(self) -> JourneySheet:
        one, beside = self.journey, self.standing.beside
        gates = {kind: check_gate(one, kind) for kind in GATES}
        return s.JourneySheet(
            journey_id=one.id,
            version=one.version,
            position=self.standing.position,
            student_ref=one.student_ref,
            name=one.name,
            email=one.email,
            cycle=one.cycle,
            cohort=one.cohort,
            match_system=one.match_system,
            match_status=one.match_status,
            match_day=one.match_day,
            learned_on=one.learned_on,
            specialty=one.specialty,
            specialty_name=specialty_name(one.specialty, self.fields),
            earlier_journey=one.earlier_journey,
            advisor_id=one.advisor,
            advisor_name=self.names.get(one.advisor, one.advisor) if one.advisor else None,
            team=one.team,
            last_contact_on=beside.last_contact_on,
            conversations=one.conversations,
            facts=self._facts(),
            weaknesses=self._weaknesses(),
            profile=one.profile,
            opinions=self._opinions(),
            opinions_counted=sum(need in gates["pivot"].known for need in OPINION_NEEDS),
            shared_reasons=tuple(f.shared_reasons(one.opinions.values())),
            recommendation=self._recommendation(one.recommendation_version),
            previous=self._recommendation(beside.previous_version),
            decisions=self._decisions(),
            gates=gates,
            overrides=self._overrides(),
            time_requests=tuple(
                s.SheetTimeRequest(until=date.fromisoformat(body["until"]), reason=body["reason"], said=said)
                for said, body in self._told(TimeRequested.TOPIC, newest=True)
            ),
            findings=tuple(
                s.SheetFinding(**body, said=said) for said, body in self._told(FindingRecorded.TOPIC, newest=True)
            ),
            scenarios=tuple(
                s.SheetScenario(**body, said=said) for said, body in self._told(ScenarioSaved.TOPIC, newest=True)
            ),
            quarters=tuple(
                s.SheetQuarter(**body, said=said) for said, body in self._told(QuarterRecorded.TOPIC, newest=True)
            ),
            milestones=tuple(sorted(one.milestones.values(), key=lambda each: (each.due_on, each.version))),
            placements=self._placements(),
            ended=self._ended(),
            notes=tuple(s.SheetNote(**body, said=said) for said, body in self._told(c.NoteAdded.TOPIC, newest=True)),
            contacts=tuple(
                s.SheetContact(**body, said=said) for said, body in self._told(c.ContactLogged.TOPIC, newest=True)
            ),
            ladder=next(
                (s.SheetLadder(**body, said=said) for said, body in self._told(c.LadderChosen.TOPIC, newest=True)), None
            ),
            names=self.names,
            incomplete=tuple(msgspec.json.decode(self.row.incomplete)),
        )

    def _moment_of(self, line: Any) -> Moment:
        return s.Moment(
            version=line.version,
            recorded_at=datetime.fromisoformat(line.recorded_at),
            happened_on=date.fromisoformat(line.happened_on) if line.happened_on else None,
            late=bool(line.late),
            actor=line.actor,
            actor_name=self.names.get(line.actor, line.actor),
        )

    def _told(self, topic: str, *, newest: bool = False) -> list[tuple[Moment, dict[str, Any]]]:
        """Return moment and body of the events of a topic, oldest first unless the newest are wanted first."""
        found = [told for told in self.bodies.get(topic, ()) if told[1]]
        return found[::-1] if newest else found

    def _newest(self, topics: tuple[str, ...], key: str, wanted: str) -> tuple[Moment | None, Mapping[str, Any]]:
        """Return moment and body of the newest event of some topics about one opinion or decision."""
        found = [told for topic in topics for told in self._told(topic) if told[1][key] == wanted]
        return max(found, key=lambda told: told[0].version) if found else (None, {})

    def _facts(self) -> dict[str, s.SheetFact]:
        return {
            fact.name: s.SheetFact(
                name=fact.name,
                value=fact.value,
                source=fact.source,
                confirmed=fact.confirmed,
                disputed=fact.disputed,
                on_behalf=fact.on_behalf,
                changed_version=fact.version,
                said=s.Moment(
                    version=fact.version,
                    recorded_at=fact.recorded_at,
                    happened_on=fact.happened_on,
                    late=is_late(fact.happened_on, fact.recorded_at, self.zone),
                    actor=fact.actor,
                    actor_name=self.names.get(fact.actor, fact.actor),
                ),
            )
            for fact in self.journey.facts.values()
        }

    def _weaknesses(self) -> s.SheetWeaknesses | None:
        told = self._told(WeaknessesAssessed.TOPIC, newest=True)
        if self.journey.weaknesses is None or not told:
            return None
        said, body = told[0]
        return s.SheetWeaknesses(weaknesses=self.journey.weaknesses, source=body["source"], said=said)

    def _opinions(self) -> tuple[s.SheetOpinion, ...]:
        made = (self._opinion(each) for each in self.journey.opinions.values())
        return tuple(each for each in made if each is not None)

    def _opinion(self, one: f.Opinion) -> s.SheetOpinion | None:
        own = ("opinion_id", one.opinion_id)
        answered = (f.OpinionReceived.TOPIC, f.OpinionDeclined.TOPIC, f.OpinionRequested.TOPIC)
        said, body = self._newest(answered, *own)
        if said is None:
            return None
        if one.status == "withdrawn":
            body = {"why": self._newest((f.OpinionWithdrawn.TOPIC,), *own)[1]["reason"]}
        heard, who = one.said, one.reviewer
        return s.SheetOpinion(
            opinion_id=one.opinion_id,
            status=one.status,
            by=who.by,
            role=who.role,
            specialty=who.specialty,
            specialty_name=specialty_name(who.specialty, self.fields),
            related=who.related,
            due_on=one.due_on,
            dated=heard.dated if heard else None,
            grade=heard.champion_grade if heard else None,
            saw_full_file=bool(heard and heard.saw_full_file),
            trusted=heard.trusted if heard else None,
            next_cycle=heard.next_cycle if heard else "",
            advice=heard.advice if heard else "not_said",
            killed=heard.killed if heard else "",
            reasons=heard.reasons if heard else (),
            why=body.get("why", ""),
            version=one.version,
            said=said,
        )

    def _recommendation(self, version: int) -> s.SheetRecommendation | None:
        for said, body in self._told(RecommendationIssued.TOPIC):
            if said.version == version:
                return s.SheetRecommendation(**body, said=said)
        return None

    def _decisions(self) -> tuple[s.SheetDecision, ...]:
        made = (self._decision(each) for each in self.journey.decisions.values())
        return tuple(sorted((each for each in made if each is not None), key=lambda each: -each.said.version))

    def _decision(self, one: d.Decision) -> s.SheetDecision | None:
        own = ("decision_id", one.decision_id)
        said, body = self._newest((d.DecisionRecorded.TOPIC,), *own)
        if said is None:
            return None
        stance_said, stance = self._newest((d.ConcurrenceRecorded.TOPIC, d.DissentRecorded.TOPIC), *own)
        return s.SheetDecision(
            decision_id=one.decision_id,
            kind=one.kind,
            mode=one.mode,
            specialty=one.specialty,
            specialty_name=specialty_name(one.specialty, self.fields) if one.specialty else None,
            relation=one.relation,
            recommendation_version=body["recommendation_version"],
            reason_code=body["reason_code"],
            reason=body["reason"],
            remedies=tuple(d.Remedy(**each) for each in body["remedies"]),
            stance=one.stance,
            stance_text=stance.get("text", ""),
            stance_said=stance_said,
            reversed_reason=one.reversed_reason,
            reversed_said=self._newest((d.DecisionReversed.TOPIC,), *own)[0],
            version=one.version,
            said=said,
        )

    def _overrides(self) -> tuple[s.SheetOverride, ...]:
        return tuple(
            s.SheetOverride(
                decision=each.decision,
                code=each.code,
                text=each.text,
                missing=each.missing,
                disputed=each.disputed,
                said=self.moments[each.version],
            )
            for each in self.journey.overrides.values()
            if each.version in self.moments
        )

    def _ended(self) -> s.SheetPlacement | None:
        last = ended(self.journey)
        return next((one for one in self._placements() if last and one.said.version == last.version), None)

    def _placements(self) -> tuple[s.SheetPlacement, ...]:
        return tuple(
            s.SheetPlacement(**body, specialty_name=specialty_name(body["specialty"], self.fields), said=said)
            for said, body in self._told(PlacementRecorded.TOPIC)
        )
