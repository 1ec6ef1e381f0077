"""A store that cannot be used: one clear sentence each, on the command line and in the doctor, and never a trace."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import found_school
from web.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OTHER_KEY = "ab" * 32


def _set(pragma: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"PRAGMA {pragma}")

    return change


def _execute(statement: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute(statement)

    return change


def _garbage(path: Path) -> None:
    path.write_bytes(b"this was a database once\n" * 400)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _holes(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(bytes(data))


DAMAGES: list[tuple[str, str, Callable[[Path], None], str]] = [
    ("journal missing", "journal.db", lambda path: path.unlink(), "journal.db is missing"),
    ("keys missing", "keys.db", lambda path: path.unlink(), "keys.db is missing|keys.db is not there"),
    ("access missing", "access.db", lambda path: path.unlink(), "access.db is not there"),
    ("journal garbage", "journal.db", _garbage, "journal.db cannot be (opened|read)"),
    ("keys garbage", "keys.db", _garbage, "keys.db cannot be (opened|read)"),
    ("access garbage", "access.db", _garbage, "access.db cannot be (opened|read)"),
    ("journal cut", "journal.db", _cut, "journal.db.*(damaged|cannot be)"),
    ("keys cut", "keys.db", _cut, "keys.db.*(damaged|cannot be)"),
    ("access cut", "access.db", _cut, "access.db.*(damaged|cannot be)"),
    ("journal with holes", "journal.db", _holes, "(journal.db|the journal).*(damaged|malformed)"),
    ("keys with holes", "keys.db", _holes, "keys.db.*(damaged|cannot be)"),
    ("access with holes", "access.db", _holes, "access.db.*(damaged|cannot be)"),
    ("journal newer", "journal.db", _set("user_version = 99"), "journal.db.*format 99, this program knows up to 1"),
    ("keys newer", "keys.db", _set("user_version = 99"), "keys.db.*format 99, this program knows up to 1"),
    ("views newer", "views.db", _set("user_version = 99"), "views.db.*format 99, this program knows up to"),
    (
        "access newer",
        "access.db",
        _execute("UPDATE alembic_version SET version_num = '0099'"),
        "access.db.*(revision|format) 0*99, this program knows up to",
    ),
    ("journal foreign", "journal.db", _set("application_id = 1"), "journal.db.*not a Rungwise store"),
    ("access foreign", "access.db", _set("application_id = 1"), "access.db.*not a Rungwise store"),
    ("master key missing", "master.key", lambda path: path.unlink(), "master.key cannot be read"),
    ("master key wrong", "master.key", lambda path: path.write_text(OTHER_KEY), "does not open keys.db"),
    ("master key unreadable", "master.key", lambda path: path.write_text("my key"), "64 hexadecimal digits"),
    (
        "row copied to another stream",
        "journal.db",
        _execute(
            "UPDATE stored_events SET state = (SELECT state FROM stored_events ORDER BY rowid LIMIT 1) WHERE rowid = 2"
        ),
        "does not open at its place",
    ),
]


@pytest.mark.parametrize(("name", "damage", "sentence"), [one[1:] for one in DAMAGES], ids=[one[0] for one in DAMAGES])
def test_a_store_that_cannot_be_used_is_refused_in_one_clear_line(
    folder: Path, capfd: pytest.CaptureFixture[str], name: str, damage: Callable[[Path], None], sentence: str
) -> None:
    damage(folder / name)
    code = main(["views", "rebuild", "--data", str(folder)])
    err = capfd.readouterr().err
    assert code in (1, 2)
    _one_line(err, sentence)


@pytest.mark.parametrize(("name", "damage", "sentence"), [one[1:] for one in DAMAGES], ids=[one[0] for one in DAMAGES])
def test_the_doctor_finds_it_and_says_so(
    folder: Path, capfd: pytest.CaptureFixture[str], name: str, damage: Callable[[Path], None], sentence: str
) -> None:
    damage(folder / name)
    assert main(["doctor", "--deep", "--data", str(folder)]) == 1
    out, err = capfd.readouterr()
    assert not err
    assert any(line.startswith("fail") for line in out.splitlines())
    assert all(line.startswith(("ok", "warn", "fail")) for line in out.splitlines()), "one line each"
    assert all(line.count("restore it from a backup") <= 1 for line in out.splitlines())
    assert _matches(sentence, out) or "cannot be read" in out or "no store" in out or "is damaged" in out


def test_a_damaged_file_of_read_models_is_made_again(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _garbage(folder / "views.db")
    assert main(["views", "rebuild", "--data", str(folder)]) == 0
    assert main(["views", "status", "--data", str(folder)]) == 0
    assert "current" in capfd.readouterr().out


def test_keys_of_another_store_are_refused(folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    found_school(tmp_path / "other")
    for name in ("keys.db", "master.key"):
        shutil.copyfile(tmp_path / "other" / name, folder / name)
    assert main(["views", "rebuild", "--data", str(folder)]) == 1
    _one_line(capfd.readouterr().err, "keys.db lacks a key|not of one store")


def test_a_folder_without_a_store_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for command in (["views", "status"], ["journey", "show", "S-1"], ["log", "verify"], ["backup", "copy"]):
        assert main([*command, "--data", str(tmp_path / "nothing")]) == 2
        _one_line(capfd.readouterr().err, f"there is no store at {tmp_path / 'nothing'}")
    assert main(["serve", "--data", str(tmp_path / "nothing")]) == 1
    _one_line(capfd.readouterr().err, "holds no store")
    assert not (tmp_path / "nothing").exists()


def _one_line(err: str, sentence: str) -> None:
    assert "Traceback" not in err
    assert err.startswith("rungwise: ")
    assert err.count("\n") == 1, err
    assert _matches(sentence, err), err


def _matches(sentence: str, text: str) -> bool:
    import re

    return re.search(sentence, text) is not None
