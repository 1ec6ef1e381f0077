"""Walking a journal finds every row that was edited, swapped, renumbered or deleted, and says where."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from core.journal.root import Created
from core.journal.topics import TOPICS
from core.journal.verify import KEY_ID, Finding, Reached, Walk
from core.journey.journey import student_subject
from tests.builders import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.unit.domain.journal.conftest import Store

STUDENTS = 12
MUTATIONS = 1000
RECORDED_AT, COMMITMENT = slice(17, 25), slice(25, 57)
Row = tuple[int, str, int, str, bytes]


def walked(folder: Path, reached: Reached | None = None) -> tuple[Walk, list[Finding]]:
    with closing(Walk(folder, {}, reached=reached)) as walk:
        return walk, list(walk.findings())


def places(folder: Path) -> set[int | None]:
    return {one.position for one in walked(folder)[1] if one.level == "finding"}


@pytest.fixture
def whole(store: Store) -> Store:
    """A store of a few students, its journal in one file."""
    for number in range(STUDENTS):
        store.begin(student_ref=f"S-{number}")
    store.journal.close()
    store.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return store


def test_a_whole_journal_has_no_finding(whole: Store) -> None:
    walk, found = walked(whole.folder)
    assert found == []
    assert (walk.rows, walk.streams, walk.erased, walk.head) == (3 * STUDENTS, STUDENTS, 0, 3 * STUDENTS)


def test_an_empty_journal_has_no_finding(store: Store) -> None:
    walk, found = walked(store.folder)
    assert (walk.rows, found) == (0, [])


class Tampering:
    """Changes rows behind the journal's back; each way returns the positions of which one at least must be named."""

    def __init__(self, db: sqlite3.Connection, chance: random.Random) -> None:
        self.db = db
        self.chance = chance
        self.rows: list[Row] = db.execute("SELECT rowid, * FROM stored_events ORDER BY rowid").fetchall()

    def put(self, row: Row, column: str, value: Any) -> None:
        self.db.execute(f"UPDATE stored_events SET {column} = ? WHERE rowid = ?", (value, row[0]))

    def two(self, *, of_one_student: bool) -> tuple[Row, Row]:
        while True:
            one, other = self.chance.sample(self.rows, 2)
            if (one[1] == other[1]) is of_one_student:
                return one, other

    def edit(self) -> set[int]:
        """One bit anywhere in the row."""
        row = self.chance.choice(self.rows)
        state = bytearray(row[4])
        state[self.chance.randrange(len(state))] ^= 1 << self.chance.randrange(8)
        self.put(row, "state", bytes(state))
        return {row[0]}

    def change_header(self) -> set[int]:
        """A field of the header is replaced by that of another student's row, or by chance."""
        row, other = self.two(of_one_student=False)
        part = self.chance.choice([KEY_ID, RECORDED_AT, COMMITMENT])
        value = other[4][part] if part != RECORDED_AT else self.chance.randbytes(8)
        state = bytearray(row[4])
        state[part] = value
        self.put(row, "state", bytes(state))
        return {row[0]}

    def change_topic(self) -> set[int]:
        row = self.chance.choice(self.rows)
        self.put(row, "topic", self.chance.choice([one for one in TOPICS if one != row[3]]))
        return {row[0]}

    def cut_short(self) -> set[int]:
        row = self.chance.choice(self.rows)
        self.put(row, "state", row[4][: self.chance.randrange(len(row[4]))])
        return {row[0]}

    def swap_contents(self) -> set[int]:
        one, other = self.two(of_one_student=self.chance.random() < 0.5)
        self.put(one, "state", other[4])
        self.put(other, "state", one[4])
        return {one[0], other[0]}

    def swap_whole_rows_between_students(self) -> set[int]:
        one, other = self.two(of_one_student=False)
        self.db.execute("DELETE FROM stored_events WHERE rowid IN (?, ?)", (one[0], other[0]))
        for (at, *_, topic, state), (_, stream, version, *_) in ((one, other), (other, one)):
            self.db.execute(
                "INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state)"
                " VALUES (?, ?, ?, ?, ?)",
                (at, stream, version, topic, state),
            )
        return {one[0], other[0]}

    def reorder_within_a_student(self) -> set[int]:
        one, other = self.two(of_one_student=True)
        for old, new in ((one[0], -1), (other[0], one[0]), (-1, other[0])):
            self.db.execute("UPDATE stored_events SET rowid = ? WHERE rowid = ?", (new, old))
        return {one[0], other[0]}

    def renumber(self) -> set[int]:
        row = self.chance.choice(self.rows)
        self.put(row, "originator_version", row[2] + self.chance.choice([10, 1000, -10]))
        return {row[0]}

    def delete_inside(self) -> set[int]:
        gone = self.chance.choice(self.rows[:-1])
        self.db.execute("DELETE FROM stored_events WHERE rowid = ?", (gone[0],))
        return {gone[0]}

    def delete_inside_and_close_the_gap(self) -> set[int]:
        gone = self.chance.choice([row for row in self.rows if row[2] < 3])  # none after the last one tells of it
        self.db.execute("DELETE FROM stored_events WHERE rowid = ?", (gone[0],))
        self.db.execute("UPDATE stored_events SET rowid = rowid - 1 WHERE rowid > ?", (gone[0],))
        return {row[0] - 1 for row in self.rows if row[1] == gone[1] and row[2] > gone[2]}

    def delete_a_student(self) -> set[int]:
        gone = self.chance.choice([row[1] for row in self.rows[: -3 * 2]])
        self.db.execute("DELETE FROM stored_events WHERE originator_id = ?", (gone,))
        return {row[0] for row in self.rows if row[1] == gone}

    def copy_to_another_student(self) -> set[int]:
        one, other = self.two(of_one_student=False)
        self.db.execute("INSERT INTO stored_events VALUES (?, 4, ?, ?)", (other[1], one[3], one[4]))
        return {len(self.rows) + 1}


