"""`rungwise log verify`: what it prints, and its exit code."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from web.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def verified(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    code = main(["log", "verify", "--data", str(folder)])
    return code, capsys.readouterr().out.splitlines()


def sql(path: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as db, db:
        return db.execute(statement).fetchall()


def test_a_store_as_it_was_written_has_no_finding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, [line] = verified(folder, capsys)
    assert code == 0
    assert line.endswith(": nothing is wrong")


def test_what_was_changed_is_named_by_its_position_and_the_exit_code_is_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sql(folder / "journal.db", "UPDATE stored_events SET state = zeroblob(200) WHERE rowid = 3")
    sql(folder / "journal.db", "DELETE FROM stored_events WHERE rowid = 5")
    code, lines = verified(folder, capsys)
    assert code == 1
    assert [line.split(":")[0] for line in lines[:-1]][:2] == ["finding  position 3", "finding  position 5"]
    assert lines[-1].endswith(" findings")


def test_a_journal_whose_first_row_does_not_open_is_walked_all_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = sql(folder / "journal.db", "SELECT max(rowid) FROM stored_events")[0][0]
    sql(folder / "journal.db", "UPDATE stored_events SET state = zeroblob(200) WHERE rowid = 1")
    code, lines = verified(folder, capsys)
    assert code == 1
    assert lines[0].startswith("finding  position 1: ")
    assert lines[-1].startswith(f"{rows} events in ")


def test_a_log_that_was_cut_off_is_found_while_the_read_models_remember_more(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["views", "rebuild", "--data", str(folder)])
    capsys.readouterr()
    head = sql(folder / "journal.db", "SELECT max(rowid) FROM stored_events")[0][0]
    assert verified(folder, capsys)[0] == 0
    sql(folder / "journal.db", f"DELETE FROM stored_events WHERE rowid = {head}")
    code, lines = verified(folder, capsys)
    assert code == 1
    assert f"finding  position {head - 1}: the log ends here, and the read models were at position {head}" in lines[0]
    assert verified(folder, capsys)[0] == 1, "looking takes nothing away"


def test_what_the_database_says_over_several_lines_is_one_line_each(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "journal.db"
    sql(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[-4096:-4032] = bytes(byte ^ 0xFF for byte in data[-4096:-4032])
    path.write_bytes(bytes(data))
    code, lines = verified(folder, capsys)
    assert code == 1
    assert any("journal.db is damaged" in line for line in lines)
    assert all(line.startswith(("finding  ", "doubt  ")) for line in lines[:-1]), lines


def test_a_folder_without_a_store_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "verify", "--data", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"rungwise: there is no store at {tmp_path}")
    assert told.count("\n") == 1
