"""The runner: batches, restarts, other processes, events that cannot be folded, erasure."""

from __future__ import annotations

import dataclasses
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from sqlalchemy import event, select

from core.errors import StoreError
from core.journal.store import open_journal
from core.journey import contacts
from core.journey.journey import student_subject
from projections import board_table, folding, journey, recommended, timeline
from projections.folding import Folding
from projections.registry import MODELS
from projections.runner import Runner, digest
from tests import builders as b
from tests.readmodel.school import School

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.model import ReadModel

ROOT = Path(__file__).parents[2]
SOON_S = 60.0  # patience with a slow machine; a test that passes never waits so long


def until(true: Callable[[], Any]) -> bool:
    end = time.monotonic() + SOON_S
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def test_any_batch_size_gives_the_same_rows(tmp_path: Path) -> None:
    digests = []
    for batch in (1, 3, 2000):
        with School(tmp_path / str(batch), batch=batch) as school:
            one = school.student(
                b.path_ready(), b.recommended("REAPPLY"), b.decided(b.pivot(reason_code="money", reason="x"))
            )
            school.add(one, b.talked(), b.withdrawn("a"))
            school.runner.catch_up()
            rows = school.row()
            digests.append(msgspec.structs.replace(rows, journey_id=one, changed_by=""))
            before = school.digests()
            Runner(school.journal, school.views, batch=2).rebuild()
            assert school.digests() == before
    assert len({repr(msgspec.structs.replace(row, journey_id=digests[0].journey_id)) for row in digests}) == 1


