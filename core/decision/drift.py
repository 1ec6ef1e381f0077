"""Drift: whether the rules would say something else today than they did when a student decided, and what moved them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.decision.recommendation import evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.decision.evidence import Evidence
    from core.decision.playbook import Playbook

__all__ = ["Change", "Drift", "drift_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that was one way and is another now.

    Args:
        name: a fact, "weaknesses", "statement" with who said it, or the id of a rule.
        before: then; None = not there.
        now: likewise today.
    """

    name: str
    before: Any
    now: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A recommendation that would come out differently today.

    Args:
        before: outcome as it was said.
        now: outcome today.
        by_facts: today's facts under the playbook of then would do it.
        by_playbook: the facts of then under today's playbook would do it; both are true where only the two together do.
        by_engine: the facts and the playbook of then already would, because the program changed.
        facts: what the two see differently; values as `Evidence` holds them.
        rules: verdict and why of the rules that stand differently.
    """

    before: str
    now: str
    by_facts: bool
    by_playbook: bool
    by_engine: bool
    facts: tuple[Change, ...]
    rules: tuple[Change, ...]


def drift_of(said: Mapping[str, Any], *, then: Evidence, old: Playbook, now: Evidence, new: Playbook) -> Drift | None:
    """Compare what was said with what would be said today; None while the outcome is the same.

    Args:
        said: the recommendation as it was stored, in the shape of the evaluate contract.
        then: the evidence at that time.
        old: the playbook in force at that time.
        now: the evidence today.
        new: the playbook in force today.

    Raises:
        InvalidValue: today's playbook does not know the specialty any more.
    """
    today = evaluate(now, new, flips=False).to_dict()
    before = said["outcome"]
    if today["outcome"] == before:
        return None
    by_engine = evaluate(then, old, flips=False).outcome != before
    by_facts = evaluate(now, old, flips=False).outcome != before
    by_playbook = evaluate(then, new, flips=False).outcome != before
    together = not (by_engine or by_facts or by_playbook)
    return Drift(
        before=before,
        now=today["outcome"],
        by_facts=(by_facts and not by_engine) or together,
        by_playbook=(by_playbook and not by_engine) or together,
        by_engine=by_engine,
        facts=_facts(then, now),
        rules=_rules(said, today),
    )


def _facts(then: Evidence, now: Evidence) -> tuple[Change, ...]:
    """Return the facts, weaknesses and statements that are not the same; a withdrawn statement is as if never made."""
    names = dict.fromkeys((*then.facts, *now.facts))
    pairs: list[tuple[str, Any, Any]] = [(name, then.facts.get(name), now.facts.get(name)) for name in names]
    pairs.append(("specialty", then.specialty, now.specialty))
    pairs.append(("weaknesses", then.weaknesses, now.weaknesses))
    heard = [{one.by: one for one in seen.statements if not one.withdrawn} for seen in (then, now)]
    for by in dict.fromkeys((*heard[0], *heard[1])):
        before, after = (_plain(seen.get(by)) for seen in heard)
        pairs.append((f"statement/{by}", before, after))
    return tuple(Change(name=name, before=before, now=after) for name, before, after in pairs if before != after)


def _plain(said: Any) -> Any:
    """Return what counts of a statement: not where it stands in the stream."""
    return None if said is None else (said.shown_grade, said.role, said.specialty, said.trusted, said.date)


def _rules(said: Mapping[str, Any], today: Mapping[str, Any]) -> tuple[Change, ...]:
    was = {rule["id"]: rule for rule in said["rules"]}
    now = {rule["id"]: rule for rule in today["rules"]}
    found = []
    for rule in dict.fromkeys((*was, *now)):
        before, after = ((one["verdict"], one["why"]) if one else None for one in (was.get(rule), now.get(rule)))
        if before != after:
            found.append(Change(name=rule, before=before, now=after))
    return tuple(found)
