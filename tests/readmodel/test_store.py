"""The file of the read models: guarded, and made again from the journal whenever it cannot be trusted."""

from __future__ import annotations

import ast
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest
from sqlalchemy import bindparam, column, select, table
from sqlalchemy.exc import OperationalError

from core.errors import StoreError
from core.journal.store import open_journal
from projections.rows import Plain
from projections.runner import Runner
from projections.store import STATE, Views, open_views
from tests import builders as b
from tests.readmodel.school import School

PACKAGE = Path(__file__).parents[2] / "projections"


def edit(folder: Path, *statements: str) -> None:
    db = sqlite3.connect(folder / "views.db", isolation_level=None)
    for statement in statements:
        db.execute(statement)
    db.close()


def reopened(school: School) -> Views:
    school.views.close()
    school.views = open_views(school.folder, school.journal)
    school.runner = Runner(school.journal, school.views)
    return school.views


def test_a_healthy_file_is_used_as_it_is(school: School) -> None:
    school.student()
    head = school.runner.catch_up()

    views = reopened(school)

    assert views.note is None
    assert views.position() == head


@pytest.mark.parametrize(
    ("statement", "note"),
    [
        ("PRAGMA user_version = 0", "of an older format"),
        ("UPDATE view_state SET institution = 'another'", "belonged to another institution"),
        ("UPDATE view_state SET position = 1000000", "ahead of the journal"),
        ("UPDATE view_state SET mark = 'another/1'", "another history of the journal"),
        ("UPDATE view_state SET shape = 'sha256:0'", "another version of the program"),
        ("DELETE FROM view_state", "another version of the program"),
        ("DROP TABLE view_state", "damaged"),
    ],
)
def test_what_is_not_of_this_journal_is_made_again_with_a_note(school: School, statement: str, note: str) -> None:
    school.student()
    before = school.row()
    edit(school.folder, statement)

    views = reopened(school)

    assert views.note is not None
    assert note in views.note
    assert views.note.endswith("; it is made again from the journal")
    assert views.position() == 0
    assert school.row() == before


@pytest.mark.parametrize("damage", ["rubbish", "cut", "overwritten"])
def test_a_damaged_file_is_made_again_with_a_note(school: School, damage: str) -> None:
    school.student(b.path_ready())
    before = school.row()
    school.views.close()
    path = school.folder / "views.db"
    whole = path.read_bytes()
    path.write_bytes(
        {
            "rubbish": b"not a database at all" * 400,
            "cut": whole[: len(whole) // 2],
            "overwritten": whole[:8192] + b"\xff" * 40_000 + whole[48_192:],
        }[damage]
    )

    views = reopened(school)

    assert views.note is not None
    assert "damaged" in views.note
    assert school.row() == before


def test_a_newer_file_is_refused_with_one_clear_line_and_left_alone(school: School) -> None:
    school.runner.catch_up()
    school.views.close()
    edit(school.folder, "PRAGMA user_version = 99")

    with pytest.raises(
        StoreError, match=r"^views\.db has format 99, this program knows up to \d+: use the newer program$"
    ):
        open_views(school.folder, school.journal)
    db = sqlite3.connect(school.folder / "views.db")
    assert db.execute("SELECT position FROM view_state").fetchone()[0] > 0
    db.close()


def test_a_file_that_is_not_ours_is_refused_and_left_alone(school: School) -> None:
    school.views.close()
    path = school.folder / "views.db"
    path.unlink()
    edit(school.folder, "CREATE TABLE recipe (name TEXT)", "INSERT INTO recipe VALUES ('pie')")

    with pytest.raises(StoreError, match="is not a Rungwise store"):
        open_views(school.folder, school.journal)
    db = sqlite3.connect(path)
    assert db.execute("SELECT name FROM recipe").fetchone() == ("pie",)
    db.close()


def test_a_restored_journal_that_went_on_differently_is_noticed(tmp_path: Path) -> None:
    with School(tmp_path / "a") as school:
        school.student()
        school.journal.close()
        shutil.copytree(tmp_path / "a", tmp_path / "b", ignore=shutil.ignore_patterns("views.db*"))
        school.journal = open_journal(tmp_path / "a", {})
        school.runner = Runner(school.journal, school.views)
        school.student(student_ref="S-200")
        school.runner.catch_up()
        school.views.close()

        restored = open_journal(tmp_path / "b", {})
        other = School.__new__(School)
        other.__dict__.update(vars(school) | {"journal": restored})
        other.student(student_ref="S-300")
        other.student(student_ref="S-400")
        shutil.copy(tmp_path / "a" / "views.db", tmp_path / "b" / "views.db")
        views = open_views(tmp_path / "b", restored)

        assert views.note is not None
        assert "another history" in views.note
        views.close()
        restored.close()


def test_an_empty_file_can_be_asked_for(school: School) -> None:
    school.runner.catch_up()
    school.views.close()

    school.views = open_views(school.folder, school.journal, fresh=True)

    assert school.views.position() == 0


def test_a_page_sees_one_moment_while_the_runner_writes(school: School) -> None:
    school.student()
    school.runner.catch_up()

    with school.views.read() as db:
        before = db.execute(STATE.select()).one()
        school.student(student_ref="S-101")
        school.runner.catch_up()
        assert db.execute(STATE.select()).one() == before
    with school.views.read() as db:
        assert db.execute(STATE.select()).one() != before


def test_an_error_of_the_database_never_shows_a_students_data(school: School) -> None:
    with pytest.raises(OperationalError) as caught, school.views.read() as db:
        db.exec_driver_sql("SELECT * FROM nothing WHERE name = ?", ("Robin Vale",))

    assert "Robin Vale" not in str(caught.value)

    with pytest.raises(sqlite3.OperationalError) as told, school.views.read() as db:
        Plain(select(column("name")).select_from(table("nothing")).where(column("name") == bindparam("name")))(
            db, name="Robin Vale"
        )

    assert "Robin Vale" not in str(told.value)


def test_the_read_models_import_only_core_and_each_other() -> None:
    allowed = {"core", "projections", "sqlalchemy", "msgspec"}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, path
                names = [node.module or ""]
            for name in names:
                top = name.split(".")[0]
                assert top in allowed or top in sys.stdlib_module_names, (path.name, name)


def test_no_read_model_reads_a_clock() -> None:
    words = ("datetime.now(", "date.today(", "utcnow(", "time.time(")
    for path in PACKAGE.rglob("*.py"):
        assert not any(word in path.read_text("utf-8") for word in words), path
