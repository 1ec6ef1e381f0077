"""Opening and guarding a store: its settings, its format, its files, and an environment that cannot change it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import Conflict, NotFound, StoreError
from core.journal.sqlite import APPLICATION_ID, connect
from core.journal.store import open_journal
from core.journey import contacts
from core.journey.journey import Journey
from core.people.member import Member
from tests.builders import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.domain.journal.conftest import Store

ROOT = Path(__file__).parents[4]


class TestSettings:
    def test_every_pooled_connection_is_durable(self, store: Store) -> None:
        pool: Any = store.journal._store.recorder.datastore.pool  # type: ignore[attr-defined]
        with pool_of(pool) as taken:
            assert len(taken) == 15
            for connection in taken:
                settings = [
                    connection._sqlite_conn.execute(f"PRAGMA {name}").fetchone()[0]
                    for name in ("journal_mode", "synchronous")
                ]
                assert settings == ["wal", 2]  # 2 is FULL

    def test_the_key_store_is_durable_too(self, store: Store) -> None:
        db = store.journal.keys._db
        assert [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")] == ["wal", 2]

    def test_a_connection_that_refuses_its_settings_is_not_used(
        self, monkeypatch: pytest.MonkeyPatch, store: Store
    ) -> None:
        monkeypatch.setitem(__import__("core.journal.sqlite", fromlist=["x"])._SYNCHRONOUS, "FULL", 3)
        with pytest.raises(StoreError, match="SQLite refused its settings"):
            connect(store.folder / "journal.db", synchronous="FULL")


class TestAlone:
    """Much is written at once, as the only user of the journal."""

    def durability(self, store: Store) -> set[int]:
        pool: Any = store.journal._store.recorder.datastore.pool  # type: ignore[attr-defined]
        with pool_of(pool) as connections:
            return {one._sqlite_conn.execute("PRAGMA synchronous").fetchone()[0] for one in connections}

    def test_no_save_waits_for_the_disk_until_the_first_one_after_it(self, store: Store) -> None:
        journey = store.begin()
        with store.journal.alone():
            assert self.durability(store) == {1}  # NORMAL
        assert self.durability(store) == {2}  # FULL, whose next commit writes all that came before
        with pytest.raises(NotFound), store.journal.alone():
            store.journal.get(Member, journey.id)
        assert self.durability(store) == {2}

    def test_an_aggregate_is_loaded_once_and_is_what_a_new_load_gives(self, store: Store) -> None:
        journey = store.begin()
        with store.journal.alone():
            held = store.journal.get(Journey, journey.id)
            contacts.add_note(held, visibility="team", body="One more.", stamp=stamp("more"))
            store.journal.save(held)
            assert store.journal.get(Journey, journey.id) is held
            assert store.journal.refresh(held) is held
            assert store.journal.get(Journey, journey.id, version=1).version == 1
        fresh = store.journal.get(Journey, journey.id)
        assert fresh is not held
        assert vars(fresh) == vars(held)

    def test_what_a_refused_command_began_is_not_taken_up(self, store: Store) -> None:
        journey = store.begin()
        with store.journal.alone():
            spoiled = store.journal.get(Journey, journey.id)
            contacts.add_note(spoiled, visibility="team", body="Never saved.", stamp=stamp("refused"))
            assert store.journal.get(Journey, journey.id).version == journey.version


@contextmanager
def pool_of(pool: Any) -> Iterator[list[Any]]:
    """Every connection that the pool gives out."""
    taken = [pool.get_connection(is_writer=False) for _ in range(pool.pool_size + pool.max_overflow)]
    yield taken
    for connection in taken:
        pool.put_connection(connection)


class TestOpening:
    def test_a_folder_without_a_store_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="holds no store; scripts/run creates one"):
            open_journal(tmp_path / "nowhere", {})
        assert not (tmp_path / "nowhere").exists()

    def test_creating_twice_keeps_what_is_there(self, store: Store) -> None:
        journey = store.begin()
        store.journal.close()
        with closing(open_journal(store.folder, {}, create=True)) as journal:
            assert journal.get(Journey, journey.id).version == 3

    def test_a_journal_that_is_gone_is_not_replaced_by_an_empty_one(self, store: Store) -> None:
        store.begin()
        store.journal.close()
        for path in store.folder.glob("journal.db*"):
            path.unlink()
        for create in (False, True):
            with pytest.raises(StoreError, match=r"journal\.db is missing although keys\.db was in use: restore it"):
                open_journal(store.folder, {}, create=create)
        assert not (store.folder / "journal.db").exists()

    def test_a_set_up_that_was_broken_off_before_the_journal_is_finished(self, store: Store) -> None:
        store.journal.close()
        for path in store.folder.glob("journal.db*"):
            path.unlink()
        with pytest.raises(StoreError, match="is not there"):
            open_journal(store.folder, {})
        open_journal(store.folder, {}, create=True).close()

    @pytest.mark.parametrize("name", ["journal.db", "keys.db"])
    def test_a_newer_store_is_refused(self, store: Store, name: str) -> None:
        store.begin()
        store.journal.close()
        store.sql("PRAGMA user_version = 2", file=name)
        with pytest.raises(StoreError, match=f"{name} has format 2, this program knows up to 1: use the newer program"):
            open_journal(store.folder, {})

    @pytest.mark.parametrize("name", ["journal.db", "keys.db"])
    @pytest.mark.parametrize("create", [False, True])
    def test_a_file_that_is_no_database_is_refused(self, store: Store, name: str, create: bool) -> None:  # noqa: FBT001
        store.begin()
        store.journal.close()
        for path in store.folder.glob(f"{name}*"):
            path.unlink()
        (store.folder / name).write_bytes(b"this is a letter, not a database" * 200)
        with pytest.raises(StoreError, match=f"{name} .*restore it from a backup"):
            open_journal(store.folder, {}, create=create)

    @pytest.mark.parametrize("name", ["journal.db", "keys.db"])
    @pytest.mark.parametrize("create", [False, True])
    def test_a_database_of_another_program_is_refused_and_left_alone(
        self,
        store: Store,
        name: str,
        create: bool,  # noqa: FBT001
    ) -> None:
        store.journal.close()
        for path in store.folder.glob(f"{name}*"):
            path.unlink()
        store.sql("CREATE TABLE recipes (cake TEXT)", file=name)
        with pytest.raises(StoreError, match=f"{name} is not a Rungwise store"):
            open_journal(store.folder, {}, create=create)
        assert store.sql("SELECT name FROM sqlite_master", file=name) == [("recipes",)]

    def test_a_truncated_journal_is_one_sentence(self, store: Store) -> None:
        for number in range(20):
            store.begin(student_ref=f"S-{number}")
        store.journal.close()
        path = store.folder / "journal.db"
        path.write_bytes(path.read_bytes()[:8192])
        with (
            pytest.raises(StoreError, match="restore it from a backup"),
            closing(open_journal(store.folder, {})) as journal,
        ):
            journal.read_log(0, 1000)

    def test_a_damaged_page_is_one_sentence_wherever_it_is_met(self, store: Store) -> None:
        journeys = [store.begin(student_ref=f"S-{number}") for number in range(40)]
        store.journal.close()
        path = store.folder / "journal.db"
        content = bytearray(path.read_bytes())
        half = len(content) // 2 // 4096 * 4096
        content[half:] = b"\xff" * len(content[half:])
        path.write_bytes(content)
        sentences = set()
        with closing(open_journal(store.folder, {})) as journal:
            for one in journeys:
                try:
                    journal.get(Journey, one.id)
                except StoreError as error:
                    sentences.add(str(error)[:33])
        assert sentences == {"the journal could not be read (da"}

    def test_a_fresh_file_is_marked_as_ours(self, store: Store) -> None:
        assert store.sql("PRAGMA application_id") == [(APPLICATION_ID,)]
        assert store.sql("PRAGMA user_version", file="keys.db") == [(1,)]


class TestReading:
    def test_what_does_not_exist_is_not_found(self, store: Store) -> None:
        journey = store.begin()
        other = store.journal.keys.institution
        with pytest.raises(NotFound, match=f"there is no journey {other}"):
            store.journal.get(Journey, other)
        with pytest.raises(NotFound, match=f"there is no member {journey.id}"):
            store.journal.get(Member, journey.id)
        assert (store.journal.has(journey.id), store.journal.has(other)) == (True, False)

    def test_an_earlier_version_is_what_was_known_then(self, store: Store) -> None:
        journey = store.begin()
        assert store.journal.get(Journey, journey.id, version=1).facts == {}
        assert [e.originator_version for e in store.journal.stream(journey.id, up_to=2)] == [1, 2]
        assert store.journal.get(Journey, journey.id, version=99).version == 3

    def test_refreshing_brings_only_what_came_after(self, store: Store) -> None:
        journey = store.begin()
        held = store.journal.get(Journey, journey.id, version=1)
        assert store.journal.refresh(held) is held
        assert (held.version, held.facts, held.commands) == (3, journey.facts, {"open", "fact", "note"})
        assert store.journal.refresh(held).version == 3

    def test_the_log_is_in_order_and_read_in_pages(self, store: Store) -> None:
        assert store.journal.head() == 0
        store.begin()
        store.begin(student_ref="S-200")
        positions = [one.position for one in store.journal.read_log(0, 100)]
        assert positions == sorted(set(positions))
        assert positions[-1] == store.journal.head()
        assert [one.position for one in store.journal.read_log(positions[1], 2)] == positions[2:4]
        assert store.journal.read_log(positions[-1], 10) == []

    def test_a_save_says_the_last_position_it_wrote_and_a_quiet_one_the_head(self, store: Store) -> None:
        journey = store.begin()
        assert store.journal.save(journey) == store.journal.head() == 3
        contacts.add_note(journey, visibility="team", body="x", stamp=stamp())
        assert store.journal.save(journey) == 4

    def test_several_aggregates_are_saved_all_or_none(self, store: Store) -> None:
        journey = store.begin()
        late, fresh = store.journal.get(Journey, journey.id), store.journal.get(Journey, journey.id)
        contacts.add_note(fresh, visibility="team", body="first", stamp=stamp())
        store.journal.save(fresh)
        other = store.journal.get(Journey, store.begin(student_ref="S-200").id)
        head = store.journal.head()
        contacts.add_note(other, visibility="team", body="with it", stamp=stamp())
        contacts.add_note(late, visibility="team", body="second", stamp=stamp())
        with pytest.raises(Conflict, match="somebody else changed this record"):
            store.journal.save(other, late)
        assert store.journal.head() == head

    def test_a_writer_who_waits_too_long_is_told_that_nothing_was_saved(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        journey = store.begin()
        monkeypatch.setattr(store.journal._store.recorder.datastore.pool, "lock_timeout", 0.01)  # type: ignore[attr-defined]
        for connection in (pool := store.journal._store.recorder.datastore.pool)._pool:  # type: ignore[attr-defined]
            connection._sqlite_conn.execute("PRAGMA busy_timeout = 10")
        assert pool
        contacts.add_note(journey, visibility="team", body="x", stamp=stamp())
        with closing(sqlite3.connect(store.folder / "journal.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match=r"could not be written \(database is locked\); nothing was saved"):
                store.journal.save(journey)


HOSTILE = {
    "CIPHER_TOPIC": "eventsourcing.cipher:AESCipher",
    "CIPHER_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "COMPRESSOR_TOPIC": "zlib",
    "MAPPER_TOPIC": "eventsourcing.persistence:Mapper",
    "TRANSCODER_TOPIC": "eventsourcing.persistence:JSONTranscoder",
    "PERSISTENCE_MODULE": "eventsourcing.popo",
    "APPLICATION_RECORDER_TOPIC": "eventsourcing.popo:POPOApplicationRecorder",
    "SQLITE_DBNAME": ":memory:",
    "SQLITE_LOCK_TIMEOUT": "nonsense",
    "CREATE_TABLE": "no",
    "ORIGINATOR_ID_TYPE": "text",
    "IS_SNAPSHOTTING_ENABLED": "y",
    "AGGREGATE_CACHE_MAXSIZE": "10",
    "POSTGRES_DBNAME": "elsewhere",
    "POSTGRES_HOST": "elsewhere.example",
    "POSTGRES_ENABLE_DB_FUNCTIONS": "y",
}
WRITE_AND_READ = """
import sys
from pathlib import Path
from tests.unit.domain.journal.conftest import NOTE, Store
store = Store(Path(sys.argv[1]))
journey = store.begin()
again = store.reopen().get(type(journey), journey.id)
assert again.facts == journey.facts and again is not journey
assert type(store.journal._store.mapper).__name__ == "SealedMapper"
[(rows,)] = store.sql("SELECT count(*) FROM stored_events")
assert rows == 3, rows
[(state,)] = store.sql("SELECT state FROM stored_events WHERE originator_version = 3")
assert state[0] == 1 and NOTE.encode() not in state
print("held")
"""


@pytest.mark.parametrize("prefix", ["", "JOURNAL_"])
def test_the_process_environment_cannot_change_how_the_store_works(tmp_path: Path, prefix: str) -> None:
    env = os.environ | {prefix + name: value for name, value in HOSTILE.items()}
    command = [sys.executable, "-c", WRITE_AND_READ, str(tmp_path / "store")]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "held\n", done.stderr
