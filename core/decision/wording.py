"""Why a rule stands as it does, in plain words with the numbers: one sentence a rule, lower case, no full stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.decision.evidence import TOP_GRADE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.decision.evidence import FactValue
    from core.decision.rules import Case, Needed, Verdict
    from core.decision.tree import Outcome

#: How an outcome is said within a sentence.
OUTCOME_WORDS: Final[Mapping[Outcome, str]] = {
    "REAPPLY": "reapply",
    "PIVOT_NOW": "pivot now",
    "CONTESTED": "contested by money",
    "INDETERMINATE": "not yet decidable",
}


def why(case: Case, rule: str, verdict: Verdict) -> str:
    """Return one sentence that a student understands: what the rule turned on."""
    write = _WHY.get(rule)
    if write is not None:
        return write(case, verdict)
    condition = next(one for one in case.conditions if one.id == rule)
    return _condition(condition, case.evidence.facts.get(condition.fact))


def count(number: int, noun: str) -> str:
    """Return a number with its noun in the right form: "1 month", "2 months"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def sentence(said: object) -> str:
    """Return words, or those of an error, as a sentence of their own: a capital first, a full stop last."""
    words = str(said).rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."


def together(parts: list[str]) -> str:
    """Return parts of a sentence as one: "a", "a and b", "a, b and c"."""
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def plain(name: str) -> str:
    """Return the name of a fact as people read it."""
    return _FACT_WORDS.get(name, name.replace("_", " "))


def said(value: FactValue) -> str:
    """Return a value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return str(value).replace("_", " ")


def wanted(condition: Needed) -> str:
    """Return what a pack's condition asks for."""
    low, high = condition.low, condition.high
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"at least {low}"
    return f"at most {high}" if high is not None else said(condition.equals)


def change(case: Case, fact: str, before: FactValue, to: FactValue) -> str:
    """Return one change of a flip as part of a sentence; `fact` is a path of the contract's flips."""
    head, _, tail = fact.partition("/")
    by, _, part = tail.rpartition("/")
    if head == "weaknesses" and isinstance(to, int):
        kind = (case.evidence.weaknesses or ())[int(by)].kind
        return f"the remedy for {_KIND_WORDS.get(kind, kind)} in {count(to, 'month')} instead of {before}"
    if head == "statements" and part == "champion_grade":
        return f"the statement of {by} at grade {to} instead of {before}"
    if head == "statements" and part == "saw_full_file":
        return f"{by} {'having' if to else 'not having'} seen the full file"
    if head == "statements":
        return f"the statement of {by} {'marked' if to else 'not marked'} as trusted"
    return f"{plain(fact)}: {said(to)} instead of {said(before)}"


def _interviews(case: Case, verdict: Verdict) -> str:
    if verdict == "missing" or case.offers is None:
        return f"the number of {case.specialty.short} interview offers is not recorded"
    offers = count(case.offers, f"{case.specialty.short} interview offer")
    return f"{offers}; a handful starts at {case.handful_min}"


def _champion(case: Case, verdict: Verdict) -> str:
    short = case.specialty.short
    if verdict == "missing" or not case.heard:
        trust = " whom the student trusts" if case.specialty.trusted_statements_only else ""
        return f"no {short} program director{trust} has been heard on another try"
    best = max(one.shown_grade for one in case.heard)
    return f"the best grade from {short} program directors is {best} of 5; {case.champion_min} is needed"


def _fix(case: Case, verdict: Verdict) -> str:
    weaknesses = case.evidence.weaknesses
    if weaknesses is None:
        return "the main weaknesses are not assessed yet"
    if not weaknesses:
        return "no main weakness was found"
    limit = case.max_fix_months
    longest = max((one for one in weaknesses if one.months is not None), key=lambda one: one.months or 0, default=None)
    if verdict == "missing" or longest is None:
        kinds = ", ".join(
            dict.fromkeys(_KIND_WORDS.get(one.kind, one.kind) for one in weaknesses if one.months is None)
        )
        return f"how long the remedy takes is not recorded ({kinds}); the limit is {count(limit, 'month')}"
    kind = _KIND_WORDS.get(longest.kind, longest.kind)
    return f"the longest remedy takes {count(longest.months or 0, 'month')} ({kind}); the limit is {limit}"


