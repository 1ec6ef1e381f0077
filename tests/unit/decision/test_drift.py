"""Drift: the same evidence and playbook never drift; what moved the rules is told apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.decision import Playbook, evaluate
from core.decision.drift import drift_of
from core.decision.evidence import Weakness
from tests.playbooks import minimal_content
from tests.unit.decision.cases import evidence, says

PLAYBOOK = Playbook.from_content(minimal_content())


def test_the_same_facts_under_the_same_playbook_never_drift() -> None:
    then = evidence(says(3))
    said = evaluate(then, PLAYBOOK).to_dict()
    assert drift_of(said, then=then, old=PLAYBOOK, now=then, new=PLAYBOOK) is None


@pytest.mark.parametrize(
    ("facts", "parameters", "causes"),
    [
        (True, {}, (True, False)),
        (False, {"max_fix_months": 3}, (False, True)),
        (True, {"max_fix_months": 3}, (True, True)),
    ],
)
def test_new_facts_and_a_new_playbook_are_told_apart(
    *, facts: bool, parameters: dict[str, int], causes: tuple[bool, bool]
) -> None:
    then = evidence(says(3))
    said = evaluate(then, PLAYBOOK).to_dict()
    slow = replace(then, weaknesses=(Weakness(kind="research", months=18),))
    new = Playbook.from_content(minimal_content() | {"parameters": parameters})
    found = drift_of(said, then=then, old=PLAYBOOK, now=slow if facts else then, new=new)
    assert found is not None
    assert (found.by_facts, found.by_playbook, found.by_engine) == (*causes, False)
    assert ("weaknesses" in {change.name for change in found.facts}) is facts
    assert "REAPPLY.fix" in {change.name for change in found.rules}


def test_what_only_facts_and_playbook_together_do_is_said_of_both() -> None:
    then = evidence(says(3))
    said = evaluate(then, PLAYBOOK).to_dict()
    slower = replace(then, weaknesses=(Weakness(kind="research", months=9),))
    slow = replace(then, weaknesses=(Weakness(kind="research", months=8),))
    new = Playbook.from_content(minimal_content() | {"parameters": {"max_fix_months": 8}})
    assert drift_of(said, then=slow, old=PLAYBOOK, now=slow, new=new) is None
    found = drift_of(said, then=slow, old=PLAYBOOK, now=slower, new=new)
    assert found is not None
    assert (found.by_facts, found.by_playbook) == (True, True)
