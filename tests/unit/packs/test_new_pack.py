"""A new pack is complete and right as it is written, and so is all that its author may switch on."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from core.decision import Playbook
from core.errors import Conflict, InvalidValue
from plugins.data_pack import HEADER, SECTIONS
from plugins.host import PACKS, load, playbook_content
from plugins.kit.check import Known, check
from plugins.kit.new import new_pack
from plugins.shapes import ROWS
from web.packs.fixtures import run_fixtures

NAMES = ["ophthalmology", "space_medicine", "internal-medicine", "cardiology", "plan", "a--b_", "x" * 60]


@cache
def _packs() -> tuple[dict[str, Any], ...]:
    return load().packs


def _switched_on(text: str) -> str:
    return re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE)


def _wrong(name: str, text: str) -> list[str]:
    """What the check finds, or else what the loader leaves out and what the fixtures say."""
    found = [str(one) for one in check(name, text, Known.of(_packs(), name))]
    if found:
        return found
    loaded = load(own={name: text})
    playbook = Playbook.from_content(playbook_content("new", loaded.packs))
    return [*map(str, loaded.faults), *(line for one in run_fixtures(text, playbook) for line in one.wrong)]


@pytest.mark.parametrize("name", NAMES)
def test_a_new_pack_is_right_as_it_is_written(name: str) -> None:
    assert _wrong(name, new_pack(name, _packs(), 2026)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_new_pack_is_right_with_everything_switched_on(name: str) -> None:
    assert _wrong(name, _switched_on(new_pack(name, _packs(), 2026))) == []


def test_a_new_pack_shows_every_section_and_every_key() -> None:
    text = _switched_on(new_pack("ophthalmology", _packs(), 2026))

    assert [key for key in (*HEADER, *SECTIONS) if not re.search(rf"^(\[+{key}\]+|{key} = )", text, re.MULTILINE)] == []
    keys = {key for shape in ROWS.values() for key in shape().fields} - {"rungs", "match_system", "choices", "ladders"}
    assert sorted(key for key in keys if not re.search(rf"\b{key} = ", text)) == []


def test_a_new_pack_claims_the_specialty_that_the_general_pack_only_names() -> None:
    text = new_pack("ophthalmology", _packs(), 2026)

    packs = {pack["name"]: pack for pack in load(own={"ophthalmology": text}).packs}

    assert [row["slug"] for row in packs["ophthalmology"]["specialties"]] == ["ophthalmology"]
    assert "ophthalmology" not in [row["slug"] for row in packs["general"]["specialties"]]


def test_the_name_of_a_built_in_pack_gives_its_text_to_be_corrected() -> None:
    assert new_pack("dermatology", _packs(), 2026) == (PACKS / "dermatology" / "pack.toml").read_text("utf-8")


def test_a_specialty_of_another_pack_is_refused_with_the_name_of_that_pack() -> None:
    with pytest.raises(Conflict, match="specialty radiation-oncology: pack radiation_oncology has it"):
        new_pack("radiation-oncology", _packs(), 2026)


@pytest.mark.parametrize("name", ["general", "Eye", "../eye", "", "9lives"])
def test_what_is_no_name_for_a_pack_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue, match="name of the pack"):
        new_pack(name, _packs(), 2026)
