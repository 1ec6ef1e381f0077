"""The playbook: its content is checked, named by a digest, and gives parameters by their precedence."""

from __future__ import annotations

import copy
import json
from hashlib import sha256
from typing import Any

import pytest

from core.decision import DEFAULTS, Playbook
from core.errors import InvalidValue
from tests.playbooks import minimal_content, minimal_playbook, pack, specialty

CUTOFF = {"step2": 250, "source": "program survey", "date": "2026-01-05"}
MOVE = {"id": "POD.move", "fact": "willing_to_move_anywhere", "equals": True, "sentence": "You move."}


def test_the_defaults_are_the_playbooks() -> None:
    assert {name: one.default for name, one in DEFAULTS.items()} == {
        "handful_min": 3,
        "champion_min": 3,
        "significant_gap": 10,
        "max_fix_months": 12,
        "plan_months_min": 12,
        "plan_months_max": 24,
        "thin_max": 4,
        "shotgun_min": 80,
        "strong_scores_min": 245,
    }


def test_a_parameter_comes_from_the_most_particular_place() -> None:
    book = minimal_playbook()
    assert book.parameter("champion_min", "urology") == 3
    assert book.parameter("champion_min", "dermatology") == 4

    plain = minimal_playbook(parameters={"champion_min": 2})
    assert plain.parameter("champion_min", "urology") == 2
    assert plain.parameter("champion_min", "dermatology") == 4

    own = minimal_playbook(parameters={"champion_min": 2, "dermatology:champion_min": 1})
    assert own.parameter("champion_min", "dermatology") == 1
    assert own.parameter("champion_min", "urology") == 2


def test_a_parameter_of_zero_is_a_value() -> None:
    book = minimal_playbook(parameters={"handful_min": 0, "urology:thin_max": 0})

    assert (book.parameter("handful_min", "pmr"), book.parameter("thin_max", "urology")) == (0, 0)


def test_the_digest_is_that_of_the_canonical_content() -> None:
    content = minimal_content(label="März 2026")
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert Playbook.from_content(content).digest == f"sha256:{sha256(text.encode()).hexdigest()}"
    assert Playbook.from_content(dict(reversed(content.items()))).digest == Playbook.from_content(content).digest
    assert minimal_playbook(label="other").digest != minimal_playbook().digest


def test_the_content_comes_back_whole_and_cannot_be_changed_from_outside() -> None:
    content = minimal_content()
    book = Playbook.from_content(content)
    before = copy.deepcopy(content)

    content["packs"].clear()
    book.content["parameters"]["handful_min"] = 99

    assert book.content == before
    assert Playbook.from_content(book.content) == book


def test_an_institutions_cutoff_stands_before_the_packs() -> None:
    packs = [pack("p", specialty("podiatry", cutoff=CUTOFF | {"step2": 230}), specialty("other"))]

    assert minimal_playbook(packs=packs).cutoff("podiatry") == 230
    assert minimal_playbook(packs=packs).cutoff("other") is None
    assert minimal_playbook(packs=packs, cutoffs={"podiatry": CUTOFF}).cutoff("podiatry") == 250


def test_given_cutoffs_replace_all_others_and_none_given_leaves_them() -> None:
    packs = [pack("p", specialty("podiatry", cutoff=CUTOFF), specialty("other"))]
    book = minimal_playbook(packs=packs, cutoffs={"other": CUTOFF})

    assert [book.with_overrides({}, {}).cutoff(slug) for slug in ("podiatry", "other")] == [None, None]
    assert [book.with_overrides({}, {"other": 240}).cutoff(slug) for slug in ("podiatry", "other")] == [None, 240]
    assert book.with_overrides({}, None) is book


def test_overridden_values_make_another_digest_and_no_change_makes_none() -> None:
    book = minimal_playbook()

    assert book.with_overrides({}, {}) is book
    assert book.with_overrides({"handful_min": 5}, None).digest != book.digest
    assert book.with_overrides({"handful_min": 5}, None).parameter("handful_min", "pmr") == 5


def test_two_packs_that_claim_one_specialty_are_refused_by_name() -> None:
    packs = [pack("feet", specialty("podiatry")), pack("limbs", specialty("podiatry"))]

    with pytest.raises(InvalidValue, match="podiatry in the packs feet and limbs"):
        minimal_playbook(packs=packs)


@pytest.mark.parametrize("order", [1, -1])
def test_the_general_pack_yields_to_any_other(order: int) -> None:
    packs = [pack("general", specialty("podiatry", name="general name")), pack("feet", specialty("podiatry"))]

    assert minimal_playbook(packs=packs[::order]).specialty("podiatry").pack == "feet"


