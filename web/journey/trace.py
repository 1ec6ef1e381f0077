"""A stored recommendation as the decision page shows it: each rule with what it turned on, and what moved it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from core.decision.tree import literal_outcome
from core.journey.assessments import ProfileClassified
from core.journey.inventory import show
from core.journey.recommendations import RecommendationIssued
from web.journey.words import OUTCOMES, rule_sentence, since, weekday

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from projections.sheet import JourneySheet, SheetFact, SheetRecommendation
    from projections.timeline import Entry
    from web.journey.record import Record

__all__ = [
    "Behind",
    "Move",
    "Reading",
    "RuleGroup",
    "RuleRow",
    "Turn",
    "caused",
    "last_turn",
    "moved",
    "outcomes",
    "readings",
    "refs_of",
    "rule_groups",
    "tally",
]

#: How rules stand, in the words of a sentence that counts them.
_STANDS: Final = {
    "holds": ("holds", "hold"),
    "fails": ("does not hold", "do not hold"),
    "missing": ("waits for a fact", "wait for a fact"),
    "cannot_evaluate": ("cannot be evaluated", "cannot be evaluated"),
    "not_applicable": ("does not apply", "do not apply"),
}

#: The groups of rules, by the ids that they hold; a pack's own conditions have their own group. Source: playbook §4.
_GROUPS: Final = (
    ("Pivot now if any of these holds", ("PIVOT.interviews", "PIVOT.champion", "PIVOT.cutoff")),
    ("Reapply only if all of these hold", ("REAPPLY.interviews", "REAPPLY.pd", "REAPPLY.fix")),
    ("Weighed, never automatic", ("PIVOT.money",)),
    ("Exceptions and advice", ("FAQ.cutoff", "FAQ.blank")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One event behind a rule: what it says, and its source and age."""

    what: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule of the trace.

    Args:
        id: of the playbook.
        sentence: the rule; its verdict says whether that is true.
        verdict: holds, fails, missing, cannot_evaluate or not_applicable.
        why: what it turned on, with the numbers.
        decisive: it decided the result.
        behind: the events that hold its facts.
    """

    id: str
    sentence: str
    verdict: str
    why: str
    decisive: bool
    behind: tuple[Behind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroup:
    """Rules under one heading."""

    heading: str
    rows: tuple[RuleRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What moved the recommendation from the one before it.

    Args:
        before, after: outcomes, in words; the same where only what stands behind it changed.
        cause: the event that moved it, in words, with who and when; None where it is not known.
        rules: rule, what it said before, what it says now.
    """

    before: str
    after: str
    cause: Behind | None
    rules: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The last time that the outcome changed: the recommendation that brought it, the outcome before it and after."""

    version: int
    before: str
    after: str
    on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read the source where its own words disagree, and the outcome that it gives."""

    name: str
    says: str
    outcome: str
    in_force: bool


def readings(said: SheetRecommendation) -> tuple[Reading, ...]:
    """Return both readings of the first question of the tree where they part: some offers, and less than a handful.

    Source: playbook §4, TREE.interviews and warning `literal-any`.
    """
    literal = literal_outcome(said.result)
    if literal is None:
        return ()
    offers = next(rule["why"] for rule in said.result["rules"] if rule["id"] == "PIVOT.interviews")
    same = "the same result, by another rule" if literal == said.outcome else "the walk would go on"
    return (
        Reading(name="At least a handful", says=f"{offers}:", outcome=said.outcome, in_force=True),
        Reading(name="Any interview offer, word for word", says=f"{same}:", outcome=literal, in_force=False),
    )


def tally(said: SheetRecommendation) -> str:
    """Return how many rules stand how: "3 hold, 4 do not hold, 1 cannot be evaluated"."""
    found = Counter(rule["verdict"] for rule in said.result["rules"])
    counted = ((found[verdict], words) for verdict, words in _STANDS.items() if found[verdict])
    return ", ".join(f"{number} {words[number > 1]}" for number, words in counted)


def rule_groups(record: Record, said: SheetRecommendation, entries: Mapping[int, Entry]) -> tuple[RuleGroup, ...]:
    """Return every rule of a recommendation in its group.

    Args:
        record: the journey.
        said: the recommendation.
        entries: the events behind its rules, by version.
    """
    conditions = _conditions(record)
    rows = {rule["id"]: _row(record, said, rule, entries, conditions) for rule in said.result["rules"]}
    named = [name for _, names in _GROUPS for name in names]
    own = tuple(row for rule, row in rows.items() if rule not in named)
    groups = [RuleGroup(heading=head, rows=tuple(rows[n] for n in names if n in rows)) for head, names in _GROUPS]
    if own:
        groups.insert(2, RuleGroup(heading=f"Conditions of {record.dream}: all must hold", rows=own))
    return tuple(group for group in groups if group.rows)


