"""The command line: what each command prints, and its exit code."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.conftest import PEOPLE
from web import commands
from web.cli import main, parser

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNGWISE = [str(Path(sys.executable).with_name("rungwise"))]

ROSTER = (
    "student_ref,name,match_system,match_day,learned_on,specialty,step2\n"
    "S-1,Robin Reed,nrmp,2026-03-20,2026-03-16,anesthesiology,238\n"
    "S-2,Sam Stone,nrmp,2026-03-20,2026-03-16,anesthesiology,2388\n"
)
LENA = PEOPLE["lead"].email


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, "utf-8")
    return path


def run(*arguments: object) -> int:
    return main([str(one) for one in arguments])


def _commands() -> Iterator[list[str]]:
    yield from (["serve"], ["import"], ["evaluate"], ["journey"], ["journey", "show"], ["views"], ["views", "status"])
    yield from (
        ["views", "rebuild"],
        ["backup"],
        ["restore"],
        ["doctor"],
        ["link"],
        ["log"],
        ["log", "verify"],
        ["explain"],
        [],
    )


@pytest.mark.parametrize("command", list(_commands()), ids=" ".join)
def test_every_command_explains_itself_and_its_exit_codes(
    capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([*command, "--help"])
    assert ended.value.code == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "exit codes: 0 done; 1 refused" in out


@pytest.mark.parametrize("arguments", [[], ["fly"], ["import"], ["views"], ["backup"], ["serve", "--demo", "--empty"]])
def test_wrong_usage_ends_with_two(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: rungwise" in capsys.readouterr().err


def test_import_shows_what_a_roster_would_do_and_writes_nothing(
    folder: Path, roster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", roster, "--cycle", 2026, "--as", LENA, "--data", folder) == 1, "a faulty row is a finding"
    out = capsys.readouterr().out
    assert "1 new" in out
    assert "1 faulty" in out
    assert "step2: '2388' is not allowed" in out
    assert "Nothing is written" in out
    assert run("journey", "show", "S-1", "--data", folder) == 1


def test_import_with_apply_writes_and_a_second_time_changes_nothing(
    folder: Path, roster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("import", roster, "--cycle", 2026, "--as", LENA, "--apply", "--data", folder)
    assert run(*arguments) == 1
    assert "Written: 1 rows." in capsys.readouterr().out
    assert run(*arguments) == 1
    out = capsys.readouterr().out
    assert "1 unchanged" in out
    assert "There is nothing to write." in out
    assert run("journey", "show", "S-1", "--data", folder) == 0
    out = capsys.readouterr().out
    assert "Robin Reed (S-1)" in out
    assert run("journey", "show", "s-1", "--json", "--data", folder) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["journey"]["facts"]["step2"]["value"] == 238
    assert shown["events"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"file": "/nowhere/roster.csv"}, (2, "No such file")),
        ({"cycle": "soon"}, (2, "--cycle: 'soon' is not allowed (a match year such as 2026)")),
        ({"cycle": "1800"}, (2, "--cycle: '1800' is not allowed (a match year from 2000 to 2100)")),
        ({"actor": "stranger@school.example"}, (2, "--as: 'stranger@school.example' is not allowed")),
        ({"actor": PEOPLE["advisor"].email}, (1, "Abel Advisor may not import a roster into this cohort")),
        ({"content": b"\x89PNG\r\n\x1a\n\x00"}, (2, "a CSV file in UTF-8")),
        ({"content": b""}, (2, "")),
        ({"content": b"a,b\n1,2\n"}, (2, "")),
    ],
)
def test_a_roster_that_cannot_be_imported_is_one_clear_line(
    folder: Path, roster: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], told: tuple[int, str]
) -> None:
    code, sentence = told
    if "content" in change:
        roster.write_bytes(change["content"])
    file, cycle = change.get("file", roster), change.get("cycle", "2026")
    assert run("import", file, "--cycle", cycle, "--as", change.get("actor", LENA), "--data", folder) == code
    err = capsys.readouterr().err
    assert err.startswith("rungwise: ")
    assert err.count("\n") == 1
    assert sentence in err


def test_evaluate_prints_the_result_and_needs_no_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    case = {"as_of": "2026-06-16", "specialty": "urology", "facts": {}, "statements": [], "weaknesses": None}
    (tmp_path / "case.json").write_text(json.dumps(case), "utf-8")
    assert run("evaluate", "case.json") == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "INDETERMINATE"
    assert list(tmp_path.iterdir()) == [tmp_path / "case.json"]


@pytest.mark.parametrize("text", ["", "not json", "[]", "{}", '{"date": "never"}'])
def test_evaluate_names_each_fault_of_bad_input_and_ends_with_two(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert run("evaluate", "-") == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.strip()
    assert "Traceback" not in err


def test_journey_show_of_an_unknown_student_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("journey", "show", "S-404", "--data", folder) == 1
    assert capsys.readouterr().err == "rungwise: there is no journey of 'S-404'\n"


def test_views_are_made_again_and_say_how_far_they_are(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("views", "rebuild", "--data", folder) == 0
    assert run("views", "status", "--data", folder) == 0
    out = capsys.readouterr().out
    assert "rebuilt up to position" in out
    assert "current: at" in out


def test_the_doctor_gives_a_line_for_each_promise(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.chmod(0o700)
    assert run("doctor", "--deep", "--data", folder) == 0
    lines = capsys.readouterr().out.splitlines()
    told = {line[6:].partition(":")[0]: line[:4].strip() for line in lines}
    for what in ("packages", "file permissions", "journal.db", "keys.db", "access.db", "views.db"):
        assert told[what] == "ok", lines
    for what in ("time zone", "clock", "playbook", "read models", "events"):
        assert told[what] == "ok", lines
    assert told["master key"] == "warn", "it lies beside what it opens"


def test_the_doctor_finds_a_folder_that_others_can_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.chmod(0o755)
    assert run("doctor", "--data", folder) == 1
    assert "chmod go-rwx" in capsys.readouterr().out


def test_the_doctor_finds_a_clock_that_went_back(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    from web import house

    folder.chmod(0o700)
    monkeypatch.setattr(house, "system_clock", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    assert run("doctor", "--data", folder) == 1
    assert "clock went back" in capsys.readouterr().out


def test_the_doctor_finds_a_distribution_that_owns_one_of_our_packages(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.chmod(0o700)
    other = tmp_path / "site" / "web_py-0.62.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: web.py\nVersion: 0.62\n")
    (other / "RECORD").write_text("web/__init__.py,,\nweb/utils.py,,\nwebber/x.py,,\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert run("doctor", "--data", folder) == 1
    assert "fail  packages: web.py owns a package of ours" in capsys.readouterr().out
    assert run("serve", "--data", folder) == 1
    assert "installed beside web.py" in capsys.readouterr().err


def test_the_doctor_speaks_of_a_second_key_only_after_the_named_key_opened_the_store(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.chmod(0o700)
    named = tmp_path / "named.key"
    monkeypatch.setenv("RUNGWISE_MASTER_KEY_FILE", str(named))
    named.write_text("0" * 64)
    assert run("doctor", "--data", folder) == 1
    out = capsys.readouterr().out
    assert "fail  master key: the master key does not open keys.db" in out
    assert "move it" not in out, "the key in the folder may be the only one that opens the store"
    named.write_text((folder / "master.key").read_text())
    assert run("doctor", "--data", folder) == 0
    assert "it opens keys.db; a master.key lies in the store's folder too: move it to" in capsys.readouterr().out
    monkeypatch.setenv("RUNGWISE_MASTER_KEY_FILE", str(folder / "master.key"))
    assert run("doctor", "--data", folder) == 0
    assert "move it" not in capsys.readouterr().out, "it is the one that is named"


def test_a_journey_is_chosen_by_its_match_system_and_shown_with_its_decision(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = tmp_path / "both.csv"
    both.write_text(ROSTER.replace("S-2,Sam Stone,nrmp", "S-1,Robin Reed,aua").replace("2388", "238"), "utf-8")
    assert run("import", both, "--cycle", 2026, "--as", LENA, "--apply", "--data", folder) == 0
    capsys.readouterr()
    assert run("journey", "show", "S-1", "--data", folder) == 2
    asked = "journey: 'not said which' is not allowed (--cycle 2026 --system aua or --cycle 2026 --system nrmp)"
    assert asked in capsys.readouterr().err
    assert run("journey", "show", "S-1", "--system", "sf", "--data", folder) == 2
    assert run("journey", "show", "S-1", "--cycle", 2026, "--system", "aua", "--data", folder) == 0
    out = capsys.readouterr().out
    assert "cycle 2026 (aua)" in out
    assert "decided: nothing yet" in out


def test_what_a_terminal_would_obey_is_refused_in_a_roster_and_not_printed(
    folder: Path, roster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster.write_text(ROSTER.replace("Robin Reed", "Robin \x1b[31mReed").replace("2388", "238"), "utf-8")
    assert run("import", roster, "--cycle", 2026, "--as", LENA, "--apply", "--data", folder) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "text without control characters" in out
    assert "1 faulty" in out


def test_nothing_to_write_is_said_in_the_preview_too(
    folder: Path, roster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", roster, "--cycle", 2026, "--as", LENA, "--apply", "--data", folder)
    capsys.readouterr()
    run("import", roster, "--cycle", 2026, "--as", LENA, "--data", folder)
    out = capsys.readouterr().out
    assert "There is nothing to write." in out
    assert "--apply" not in out


@pytest.mark.parametrize("kind", ["--demo", "--empty"])
def test_no_store_is_made_among_somebody_elses_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert run("serve", kind, "--data", tmp_path) == 2
    err = capsys.readouterr().err
    assert "in this one lies thesis.txt" in err
    assert err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_link_lets_a_locked_out_steward_in_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("link", PEOPLE["steward"].email, "--data", folder) == 0
    assert "http://127.0.0.1:8000/welcome/" in capsys.readouterr().out
    assert run("link", PEOPLE["steward"].email, "--url", "https://r.example/", "--data", folder) == 0
    assert capsys.readouterr().out.startswith("https://r.example/welcome/")
    assert run("link", PEOPLE["steward"].email, "--url", "r.example", "--data", folder) == 2
    capsys.readouterr()
    assert run("link", "stranger@school.example", "--data", folder) == 2


def test_a_wrong_setting_is_one_line_and_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("serve", "--port", "http") == 2
    assert capsys.readouterr().err == "rungwise: --port: 'http' is not allowed (a whole number from 1 to 65535)\n"


def test_a_mistake_in_the_program_is_one_line_and_three(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "doctor", lambda _: 1 / 0)
    assert run("doctor") == 3
    err = capsys.readouterr().err
    assert "a mistake in the program, not yours (ZeroDivisionError at" in err
    assert err.count("\n") == 1


def test_ctrl_c_ends_without_a_word(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "doctor", interrupted)
    assert run("doctor") == 130
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    command = [*RUNGWISE, "doctor", "--data", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as made:
        assert made.stdout is not None
        assert made.stderr is not None
        made.stdout.close()
        assert made.stderr.read() == b""
        assert made.wait(30) == 0


def test_the_first_start_says_what_of_the_installed_packs_it_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import argparse
    from dataclasses import replace

    from plugins import host
    from web.first_start import prepare
    from web.settings import Settings

    whole = host.load()
    monkeypatch.setattr(host, "load", lambda: replace(whole, faults=("pack.toml: door 'ajar' is not allowed",)))
    given = {"steward_name": "Ada", "steward_email": "ada@s.example", "password": "one rung at a time"}
    asked = argparse.Namespace(demo=False, empty=True, institution=None, time_zone="America/Chicago", **given)
    told = prepare(Settings(data_dir=tmp_path / "data"), {}, asked)
    assert "Left out of the playbook: pack.toml: door 'ajar' is not allowed" in told