WAYS: tuple[Callable[[Tampering], set[int]], ...] = (
    Tampering.edit,
    Tampering.change_header,
    Tampering.change_topic,
    Tampering.cut_short,
    Tampering.swap_contents,
    Tampering.swap_whole_rows_between_students,
    Tampering.reorder_within_a_student,
    Tampering.renumber,
    Tampering.delete_inside,
    Tampering.delete_inside_and_close_the_gap,
    Tampering.delete_a_student,
    Tampering.copy_to_another_student,
)


def missed(store: Store, count: int) -> Iterator[str]:
    """Tamper with a fresh copy each time; yields the name of each way that was not found where it was done."""
    chance = random.Random(238)  # noqa: S311 - the same every time
    path = store.folder / "journal.db"
    kept = path.with_suffix(".kept")
    shutil.copyfile(path, kept)
    for number in range(count):
        way = WAYS[number % len(WAYS)]
        shutil.copyfile(kept, path)
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA synchronous = OFF")
            at = way(Tampering(db, chance))
            db.commit()
        if not at & places(store.folder):
            yield way.__name__


def test_a_thousand_tampered_journals_are_all_found_at_the_place_of_the_deed(whole: Store) -> None:
    assert Counter(missed(whole, MUTATIONS)) == {}


def test_without_opening_the_rows_what_was_edited_or_swapped_would_not_be_found(
    whole: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Walk, "_open", lambda *_: iter(()))
    edited, swapped = {"edit", "change_header", "change_topic", "cut_short"}, {"swap_contents"}
    moved = {"swap_whole_rows_between_students", "copy_to_another_student"}
    assert set(missed(whole, 10 * len(WAYS))) == edited | swapped | moved


def test_without_counting_the_events_of_a_stream_what_closes_the_gap_would_not_be_found(
    whole: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Walk, "_order", lambda *_: iter(()))
    let_through = {"delete_inside_and_close_the_gap", "reorder_within_a_student"}
    assert set(missed(whole, 10 * len(WAYS))) == let_through


class TestTheEndOfTheLog:
    """A journal does not vouch for its own length; what else remembers it does."""

    def test_newest_rows_that_are_gone_are_found_by_what_the_read_models_remember(self, whole: Store) -> None:
        [(stream,)] = whole.sql("SELECT originator_id FROM stored_events WHERE rowid = 36")
        reached = Reached(position=36, stream=UUID(stream), version=3)
        assert walked(whole.folder, reached)[1] == []
        whole.sql("DELETE FROM stored_events WHERE rowid > 34")
        [found] = walked(whole.folder, reached)[1]
        assert (found.position, found.level) == (34, "finding")
        assert "the read models were at position 36: it was cut off" in found.sentence

    def test_rows_in_place_of_those_cut_off_are_found_by_what_the_read_models_remember(self, whole: Store) -> None:
        reached = Reached(position=36, stream=whole.journal.keys.institution, version=3)
        [found] = walked(whole.folder, reached)[1]
        assert found.position == 36
        assert "rows were replaced" in found.sentence

    def test_without_that_only_a_key_that_seals_nothing_tells_of_it_as_a_doubt(self, whole: Store) -> None:
        whole.sql("DELETE FROM stored_events WHERE rowid > 33")
        [found] = walked(whole.folder)[1]
        assert (found.position, found.level) == (None, "doubt")
        assert "seals no event" in found.sentence

    def test_the_last_event_of_the_log_alone_leaves_no_trace(self, whole: Store) -> None:
        whole.sql("DELETE FROM stored_events WHERE rowid = 36")
        assert walked(whole.folder)[1] == []  # a limit, said in the module and in the documentation


