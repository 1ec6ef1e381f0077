"""What another playbook would say of the same evidence."""

from __future__ import annotations

from typing import Any

import pytest

from core.decision import Playbook, evaluate
from core.decision.composing import compose
from core.decision.playbook import DEFAULTS
from core.decision.preview import compare, may_differ, says_the_same
from tests.playbooks import minimal_content, pack, specialty
from tests.unit.decision.cases import PLAYBOOK, evidence, says

ORTHO = "orthopaedic-surgery"


def with_parameters(**parameters: int) -> Playbook:
    return Playbook.from_content(minimal_content(parameters=parameters))


def test_a_change_of_the_outcome_names_the_rule_that_did_it_first() -> None:
    seen = evidence(says(3))
    found = compare(seen, PLAYBOOK, with_parameters(max_fix_months=8, handful_min=9))
    assert found is not None
    assert (found.before, found.now, found.profile.row) == ("REAPPLY", "PIVOT_NOW", "near-competitive")
    rules = {rule.name: (rule.before[0], rule.now[0]) for rule in found.rules}
    assert next(iter(rules)) in evaluate(seen, with_parameters(max_fix_months=8, handful_min=9)).decided_by
    assert rules["REAPPLY.fix"] == ("holds", "fails")
    assert "the limit is 8" in next(rule.now[1] for rule in found.rules if rule.name == "REAPPLY.fix")


def test_the_same_outcome_is_no_change_though_a_rule_reads_otherwise() -> None:
    assert compare(evidence(says(3)), PLAYBOOK, with_parameters(max_fix_months=13)) is None


def test_a_specialty_that_a_playbook_does_not_know_is_told() -> None:
    without = Playbook.from_content(minimal_content(packs=[pack("one", specialty("urology"))]))
    found = compare(evidence(says(3)), PLAYBOOK, without)
    assert found is not None
    assert (found.before, found.now, found.rules) == ("REAPPLY", None, ())
    back = compare(evidence(says(3)), without, PLAYBOOK)
    assert back is not None
    assert (back.before, back.now) == (None, "REAPPLY")
    assert compare(evidence(says(3)), without, without) is not None


def test_a_condition_that_a_pack_brings_is_named_without_a_verdict_before() -> None:
    condition = {"id": "ORTHO.move", "fact": "willing_to_move_anywhere", "equals": False, "sentence": "You stay."}
    packs = minimal_content()["packs"]
    packs[0]["specialties"][0]["conditions"] = [condition]
    found = compare(evidence(says(3)), PLAYBOOK, Playbook.from_content(minimal_content(packs=packs)))
    assert found is not None
    assert (found.rules[0].name, found.rules[0].before, found.rules[0].now[0]) == ("ORTHO.move", None, "fails")


@pytest.mark.parametrize("parameter", DEFAULTS)
@pytest.mark.parametrize("slug", ["", f"{ORTHO}:"])
def test_playbooks_may_differ_where_any_parameter_does(parameter: str, slug: str) -> None:
    other = with_parameters(**{slug + parameter: 999})
    assert may_differ(ORTHO, PLAYBOOK, other)
    assert may_differ("urology", PLAYBOOK, other) is (slug == "")


@pytest.mark.parametrize(
    "change",
    [
        {"hyper_competitive": False},
        {"trusted_statements_only": True},
        {"parameters": {"handful_min": 9}},
        {"conditions": [{"id": "X.y", "fact": "financial_pressure", "equals": False, "sentence": "x"}]},
        {"cutoff": {"step2": 240, "source": "x", "date": "2026-01-01"}},
    ],
)
def test_playbooks_may_differ_where_anything_does_that_a_rule_reads(change: dict[str, Any]) -> None:
    packs = minimal_content()["packs"]
    packs[0]["specialties"][0] |= change
    assert may_differ(ORTHO, PLAYBOOK, Playbook.from_content(minimal_content(packs=packs)))


def test_another_name_another_pack_or_another_label_makes_no_difference() -> None:
    packs = minimal_content()["packs"]
    packs[0]["specialties"][0] |= {"name": "Bones", "short": "bones"}
    moved = pack("bones", packs[0]["specialties"].pop(0))
    other = Playbook.from_content(minimal_content(label="x", packs=[moved, *packs]))
    assert not may_differ(ORTHO, PLAYBOOK, other)
    content = compose(minimal_content(), "pack", "eyes", {"pack": pack("eyes", specialty("ophthalmology"))}, label="x")
    assert not any(may_differ(slug, PLAYBOOK, Playbook.from_content(content)) for slug in PLAYBOOK.specialties)


def test_playbooks_say_the_same_of_a_specialty_that_a_change_is_not_about() -> None:
    ladder = {"id": "EYE.retina", "from": ["ophthalmology"], "rungs": [{"slug": "urology"}]}
    eyes = pack("eyes", specialty("ophthalmology"), ladders=[ladder])
    content = compose(minimal_content(), "pack", "eyes", {"pack": eyes}, label="x")
    assert all(says_the_same(slug, PLAYBOOK, Playbook.from_content(content)) for slug in PLAYBOOK.specialties)
    assert not says_the_same("ophthalmology", PLAYBOOK, Playbook.from_content(content))
    other = pack("eyes", specialty("ophthalmology"), ladders=[ladder | {"title": "x"}])
    again = compose(content, "pack", "eyes", {"pack": other}, label="y")
    assert not says_the_same("ophthalmology", Playbook.from_content(content), Playbook.from_content(again))
    assert not says_the_same(ORTHO, PLAYBOOK, with_parameters(handful_min=4))
    assert says_the_same("dermatology", PLAYBOOK, with_parameters(**{f"{ORTHO}:handful_min": 4}))
