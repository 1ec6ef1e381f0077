"""The pictures of a journey: its events and plans on one rail, and the walk through the decision tree."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from core.decision.tree import NODES
from core.journey.hold import GATES
from core.journey.placements import PLACEMENTS
from core.plan.windows import add_months
from web.journey.words import OUTCOMES, lowered, rule_sentence, weekday
from web.pictures.timeline import TimelineEvent, TimelinePicture, TimelineWindow, timeline
from web.pictures.tree import TreePicture, TreeStep, decision_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from markupsafe import Markup

    from projections.sheet import Moment, SheetRecommendation
    from web.journey.record import Record
    from web.pictures.tree import Answer, Outcome

__all__ = ["timeline_events", "timeline_picture", "tree_of", "tree_picture"]

#: Each node after the start, as the dream field asks it. Source: playbook §4, TREE.
_QUESTIONS: Final = {
    "TREE.interviews": "Any {field} interview offers?",
    "TREE.pd": "Does a program director in {field} say reapply?",
    "TREE.fixable": "Main weaknesses fixable in time?",
}
_ANSWERS: Final = {"holds": "yes", "fails": "no", "missing": "missing"}
_WEEK: Final = timedelta(days=6)


def tree_picture(record: Record, said: SheetRecommendation) -> Markup:
    """Draw the walk through the tree, with the fact that each node turned on."""
    conditions = {one.id: one.sentence for one in record.specialty.conditions} if record.specialty else {}
    sentences = {rule["id"]: rule_sentence(rule["id"], record.field, conditions) for rule in said.result["rules"]}
    started = weekday(record.sheet.learned_on, record.today)
    return decision_tree(tree_of(said.result, record.field, started, sentences))


def tree_of(result: Mapping[str, Any], field: str, started: str, sentences: Mapping[str, str]) -> TreePicture:
    """Return the walk through the tree.

    Args:
        result: a recommendation in the shape of the evaluate contract.
        field: the dream field within a sentence.
        started: the day on which the student learned it, in words.
        sentences: each rule of the result as a sentence.
    """
    rules = {rule["id"]: rule for rule in result["rules"]}
    steps = tuple(
        TreeStep(
            question=_QUESTIONS[node].format(field=field),
            answer=cast("Answer", _ANSWERS[rules[rule]["verdict"]] if node in result["path"] else "not_reached"),
            fact=_short(field, rules[rule]["why"]) if node in result["path"] else "",
        )
        for node, rule in NODES
    )
    return TreePicture(
        prefix="tree",
        outcome=cast("Outcome", result["outcome"]),
        steps=steps,
        start_fact=started,
        beside=_beside(result, rules, sentences),
    )


def _short(field: str, why: str) -> str:
    """Return what a node turned on, short enough for its box."""
    return why.replace(f"the best grade from {field} program directors is", "best grade")


def _beside(
    result: Mapping[str, Any], rules: Mapping[str, Any], sentences: Mapping[str, str]
) -> tuple[str, str] | None:
    """Return the rule that decided for a pivot although the path does not show it."""
    last = result["path"][-1]
    ends_with_no = next((rules[rule]["verdict"] == "fails" for node, rule in NODES if node == last), False)
    if result["outcome"] != "PIVOT_NOW" or ends_with_no:
        return None
    first = result["decided_by"][0]
    return sentences[first], rules[first]["why"]


def timeline_picture(record: Record) -> Markup:
    """Draw what happened and what is planned on one rail."""
    sheet = record.sheet
    windows = [TimelineWindow(start=sheet.learned_on, end=sheet.learned_on + _WEEK, label="week 1")]
    for months in (3, 6, 12):
        end = add_months(sheet.match_day, months)
        windows.append(TimelineWindow(start=end - _WEEK, end=end, label=f"month {months} closes"))
    picture = TimelinePicture(
        prefix="rail",
        today=record.today,
        now="then" if record.then else "today",
        events=tuple(timeline_events(record)),
        windows=tuple(windows),
        title=f"The journey of {sheet.name}",
        reading="Windows are from the playbook, counted from Match Day and from the day the status was learned.",
    )
    return timeline(picture)


def timeline_events(record: Record) -> Iterator[TimelineEvent]:
    """Yield what stands on the rail; the weightier, the longer its label stays where it is crowded."""
    sheet = record.sheet
    yield TimelineEvent(on=sheet.learned_on, label="Did not match", weight=9)
    yield from _facts(record)
    for one in sheet.opinions:
        if one.status in ("received", "declined") and one.dated:
            yield _event(record, one.said, f"Opinion: {one.by}", 5, on=one.dated)
    for decision in sheet.decisions:
        yield _event(record, decision.said, f"Decision: {lowered(GATES[decision.kind])}", 8)
    for placement in sheet.placements:
        yield _event(record, placement.said, PLACEMENTS[placement.kind], 7, detail=placement.place)
    if sheet.recommendation:
        yield _event(record, sheet.recommendation.said, f"Rules: {OUTCOMES[sheet.recommendation.outcome]}", 4)
    if sheet.ladder:
        yield _event(record, sheet.ladder.said, "Ladder chosen", 4, detail=sheet.ladder.title)
    for milestone in sheet.milestones:
        if milestone.status in ("planned", "missed"):
            over = milestone.status == "missed" or (milestone.due_on < record.today and not sheet.ended)
            yield TimelineEvent(
                on=milestone.due_on, label=milestone.title, kind="missed" if over else "planned", weight=3
            )


def _facts(record: Record) -> Iterator[TimelineEvent]:
    """Yield the facts: those recorded late one by one, the others counted for each day."""
    days: Counter[date] = Counter()
    for fact in record.sheet.facts.values():
        if fact.said.late and fact.said.happened_on:
            yield _event(record, fact.said, f"Late: {lowered(record.kinds[fact.name].label)}", 3)
        else:
            days[_recorded(record, fact.said)] += 1
    for on, number in days.items():
        yield TimelineEvent(on=on, label=f"{number} fact{'s' if number > 1 else ''} recorded", weight=2)


def _event(
    record: Record, said: Moment, label: str, weight: int, *, on: date | None = None, detail: str = ""
) -> TimelineEvent:
    recorded = _recorded(record, said)
    happened = on or said.happened_on or recorded
    told = f"by {said.actor_name}"
    return TimelineEvent(
        on=happened,
        label=label,
        kind="late" if said.late else "recorded",
        weight=weight,
        detail=f"{detail} · {told}" if detail else told,
        recorded_on=recorded if recorded != happened else None,
    )


def _recorded(record: Record, said: Moment) -> date:
    return said.recorded_at.astimezone(record.zone).date()
