"""`rungwise pack new`, `check` and `test` on a folder: what they say, and what they leave behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.cli import main


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_from_new_over_check_to_test_nothing_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert [main(["pack", *one.split()]) for one in ("new eye", "check eye", "test eye")] == [0, 0, 0]

    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Written: eye/pack.toml.")
    assert said[3] == "eye: no findings."
    assert [line.split(":")[0] for line in said[4:-1]] == ["ok       eye/pack.toml"] * 3
    assert said[-1] == "As expected: 3 of 3."


def test_a_finding_names_the_file_as_it_was_given_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    main(["pack", "new", "eye", "--in", "packs"])
    file = Path("packs/eye/pack.toml")
    file.write_text(file.read_text("utf-8").replace('door = "narrow"', 'door = "ajar"'), "utf-8")
    capsys.readouterr()

    assert main(["pack", "check", "packs/eye/pack.toml"]) == 1

    line, last = capsys.readouterr().out.splitlines()
    number = file.read_text("utf-8").split("\n").index('door = "ajar"') + 1
    assert line == (
        f"packs/eye/pack.toml:{number}: ladders[0].rungs[1].door: 'ajar' is not allowed "
        "(one of open, narrow, nearly-closed)"
    )
    assert last == "1 to mend in eye."
    assert main(["pack", "test", "packs/eye"]) == 1


def test_a_fixture_that_differs_ends_with_1_and_says_what_decided(capsys: pytest.CaptureFixture[str]) -> None:
    main(["pack", "new", "eye"])
    file = Path("eye/pack.toml")
    file.write_text(file.read_text("utf-8").replace("champion_grade = 4", "champion_grade = 2"), "utf-8")
    capsys.readouterr()

    assert main(["pack", "test", "eye"]) == 1

    said = capsys.readouterr().out
    assert "outcome: expected REAPPLY, came out PIVOT_NOW" in said
    assert "PIVOT.champion holds: the best grade from eye program directors is 2 of 5; 3 is needed" in said
    assert said.splitlines()[-1] == "Different: 1 of 3."


def test_a_pack_without_fixtures_is_told_to_have_some(capsys: pytest.CaptureFixture[str]) -> None:
    main(["pack", "new", "eye"])
    file = Path("eye/pack.toml")
    file.write_text(file.read_text("utf-8").partition("[[fixtures]]")[0], "utf-8")
    capsys.readouterr()

    assert main(["pack", "test", "eye"]) == 0
    assert capsys.readouterr().out.startswith("eye has no fixtures")


def test_a_folder_that_is_there_is_never_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    Path("eye").mkdir()
    Path("eye/pack.toml").write_text("mine", "utf-8")

    assert main(["pack", "new", "eye"]) == 1

    assert Path("eye/pack.toml").read_text("utf-8") == "mine"
    assert capsys.readouterr().err.startswith("rungwise: eye is there already (")


@pytest.mark.parametrize("command", ["check", "test"])
def test_a_folder_without_a_pack_is_bad_input(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", command, "nowhere"]) == 2
    assert capsys.readouterr().err.startswith("rungwise: pack: 'nowhere/pack.toml' is not allowed (")


def test_a_mark_that_an_editor_put_in_front_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    main(["pack", "new", "eye"])
    file = Path("eye/pack.toml")
    file.write_text("\ufeff" + file.read_text("utf-8"), "utf-8")

    assert main(["pack", "check", "eye"]) == 0


def test_a_place_that_cannot_be_written_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    Path("taken").write_text("a file", "utf-8")

    assert main(["pack", "new", "eye", "--in", "taken"]) == 2
    assert "--in: 'taken' is not allowed (a folder that can be written; Not a directory)" in capsys.readouterr().err
