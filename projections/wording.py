"""What happened, in plain words: a title and a line of detail for every event of a journey.

Each writer gets the event, the journey as it stood before it, and the names of the specialties on that day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.decision.wording import OUTCOME_WORDS, count
from core.journey import assessments as a
from core.journey import contacts as c
from core.journey import decisions as d
from core.journey import feedback as f
from core.journey import hold as h
from core.journey import milestones as m
from core.journey.findings import LEVELS, FindingRecorded
from core.journey.inventory import FACTS, show
from core.journey.journey import DETAILS, MATCH_STATUSES, MATCH_SYSTEMS, DetailsCorrected, Journey
from core.journey.placements import PLACEMENTS, PlacementRecorded
from core.journey.quarters import QuarterRecorded
from core.journey.recommendations import RecommendationIssued
from core.journey.scenarios import KINDS as SCENARIOS
from core.journey.scenarios import ScenarioSaved
from core.journey.time_requests import TimeRequested

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from core.journal.root import Event

    Names = Mapping[str, str]
    Writer = Callable[[Any, Journey, Names], tuple[str, str]]

__all__ = ["WRITERS", "day", "specialty_name", "tell"]

DETAIL_MAX = 300  # characters; the whole text stands on the journey page
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_BEHALF = "the student's word, written down by the team"
_RELATIONS = {
    "agrees": "agrees with the recommendation",
    "differs": "against the recommendation",
    "contested": "on a contested recommendation",
    "not_decidable": "while not yet decidable",
    "own_gate": "",
}
_OUTCOMES: Mapping[str, str] = {str(outcome): words for outcome, words in OUTCOME_WORDS.items()}
_DIMENSIONS = {"step2": "Step 2", "research": "research", "interviews": "interviews"}


def tell(event: Event, journey: Journey, names: Names) -> tuple[str, str]:
    """Return title and detail of an event.

    Args:
        event: of a journey.
        journey: as it stood before the event.
        names: specialty slug → name, and what packs ask → label.
    """
    title, detail = WRITERS[type(event)](event, journey, names)
    return title, detail if len(detail) <= DETAIL_MAX else detail[: DETAIL_MAX - 1].rstrip() + "…"


def day(on: date) -> str:
    """Return a date as people write it: "June 20, 2026"."""
    return f"{_MONTHS[on.month - 1]} {on.day}, {on.year}"


def specialty_name(slug: str, names: Names) -> str:
    """Return the name of a specialty; one that no pack names any more is shown by its slug, in words."""
    return names.get(slug) or slug.replace("-", " ").capitalize()


def _in_sentence(slug: str, names: Names) -> str:
    name = specialty_name(slug, names)
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]  # "ENT" and "PM&R" keep their capitals


def _line(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _word(words: Mapping[str, str], key: str) -> str:
    return words.get(key, key)  # a code of an older program stays readable; no wording may stop the read models


def _lower(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _created(e: Journey.Created, _: Journey, names: Names) -> tuple[str, str]:
    where = f"{_word(MATCH_SYSTEMS, e.match_system)} {e.cycle}"
    return "Journey opened", f"{_word(MATCH_STATUSES, e.match_status)}: {_in_sentence(e.specialty, names)} · {where}"


_DETAIL_WORDS = {
    "email": "address",
    "match_status": "match status",
    "match_day": "Match Day",
    "learned_on": "the day the status was learned",
    "specialty": "dream field",
}


def _details(e: DetailsCorrected, *_: object) -> tuple[str, str]:
    given = [_word(_DETAIL_WORDS, name) for name in DETAILS if getattr(e, name) is not None]
    return "Details corrected", _line(", ".join(given), e.reason)


def _fact(e: a.FactRecorded, journey: Journey, names: Names) -> tuple[str, str]:
    old = journey.facts.get(e.name)
    before = f", before {show(e.name, old.value)}" if old is not None and old.value != e.value else ""
    said = _BEHALF if e.on_behalf else None
    return f"Fact recorded: {_label(e.name, names)}", _line(show(e.name, e.value) + before, f"from {e.source}", said)


def _confirmed(e: a.FactConfirmed, journey: Journey, names: Names) -> tuple[str, str]:
    return f"Fact confirmed: {_label(e.name, names)}", _line(_shown(e.name, journey), _BEHALF if e.on_behalf else None)


def _disputed(e: a.FactDisputed, journey: Journey, names: Names) -> tuple[str, str]:
    said = _BEHALF if e.on_behalf else None
    return f"Fact disputed: {_label(e.name, names)}", _line(_shown(e.name, journey), e.reason, said)


def _corrected(e: a.FactCorrected, journey: Journey, names: Names) -> tuple[str, str]:
    return f"Fact corrected: {_label(e.name, names)}", _line(
        f"{_shown(e.name, journey)} → {show(e.name, e.value)}", e.reason
    )


def _label(name: str, names: Names) -> str:
    return FACTS[name].label if name in FACTS else names.get(name, name)  # one of an older program stays readable


def _shown(name: str, journey: Journey) -> str:
    fact = journey.facts.get(name)
    return show(name, fact.value if fact else None)


def _weaknesses(e: a.WeaknessesAssessed, *_: object) -> tuple[str, str]:
    said = [f"{w.kind}: {'unknown' if w.months is None else count(w.months, 'month')}" for w in e.weaknesses]
    return "Weaknesses assessed", _line(", ".join(said) or "none found", f"from {e.source}")


def _profile(e: a.ProfileClassified, *_: object) -> tuple[str, str]:
    kind, row = e.profile["kind"], e.profile["row"]
    if kind == "indeterminate":
        return "Profile: not yet known", "still reachable: " + ", ".join(e.profile.get("reachable", ()))
    apart = [_word(_DIMENSIONS, name) for name in e.profile.get("dissent", ())]
    return f"Profile: {kind} {row}", "apart from the rest: " + ", ".join(apart) if apart else ""


def _asked(e: f.OpinionRequested, _: Journey, names: Names) -> tuple[str, str]:
    return "Opinion asked for", _line(_reviewer(e.reviewer, names), f"answer agreed by {day(e.due_on)}")


def _received(e: f.OpinionReceived, _: Journey, names: Names) -> tuple[str, str]:
    grade = e.said.champion_grade
    full = grade == max(f.GRADES) and e.said.saw_full_file  # playbook §4: shown as 5
    shown = None if grade is None else f"champion grade {grade + full} of 5"
    return "Opinion recorded", _line(_reviewer(e.reviewer, names), shown)


def _declined(e: f.OpinionDeclined, journey: Journey, names: Names) -> tuple[str, str]:
    return "Opinion declined", _line(_reviewer(journey.opinions[e.opinion_id].reviewer, names), e.why)


def _withdrawn(e: f.OpinionWithdrawn, journey: Journey, names: Names) -> tuple[str, str]:
    return "Opinion withdrawn", _line(_reviewer(journey.opinions[e.opinion_id].reviewer, names), e.reason)


def _trust(e: f.TrustMarked, journey: Journey, names: Names) -> tuple[str, str]:
    title = "Trusted by the student" if e.trusted else "Not trusted by the student"
    return title, _reviewer(journey.opinions[e.opinion_id].reviewer, names)


def _reviewer(who: f.Reviewer, names: Names) -> str:
    return f"{who.by}, {_in_sentence(who.specialty, names)}"


def _recommendation(e: RecommendationIssued, journey: Journey, _: Names) -> tuple[str, str]:
    said = e.result["outcome"]
    before = journey.recommendation["outcome"] if journey.recommendation else None
    if before == said:
        detail = "the outcome is the same, what stands behind it changed"
    else:
        detail = f"replaces “{_word(_OUTCOMES, before)}”" if before else "the first one"
    return f"Recommendation: {_word(_OUTCOMES, said)}", detail


def _gate_passed(e: h.GatePassed, *_: object) -> tuple[str, str]:
    return f"Gate passed: {_lower(_word(h.GATES, e.decision))}", f"all {len(e.known)} needs are recorded"


def _gate_overridden(e: h.GateOverridden, *_: object) -> tuple[str, str]:
    lacking = (("missing", e.missing), ("disputed", e.disputed))
    lacks = [f"{words}: {', '.join(map(h.need_label, names))}" for words, names in lacking if names]
    title = f"Gate overridden: {_lower(_word(h.GATES, e.decision))}"
    return title, _line(_word(h.OVERRIDE_CODES, e.code), e.text, *lacks)


def _decision(e: d.DecisionRecorded, _: Journey, names: Names) -> tuple[str, str]:
    mode = _word(FACTS["planned_year"].choices, e.mode) if e.mode else None
    field = specialty_name(e.specialty, names) if e.specialty else None
    why = _word(d.REASON_CODES, e.reason_code) if e.reason_code else None
    return f"Decision: {_lower(_word(h.GATES, e.kind))}", _line(
        mode, field, _word(_RELATIONS, e.relation), why, e.reason
    )


def _stance(title: str) -> Writer:
    def write(e: d.ConcurrenceRecorded | d.DissentRecorded, journey: Journey, _: Names) -> tuple[str, str]:
        return title, _line(_decided(e.decision_id, journey), e.text)

    return write


def _reversed(e: d.DecisionReversed, journey: Journey, _: Names) -> tuple[str, str]:
    return f"Decision reversed: {_lower(_decided(e.decision_id, journey))}", e.reason


def _decided(decision_id: str, journey: Journey) -> str:
    return _word(h.GATES, journey.decisions[decision_id].kind)


def _planned(e: m.MilestonePlanned, *_: object) -> tuple[str, str]:
    return f"Milestone planned: {e.title}", _line(f"by {day(e.due_on)}", e.source)


def _milestone(word: str, write: Callable[[Any, m.Milestone], str]) -> Writer:
    def written(e: Any, journey: Journey, _: Names) -> tuple[str, str]:
        old = journey.milestones[e.milestone_id]
        return f"Milestone {word}: {old.title}", write(e, old)

    return written


def _rescheduled(e: m.MilestoneRescheduled, journey: Journey, _: Names) -> tuple[str, str]:
    old = journey.milestones[e.milestone_id]
    moved = e.due_on != old.due_on  # else it was reached, missed or given up, and is planned again
    what = f"to {day(e.due_on)}" if moved else f"due {day(e.due_on)}"
    return f"Milestone {'moved' if moved else 'planned again'}: {old.title}", _line(what, e.reason)


def _placement(e: PlacementRecorded, _: Journey, names: Names) -> tuple[str, str]:
    income = None if e.income_usd is None else f"${e.income_usd:,} a year"
    return f"Placement: {_lower(_word(PLACEMENTS, e.kind))}", _line(e.place, specialty_name(e.specialty, names), income)


def _assigned(e: c.AdvisorAssigned, *_: object) -> tuple[str, str]:
    return "Advisor assigned", f"team {e.team}" if e.team else ""  # the advisor's name is joined by the query


def _contact(e: c.ContactLogged, *_: object) -> tuple[str, str]:
    return f"{_word(c.CHANNELS, e.channel)} with the student", e.summary


def _note(e: c.NoteAdded, *_: object) -> tuple[str, str]:
    return "Note shared with the student" if e.visibility == "shared" else "Note for the team", e.body


def _ladder(e: c.LadderChosen, *_: object) -> tuple[str, str]:
    return "Ladder chosen", e.title


def _time(e: TimeRequested, *_: object) -> tuple[str, str]:
    return "The student asked for time", _line(f"until {day(e.until)}", e.reason)


def _finding(e: FindingRecorded, *_: object) -> tuple[str, str]:
    return f"Audit finding: {_lower(_word(LEVELS, e.level))}", e.text


def _scenario(e: ScenarioSaved, *_: object) -> tuple[str, str]:
    return "Scenario saved", _line(e.name, _lower(_word(SCENARIOS, e.kind)))


def _quarter(e: QuarterRecorded, *_: object) -> tuple[str, str]:
    told = (
        None if e.work_rvu is None else f"{e.work_rvu:,} work RVUs",
        None if e.procedures is None else count(e.procedures, "procedure"),
        None if e.satisfaction_pct is None else f"satisfaction {e.satisfaction_pct} %",
    )
    return f"Quarter recorded: {e.quarter}", _line(*told, f"from {e.source}")


WRITERS: dict[type[Event], Writer] = {
    Journey.Created: _created,
    DetailsCorrected: _details,
    a.FactRecorded: _fact,
    a.FactConfirmed: _confirmed,
    a.FactDisputed: _disputed,
    a.FactCorrected: _corrected,
    a.WeaknessesAssessed: _weaknesses,
    a.ProfileClassified: _profile,
    f.OpinionRequested: _asked,
    f.OpinionReceived: _received,
    f.OpinionDeclined: _declined,
    f.OpinionWithdrawn: _withdrawn,
    f.TrustMarked: _trust,
    RecommendationIssued: _recommendation,
    h.GatePassed: _gate_passed,
    h.GateOverridden: _gate_overridden,
    d.DecisionRecorded: _decision,
    d.ConcurrenceRecorded: _stance("Advisor concurs"),
    d.DissentRecorded: _stance("Advisor dissents"),
    d.DecisionReversed: _reversed,
    TimeRequested: _time,
    m.MilestonePlanned: _planned,
    m.MilestoneRescheduled: _rescheduled,
    m.MilestoneCompleted: _milestone("reached", lambda e, _: e.evidence),
    m.MilestoneWaived: _milestone("waived", lambda e, _: e.reason),
    m.MilestoneMissed: _milestone("missed", lambda _, old: f"was due {day(old.due_on)}"),
    PlacementRecorded: _placement,
    c.AdvisorAssigned: _assigned,
    c.ContactLogged: _contact,
    c.NoteAdded: _note,
    c.LadderChosen: _ladder,
    FindingRecorded: _finding,
    ScenarioSaved: _scenario,
    QuarterRecorded: _quarter,
}