class TestErased:
    @pytest.fixture
    def erased(self, whole: Store) -> Store:
        journal = whole.reopen()
        journal.keys.destroy(student_subject(journal.keys, "S-3"), NOW)
        journal.close()
        return whole

    def test_an_erased_record_is_no_finding(self, erased: Store) -> None:
        walk, found = walked(erased.folder)
        assert (found, walk.erased, walk.rows) == ([], 3, 3 * STUDENTS)

    def test_its_form_is_still_looked_at(self, erased: Store) -> None:
        erased.sql("UPDATE stored_events SET state = substr(state, 1, 60) WHERE rowid = 11")
        erased.sql("UPDATE stored_events SET topic = 'member.created' WHERE rowid = 12")
        assert places(erased.folder) == {11, 12}

    def test_a_row_that_is_made_to_look_erased_is_found(self, erased: Store) -> None:
        [(state,)] = erased.sql("SELECT state FROM stored_events WHERE rowid = 10")
        [(other,)] = erased.sql("SELECT state FROM stored_events WHERE rowid = 20")
        erased.sql("UPDATE stored_events SET state = ? WHERE rowid = 20", other[:1] + state[KEY_ID] + other[17:])
        [found] = walked(erased.folder)[1]
        assert found.position == 20
        assert "is sealed under another key than the stream it is in" in found.sentence

    def test_a_student_who_is_made_to_look_erased_leaves_a_key_that_seals_nothing(self, erased: Store) -> None:
        [(state,)] = erased.sql("SELECT state FROM stored_events WHERE rowid = 10")
        erased.sql("UPDATE stored_events SET state = ? WHERE rowid BETWEEN 19 AND 21", state)
        [found] = walked(erased.folder)[1]
        assert (found.position, found.level) == (None, "doubt")


class TestTheFiles:
    def test_a_trigger_in_the_journal_is_found(self, whole: Store) -> None:
        whole.sql("CREATE TRIGGER quiet AFTER INSERT ON stored_events BEGIN SELECT 1; END")
        [found] = walked(whole.folder)[1]
        assert "holds a trigger 'quiet'" in found.sentence

    def test_subjects_that_changed_places_in_the_key_store_are_found(self, whole: Store) -> None:
        subjects = whole.sql("SELECT subject FROM subject_key ORDER BY subject", file="keys.db")
        one, other = subjects[0][0], subjects[1][0]
        for old, new in ((one, "x"), (other, one), ("x", other)):
            whole.sql("UPDATE subject_key SET subject = ? WHERE subject = ?", new, old, file="keys.db")
        found = [one for one in walked(whole.folder)[1] if "names another subject" in one.sentence]
        assert len(found) == 2

    def test_a_key_that_is_gone_is_found_at_every_row_it_sealed(self, whole: Store) -> None:
        [(state,)] = whole.sql("SELECT state FROM stored_events WHERE rowid = 4")
        whole.sql("DELETE FROM subject_key WHERE key_id = ?", state[KEY_ID], file="keys.db")
        assert places(whole.folder) == {4, 5, 6}

    def test_a_damaged_page_is_a_finding_and_no_trace(self, whole: Store) -> None:
        path = whole.folder / "journal.db"
        content = bytearray(path.read_bytes())
        content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
        path.write_bytes(content)
        assert any("journal.db is damaged" in one.sentence for one in walked(whole.folder)[1])

    @pytest.mark.parametrize("state", [None, 7, "text in place of bytes"])
    def test_a_row_without_bytes_is_found(self, whole: Store, state: Any) -> None:
        whole.sql("UPDATE stored_events SET state = ? WHERE rowid = 5", state)
        assert 5 in places(whole.folder)

    @pytest.mark.parametrize("stream", ["not an id", "0" * 31, None, 5])
    def test_a_row_of_no_stream_is_found(self, whole: Store, stream: Any) -> None:
        whole.sql("INSERT INTO stored_events VALUES (?, 1, 'journey.created', x'00')", stream)
        assert 3 * STUDENTS + 1 in places(whole.folder)


def test_the_walk_names_nobody(whole: Store) -> None:
    whole.sql("UPDATE stored_events SET state = x'01' || randomblob(200)")
    told = " ".join(one.sentence for one in walked(whole.folder)[1])
    assert told
    assert "Robin" not in told
    assert "S-1" not in told


def test_every_aggregate_has_one_kind_of_first_event() -> None:
    firsts = Counter(topic.root for topic in TOPICS.values() if issubclass(topic.event, Created))
    assert set(firsts.values()) == {1}
