"""Packs are found, asked and put together; who a plugin is must be right, and what it answers stands row by row."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import Conflict, InvalidValue
from plugins.host import PACKS, SECTIONS, load, load_packs, playbook_content

if TYPE_CHECKING:
    from pathlib import Path

HEADER = 'version = "1.0.0"\ntitle = "Space medicine"\norigin = "house"\n'
SPACE = HEADER + '[[specialties]]\nslug = "space-medicine"\nname = "Space medicine"\n'


def _pack(folder: Path, name: str, text: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "pack.toml").write_text(text, "utf-8")
    return folder


def _slugs(packs: list[dict[str, Any]]) -> list[str]:
    return [row["slug"] for pack in packs for row in pack["specialties"]]


def test_a_new_folder_is_a_new_specialty_and_nothing_else_changes(tmp_path: Path) -> None:
    before = load_packs()

    after = load_packs([_pack(tmp_path, "space", SPACE)])

    assert [pack for pack in after if pack["name"] != "space"] == before
    (space,) = [pack for pack in after if pack["name"] == "space"]
    assert (space["version"], space["title"], space["origin"]) == ("1.0.0", "Space medicine", "house")
    assert set(_slugs(after)) - set(_slugs(before)) == {"space-medicine"}


def test_a_new_folder_among_the_built_in_packs_is_found_by_scanning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pack in PACKS.iterdir():
        (tmp_path / pack.name).symlink_to(pack)
    monkeypatch.setattr("plugins.host.PACKS", _pack(tmp_path, "space", SPACE))

    assert "space-medicine" in _slugs(load_packs())


def test_a_single_pack_may_be_named_directly(tmp_path: Path) -> None:
    assert "space-medicine" in _slugs(load_packs([_pack(tmp_path, "space", SPACE) / "space"]))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"folder of packs: .*gone' is not allowed \(a folder that exists\)"):
        load([tmp_path / "gone"])


def test_a_pack_has_exactly_the_keys_that_a_playbook_holds() -> None:
    for pack in load_packs():
        assert set(pack) == {"name", "version", "digest", "title", "origin", *SECTIONS}


def test_loading_twice_gives_the_same_packs_and_digests() -> None:
    assert load_packs() == load_packs()


def test_a_digest_is_that_of_the_canonical_content_without_it() -> None:
    for pack in load_packs():
        rest = {key: value for key, value in pack.items() if key != "digest"}
        canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert pack["digest"] == "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def test_a_changed_word_changes_the_digest(tmp_path: Path) -> None:
    one, other = (
        next(
            pack["digest"]
            for pack in load_packs([_pack(tmp_path / word, "space", SPACE + word)])
            if pack["name"] == "space"
        )
        for word in ('short = "space"', 'short = "Space"')
    )

    assert one != other


def test_a_playbook_holds_the_packs_as_data_with_default_parameters_and_no_cutoffs() -> None:
    packs = load_packs()

    assert playbook_content("2026.1", packs) == {
        "format": 1,
        "label": "2026.1",
        "parameters": {},
        "cutoffs": {},
        "packs": packs,
    }


def test_the_general_pack_yields_a_specialty_to_the_pack_that_claims_it(tmp_path: Path) -> None:
    claim = SPACE.replace("space-medicine", "neurology")

    packs = load_packs([_pack(tmp_path, "brain", claim)])

    assert [pack["name"] for pack in packs if "neurology" in _slugs([pack])] == ["brain"]


def test_two_packs_that_claim_one_specialty_are_refused_by_name(tmp_path: Path) -> None:
    claim = SPACE.replace("space-medicine", "dermatology")

    with pytest.raises(Conflict, match="specialty dermatology: packs dermatology and skin both claim it"):
        load_packs([_pack(tmp_path, "skin", claim)])


def test_two_packs_that_name_one_ladder_are_refused_by_name(tmp_path: Path) -> None:
    ladder = _ladder("DERM.im-endo", "endocrinology")

    with pytest.raises(Conflict, match=r"ladder DERM.im-endo: packs dermatology and space both claim it"):
        load_packs([_pack(tmp_path, "space", SPACE + ladder)])


def test_two_packs_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="pack dermatology: two plugins have this name"):
        load_packs([_pack(tmp_path, "dermatology", SPACE)])


def test_a_ladder_with_an_unknown_specialty_is_left_out_alone(tmp_path: Path) -> None:
    text = SPACE + _ladder("SPACE.known", "endocrinology") + _ladder("SPACE.unknown", "moon-surgery")

    loaded = load([_pack(tmp_path, "space", text)])

    assert [row["id"] for pack in loaded.packs if pack["name"] == "space" for row in pack["ladders"]] == ["SPACE.known"]
    (fault,) = loaded.faults
    assert str(fault) == (
        "plugin space, rungwise_ladders: SPACE.unknown.rungs[0].slug: 'moon-surgery' is not allowed "
        "(the slug of a specialty that some pack declares)"
    )


def test_a_pack_may_bring_ladders_for_a_specialty_of_another_pack(tmp_path: Path) -> None:
    ladder = _ladder("SPACE.derm", "endocrinology", missed="dermatology")

    assert load([_pack(tmp_path, "space", SPACE + ladder)]).faults == ()


def test_a_bad_row_of_a_data_pack_is_left_out_and_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = _pack(tmp_path, "space", SPACE + '[[specialties]]\nslug = "moon-medicine"\n')

    with caplog.at_level(logging.WARNING):
        packs = load_packs([folder])

    assert "space-medicine" in _slugs(packs)
    assert "moon-medicine" not in _slugs(packs)
    assert caplog.messages == [
        "left out: plugin space, rungwise_specialties: moon-medicine.name is missing (text, not empty)"
    ]


def test_what_all_specialties_share_is_written_once_and_may_be_overruled(tmp_path: Path) -> None:
    text = HEADER + (
        "[every_specialty]\nhyper_competitive = true\n"
        '[[specialties]]\nslug = "space-medicine"\nname = "Space medicine"\n'
        '[[specialties]]\nslug = "moon-medicine"\nname = "Moon medicine"\nhyper_competitive = false\n'
    )

    packs = load_packs([_pack(tmp_path, "space", text)])

    space = next(pack for pack in packs if pack["name"] == "space")
    assert [row["hyper_competitive"] for row in space["specialties"]] == [True, False]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("version = ", r"pack space, pack.toml: .* is not allowed \(a readable TOML file in UTF-8\)"),
        (
            SPACE + "[[ladder]]\n",
            r"pack space, pack.toml: 'ladder' is not allowed \(keys: version, title, origin, every",
        ),
        (SPACE.replace('"1.0.0"', "1"), r"pack space, pack.toml: version: 1 is not allowed \(text, not empty\)"),
        (SPACE.replace('"house"', '"ours"'), r"pack.toml: origin: 'ours' is not allowed \(source or house\)"),
        (HEADER + "every_specialty = 3\n", r"pack.toml: every_specialty: 3 is not allowed \(a table\)"),
    ],
)
def test_a_pack_toml_that_is_no_pack_stops_loading_with_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence):
        load([_pack(tmp_path, "space", text)])


@pytest.mark.parametrize("section", ["specialties", "ladders", "tracks", "pay"])
def test_a_section_that_is_no_list_is_a_fault_and_no_crash(tmp_path: Path, section: str) -> None:
    loaded = load([_pack(tmp_path, "space", HEADER + f"{section} = 3\n")])

    assert [(fault.plugin, fault.field, fault.value) for fault in loaded.faults] == [("space", "answer", 3)]


def _ladder(ladder_id: str, slug: str, missed: str = "space-medicine") -> str:
    return (
        f'[[ladders]]\nid = "{ladder_id}"\nfrom = ["{missed}"]\ntitle = "A climb"\n'
        f'[[ladders.rungs]]\nslug = "{slug}"\nname = "A step"\nkind = "practice"\n'
        'door = "open"\nreason = "It is open."\n'
    )
