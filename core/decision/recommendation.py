"""The recommendation: what the rules say of one student's evidence, with its whole trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from core.decision import wording
from core.decision.answers import Answer, deciding_answers
from core.decision.flip import Flip, smallest_flips
from core.decision.profile import Profile, classify
from core.decision.rules import events_behind, facts_used, read_case, verdicts
from core.decision.tree import decide, path, warnings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.decision.evidence import Evidence
    from core.decision.playbook import Playbook
    from core.decision.rules import Case, Verdict
    from core.decision.tree import Outcome

#: Changes whenever the same evidence under the same playbook would give another result.
ENGINE: Final = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """One rule of the trace.

    Attributes:
        id: for example PIVOT.champion.
        verdict: holds, fails, missing, cannot_evaluate or not_applicable.
        facts: names of the facts it looked at.
        why: one plain sentence with the numbers.
        refs: versions of the events that hold these facts; empty outside a journey.
    """

    id: str
    verdict: Verdict
    facts: tuple[str, ...]
    why: str
    refs: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the rule in the shape of the evaluate contract; `refs` only where there are any."""
        data = {"id": self.id, "verdict": self.verdict, "facts": list(self.facts), "why": self.why}
        return {**data, "refs": list(self.refs)} if self.refs else data


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What the rules say; attributes as in the evaluate contract.

    Attributes:
        outcome: REAPPLY, PIVOT_NOW, CONTESTED or INDETERMINATE.
        decided_by: ids of the rules that decided.
        profile: the row of WEEK1.profile.
        path: nodes of the tree walked.
        rules: every rule with its verdict, in the order of the contract.
        missing: what is missing before a pivot can be ruled out.
        flips: smallest sets of changes that give another outcome.
        would_decide: missing facts with the answers that would decide.
        warnings: no effect on the outcome.
        playbook: digest of the playbook used.
        engine: version of the rules' program.
    """

    outcome: Outcome
    decided_by: tuple[str, ...]
    profile: Profile
    path: tuple[str, ...]
    rules: tuple[RuleResult, ...]
    missing: tuple[str, ...]
    flips: tuple[Flip, ...]
    would_decide: tuple[Answer, ...]
    warnings: tuple[str, ...]
    playbook: str
    engine: str

    def to_dict(self) -> dict[str, Any]:
        """Return the recommendation in the shape of the evaluate contract."""
        return {
            "outcome": self.outcome,
            "decided_by": list(self.decided_by),
            "profile": self.profile.to_dict(),
            "path": list(self.path),
            "rules": [rule.to_dict() for rule in self.rules],
            "missing": list(self.missing),
            "flips": [flip.to_dict() for flip in self.flips],
            "would_decide": [answer.to_dict() for answer in self.would_decide],
            "warnings": list(self.warnings),
            "playbook": self.playbook,
            "engine": self.engine,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Recommendation:
        """Read back what `to_dict` wrote, by this engine or an earlier one."""
        return cls(
            outcome=cast("Outcome", data["outcome"]),
            decided_by=tuple(data["decided_by"]),
            profile=Profile.from_dict(data["profile"]),
            path=tuple(data["path"]),
            rules=tuple(
                RuleResult(
                    id=rule["id"],
                    verdict=rule["verdict"],
                    facts=tuple(rule["facts"]),
                    why=rule["why"],
                    refs=tuple(rule.get("refs", ())),
                )
                for rule in data["rules"]
            ),
            missing=tuple(data["missing"]),
            flips=tuple(Flip.from_dict(flip) for flip in data["flips"]),
            would_decide=tuple(Answer.from_dict(answer) for answer in data["would_decide"]),
            warnings=tuple(data["warnings"]),
            playbook=data["playbook"],
            engine=data["engine"],
        )


def evaluate(evidence: Evidence, playbook: Playbook, *, flips: bool = True) -> Recommendation:
    """Evaluate evidence by playbook §1 (profile) and §4 (the normative rule).

    Args:
        evidence: what is known of the student on the as-of date.
        playbook: the parameters, cutoffs and pack content in force.
        flips: also work out what would change the result (`flips` and `would_decide`); without it both are empty.

    Raises:
        InvalidValue: if the playbook does not know the specialty.
    """
    case = read_case(evidence, playbook)
    found = verdicts(case)
    decision = decide(case, found)
    return Recommendation(
        outcome=decision.outcome,
        decided_by=decision.decided_by,
        profile=classify(evidence),
        path=path(found),
        rules=tuple(_traced(case, rule, verdict) for rule, verdict in found.items()),
        missing=decision.missing,
        flips=smallest_flips(case, decision) if flips else (),
        would_decide=deciding_answers(case, decision, playbook) if flips else (),
        warnings=warnings(case, found, playbook),
        playbook=playbook.digest,
        engine=ENGINE,
    )


def _traced(case: Case, rule: str, verdict: Verdict) -> RuleResult:
    facts = facts_used(case, rule)
    return RuleResult(
        id=rule, verdict=verdict, facts=facts, why=wording.why(case, rule, verdict), refs=events_behind(case, facts)
    )