def test_one_batch_is_one_transaction(school: School) -> None:
    school.student(b.path_ready())
    commits: list[object] = []
    event.listen(school.views._writer, "commit", commits.append)
    Runner(school.journal, school.views, batch=5).catch_up()

    head = school.journal.head()
    assert len(commits) == -(-head // 5)


def test_a_restart_in_the_middle_goes_on_where_the_rows_are(school: School) -> None:
    one = school.student(b.path_ready())
    Folding(school.journal, school.views, MODELS, batch=3).step()
    assert 0 < school.views.position() < school.journal.head()

    assert Runner(school.journal, school.views).catch_up() == school.journal.head()
    before = school.digests()
    school.runner.rebuild()
    assert school.digests() == before
    assert school.sheet(one).version == 13


def interrupting(after: int) -> tuple[ReadModel, ...]:
    """The read models, of which one ends its process, so to say, at a later event."""
    left = [after]

    def fold(work: Any, one: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        assert timeline.MODEL.fold is not None
        timeline.MODEL.fold(work, one)

    return tuple(dataclasses.replace(m, fold=fold) if m is timeline.MODEL else m for m in MODELS)


def test_a_pass_that_is_cut_off_leaves_rows_and_position_as_they_were(school: School) -> None:
    school.student()
    school.runner.catch_up()
    before, position = school.digests(), school.views.position()
    school.student(b.talked(), student_ref="S-101")

    with pytest.raises(KeyboardInterrupt):
        Folding(school.journal, school.views, interrupting(1)).step()

    assert (school.digests(), school.views.position()) == (before, position)


def test_two_runners_never_fold_an_event_twice(school: School) -> None:
    school.student(b.path_ready())
    late, first = (Folding(school.journal, school.views, MODELS, batch=batch) for batch in (5, 2))
    read_on = school.journal.read_on
    school.journal.read_on = lambda *place: (school.journal.__dict__.pop("read_on"), read_on(*place), first.step())[1]  # type: ignore[method-assign]

    assert late.step() == 5  # it was overtaken between reading and writing, and read again
    assert school.views.position() == 7

    other = Runner(school.journal, school.views, batch=1)
    threads = [threading.Thread(target=one.catch_up) for one in (school.runner, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    before = school.digests()
    assert school.views.position() == school.journal.head()
    school.runner.rebuild()
    assert school.digests() == before


def test_what_is_remembered_between_passes_gives_the_same_rows_as_reading_them_again(school: School) -> None:
    journeys = [school.student(b.path_ready(), student_ref=f"S-{number}") for number in range(3)]
    forgetful = Folding(school.journal, school.views, MODELS, batch=4, remembered=0)
    keen = Folding(school.journal, school.views, MODELS, batch=4, remembered=2)
    for step in (b.recommended("REAPPLY"), b.talked(), b.recommended("PIVOT_NOW"), b.withdrawn("a"), b.talked()):
        for one in journeys:
            school.add(one, step)
        keen.step()
        forgetful.step()  # so that what the other one remembers is out of date
    keen.to_the_end()
    grown = school.digests()

    school.runner.rebuild()

    assert school.digests() == grown


def test_the_thread_folds_what_this_process_writes_and_a_waiting_page_is_told(school: School) -> None:
    school.runner.start()
    school.runner.start()  # a second call is quiet
    school.student()

    assert school.runner.wait_for(school.journal.head(), SOON_S)
    status_now = school.runner.status()
    assert (status_now.state, status_now.running, status_now.lag) == ("current", True, 0)
    assert status_now.rate_per_s is not None
    school.runner.stop()
    assert not school.runner.status().running


def test_waiting_ends_when_nobody_folds(school: School) -> None:
    school.student()

    assert not school.runner.wait_for(school.journal.head(), 0.05)
    assert school.runner.status().state == "behind"
    school.runner.catch_up()
    assert school.runner.wait_for(school.journal.head(), 0)


def test_rows_that_are_written_in_parts_of_a_pass_are_those_of_a_pass_in_one(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        school.student(b.path_ready(), *[b.recommended(o) for o in ("REAPPLY", "PIVOT_NOW")], student_ref=f"S-{number}")
    school.runner.catch_up()
    whole = school.digests()
    monkeypatch.setattr(timeline, "LINES_HELD", 4)
    monkeypatch.setattr(recommended, "HELD", 3)

    school.runner.rebuild()

    assert school.digests() == whole


WRITE = """
import sys
from pathlib import Path
from core.journal.store import open_journal
from core.journey import contacts
from core.journey.journey import student_subject
from core.journey.journey import open_journey
from tests.builders import new_journey, stamp
journal = open_journal(Path(sys.argv[1]), {})
print(journal.save(open_journey(new_journey(student_ref="elsewhere"), keys=journal.keys, stamp=stamp())))
"""


def test_a_write_of_another_process_wakes_the_thread(school: School) -> None:
    school.runner.start()
    assert school.runner.wait_for(school.journal.head(), SOON_S)

    done = subprocess.run(
        [sys.executable, "-c", WRITE, str(school.folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert until(lambda: school.views.position() >= int(done.stdout))


def test_a_file_that_cannot_be_written_is_said_and_not_taken_for_a_bad_event(school: School) -> None:
    school.student()
    batches: list[int] = []
    read_on = school.journal.read_on
    school.journal.read_on = lambda after, limit: batches.append(limit) or read_on(after, limit)  # type: ignore[method-assign,func-returns-value]
    school.views.close()  # connections that are opened from here on do not wait for a lock
    event.listen(school.views._engine, "connect", lambda db, _: db.execute("PRAGMA busy_timeout = 1"))
    lock = sqlite3.connect(school.folder / "views.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="the rows cannot be written: OperationalError: database is locked"):
        school.runner.catch_up()

    assert batches == [folding.READ]  # no search for an event that is to blame
    now = school.runner.status()
    assert (now.state, now.parked) == ("degraded", ())
    lock.close()
    school.runner.catch_up()
    assert school.runner.status().state == "current"


def test_a_journal_that_cannot_be_read_is_said_and_not_taken_for_a_bad_event(school: School) -> None:
    school.student()

    def broken(*_: int) -> Any:
        raise StoreError("the journal could not be read (disk I/O error)")

    school.journal.read_on = broken  # type: ignore[method-assign]
    with pytest.raises(StoreError, match=r"^the journal could not be read \(disk I/O error\)$"):
        school.runner.catch_up()

    now = school.runner.status()
    assert (now.state, now.error, now.parked) == (
        "degraded",
        "the journal could not be read (disk I/O error)",
        (),
    )


def test_an_erased_journey_is_a_tombstone_here_and_after_a_rebuild(school: School) -> None:
    one = school.student(b.path_ready(), b.recommended("REAPPLY"))
    school.student(student_ref="S-101", name="Someone Else")
    assert school.board().total == 2
    school.erase()

    page = school.board()

    assert [row.name for row in page.rows] == ["Someone Else"]
    assert page.erased == 1
    sheet = school.sheet(one)
    assert (sheet.erased, sheet.version, sheet.name, dict(sheet.facts)) == (True, 14, "", {})
    entries = school.entries(one)
    assert {(entry.title, entry.detail, entry.actor) for entry in entries} == {("Erased", "", "")}
    assert len(entries) == 14
    with school.views.read() as db:
        assert journey.by_reference(db, "S-100") == ()
        tombstone = db.execute(select(board_table.BOARD).where(board_table.BOARD.c.erased)).one()
    assert (tombstone.version, tombstone.name, tombstone.cohort) == (14, None, None)
    before = school.digests()
    school.runner.rebuild()
    assert school.digests() == before


def test_nothing_of_an_erased_student_is_left_in_the_files(school: School) -> None:
    note = "Xanthippe spoke " * 50
    notes = [lambda j, at: contacts.add_note(j, visibility="team", body=note, stamp=at)] * 60
    school.student(notes, name="Xanthippe Quill", student_ref="QX-77")
    school.runner.catch_up()
    assert any(b"Xanthippe" in path.read_bytes() for path in school.folder.glob("views*"))
    school.erase("QX-77")
    school.runner.start()  # an erasure asks for a new file: in the old one something may lie between the rows

    assert until(lambda: school.views.state().clean == 1)
    school.runner.stop()
    assert not any(b"Xanthippe" in path.read_bytes() for path in school.folder.glob("views*"))


def test_the_thread_sees_an_erasure_that_no_event_tells_of(school: School) -> None:
    school.student()
    school.runner.start()
    assert school.runner.wait_for(school.journal.head(), SOON_S)
    school.erase()

    def erased() -> bool:
        with school.views.read() as db:
            return bool(db.execute(select(board_table.BOARD.c.erased)).scalar())

    assert until(erased)


def test_an_erasure_by_another_process_reaches_the_keys_held_here(school: School) -> None:
    school.student()
    assert school.board().total == 1
    elsewhere = open_journal(school.folder, {})
    elsewhere.keys.destroy(student_subject(elsewhere.keys, "S-100"), school.now)
    elsewhere.close()

    page = school.board()

    assert (page.total, page.erased) == (0, 1)


def test_gaps_between_positions_are_legal(school: School) -> None:
    db = sqlite3.connect(school.folder / "journal.db", isolation_level=None)
    db.execute("UPDATE stored_events SET rowid = rowid + 5000 WHERE rowid > 2")
    db.close()
    school.journal.close()
    school.journal = open_journal(school.folder, {})
    school.runner = Runner(school.journal, school.views, batch=2)

    assert school.runner.catch_up() == school.journal.head() > 5000
    assert school.runner.status().state == "current"


def test_a_digest_tells_one_changed_row(school: School) -> None:
    school.student()
    school.runner.catch_up()
    before = school.digests()
    with school.views.write() as db:
        db.execute(timeline.TIMELINE.update().values(title="Changed by hand"))

    changed = {name for name, value in school.digests().items() if value != before[name]}
    assert changed == {"timeline"}
    with pytest.raises(StopIteration):
        digest(school.views, "nothing")
