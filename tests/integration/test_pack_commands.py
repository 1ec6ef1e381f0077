"""`rungwise pack` on a store: from a folder to the playbook in force, and from one institution to another."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.advising.members import PublishPlaybook, publish_playbook
from core.advising.playbooks import SavePack, save_pack
from core.people.packs import PACK_MAX
from plugins.host import load_packs, playbook_content
from tests.integration.conftest import PEOPLE, id_of
from web.cli import main
from web.house import open_house
from web.settings import Settings

if TYPE_CHECKING:
    from core.people.institution import Institution

LENA, SAM = PEOPLE["lead"].email, PEOPLE["steward"].email


@pytest.fixture(scope="module")
def packed(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The school's store with the built-in packs in force."""
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("packed") / "data")
    with closing(open_house(Settings(data_dir=folder), {})) as house:
        content = playbook_content("2026", load_packs())
        steward = house.desk.principal(id_of(house, "steward"))
        publish_playbook(house.desk, steward, PublishPlaybook(command_id="packs", content=content))
    return folder


@pytest.fixture
def folder(packed: Path, tmp_path: Path) -> Path:
    return shutil.copytree(packed, tmp_path / "data")


@pytest.fixture(autouse=True)
def eye(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A new pack in the folder in which the commands run."""
    monkeypatch.chdir(tmp_path)
    main(["pack", "new", "eye"])
    capsys.readouterr()
    return Path("eye/pack.toml")


def pack(folder: Path, *arguments: object) -> int:
    return main(["pack", *(str(one) for one in arguments), "--data", str(folder)])


def institution(folder: Path) -> Institution:
    with closing(open_house(Settings(data_dir=folder), {})) as house:
        return house.desk.institution()


def names_in_force(folder: Path) -> list[str]:
    return [one["name"] for one in (institution(folder).playbook or {})["packs"]]


def test_a_pack_goes_from_a_folder_into_force_by_two_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pack(folder, "preview", "eye") == 0
    assert re.match(r"\d+ past students; \d+ of specialties .*; 0 would be advised otherwise", capsys.readouterr().out)
    assert "eye" not in names_in_force(folder)

    assert pack(folder, "propose", "eye", "--note", "Eyes", "--as", LENA) == 0
    said = capsys.readouterr().out
    assert "Proposed as number 1. Nothing counts until another person approves it:" in said
    assert said.endswith(f"  rungwise pack approve 1 --as EMAIL --data {folder}\n")
    assert pack(folder, "approve", 1, "--as", LENA) == 1
    assert "proposal 1 is your own; another person approves it" in capsys.readouterr().err
    assert "eye" not in names_in_force(folder)

    assert pack(folder, "approve", 1, "--as", SAM) == 0
    assert "Approved: in force now as playbook 2026-" in capsys.readouterr().out
    assert "eye" in names_in_force(folder)
    assert pack(folder, "list") == 0
    said = capsys.readouterr().out
    assert re.search(r"^  eye +\d", said, re.MULTILINE)
    assert "a pack of the institution's own; from 2026-" in said

    assert pack(folder, "withdraw", "eye", "--note", "Wrong", "--as", SAM) == 0
    assert pack(folder, "approve", 2, "--as", LENA) == 0
    assert "eye" not in names_in_force(folder)


def test_a_draft_and_the_pack_in_force_have_one_digest_while_they_say_the_same(
    folder: Path, eye: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def digests() -> list[str]:
        capsys.readouterr()
        assert pack(folder, "list") == 0
        return re.findall(r"^  eye .* ([0-9a-f]{12}|has findings)  ", capsys.readouterr().out, re.MULTILINE)

    def save(text: str) -> None:
        with closing(open_house(Settings(data_dir=folder), {})) as house:
            command = SavePack(command_id=text[-20:], name="eye", text=text, origin="shell")
            save_pack(house.desk, house.desk.principal(id_of(house, "lead")), command)

    pack(folder, "propose", "eye", "--note", "Eyes", "--as", LENA)
    pack(folder, "approve", 1, "--as", SAM)
    in_force, draft = digests()
    assert in_force == draft
    save(eye.read_text("utf-8").replace('title = "Eye"', 'title = "Eyes"', 1))
    assert digests()[1] not in (in_force, "has findings")
    save(f"{eye.read_text('utf-8')}\n[[milestones]]\n")
    assert digests() == [in_force, "has findings"]


def test_the_specialties_that_a_ladder_may_name_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pack(folder, "list", "--specialties") == 0
    said = capsys.readouterr().out
    assert re.search(r"^cardiology +Cardiovascular disease, of general$", said, re.MULTILINE)
    assert all(re.match(r"[a-z0-9-]+ +\S.*, of [a-z_-]+$", line) for line in said.splitlines())


def test_a_store_that_is_not_there_is_told_with_the_option_that_names_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pack(tmp_path / "none", "list") == 2
    assert capsys.readouterr().err.endswith("none (--data DIR names another)\n")


def test_a_pack_with_faults_is_neither_previewed_nor_proposed(
    folder: Path, eye: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    eye.write_text(eye.read_text("utf-8").replace('door = "narrow"', 'door = "ajar"'), "utf-8")
    assert pack(folder, "preview", "eye") == 1
    assert re.search(r"^eye/pack\.toml:\d+: .*'ajar' is not allowed", capsys.readouterr().out)
    assert pack(folder, "propose", "eye", "--note", "Eyes", "--as", LENA) == 1
    assert "1 to mend in eye; nothing was proposed." in capsys.readouterr().out
    assert (institution(folder).drafts, institution(folder).proposals) == ({}, {})


def test_a_pack_that_is_too_long_is_refused_by_the_sentence_of_the_check(
    folder: Path, eye: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    eye.write_text(eye.read_text("utf-8").ljust(PACK_MAX + 1, "#"), "utf-8")
    for command in (["check", "eye"], ["test", "eye"]):
        assert main(["pack", *command]) == 1
    assert pack(folder, "preview", "eye") == 1
    assert pack(folder, "propose", "eye", "--note", "Eyes", "--as", LENA) == 1
    sentence = "eye/pack.toml:1: it has 200,001 characters (at most 200,000)\n"
    assert capsys.readouterr().out.count(sentence) == 4


def test_a_later_day_is_waited_for_and_a_no_has_a_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pack(folder, "propose", "eye", "--note", "Eyes", "--on", "2199-01-07", "--as", LENA) == 0
    assert pack(folder, "approve", 1, "--as", SAM) == 0
    assert "Approved: in force from Mon 07 January 2199." in capsys.readouterr().out
    assert "eye" not in names_in_force(folder)
    assert pack(folder, "decline", 1, "--reason", "Not yet", "--as", SAM) == 0
    assert institution(folder).proposals[1].reason == "Not yet"


def test_a_pack_goes_to_another_institution_as_a_signed_file(
    folder: Path, eye: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack(folder, "propose", "eye", "--note", "Eyes", "--as", LENA)
    assert pack(folder, "export", "eye", "--as", LENA) == 0
    assert pack(folder, "export", "eye", "--as", LENA) == 2, "the file is there already"
    pack(folder, "key")
    public_key = capsys.readouterr().out.splitlines()[-1]
    file = Path("eye.rungpack")
    assert pack(folder, "import", file, "--as", LENA) == 0
    assert institution(folder).drafts["eye"].signed_by == public_key

    file.write_bytes(file.read_bytes().replace(b"eye", b"ear"))
    assert pack(folder, "import", file, "--as", SAM) == 1
    assert "not as it was signed" in capsys.readouterr().out
    assert pack(folder, "import", file, "--confirm", "--as", LENA) == 1
    assert "ask a steward" in capsys.readouterr().err
    assert pack(folder, "import", file, "--confirm", "--as", SAM) == 0
    assert institution(folder).drafts["ear"].signed_by is None
    assert eye.read_text("utf-8") == institution(folder).drafts["eye"].text


def test_a_steward_trusts_a_publisher_and_forgets_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = "ab" * 32
    assert pack(folder, "trust", key, "--name", "Fernwood", "--as", LENA) == 1
    assert pack(folder, "trust", key, "--name", "Fernwood", "--as", SAM) == 0
    capsys.readouterr()
    pack(folder, "list")
    assert f"Fernwood  {key}" in capsys.readouterr().out
    assert pack(folder, "forget", key.upper(), "--as", SAM) == 0
    assert institution(folder).publishers == {}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("preview", "nowhere"), 2, "No such file"),
        (("propose", "eye", "--note", "x", "--on", "soon", "--as", LENA), 2, "--on: 'soon' is not allowed"),
        (("propose", "eye", "--note", "x", "--on", "2001-01-01", "--as", LENA), 2, "--on: '2001-01-01' is not"),
        (("propose", "eye", "--note", "x", "--as", "nobody@school.example"), 2, "the e-mail address of a member"),
        (("propose", "eye", "--note", "x", "--as", PEOPLE["advisor"].email), 1, "ask a lead or a steward"),
        (("approve", "one", "--as", SAM), 2, "the number of a proposal"),
        (("approve", "7", "--as", SAM), 1, "there is no proposal 7"),
        (("withdraw", "ear", "--note", "x", "--as", SAM), 1, "there is no pack ear"),
        (("export", "ear", "--as", SAM), 1, "there is no pack ear of this institution's own"),
        (("import", "eye/pack.toml", "--as", SAM), 2, "a file that was exported"),
        (("trust", "key", "--name", "x", "--as", SAM), 2, "64 hexadecimal digits"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    folder: Path, arguments: tuple[str, ...], code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pack(folder, *arguments) == code
    [line] = capsys.readouterr().err.splitlines()
    assert sentence in line
    assert institution(folder).proposals == {}
