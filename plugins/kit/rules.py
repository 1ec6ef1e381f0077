"""What is wrong with the rules that a pack brings: parameters out of range, and conditions that never decide.

The conditions of a specialty all have to be met, so two of them about one fact either overlap, or one of them never
decides, or nothing meets both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from math import inf
from typing import TYPE_CHECKING, Any, Final

from core.decision.evidence import FACTS
from core.decision.playbook import DEFAULTS
from core.values import protected
from plugins.kit.findings import Fault, not_allowed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plugins.kit.lines import Path

#: Words that ask for a protected attribute in a rule, beyond those that no question of a pack may hold anywhere.
_FURTHER: Final = {
    "sex": re.compile(r"\b(female|male|women|woman|men|man)\b", re.IGNORECASE),
    "age": re.compile(r"\b(older|younger|how old|years old)\b", re.IGNORECASE),
    "ethnicity": re.compile(r"\b(hispanic|latin[oax]s?)\b", re.IGNORECASE),
    "national origin": re.compile(r"\b(immigra\w*|foreign\w*|native\w*|citizens?)\b", re.IGNORECASE),
    "disability": re.compile(r"\b(illness|sick)\b", re.IGNORECASE),
}
_NEVER: Final = "rules about work, scores, plans and statements; never a protected attribute"
#: The reasons for a blank year tell of illness, family and immigration; only FAQ.blank, a warning, may look at them.
_TELLING: Final = ("blank_reason", "blank_proof")


@dataclass(frozen=True, slots=True)
class _Span:
    """The numbers that meet a condition, and where it stands."""

    path: Path
    id: str
    low: float
    high: float

    def holds(self, other: _Span) -> bool:
        return self.low <= other.low and other.high <= self.high

    def __str__(self) -> str:
        if self.high == inf:
            return f"{self.low:g} and more"
        return f"{self.high:g} and less" if self.low == -inf else f"{self.low:g} to {self.high:g}"


def rule_faults(specialty: Mapping[str, Any], paths: Mapping[str, Path]) -> Iterator[Fault]:
    """Find what is wrong with the rules of a specialty.

    Args:
        specialty: as the author wrote it, with what all specialties of the pack share; it may be faulty.
        paths: where each of its keys was written.
    """
    values = _values(specialty)
    yield from _protected(specialty, paths)
    yield from _parameters(specialty, paths, values)
    conditions = [(number, one) for number, one in _rows(specialty, "conditions") if str(one.get("fact")) in FACTS]
    spans = [_span((*paths["conditions"], number), one, values) for number, one in conditions]
    whole = [span for span in spans if span]
    for span, (_, condition) in zip(spans, conditions, strict=True):
        if span:
            yield from _alone(span, condition["fact"], values)
    for number, one in conditions:
        yield from _against_the_engine((*paths["conditions"], number), one)
    facts = {span.path: one["fact"] for span, (_, one) in zip(spans, conditions, strict=True) if span}
    for first, second in combinations(whole, 2):
        if facts[first.path] == facts[second.path]:
            yield _together(first, second)
    yield from _equal_twice(paths, conditions)


def _rows(table: Mapping[str, Any], key: str) -> list[tuple[int, Mapping[str, Any]]]:
    rows = table.get(key)
    return [(number, row) for number, row in enumerate(rows if isinstance(rows, list) else []) if isinstance(row, dict)]


def _values(specialty: Mapping[str, Any]) -> dict[str, int]:
    """Return every parameter as it holds for the specialty where the institution sets nothing else."""
    own = specialty.get("parameters")
    own = own if isinstance(own, dict) else {}
    return {
        name: own[name] if type(own.get(name)) is int else parameter.default for name, parameter in DEFAULTS.items()
    }


def _protected(specialty: Mapping[str, Any], paths: Mapping[str, Path]) -> Iterator[Fault]:
    """Refuse a condition or question that asks what a person is, by its fact or in its words."""
    for section, keys in (("conditions", ("fact", "id", "sentence")), ("questions", ("fact", "id", "ask"))):
        for number, row in _rows(specialty, section):
            path = (*paths[section], number)
            if row.get("fact") in _TELLING:
                wrong = f"{row['fact']} tells of illness, family and immigration, and is a rule input here"
                yield Fault(path=(*path, "fact"), wrong=wrong, allowed=_NEVER)
            for key in keys:
                text = str(row.get(key, "")).replace("_", " ")
                what = protected(text) or next((one for one, words in _FURTHER.items() if words.search(text)), None)
                if what:
                    wrong = f"the protected attribute {what} is a rule input"
                    yield Fault(path=(*path, key), wrong=wrong, allowed=_NEVER)


def _parameters(specialty: Mapping[str, Any], paths: Mapping[str, Path], values: Mapping[str, int]) -> Iterator[Fault]:
    own = specialty.get("parameters")
    if not isinstance(own, dict) or not own:
        return
    at = paths["parameters"]
    for name, value in own.items():
        known = DEFAULTS.get(name)
        if known and type(value) is int and not known.low <= value <= known.high:
            yield not_allowed((*at, name), value, f"a whole number from {known.low} to {known.high}")
    if {"thin_max", "handful_min"} & set(own) and values["thin_max"] < values["handful_min"]:
        yield _band(at, own, values, ("handful_min", "thin_max"))
    if "plan_months_max" in own or "plan_months_min" in own:
        if values["plan_months_max"] < values["plan_months_min"]:
            yield _band(at, own, values, ("plan_months_min", "plan_months_max"))
        used = {str(one.get(bound)) for _, one in _rows(specialty, "conditions") for bound in ("min", "max")}
        for name in sorted({"plan_months_max", "plan_months_min"} & set(own) - used):
            yield Fault(
                path=(*at, name), wrong=f"{name} decides nothing here", allowed="a condition that names it, or no value"
            )


def _band(at: Path, own: Mapping[str, Any], values: Mapping[str, int], names: tuple[str, str]) -> Fault:
    low, high = names
    wrong = f"a gap: {high} {values[high]} is below {low} {values[low]}"
    return Fault(path=(*at, high if high in own else low), wrong=wrong, allowed=f"{high} not below {low}")


def _span(path: Path, condition: Mapping[str, Any], values: Mapping[str, int]) -> _Span | None:
    """Return the numbers that meet a condition; None where it is not about a number, or not readable."""
    if FACTS[condition["fact"]].kind != "number":
        return None
    equals = condition.get("equals")
    if type(equals) is int:
        return _Span(path, str(condition.get("id")), equals, equals)
    bounds = []
    for key, open_end in (("min", -inf), ("max", inf)):
        bound = condition.get(key)
        bound = values.get(bound) if isinstance(bound, str) else bound
        if condition.get(key) is not None and type(bound) is not int:
            return None
        bounds.append(open_end if bound is None else bound)
    low, high = bounds
    return None if (low, high) == (-inf, inf) else _Span(path, str(condition.get("id")), low, high)


def _alone(span: _Span, fact: str, values: Mapping[str, int]) -> Iterator[Fault]:
    """Find a condition that nothing can meet, or that everything meets that the engine lets through."""
    kind = FACTS[fact]
    low, high = kind.low, inf if kind.high is None else kind.high
    words = f"{low} to {high:g}" if high < inf else f"{low} and more"
    if span.low > span.high:
        yield Fault(path=span.path, wrong=f"a gap: no number is {span}", allowed="min not above max")
    elif span.low > high or span.high < low:
        yield Fault(path=span.path, wrong=f"nothing meets {span}", allowed=f"{fact} is {words}")
    elif span.low <= low and span.high >= high:
        yield Fault(path=span.path, wrong=f"shadowed: everything meets {span}", allowed=f"bounds within {words}")
    elif fact == "interviews_offered" and span.low <= values["handful_min"] and span.high == inf:
        yield Fault(
            path=span.path,
            wrong=f"shadowed by PIVOT.interviews, which asks for {values['handful_min']} offers already",
            allowed="the parameter handful_min instead",
        )


def _against_the_engine(path: Path, condition: Mapping[str, Any]) -> Iterator[Fault]:
    """Find a condition that takes the place of a rule of the playbook, and with it of that rule's exception."""
    fact = condition["fact"]
    if fact == "step2":
        yield Fault(
            path=path,
            wrong="shadows PIVOT.cutoff and its exception FAQ.cutoff",
            allowed="a cutoff, with source and date, in place of a condition about step2",
        )
    if fact == "financial_pressure":
        yield Fault(
            path=path,
            wrong="shadows PIVOT.money, which asks for a deliberation and never decides by itself",
            allowed="no condition about money",
        )


