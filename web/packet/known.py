"""What was known of a student, as plain data: for people to read, and as the rules saw it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.journey import feedback
from core.journey.assessments import WeaknessesAssessed
from core.journey.inventory import in_record, show
from projections.sheet import shown_grade
from projections.wording import specialty_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.decision.evidence import Evidence
    from core.journal.root import Event
    from core.journey.fact_kinds import FactKind
    from core.journey.journey import Journey

__all__ = ["evidence_data", "facts_data", "opinions_data", "refs_data", "weaknesses_data"]


def facts_data(journey: Journey, kinds: Mapping[str, FactKind], name: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return every fact in the order of the inventory, what packs asked last, with where it comes from."""
    known = in_record(kinds, journey.facts)
    held = (journey.facts[fact] for fact in known if fact in journey.facts)
    return [
        {
            "name": one.name,
            "label": known[one.name].label,
            "value": list(one.value) if isinstance(one.value, tuple) else one.value,
            "shown": show(one.name, one.value),
            "source": one.source,
            "state": "disputed" if one.disputed else "confirmed" if one.confirmed else "recorded",
            "disputed": one.disputed,
            "students_word": one.on_behalf,
            "event": one.version,
            "at": one.recorded_at.isoformat(),
            "happened_on": one.happened_on.isoformat() if one.happened_on else None,
            "by": name(one.actor),
        }
        for one in held
    ]


def weaknesses_data(journey: Journey, events: list[Event], name: Callable[[str], str]) -> dict[str, Any] | None:
    """Return the main weaknesses as they were assessed last; None when they were not assessed."""
    event = events[journey.weaknesses_version - 1] if journey.weaknesses_version else None
    if journey.weaknesses is None or not isinstance(event, WeaknessesAssessed):
        return None
    return {
        "listed": [{"kind": one.kind, "remedy": one.remedy, "months": one.months} for one in journey.weaknesses],
        "source": event.source,
        "event": event.originator_version,
        "at": event.recorded_at.isoformat(),
        "by": name(event.actor),
    }


def opinions_data(
    journey: Journey, events: list[Event], fields: Mapping[str, str], name: Callable[[str], str]
) -> list[dict[str, Any]]:
    """Return every outside opinion, those asked for included, in the order in which they were begun."""
    counted = [{each.opinion_id for each in kind} for kind in feedback.outside_opinions(journey)]
    return [_opinion(one, events[one.version - 1], counted, fields, name) for one in journey.opinions.values()]


def _opinion(
    one: feedback.Opinion,
    event: Event,
    counted: list[set[str]],
    fields: Mapping[str, str],
    name: Callable[[str], str],
) -> dict[str, Any]:
    dream, related = (one.opinion_id in each for each in counted)
    said = one.said
    grade = said.champion_grade if said else None
    heard = said and {
        "dated": said.dated.isoformat(),
        "champion_grade": grade,
        "shown_grade": shown_grade(grade, saw_full_file=said.saw_full_file),
        "grade_words": feedback.GRADES.get(grade) if grade is not None else None,
        "saw_full_file": said.saw_full_file,
        "trusted": said.trusted,
        "next_cycle": said.next_cycle,
        "advice": feedback.ADVICE.get(said.advice, said.advice),
        "killed": said.killed,
        "reasons": [feedback.REASONS.get(each, each) for each in said.reasons],
    }
    return {
        "from": one.reviewer.by,
        "role": feedback.ROLES.get(one.reviewer.role, one.reviewer.role),
        "specialty_name": specialty_name(one.reviewer.specialty, fields),
        "counts_as": "dream field" if dream else "related field" if related else None,
        "status": one.status,
        "said": heard,
        "event": one.version,
        "at": event.recorded_at.isoformat(),
        "by": name(event.actor),
    }


def evidence_data(seen: Evidence) -> dict[str, Any]:
    """Return evidence as the evaluate contract has it."""
    return {
        "specialty": seen.specialty,
        "as_of": seen.as_of.isoformat(),
        "facts": {name: list(value) if isinstance(value, tuple) else value for name, value in seen.facts.items()},
        "weaknesses": None
        if seen.weaknesses is None
        else [{"kind": one.kind, "remedy": one.remedy, "months": one.months} for one in seen.weaknesses],
        "statements": [
            {
                "by": one.by,
                "specialty": one.specialty,
                "role": one.role,
                "champion_grade": one.champion_grade,
                "saw_full_file": one.saw_full_file,
                "trusted": one.trusted,
                "date": one.date.isoformat(),
                "withdrawn": one.withdrawn,
            }
            for one in seen.statements
        ],
    }


def refs_data(seen: Evidence) -> dict[str, Any]:
    """Return the events that hold the evidence: facts by name, statements in their order."""
    return {"facts": dict(seen.refs), "statements": [one.ref for one in seen.statements]}
