"""Answers: which values of a missing fact would decide, each on its own (`would_decide` of the contract)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, cast

from core.decision import wording
from core.decision.evidence import FACTS, TOP_GRADE, Statement, Weakness
from core.decision.rules import DIRECTORS, read_case, standing, verdicts
from core.decision.tree import decide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from core.decision.evidence import Evidence, FactValue
    from core.decision.playbook import Playbook
    from core.decision.rules import Case
    from core.decision.tree import Decision, Outcome

#: What `_ranges` finds: first and last value (None = without end) and the outcome.
_Range = tuple[int, int | None, "Outcome"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that would decide.

    Attributes:
        fact: the missing fact.
        given: the value nearest the turning point ("if" in the contract): a fact's value; for a statement its grade
            and whether the full file was seen; for weaknesses the list; for weakness_months the months of each.
        outcome: what the rules would then say.
        words: every answer that does the same, in plain words.
    """

    fact: str
    given: Any
    outcome: Outcome
    words: str

    def to_dict(self) -> dict[str, Any]:
        """Return the answer in the shape of the evaluate contract."""
        return {"fact": self.fact, "if": self.given, "outcome": self.outcome, "words": self.words}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Answer:
        """Read back what `to_dict` wrote."""
        return cls(data["fact"], data["if"], cast("Outcome", data["outcome"]), data["words"])


def deciding_answers(case: Case, decision: Decision, playbook: Playbook) -> tuple[Answer, ...]:
    """Return, for each missing fact in order, the answers that alone would decide; none when it is decided already.

    With several facts missing only the answers that give a reason to pivot do.
    """
    if decision.outcome != "INDETERMINATE":
        return ()

    def outcome(evidence: Evidence) -> Outcome:
        changed = read_case(evidence, playbook)
        return decide(changed, verdicts(changed)).outcome

    found: list[Answer] = []
    for name in decision.missing:
        answers = _SPECIAL.get(name)
        found += answers(case, outcome) if answers else _of_fact(case, name, outcome)
    return tuple(answer for answer in found if answer.outcome != "INDETERMINATE")


def _of_fact(case: Case, name: str, outcome: Callable[[Evidence], Outcome]) -> Iterator[Answer]:
    """Yield the answers of a plain fact: each value of a choice, each range of a number."""
    kind = FACTS[name]

    def filled(value: FactValue) -> Outcome:
        return outcome(replace(case.evidence, facts={**case.evidence.facts, name: value}))

    if kind.kind != "number":
        for value in (True, False) if kind.kind == "yes_no" else kind.choices:
            yield Answer(name, value, filled(value), wording.said(value))
        return
    for first, last, result in _ranges(filled, _turns(case, name), kind.low, kind.high):
        words = _range_words(first, last, kind.low, kind.high)
        yield Answer(name, first if first > kind.low or last is None else last, result, words)


def _turns(case: Case, name: str) -> set[int]:
    """Return the numbers at which a rule starts to see a fact differently."""
    turns = {case.handful_min} if name == "interviews_offered" else set()
    if name == "step2" and case.cutoff is not None:
        turns.add(case.cutoff - case.significant_gap + 1)
    for one in case.conditions:
        if one.fact == name:
            turns |= {bound for bound in (one.low, one.equals) if isinstance(bound, int)}
            turns |= {bound + 1 for bound in (one.high, one.equals) if isinstance(bound, int)}
    return turns


def _ranges(outcome: Callable[[int], Outcome], turns: Iterable[int], low: int, high: int | None) -> list[_Range]:
    """Return the ranges of a number that give one outcome each, from low to high."""
    starts = [low, *sorted(turn for turn in turns if turn > low and (high is None or turn <= high))]
    ends: list[int | None] = [after - 1 for _, after in pairwise(starts)]
    ranges: list[_Range] = []
    for start, end in zip(starts, [*ends, high], strict=True):
        result = outcome(start)
        if ranges and ranges[-1][2] == result:
            ranges[-1] = (ranges[-1][0], end, result)
        else:
            ranges.append((start, end, result))
    return ranges


def _range_words(first: int, last: int | None, low: int, high: int | None) -> str:
    if first == low and last == high:
        return "any number"
    if first == low:
        return f"at most {last}"
    return f"at least {first}" if last == high else f"{first} to {last}"


def _of_statement(case: Case, outcome: Callable[[Evidence], Outcome]) -> Iterator[Answer]:
    """Yield what a program director could say, then whose unmarked statement would count if trusted."""
    evidence, trusted_only = case.evidence, case.specialty.trusted_statements_only
    trust = {"trusted": True} if trusted_only else {}

    def given(shown: int) -> dict[str, Any]:
        # Grades as people see them, 0 to 5: the fifth is full backing.
        return {"champion_grade": min(shown, TOP_GRADE), "saw_full_file": shown > TOP_GRADE, **trust}

    def heard(shown: int) -> Outcome:
        one = Statement(by="", specialty=evidence.specialty, role="pd", date=evidence.as_of, **given(shown))
        return outcome(replace(evidence, statements=(*evidence.statements, one)))

    turns = range(1, TOP_GRADE + 2)
    for first, last, result in _ranges(heard, turns, 0, TOP_GRADE + 1):
        words = _range_words(first, last, 0, TOP_GRADE + 1)
        who = f"a program director in {case.specialty.short}" + (" whom the student trusts" if trusted_only else "")
        yield Answer("statement", given(first or last or 0), result, f"{words} of 5 from {who}")
    if trusted_only:
        for unmarked in standing(evidence, DIRECTORS, trusted_only=False):
            if unmarked.trusted is None:
                marked = tuple(replace(one, trusted=True) if one is unmarked else one for one in evidence.statements)
                words = f"the statement of {unmarked.by} marked as trusted"
                result = outcome(replace(evidence, statements=marked))
                yield Answer("statement", {"by": unmarked.by, "trusted": True}, result, words)


def _of_weaknesses(case: Case, outcome: Callable[[Evidence], Outcome]) -> Iterator[Answer]:
    limit = case.max_fix_months
    yield Answer(
        "weaknesses",
        [],
        outcome(replace(case.evidence, weaknesses=())),
        f"none, or each repaired within {wording.count(limit, 'month')}",
    )
    slow = Weakness(kind="other", months=max(limit + 1, 0))
    yield Answer(
        "weaknesses",
        [{"kind": slow.kind, "months": slow.months}],
        outcome(replace(case.evidence, weaknesses=(slow,))),
        f"one that takes at least {slow.months} months",
    )


def _of_months(case: Case, outcome: Callable[[Evidence], Outcome]) -> Iterator[Answer]:
    limit = case.max_fix_months
    for months, words in ((limit, f"at most {limit} for each"), (limit + 1, f"at least {limit + 1} for any")):
        if months >= 0:
            filled = tuple(
                replace(one, months=months) if one.months is None else one for one in case.evidence.weaknesses or ()
            )
            yield Answer("weakness_months", months, outcome(replace(case.evidence, weaknesses=filled)), words)


_SPECIAL: Final[Mapping[str, Callable[[Case, Callable[[Evidence], Outcome]], Iterator[Answer]]]] = {
    "statement": _of_statement,
    "weaknesses": _of_weaknesses,
    "weakness_months": _of_months,
}