def _together(first: _Span, second: _Span) -> Fault:
    low, high = max(first.low, second.low), min(first.high, second.high)
    if low > high:
        wrong = f"a gap: nothing is both {first} ({first.id}) and {second}"
        return Fault(path=second.path, wrong=wrong, allowed="conditions that can be met together")
    if first.holds(second) or second.holds(first):
        wide, tight = (first, second) if first.holds(second) else (second, first)
        wrong = f"shadowed by {tight.id}: whoever has {tight} has {wide} too"
        return Fault(path=wide.path, wrong=wrong, allowed="one condition for each fact")
    both = _Span(second.path, second.id, low, high)
    wrong = f"overlaps {first.id}: {first} and {second}"
    return Fault(path=second.path, wrong=wrong, allowed=f"one condition for each fact: {both}")


def _equal_twice(paths: Mapping[str, Path], conditions: list[tuple[int, Mapping[str, Any]]]) -> Iterator[Fault]:
    """Find two conditions that ask one fact that is no number for a value each."""
    for (_, first), (number, second) in combinations(conditions, 2):
        if first["fact"] != second["fact"] or FACTS[first["fact"]].kind == "number":
            continue
        path = (*paths["conditions"], number)
        if first.get("equals") == second.get("equals"):
            yield Fault(path=path, wrong=f"shadowed by {first.get('id')}", allowed="one condition for each fact")
        else:
            wrong = f"a gap: nothing meets {first.get('id')} too, which asks for another value"
            yield Fault(path=path, wrong=wrong, allowed="one condition for each fact")
