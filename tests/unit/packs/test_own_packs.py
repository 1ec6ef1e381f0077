"""An institution's own packs are text, and one named as a built-in pack takes its place."""

from __future__ import annotations

import pytest

from core.errors import Conflict, InvalidValue
from plugins.data_pack import DataPack
from plugins.host import PACKS, load, read_pack

SPACE = (
    'version = "1.0.0"\ntitle = "Space medicine"\norigin = "house"\n'
    '[[specialties]]\nslug = "space-medicine"\nname = "Space medicine"\n'
)


def test_a_pack_of_text_is_loaded_beside_the_built_in_packs() -> None:
    before = {pack["name"]: pack for pack in load().packs}

    after = {pack["name"]: pack for pack in load(own={"space": SPACE}).packs}

    assert {name: pack for name, pack in after.items() if name != "space"} == before
    assert after["space"]["specialties"][0]["slug"] == "space-medicine"


def test_an_own_pack_takes_the_place_of_the_built_in_pack_of_its_name() -> None:
    text = (PACKS / "dermatology" / "pack.toml").read_text("utf-8").replace("champion_min = 4", "champion_min = 2")

    (pack,) = [pack for pack in load(own={"dermatology": text}).packs if pack["name"] == "dermatology"]

    assert pack["specialties"][0]["parameters"]["champion_min"] == 2


def test_an_own_pack_that_claims_what_another_pack_has_is_refused_by_name() -> None:
    with pytest.raises(Conflict, match="specialty dermatology: packs dermatology and space both claim it"):
        load(own={"space": SPACE.replace("space-medicine", "dermatology")})


def test_fixtures_stay_with_the_pack_and_out_of_the_playbook() -> None:
    text = SPACE + '[[fixtures]]\nname = "nobody asked"\n'

    (pack,) = [pack for pack in load(own={"space": text}).packs if pack["name"] == "space"]

    assert "fixtures" not in pack
    assert DataPack("space", text).text == text


def test_a_text_that_is_no_pack_is_refused_with_its_name() -> None:
    with pytest.raises(InvalidValue, match=r"pack space, pack.toml: version: None is not allowed \(text, not empty\)"):
        DataPack("space", 'title = "x"\norigin = "house"\n')


def test_a_pack_read_alone_is_the_pack_that_loading_gives() -> None:
    (loaded,) = [pack for pack in load(own={"space": SPACE}).packs if pack["name"] == "space"]

    assert read_pack("space", SPACE) == loaded


def test_a_pack_read_alone_may_claim_what_a_built_in_pack_has() -> None:
    pack = read_pack("skin", SPACE.replace("space-medicine", "dermatology"))

    assert [row["slug"] for row in pack["specialties"]] == ["dermatology"]