def test_one_pack_that_names_a_specialty_twice_is_refused() -> None:
    with pytest.raises(InvalidValue, match="podiatry"):
        minimal_playbook(packs=[pack("feet", specialty("podiatry"), specialty("podiatry"))])


def test_an_unknown_specialty_is_refused_by_name() -> None:
    with pytest.raises(InvalidValue, match="specialty: 'ortho' is not allowed"):
        minimal_playbook().specialty("ortho")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"format": 2}, "format: 2"),
        ({"format": True}, "format: True"),
        ({"label": ""}, "label"),
        ({"parameters": None}, "parameters"),
        ({"parameters": {"handfull_min": 3}}, "parameters/handfull_min"),
        ({"parameters": {"handful_min": True}}, "parameters/handful_min"),
        ({"parameters": {"handful_min": 3.5}}, "parameters/handful_min"),
        ({"parameters": {"ortho:handful_min": 3}}, "parameters/ortho:handful_min: 'ortho'"),
        ({"cutoffs": {"ortho": CUTOFF}}, "cutoffs/ortho: 'ortho'"),
        ({"cutoffs": {"pmr": CUTOFF | {"step2": 301}}}, "cutoffs/pmr/step2: 301"),
        ({"cutoffs": {"pmr": CUTOFF | {"source": ""}}}, "cutoffs/pmr/source"),
        ({"cutoffs": {"pmr": CUTOFF | {"date": "2026-02-30"}}}, "cutoffs/pmr/date: '2026-02-30'"),
        ({"cutoffs": {"pmr": CUTOFF | {"date": "2026-W01-1"}}}, "cutoffs/pmr/date"),
        ({"cutoffs": {"pmr": CUTOFF | {"date": None}}}, "cutoffs/pmr/date: None"),
        ({"cutoffs": {"pmr": 250}}, "cutoffs/pmr: 250"),
        ({"packs": {}}, "packs"),
        ({"packs": [pack("a"), pack("a")]}, "packs/name: 'a'"),
        ({"packs": [7]}, "packs: 7"),
        ({"label": float("nan")}, "playbook content"),
        ({"label": object()}, "playbook content"),
        ({"label": "\ud800"}, "playbook content"),
    ],
)
def test_content_that_is_not_of_the_format_is_refused_by_name(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        minimal_playbook(**changes)

    assert str(refused.value).startswith(named)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"name": None}, "p/podiatry/name"),
        ({"hyper_competitive": 1}, "p/podiatry/hyper_competitive"),
        ({"parameters": {"podiatry:handful_min": 3}}, "p/podiatry/parameters/podiatry:handful_min"),
        ({"cutoff": {"step2": 250}}, "p/podiatry/cutoff/source"),
        ({"conditions": [MOVE, MOVE]}, "p/podiatry/conditions/id: 'POD.move'"),
        ({"conditions": [MOVE | {"id": "PIVOT.move"}]}, "p/podiatry/conditions/id: 'PIVOT.move'"),
        ({"conditions": [MOVE | {"fact": "height"}]}, "p/podiatry/POD.move/fact: 'height'"),
        ({"conditions": [MOVE | {"fact": "blank_proof"}]}, "p/podiatry/POD.move/fact: 'blank_proof'"),
        ({"conditions": [MOVE | {"fact": "drive", "equals": "pay"}]}, "p/podiatry/POD.move/fact: 'drive'"),
        ({"conditions": [MOVE | {"equals": "yes"}]}, "p/podiatry/POD.move/equals: 'yes'"),
        ({"conditions": [MOVE | {"equals": None}]}, "p/podiatry/POD.move: "),
        ({"conditions": [MOVE | {"min": 3}]}, "p/podiatry/POD.move: "),
        ({"conditions": [MOVE | {"equals": None, "min": 3}]}, "p/podiatry/POD.move: [3]"),
        ({"conditions": [MOVE | {"fact": "step2"}]}, "p/podiatry/POD.move/equals: True"),
        ({"conditions": [MOVE | {"fact": "step2", "equals": None, "min": "low"}]}, "p/podiatry/POD.move: ['low']"),
        ({"conditions": [MOVE | {"fact": "research", "equals": "many"}]}, "p/podiatry/POD.move/equals: 'many'"),
        ({"conditions": [MOVE | {"sentence": ""}]}, "p/podiatry/POD.move/sentence"),
    ],
)
def test_a_specialty_that_is_not_of_the_format_is_refused_by_name(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        minimal_playbook(packs=[pack("p", specialty("podiatry", **changes))])

    assert str(refused.value).startswith(named)
