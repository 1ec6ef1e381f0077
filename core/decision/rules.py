"""The rules of playbook §4: the verdict of each, and the facts it used.

*Holds* means that the rule's sentence is true: REAPPLY.* and a pack's conditions are conditions to reapply, PIVOT.* are
reasons to pivot. No rule holds or fails on a missing fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from core.decision.evidence import newest_statements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.decision.evidence import Evidence, FactValue, Statement
    from core.decision.playbook import Playbook, Specialty

Verdict = Literal["holds", "fails", "missing", "cannot_evaluate", "not_applicable"]

#: Who can champion another try, and who counts as a sponsor of many applications. Source: playbook §4, S and shotgun.
DIRECTORS: Final = frozenset({"pd", "apd"})
SPONSORS: Final = frozenset({"pd", "apd", "faculty"})
#: Reasons that excuse a blank year when a proof is given. Source: FAQ.blank.
BLANK_EXCUSES: Final = frozenset({"illness", "family_crisis", "military", "immigration"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A pack's condition with its parameters filled in."""

    id: str
    fact: str
    equals: FactValue
    low: int | None
    high: int | None
    sentence: str

    def met_by(self, value: FactValue) -> bool:
        """Return whether a known value meets the condition; bounds are inclusive."""
        if self.low is None and self.high is None:
            return value == self.equals
        if not isinstance(value, int):
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The evidence read with the playbook's parameters: all that the rules look at.

    Attributes:
        evidence: as given.
        specialty: the dream specialty.
        offers: interview offers in the dream field.
        step2: Step 2 score [1-300].
        money: True when another year is a serious burden.
        heard: S, the statements that count.
        best: best champion grade in S [0-4]; None when S is empty.
        backed: True when someone in S gives full backing.
        cutoff: Step 2 cutoff in force.
        far_below: Step 2 at or below cutoff minus gap; None when that cannot be told.
        conditions: the pack's reapply-only-if conditions.
    """

    evidence: Evidence
    specialty: Specialty
    offers: int | None
    step2: int | None
    money: bool | None
    heard: tuple[Statement, ...]
    best: int | None
    backed: bool
    cutoff: int | None
    far_below: bool | None
    handful_min: int
    champion_min: int
    significant_gap: int
    max_fix_months: int
    conditions: tuple[Needed, ...]


def read_case(evidence: Evidence, playbook: Playbook) -> Case:
    """Read evidence with a playbook.

    Raises:
        InvalidValue: if the playbook does not know the specialty.
    """
    slug = evidence.specialty
    specialty = playbook.specialty(slug)
    heard = standing(evidence, DIRECTORS, trusted_only=specialty.trusted_statements_only)
    step2, cutoff = evidence.number("step2"), specialty.cutoff
    gap = playbook.parameter("significant_gap", slug)
    money = evidence.facts.get("financial_pressure")

    def bound(value: int | str | None) -> int | None:
        return playbook.parameter(value, slug) if isinstance(value, str) else value

    return Case(
        evidence=evidence,
        specialty=specialty,
        offers=evidence.number("interviews_offered"),
        step2=step2,
        money=money if isinstance(money, bool) else None,
        heard=heard,
        best=max((one.champion_grade for one in heard), default=None),
        backed=any(one.full_backing for one in heard),
        cutoff=cutoff,
        far_below=None if cutoff is None or step2 is None else step2 <= cutoff - gap,
        handful_min=playbook.parameter("handful_min", slug),
        champion_min=playbook.parameter("champion_min", slug),
        significant_gap=gap,
        max_fix_months=playbook.parameter("max_fix_months", slug),
        conditions=tuple(
            Needed(
                id=one.id,
                fact=one.fact,
                equals=one.equals,
                low=bound(one.low),
                high=bound(one.high),
                sentence=one.sentence,
            )
            for one in specialty.conditions
        ),
    )


def standing(evidence: Evidence, roles: frozenset[str], *, trusted_only: bool) -> tuple[Statement, ...]:
    """Return the newest statement of each person of the dream field in these roles (playbook §4)."""
    return newest_statements(
        evidence.statements,
        specialty=evidence.specialty,
        roles=roles,
        as_of=evidence.as_of,
        trusted_only=trusted_only,
    )


def verdicts(case: Case) -> dict[str, Verdict]:
    """Return the verdict of every rule, in the order of the evaluate contract; a pack's own ids come last."""
    enough = None if case.offers is None else case.offers >= case.handful_min
    championed = None if case.best is None else case.best >= case.champion_min
    found: dict[str, Verdict] = {
        "REAPPLY.interviews": _verdict(enough),
        "REAPPLY.pd": _verdict(championed),
        "REAPPLY.fix": _verdict(_fixable(case)),
        "PIVOT.interviews": _verdict(None if enough is None else not enough),
        "PIVOT.champion": _verdict(None if championed is None else not championed),
        "PIVOT.cutoff": _cutoff(case),
        "PIVOT.money": _verdict(case.money),
        "FAQ.cutoff": _verdict(case.backed if case.heard else None) if case.far_below else "not_applicable",
        "FAQ.blank": _blank(case.evidence.facts),
    }
    for condition in case.conditions:
        value = case.evidence.facts.get(condition.fact)
        found[condition.id] = _verdict(None if value is None else condition.met_by(value))
    return found


