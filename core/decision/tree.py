"""The decision: the outcome, what decided it, what is missing, the path walked and the warnings (playbook §4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from core.decision.profile import ABOVE_RANGE_MIN
from core.decision.rules import sponsored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.decision.playbook import Playbook
    from core.decision.rules import Case, Verdict

Outcome = Literal["REAPPLY", "PIVOT_NOW", "CONTESTED", "INDETERMINATE"]

#: Every outcome, in the order of the evaluate contract.
OUTCOMES: Final[tuple[Outcome, ...]] = ("REAPPLY", "PIVOT_NOW", "CONTESTED", "INDETERMINATE")

#: The verdicts that alone decide for a pivot; a pack's condition that fails is one more. Source: playbook §4, step 1.
HARD: Final[tuple[tuple[str, Verdict], ...]] = (
    ("PIVOT.interviews", "holds"),
    ("PIVOT.champion", "holds"),
    ("PIVOT.cutoff", "holds"),
    ("REAPPLY.fix", "fails"),
)
#: The nodes after the start and the condition that each asks for. Source: playbook §4, TREE.
NODES: Final = (
    ("TREE.interviews", "REAPPLY.interviews"),
    ("TREE.pd", "REAPPLY.pd"),
    ("TREE.fixable", "REAPPLY.fix"),
)
#: The grade at which someone stands behind many applications. Source: playbook §4, warning `shotgun`.
SPONSOR_GRADE_MIN: Final = 3
_ENGINE_RULES: Final = ("REAPPLY.", "PIVOT.", "FAQ.")  # all others are a pack's conditions


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules say.

    Attributes:
        outcome: REAPPLY, PIVOT_NOW, CONTESTED or INDETERMINATE.
        decided_by: every hard rule known under PIVOT_NOW, PIVOT.money under CONTESTED, else empty.
        missing: what step 2 of the rule lacks, whatever the outcome.
    """

    outcome: Outcome
    decided_by: tuple[str, ...]
    missing: tuple[str, ...]


def decide(case: Case, found: Mapping[str, Verdict]) -> Decision:
    """Return the decision that the verdicts of a case give."""
    hard = [rule for rule, verdict in HARD if found[rule] == verdict]
    hard += [one.id for one in case.conditions if found[one.id] == "fails"]
    missing = missing_facts(case)
    outcome = outcome_of(hard=bool(hard), missing=bool(missing), money=bool(case.money))
    if outcome == "CONTESTED":
        return Decision(outcome, ("PIVOT.money",), missing)
    return Decision(outcome, tuple(hard), missing)


def outcome_of(*, hard: bool, missing: bool, money: bool) -> Outcome:
    """Return the outcome: a known reason to pivot, then a missing fact, then money (playbook §4, steps 1 to 3)."""
    if hard:
        return "PIVOT_NOW"
    if missing:
        return "INDETERMINATE"
    return "CONTESTED" if money else "REAPPLY"


def literal_outcome(result: Mapping[str, Any]) -> Outcome | None:
    """Return what the printed chart would have said, whose first question is any interview offer, not a handful.

    Args:
        result: a recommendation in the shape of the evaluate contract.

    Returns:
        None where the two readings agree on that question: no offers, a handful, or not known (warning `literal-any`).
    """
    if "literal-any" not in result["warnings"]:
        return None
    found = {rule["id"]: rule["verdict"] for rule in result["rules"]}
    hard = any(found[rule] == verdict for rule, verdict in HARD if rule != "PIVOT.interviews")
    hard |= any(verdict == "fails" for rule, verdict in found.items() if not rule.startswith(_ENGINE_RULES))
    return outcome_of(hard=hard, missing=bool(result["missing"]), money=found["PIVOT.money"] == "holds")


def missing_facts(case: Case) -> tuple[str, ...]:
    """Return what is missing before a pivot can be ruled out, in the order of playbook §4, step 2."""
    weaknesses = case.evidence.weaknesses
    missing = [
        name
        for name, is_missing in (
            ("interviews_offered", case.offers is None),
            ("statement", not case.heard),
            ("weaknesses", weaknesses is None),
            ("weakness_months", any(one.months is None for one in weaknesses or ())),
            ("step2", case.cutoff is not None and case.step2 is None),
            ("financial_pressure", case.money is None),
        )
        if is_missing
    ]
    missing += [one.fact for one in case.conditions if case.evidence.facts.get(one.fact) is None]
    return tuple(dict.fromkeys(missing))


def path(found: Mapping[str, Verdict]) -> tuple[str, ...]:
    """Return the nodes walked: in order while the answer is yes, ending at the first no or missing answer."""
    walked = ["TREE.start"]
    for node, condition in NODES:
        walked.append(node)
        if found[condition] != "holds":
            break
    return tuple(walked)


def warnings(case: Case, found: Mapping[str, Verdict], playbook: Playbook) -> tuple[str, ...]:
    """Return the warnings, which never change an outcome, in the order of the evaluate contract."""
    slug, offers = case.specialty.slug, case.offers
    applications = case.evidence.number("applications")
    below = 0 if case.cutoff is None or case.step2 is None else case.cutoff - case.step2
    return tuple(
        name
        for name, warned in (
            (
                "thin-interviews",
                offers is not None and case.handful_min <= offers <= playbook.parameter("thin_max", slug),
            ),
            ("below-cutoff", 0 < below < case.significant_gap),
            ("cutoff-unknown", case.cutoff is None),
            ("above-published-range", offers is not None and offers >= ABOVE_RANGE_MIN),
            (
                "shotgun",
                applications is not None
                and applications >= playbook.parameter("shotgun_min", slug)
                and case.specialty.hyper_competitive
                and not sponsored(case, SPONSOR_GRADE_MIN),
            ),
            ("blank-year", found["FAQ.blank"] == "holds"),
            ("literal-any", offers is not None and 0 < offers < case.handful_min),
        )
        if warned
    )