def refs_of(said: SheetRecommendation) -> set[int]:
    """Return the versions of the events behind a recommendation, and of the two just before it."""
    return _behind_rules(said) | {said.said.version - 1, said.said.version - 2}


def _behind_rules(said: SheetRecommendation) -> set[int]:
    return {ref for rule in said.result["rules"] for ref in rule.get("refs", ())}


def moved(record: Record, entries: Mapping[int, Entry]) -> Move | None:
    """Return what moved the recommendation in force from the one before it; None when it is the first."""
    now, before = record.sheet.recommendation, record.sheet.previous
    if now is None or before is None:
        return None
    conditions = _conditions(record)
    was = {rule["id"]: rule for rule in before.result["rules"]}
    changed = tuple(
        (
            rule_sentence(rule["id"], record.field, conditions),
            was[rule["id"]]["why"] if rule["id"] in was else "not asked",
            rule["why"],
        )
        for rule in now.result["rules"]
        if rule["id"] not in was
        or (rule["verdict"], rule["why"]) != (was[rule["id"]]["verdict"], was[rule["id"]]["why"])
    )
    return Move(
        before=OUTCOMES[before.outcome], after=OUTCOMES[now.outcome], cause=_cause(record, now, entries), rules=changed
    )


def outcomes(entries: Iterable[Entry]) -> dict[int, str]:
    """Return the outcome of each recommendation in words, by its version, the oldest first."""
    return {
        one.version: one.title.partition(": ")[2]
        for one in entries
        if one.topic == RecommendationIssued.TOPIC and not one.erased
    }


def last_turn(record: Record, entries: Iterable[Entry]) -> Turn | None:
    """Return when the outcome changed last; None while it never did."""
    entries = tuple(entries)
    told = list(outcomes(entries).items())
    for (_, before), (version, after) in reversed(list(pairwise(told))):
        if before != after:
            at = next(one.recorded_at for one in entries if one.version == version)
            return Turn(version=version, before=before, after=after, on=record.moment(at))
    return None


def caused(record: Record, version: int, entries: Mapping[int, Entry]) -> Behind | None:
    """Return the event just before a recommendation, which moved it; a profile is made of it and moves nothing."""
    for place in (version, version - 1, version - 2):
        entry = entries.get(place)
        if entry is not None and entry.topic not in (ProfileClassified.TOPIC, RecommendationIssued.TOPIC):
            told = f"{entry.title}: {entry.detail}" if entry.detail else entry.title
            return Behind(what=told, source=_who(record, entry))
    return None


def _cause(record: Record, now: SheetRecommendation, entries: Mapping[int, Entry]) -> Behind | None:
    """Return the event that moved it: the newest that no rule turned on before, else the one just before it."""
    before = record.sheet.previous
    news = _behind_rules(now) - (_behind_rules(before) if before else set())
    newest = max(news, default=0)
    return caused(record, newest, {newest: entries[newest]} if newest in entries else {}) or caused(
        record, now.said.version, entries
    )


def _row(
    record: Record,
    said: SheetRecommendation,
    rule: Mapping[str, Any],
    entries: Mapping[int, Entry],
    conditions: Mapping[str, str],
) -> RuleRow:
    return RuleRow(
        id=rule["id"],
        sentence=rule_sentence(rule["id"], record.field, conditions),
        verdict=rule["verdict"],
        why=rule["why"],
        decisive=rule["id"] in said.result["decided_by"],
        behind=tuple(
            behind for ref in rule.get("refs", ()) if (behind := _behind(record, ref, entries.get(ref))) is not None
        ),
    )


def _behind(record: Record, ref: int, entry: Entry | None) -> Behind | None:
    held = _fact_at(record.sheet, ref)
    if held is not None:
        mark = ", disputed" if held.disputed else ", confirmed" if held.confirmed else ""
        source = f"{held.source}{mark} · {_dated(record.date_of(held.said), record.today)}"
        return Behind(what=f"{record.kinds[held.name].label}: {show(held.name, held.value)}", source=source)
    if entry is None:
        return None
    return Behind(what=entry.detail or entry.title, source=_who(record, entry))


def _fact_at(sheet: JourneySheet, ref: int) -> SheetFact | None:
    return next((one for one in sheet.facts.values() if ref in (one.said.version, one.changed_version)), None)


def _who(record: Record, entry: Entry) -> str:
    on = entry.happened_on or entry.recorded_at.astimezone(record.zone).date()
    return f"by {entry.actor_name} · {_dated(on, record.today)}"


def _dated(on: date, today: date) -> str:
    return f"{weekday(on, today)} · {since(on, today)}"


def _conditions(record: Record) -> dict[str, str]:
    return {one.id: one.sentence for one in record.specialty.conditions} if record.specialty else {}
