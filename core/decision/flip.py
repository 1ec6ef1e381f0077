"""Flips: the smallest sets of changes to known facts that give another outcome (DESIGN §5).

Whatever can change is a choice with a few options: each person's statement, each weakness, each fact. An option raises
flags that say all the rule wants to know of it, so a whole set of changes is judged by the flags it raises together.
The search keeps the cheapest ways to every set of flags, choice after choice; it never tries whole combinations.

A path `statements/<by>/…` names a person, so it means the one statement of theirs that counts. Where only trusted
statements count and none of theirs does, it means their newest. The mark of trust is offered as a change only where
that is one statement beyond doubt. Filling a missing fact is no flip: see `answers`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from core.decision import wording
from core.decision.evidence import FACTS, TOP_GRADE
from core.decision.rules import DIRECTORS, standing
from core.decision.tree import OUTCOMES, outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.decision.evidence import FactValue, Statement
    from core.decision.rules import Case
    from core.decision.tree import Decision, Outcome

#: At most so many flips for each outcome. Source: DESIGN §5.
MOST_PER_OUTCOME: Final = 5

_HARD, _HEARD, _CHAMPION, _BACKED, _MONEY = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class Change:
    """One fact with another value.

    Attributes:
        fact: a key of facts, statements/<by>/champion_grade, …/saw_full_file, …/trusted, or weaknesses/<index>/months.
        before: the value now ("from" in the contract).
        to: the other value.
    """

    fact: str
    before: FactValue
    to: FactValue


@dataclass(frozen=True, slots=True)
class Flip:
    """A smallest set of changes that gives another outcome, and the same in plain words."""

    changes: tuple[Change, ...]
    outcome: Outcome
    words: str

    def to_dict(self) -> dict[str, Any]:
        """Return the flip in the shape of the evaluate contract."""
        changes = [{"fact": one.fact, "from": one.before, "to": one.to} for one in self.changes]
        return {"changes": changes, "outcome": self.outcome, "words": self.words}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Flip:
        """Read back what `to_dict` wrote."""
        changes = tuple(Change(one["fact"], one["from"], one["to"]) for one in data["changes"])
        return cls(changes, cast("Outcome", data["outcome"]), data["words"])


@dataclass(frozen=True, slots=True)
class _Way:
    """Changes, how far they move the values in all, and the flags that they raise together."""

    flags: int
    changes: tuple[Change, ...] = ()
    distance: int = 0


def smallest_flips(case: Case, decision: Decision) -> tuple[Flip, ...]:
    """Return for each other outcome the sets of fewest changes, the nearest values first, at most five.

    Of several values that do the same to one fact only the nearest is given.
    """
    if _beyond_change(case):
        return ()
    missing = any(name != "statement" for name in decision.missing)
    choices = [*_statements(case), *_weaknesses(case), *_facts(case)]
    facts = (change.fact for options in choices for way in options for change in way.changes)
    order = {fact: place for place, fact in enumerate(dict.fromkeys(facts))}
    table = _cheapest(choices, order)
    flips: list[Flip] = []
    for outcome in OUTCOMES:
        if outcome == decision.outcome:
            continue
        ways = [way for held in table.values() for way in held if _outcome(case, way.flags, missing=missing) == outcome]
        for way in _nearest(ways, order):
            said = [wording.change(case, one.fact, one.before, one.to) for one in way.changes]
            words = f"with {wording.together(said)}, the result would be: {wording.OUTCOME_WORDS[outcome]}"
            flips.append(Flip(way.changes, outcome, words))
    return tuple(flips)


def _beyond_change(case: Case) -> bool:
    """Return whether a reason to pivot stands on a fact that cannot change any more."""
    if case.offers is not None and case.offers < case.handful_min:
        return True
    facts = case.evidence.facts
    return any(
        facts.get(one.fact) is not None and not FACTS[one.fact].can_change and not one.met_by(facts[one.fact])
        for one in case.conditions
    )


def _outcome(case: Case, flags: int, *, missing: bool) -> Outcome:
    """Return the outcome of a set of flags: playbook §4, steps 1 to 3, as `tree.decide` says it of verdicts."""
    heard = bool(flags & _HEARD)
    unbacked = bool(case.far_below) and not flags & _BACKED
    hard = bool(flags & _HARD) or (heard and (not flags & _CHAMPION or unbacked))
    return outcome_of(hard=hard, missing=missing or not heard, money=bool(flags & _MONEY))


def _cheapest(choices: Iterable[Sequence[_Way]], order: Mapping[str, int]) -> dict[int, list[_Way]]:
    """Return the cheapest ways to every set of flags, when exactly one option of each choice is taken."""
    table = {0: [_Way(0)]}
    for options in choices:
        grown: dict[int, list[_Way]] = {}
        for flags, ways in table.items():
            for option in options:
                both, cost = flags | option.flags, len(ways[0].changes) + len(option.changes)
                held = grown.setdefault(both, [])
                if held and len(held[0].changes) < cost:
                    continue
                if held and len(held[0].changes) > cost:
                    held.clear()
                held += [_Way(both, way.changes + option.changes, way.distance + option.distance) for way in ways]
        table = {flags: _nearest(ways, order) for flags, ways in grown.items()}
    return table


def _nearest(ways: list[_Way], order: Mapping[str, int]) -> list[_Way]:
    """Return the ways of fewest changes, nearest first and then in order, each set of facts once, at most five."""
    if len(ways) < 2:  # noqa: PLR2004 - one way needs no choosing
        return ways

    def rank(way: _Way) -> tuple[int, list[int]]:
        return way.distance, [order[one.fact] for one in way.changes]

    fewest = min(len(way.changes) for way in ways)
    chosen: dict[tuple[str, ...], _Way] = {}
    for way in sorted((way for way in ways if len(way.changes) == fewest), key=rank):
        chosen.setdefault(tuple(one.fact for one in way.changes), way)
    return list(chosen.values())[:MOST_PER_OUTCOME]


def _statements(case: Case) -> list[list[_Way]]:
    """Return a choice for each person whose statement counts, or would if trusted."""
    evidence, trusted_only = case.evidence, case.specialty.trusted_statements_only
    counting = {said.by: said for said in case.heard}
    heard = {id(said) for said in case.heard}
    others = tuple(said for said in evidence.statements if id(said) not in heard)
    behind = standing(replace(evidence, statements=others), DIRECTORS, trusted_only=True)
    twice_trusted = {said.by for said in behind}
    choices: list[list[_Way]] = []
    for last in standing(evidence, DIRECTORS, trusted_only=False):
        path, held = f"statements/{last.by}/", counting.get(last.by)
        if held is not None:
            options = _grades(case, held, path)
            if trusted_only and last.by not in twice_trusted:
                options.append(_Way(0, (Change(f"{path}trusted", before=True, to=False),), 1))
            choices.append(options)
        elif last.trusted is False:
            mark = Change(f"{path}trusted", before=False, to=True)
            marked = [_Way(way.flags, (mark, *way.changes), way.distance + 1) for way in _grades(case, last, path)]
            choices.append([_Way(0), *marked])
    return choices


def _grades(case: Case, said: Statement, path: str) -> list[_Way]:
    """Return what a counting statement can become: the nearest grade of each kind, with the file seen or not."""
    own, seen = said.champion_grade, said.saw_full_file

    def kind(grade: int) -> tuple[bool, bool]:
        return grade >= case.champion_min, grade == TOP_GRADE

    nearest = {kind(own): own}
    for grade in sorted(range(TOP_GRADE + 1), key=lambda grade: abs(grade - own)):
        nearest.setdefault(kind(grade), grade)
    options: list[_Way] = []
    for grade in nearest.values():
        for full in (seen, not seen) if case.far_below else (seen,):
            changes: tuple[Change, ...] = ()
            if grade != own:
                changes += (Change(f"{path}champion_grade", own, grade),)
            if full != seen:
                changes += (Change(f"{path}saw_full_file", seen, full),)
            flags = _HEARD | (_CHAMPION if grade >= case.champion_min else 0)
            flags |= _BACKED if full and grade == TOP_GRADE else 0
            options.append(_Way(flags, changes, abs(grade - own) + (full != seen)))
    return options


def _weaknesses(case: Case) -> list[list[_Way]]:
    """Return a choice for each weakness whose months are known: in time or too long."""
    limit, choices = case.max_fix_months, []
    for index, weakness in enumerate(case.evidence.weaknesses or ()):
        months = weakness.months
        if months is None:
            continue
        options = [_Way(_HARD if months > limit else 0)]
        other = limit if months > limit else limit + 1
        if other >= 0:
            change = Change(f"weaknesses/{index}/months", months, other)
            options.append(_Way(_HARD if other > limit else 0, (change,), abs(other - months)))
        choices.append(options)
    return choices


def _facts(case: Case) -> list[list[_Way]]:
    """Return a choice for each known fact that money or a pack's condition turns on and that can still change."""
    names = dict.fromkeys(("financial_pressure", *(one.fact for one in case.conditions)))
    facts = case.evidence.facts
    choices: list[list[_Way]] = []
    for name in names:
        own = facts.get(name)
        if own is None or not FACTS[name].can_change:
            continue
        options = {_fact_flags(case, name, own): _Way(_fact_flags(case, name, own))}
        for value in sorted(_candidates(case, name), key=lambda value: (_distance(own, value), str(value))):
            flags = _fact_flags(case, name, value)
            options.setdefault(flags, _Way(flags, (Change(name, own, value),), _distance(own, value)))
        choices.append(list(options.values()))
    return choices


def _fact_flags(case: Case, name: str, value: FactValue) -> int:
    hard = any(one.fact == name and not one.met_by(value) for one in case.conditions)
    return (_HARD if hard else 0) | (_MONEY if name == "financial_pressure" and value is True else 0)


def _candidates(case: Case, name: str) -> list[FactValue]:
    """Return the values of a fact beside which a condition turns."""
    kind = FACTS[name]
    if kind.kind == "yes_no":
        return [False, True]
    if kind.kind == "choice":
        return list(kind.choices)
    bounds = [
        bound
        for one in case.conditions
        if one.fact == name
        for bound in (one.low, one.high, one.equals)
        if isinstance(bound, int)
    ]
    near = {value for bound in bounds for value in (bound - 1, bound, bound + 1)}
    return [value for value in near if kind.low <= value and (kind.high is None or value <= kind.high)]


def _distance(own: FactValue, value: FactValue) -> int:
    if isinstance(own, int) and isinstance(value, int):
        return abs(own - value)
    return int(own != value)