def facts_used(case: Case, rule: str) -> tuple[str, ...]:
    """Return the names of the facts that a rule looked at, by the names of the contract's `missing`."""
    if rule == "REAPPLY.fix":
        return ("weaknesses", "weakness_months") if case.evidence.weaknesses else ("weaknesses",)
    if rule in {"PIVOT.cutoff", "FAQ.cutoff"}:
        return ("step2", "statement") if case.far_below else ("step2",)
    if rule == "FAQ.blank":
        blank = case.evidence.facts.get("planned_year") == "blank"
        return ("planned_year", "blank_reason", "blank_proof") if blank else ("planned_year",)
    if rule in _FACT_OF:
        return (_FACT_OF[rule],)
    return tuple(one.fact for one in case.conditions if one.id == rule)


def events_behind(case: Case, facts: tuple[str, ...]) -> tuple[int, ...]:
    """Return the versions of the events that hold these facts, in the order of the facts."""
    known: list[int] = []
    for name in facts:
        if name == "statement":
            known.extend(said.ref for said in case.heard)
        else:
            known.append(case.evidence.refs.get("weaknesses" if name == "weakness_months" else name, 0))
    return tuple(dict.fromkeys(ref for ref in known if ref))


def sponsored(case: Case, grade_min: int) -> bool:
    """Return whether anyone of the specialty stands at this grade or above, trusted or not (playbook §4, shotgun)."""
    said = standing(case.evidence, SPONSORS, trusted_only=False)
    return any(one.champion_grade >= grade_min for one in said)


_FACT_OF: Final[Mapping[str, str]] = {
    "REAPPLY.interviews": "interviews_offered",
    "REAPPLY.pd": "statement",
    "PIVOT.interviews": "interviews_offered",
    "PIVOT.champion": "statement",
    "PIVOT.money": "financial_pressure",
}


def _verdict(answer: bool | None) -> Verdict:  # noqa: FBT001 - the answer itself, three-valued
    """Return the verdict of a yes, a no, or no answer."""
    if answer is None:
        return "missing"
    return "holds" if answer else "fails"


def _fixable(case: Case) -> bool | None:
    """REAPPLY.fix: a known too-long remedy is a no, even beside unknown ones."""
    weaknesses = case.evidence.weaknesses
    if weaknesses is None:
        return None
    known = [one.months for one in weaknesses if one.months is not None]
    if any(months > case.max_fix_months for months in known):
        return False
    return True if len(known) == len(weaknesses) else None


def _cutoff(case: Case) -> Verdict:
    """PIVOT.cutoff: without a cutoff it cannot be evaluated; full backing lifts it (FAQ.cutoff)."""
    if case.cutoff is None:
        return "cannot_evaluate"
    if case.far_below is False:
        return "fails"
    if case.far_below is None or not case.heard:
        return "missing"
    return "fails" if case.backed else "holds"


def _blank(facts: Mapping[str, Any]) -> Verdict:
    """FAQ.blank: holds when the year is blank and nothing excuses it; advice only, so it decides nothing."""
    year = facts.get("planned_year")
    if year != "blank":
        return "missing" if year is None else "not_applicable"
    excused = facts.get("blank_reason") in BLANK_EXCUSES and bool(facts.get("blank_proof"))
    return "fails" if excused else "holds"