def _cutoff(case: Case, verdict: Verdict) -> str:
    short = case.specialty.short
    if case.cutoff is None:
        return f"no {short} Step 2 cutoff is loaded, so this can be neither confirmed nor ruled out"
    if case.step2 is None:
        taken = "only COMLEX is recorded" if case.evidence.comlex_only else "Step 2 is not recorded"
        return f"{taken}; the {short} cutoff is a Step 2 of {case.cutoff}"
    if case.step2 >= case.cutoff:
        return f"Step 2 is {case.step2}, not below the {short} cutoff of {case.cutoff}"
    below = (
        f"Step 2 is {case.step2}, {count(case.cutoff - case.step2, 'point')} below the {short} cutoff of {case.cutoff}"
    )
    if not case.far_below:
        return f"{below}; {case.significant_gap} or more would count"
    return below + _FAR_BELOW[verdict]


def _cutoff_exception(case: Case, verdict: Verdict) -> str:
    if verdict == "not_applicable":
        return f"applies only when Step 2 is {count(case.significant_gap, 'point')} or more below a loaded cutoff"
    if verdict == "missing":
        return f"no {case.specialty.short} program director has been heard on another try"
    if verdict == "holds":
        return f"a program director who has seen the full file gives full backing (grade {TOP_GRADE + 1} of 5)"
    return "nobody who has seen the full file gives full backing"


def _money(_: Case, verdict: Verdict) -> str:
    if verdict == "missing":
        return "whether another year is a serious money burden is not recorded"
    return f"another year is {'' if verdict == 'holds' else 'not '}a serious money burden"


def _blank(case: Case, verdict: Verdict) -> str:
    facts = case.evidence.facts
    if verdict == "missing":
        return "the plan for the coming year is not recorded"
    if verdict == "not_applicable":
        return f"the planned year is not blank ({said(facts.get('planned_year'))})"
    reason = said(facts.get("blank_reason") or "no reason recorded")
    if verdict == "fails":
        return f"the planned year is blank, with a reason ({reason}) and a proof that skills are kept up"
    proof = "with" if facts.get("blank_proof") else "without"
    return f"the planned year is blank ({reason}, {proof} a proof that skills are kept up)"


def _condition(condition: Needed, value: FactValue) -> str:
    sentence = condition.sentence.rstrip(". ")
    if value is None:
        return f"{sentence}: not recorded"
    return f"{sentence}: {said(value)} is recorded, {wanted(condition)} is needed"


_WHY: Final[Mapping[str, Callable[[Case, Verdict], str]]] = {
    "REAPPLY.interviews": _interviews,
    "REAPPLY.pd": _champion,
    "REAPPLY.fix": _fix,
    "PIVOT.interviews": _interviews,
    "PIVOT.champion": _champion,
    "PIVOT.cutoff": _cutoff,
    "PIVOT.money": _money,
    "FAQ.cutoff": _cutoff_exception,
    "FAQ.blank": _blank,
}
_FAR_BELOW: Final[Mapping[Verdict, str]] = {
    "holds": ", and no program director who has seen the full file gives full backing",
    "fails": ", but a program director who has seen the full file gives full backing",
    "missing": "; no program director who could back another try all the same has been heard",
}
_KIND_WORDS: Final[Mapping[str, str]] = {"step2": "Step 2"}
_FACT_WORDS: Final[Mapping[str, str]] = {
    "step2": "Step 2",
    "interviews_offered": "interview offers",
    "financial_pressure": "another year a serious money burden",
    "willing_to_move_anywhere": "willing to move anywhere",
    "research_plan_months": "research plan in months",
}
