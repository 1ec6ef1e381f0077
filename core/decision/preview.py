"""What another playbook would say of the same evidence, and by which rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.claims import named
from core.decision import wording
from core.decision.drift import Change
from core.decision.playbook import DEFAULTS, GENERAL_PACK
from core.decision.profile import classify
from core.decision.rules import Case, Verdict, read_case, verdicts
from core.decision.tree import Decision, decide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.decision.evidence import Evidence
    from core.decision.playbook import Playbook
    from core.decision.profile import Profile
    from core.decision.tree import Outcome

__all__ = ["Compared", "compare", "may_differ", "says_the_same"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A student's evidence that two playbooks judge differently.

    Args:
        profile: the row it fits; a playbook does not change it, for its bands are the engine's (WEEK1.profile).
        before: outcome under the first; None = it does not know the specialty.
        now: outcome under the second, likewise.
        rules: those whose verdict differs, each as (verdict, why); the ones that decided come first.
    """

    profile: Profile
    before: Outcome | None
    now: Outcome | None
    rules: tuple[Change, ...]


def may_differ(specialty: str, before: Playbook, now: Playbook) -> bool:
    """Say whether two playbooks can judge anybody of a specialty differently: names alone make no difference."""
    if specialty not in before.specialties or specialty not in now.specialties:
        return True
    read = [
        (
            replace(one.specialty(specialty), name="", short="", pack="", parameters={}),
            [one.parameter(name, specialty) for name in DEFAULTS],
        )
        for one in (before, now)
    ]
    return read[0] != read[1]


def says_the_same(specialty: str, before: Playbook, now: Playbook) -> bool:
    """Say whether two playbooks hold the same of a specialty: its rules, and what its packs tell of it."""
    same_rules = not may_differ(specialty, before, now)
    return same_rules and _told(before.content, specialty) == _told(now.content, specialty)


def _told(content: Mapping[str, Any], specialty: str) -> list[Any]:
    """Return the rows about a specialty, whichever pack has them; a ladder is about where it starts."""
    found: list[Any] = []
    for pack in sorted(content["packs"], key=lambda pack: pack["name"] != GENERAL_PACK):
        for section, rows in pack.items():
            if section == "specialties":
                found += [("specialties", row) for row in rows if row["slug"] == specialty]
            elif isinstance(rows, list):
                found += [(section, row) for row in rows if specialty in _about(section, row)]
    return found


def _about(section: str, row: Mapping[str, Any]) -> set[str]:
    return {name for place, kind, name in named(section, row) if kind == "specialty" and not place.startswith("rungs")}


def compare(evidence: Evidence, before: Playbook, now: Playbook) -> Compared | None:
    """Judge evidence by two playbooks; None where both say the same."""
    old, new = _judge(evidence, before), _judge(evidence, now)
    was, said = (one[2].outcome if one else None for one in (old, new))
    if was == said and new is not None:
        return None
    return Compared(profile=classify(evidence), before=was, now=said, rules=_rules(old, new))


_Judged = tuple[Case, dict[str, Verdict], Decision]


def _judge(evidence: Evidence, playbook: Playbook) -> _Judged | None:
    if evidence.specialty not in playbook.specialties:
        return None
    case = read_case(evidence, playbook)
    found = verdicts(case)
    return case, found, decide(case, found)


def _rules(before: _Judged | None, now: _Judged | None) -> tuple[Change, ...]:
    if before is None or now is None:
        return ()
    ids = [rule for rule in dict.fromkeys((*before[1], *now[1])) if before[1].get(rule) != now[1].get(rule)]
    decided = {*before[2].decided_by, *now[2].decided_by}
    return tuple(
        Change(name=rule, before=_said(before, rule), now=_said(now, rule))
        for rule in sorted(ids, key=lambda rule: rule not in decided)
    )


def _said(judged: _Judged, rule: str) -> tuple[Verdict, str] | None:
    case, found, _ = judged
    return (found[rule], wording.why(case, rule, found[rule])) if rule in found else None
