"""Backup and restore: whole while people write, verified, and never bringing back what was erased."""

from __future__ import annotations

import json
import shutil
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.advising.members import AddMember, add_member
from core.people.member import member_id
from projections import people
from tests.integration.conftest import id_of
from web.backup import backup
from web.cli import main
from web.house import House, open_house
from web.serve import lead
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 6, 16, 15, 0, tzinfo=UTC)


def run(*arguments: object) -> int:
    return main([str(one) for one in arguments])


def opened(folder: Path) -> House:
    return open_house(Settings(data_dir=folder), {})


def join(house: House, number: int) -> int:
    who = house.desk.principal(id_of(house, "steward"))
    command = AddMember(command_id=f"w{number}", name=f"Writer {number}", email=f"w{number}@school.example")
    return add_member(house.desk, who, command).position


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A backup of the school."""
    backup(folder, tmp_path / "copy", now=NOW)
    return tmp_path / "copy"


def test_a_backup_into_the_store_itself_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for inside in (folder / "copy", folder / "files" / "copy"):
        assert run("backup", inside, "--data", folder) == 2
        assert "a folder outside the store" in capsys.readouterr().err
        assert not inside.exists()


def test_what_is_restored_is_what_was_backed_up(folder: Path, tmp_path: Path) -> None:
    (folder / "files" / "letter.txt").write_text("a letter")
    assert run("backup", tmp_path / "copy", "--with-master-key", "--data", folder) == 0
    assert run("restore", tmp_path / "copy", "--data", tmp_path / "new") == 0
    with closing(opened(folder)) as before, closing(opened(tmp_path / "new")) as after:
        assert after.desk.journal.head() == before.desk.journal.head()
        after.runner.catch_up()  # the read models are not in a backup: they are made again
        assert after.access.credentials.check(id_of(after, "steward"), "one rung at a time")
        with before.views.read() as one, after.views.read() as other:
            assert people.members(one) == people.members(other)
    assert (tmp_path / "new" / "files" / "letter.txt").read_text() == "a letter"
    assert run("doctor", "--deep", "--data", tmp_path / "new") == 0


def test_a_backup_taken_while_people_write_is_whole(folder: Path, tmp_path: Path) -> None:
    acknowledged: list[int] = []
    enough = threading.Event()

    def write() -> None:
        with closing(opened(folder)) as house:
            for number in range(400):
                acknowledged.append(join(house, number))
                if enough.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(acknowledged) < 20:
            assert writer.is_alive()
        first = acknowledged[-1]
        manifest = backup(folder, tmp_path / "copy", now=NOW, with_master_key=True)
        last = acknowledged[-1]
    finally:
        enough.set()
        writer.join()
    assert first <= manifest.position
    assert run("restore", tmp_path / "copy", "--data", tmp_path / "new") == 0
    with closing(opened(tmp_path / "new")) as house:
        assert house.desk.journal.head() == manifest.position
        assert len(house.desk.journal.read_log(0, 10_000)) == manifest.position, "every event opens under its key"
        assert house.runner.catch_up() == manifest.position
    assert last >= first


def test_a_backup_never_overwrites(folder: Path, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (copy / "manifest.json").read_bytes()
    assert run("backup", copy, "--data", folder) == 2
    assert "a folder that does not exist yet or is empty" in capsys.readouterr().err
    assert (copy / "manifest.json").read_bytes() == before


def test_without_being_asked_the_master_key_stays_out_and_both_commands_say_so(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("backup", tmp_path / "copy", "--data", folder) == 0
    assert "The master key is not in it" in capsys.readouterr().out
    key = (folder / "master.key").read_text().strip()
    for path in (tmp_path / "copy").rglob("*"):
        assert path.is_dir() or (key.encode() not in path.read_bytes() and bytes.fromhex(key) not in path.read_bytes())
    assert run("restore", tmp_path / "copy", "--data", tmp_path / "new") == 0
    assert "put it at" in capsys.readouterr().out
    shutil.copyfile(folder / "master.key", tmp_path / "new" / "master.key")
    (tmp_path / "new" / "master.key").chmod(0o600)
    assert run("doctor", "--data", tmp_path / "new") == 0


def test_a_folder_in_use_is_replaced_only_when_asked_and_kept_beside(
    folder: Path, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(opened(folder)) as house:
        head = house.desk.journal.head()
        join(house, 1)
    assert run("restore", copy, "--data", folder) == 2
    assert "an empty folder, or --replace" in capsys.readouterr().err
    assert run("restore", copy, "--replace", "--data", folder) == 0
    with closing(opened(folder)) as house:
        assert house.desk.journal.head() == head
    [kept] = folder.parent.glob("data.replaced-*")
    with closing(opened(kept)) as house:
        assert house.desk.journal.head() == head + 1


def test_what_was_erased_since_stays_erased(folder: Path, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(opened(folder)) as house:
        abel = id_of(house, "advisor")
        house.desk.journal.keys.destroy(f"member:{abel}", NOW)
    assert run("restore", copy, "--replace", "--data", folder) == 0
    assert "1 erasures recorded since were repeated." in capsys.readouterr().out
    with closing(opened(folder)) as house:
        assert house.desk.journal.keys.destroyed() == [(f"member:{abel}", NOW.isoformat())]
        with pytest.raises(Exception, match="was erased"):
            house.desk.principal(abel)
        house.runner.catch_up()
    for path in folder.iterdir():
        assert path.is_dir() or b"Abel Advisor" not in path.read_bytes(), path.name


def test_without_the_erasure_the_person_is_back(folder: Path, copy: Path) -> None:
    assert run("restore", copy, "--replace", "--data", folder) == 0
    with closing(opened(folder)) as house:
        assert house.desk.principal(id_of(house, "advisor")).name == "Abel Advisor"


def test_when_the_erasures_cannot_be_read_it_says_so_and_asks(
    folder: Path, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "keys.db").write_bytes(b"no database" * 500)
    assert run("restore", copy, "--replace", "--data", folder) == 1
    assert "the erasures recorded in the replaced store cannot be read" in capsys.readouterr().err
    assert run("restore", copy, "--replace", "--without-erasures", "--data", folder) == 0


def test_sessions_and_links_do_not_live_again(folder: Path, tmp_path: Path) -> None:
    with closing(opened(folder)) as house:
        token = house.access.sessions.open("m1")
        link = house.access.credentials.invite("m1")
    backup(folder, tmp_path / "copy", now=NOW, with_master_key=True)
    assert run("restore", tmp_path / "copy", "--data", tmp_path / "new") == 0
    with closing(opened(tmp_path / "new")) as house:
        assert house.access.sessions.member_of(token, idle_hours=8, hours=24) is None
        with pytest.raises(Exception, match="used already"):
            house.access.credentials.invited(link)


def test_nothing_is_replaced_under_a_running_server(
    school: House, copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.jobs.start_jobs", lambda _house: None)  # its thread would outlive the test
    assert lead(school).wait(5)
    assert run("restore", copy, "--replace", "--data", school.settings.data_dir) == 1
    assert "a server is running on" in capsys.readouterr().err


def _spoil(copy: Path) -> Iterator[tuple[str, int]]:
    """Spoil a backup in one way after another; yields what is told and the exit code."""
    journal = copy / "journal.db"
    good = journal.read_bytes()
    journal.write_bytes(good[:-1] + b"x")
    yield "journal.db in this backup is not what was backed up", 1
    journal.unlink()
    yield "journal.db is missing from this backup", 1
    journal.write_bytes(good)
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    yield "this backup has format 99, this program knows up to 1", 1
    (copy / "manifest.json").write_text("{")
    yield "a folder with a readable manifest.json", 2
    (copy / "manifest.json").write_text(json.dumps(manifest | {"sha256": {"../data/keys.db": "0"}}))
    yield "is missing from this backup", 1
    (copy / "manifest.json").unlink()
    yield "a folder with a readable manifest.json", 2


def test_a_spoiled_backup_restores_nothing(copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for sentence, code in _spoil(copy):
        assert run("restore", copy, "--data", tmp_path / "new") == code
        err = capsys.readouterr().err
        assert sentence in err
        assert err.count("\n") == 1
        assert not (tmp_path / "new").exists()
        assert not (tmp_path / "new.restoring").exists()


def test_a_backup_of_another_institution_does_not_replace_this_one(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.integration.conftest import found_school

    found_school(tmp_path / "other")
    backup(tmp_path / "other", tmp_path / "copy", now=NOW)
    assert run("restore", tmp_path / "copy", "--replace", "--data", folder) == 1
    assert "holds another institution" in capsys.readouterr().err


def test_a_master_key_that_does_not_open_the_backup_restores_nothing(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RUNGWISE_MASTER_KEY", "ab" * 32)
    assert run("restore", copy, "--data", tmp_path / "new") == 1
    assert "does not open keys.db" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_damaged_store_is_not_backed_up(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "keys.db").write_bytes(b"no database" * 500)
    assert run("backup", tmp_path / "copy", "--data", folder) == 1
    assert "the backup was not made" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_member_ids_do_not_depend_on_where_the_store_lies(folder: Path, tmp_path: Path) -> None:
    moved = Path(shutil.move(folder, tmp_path / "moved"))
    with closing(opened(moved)) as house:
        assert house.desk.principal(str(member_id(house.desk.journal.keys, "LENA@school.example"))).name == "Lena Lead"
