"""Composing a playbook: the content in force with one thing changed, and nothing else with it."""

from __future__ import annotations

from typing import Any

import pytest

from core.decision.composing import compose
from core.decision.playbook import Playbook
from core.errors import Conflict, InvalidValue, NotFound
from tests.playbooks import minimal_content, pack, specialty

EYES = specialty("ophthalmology", name="Ophthalmology", short="eyes", parameters={"handful_min": 5})
LADDER = {"id": "EYE.retina", "from": ["ophthalmology"], "rungs": [{"slug": "retina"}]}


def before() -> dict[str, Any]:
    content = minimal_content(label="before")
    plain = specialty("ophthalmology", name="Ophthalmology", short="ophthalmology")
    general = next(one for one in content["packs"] if one["name"] == "general")
    general["specialties"].append(plain)
    return content


def eyes(*specialties: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return pack("eyes", *(specialties or (EYES, specialty("retina"))), **changes)


def put(content: dict[str, Any], one: dict[str, Any], kind: str = "pack") -> dict[str, Any]:
    return compose(content, kind, one["name"], {"pack": one}, label="after")


def of(content: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in content["packs"] if one["name"] == name)
    return found


def slugs(content: dict[str, Any], name: str) -> list[str]:
    return [row["slug"] for row in of(content, name)["specialties"]]


def test_a_new_pack_takes_its_specialties_over_from_the_general_pack_and_changes_nothing_else() -> None:
    old = before()
    new = put(old, eyes(ladders=[LADDER]))
    assert slugs(new, "general") == ["anesthesiology", "pmr"]
    assert of(new, "eyes") == eyes(ladders=[LADDER])
    assert of(new, "dream-fields") == of(old, "dream-fields")
    assert [one["name"] for one in new["packs"]] == ["dream-fields", "eyes", "general"]
    assert (new["parameters"], new["cutoffs"], new["label"], old["label"]) == ({}, {}, "after", "before")
    assert Playbook.from_content(new).parameter("handful_min", "ophthalmology") == 5


def test_a_withdrawn_pack_gives_its_names_back_and_nothing_of_its_rules() -> None:
    new = compose(put(before(), eyes()), "withdrawal", "eyes", {}, label="later")
    assert [one["name"] for one in new["packs"]] == ["dream-fields", "general"]
    assert slugs(new, "general") == ["anesthesiology", "pmr", "ophthalmology", "retina"]
    found = Playbook.from_content(new).specialty("ophthalmology")
    assert (found.name, found.pack, dict(found.parameters)) == ("Ophthalmology", "general", {})


def test_a_specialty_that_a_new_version_leaves_out_keeps_its_name() -> None:
    new = put(put(before(), eyes()), eyes(specialty("retina"), version="2.0"))
    assert slugs(new, "general") == ["anesthesiology", "pmr", "ophthalmology"]
    assert of(new, "eyes")["version"] == "2.0"


def test_an_installed_general_pack_yields_what_others_claim_and_loses_no_name() -> None:
    general = pack("general", specialty("ophthalmology"), specialty("pmr"), specialty("podiatry"))
    new = put(put(before(), eyes()), general, "installed")
    assert slugs(new, "general") == ["pmr", "podiatry", "anesthesiology"]


def test_two_packs_that_claim_one_thing_are_refused_by_name() -> None:
    with pytest.raises(Conflict, match="specialty dermatology: packs dream-fields and eyes both claim it"):
        put(before(), eyes(specialty("dermatology")))
    held = put(before(), eyes(ladders=[LADDER]))
    other = pack("other", specialty("podiatry"), ladders=[LADDER | {"from": ["podiatry"], "rungs": []}])
    with pytest.raises(Conflict, match=r"ladder EYE\.retina: packs eyes and other both claim it"):
        put(held, other)


def test_a_row_that_names_a_specialty_of_no_pack_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"pack eyes: EYE\.retina\.rungs\[0\]\.slug: 'retina'"):
        put(before(), eyes(EYES, ladders=[LADDER]))


def test_the_general_pack_and_a_pack_that_is_not_there_are_not_taken_out() -> None:
    with pytest.raises(Conflict, match="it stays"):
        compose(before(), "withdrawal", "general", {}, label="x")
    with pytest.raises(NotFound, match="there is no pack eyes"):
        compose(before(), "withdrawal", "eyes", {}, label="x")


def test_a_parameter_is_set_for_all_or_for_one_specialty_and_taken_back() -> None:
    new = compose(before(), "parameter", "handful_min", {"value": 4}, label="x")
    new = compose(new, "parameter", "urology:handful_min", {"value": 6}, label="x")
    assert new["parameters"] == {"handful_min": 4, "urology:handful_min": 6}
    assert compose(new, "parameter", "handful_min", {"value": None}, label="x")["parameters"] == {
        "urology:handful_min": 6
    }


def test_a_cutoff_is_set_and_taken_back() -> None:
    cutoff = {"step2": 240, "source": "NRMP, 2024", "date": "2026-01-01"}
    new = compose(before(), "cutoff", "urology", {"cutoff": cutoff}, label="x")
    assert Playbook.from_content(new).cutoff("urology") == 240
    assert compose(new, "cutoff", "urology", {"cutoff": None}, label="x")["cutoffs"] == {}


@pytest.mark.parametrize("value", [0, -1, 16, "4", True, 2.5])
def test_a_parameter_out_of_range_or_unknown_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match="a whole number from 1 to 15"):
        compose(before(), "parameter", "handful_min", {"value": value}, label="x")
    with pytest.raises(InvalidValue, match="the parameters are champion_min"):
        compose(before(), "parameter", "luck", {"value": 1}, label="x")


def test_what_changes_nothing_is_refused() -> None:
    with pytest.raises(Conflict, match="handful_min: nothing would change"):
        compose(before(), "parameter", "handful_min", {"value": None}, label="x")
    held = put(before(), eyes())
    with pytest.raises(Conflict, match="eyes: nothing would change"):
        put(held, eyes())


def test_a_pack_of_another_name_or_a_change_of_no_kind_is_refused() -> None:
    with pytest.raises(InvalidValue, match="the pack eyes"):
        compose(before(), "pack", "eyes", {"pack": pack("other")}, label="x")
    with pytest.raises(InvalidValue, match="kind"):
        compose(before(), "wish", "eyes", {}, label="x")


def test_what_another_pack_names_does_not_go_and_the_refusal_names_both() -> None:
    held = put(before(), eyes(ladders=[LADDER]))
    held = put(held, pack("figures", evidence=[{"id": "EYE.rate", "specialties": [], "ladders": ["EYE.retina"]}]))
    with pytest.raises(
        Conflict, match=r"pack figures: EYE\.rate\.ladders\[0\] names the ladder EYE\.retina of the pack eyes"
    ):
        compose(held, "withdrawal", "eyes", {}, label="x")
    with pytest.raises(Conflict, match="which would go with this"):
        put(held, eyes())
